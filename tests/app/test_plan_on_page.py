"""Referral and plan above the report: the gravest first, no advice where it is withheld."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

FAR = {"shank_angle_ic_deg": (14.0, 1.0), "overstride_cm": (26.0, 1.0), "cadence_spm": (150.0, 0.5)}


def page_of(told: dict, side: dict) -> None:  # type: ignore[type-arg]
    """Run by Streamlit: what stands above the report of one runner."""
    from visits import visit

    from gait.dashboard.results import _plan, _referral
    from gait.findings.assess import assess

    assessment = assess(visit(told, side=side))
    _referral(assessment)
    _plan(assessment)


def shown(told: dict[str, Any], side: dict[str, Any]) -> AppTest:
    return AppTest.from_function(page_of, args=(told, side)).run(timeout=60)


def test_priorities_stand_in_order_with_what_to_think_of_and_how_much() -> None:
    page = shown({"pain": "knee", "shoe-km": 900}, FAR)

    assert not page.exception
    assert [e.label for e in page.expander] == ["1. Take shorter, quicker steps", "2. Replace your shoes"]
    words = " ".join(m.value for m in page.markdown)
    assert "Quick, light steps" in words
    assert "158 beats" in words
    assert "Your hip muscles work harder" in words
    assert "23 March 2026" in words
    captions = [caption.value.replace("\\", "") for caption in page.caption]
    assert "Origin: published, grade B" in captions[0]
    assert "Origin: the article" in captions[1]
    assert "150 steps a minute" in captions[2]
    assert not captions[2].startswith("Optional")


def test_a_red_flag_is_an_error_box_and_no_advice_follows() -> None:
    page = shown({"pain": "sole", "signs": "numbness"}, FAR)

    words = [box.value.replace("\\", "") for box in page.error]
    assert len(words) == 1
    assert words[0].startswith("**Now: Numbness or tingling.**")
    assert "Origin: the article" in words[0]
    assert len(page.info) == 1
    assert not page.expander


def test_a_runner_without_complaints_reads_that_nothing_needs_changing() -> None:
    page = shown({}, {})

    assert any("Nothing that we looked at needs changing" in m.value for m in page.markdown)
    assert "Origin: published, grade A" in page.caption[0].value.replace("\\", "")
    assert not page.expander
