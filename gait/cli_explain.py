"""``gait explain``: a metric, a finding's rule, advice, a red flag or a condition in words, or a rule as TOML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from gait.cli_render import names_like, print_metric, print_table
from gait.errors import ConfigError
from gait.findings.entries import AdviceEntry, ConditionEntry, FlagEntry, Rule, Test, When
from gait.findings.library import Library, library
from gait.findings.own import as_toml
from gait.metrics.catalogue import CATALOGUE, MetricSpec
from gait.words import text
from gait.words.numbers import quantity

_KINDS = {
    "form": "a way of running: a priority only with symptoms or a goal",
    "load": "load: a priority only with symptoms or a goal",
    "check": "a check: a priority only with symptoms or a goal",
    "training": "training",
    "footwear": "footwear",
}
_VIEWS = {"side": "view from the side", "rear": "view from behind", "any": "any view", "none": ""}
_RANGES = {"above": "above", "at_least": "at least", "below": "below"}
_URGENCY = {"now": "at once", "today": "today", "soon": "within days"}


def explain_name(name: str | None, *, toml: bool = False, rules: Path | None = None) -> None:
    """Print what is known under a name, or all names.

    Parameters
    ----------
    name : str or None
        Metric, rule, advice, red flag or condition; None lists metrics and rules.
    toml : bool
        Print a rule with its advice, or advice, as a rules file of one's own.
    rules : Path or None
        A rules file of one's own to look into, too.

    Raises
    ------
    ConfigError
        When nothing has that name, or it cannot be written as TOML.
    """
    joined = library(rules)
    if name is None:
        _print_names(joined)
        return
    key = name.strip().lower().replace("-", "_").replace(" ", "_")
    found = _named(joined, key)
    if not found:
        raise ConfigError(f'There is no metric, rule or advice "{name}".', names_like(key, _all_names(joined)))
    if toml:
        entries = [entry for entry in found if isinstance(entry, Rule | AdviceEntry)]
        if not entries:
            raise ConfigError(f'"{name}" is no rule and no advice.', "Only these can stand in a rules file.")
        typer.echo(as_toml(joined, entries), nl=False)
        return
    for place, entry in enumerate(found):
        if place:
            typer.echo()
        _print_entry(joined, entry)


def _named(joined: Library, key: str) -> list[Any]:
    others: list[FlagEntry | ConditionEntry] = [*joined.flags, *joined.conditions]
    found = [CATALOGUE.get(key), joined.rules.get(key), joined.advice.get(key)]
    return [entry for entry in (*found, *(other for other in others if other.id == key)) if entry is not None]


def _all_names(joined: Library) -> list[str]:
    flags, conditions = (entry.id for entry in joined.flags), (entry.id for entry in joined.conditions)
    return list(dict.fromkeys([*CATALOGUE, *joined.rules, *joined.advice, *flags, *conditions]))


def _print_names(joined: Library) -> None:
    print_table([(spec.name, spec.title) for spec in CATALOGUE.values()], ("Name", "Measurement"))
    typer.echo()
    print_table([(rule.id, joined.words("rule", rule, "title")) for rule in joined.rules.values()], ("Name", "Finding"))


def _print_entry(joined: Library, entry: Any) -> None:
    if isinstance(entry, MetricSpec):
        print_metric(entry)
    elif isinstance(entry, Rule):
        _print(joined.words("rule", entry, "title"), entry.id, joined.words("rule", entry, "plain"))
        _print_rows(_rule_rows(joined, entry))
    elif isinstance(entry, AdviceEntry):
        _print(joined.words("advice", entry, "title"), entry.id, joined.words("advice", entry, "text"))
        _print_rows(_advice_rows(joined, entry))
    elif isinstance(entry, FlagEntry):
        _print(text(f"flag.{entry.id}.title"), entry.id, text(f"flag.{entry.id}.do"))
        _print_rows([("Red flag", _URGENCY[entry.urgency]), ("When", when_words(entry.when)), *_origin_rows(entry)])
    elif isinstance(entry, ConditionEntry):
        _print(text(f"condition.{entry.id}.title"), entry.id, text(f"condition.{entry.id}.what"))
        named = [("Sign", "sign", entry.sign), ("Cause", "cause", entry.cause)]
        _print_rows(
            (label, f"{text(f'condition.{entry.id}.{kind}.{sign.id}')} ({when_words(sign.when)})")
            for label, kind, signs in named
            for sign in signs
        )


def _print(title: str, name: str, plain: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text.assemble((title, "bold"), f"  ({name})"))
    console.print(Text(plain))


def _print_rows(rows: Iterable[tuple[str, str]]) -> None:
    print_table([row for row in rows if row[1]], ("", ""))


def _rule_rows(joined: Library, rule: Rule) -> list[tuple[str, str]]:
    tests = [test for test in rule.tests if not test.supporting]
    joint = {"any": "one is enough", "all": "each is needed"}[rule.match]
    origin = text(f"findings.limit.{rule.limit_origin}")
    looks = [f"{test_words(test)}{f' ({joint})' if len(tests) > 1 else ''}" for test in tests]
    speeds = "" if rule.speed_m_s is None else f"{rule.speed_m_s[0]:g} to {rule.speed_m_s[1]:g} m/s"
    return [
        ("Known", joined.words("rule", rule, "known")),
        ("Caveat", joined.words("rule", rule, "caveat")),
        *(("Looks at", words) for words in looks),
        *(("Shows, too", test_words(test)) for test in rule.tests if test.supporting),
        ("Limits", origin),
        ("Needs", "; ".join(part for part in (_VIEWS[rule.view], when_words(rule.needs)) if part)),
        ("Belt speed", speeds),
        ("Kind", _KINDS[rule.kind]),
        ("Left out", f"where {rule.part_of} is found" if rule.part_of else ""),
        *_origin_rows(rule),
        *(("Advice", _choice_words(joined, choice.id, choice.when)) for choice in rule.advice),
    ]


def _advice_rows(joined: Library, entry: AdviceEntry) -> list[tuple[str, str]]:
    fields = ("cue", "drill", "dose", "progression", "caveat")
    return [
        *((field.capitalize(), joined.words("advice", entry, field)) for field in fields),
        ("Group", entry.group),
        ("Never with", when_words(entry.not_with)),
        ("Only with", when_words(entry.only_with)),
        ("Film again", f"after {entry.refilm_weeks} weeks" if entry.refilm_weeks else ""),
        *_origin_rows(entry),
    ]


def _origin_rows(entry: Rule | AdviceEntry | FlagEntry) -> list[tuple[str, str]]:
    source = entry.source
    return [
        ("Origin", {"article": "the article", "published": "published", "default": "a default of ours"}[source.origin]),
        ("Grade", source.grade),
        ("Sources", "\n".join(source.citations)),
    ]


def _choice_words(joined: Library, name: str, when: When) -> str:
    entry = joined.advice[name]
    notes = [f"with {when_words(when)}"] if when else []
    notes += [f"never with {when_words(entry.not_with)}"] if entry.not_with else []
    title = joined.words("advice", entry, "title")
    return f"{title} ({name}{'; ' if notes else ''}{'; '.join(notes)})"


def test_words(test: Test) -> str:
    """Say what a test holds against what."""
    if test.told:
        asked: Any = {name: limit for name in _RANGES if (limit := getattr(test, name)) is not None}
        return f"answer {_entry_words(test.told, asked or list(test.classes))}"
    if test.differs:
        return "left against right of every metric beyond its detectable change"
    spec = CATALOGUE[test.metric]
    name = f"{spec.title} ({spec.name})"
    if test.classes:
        return f"{name}: {' or '.join(map(str, test.classes))}"
    for field, words in _RANGES.items():
        if (limit := getattr(test, field)) is not None:
            return f"{name} {words} {quantity(limit, spec.unit)}"
    sds, side = (test.above_band_sd, "above") if test.above_band_sd is not None else (test.below_band_sd, "below")
    return f"{name} more than {sds:g} SD {side} the mean of reference runners at that belt speed"


def when_words(when: When) -> str:
    """Say what answers are asked for: ``pain: calf or heel, and signs: warmth; or onset: twist``."""
    return "; or ".join(", and ".join(_entry_words(name, asked) for name, asked in table.items()) for table in when)


def _entry_words(name: str, asked: Any) -> str:
    if isinstance(asked, Mapping):
        return f"{_spaced(name)} {' and '.join(f'{_RANGES[how]} {limit:g}' for how, limit in asked.items())}"
    answers = [{True: "yes", False: "no"}[one] if isinstance(one, bool) else _spaced(one) for one in asked]
    if name.startswith("not_"):
        return f"{_spaced(name.removeprefix('not_'))} not: {' or '.join(answers)}"
    if name.startswith("all_"):
        return f"{_spaced(name.removeprefix('all_'))}: {' and '.join(answers)}"
    return f"{_spaced(name)}: {' or '.join(answers)}"


def _spaced(name: str) -> str:
    return str(name).replace("_", " ")
