"""What is filmed: the runner, the camera and the clips, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .habits import AS_MEASURED, BY_HAND, KNEE_AT_TOE_OFF_DEG, LOADING, Habits

Colour = tuple[int, int, int]
Sides = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """Dials of the body model, each 0 to 1; the defaults are a lean, adult man."""

    gender: float = 0.05
    age: float = 0.6
    muscle: float = 0.62
    weight: float = 0.40
    proportions: float = 0.75


@dataclass(frozen=True)
class Wear:
    """How shirt and shorts are cut.

    Attributes
    ----------
    hem_drop_m, hem_tilt_deg : float
        The shirt's hem below the hip joints, and how much higher it is on the runner's left.
    sleeve : float
        Share of the upper arm that the sleeve covers.
    waist_m, waist_tilt_deg : float
        The shorts' upper edge above the hip joints, and how much higher it is on the runner's left.
    shorts_end : float
        Height of the shorts' hem between knee (0) and hip joint (1).
    shirt_off_m, hem_off_m, shorts_off_m, shorts_flare_m : float
        How far the cloth is off the skin: the shirt, its hem in addition, the shorts, and their hem in addition.
    painted : bool
        Clothes as tight as paint: the skin itself in their colours.
    uneven_m : float
        How far the edges of shirt and shorts stray up and down (SD), as cloth that creases, rides up or is torn does.
    uneven_seed : int
        Which way they stray.
    """

    hem_drop_m: float = 0.035
    hem_tilt_deg: float = 0.0
    sleeve: float = 0.52
    waist_m: float = 0.005
    waist_tilt_deg: float = 0.0
    shorts_end: float = 0.42
    shirt_off_m: float = 0.010
    hem_off_m: float = 0.012
    shorts_off_m: float = 0.004
    shorts_flare_m: float = 0.017
    painted: bool = False
    uneven_m: float = 0.0
    uneven_seed: int = 0


@dataclass(frozen=True)
class Look:
    """What a runner looks like: the body's shape, the colours (RGB) of skin, hair and clothes, and their cut."""

    shape: Shape = field(default_factory=Shape)
    wear: Wear = field(default_factory=Wear)
    skin: Colour = (205, 152, 122)
    hair: Colour = (58, 40, 32)
    shirt: Colour = (28, 120, 150)
    trim: Colour = (235, 240, 242)
    shorts: Colour = (44, 50, 72)
    sock: Colour = (244, 244, 244)
    shoe: Colour = (232, 74, 40)
    stripes: Colour = (250, 250, 246)
    midsole: Colour = (246, 246, 242)
    outsole: Colour = (48, 50, 56)


@dataclass(frozen=True)
class FrontalSpec:
    """What is prescribed in the frontal plane; each pair is (right, left), angles in degrees.

    Attributes
    ----------
    contact_deg, excursion_deg, off_deg, swing_deg : tuple of float
        Eversion of the rearfoot against the shank (standing = 0, everted positive) at initial contact, its rise from
        there to the peak in stance, its value at toe-off and in mid-swing. Adults at 2.5 m/s: -4 at contact, 11 rise,
        +7 peak (46 runners of the data of DOI 10.7717/peerj.3298).
    peak_share : tuple of float
        When the peak is reached, as a share of stance.
    loading : tuple of (float, float)
        How far the rearfoot has everted on the way to the peak: shares of that time and of the rise; empty for a smooth
        step.
    contact_sd_deg, excursion_sd_deg : float
        Standard deviations from stride to stride (deg).
    toe_out_deg : tuple of float
        Turn of the standing foot's long axis outwards.
    pelvic_drop_deg : tuple of float
        How far the pelvis hangs on the other side in mid-stance of this leg.
    trunk_side_lean_deg : tuple of float
        Lean of the trunk towards this leg in its mid-stance.
    seed : int
        Of the variation from stride to stride.
    """

    contact_deg: Sides = (-4.0, -4.0)
    excursion_deg: Sides = (11.0, 11.0)
    off_deg: Sides = (-5.0, -5.0)
    swing_deg: Sides = (-2.0, -2.0)
    peak_share: Sides = (0.42, 0.42)
    loading: tuple[tuple[float, float], ...] = ()
    contact_sd_deg: float = 0.6
    excursion_sd_deg: float = 1.0
    toe_out_deg: Sides = (7.0, 7.0)
    pelvic_drop_deg: Sides = (5.0, 5.0)
    trunk_side_lean_deg: Sides = (1.5, 1.5)
    seed: int = 7


@dataclass(frozen=True)
class StandingSpec:
    """Quiet standing at the beginning of a film, feet apart as the hips are; pairs are (right, left).

    Attributes
    ----------
    lasting_s : float
        How long the runner stands still.
    start_s : float
        How long it then takes until the prescribed running has begun.
    eversion_deg : tuple of float
        Eversion of the rearfoot against the shank while standing.
    knee_deg : float
        Knee flexion while standing.
    """

    lasting_s: float = 2.0
    start_s: float = 0.6
    eversion_deg: Sides = (4.0, 2.0)
    knee_deg: float = 6.0


@dataclass(frozen=True)
class TapeSpec:
    """Marks on heel counter and calf: "dots" (two discs) or "strip" (one band) of one colour (RGB)."""

    colour: Colour = (230, 20, 140)
    heel: str = "dots"
    calf: str = "dots"
    dot_m: float = 0.015
    strip_m: float = 0.012


@dataclass(frozen=True)
class RunnerSpec:
    """A runner and the way they run.

    Angles are in degrees, lengths in metres, times in seconds. Defaults describe a rearfoot striker at 3
    m/s. They lie within published ranges: cadence, overstride and shank angle of Fukuchi et al. 2017
    (DOI 10.7717/peerj.3298), contact and flight time of Morin et al. 2005 (DOI 10.1123/jab.21.2.167),
    strike angle of Altman and Davis 2012 (DOI 10.1016/j.gaitpost.2011.09.104), joint-angle curves of
    Novacheck 1998 (DOI 10.1016/S0966-6362(97)00038-6).

    With `frontal` set, the rearfoot everts as prescribed there, `step_width_m` is the distance of the standing heels'
    mid-lines, and the toe-out and pelvic drop given there take the place of those given here. With `standing` set, the
    film begins with quiet standing.
    """

    stature_m: float = 1.75
    speed_m_s: float = 3.0
    cadence_spm: float = 170.0
    contact_s: float = 0.250
    overstride_m: float = 0.190
    strike_pitch_deg: float = 16.5
    knee_at_contact_deg: float = 11.8
    knee_swing_peak_deg: float = 94.0
    knee_at_toe_off_deg: float = 16.0
    forefoot_roll_share: float = 0.44
    trunk_lean_deg: float = 6.0
    step_width_m: float = 0.05
    toe_out_deg: float = 6.0
    pelvis_rotation_deg: float = 4.0
    pelvis_drop_deg: float = 5.0
    pelvis_sway_m: float = 0.010
    pelvis_surge_m: float = 0.006
    trunk_rotation_deg: float = 9.0
    landing_slow_m_s: float = 0.64
    landing_sink_m_s: float = 0.64
    landing_turn_deg_s: float = -320.0
    squash_m: float = 0.014
    shear_m: float = 0.006
    lift_off_m_s: float = 0.35
    step_time_sd: float = 0.015
    contact_sd: float = 0.012
    overstride_sd_m: float = 0.004
    strike_pitch_sd_deg: float = 0.6
    knee_swing_sd_deg: float = 1.2
    drift_m: float = 0.012
    habits: Habits = BY_HAND
    seed: int = 20260
    look: Look = field(default_factory=Look)
    frontal: FrontalSpec | None = None
    tape: TapeSpec | None = None
    standing: StandingSpec | None = None

    @property
    def step_s(self) -> float:
        """Mean step time in seconds."""
        return 60.0 / self.cadence_spm


@dataclass(frozen=True)
class CameraSpec:
    """A pinhole camera without distortion, standing still.

    Positions are in the world frame of the truth files: metres, x to the runner's left, y backwards, z up,
    origin on the belt's surface under the runner. `roll_deg` turns the camera clockwise about its line of sight, as
    seen from behind it: upright things lean to the left in the picture. `key_light_m` is where the strongest light
    comes from; None keeps the room's usual one.
    """

    view: str = "side_right"
    position_m: tuple[float, float, float] = (-4.6, -0.10, 0.90)
    target_m: tuple[float, float, float] = (0.0, -0.10, 0.86)
    vertical_fov_deg: float = 28.0
    size_px: tuple[int, int] = (1280, 720)
    roll_deg: float = 0.0
    key_light_m: tuple[float, float, float] | None = None

    @property
    def axes(self) -> np.ndarray:
        """Unit vectors (3, 3) in world axes: picture right, picture up, line of sight."""
        forward = np.array(self.target_m) - np.array(self.position_m)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        if self.roll_deg:
            cosine, sine = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
            right, up = cosine * right - sine * up, cosine * up + sine * right
        return np.array([right, up, forward])

    def project(self, points: np.ndarray) -> np.ndarray:
        """Project world points to the picture.

        Parameters
        ----------
        points : ndarray of shape (..., 3)
            World positions in metres.

        Returns
        -------
        ndarray of shape (..., 2)
            Pixels from the upper left corner of the picture, x to the right, y down.
        """
        right, up, forward = self.axes
        width, height = self.size_px
        focal = 0.5 * height / np.tan(np.radians(self.vertical_fov_deg) / 2)
        ray = np.asarray(points) - np.array(self.position_m)
        depth = ray @ forward
        return np.stack([width / 2 + focal * (ray @ right) / depth, height / 2 - focal * (ray @ up) / depth], axis=-1)


@dataclass(frozen=True)
class ClipSpec:
    """One film: who runs, who films, at which rates, and how strongly the file is compressed."""

    name: str
    duration_s: float
    capture_rate_hz: float
    file_rate_hz: float
    crf: int
    truth_every: int = 1
    runner: RunnerSpec = field(default_factory=RunnerSpec)
    camera: CameraSpec = field(default_factory=CameraSpec)


REAR_RUNNER = RunnerSpec(
    knee_at_toe_off_deg=KNEE_AT_TOE_OFF_DEG,
    habits=AS_MEASURED,
    frontal=FrontalSpec(excursion_deg=(14.0, 8.0), pelvic_drop_deg=(6.0, 4.0), loading=LOADING),
    tape=TapeSpec(colour=(20, 190, 70)),
    seed=20261,
)
REAR_CAMERA = CameraSpec("rear", (0.0, 3.3, 0.80), (0.0, 0.0, 0.82), 34.0)

CLIPS: tuple[ClipSpec, ...] = (
    ClipSpec("side_60fps", 10.5, 60.0, 60.0, crf=18),
    ClipSpec("side_240fps_saved_as_30", 10.5, 240.0, 30.0, crf=23, truth_every=4),
    ClipSpec("rear_60fps", 10.0, 60.0, 60.0, crf=20, truth_every=4, runner=REAR_RUNNER, camera=REAR_CAMERA),
)
