"""What rules say of roles that open all stores, and of what runs with a role."""

from typing import Final

from stockade._lists import several
from stockade.analysis.statements import effect, statements
from stockade.analysis.stores.grants import Wide
from stockade.model import Role, expression, inside

_RUNNING_CODE: Final = frozenset(
    {
        "codebuild.amazonaws.com",
        "ec2.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "glue.amazonaws.com",
        "lambda.amazonaws.com",
        "pods.eks.amazonaws.com",
        "sagemaker.amazonaws.com",
        "states.amazonaws.com",
        "tasks.apprunner.amazonaws.com",
    }
)
"""Services that run what an author writes. With the service roles of AWS Batch, EKS or EMR only
AWS itself acts; CloudFormation's may do what the templates ask for."""


def service_running(role: Role) -> str | None:
    """Name the service that runs an author's code with a role, if one does."""
    for statement in statements(role.trust):
        for service in inside(statement, "Principal", "Service", "[]"):
            name = expression(service).replace(".${AWS::Region}.", ".")
            if effect(statement) == "allow" and name in _RUNNING_CODE:
                return name.partition(".")[0]
    return None


def all_that(found: Wide) -> str:
    """Say what a policy opens: "read and change all tables of the account"."""
    both = [kind for kind in found.reads if kind in found.writes]
    only_read = [kind for kind in found.reads if kind not in found.writes]
    only_changed = [kind for kind in found.writes if kind not in found.reads]
    parts = [
        f"{verb} all {several(kinds)} of the account"
        for verb, kinds in (
            ("read and change", both),
            ("read", only_read),
            ("change", only_changed),
        )
        if kinds
    ]
    return " and ".join(parts)
