"""What least privilege says of one function, in the texts that reports show."""

from stockade.model.location import Location
from stockade.model.record import record
from stockade.model.unseen import Unseen
from stockade.model.value import ResourceId


@record(kw_only=True)
class Permission:
    """An action on a resource, and the line that needs or grants it.

    `resource` is an ARN as `Fn::Sub` would take it. `note` says what is worth knowing: what is
    used of a grant that is too wide.
    """

    action: str
    resource: str
    at: Location
    note: str = ""


@record(kw_only=True)
class PolicyStatement:
    """A statement of the policy that should stand there."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


@record(kw_only=True)
class LeastPrivilege:
    """What a function needs, lacks and has too much of, and the exact policy.

    `unknown` is what could not be known of the needs and of the grants: where there is any, the
    policy is not complete. `proved` if the evaluator allowed every need under the policy and
    found no statement that can be spared.
    """

    application: str
    function: ResourceId
    needed: tuple[Permission, ...]
    missing: tuple[Permission, ...]
    excess: tuple[Permission, ...]
    policy: tuple[PolicyStatement, ...]
    unknown: tuple[Unseen, ...]
    proved: bool
