"""The clinician's tables of all strides and of how well the method measures."""

from __future__ import annotations

from dataclasses import replace

from sample_analysis import sample_analysis

from gait.metrics.accuracy import accuracy_words
from gait.model import Stride
from gait.report.proof import accuracy_section
from gait.report.stride_table import stride_table


def test_every_stride_is_a_row_with_its_times_and_whether_it_was_used() -> None:
    strides = (
        Stride("v1", "right", 2.0, float("nan"), 2.7, "toe-off not seen"),
        Stride("v1", "right", 1.0, 1.251, 1.7),
    )
    table = stride_table(replace(sample_analysis(), strides=strides))

    assert table is not None
    rows = [[cell.text for cell in row][1:] for row in table.rows]
    assert rows == [["1.00", "251", "700", "yes"], ["2.00", "\N{EM DASH}", "700", "toe-off not seen"]]
    assert stride_table(replace(sample_analysis(), strides=())) is None


def test_accuracy_is_told_of_the_numbers_that_are_given_only() -> None:
    analysis = sample_analysis()
    section = accuracy_section(analysis)

    assert section is not None
    told = {row[0].text: row[1].text for block in section.blocks if hasattr(block, "rows") for row in block.rows}
    assert told["Cadence"] == accuracy_words("cadence_spm") != ""
    assert "Step width" not in told
    assert accuracy_section(replace(analysis, metrics=())) is None
