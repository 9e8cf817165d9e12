"""The dashboard's worker with the stand-in engine; run as the real one is."""

from __future__ import annotations

import sys

import stand_in

import gait.pipeline
from gait.dashboard.worker import main

gait.pipeline.run = stand_in.run

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
