"""Vertical force and stiffness from contact and flight time alone (sine model).

Morin, Dalleau, Kyröläinen, Jeannin & Belli 2005, A simple method for measuring stiffness during running,
J Appl Biomech 21:167-180, doi:10.1123/jab.21.2.167.
"""

from __future__ import annotations

import numpy as np

from gait.model import Floats

GRAVITY_M_S2 = 9.81


def peak_force_bw(contact_s: Floats, flight_s: Floats) -> Floats:
    """Peak vertical force in body weights: pi/2 (t_flight / t_contact + 1); arrays of shape (n,)."""
    return np.asarray(np.pi / 2 * (flight_s / contact_s + 1.0))


def vertical_stiffness_kn_m(contact_s: Floats, flight_s: Floats, mass_kg: float) -> Floats:
    """Vertical stiffness, kN/m: peak force over the lowering of the centre of mass in contact, shape (n,)."""
    force_n = peak_force_bw(contact_s, flight_s) * mass_kg * GRAVITY_M_S2
    drop_m = force_n * contact_s**2 / (mass_kg * np.pi**2) - GRAVITY_M_S2 * contact_s**2 / 8
    return np.asarray(force_n / drop_m / 1000.0)
