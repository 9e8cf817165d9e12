"""Cadence from the spectrum: an estimate that needs no events and does not care which leg is which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Floats, regular_step_s

STEP_BAND_HZ = (0.1, 30.0)
"""Search band of the step frequency: from an eightfold slow motion of a slow run to a file played much too fast."""


@dataclass(frozen=True)
class SpectralCadence:
    """Step frequency of a clip and how clearly it stands out.

    Parameters
    ----------
    step_hz : float
        Steps per second, NaN when the clip shows no rhythm.
    strength : float
        Share (0 to 1) of the signal's power at the step frequency and its harmonics.
    """

    step_hz: float
    strength: float

    @property
    def cadence_spm(self) -> float:
        """Steps per minute."""
        return 60.0 * self.step_hz


def leg_separation(left: Floats, right: Floats, scale: float) -> Floats:
    """Return the separation of two landmarks along the axis in which it varies most, shape (T,), in ``scale``.

    The axis is found from the data: fore-aft in a side view, up-down in a rear view. Exchanging the legs only
    changes the sign.
    """
    difference = (left - right) / scale
    ok = np.isfinite(difference).all(axis=1)
    if ok.sum() < 3:
        return np.full(len(difference), np.nan)
    # A camera to one side of the midline sees one foot higher throughout; that constant is no movement.
    difference = difference - np.median(difference[ok], axis=0)
    _, vectors = np.linalg.eigh(difference[ok].T @ difference[ok])
    return np.asarray(difference @ vectors[:, -1])


def spectral_cadence(times_s: Floats, separation: Floats) -> SpectralCadence:
    """Estimate the step frequency from the squared leg separation, which repeats with every step.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Frame times.
    separation : ndarray, shape (T,)
        Signed separation of the legs; its sign does not matter.
    """
    return rhythm(times_s, separation**2)


def rhythm(times_s: Floats, signal: Floats) -> SpectralCadence:
    """Estimate the frequency of a signal that repeats with every step.

    Parameters
    ----------
    times_s, signal : ndarray, shape (T,)
        Frame times and the signal, NaN where missing.

    Returns
    -------
    SpectralCadence
        The peak of a Hann-windowed, zero-padded spectrum, refined by a parabola.
    """
    ok = np.isfinite(signal)
    if ok.sum() < 16:
        return SpectralCadence(float("nan"), 0.0)
    step_s = regular_step_s(times_s)
    if not step_s > 0 or times_s[ok][-1] - times_s[ok][0] < 16 * step_s:
        return SpectralCadence(float("nan"), 0.0)
    uniform_s = np.arange(times_s[ok][0], times_s[ok][-1], step_s)
    even = np.interp(uniform_s, times_s[ok], signal[ok])
    even = (even - even.mean()) * np.hanning(len(even))
    size = int(2 ** np.ceil(np.log2(len(even) * 8)))
    power = np.abs(np.fft.rfft(even, size)) ** 2
    freq = np.fft.rfftfreq(size, step_s)
    # Fewer than three steps in the clip are no rhythm; nor is anything above a quarter of the frame rate.
    low = max(STEP_BAND_HZ[0], 3.0 / (uniform_s[-1] - uniform_s[0]))
    band = np.flatnonzero((freq >= low) & (freq <= min(STEP_BAND_HZ[1], 0.25 / step_s)))
    if len(band) < 3 or power.sum() <= 0:
        return SpectralCadence(float("nan"), 0.0)
    peak = int(band[power[band].argmax()])
    if peak in (band[0], band[-1]):
        return SpectralCadence(float("nan"), 0.0)
    a, b, c = np.log(power[peak - 1 : peak + 2] + 1e-300)
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c else 0.0
    step_hz = float((peak + shift) * freq[1])
    width = 2.0 / (uniform_s[-1] - uniform_s[0])
    near = np.zeros(len(freq), dtype=bool)
    for harmonic in (1, 2, 3):
        near |= np.abs(freq - harmonic * step_hz) <= width
    return SpectralCadence(step_hz, float(power[near].sum() / power.sum()))


def antiphase_reference(times_s: Floats, separation: Floats, stride_hz: float, window_strides: float = 6.0) -> Floats:
    """Return the smooth antiphase oscillation of the legs that the labels follow most of the time.

    Complex demodulation at the stride frequency over a window of several strides: short bursts of exchanged labels
    hardly move it, so its sign tells in every frame which leg should be in front.

    Parameters
    ----------
    times_s, separation : ndarray, shape (T,)
        Frame times and the signed leg separation (NaN allowed).
    stride_hz : float
        Stride frequency, half the step frequency.
    window_strides : float
        Width (2 SD) of the Gaussian window, in strides. [default of ours]

    Returns
    -------
    ndarray, shape (T,)
        Oscillation scaled to unit amplitude, 0 where it cannot be told.
    """
    ok = np.isfinite(separation)
    phase = np.exp(-2j * np.pi * stride_hz * times_s)
    step_s = regular_step_s(times_s)
    sigma = 0.5 * window_strides / stride_hz / step_s
    half = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    product = np.where(ok, separation, 0.0) * phase
    envelope = np.convolve(product, kernel, mode="full")[half : half + len(product)]
    reference = np.real(envelope * np.conj(phase))
    amplitude = np.abs(envelope)
    return np.where(amplitude > 0, reference / np.maximum(amplitude, 1e-12), 0.0)
