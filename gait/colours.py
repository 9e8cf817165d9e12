"""Colours as people write them: a name, or #rrggbb."""

from __future__ import annotations

import re

from gait.errors import ConfigError

COLOUR_FORMS = "green, or #20c040"

NAMED_RGB = {
    "white": (245, 245, 245),
    "silver": (200, 200, 200),
    "yellow": (240, 220, 30),
    "orange": (245, 130, 20),
    "red": (215, 30, 35),
    "pink": (245, 110, 170),
    "magenta": (225, 20, 140),
    "purple": (120, 50, 170),
    "blue": (25, 80, 225),
    "turquoise": (30, 190, 190),
    "green": (20, 180, 70),
    "lime": (150, 230, 40),
}
"""Usual colours of tape; their hue is what counts. [defaults of ours]"""

_OTHER_NAMES = {"cyan": "turquoise", "teal": "turquoise", "violet": "purple", "grey": "silver", "gray": "silver"}
_HEX = re.compile(r"#?([0-9a-f]{6})")


def parse_colour(given: object) -> str:
    """Read a colour.

    Returns
    -------
    str
        ``#rrggbb``, lower case.

    Raises
    ------
    ConfigError
        When it is no colour.
    """
    text = " ".join(given.lower().split()) if isinstance(given, str) else ""
    name = _OTHER_NAMES.get(text, text)
    if name in NAMED_RGB:
        return "#" + "".join(f"{part:02x}" for part in NAMED_RGB[name])
    if match := _HEX.fullmatch(text):
        return f"#{match[1]}"
    raise ConfigError(
        f'The colour "{given}" was not understood.', f"Write {COLOUR_FORMS}. Known names: {', '.join(NAMED_RGB)}."
    )


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of a colour as :func:`parse_colour` gives it."""
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))  # type: ignore[return-value]
