"""`stockade compare`: what a new policy allows that the old one did not."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.cli.output import complain, write
from stockade.errors import InputError

if TYPE_CHECKING:
    from stockade.iam import Policy

EXIT_CODES = {"none": 0, "new": 10, "unknown": 1}


def run(arguments: argparse.Namespace) -> int:
    """Compare two documents, and give the verdict as the exit code."""
    from stockade.iam import PolicyError, parse  # noqa: PLC0415 - only this command compares
    from stockade.iam.compare import compare, comparison_json  # noqa: PLC0415

    try:
        old, new = (parse(_text(file), name=file) for file in (arguments.old, arguments.new))
    except PolicyError as error:
        complain(str(error), error.hint)
        return EXIT_CODES["unknown"]
    compared = compare(old, new, arguments.type, actions=_actions(old, new))
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

    prefixes = {
        action.partition(":")[0].lower()
        for policy in policies
        for statement in policy.statements
        for action in statement.actions
    }
    services = [catalogue.service(prefix) for prefix in sorted(prefixes) if prefix.isalnum()]
    return tuple(
        action.full_name
        for service in services
        if isinstance(service, catalogue.Service)
        for action in service.actions.values()
    )


def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the policy in {file} cannot be read: {error}"
        raise InputError(message, "name two JSON policy documents") from error


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
