"""`stockade show`: what stockade believes about an application."""

import argparse
from collections.abc import Iterator, Sequence

from stockade import cli
from stockade.api import Examined, examine
from stockade.cli.choices import config_of
from stockade.cli.output import complain, write, write_lines
from stockade.errors import InputError, near
from stockade.model import RuleFailure
from stockade.reports import show
from stockade.reports.tables import NO_APPLICATION, VIEWS, View, not_seen


def run(arguments: argparse.Namespace) -> int:
    """Write the views that were asked for."""
    names = _names(arguments.views)
    config = config_of(arguments)
    failures: list[RuleFailure] = []
    examined = examine(arguments.path, config)
    views = tuple(_views(examined, names, failures))
    if not views and not failures:
        complain(
            f"nothing was read: {arguments.path} holds no template that could be read",
            "`stockade scan` tells why",
        )
        return cli.NOTHING_TO_SCAN
    if arguments.format == "json":
        write(show.as_json(views), arguments.output, arguments.path)
    else:
        write_lines(show.lines(views), arguments.color, arguments.output, arguments.path)
    for failure in failures:
        complain(f"{failure.rule} failed on {failure.application}: {failure.error}")
    return cli.FAILED if failures else 0


def _names(words: str) -> tuple[str, ...]:
    names = tuple(word.strip() for word in words.split(",") if word.strip())
    for name in names:
        if name not in VIEWS:
            known = tuple(VIEWS)
            hint = near(name, known) or f"the views are {', '.join(known)}"
            message = f"{name!r} is no view"
            raise InputError(message, hint)
    return names


def _views(
    examined: Examined, names: Sequence[str], failures: list[RuleFailure]
) -> Iterator[View]:
    """Make the rows of one application before the next is analysed."""
    for app, facts in examined.applications:
        if isinstance(facts, RuleFailure):
            failures.append(facts)
            continue
        for name in names:
            yield View(app.name, name, tuple(VIEWS[name](app, facts)))
    if examined.unseen and "unknowns" in names:
        yield View(NO_APPLICATION, "unknowns", tuple(not_seen(examined.unseen)))
