"""The words that the command line understands, and the help that teaches them."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module

from stockade import __version__
from stockade._columns import columns

Command = Callable[[argparse.Namespace], int]

DESCRIPTION = """\
Find what an outsider can do to a serverless application, from its template and its code.
Nothing of it is run, nothing leaves this machine, and no account is needed."""

EPILOG = """\
examples:
  stockade scan                        what is wrong in this folder, worst first
  stockade explain event-in-shell      why it matters, a bad and a good example
  stockade show surface                who can send what into which code
  stockade policy                      what each function's role should have been
  stockade compare old.json new.json   what a new policy allows that the old one did not

`stockade COMMAND --help` tells more of each."""

SCAN_EPILOG = """\
examples:
  stockade scan                                  the current folder
  stockade scan services/mail/template.yaml      one template and its code
  stockade scan --fail-on high                   only high and critical fail a build
  stockade scan --select C1,C2                   only these practices
  stockade scan --parameter Stage=prod           with a value for a parameter
  stockade scan --format html --output report.html
                                                 one page: the application drawn, steps played
  stockade scan --format sarif --output stockade.sarif --exit-zero
                                                 for code scanning services
  stockade scan --format json --output stockade.json --exit-zero
                                                 what is there today ...
  stockade scan --baseline stockade.json         ... and only what is new since then

exit codes:
  0   nothing found, or nothing as severe as --fail-on
  1   stockade failed or could not finish
  2   bad usage
  3   nothing to scan
  11, 12, 13, 14   the highest severity found is low, medium, high, critical"""

EXPLAIN_EPILOG = """\
examples:
  stockade explain                     every rule, by practice
  stockade explain event-in-shell      the page of a rule
  stockade explain C1                  a practice, and the rules that judge it"""

SHOW_EPILOG = """\
views:
  functions   each function: its code, what invokes it, its role
  routes      each route that reaches a function, and its authorizer
  roles       each role, the functions that act as it, its policies
  grants      each statement of each role
  flows       data that reaches a call where it does harm
  surface     entry points, the most exposed first, and the code behind them
  privileges  actions on resources: how many each function was granted, how many it needs
  controls    whose each control is: AWS's, the application's, nobody's
  unknowns    what was not seen or not understood, and why
  paths       what outsiders can reach, move by move, and what cuts it
  radius      what is lost with each function, if its code is taken over
  figures     the principles as numbers: surface, privileges, defence, whose it is

examples:
  stockade show paths
  stockade show surface
  stockade show functions,roles services/mail
  stockade show grants --format json"""


POLICY_EPILOG = """\
examples:
  stockade policy                                  needed, given and the difference
  stockade policy --function Intake --format sam   the exact policy, to paste

What a function needs is read from its code: each call of AWS, the action that it is authorized
for, and the resource that its arguments name, through the template. The exact policy is checked
by stockade's own evaluator: every need is allowed, and no statement can be spared. What cannot be
known is said, and is never `*`."""

ACCESS_EPILOG = """\
examples:
  stockade access --principal Intake --action s3:GetObject --resource MailBucket/incoming/1
  stockade access --action s3:GetObject --resource MailBucket/incoming/1
                                             may anyone, without signing?
  stockade access --cases cases.jsonl        a decision for each line
  generate | stockade access --cases -       from the standard input

A case is a JSON object: a request and the policies that bear on it. docs/iam.md tells its form
under "Access cases". Out comes a line each: the decision, and the statements that made it."""

COMPARE_EPILOG = """\
examples:
  stockade compare old.json new.json               policies of a role or user
  stockade compare --type resource old.json new.json
                                                   policies of a bucket, queue, key ...
  stockade compare --type trust old.json new.json --format json
  stockade compare ../main .                       two versions of an application: every role,
                                                   trust policy and resource policy of it

exit codes:
  0   the new policy or version allows nothing that the old one did not
  10  it does, and a request is shown that proves it
  1   it cannot be proved, or a policy is malformed"""


CATALOGUE_EPILOG = """\
examples:
  stockade catalogue                        of when it is, and what it was made from
  stockade catalogue update                 from AWS's public reference: this asks the network
  stockade catalogue update --from FOLDER   from a copy of it, where there is no network

No other command asks the network for anything, and no scan ever does."""


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse the arguments; `run` of the result is the command. Exits with 2 if they are wrong."""
    return parser().parse_args(argv)


def parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    top = _parser("stockade", DESCRIPTION, EPILOG, argparse.ArgumentParser)
    top.add_argument("--version", action="version", version=f"stockade {__version__}")
    commands = top.add_subparsers(
        title="commands", metavar="COMMAND", required=True, prog="stockade"
    )
    _scan(commands)
    _explain(commands)
    _show(commands)
    _policy(commands)
    _access(commands)
    _compare(commands)
    _catalogue(commands)
    return top


class _Help(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal, which `argparse` would ask `shutil` for: 3 ms of importing."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)


def _parser(
    name: str, description: str, epilog: str, make: Callable[..., argparse.ArgumentParser]
) -> argparse.ArgumentParser:
    return make(
        name,
        description=description,
        epilog=epilog,
        formatter_class=_Help,
        allow_abbrev=False,
    )


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    says: str,
    epilog: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=says,
        description=f"{says[0].upper()}{says[1:]}.",
        epilog=epilog,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    command.set_defaults(run=_lazy(name))
    return command


def _lazy(name: str) -> Command:
    """Import a command's module only when it runs: `--help` needs none of them."""

    def run(arguments: argparse.Namespace) -> int:
        command: Command = import_module(f"stockade.cli.{name}").run
        return command(arguments)

    return run


def _scan(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(commands, "scan", "what is wrong, worst first", SCAN_EPILOG)
    _path(command)
    report = command.add_argument_group("the report")
    report.add_argument(
        "--format",
        choices=("text", "json", "sarif", "html", "github", "junit"),
        default="text",
        help="text unless given; github: annotations of a workflow run",
    )
    report.add_argument("--output", metavar="FILE", help="write the report there, not to stdout")
    report.add_argument(
        "--relative-to",
        metavar="FOLDER",
        help="paths in SARIF count from there, not from the scanned folder",
    )
    report.add_argument(
        "--full", action="store_true", help="tell every finding with its steps, however many"
    )
    report.add_argument(
        "--quiet", action="store_true", help="findings only: no totals, no progress"
    )
    _color(report)
    report.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        help="the lowest of low, medium, high, critical to fail on",
    )
    report.add_argument(
        "--baseline",
        metavar="FILE",
        help="an earlier report, in JSON or SARIF: only what is new counts",
    )
    report.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    report.add_argument("--profile-stages", action="store_true", help=argparse.SUPPRESS)
    _rules(command)
    _choices(command)


def _rules(command: argparse.ArgumentParser) -> None:
    rules = command.add_argument_group("the rules")
    rules.add_argument(
        "--persona",
        metavar="WHO",
        help="regular: what can be used or will break; strict: hygiene as well",
    )
    rules.add_argument(
        "--select", metavar="RULES", action="append", help="only these rules or practices"
    )
    rules.add_argument(
        "--ignore", metavar="RULES", action="append", help="not these rules or practices"
    )


def _choices(command: argparse.ArgumentParser) -> None:
    """Add what decides how an application is read."""
    group = command.add_argument_group("the application")
    group.add_argument(
        "--parameter",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="the value of a template parameter",
    )
    group.add_argument(
        "--parameter-file",
        metavar="FILE",
        action="append",
        default=[],
        help="values of template parameters, from a file in the scanned folder",
    )
    group.add_argument("--sam-environment", metavar="NAME", help="the table of samconfig.toml")
    group.add_argument(
        "--exclude", metavar="PATHS", action="append", help="leave out these paths of the folder"
    )
    group.add_argument("--config", metavar="FILE", help="read this configuration file")
    group.add_argument(
        "--isolated",
        action="store_true",
        help="believe nobody: no configuration and no ignores of the scanned folder",
    )


def _explain(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(commands, "explain", "the page of a rule or practice", EXPLAIN_EPILOG)
    command.add_argument("id", metavar="ID", nargs="?", help="a rule or practice; all if left out")
    _color(command)


def _show(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(
        commands, "show", "what stockade believes about the application", SHOW_EPILOG
    )
    command.add_argument("views", metavar="VIEW", help="one or more of the views below")
    _path(command)
    command.add_argument("--format", choices=("text", "json"), default="text", help="text or json")
    command.add_argument("--output", metavar="FILE", help="write there, not to stdout")
    _color(command)
    _choices(command)


def _policy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(
        commands, "policy", "what each function's role should have been", POLICY_EPILOG
    )
    _path(command)
    command.add_argument("--function", metavar="ID", help="only this function")
    command.add_argument(
        "--format",
        choices=("text", "json", "sam", "cloudformation", "serverless", "terraform"),
        default="text",
        help="text unless given; sam and the others are text to paste into a template",
    )
    command.add_argument("--output", metavar="FILE", help="write there, not to stdout")
    _color(command)
    _choices(command)


def _access(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(
        commands,
        "access",
        "whether policies allow requests, and which statement says so",
        ACCESS_EPILOG,
    )
    _path(command)
    question = command.add_argument_group("the question")
    question.add_argument(
        "--principal", metavar="WHO", help="a function, a role or an ARN; unsigned if left out"
    )
    question.add_argument("--action", metavar="ACTION", help="such as s3:GetObject")
    question.add_argument(
        "--resource", metavar="WHAT", help="a resource, one with /... for what is in it, or an ARN"
    )
    question.add_argument(
        "--context",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="what a condition key holds; others are not known",
    )
    command.add_argument(
        "--cases",
        metavar="FILE",
        help="a file of cases, one JSON object a line or an array of them, or -",
    )
    _choices(command)


def _compare(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(
        commands,
        "compare",
        "what a new policy or version allows that the old one did not",
        COMPARE_EPILOG,
    )
    command.add_argument(
        "old", metavar="OLD", help="a policy document, a folder or a template, as it was"
    )
    command.add_argument("new", metavar="NEW", help="the same as it shall be")
    command.add_argument(
        "--type",
        choices=("identity", "resource", "trust"),
        help="what policies are attached to: identity unless given; of applications, only these",
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="text or json")
    _color(command)


def _catalogue(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = _command(
        commands, "catalogue", "what stockade knows of AWS, and newer facts", CATALOGUE_EPILOG
    )
    command.add_argument(
        "verb", nargs="?", choices=("show", "update"), default="show", help="show unless given"
    )
    command.add_argument(
        "--from",
        dest="source",
        metavar="SOURCE",
        help="a folder, zip file or address to update from; AWS's own reference unless given",
    )


def _path(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "path", metavar="PATH", nargs="?", default=".", help="a folder or a template (.)"
    )


def _color(command: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    command.add_argument(
        "--color",
        metavar="WHEN",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto, always or never; auto minds NO_COLOR",
    )
