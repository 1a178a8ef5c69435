"""Event data is part of an SQL statement. Its page is docs/rules/event-in-sql.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript


@rule(
    title="event data is part of an SQL statement",
    harm=Severity.CRITICAL,
    practice="C2",
    cwe=(89,),
)
def event_in_sql(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into the text of an SQL or PartiQL statement."""
    return from_flows(app, facts.flows_into("sql"), _can, _instead)


def _can(flow: Flow) -> str:
    return f"change the statement that {flow.function} runs on its data"


_PARAMETERS = {
    "sqlite3": "`?` and a tuple",
    "pyodbc": "`?` and a tuple",
    "aws.dynamodb": "`?` and Parameters=[...]",
    "aws.rds-data": "`:name` and parameters=[...]",
    "aws.redshift-data": "`:name` and Parameters=[...]",
    "aws.athena": "`?` and ExecutionParameters=[...]",
    "sqlalchemy": "`:name` in text() and a dictionary",
    "asyncpg": "`$1` and arguments",
    "oracledb": "`:name` and a dictionary",
    "cx_Oracle": "`:name` and a dictionary",
    "npm:pg": "`$1` and an array",
    "npm:knex": "`?` and an array",
    "npm:@prisma/client": "the tagged template $queryRaw`...`",
    "npm:": "`?` and an array",
}


def _prefix(name: str) -> str:
    return name if name.endswith(":") else f"{name}."


def _instead(flow: Flow) -> str:
    field = carried(flow)
    found = (how for name, how in _PARAMETERS.items() if flow.callee.startswith(_prefix(name)))
    how = next(found, "`%s` and a tuple")
    if in_javascript(flow):
        how = how.replace("=", ": ")
    return f"keep the statement constant and pass {field} as a parameter: {how}"
