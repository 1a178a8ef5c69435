"""`stockade policy`: what each function's role should have been."""

import argparse
from collections.abc import Iterator

from stockade import cli
from stockade.analysis.least_privilege import Judgement, judge
from stockade.analysis.least_privilege.split import Part, parts
from stockade.analysis.permissions import needs
from stockade.api import Examined, examine
from stockade.cli.choices import config_of
from stockade.cli.output import complain, write, write_lines
from stockade.errors import InputError, near
from stockade.model import RuleFailure
from stockade.reports import policy
from stockade.reports.policy import json, snippets


def run(arguments: argparse.Namespace) -> int:
    """Judge every function, or the one that was asked for."""
    examined = examine(arguments.path, config_of(arguments))
    failures: list[RuleFailure] = []
    split: dict[str, tuple[Part, ...]] = {}
    judgements = _chosen(list(_judged(examined, failures, split)), arguments.function)
    for failure in failures:
        complain(f"{failure.rule} failed on {failure.application}: {failure.error}")
    if not judgements and not failures:
        complain(
            f"nothing was judged: {arguments.path} holds no function whose code is read",
            "`stockade show unknowns` tells what was not seen",
        )
        return cli.NOTHING_TO_SCAN
    if arguments.format == "text":
        told = policy.lines(judgements, split)
        write_lines(told, arguments.color, arguments.output, arguments.path)
    elif arguments.format == "json":
        write(json.render(judgements, split), arguments.output, arguments.path)
    else:
        write(snippets.FORMATS[arguments.format](judgements), arguments.output, arguments.path)
    return cli.FAILED if failures else 0


def _judged(
    examined: Examined, failures: list[RuleFailure], split: dict[str, tuple[Part, ...]]
) -> Iterator[Judgement]:
    """Judge every function; what it should be split into is put into `split`."""
    for app, facts in examined.applications:
        if isinstance(facts, RuleFailure):
            failures.append(facts)
        else:
            for function in app.functions.values():
                if found := parts(app, facts, function):
                    split[function.id] = found
            yield from judge(app, needs(app, facts))


def _chosen(judgements: list[Judgement], name: str | None) -> list[Judgement]:
    if name is None:
        return judgements
    found = [one for one in judgements if name in {one.function, one.logical_id}]
    if not found:
        known = tuple(sorted(one.function for one in judgements))
        message = f"there is no function {name!r} whose code is read"
        raise InputError(message, near(name, known) or f"there are {', '.join(known[:8])}")
    return found
