"""Pairing of detected and true events, by hand-made cases."""

from __future__ import annotations

import numpy as np
import pytest

from gait.events.agreement import Agreement, match_events


@pytest.mark.parametrize(
    ("detected", "true", "errors", "missed", "false"),
    [
        ([1.00, 2.00], [1.00, 2.00], [0.0, 0.0], 0, 0),
        ([1.01, 1.97], [1.00, 2.00], [0.01, -0.03], 0, 0),
        ([], [1.00, 2.00], [], 2, 0),
        ([1.00, 2.00], [], [], 0, 2),
        # 79 ms is a partner, 81 ms is none.
        ([1.079, 2.081], [1.00, 2.00], [0.079], 1, 1),
        # Of two detections the nearer one counts, the other is false.
        ([0.97, 1.01], [1.00], [0.01], 0, 1),
        # One detection between two true events serves the nearer one only.
        ([1.03], [1.00, 1.05], [-0.02], 1, 0),
        # The nearer pair goes first even when the other true event comes earlier.
        ([1.00, 1.06], [0.95, 1.01], [0.05 + 0.06, -0.01][1:], 1, 1),
        # Order does not matter.
        ([2.01, 1.01], [2.00, 1.00], [0.01, 0.01], 0, 0),
    ],
)
def test_pairs(detected: list[float], true: list[float], errors: list[float], missed: int, false: int) -> None:
    found = match_events(np.array(detected), np.array(true), 0.0, 10.0)
    np.testing.assert_allclose(found.errors_s, errors, atol=1e-12)
    assert (found.missed, found.false) == (missed, false)
    pairs = [detected[j] - true[i] for i, j in sorted(found.partners.items(), key=lambda pair: true[pair[0]])]
    np.testing.assert_allclose(pairs, errors, atol=1e-12)


def test_only_the_judged_span_counts() -> None:
    true = np.array([0.2, 1.0, 2.0, 9.0])
    detected = np.array([0.5, 1.02, 5.0, 9.5])
    found = match_events(detected, true, 0.6, 8.0)
    np.testing.assert_allclose(found.errors_s, [0.02])
    assert found.missed == 1, "2.0 s; 0.2 and 9.0 s are not judged"
    assert found.false == 1, "5.0 s; 0.5 and 9.5 s are not judged"


def test_a_detection_just_outside_serves_an_event_just_inside() -> None:
    found = match_events(np.array([0.58]), np.array([0.61]), 0.6, 8.0)
    np.testing.assert_allclose(found.errors_s, [-0.03])
    assert (found.missed, found.false) == (0, 0)


def test_bias_and_rmse() -> None:
    found = Agreement(np.array([0.003, -0.001, 0.004]), 0, 0)
    assert found.bias_s == pytest.approx(0.002)
    assert found.rmse_s == pytest.approx(np.sqrt((9 + 1 + 16) / 3) / 1000)
    nothing = Agreement(np.array([]), 1, 0)
    assert np.isnan(nothing.bias_s)
    assert np.isnan(nothing.rmse_s)
