"""The committed band is what its script makes of the trials, and lies where the literature has it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gait.metrics.rearfoot_band import EXCURSION_DEG, band_for, bands


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


@pytest.mark.accuracy
def test_committed_excursions_are_what_the_script_makes(data_dir: Path) -> None:
    from gait.validation.rearfoot_reference import excursions

    found = excursions(data_dir / "fukuchi")
    assert list(found) == list(EXCURSION_DEG)
    for speed, (mean, sd) in EXCURSION_DEG.items():
        assert found[speed] == pytest.approx((mean, sd), abs=0.06)


def test_excursions_fit_the_band() -> None:
    for band in bands():
        rise = band.mean_deg.max() - band.mean_deg[0]
        # Peaks of single stances lie a little above the peak of their mean.
        assert 0.0 <= EXCURSION_DEG[band.speed_m_s][0] - rise < 1.0
