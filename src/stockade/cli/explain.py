"""`stockade explain`: the page of a rule, or the rules of a practice."""

import argparse
import sys
from collections.abc import Iterator

from stockade.cli.output import write, write_lines
from stockade.errors import InputError, near
from stockade.model import RuleInfo
from stockade.reports.layout import Line, Piece, line
from stockade.reports.paint import in_colour, paint_markdown
from stockade.rules import RULES
from stockade.rules.pages import page


def run(arguments: argparse.Namespace) -> int:
    """Write the page that was asked for."""
    rules = [rule.info for rule in RULES]
    wanted = arguments.id
    if wanted is None:
        write_lines(_listed(rules), arguments.color, None)
        return 0
    ids = [rule.id for rule in rules if wanted == rule.id]
    ids = ids or [rule.id for rule in rules if wanted.upper() == rule.practice]
    if not ids:
        raise _no_such(wanted, rules)
    if len(ids) > 1:
        write_lines(_listed(rule for rule in rules if rule.id in ids), arguments.color, None)
    elif in_colour(sys.stdout, arguments.color):
        paint_markdown(page(ids[0]), sys.stdout)
    else:
        write(page(ids[0]), None)
    return 0


def _no_such(wanted: str, rules: list[RuleInfo]) -> InputError:
    names = sorted({name for rule in rules for name in (rule.id, rule.practice)})
    hint = near(wanted, tuple(names)) or "`stockade explain` lists them"
    return InputError(f"{wanted!r} is neither a rule nor a practice", hint)


def _listed(rules: "Iterator[RuleInfo] | list[RuleInfo]") -> Iterator[Line]:
    """Yield a line for each rule, by practice."""
    ordered = list(rules)
    column = max((len(rule.id) for rule in ordered), default=0)
    for rule in ordered:
        severity = rule.harm.name.lower()
        yield line(
            Piece(f"{rule.practice:<4}", "dim"),
            Piece(rule.id.ljust(column), "claim"),
            "  ",
            Piece(f"{severity:<8}", severity),
            f"  {rule.title}",
        )
