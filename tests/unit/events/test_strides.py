"""Strides are kept, or dropped with the reason that is true of them."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.events.detector import Contacts
from gait.events.strides import strides_of

N = 10
IC = 0.5 + 0.7 * np.arange(N)


def made(
    ic: np.ndarray | None = None, contact: dict[int, float] | None = None, lost: tuple[str, float, float] | None = None
) -> list[str | None]:
    """Reasons of all strides of regular running, changed as asked for; contact times 250 ms."""
    ic = IC if ic is None else ic
    to = ic + 0.25
    for k, seconds in (contact or {}).items():
        to[k] = ic[k] + seconds
    leg = sim.stick_leg(seconds=9.0)
    if lost:
        part, start_s, stop_s = lost
        leg.position[part][round(start_s * 1000) : round(stop_s * 1000)] = np.nan
    sd = np.full(len(ic), 0.005)
    found = strides_of(Contacts("right", ic, to, sd, sd), leg, "clip")
    assert [s.video for s in found] == ["clip"] * (len(ic) - 1)
    return [s.reject_reason for s in found]


def test_regular_strides_are_kept() -> None:
    sd = np.full(N, 0.005)
    found = strides_of(Contacts("left", IC, IC + 0.25, sd, sd), sim.stick_leg(seconds=9.0, side="left"), "clip")
    assert len(found) == N - 1
    assert {s.reject_reason for s in found} == {None}
    assert {s.side for s in found} == {"left"}
    assert [s.ic_s for s in found] == pytest.approx(IC[:-1])
    assert [s.next_ic_s for s in found] == pytest.approx(IC[1:])
    assert [s.to_s for s in found] == pytest.approx(IC[:-1] + 0.25)


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (float("nan"), "no toe-off found"),
        (0.110, "contact of 110 ms is outside 120 to 400 ms"),
        (0.410, "contact of 410 ms is outside 120 to 400 ms"),
        (0.330, "contact of 330 ms differs from the usual 250 ms"),
        (0.180, "contact of 180 ms differs from the usual 250 ms"),
        (0.300, None),
        (0.200, None),
    ],
)
def test_contact_time(seconds: float, reason: str | None) -> None:
    reasons = made(contact={4: seconds})
    assert reasons[4] == reason
    assert reasons[:4] + reasons[5:] == [None] * 8


def test_a_missed_contact_makes_one_long_stride() -> None:
    reasons = made(ic=np.delete(IC, 4))
    assert reasons[3] == "stride of 1400 ms differs from the usual 700 ms"
    assert reasons.count(None) == 7


def test_a_doubled_contact_makes_two_short_strides() -> None:
    reasons = made(ic=np.sort(np.append(IC, IC[4] + 0.3)))
    assert reasons[4] == "stride of 300 ms differs from the usual 700 ms"
    assert reasons[5] == "stride of 400 ms differs from the usual 700 ms"
    assert reasons.count(None) == 8


@pytest.mark.parametrize("part", ["hip", "knee", "ankle", "heel", "toe"])
def test_a_part_not_seen(part: str) -> None:
    reasons = made(lost=(part, 2.0, 2.08))
    # Contacts at 1.9 and 2.6 s: only the stride between them lost the part.
    assert reasons[2] == f"{part} not seen for 80 ms"
    assert reasons.count(None) == 8


def test_fewer_than_two_contacts_make_no_stride() -> None:
    sd = np.array([0.005])
    assert strides_of(Contacts("left", IC[:1], IC[:1] + 0.25, sd, sd), sim.stick_leg(), "clip") == []
