"""`stockade scan`: what is wrong, worst first."""

import argparse
import sys
import time
from pathlib import Path

from stockade import cli
from stockade.api import Progress, scan
from stockade.cli.choices import config_of, folder_of
from stockade.cli.output import complain, write, write_lines
from stockade.cli.progress import Bar, Stages
from stockade.config import Config
from stockade.errors import InputError, near
from stockade.model import Report
from stockade.model.record import replace
from stockade.reports.words import place

MEASURED = ("html", "json")
"""Formats that show what is lost with each function, and the figures of the principles."""

TOLD = 10
"""Reasons that are told when nothing could be scanned."""


def run(arguments: argparse.Namespace) -> int:
    """Scan, write the report, and return the exit code that says what was found."""
    config = config_of(arguments)
    _check_folder(arguments.relative_to, arguments.path)
    stages = Stages()
    bar = Bar(sys.stderr) if sys.stderr.isatty() and not arguments.quiet else None

    def progress(stage: str, done: int, total: int) -> None:
        stages(stage, done, total)
        if bar is not None:
            bar(stage, done, total)

    report = _scan(arguments, config, progress, bar)
    stages("report")
    _warn_of_parameters(report, arguments.parameter)
    if report.applications or arguments.format != "text":
        _write(report, arguments, config, time.perf_counter() - arguments.began)
    if arguments.profile_stages:
        stages.write(sys.stderr, time.perf_counter() - arguments.began)
    if not report.applications:
        return _nothing(report, arguments.path)
    return exit_code(report, config, zero=arguments.exit_zero)


def _check_folder(folder: str | None, path: str) -> None:
    """Refuse a folder for paths that the scanned one does not lie in, before anything is done."""
    if folder is not None and not folder_of(path).resolve().is_relative_to(Path(folder).resolve()):
        message = f"--relative-to {folder}: {path} does not lie in it"
        raise InputError(message, "name a folder above the scanned one")


def exit_code(report: Report, config: Config, *, zero: bool = False) -> int:
    """Return 0, 1, or 10 plus the highest severity found.

    A rule that failed beats everything: a partial result never looks clean. `zero` is for
    services that read the report itself.
    """
    if report.failures:
        return cli.FAILED
    severity = report.severity
    if zero or severity is None or severity < config.fail_on:
        return 0
    return 10 + severity


def _scan(
    arguments: argparse.Namespace, config: Config, progress: Progress, bar: Bar | None
) -> Report:
    try:
        report = scan(
            arguments.path,
            config,
            progress=progress,
            least_privilege=arguments.format == "html",
            measure=arguments.format in MEASURED,
        )
    finally:
        if bar is not None:
            bar.clear()
    # Reports name places as the user would: relative to where they stand.
    return replace(report, root=report.root or ".")


def _write(report: Report, arguments: argparse.Namespace, config: Config, seconds: float) -> None:
    match arguments.format:
        case "json":
            from stockade.reports import json  # noqa: PLC0415 - one format is written

            write(json.render(report), arguments.output, arguments.path)
        case "sarif":
            from stockade.reports import sarif  # noqa: PLC0415
            from stockade.rules.pages import page  # noqa: PLC0415

            text = sarif.render(report, page, arguments.relative_to)
            write(text, arguments.output, arguments.path)
        case "html":
            from stockade.reports import html  # noqa: PLC0415

            write(html.render(report), arguments.output, arguments.path)
        case "github":
            from stockade.reports import github  # noqa: PLC0415

            write(github.render(report), arguments.output, arguments.path)
        case "junit":
            from stockade.reports import junit  # noqa: PLC0415

            write(junit.render(report, config.fail_on), arguments.output, arguments.path)
        case _:
            _write_text(report, arguments, config, seconds)


def _write_text(
    report: Report, arguments: argparse.Namespace, config: Config, seconds: float
) -> None:
    from stockade.reports.excerpt import WIDTH  # noqa: PLC0415
    from stockade.reports.paint import width  # noqa: PLC0415
    from stockade.reports.terminal import MARGIN, Style, lines  # noqa: PLC0415

    columns = width(sys.stdout, WIDTH + MARGIN) if arguments.output is None else WIDTH + MARGIN
    style = Style(
        full=arguments.full,
        quiet=arguments.quiet,
        width=max(columns, 2 * MARGIN) - MARGIN,
        seconds=seconds,
        left_out=(*config.ignore, *config.exclude),
    )
    write_lines(lines(report, style), arguments.color, arguments.output, arguments.path)


def _warn_of_parameters(report: Report, given: list[str]) -> None:
    """Tell of values for parameters that no template has: most likely they are misspelt."""
    stacks = [stack for app in report.applications for stack in app.stacks]
    known = sorted({name for stack in stacks for name in stack.parameters})
    for one in given:
        name = one.partition("=")[0]
        if stacks and name not in known:
            message = f"no template has a parameter {name!r}"
            complain(message, near(name, known), kind="warning")


def _nothing(report: Report, path: str) -> int:
    """Say that there was nothing to scan, and why what there was could not be read."""
    reasons = [f"{place(one.at, report.root)}: {one.why}" for one in report.unseen]
    more = [f"and {len(reasons) - TOLD} more"] if len(reasons) > TOLD else []
    complain(
        f"nothing was scanned: {path} holds no template"
        + (" that could be read" if reasons else "")
        + ", and no Lambda handler in Python or JavaScript",
        "name the folder or the template: stockade scan path/to/template.yaml",
        [*reasons[:TOLD], *more],
    )
    return cli.NOTHING_TO_SCAN
