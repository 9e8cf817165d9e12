"""How well each number of the report was found to agree with independent truth."""

from __future__ import annotations

from gait.metrics.accuracy import accuracy_words
from gait.metrics.catalogue import CATALOGUE
from gait.model import GaitAnalysis
from gait.report.blocks import Cell, Column, Paragraph, Section, Table
from gait.words import text


def accuracy_section(analysis: GaitAnalysis) -> Section | None:
    """List the agreement with truth of every metric that has a value here; None where nothing is known of any."""
    given = {metric.name for metric in analysis.metrics if metric.value is not None}
    rows = tuple(
        (Cell(spec.title), Cell(words))
        for name, spec in CATALOGUE.items()
        if name in given and (words := accuracy_words(name))
    )
    if not rows:
        return None
    table = Table((Column(text("proof.measure"), key=True), Column(text("proof.found"))), rows)
    return Section("accuracy", text("proof.title"), (Paragraph(text("proof.lead")), table), "professional")
