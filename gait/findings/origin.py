"""Where a statement comes from, in words: on every page, in the terminal and in the report alike."""

from __future__ import annotations

from gait.findings.entries import citations
from gait.findings.types import Source
from gait.words import text


def origin_words(source: Source) -> str:
    """Say where something comes from: "Origin: published, grade B; Chan et al. 2018, doi:..."."""
    # The article has no citation: its origin names it.
    cited = [citation for citation in source.citations if citation != citations()["article"]]
    parts = [short_origin(source), *cited]
    if source.words_by:
        parts.append(text("report.words_by", who=source.words_by))
    return "; ".join(parts)


def short_origin(source: Source) -> str:
    """Say the same without citations: "Origin: published, grade B"."""
    words = text(f"report.origin_{source.origin}")
    return f"{words}, {text('report.grade', grade=source.grade)}" if source.grade else words
