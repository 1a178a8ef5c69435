"""`stockade access`: may this principal do this action on this resource, and who says so."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.api import applications as load
from stockade.cli.choices import config_of
from stockade.cli.output import write
from stockade.errors import InputError, near
from stockade.model import Application
from stockade.reports.untrusted import shown

if TYPE_CHECKING:
    from stockade.analysis.access import Answer


def run(arguments: argparse.Namespace) -> int:
    """Answer a stream of cases, a line each as it comes, or one question about an application."""
    if arguments.cases is not None:
        return _stream(arguments.cases)
    if arguments.action is None or arguments.resource is None:
        message = "a question needs --action and --resource"
        raise InputError(message, "`stockade access --help` shows one; --cases takes many")
    return _answer(arguments)


def _stream(cases: str) -> int:
    from stockade.iam.cases import run_cases  # noqa: PLC0415 - only this command decides

    for answer in run_cases(_lines(cases)):
        write(f"{answer}\n", None)
    return 0


def _answer(arguments: argparse.Namespace) -> int:
    from stockade.analysis.access import Access  # noqa: PLC0415 - only this question needs it

    loaded = load(arguments.path, config_of(arguments))
    context = dict(_pair(text) for text in arguments.context)
    for app in loaded:
        if arguments.principal is None or _holds(app, arguments.principal):
            answer = Access(app).ask(
                arguments.principal, arguments.action, arguments.resource, context
            )
            write(_told(arguments.action, answer), None)
            return 0
    names = sorted({name for app in loaded for name in (*app.functions, *app.roles)})
    message = f"no application in {arguments.path} has a function or role {arguments.principal!r}"
    hint = near(arguments.principal, names) or "`stockade show functions` lists them"
    raise InputError(message, hint)


def _holds(app: Application, principal: str) -> bool:
    return principal.startswith("arn:") or principal in app.functions or principal in app.roles


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        message = f"{text!r} is no condition key with a value"
        raise InputError(message, "write --context aws:SourceIp=203.0.113.9")
    return key, value


def _told(action: str, answer: "Answer") -> str:
    """Say the decision in a sentence, then quote the statements that made it."""
    effect = str(answer.decision.effect)
    says = {
        "Allowed": f"{answer.principal} may do {action} on {answer.resource}",
        "ImplicitlyDenied": f"{answer.principal} may not do {action} on {answer.resource}:"
        " nothing allows it",
        "ExplicitlyDenied": f"{answer.principal} may not do {action} on {answer.resource}:"
        " it is denied",
    }
    unknown = f"whether {answer.principal} may do {action} on {answer.resource} is not known"
    lines = [shown(says.get(effect, unknown))]
    for reason in answer.because:
        at = f"  {reason.at}" if reason.at is not None else ""
        lines.append(shown(f"  {reason.text}{at}"))
    if answer.decision.unknown:
        lines.append(shown(f"  decided by: {', '.join(answer.decision.unknown)}"))
    lines += [shown(f"  not read: {one.why}  {one.at}") for one in answer.unread]
    return "".join(f"{line}\n" for line in lines)


def _lines(file: str) -> Iterable[str]:
    """Read the cases from a file, or from the standard input where it is `-`."""
    if file == "-":
        yield from sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8") as lines:
            yield from lines
    except (OSError, UnicodeDecodeError) as error:
        message = f"the cases in {file} cannot be read: {error}"
        raise InputError(
            message, "name a file of JSON Lines, or - for the standard input"
        ) from error
