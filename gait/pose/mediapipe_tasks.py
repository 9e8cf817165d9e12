"""MediaPipe's pose landmarker (Tasks API) without its temporal smoothing.

VIDEO mode passes the landmarks through a causal one-euro filter (Casiez et al. 2012, doi:10.1145/2207676.2208639)
that is driven by the time stamps it is given. At the true times of a 120 or 240 fps clip it would lag and bias every
event, so the frames are announced :data:`CLOCK_STEP_MS` apart: the filter then passes every sample
unchanged, while the cheap frame-to-frame tracking stays on. Real times come from the container.

The filter's lowest cut-offs are 0.05 Hz for the landmarks and 0.01 Hz for the region of interest, so steps of ten
seconds still smooth (by 24 and 61 % of the difference to the last frame; leg landmarks of a runner 1000 px tall
moved by a median of 1.1 px). From 10^7 ms on, longer steps change the landmarks by less than 0.01 px.
"""

from __future__ import annotations

from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from gait.errors import PoseError
from gait.pose.estimator import Person

CLOCK_STEP_MS = 100_000_000
"""Frame interval told to MediaPipe: far slower than its filter's slowest cut-off."""


class MediaPipeSession:
    """One pose landmarker over one passage of frames.

    Parameters
    ----------
    bundle : bytes
        A Tasks bundle, see :meth:`gait.pose.provision.ModelBundle.load`.
    people : int
        How many people to look for.
    follow : bool
        True tracks from frame to frame (VIDEO mode); False searches every picture afresh (IMAGE mode).
    clock_step_ms : int
        Announced frame interval; only tests change it.

    Raises
    ------
    PoseError
        When MediaPipe cannot be loaded here or refuses the bundle.
    """

    def __init__(
        self, bundle: bytes, *, people: int = 1, follow: bool = True, clock_step_ms: int = CLOCK_STEP_MS
    ) -> None:
        try:
            import mediapipe as mp
            from mediapipe.tasks.python import BaseOptions
            from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

            self._mp = mp
            self._landmarker = PoseLandmarker.create_from_options(
                PoseLandmarkerOptions(
                    base_options=BaseOptions(model_asset_buffer=bundle),
                    running_mode=RunningMode.VIDEO if follow else RunningMode.IMAGE,
                    num_poses=people,
                )
            )
        except (ImportError, OSError) as problem:
            raise PoseError(
                f"The pose model cannot run here ({problem}).", "Run `gait doctor`: it names what to install."
            ) from problem
        except (RuntimeError, ValueError) as problem:
            raise PoseError(
                "MediaPipe refused the pose model.", "Run `gait models verify`, or `gait models fetch` again."
            ) from problem
        self._follow = follow
        self._clock_step_ms = clock_step_ms
        self._time_ms = 0

    def __call__(self, rgb: NDArray[np.uint8]) -> list[Person]:
        """Return the people in the next frame.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (H, W, 3)
            The picture.
        """
        image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        if self._follow:
            result = self._landmarker.detect_for_video(image, self._time_ms)
            self._time_ms += self._clock_step_ms
        else:
            result = self._landmarker.detect(image)
        height, width = rgb.shape[:2]
        return [_person(landmarks, width, height) for landmarks in result.pose_landmarks]

    def forget(self) -> None:
        """Drop the person followed, by showing a black picture in which there is nobody to follow."""
        if self._follow:
            self(np.zeros((64, 64, 3), dtype=np.uint8))

    def close(self) -> None:
        """Free the model; MediaPipe raises at interpreter exit unless this is called."""
        self._landmarker.close()

    def __enter__(self) -> MediaPipeSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _person(landmarks: list, width: int, height: int) -> Person:  # type: ignore[type-arg]
    table = np.array([(p.x * width, p.y * height, p.visibility, p.z * width) for p in landmarks], dtype=float)
    return Person(table[:, :2], table[:, 2], table[:, 3])
