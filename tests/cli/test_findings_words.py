"""What the terminal says of findings: referral before all else, priorities in order, nothing where it is withheld."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console
from visits import visit

from gait.cli_findings import print_plan, print_referral
from gait.findings.assess import assess, with_assessment
from gait.model import GaitAnalysis

FAR = {"shank_angle_ic_deg": (14.0, 1.0), "overstride_cm": (26.0, 1.0)}


def said(analysis: GaitAnalysis) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_referral(console, analysis)
    print_plan(console, analysis)
    return console.file.getvalue()  # type: ignore[attr-defined]


def assessed(told: dict[str, Any], **given: Any) -> GaitAnalysis:
    analysis = visit(told, **given)
    return with_assessment(analysis, assess(analysis))


def test_a_red_flag_is_told_with_what_to_do_and_no_advice_follows() -> None:
    words = said(assessed({"pain": "sole", "signs": "numbness"}, side=FAR))

    assert words.startswith("First: have this looked at:\n  Now: Numbness or tingling. See a doctor now.")
    assert "Do not run until then. [Origin: the article]\n" in words
    assert "quicker steps" not in words


def test_priorities_are_numbered_with_what_they_rest_on() -> None:
    words = said(assessed({"pain": "knee", "shoe-km": 900}, side=FAR))

    assert "2 things are worth working on" in words
    assert (
        "  1. Take shorter, quicker steps (the foot lands far ahead of the body) [Origin: published, grade B]\n"
        in words
    )
    assert "  2. Replace your shoes (your shoes are worn) [Origin: the article]\n" in words


@pytest.mark.parametrize(
    ("side", "line"),
    [
        (FAR, "  Optional: Take shorter, quicker steps [Origin: published, grade B]\n"),
        ({}, "tell us: this report then says more. [Origin: published, grade A]\n"),
    ],
)
def test_without_symptoms_nothing_is_a_priority(side: dict[str, Any], line: str) -> None:
    words = said(assessed({}, side=side))

    assert line in words
    assert "  1. " not in words


def test_an_analysis_of_an_older_version_says_nothing() -> None:
    assert said(visit()) == ""
