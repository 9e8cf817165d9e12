"""Figures, targets and tables by records whose answers can be computed by hand."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest

from gait.errors import ConfigError
from gait.model import GaitEvent, MetricValue
from gait.validation.accuracy_file import accuracy_json
from gait.validation.compare import compare_events, compare_metrics
from gait.validation.documents import full_document, readme_block
from gait.validation.plain import plain_table, unfit_words
from gait.validation.publish import BEGIN, END, read_readme, with_block, write_all
from gait.validation.records import Case, Comparison, EventErrors, Outcome, StrikeVerdict, Unmeasured
from gait.validation.summary import (
    error_by_level,
    event_rows,
    levels_in_order,
    metric_rows,
    strike_summary,
)
from gait.validation.targets import Target, judge, load_targets
from gait.validation.words import load_published, title

MARKERS = Case("markers", "RBDS1runT25", "markers, no pose model", 120.0, "3 mm", "right")
VIDEO = Case("rendered", "clip", "heavy", 60.0, "", "right")


def compared(value: float, truth: float, *, half: float = 1.0, level: str = "high", case: Case = MARKERS) -> Comparison:
    return Comparison(case, "shank_angle_ic_deg", "right", value, (value - half, value + half), truth, level, level)


def test_an_interval_covers_its_ends_and_no_more() -> None:
    assert compared(5.0, 6.0).covered
    assert compared(5.0, 4.0).covered
    assert not compared(5.0, 6.01).covered
    assert not compared(5.0, 3.99).covered
    assert Comparison(MARKERS, "cadence_spm", "both", 5.0, None, 5.0, "high", "high").covered is None


def test_an_uncertain_truth_widens_the_interval() -> None:
    sure = Comparison(MARKERS, "cadence_spm", "both", 168.0, (167.7, 168.3), 168.4, "low", "low")
    unsure = Comparison(MARKERS, "cadence_spm", "both", 168.0, (167.7, 168.3), 168.4, "low", "low", uncertainty=0.4)
    assert sure.covered is False
    assert unsure.covered is True, "0.4 <= hypot(0.3, 0.4)"


def test_rows_hold_bias_sd_rmse_and_coverage() -> None:
    row = metric_rows([compared(6.0, 5.0), compared(4.0, 5.0), compared(8.0, 5.0, half=2.0)])[0]
    assert row.n == 3
    assert row.bias == pytest.approx(1.0)
    assert row.sd == pytest.approx(2.0)
    assert row.rmse == pytest.approx(math.sqrt(11 / 3))
    assert row.mae == pytest.approx(5 / 3)
    assert row.worst == pytest.approx(3.0)
    assert row.coverage == pytest.approx(2 / 3)


def test_rows_keep_sources_rates_and_legs_apart() -> None:
    rows = metric_rows([compared(6.0, 5.0), compared(6.0, 5.0, case=VIDEO)])
    assert [(r.source, r.rate_hz, r.model) for r in rows] == [
        ("markers", 120.0, "markers, no pose model"),
        ("rendered", 60.0, "heavy"),
    ]
    assert math.isnan(rows[0].sd)


def test_events_are_pooled_over_contacts() -> None:
    first = EventErrors(MARKERS, "right", "toe_off", (3.0, -3.0, 3.0), missed=1)
    second = EventErrors(MARKERS, "right", "toe_off", (9.0,), false=2)
    row = event_rows([first, second])[0]
    assert (row.n, row.missed, row.false) == (4, 1, 2)
    assert row.bias == pytest.approx(3.0)
    assert row.rmse == pytest.approx(math.sqrt((9 + 9 + 9 + 81) / 4))
    assert row.worst == pytest.approx(9.0)


def events(side: str, kind: str, times_s: list[float]) -> list[GaitEvent]:
    return [GaitEvent("v1", side, "near", kind, t, 0.005) for t in times_s]


def test_events_and_contact_times_against_true_contacts() -> None:
    contacts = {"right": np.array([[1.0, 1.25], [1.7, 1.95], [2.4, 2.65]]), "left": np.empty((0, 2))}
    found = events("right", "initial_contact", [1.01, 1.71, 2.39]) + events("right", "toe_off", [1.24, 2.65, 3.1])
    errors = {(e.side, e.kind): e for e in compare_events(MARKERS, found, contacts, 0.6, 4.0)}
    assert errors["right", "initial_contact"].errors_ms == pytest.approx((10.0, 10.0, -10.0))
    toe_off = errors["right", "toe_off"]
    assert toe_off.errors_ms == pytest.approx((-10.0, 0.0))
    assert (toe_off.missed, toe_off.false) == (1, 1)
    # The contact without its toe-off has no contact time.
    assert errors["right", "contact_time"].errors_ms == pytest.approx((-20.0, 10.0))
    assert errors["left", "initial_contact"].errors_ms == ()


def test_metrics_meet_the_truth_of_their_own_side() -> None:
    metrics = [
        MetricValue("cadence_spm", "both", "v1", 170.0, "steps/min", ci95=(169.0, 171.0), confidence="high"),
        MetricValue("ground_contact_time_ms", "left", "v1", 240.0, "ms", ci95=(230.0, 250.0)),
        MetricValue("ground_contact_time_ms", "right", "v1", None, "ms", reason="hidden"),
        MetricValue("foot_strike", "right", "v1", "rearfoot", None),
        MetricValue("trunk_lean_deg", "both", "v1", 5.0, "deg"),
    ]
    truths = {
        ("cadence_spm", "left"): 168.0,
        ("cadence_spm", "right"): 169.5,
        ("ground_contact_time_ms", "left"): 250.0,
        ("ground_contact_time_ms", "right"): 260.0,
    }
    found = compare_metrics(MARKERS, metrics, truths, "medium")
    assert [(c.metric, c.side, c.leg, c.error) for c in found] == [
        ("cadence_spm", "both", "both", 0.5),
        ("ground_contact_time_ms", "left", "far", -10.0),
    ]


def test_levels() -> None:
    # RMS error of the metric is 2; the low clip is far off.
    found = error_by_level([compared(6.0, 5.0), compared(6.0, 5.0), compared(5.0 + math.sqrt(10), 5.0, level="low")])
    assert [(e.level, e.n) for e in found] == [("high", 2), ("low", 1)]
    assert [e.median for e in found] == pytest.approx([0.5, math.sqrt(10) / 2])
    assert levels_in_order(found)
    assert not levels_in_order(found[::-1])


def strike(label: str, found: str, three: str = "midfoot") -> StrikeVerdict:
    return StrikeVerdict(MARKERS, "right", label, found, three, 7.0, (5.0, 9.0), 6.5)


def test_strike_agreement_leaves_out_the_indeterminate() -> None:
    found = strike_summary(
        [
            strike("rearfoot", "rearfoot", "rearfoot"),
            strike("rearfoot", "non-rearfoot"),
            strike("forefoot", "non-rearfoot"),
            strike("midfoot", "indeterminate"),
        ]
    )
    assert found.agreement_pct == pytest.approx(100 * 2 / 3)
    assert found.indeterminate_pct == pytest.approx(25.0)
    assert [s.label for s in found.disagreements] == ["rearfoot"]
    assert found.confusion == {
        ("rearfoot", "rearfoot"): 1,
        ("rearfoot", "midfoot"): 1,
        ("forefoot", "midfoot"): 1,
        ("midfoot", "midfoot"): 1,
    }


@pytest.mark.parametrize(
    ("errors", "limits", "values", "met"),
    [
        ((3.0, -3.0), {"rmse": 3.0, "abs_bias": 0.1}, [3.0, 0.0], [True, True]),
        ((4.0, 4.0), {"rmse": 3.9, "mae": 4.0, "worst_mae": 3.0}, [4.0, 4.0, 4.0], [False, True, False]),
    ],
)
def test_event_targets(errors: tuple[float, ...], limits: dict, values: list[float], met: list[bool]) -> None:
    outcome = Outcome(events=(EventErrors(MARKERS, "right", "toe_off", errors),))
    found = judge(outcome, [Target(("markers",), "toe_off", "ms", limits, {}, rate_hz=120.0, condition="3 mm")])
    assert [v.value for v in found] == pytest.approx(values)
    assert [v.met for v in found] == met


def test_missed_and_false_events_count_per_true_event() -> None:
    outcome = Outcome(events=(EventErrors(MARKERS, "right", "toe_off", (1.0,) * 98, missed=2, false=1),))
    found = judge(outcome, [Target(("markers",), "toe_off", "ms", {"missed_false_pct": 0.5}, {})])
    assert found[0].value == pytest.approx(3.0)
    assert not found[0].met


def test_metric_targets_take_only_their_clips() -> None:
    slow = Case("rendered", "slow", "heavy", 30.0, "", "right")
    outcome = Outcome((compared(7.0, 5.0, case=VIDEO), compared(9.0, 5.0, case=slow), compared(5.5, 5.0)))
    target = Target(("rendered",), "shank_angle_ic_deg", "deg", {"max_abs": 2.0, "max_abs_pct": 30.0}, {}, "near")
    found = judge(outcome, [Target(**{**vars(target), "min_rate_hz": 55.0})])
    assert [(v.value, v.met, v.n) for v in found] == [(2.0, True, 1), (40.0, False, 1)]
    assert [v.value for v in judge(outcome, [target])] == [4.0, 80.0]


def test_every_target_names_what_is_known() -> None:
    targets = load_targets()
    assert len(targets) >= 20
    known = {"initial_contact", "toe_off", "contact_time", "foot_strike", "all"}
    from gait.metrics.catalogue import CATALOGUE

    assert {t.quantity for t in targets} <= known | set(CATALOGUE)
    assert all(t.limits or t.least for t in targets)
    strictest = {t.quantity: t.limits for t in targets if (t.rate_hz, t.condition) == (120.0, "3 mm")}
    assert strictest["initial_contact"] == {"rmse": 6.0, "worst_rmse": 12.0, "missed_false_pct": 0.5}
    assert strictest["contact_time"]["mae"] == 7.0


def test_published_figures_have_a_source() -> None:
    for name, published in load_published().items():
        assert title(name) != "All metrics", name
        assert "doi:" in published.source or "quoted" in published.source


def outcome() -> Outcome:
    return Outcome(
        (*(compared(5.0 + d, 5.0) for d in (-1.0, 0.5, 2.0)), compared(8.5, 5.0, case=VIDEO)),
        (
            EventErrors(MARKERS, "right", "initial_contact", (4.0, 8.0)),
            EventErrors(MARKERS, "left", "initial_contact", (6.0,)),
        ),
        (strike("rearfoot", "non-rearfoot"), strike("forefoot", "non-rearfoot")),
        notes=("RBDS1runT25: right MT1 is MT5",),
        skipped=("clip2.mp4: no truth",),
    )


def test_the_readme_shows_rows_targets_and_what_is_missed() -> None:
    made = outcome()
    text = readme_block(made, judge(made))
    assert "| Initial contact, ms | marker trials, 3 mm | 120 | none | 3 | +6.0 | 2.0 | 6.2 |" in text
    assert "RMSE \u2264 6 ms **missed**" in text
    assert "| Shin angle at landing, deg | marker trials, 3 mm | 120 | none | 3 | +0.5 | 1.5 | 1.3 |" in text
    assert "|  | rendered | 60 | heavy | 1 | +3.5 | \u2013 | 3.5 | largest error \u2264 2 deg **missed** |" in text
    assert "- Shin angle at landing, rendered, 60 frames/s and more: largest error 3.5 deg (\u2264 2 deg)." in text
    assert "50 % of 2 determinate" in text
    # A bar inside a cell would break a table.
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {4, 11}


def test_the_readme_begins_with_what_everybody_can_read() -> None:
    made = outcome()
    text = readme_block(made, judge(made), "gait 1.2.3, 2026-01-31")
    assert text.startswith("Made by `gait validate DATA --readme README.md`, gait 1.2.3, 2026-01-31.\n\nIn short.")
    plain = [line for line in text.splitlines() if line.count("|") == 4]
    assert plain[0] == (
        "| what | from video (heavy pose model), off by at most | marker trials (no pose model), usually within |"
    )
    assert plain[2:] == [
        "| Shin angle at landing | 3.5 deg (1 video) | 1.3 deg |",
        "| Heel first or not | \u2013 | 50 % right where decided; 0 % left undecided |",
    ]
    assert text.index("In short.") < text.index("targets are met") < text.index("| Initial contact, ms |")
    assert "Missed targets, and what was tried:" in text
    assert "Targets that are met:" in text
    assert "with the numbers of the event rules found on the other runners" in " ".join(text.split())


def test_a_video_without_a_number_stands_in_the_short_table() -> None:
    made = Outcome(unmeasured=(Unmeasured(VIDEO, "overstride_cm", "right"),))
    assert "| Foot ahead of the hips at landing | not measured in 1 video | \u2013 |" in plain_table(made)


def test_the_full_document_lists_what_was_withheld() -> None:
    made = Outcome(
        unmeasured=tuple(Unmeasured(VIDEO, "overstride_cm", s, "The leg is hidden.") for s in ("left", "right"))
    )
    text = full_document(made, judge(made), [], "accuracy")
    assert "- Foot ahead of the hips at landing, rendered: 2 values. The leg is hidden." in text


def test_metrics_whose_intervals_do_not_fit_are_named() -> None:
    assert unfit_words(Outcome(tuple(compared(5.5 + (k < 1), 5.0) for k in range(20)))) == "", "95 %"
    narrow = Outcome(tuple(compared(5.5 + (k < 3), 5.0) for k in range(20)))
    assert unfit_words(narrow) == ("Too narrow (below 90 %) in marker trials: Shin angle at landing (85 % of 20).")
    assert unfit_words(Outcome(tuple(compared(5.5, 5.0) for _ in range(10)))) == (
        "Wider than need be (above 98 %) in marker trials: Shin angle at landing."
    )
    assert unfit_words(Outcome(tuple(compared(5.5, 5.0) for _ in range(9)))) == "", "too few to say"


def test_the_full_document_holds_notes_disagreements_and_pictures() -> None:
    made = outcome()
    text = full_document(made, judge(made), [("events.png", "Errors")], "accuracy")
    assert "![Errors](accuracy/events.png)" in text
    assert "- RBDS1runT25: right MT1 is MT5" in text
    assert "- clip2.mp4: no truth" in text
    assert "| RBDS1runT25 | right | rearfoot | non-rearfoot | 7.0 | 5.0 to 9.0 | 6.5 |" in text
    assert "| forefoot | 0 | 1 | 0 |" in text


def test_the_figures_for_the_package() -> None:
    import json

    found = json.loads(accuracy_json(outcome()))["quantities"]
    assert found["initial_contact"]["agreement"][0]["rmse"] == pytest.approx(6.2183, abs=1e-4)
    assert "Rivadulla" in found["initial_contact"]["published"]
    assert [a["n"] for a in found["shank_angle_ic_deg"]["agreement"]] == [3, 1]
    assert found["shank_angle_ic_deg"]["agreement"][1]["sd"] is None
    assert [(a["low"], a["high"]) for a in found["shank_angle_ic_deg"]["agreement"]] == [(-1.0, 2.0), (3.5, 3.5)]
    strikes = found["foot_strike"]["strike"]
    assert (strikes["n"], strikes["sure"], strikes["agreement_pct"]) == (2, 2, 50.0)
    assert (strikes["labelled"]["forefoot"], strikes["recognised"]["forefoot"]) == (1, 0)


def test_a_clip_without_any_event_found_has_no_figures_in_the_package() -> None:
    import json

    made = Outcome(events=(EventErrors(VIDEO, "right", "toe_off", (), missed=4),))
    assert json.loads(accuracy_json(made)) == {"quantities": {}}


def test_a_block_replaces_only_what_stands_between_the_markers() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter"
    assert with_block(text, "new", "README.md") == f"before\n{BEGIN}\nnew\n{END}\nafter"
    with pytest.raises(ConfigError, match="no place for the accuracy table"):
        with_block("nothing", "new", "README.md")


def test_a_missing_readme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_readme(tmp_path / "README.md")


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old")
    blocked = tmp_path / "b"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match="could not be written"):
        write_all({tmp_path / "a.md": b"new", blocked / "c.md": b"new"})
    assert (tmp_path / "a.md").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.md", "b"]
    write_all({tmp_path / "a.md": b"new", tmp_path / "d" / "c.md": b"new"})
    assert (tmp_path / "a.md").read_text() == "new"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.md", "b", "c.md", "d"]


def test_a_folder_in_the_place_of_a_later_file_brings_the_earlier_ones_back(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old")
    (tmp_path / "z.md" / "inside").mkdir(parents=True)
    real_replace = os.replace

    def fail(source: Path, target: Path) -> None:
        if Path(target).name == "z.md" and Path(source).is_file():
            raise PermissionError(13, "Permission denied")
        real_replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gait.files.os.replace", fail)
        with pytest.raises(ConfigError):
            write_all({tmp_path / "a.md": b"new", tmp_path / "z.md": b"new"})
    assert (tmp_path / "a.md").read_text() == "old"
    assert (tmp_path / "z.md" / "inside").is_dir()
    assert not list(tmp_path.glob(".gait-*"))
