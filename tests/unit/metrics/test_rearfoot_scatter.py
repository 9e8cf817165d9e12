"""Pictures that scatter more than a heel can move are not believed, whatever they were read from."""

from __future__ import annotations

import pytest
from feet import seen_foot

from gait.metrics.rearfoot import MAX_SCATTER_DEG, STRAY_MARKS, UNCLEAR
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
