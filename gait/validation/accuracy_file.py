"""The small file that carries the agreement with truth into the package, for `gait explain`."""

from __future__ import annotations

import json
import math
from typing import Any

from gait.metrics.accuracy import NO_MODEL
from gait.metrics.catalogue import CATALOGUE
from gait.validation.records import EVENT_KINDS, Outcome
from gait.validation.summary import CLASSES, Row, strike_summary
from gait.validation.tables import BOTH_FEET, all_event_rows, all_metric_rows, is_main, is_rear_main, main_strikes
from gait.validation.words import METHODS, SOURCES, load_published, unit

_CLASSES = ("foot_strike", "foot_strike_three_way")


def accuracy_json(outcome: Outcome) -> bytes:
    """Return, per quantity, unit, agreement by source, and what is published; UTF-8 JSON."""
    rows = [*all_event_rows(outcome), *all_metric_rows(outcome)]
    published = load_published()
    quantities: dict[str, Any] = {}
    for name in (*EVENT_KINDS, *CATALOGUE):
        chosen = [_entry(row) for row in rows if row.quantity == name and _is_quoted(row)]
        if name in _CLASSES:
            strikes = strike_entry(outcome)
            if strikes:
                quantities[name] = {"unit": None, "strike": strikes}
        elif chosen:
            quantities[name] = {"unit": unit(name), "agreement": chosen}
            if name in published:
                quantities[name]["published"] = f"{published[name].words} ({published[name].source})"
    # A line per quantity: small, and a change shows where it is.
    lines = [f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in quantities.items()]
    return ('{"quantities": {\n' + ",\n".join(lines) + "\n}}\n").encode()


def strike_entry(outcome: Outcome) -> dict[str, Any]:
    """Return how the strike class agrees with the labels, and how many feet of each label got their own class."""
    strikes = main_strikes(outcome)
    if not strikes:
        return {}
    found = strike_summary(strikes)
    labels = {c: [s for s in strikes if s.label == c] for c in CLASSES}
    return {
        "source": SOURCES["markers"],
        "n": found.n,
        "sure": sum(s.agrees is not None for s in strikes),
        "agreement_pct": _rounded(found.agreement_pct),
        "labelled": {c: len(feet) for c, feet in labels.items()},
        "recognised": {c: sum(s.three_way == c for s in feet) for c, feet in labels.items()},
    }


def _is_quoted(row: Row) -> bool:
    if not row.n:
        return False
    # Events of marker trials are quoted for both feet together, all else for the near leg.
    together = row.source == "markers" and row.quantity in EVENT_KINDS
    return (is_main(row) or is_rear_main(row)) and row.leg in ((BOTH_FEET,) if together else ("near", "both"))


def _entry(row: Row) -> dict[str, Any]:
    return {
        "source": SOURCES[row.source],
        "model": NO_MODEL if row.source == "markers" else f"{row.model} pose model",
        **({"method": METHODS[row.method]} if row.method else {}),
        "rate_hz": row.rate_hz,
        "n": row.n,
        "bias": _rounded(row.bias),
        "sd": _rounded(row.sd),
        "rmse": _rounded(row.rmse),
        "low": _rounded(row.low),
        "high": _rounded(row.high),
    }


def _rounded(value: float) -> float | None:
    """Four digits; None for no number, and never a minus before zero."""
    return round(value, 4) + 0.0 if math.isfinite(value) else None
