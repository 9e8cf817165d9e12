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

_RANGES = ("above", "at_least", "below")


def explain_name(name: str | None, *, toml: bool = False, rules: Path | None = None) -> None:
    """Print what is known under a name, or all names.

    Parameters
    ----------
    name : str or None
        Metric, rule, advice, red flag or condition; None lists all of these.
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
    metrics = [(spec.name, spec.title) for spec in CATALOGUE.values()]
    print_table(metrics, (text("explain.name"), text("explain.measurement")))
    lists = {
        "finding": [(rule.id, joined.words("rule", rule, "title")) for rule in joined.rules.values()],
        "advice": [(entry.id, joined.words("advice", entry, "title")) for entry in joined.advice.values()],
        "flag": [(flag.id, text(f"flag.{flag.id}.title")) for flag in joined.flags],
        "condition": [(entry.id, text(f"condition.{entry.id}.title")) for entry in joined.conditions],
    }
    for kind, rows in lists.items():
        typer.echo()
        print_table(rows, (text("explain.name"), text(f"explain.{kind}")))


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
        urgency = text(f"report.urgency_{entry.urgency}")
        rows = [(text("explain.flag"), urgency), (text("explain.when"), when_words(entry.when))]
        _print_rows([*rows, *_origin_rows(entry)])
    elif isinstance(entry, ConditionEntry):
        _print(text(f"condition.{entry.id}.title"), entry.id, text(f"condition.{entry.id}.what"))
        rows = [
            (text(f"explain.{kind}"), f"{text(f'condition.{entry.id}.{kind}.{sign.id}')} ({when_words(sign.when)})")
            for kind, signs in (("sign", entry.sign), ("cause", entry.cause))
            for sign in signs
        ]
        _print_rows([*rows, *_origin_rows(entry)])


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
    joint = f" ({text(f'explain.match.{rule.match}')})" if len(tests) > 1 else ""
    speeds = rule.speed_m_s
    rows = [
        ("known", joined.words("rule", rule, "known")),
        ("caveat", joined.words("rule", rule, "caveat")),
        *(("looks_at", f"{test_words(test)}{joint}") for test in tests),
        *(("shows_too", test_words(test)) for test in rule.tests if test.supporting),
        ("limits", text(f"findings.limit.{rule.limit_origin}")),
        ("needs", "; ".join(part for part in (text(f"explain.view.{rule.view}"), when_words(rule.needs)) if part)),
        ("belt_speed", "" if speeds is None else text("explain.speeds", low=f"{speeds[0]:g}", high=f"{speeds[1]:g}")),
        ("kind", text(f"explain.kinds.{rule.kind}")),
        ("left_out", text("explain.where_found", rule=rule.part_of) if rule.part_of else ""),
    ]
    advice = [("advice", _choice_words(joined, choice.id, choice.when)) for choice in rule.advice]
    return [*_labelled(rows), *_origin_rows(rule), *_labelled(advice)]


def _advice_rows(joined: Library, entry: AdviceEntry) -> list[tuple[str, str]]:
    fields = ("cue", "drill", "dose", "progression", "caveat")
    weeks = entry.refilm_weeks
    rows = [
        *((field, joined.words("advice", entry, field)) for field in fields),
        ("group", text(f"report.group_{entry.group}")),
        ("never_with", when_words(entry.not_with)),
        ("only_with", when_words(entry.only_with)),
        ("refilm", text("explain.after_weeks", weeks=weeks) if weeks else ""),
    ]
    return [*_labelled(rows), *_origin_rows(entry)]


def _labelled(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(text(f"explain.{key}"), words) for key, words in rows]


def _origin_rows(entry: Rule | AdviceEntry | FlagEntry | ConditionEntry) -> list[tuple[str, str]]:
    source = entry.source
    origin = text(f"findings.limit.{source.origin}")
    return _labelled((("origin", origin), ("grade", source.grade), ("sources", "\n".join(source.citations))))


def _choice_words(joined: Library, name: str, when: When) -> str:
    entry = joined.advice[name]
    notes = [name]
    notes += [text("explain.with_answers", answers=when_words(when))] if when else []
    notes += [text("explain.never_with_answers", answers=when_words(entry.not_with))] if entry.not_with else []
    return f"{joined.words('advice', entry, 'title')} ({'; '.join(notes)})"


def test_words(test: Test) -> str:
    """Say what a test holds against what."""
    if test.told:
        asked: Any = {name: limit for name in _RANGES if (limit := getattr(test, name)) is not None}
        return text("explain.answer", asked=_entry_words(test.told, asked or list(test.classes)))
    if test.differs:
        return text("explain.differs")
    spec = CATALOGUE[test.metric]
    name = f"{spec.title} ({spec.name})"
    if test.classes:
        return f"{name}: {_joined('or', map(str, test.classes))}"
    for field in _RANGES:
        if (limit := getattr(test, field)) is not None:
            return f"{name} {text(f'explain.range.{field}')} {quantity(limit, spec.unit)}"
    sds, side = (test.above_band_sd, "above") if test.above_band_sd is not None else (test.below_band_sd, "below")
    return text(f"explain.band_{side}", name=name, sds=f"{sds:g}")


def when_words(when: When) -> str:
    """Say what answers are asked for: ``pain: calf or heel, and signs: warmth; or onset: twist``."""
    tables = (_joined("and", [_entry_words(name, asked) for name, asked in table.items()], ",") for table in when)
    return _joined("or", tables, ";")


def _entry_words(name: str, asked: Any) -> str:
    if isinstance(asked, Mapping):
        limits = (f"{text(f'explain.range.{how}')} {limit:g}" for how, limit in asked.items())
        return f"{_spaced(name)} {_joined('and', limits)}"
    answers = [text(f"findings.told.{str(one).lower()}") if isinstance(one, bool) else _spaced(one) for one in asked]
    if name.startswith("not_"):
        return text("explain.none_of", name=_spaced(name.removeprefix("not_")), answers=_joined("or", answers))
    if name.startswith("all_"):
        return f"{_spaced(name.removeprefix('all_'))}: {_joined('and', answers)}"
    return f"{_spaced(name)}: {_joined('or', answers)}"


def _joined(word: str, parts: Iterable[str], sign: str = "") -> str:
    return f"{sign} {text(f'explain.{word}')} ".join(parts)


def _spaced(name: str) -> str:
    return str(name).replace("_", " ")
