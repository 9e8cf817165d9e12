"""What is made of the maps that the small networks give."""

from __future__ import annotations

import numpy as np
import pytest

from gait.rearfoot.network import centres_of, chance


def test_the_centre_of_a_map_is_where_its_weight_is() -> None:
    maps = np.full((2, 3, 20, 28), -40.0)
    maps[0, 0, 2, 5] = maps[0, 1, 0, 0] = maps[0, 2, 19, 27] = 10.0
    # Two cells of equal height share the weight, one three times as likely gets three quarters of it.
    maps[1, 0, 4, [6, 8]] = 10.0
    maps[1, 1, [4, 8], 6] = 10.0, 10.0 + np.log(3.0)
    maps[1, 2] = 0.0
    found = centres_of(maps)
    # A cell covers four pixels, numbered from 0: the middle of the first is at 1.5.
    wanted = [[[5, 2], [0, 0], [27, 19]], [[7, 4], [6, 7], [13.5, 9.5]]]
    assert found == pytest.approx(4 * np.array(wanted) + 1.5, abs=1e-6)
    assert centres_of(maps[0]) == pytest.approx(found[0])


def test_logits_become_chances() -> None:
    assert chance(np.array([-np.log(3.0), 0.0, np.log(3.0)])) == pytest.approx([0.25, 0.5, 0.75])
