"""The small file that carries the agreement with truth into the package, for `gait explain`."""

from __future__ import annotations

import json
import math
from typing import Any

from gait.metrics.accuracy import NO_MODEL
from gait.metrics.catalogue import CATALOGUE
from gait.validation.documents import MAIN_CONDITION
from gait.validation.records import EVENT_KINDS, Outcome
from gait.validation.summary import Row
from gait.validation.tables import BOTH_FEET, all_event_rows, all_metric_rows
from gait.validation.words import SOURCES, load_published, unit


def accuracy_json(outcome: Outcome) -> bytes:
    """Return, per quantity, unit, agreement by source, and what is published; UTF-8 JSON."""
    rows = [*all_event_rows(outcome), *all_metric_rows(outcome)]
    published = load_published()
    quantities: dict[str, Any] = {}
    for name in (*EVENT_KINDS, *CATALOGUE):
        chosen = [_entry(row) for row in rows if row.quantity == name and _is_quoted(row)]
        if chosen:
            quantities[name] = {"unit": unit(name), "agreement": chosen}
            if name in published:
                quantities[name]["published"] = f"{published[name].words} ({published[name].source})"
    # A line per quantity: small, and a change shows where it is.
    lines = [f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in quantities.items()]
    return ('{"quantities": {\n' + ",\n".join(lines) + "\n}}\n").encode()


def _is_quoted(row: Row) -> bool:
    if row.source != "markers":
        return not row.condition and row.leg != "far"
    # Events of marker trials are quoted for both feet together, metrics for the near leg.
    legs = (BOTH_FEET,) if row.quantity in EVENT_KINDS else ("near", "both")
    return (row.rate_hz, row.condition) == MAIN_CONDITION and row.leg in legs


def _entry(row: Row) -> dict[str, Any]:
    return {
        "source": SOURCES[row.source],
        "model": NO_MODEL if row.source == "markers" else f"{row.model} pose model",
        "rate_hz": row.rate_hz,
        "n": row.n,
        "bias": round(row.bias, 4),
        "sd": round(row.sd, 4) if math.isfinite(row.sd) else None,
        "rmse": round(row.rmse, 4),
    }
