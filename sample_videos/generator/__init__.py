"""Make short treadmill clips of a body model whose motion is known exactly."""
