"""`stockade compare`: what a new policy, or a new version of an application, newly allows."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.cli.output import complain, write, write_lines
from stockade.errors import InputError

if TYPE_CHECKING:
    from stockade.iam import Policy

EXIT_CODES = {"none": 0, "new": 10, "unknown": 1}


def run(arguments: argparse.Namespace) -> int:
    """Compare two documents or two applications, and give the verdict as the exit code."""
    kinds = {file: _is_application(Path(file)) for file in (arguments.old, arguments.new)}
    if all(kinds.values()):
        return _applications(arguments)
    if any(kinds.values()):
        message = f"{arguments.old} and {arguments.new} cannot be compared: one is a policy"
        raise InputError(message, "name two policies, two templates or two folders")
    return _documents(arguments)


def _is_application(path: Path) -> bool:
    """Tell whether a path is a folder or a template; all else is read as a policy document."""
    if path.is_dir() or path.suffix.lower() in (".yaml", ".yml", ".template"):
        return True
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "Resources" in document


# --- two versions of an application ------------------------------------------------------


def _applications(arguments: argparse.Namespace) -> int:
    from stockade import api  # noqa: PLC0415 - policies need none of it
    from stockade.reports import comparison  # noqa: PLC0415
    from stockade.reports.comparison import json as machine  # noqa: PLC0415

    types = (arguments.type,) if arguments.type else None
    compared = api.compare(arguments.old, arguments.new, types)
    if arguments.format == "json":
        write(machine.render(compared), None)
    else:
        told = comparison.lines(compared, arguments.old, arguments.new)
        write_lines(told, arguments.color, None)
    return EXIT_CODES[compared.verdict]


# --- two policies ------------------------------------------------------------------------


def _documents(arguments: argparse.Namespace) -> int:
    from stockade.iam import PolicyError, parse  # noqa: PLC0415 - only this command compares
    from stockade.iam.compare import compare, comparison_json  # noqa: PLC0415

    try:
        old, new = (parse(_text(file), name=file) for file in (arguments.old, arguments.new))
    except PolicyError as error:
        complain(str(error), error.hint)
        return EXIT_CODES["unknown"]
    compared = compare(old, new, arguments.type or "identity", actions=_actions(old, new))
    plain = comparison_json(compared)
    if arguments.format == "json":
        write(json.dumps(plain, ensure_ascii=False) + "\n", None)
    else:
        write(_told(arguments, compared.verdict, plain), None)
    return EXIT_CODES[compared.verdict]


def _actions(*policies: "Policy") -> tuple[str, ...]:
    """Return the names of the actions of the services that the policies name.

    A request that shows a difference is told with an action that AWS has.
    """
    from stockade import catalogue  # noqa: PLC0415 - only this command compares

    return catalogue.action_names(
        action
        for policy in policies
        for statement in policy.statements
        for action in statement.actions
    )


def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the policy in {file} cannot be read: {error}"
        raise InputError(
            message, "name two JSON policy documents, templates or folders"
        ) from error


def _told(arguments: argparse.Namespace, verdict: str, plain: dict[str, object]) -> str:
    """Say the verdict in a sentence, then the request that shows it and the statements."""
    says = {
        "none": f"{arguments.new} allows nothing that {arguments.old} did not",
        "new": f"{arguments.new} allows what {arguments.old} did not, such as this request:",
        "unknown": f"whether {arguments.new} allows more than {arguments.old} cannot be proved",
    }
    lines = [says[verdict]]
    witness = plain["witness"]
    if isinstance(witness, dict):
        lines += [f"  {name:<9} {_words(value)}" for name, value in witness.items() if value]
    reasons = plain["because"]
    if isinstance(reasons, list):
        lines += [f"  because   {reason}" for reason in reasons]
    return "".join(f"{line}\n" for line in lines)


def _words(value: object) -> str:
    if isinstance(value, dict):
        told = [f"{key}={_words(each)}" for key, each in value.items() if each]
        return ", ".join(told)
    if isinstance(value, list):
        return " and ".join(map(str, value))
    return str(value)
