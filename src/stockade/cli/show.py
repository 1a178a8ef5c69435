"""`stockade show`: what stockade believes about an application."""

import argparse
from collections.abc import Iterator, Sequence
from itertools import chain

from stockade import cli
from stockade.api import Examined, examine, scan
from stockade.cli.choices import config_of
from stockade.cli.output import complain, write, write_lines
from stockade.config import Config
from stockade.errors import InputError, near
from stockade.model import Report, RuleFailure
from stockade.model.record import replace
from stockade.reports import reported, show
from stockade.reports.layout import Line
from stockade.reports.paths import in_full
from stockade.reports.reported import PATHS, REPORTED
from stockade.reports.tables import NO_APPLICATION, VIEWS, View, not_seen


def run(arguments: argparse.Namespace) -> int:
    """Write the views that were asked for."""
    names = _names(arguments.views)
    config = config_of(arguments)
    failures: list[RuleFailure] = []
    views = _believed(arguments, config, names, failures)
    report = _reported(arguments, config, names, failures)
    if report is not None:
        views += tuple(reported.views(report, [name for name in names if name in REPORTED]))
    if not views and not failures:
        complain(
            f"nothing was read: {arguments.path} holds no template that could be read",
            "`stockade scan` tells why",
        )
        return cli.NOTHING_TO_SCAN
    if arguments.format == "json":
        write(show.as_json(views), arguments.output, arguments.path)
    else:
        lines = chain(show.lines(one for one in views if one.name != PATHS), _paths(report, names))
        write_lines(lines, arguments.color, arguments.output, arguments.path)
    for failure in failures:
        complain(f"{failure.rule} failed on {failure.application}: {failure.error}")
    return cli.FAILED if failures else 0


def _believed(
    arguments: argparse.Namespace,
    config: Config,
    names: Sequence[str],
    failures: list[RuleFailure],
) -> tuple[View, ...]:
    wanted = [name for name in names if name in VIEWS]
    if not wanted:
        return ()
    return tuple(_views(examine(arguments.path, config), wanted, failures))


def _reported(
    arguments: argparse.Namespace,
    config: Config,
    names: Sequence[str],
    failures: list[RuleFailure],
) -> Report | None:
    """Scan, if a view was asked for that tells what a scan found."""
    if not any(name in REPORTED for name in names):
        return None
    report = scan(arguments.path, config, measure=True)
    failures.extend(report.failures)
    return replace(report, root=report.root or ".")


def _paths(report: Report | None, names: Sequence[str]) -> Iterator[Line]:
    """Yield the lines of the one view that is told move by move, not as a table."""
    if report is not None and PATHS in names:
        yield from () if len(names) == 1 else ((),)
        yield from in_full(report)


def _names(words: str) -> tuple[str, ...]:
    names = tuple(word.strip() for word in words.split(",") if word.strip())
    for name in names:
        if name not in VIEWS and name not in REPORTED:
            known = (*VIEWS, *REPORTED)
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
