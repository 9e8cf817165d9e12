"""The smallest change that counts, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gait.metrics.catalogue import CATALOGUE
from gait.metrics.detectable import DERIVED, PUBLISHED, detectable_change, retest_se, smallest_change
from gait.metrics.statistics import Summary, summarise

ALIKE = np.full(10, 5.0)


def test_strides_that_do_not_differ_leave_what_differs_between_recordings() -> None:
    found = summarise(ALIKE, systematic_sd=2.0)
    assert found is not None
    assert retest_se(found, 1.0) == pytest.approx(1.0)


def test_strides_and_recordings_add_in_quadrature() -> None:
    found = Summary(value=10.0, sd=1.0, n=9, ci95=(8.0, 12.0), strides_se=0.3)
    assert retest_se(found, 0.4) == pytest.approx(0.5)
    assert retest_se(found, 0.0) == pytest.approx(0.3)


def test_one_stride_has_no_standard_error() -> None:
    found = summarise(np.array([5.0]), systematic_sd=1.0)
    assert found is not None
    assert retest_se(found, 1.0) is None
    assert smallest_change("cadence_spm", None, 1.0) == (None, None)
    assert smallest_change("knee_flexion_ic_deg", 1.0, None) == (None, None)


def test_two_alike_make_the_square_root_of_two() -> None:
    assert detectable_change(1.0, 1.0) == pytest.approx(1.96 * np.sqrt(2.0))
    assert detectable_change(3.0, 4.0) == pytest.approx(1.96 * 5.0)


@pytest.mark.parametrize(
    ("name", "se", "wanted"),
    [
        ("knee_flexion_ic_deg", 1.0, (3.8, PUBLISHED)),
        # 3.8 deg is a standard error of 1.371 deg: what resolves less has a limit of its own.
        ("knee_flexion_ic_deg", 1.370, (3.8, PUBLISHED)),
        ("knee_flexion_ic_deg", 1.372, (3.803, DERIVED)),
        ("pelvic_drop_deg", 0.5, (2.8, PUBLISHED)),
        ("trunk_lean_deg", 1.0, (2.772, DERIVED)),
        ("ground_contact_time_ms", 6.0, (16.63, DERIVED)),
        ("something_new_cm", 1.0, (2.772, DERIVED)),
    ],
)
def test_published_first_unless_the_recording_is_coarser(name: str, se: float, wanted: tuple[float, str]) -> None:
    found, origin = smallest_change(name, se, se)
    assert found == pytest.approx(wanted[0], abs=2e-3)
    assert origin == wanted[1]


def test_every_published_figure_names_its_source() -> None:
    for name, spec in CATALOGUE.items():
        assert bool(spec.sdc_source) == (spec.sdc is not None), name
        if spec.sdc is not None:
            assert "10.1016/j.ptsp.2018.06.009" in spec.sdc_source
            # The figure is the upper end of the range that the source gives.
            assert f" to {spec.sdc:.1f} deg " in spec.sdc_source
