"""Within one run at one speed nothing has changed: so the smallest detectable change must say, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, filtfilt

from gait.metrics.detectable import STRIDE_TIME_DRIFT, detectable_change, retest_se
from gait.metrics.statistics import summarise

pytestmark = pytest.mark.accuracy
ezc3d = pytest.importorskip("ezc3d")

THRESHOLD_N = 50.0


def contact_times_s(trial: Path) -> np.ndarray:
    """Initial contacts of both feet, one after the other, from the vertical force."""
    saved = ezc3d.c3d(str(trial))
    rate_hz = saved["header"]["analogs"]["frame_rate"]
    matrix = saved["parameters"]["FORCE_PLATFORM"]["CAL_MATRIX"]["value"][..., 0]
    force = -(matrix @ saved["data"]["analogs"][0][:6])[2]
    force = filtfilt(*butter(2, 50.0 / 0.802 / (rate_hz / 2)), force)
    rising = np.flatnonzero((force[:-1] < THRESHOLD_N) & (force[1:] >= THRESHOLD_N))
    share = (THRESHOLD_N - force[rising]) / (force[rising + 1] - force[rising])
    return (rising + share) / rate_hz


def test_cadence_does_not_change_within_a_run(data_dir: Path) -> None:
    trials = sorted(t for t in (data_dir / "fukuchi").rglob("*.c3d") if "static" not in t.name.lower())
    assert len(trials) == 18
    changed, without = 0, 0
    for trial in trials:
        stride_s = contact_times_s(trial)
        stride_s = stride_s[2:] - stride_s[:-2]
        for foot in (0, 1):
            cadence = 120.0 / stride_s[foot::2][(stride_s[foot::2] > 0.5) & (stride_s[foot::2] < 0.9)]
            third = len(cadence) // 3
            first, last = summarise(cadence[:third], mean=True), summarise(cadence[-third:], mean=True)
            assert first is not None
            assert last is not None
            change = abs(last.value - first.value)
            drift = STRIDE_TIME_DRIFT * first.value
            changed += change > detectable_change(retest_se(first, drift), retest_se(last, drift))
            without += change > detectable_change(retest_se(first, 0.0), retest_se(last, 0.0))
    # 5 % of 36 feet; without the drift the limit is far too narrow.
    assert changed <= 2
    assert without >= 10
