"""Pictures that scatter more than a heel can move are not believed, whatever they were read from."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from feet import seen_foot

from gait.metrics import rearfoot
from gait.metrics.rearfoot import HARDLY_ROLLS, MAX_SCATTER_DEG, STRAY_MARKS, UNCLEAR
from gait.model import MetricValue
from gait.rearfoot.angles import OUTLINE, TAPE


@pytest.mark.parametrize(("method", "reason"), [(TAPE, STRAY_MARKS), (OUTLINE, UNCLEAR)])
def test_what_scatters_too_much_is_not_believed(method: str, reason: str) -> None:
    foot = seen_foot("left", noise_deg=3.0 * MAX_SCATTER_DEG[method], method=method)

    assert foot.values is None
    assert foot.angles.method is None
    assert foot.angles.reason == reason


@pytest.mark.parametrize("method", [TAPE, OUTLINE])
def test_ordinary_scatter_is_kept(method: str) -> None:
    foot = seen_foot("left", noise_deg=0.4 * MAX_SCATTER_DEG[method], method=method)

    assert foot.values is not None
    assert foot.curves is not None
    assert foot.curves.scatter_deg < MAX_SCATTER_DEG[method]


@pytest.mark.parametrize(("share", "reason"), [(1.0, None), (0.1, HARDLY_ROLLS)])
def test_a_heel_that_hardly_rolls_in_has_no_time_of_most(
    share: float, reason: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        rearfoot, "with_value", lambda clip, name, side, *_: MetricValue(name, side, clip.video, 1.0, "ms")
    )
    contacts = {"left": SimpleNamespace(ic_common_sd_s=0.005)}
    clip = SimpleNamespace(video="v1", method="", level="high", contacts=contacts)
    foot = seen_foot("left", excursion_share=share)
    found = {metric.name: metric for metric in rearfoot.rearfoot_metrics(clip, {"left": foot})}  # type: ignore[arg-type]

    assert found["rearfoot_time_to_peak_ms"].reason == reason
    assert found["rearfoot_angle_peak_deg"].value == 1.0
