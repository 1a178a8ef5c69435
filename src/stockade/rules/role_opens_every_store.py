"""A role opens all data. Its page is docs/rules/role-opens-every-store.md."""

from collections.abc import Iterator

from stockade.analysis.escalation import escalations
from stockade.analysis.facts import Facts
from stockade.analysis.stores.grants import wide
from stockade.analysis.stores.symbols import Symbols
from stockade.model import (
    Application,
    Confidence,
    Match,
    Severity,
    Step,
)
from stockade.rules._advice import advice
from stockade.rules._matches import roles_within_reach
from stockade.rules._rule import rule
from stockade.rules._stores import all_that


@rule(
    title="a role opens every store of the account",
    harm=Severity.MEDIUM,
    practice="B4",
    cwe=(250, 732),
)
def role_opens_every_store(app: Application, facts: Facts) -> Iterator[Match]:
    """Report rights on every bucket, table or secret, held by functions that outsiders reach."""
    symbols = Symbols(app)
    ways = escalations(app)
    for within in roles_within_reach(app, facts):
        function, reached = within.function, facts.exposures[within.source]
        # A statement by which the role becomes administrator is told once.
        told = {at for way in ways.get(within.role, ()) for at in way.by}
        for found in wide(app.roles[within.role], symbols):
            yield Match(
                at=found.at,
                message=f"one mistake in {function.id} is enough to {all_that(found)}",
                because=(*reached.because, Step(found.at, "and its role may do all that")),
                confidence=Confidence.HIGH,
                exposure=reached.exposure,
                identity=(within.role, *found.reads, "", *found.writes),
                resource=function.id,
                help=advice(
                    app,
                    within.role,
                    "name the stores of this application in Resource (`!GetAtt Table.Arn`, "
                    "`!Sub ${Bucket.Arn}/*`) and the actions that the code uses",
                    terraform="name the stores of this application in resources "
                    "(`aws_dynamodb_table.orders.arn`, `${aws_s3_bucket.cvs.arn}/*`) and the "
                    "actions that the code uses",
                    sst="name the stores of this application in resources (`orders.arn`, "
                    "$interpolate`${cvs.arn}/*`) and the actions that the code uses",
                    cdk="let each store grant what the code uses: `table.grant(fn, 'dynamodb:"
                    "GetItem')`, `bucket.grantRead(fn)`",
                    zappa="write the role's policy yourself, with the stores of this application "
                    "and the actions that the code uses, and name its file as `attach_policy`",
                ),
                mends=(found.at,),
                cause=() if found.at in told else (*found.reads, "", *found.writes),
                rests_on=(found.at,) if found.at in told else (),
            )
