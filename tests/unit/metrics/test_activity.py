"""Walking is told from running by how the hips move, from behind with the step rate as second witness."""

from __future__ import annotations

import numpy as np
import pytest

from gait.errors import QualityError
from gait.metrics.activity import require_running
from gait.model import Trajectories
from gait.signals.spectral import SpectralCadence
from gait.signals.view import View
from gait.skeleton import BLAZEPOSE

BEHIND = View("rear", "away", swing=0.3, certainty=1.0, upright=True)


def judge(cadence_spm: float, vault: float) -> None:
    """Hips over feet that pass each other, from behind; ``vault`` 1 lifts the hips over the standing foot."""
    times_s = np.arange(0.0, 8.0, 1.0 / 60.0)
    step_hz = cadence_spm / 60.0
    separation = 0.4 * np.sin(np.pi * step_hz * times_s)
    xy = np.zeros((len(times_s), len(BLAZEPOSE.landmarks), 2))
    xy[..., 1] = -(5.0 * vault * np.abs(separation))[:, None]
    body = Trajectories(times_s, xy, "px", np.zeros(xy.shape[:2], bool), BLAZEPOSE.name)
    require_running(body, BEHIND, separation, SpectralCadence(step_hz, 0.9))


@pytest.mark.parametrize("cadence_spm", [100.0, 120.0, 140.0])
def test_hips_over_the_standing_foot_at_a_walkers_pace_are_walking(cadence_spm: float) -> None:
    with pytest.raises(QualityError, match="walking"):
        judge(cadence_spm, vault=1.0)


@pytest.mark.parametrize(("cadence_spm", "vault"), [(150.0, 1.0), (170.0, 1.0), (140.0, -1.0), (170.0, -1.0)])
def test_faster_than_people_walk_or_bouncing_is_running(cadence_spm: float, vault: float) -> None:
    judge(cadence_spm, vault)
