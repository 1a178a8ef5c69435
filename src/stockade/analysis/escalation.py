"""How a role may raise its own power, by the names under which the ways are published.

A role is asked about a role, user, policy or function of the account that has nothing to do with
the application: what it may do to that, it may do to the account's administrator. The names are
those of "AWS IAM Privilege Escalation - Methods and Mitigation" of Rhino Security Labs, by which
Pacu's `iam__privesc_scan` tells them; ways that were published later are named alike.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from stockade.analysis.least_privilege.symbolic import ACCOUNT, role_arn
from stockade.analysis.managed import managed_policy
from stockade.analysis.policies.reading import Reading
from stockade.analysis.statements import effect, statements
from stockade.iam import Policies, Request, Source, StatementRef, decide
from stockade.iam.pattern import wildcard
from stockade.iam.symbolic import atom
from stockade.model import (
    Application,
    Location,
    Map,
    ResourceId,
    Role,
    expression,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

_PARTITION: Final = "aws"
_REGION: Final = atom("AWS::Region")
_OTHER: Final = atom("someone else's", unique=True)
_OWN: Final = "{own}"


def _iam(kind: str) -> str:
    return f"arn:{_PARTITION}:iam::{ACCOUNT}:{kind}/{_OTHER}"


def _of(service: str, rest: str) -> str:
    return f"arn:{_PARTITION}:{service}:{_REGION}:{ACCOUNT}:{rest}/{_OTHER}"


_ROLE, _USER, _GROUP, _POLICY = (_iam(kind) for kind in ("role", "user", "group", "policy"))
_FUNCTION: Final = f"arn:{_PARTITION}:lambda:{_REGION}:{ACCOUNT}:function:{_OTHER}"


@record
class Asked:
    """An action that a way needs, on one of some resources."""

    action: str
    resources: tuple[str, ...]
    passed_to: str = ""
    """The service that the role is passed to, where the action passes one."""


@record
class Way:
    """A published way to more power: what it needs, and what the attacker does."""

    name: str
    does: str
    asked: tuple[Asked, ...]


def _asks(action: str, *resources: str) -> Asked:
    return Asked(action, resources)


def _passing(service: str) -> Asked:
    return Asked("iam:PassRole", (_ROLE,), f"{service}.amazonaws.com")


WAYS: Final = (
    Way(
        "CreateNewPolicyVersion", "rewrite a policy", (_asks("iam:CreatePolicyVersion", _POLICY),)
    ),
    Way(
        "SetExistingDefaultPolicyVersion",
        "bring back an older version of a policy",
        (_asks("iam:SetDefaultPolicyVersion", _POLICY),),
    ),
    Way(
        "AttachRolePolicy",
        "attach AdministratorAccess to a role",
        (_asks("iam:AttachRolePolicy", _ROLE, _OWN),),
    ),
    Way(
        "PutRolePolicy",
        "write any permission into a role",
        (_asks("iam:PutRolePolicy", _ROLE, _OWN),),
    ),
    Way(
        "UpdatingAssumeRolePolicy",
        "let itself assume any role",
        (_asks("iam:UpdateAssumeRolePolicy", _ROLE),),
    ),
    Way("CreateAccessKey", "sign as any user", (_asks("iam:CreateAccessKey", _USER),)),
    Way("CreateLoginProfile", "sign in as a user", (_asks("iam:CreateLoginProfile", _USER),)),
    Way(
        "UpdateLoginProfile",
        "change any user's password",
        (_asks("iam:UpdateLoginProfile", _USER),),
    ),
    Way(
        "AttachUserPolicy",
        "attach AdministratorAccess to a user",
        (_asks("iam:AttachUserPolicy", _USER),),
    ),
    Way(
        "AttachGroupPolicy",
        "attach AdministratorAccess to a group",
        (_asks("iam:AttachGroupPolicy", _GROUP),),
    ),
    Way("PutUserPolicy", "write any permission into a user", (_asks("iam:PutUserPolicy", _USER),)),
    Way(
        "PutGroupPolicy",
        "write any permission into a group",
        (_asks("iam:PutGroupPolicy", _GROUP),),
    ),
    Way("AddUserToGroup", "put a user into any group", (_asks("iam:AddUserToGroup", _GROUP),)),
    Way(
        "PassExistingRoleToNewLambdaThenInvoke",
        "run a function of its own with any role",
        (
            _passing("lambda"),
            _asks("lambda:CreateFunction", _FUNCTION),
            _asks("lambda:InvokeFunction", _FUNCTION),
        ),
    ),
    Way(
        "PassExistingRoleToNewLambdaThenTriggerWithExistingDynamo",
        "run a function of its own with any role, by a table's stream",
        (
            _passing("lambda"),
            _asks("lambda:CreateFunction", _FUNCTION),
            _asks("lambda:CreateEventSourceMapping", "*"),
        ),
    ),
    Way(
        "EditExistingLambdaFunctionWithRole",
        "put its own code into any function",
        (_asks("lambda:UpdateFunctionCode", _FUNCTION),),
    ),
    Way(
        "EditExistingLambdaFunctionLayers",
        "put a layer of its own before the code of any function",
        (_asks("lambda:UpdateFunctionConfiguration", _FUNCTION),),
    ),
    Way(
        "PassExistingRoleToNewGlueDevEndpoint",
        "open a shell with any role",
        (_passing("glue"), _asks("glue:CreateDevEndpoint", "*")),
    ),
    Way(
        "PassExistingRoleToNewGlueJob",
        "run a job of its own with any role",
        (
            _passing("glue"),
            _asks("glue:CreateJob", _of("glue", "job")),
            _asks("glue:StartJobRun", _of("glue", "job")),
        ),
    ),
    Way(
        "PassExistingRoleToCloudFormation",
        "deploy a stack with any role",
        (
            _passing("cloudformation"),
            _asks("cloudformation:CreateStack", _of("cloudformation", "stack")),
        ),
    ),
    Way(
        "PassExistingRoleToNewStateMachine",
        "run a state machine of its own with any role",
        (
            _passing("states"),
            _asks("states:CreateStateMachine", _of("states", "stateMachine")),
            _asks("states:StartExecution", _of("states", "stateMachine")),
        ),
    ),
    Way(
        "PassExistingRoleToNewCodeBuildProject",
        "run a build of its own with any role",
        (
            _passing("codebuild"),
            _asks("codebuild:CreateProject", _of("codebuild", "project")),
            _asks("codebuild:StartBuild", _of("codebuild", "project")),
        ),
    ),
    Way(
        "PassExistingRoleToNewSageMakerNotebook",
        "open a notebook with any role",
        (
            _passing("sagemaker"),
            _asks("sagemaker:CreateNotebookInstance", _of("sagemaker", "notebook-instance")),
            _asks(
                "sagemaker:CreatePresignedNotebookInstanceUrl",
                _of("sagemaker", "notebook-instance"),
            ),
        ),
    ),
    Way(
        "PassExistingRoleToNewECSTask",
        "run a container of its own with any role",
        (
            _passing("ecs-tasks"),
            _asks("ecs:RegisterTaskDefinition", _of("ecs", "task-definition")),
            _asks("ecs:RunTask", _of("ecs", "task-definition")),
        ),
    ),
    Way(
        "CreateEC2WithExistingIP",
        "start a machine with any role",
        (
            _passing("ec2"),
            _asks("ec2:RunInstances", _of("ec2", "instance")),
        ),
    ),
    Way(
        "PassExistingRoleToNewDataPipeline",
        "run a pipeline of its own with any role",
        (
            _passing("datapipeline"),
            _asks("datapipeline:CreatePipeline", "*"),
            _asks("datapipeline:PutPipelineDefinition", _of("datapipeline", "pipeline")),
            _asks("datapipeline:ActivatePipeline", _of("datapipeline", "pipeline")),
        ),
    ),
)

EVERYTHING: Final = Way(
    "AdministratorAccess",
    "do anything in the account: its role is administrator already",
    (_asks("stockade:Anything", f"arn:{_PARTITION}:stockade:{_REGION}:{ACCOUNT}:{_OTHER}"),),
)
"""Stands for what only a statement on every action and every resource allows."""

_ACTIONS: Final = frozenset(one.action.lower() for way in (*WAYS, EVERYTHING) for one in way.asked)
_SERVICES: Final = frozenset(action.partition(":")[0] for action in _ACTIONS)


@record
class Escalation:
    """A way that a role has, and the statements that open it."""

    way: Way
    by: tuple[Location, ...]


@remembered
def escalations(app: Application) -> Mapping[ResourceId, tuple[Escalation, ...]]:
    """Return the ways that roles surely have, whatever their conditions turn out to be.

    A role that may do everything has one, `EVERYTHING`. Nothing is said of a role whose
    permissions boundary is not read.
    """
    reading: Reading | None = None
    found: dict[ResourceId, tuple[Escalation, ...]] = {}
    for role in app.roles.values():
        if _is_worth_asking(role):
            reading = reading or Reading(app)
            ways = tuple(_ways(role, reading))
            if ways:
                found[role.id] = ways
    return found


def _is_worth_asking(role: Role) -> bool:
    """Tell whether the policies of a role name all actions of a way."""
    patterns: set[str] = set()
    for policy in role.policies:
        known = managed_policy(policy.managed_arn)
        if known is not None:
            patterns.update(_actions_of(known.document))
            continue
        for statement in statements(policy.document):
            if effect(statement) == "allow":
                patterns.update(("*",) if "NotAction" in statement else _texts(statement))
    return _name_way(frozenset(patterns))


def _texts(statement: Map) -> Iterator[str]:
    return (expression(one).lower() for one in inside(statement, "Action", "[]"))


def _actions_of(document: object) -> Iterator[str]:
    """Yield the actions that a policy of AWS's allows."""
    listed = document.get("Statement", ()) if isinstance(document, Mapping) else ()
    for statement in (listed,) if isinstance(listed, Mapping) else listed:
        if statement.get("Effect") == "Allow":
            actions = statement.get("Action", "*")
            yield from map(str.lower, (actions,) if isinstance(actions, str) else actions)


@lru_cache(maxsize=1024)
def _name_way(patterns: frozenset[str]) -> bool:
    named = patterns & _ACTIONS
    covering = [wildcard(one) for one in patterns - named if _covers_many(one)]
    if covering:
        named |= {action for action in _ACTIONS if any(covers(action) for covers in covering)}
    return any(
        all(one.action.lower() in named for one in way.asked) for way in (*WAYS, EVERYTHING)
    )


def _covers_many(pattern: str) -> bool:
    """Tell whether a pattern may cover several of the actions that ways need."""
    service, _, name = pattern.partition(":")
    any_service = "*" in service or "?" in service
    return any_service or (service in _SERVICES and ("*" in name or "?" in name))


def _ways(role: Role, reading: Reading) -> Iterator[Escalation]:
    held = reading.held(role)
    if held.boundary is not None and held.boundary.unread:
        return
    policies = Policies(
        identity=held.identity.policies,
        boundary=held.boundary.policies if held.boundary is not None else None,
    )
    own = role_arn(role.id, _PARTITION)
    for way in (EVERYTHING, *WAYS):
        by = _has(way, own, policies)
        if by:
            places = (held.identity.places[one.policy][one.index] for one in by)
            yield Escalation(way, tuple(dict.fromkeys(places)))
            if way is EVERYTHING:
                return


def _has(way: Way, own: str, policies: Policies) -> tuple[StatementRef, ...]:
    """Return the statements that allow all that a way asks for; none where something is not."""
    if not all(policies.mentions(asked.action) for asked in way.asked):
        return ()
    found: dict[StatementRef, None] = {}
    for asked in way.asked:
        by = next(filter(None, (_may(asked, one, own, policies) for one in asked.resources)), ())
        if not by:
            return ()
        found.update(dict.fromkeys(by))
    return tuple(found)


def _may(asked: Asked, resource: str, own: str, policies: Policies) -> tuple[StatementRef, ...]:
    context = {"iam:PassedToService": asked.passed_to} if asked.passed_to else {}
    arn = own if resource == _OWN else resource
    request = Request(own, asked.action, arn, account=ACCOUNT, context=context, unknown=("*",))
    decision = decide(request, policies)
    if not decision.allowed:
        return ()
    reasons = (one for one in decision.because if isinstance(one, StatementRef))
    return tuple(one for one in reasons if one.source is Source.IDENTITY)
