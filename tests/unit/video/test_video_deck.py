"""Where a side view shows the deck: by the feet, rising in the direction of travel."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.video.deck import deck_of

WIDTH_PX = 1280


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("incline_pct", [0.0, 5.0, -2.0])
def test_it_rises_where_the_runner_goes(incline_pct: float, mirrored: bool) -> None:
    pose = sim.runner()
    pose = sim.mirror_image(pose, WIDTH_PX) if mirrored else pose
    found = deck_of(pose, incline_pct)
    assert found is not None
    # The drawn runner goes to the right.
    assert found.rises_deg == pytest.approx((-1 if mirrored else 1) * np.degrees(np.arctan(incline_pct / 100)))


def test_it_is_around_the_soles() -> None:
    pose = sim.runner()
    found = deck_of(pose, None)
    assert found is not None
    assert found.rises_deg is None
    sole_px = float(np.nanmax(pose.xy_px[..., 1]))
    x_px = float(np.nanmedian(pose.xy_px[..., 0]))
    belt = np.array([[x_px - 200, sole_px, x_px + 200, sole_px], [x_px - 200, sole_px + 60, x_px + 200, sole_px + 40]])
    assert found.holds(belt).all()
    shelf = np.array([[x_px - 200, 300.0, x_px + 200, 300.0], [x_px + 900, sole_px, x_px + 1000, sole_px]])
    assert not found.holds(shelf).any()


def test_from_behind_there_is_none() -> None:
    assert deck_of(sim.seen_from_behind(), 5.0) is None


def test_without_feet_there_is_none() -> None:
    pose = sim.runner()
    pose.xy_px[:, 29:] = np.nan
    assert deck_of(pose, 5.0) is None
