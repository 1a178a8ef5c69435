"""`stockade explain`: the page of a rule, or a practice and the rules that judge it."""

import argparse
import sys
from collections.abc import Iterator

from stockade.cli.output import write, write_lines
from stockade.errors import InputError, near
from stockade.model import RuleInfo
from stockade.practices import PRACTICES, Practice
from stockade.reports.layout import Line, Piece, line
from stockade.reports.paint import in_colour, paint_markdown
from stockade.rules import RULES
from stockade.rules.pages import page


def run(arguments: argparse.Namespace) -> int:
    """Write the page or the list that was asked for."""
    rules = [rule.info for rule in RULES]
    wanted = arguments.id
    if wanted is None:
        write_lines(_listed(rules), arguments.color, None)
        return 0
    for practice in PRACTICES:
        if wanted.upper() == practice.id:
            write_lines(_practice(practice, rules), arguments.color, None)
            return 0
    if wanted not in {rule.id for rule in rules}:
        raise _no_such(wanted, rules)
    if in_colour(sys.stdout, arguments.color):
        paint_markdown(page(wanted), sys.stdout)
    else:
        write(page(wanted), None)
    return 0


def _no_such(wanted: str, rules: list[RuleInfo]) -> InputError:
    names = sorted({*(rule.id for rule in rules), *(practice.id for practice in PRACTICES)})
    hint = near(wanted, tuple(names)) or "`stockade explain` lists them"
    return InputError(f"{wanted!r} is neither a rule nor a practice", hint)


def _practice(practice: Practice, rules: list[RuleInfo]) -> Iterator[Line]:
    """Yield what a practice means, what judges it and what shows it."""
    yield line(Piece(practice.id, "claim"), f"  {practice.does}")
    yield line(Piece("    broken when ", "dim"), practice.broken)
    judging = [rule for rule in rules if rule.practice == practice.id]
    if judging:
        yield ()
        yield from _listed(judging)
        yield ()
        yield line(Piece(f"`stockade explain {judging[0].id}` tells more of a rule", "dim"))
    for figure in practice.figures:
        yield ()
        yield line(Piece("shown by  ", "dim"), f"{figure.command}  (docs/{figure.page}.md)")


def _listed(rules: list[RuleInfo]) -> Iterator[Line]:
    """Yield a line for each rule, by practice."""
    column = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        severity = rule.harm.name.lower()
        yield line(
            Piece(f"{rule.practice:<4}", "dim"),
            Piece(rule.id.ljust(column), "claim"),
            "  ",
            Piece(f"{severity:<8}", severity),
            f"  {rule.title}",
        )
