"""The role that SAM makes for a function or state machine that names none.

Each item of the role's `Policies` has, besides `PolicyName` and `PolicyDocument`, an entry
`Source` of our own that tells where the policy comes from: `"inline"` (the author wrote its
statements), `"sam-template"` (an AWS SAM policy template) or `"implied"` (SAM adds it for an
event source, a destination or a dead-letter queue).
"""

from stockade.load.building import Guards, guard, guarded_items, text, write
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import from_template, is_template, managed, managed_arn
from stockade.model import List, Location, Map, NoValue, Resource, Scalar, Unknown, Value
from stockade.model.record import replace
from stockade.model.value import expression


class RoleDraft:
    """A role while the events of its function still add to it."""

    __slots__ = ("_known", "at", "logical_id", "managed", "policies", "trust")

    def __init__(self, logical_id: str, at: Location, trust: Value) -> None:
        self.logical_id = logical_id
        self.at = at
        self.trust = trust
        self.managed: list[Value] = []
        self.policies: list[Value] = []
        self._known: set[str] = set()  # managed policies and implied documents, as texts

    def attach(self, name: str, at: Location) -> None:
        """Attach the AWS managed policy `name` once."""
        self._attach(managed(name, at))

    def _attach(self, arn: Value, guards: Guards = ()) -> None:
        same = text(arn) if not guards else None
        if same is not None:
            if same in self._known:
                return
            self._known.add(same)
        self.managed.append(guard(arn, guards, arn.at))

    def imply(self, name: str, document: Value, at: Location) -> None:
        """Add a policy that SAM writes, unless one with the same document is there."""
        same = shape(document)
        if same not in self._known:
            self._known.add(same)
            self.policies.append(policy(name, document, "implied", at))

    def add_all(self, policies: Value | None, expansion: Expansion) -> None:
        """Add the author's `Policies`, whichever of their forms each item has."""
        listed = policies.items if isinstance(policies, List) else (policies,)
        for number, one in enumerate(listed):
            for guards, item in guarded_items(one):
                self._add(item, f"{self.logical_id}Policy{number}", guards, expansion)

    def _add(self, item: Value, name: str, guards: Guards, expansion: Expansion) -> None:
        at = item.at
        if isinstance(item, Map) and "Statement" in item:
            self.policies.append(guard(policy(name, item, "inline", at), guards, at))
        elif is_template(item) and isinstance(item, Map):
            made = policy(name, from_template(item), "sam-template", at)
            self.policies.append(guard(made, guards, at))
        elif isinstance(item, Map | List):
            names = ", ".join(item.entries) if isinstance(item, Map) else "a list"
            expansion.miss(at, f"is no form of policy that SAM knows: {names or 'empty'}")
        else:
            self._attach(managed_arn(item), guards)

    def finish(
        self,
        expansion: Expansion,
        owner: Resource,
        properties: Map,
        guards: Guards = (),
    ) -> None:
        """Add the role to the template. `guards` are the conditions under which it is used."""
        condition = owner.condition
        for name, outcome in guards:
            condition = name if outcome else f"NOT{name}"
        expansion.add(
            replace(owner, condition=condition),
            self.logical_id,
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": self.trust,
                "ManagedPolicyArns": self.managed,
                "Policies": self.policies or None,
                "Path": properties.get("RolePath"),
                "PermissionsBoundary": properties.get("PermissionsBoundary"),
            },
            self.at,
        )


def policy(name: str, document: Value, source: str, at: Location) -> Value:
    """Write an item of a role's `Policies`, with where it comes from."""
    return write({"PolicyName": name, "PolicyDocument": document, "Source": source}, at)


def shape(value: Value) -> str:
    """Describe a document so that equal documents have equal descriptions."""
    match value:
        case Map():
            inner = ",".join(f"{key}:{shape(item)}" for key, item in value.entries.items())
            return f"{{{inner}}}"
        case List():
            return f"[{','.join(shape(item) for item in value.items)}]"
        case Scalar() | NoValue():
            return repr(getattr(value, "value", None))
        case Unknown():
            return f"unknown at {value.at}"
        case _:
            return expression(value)
