"""The committed band is what its script makes of the trials, and lies where the literature has it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gait.metrics.rearfoot_band import band_for, bands


def test_shape_of_a_stance() -> None:
    for band in bands():
        assert band.stance_pct[0] == 0
        assert band.stance_pct[-1] == 100
        assert band.feet == 12
        # 46 runners at 2.5 m/s: -4.3 at contact, +6.8 at the peak, 11.1 between; SD 4.4, 2.8, 4.1.
        assert band.mean_deg[0] == pytest.approx(-4.3, abs=4.4)
        assert band.mean_deg.max() == pytest.approx(6.8, abs=2 * 2.8)
        assert 30 <= band.stance_pct[band.mean_deg.argmax()] <= 65


@pytest.mark.parametrize(("speed", "nearest"), [(None, 2.5), (2.0, 2.5), (3.1, 3.5), (9.0, 4.5)])
def test_nearest_speed(speed: float | None, nearest: float) -> None:
    assert band_for(speed).speed_m_s == nearest


@pytest.mark.accuracy
def test_committed_table_is_what_the_script_makes(data_dir: Path) -> None:
    from gait.validation.rearfoot_reference import band

    rows = np.array(band(data_dir / "fukuchi"))
    kept = np.concatenate(
        [np.column_stack([np.full(21, b.speed_m_s), b.stance_pct, b.mean_deg, b.sd_deg]) for b in bands()]
    )
    assert rows[:, :4] == pytest.approx(kept, abs=0.006)
