"""Event data is run by a shell. Its page is docs/rules/event-in-shell.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript


@rule(title="event data is run by a shell", harm=Severity.CRITICAL, practice="C1", cwe=(78,))
def event_in_shell(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into a command."""
    return from_flows(app, facts.flows_into("shell"), _can, _instead)


def _can(flow: Flow) -> str:
    if flow.callee.startswith("aws."):
        return f"run commands on the machines that {flow.function} commands"
    return f"run commands in {flow.function}"


def _instead(flow: Flow) -> str:
    field = carried(flow)
    if flow.callee.startswith("aws.") and in_javascript(flow):
        return f"quote {field} with shell-quote, or run a fixed command that reads it as data"
    if flow.callee.startswith(("paramiko.", "fabric.", "invoke.", "aws.")):
        return f"pass shlex.quote() of {field}, or run a fixed command that reads it as data"
    if in_javascript(flow):
        return (
            f"run a program without a shell, execFile(program, [...]), with {field} as one of the "
            "arguments after `--`"
        )
    if flow.argument.endswith("[0]") or flow.argument.startswith(("program", "executable")):
        return f"run a fixed program, and let {field} only choose among programs named here"
    return (
        f"pass a list of arguments without a shell, subprocess.run([program, ...]), with {field} "
        "as one of them after `--`"
    )
