"""Choose the pictures worth a look: contact, mid-stance and toe-off of the stride that is most like the others."""

from __future__ import annotations

import numpy as np

from gait.metrics.options import ClipOptions
from gait.metrics.side import FootFlat
from gait.model import AngleMark, Floats, KeyFrame, PoseSequence, Stride
from gait.signals.legs import Leg
from gait.skeleton import SKELETONS

Point = tuple[float, float]

PHASES = ("initial_contact", "mid_stance", "toe_off")
_TITLES = {"initial_contact": "Landing", "mid_stance": "Mid-stance", "toe_off": "Push-off"}


def representative(strides: list[Stride], frame_times_s: Floats) -> Stride:
    """Return the kept stride nearest the median contact and stride time whose contact lies close to a frame."""
    contact = np.array([s.to_s - s.ic_s for s in strides])
    stride = np.array([s.next_ic_s - s.ic_s for s in strides])
    off = np.array([np.abs(frame_times_s - s.ic_s).min() for s in strides])
    unusual = np.abs(contact - np.median(contact)) + np.abs(stride - np.median(stride)) + 2.0 * off
    return strides[int(unusual.argmin())]


def side_keyframes(
    leg: Leg, stride: Stride, display: PoseSequence, flat: FootFlat, options: ClipOptions
) -> list[KeyFrame]:
    """Describe the key frames of one stride and the angles to draw on them.

    Parameters
    ----------
    leg : Leg
        Near leg; angles are read at the frame's own time.
    stride : Stride
        Which stride to show.
    display : PoseSequence
        Landmarks at the frames' times, in the picture.
    flat : FootFlat
        Zero of the foot angle.
    options : ClipOptions
        For camera roll, mirroring and the video's id.
    """
    moments = {
        "initial_contact": stride.ic_s,
        "mid_stance": (stride.ic_s + stride.to_s) / 2,
        "toe_off": stride.to_s,
    }
    frames = []
    for phase in PHASES:
        row = int(np.abs(display.times_s - moments[phase]).argmin())
        time_s = float(display.times_s[row])
        marks = _marks(phase, leg, leg.index(time_s), _Picture(display, row, leg.side, options), flat)
        if not marks:
            continue
        number = row + display.first_frame
        frames.append(
            KeyFrame(
                video=options.video,
                side=leg.side,
                phase=phase,
                frame=number,
                time_s=time_s,
                caption=f"{_TITLES[phase]}, {leg.side} foot, at {time_s:.2f} s",
                marks=tuple(marks),
                file=f"{options.video}_{leg.side}_{phase}.png",
            )
        )
    return frames


class _Picture:
    """Landmarks of one frame, and the directions of the true vertical and horizontal in it."""

    def __init__(self, display: PoseSequence, row: int, side: str, options: ClipOptions) -> None:
        self._skeleton = SKELETONS[display.skeleton]
        self._xy = display.xy_px[row]
        self._side = side
        roll = np.radians(options.horizon_deg)
        # y is down in the picture: a horizon that rises to the right tilts the vertical to the left.
        self.up = np.array([-np.sin(roll), -np.cos(roll)])
        self.along = np.array([np.cos(roll), -np.sin(roll)])

    def point(self, part: str) -> Floats:
        return np.asarray(self._xy[self._skeleton.index(f"{self._side}_{part}")])

    def middle(self, part: str) -> Floats:
        both = self._skeleton.indices([f"left_{part}", f"right_{part}"])
        return np.asarray(self._xy[both].mean(axis=0))


def _mark(label: str, value_deg: float, *points: Floats) -> AngleMark | None:
    """An angle whose second point is the vertex; None when anything is missing."""
    if not np.isfinite(value_deg) or not all(np.isfinite(p).all() for p in points):
        return None
    # Rounded to a hundredth of a pixel so that saved analyses stay small and stable.
    return AngleMark(
        label, round(value_deg, 2), tuple((round(float(p[0]), 2), round(float(p[1]), 2)) for p in points), 1
    )


def _marks(phase: str, leg: Leg, i: int, at: _Picture, flat: FootFlat) -> list[AngleMark]:
    hip, knee, ankle = at.point("hip"), at.point("knee"), at.point("ankle")
    heel, toe = at.point("heel"), at.point("foot_index")
    mid_hip, mid_shoulder = at.middle("hip"), at.middle("shoulder")
    forward = at.along * np.sign(float((toe - heel) @ at.along) or 1.0)
    bend = _mark("knee bend", float(leg.knee_flexion_deg[i]), hip, knee, ankle)
    if phase == "initial_contact":
        shin = ankle + at.up * np.linalg.norm(knee - ankle)
        turn = np.radians(flat.pitch_deg)
        sole = heel + np.linalg.norm(toe - heel) * (forward * np.cos(turn) + at.up * np.sin(turn))
        pitch = float(leg.foot_pitch_deg[i]) - flat.pitch_deg
        wanted = [
            _mark("shin", float(leg.shank_deg[i]), knee, ankle, shin),
            bend,
            _mark("foot", pitch, toe, heel, sole),
        ]
    elif phase == "mid_stance":
        upright = mid_hip + at.up * np.linalg.norm(mid_shoulder - mid_hip)
        lean = _mark("trunk lean", float(leg.trunk_deg[i]), mid_shoulder, mid_hip, upright)
        # 0 is the shin perpendicular to the flat foot: draw that perpendicular as the reference.
        turn = np.radians(float(leg.foot_pitch_deg[i]) - flat.pitch_deg)
        square = ankle + np.linalg.norm(knee - ankle) * (at.up * np.cos(turn) - forward * np.sin(turn))
        ankle_bend = float(leg.ankle_deg[i]) - flat.pitch_deg
        wanted = [bend, lean, _mark("ankle", ankle_bend, knee, ankle, square)]
    else:
        down = hip - at.up * np.linalg.norm(knee - hip)
        wanted = [_mark("thigh behind", -float(leg.thigh_deg[i]), knee, hip, down), bend]
    return [mark for mark in wanted if mark is not None]
