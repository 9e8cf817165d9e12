"""How far the measurements are from independent truth: force plates, markers, and bodies whose joints are known."""
