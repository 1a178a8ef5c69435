"""What the states of a state machine start.

Follows AWS::StepFunctions::StateMachine in the CloudFormation template reference and "Call other
AWS services" in the AWS Step Functions Developer Guide.
"""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSourceType, List, Map, Resource, Scalar, Value, inside, walk

_TARGETS = (
    "AWS::Lambda::Function",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::Events::EventBus",
    "AWS::StepFunctions::StateMachine",
)
_SUBSTITUTION = pattern(r"\$\{([A-Za-z0-9_]{1,128})\}")


def state_machine_tasks(declared: Declared) -> Iterator[Trigger]:
    """Yield each function, queue, topic, bus and machine that a machine's definition names."""
    for machine in declared.of_type("AWS::StepFunctions::StateMachine"):
        seen = {machine.id}
        for part in _named(machine):
            target = declared.names.find(part, *_TARGETS)
            if target is not None and target not in seen:
                seen.add(target)
                yield Trigger(
                    type=EventSourceType.STEP_FUNCTIONS,
                    at=part.at,
                    targets=(target,),
                    resource=machine.id,
                )


def _named(machine: Resource) -> Iterator[Value]:
    """Yield each value of a definition that may name a resource.

    A substitution counts only where the definition uses it; where the definition lies in a file
    that is uploaded, every substitution counts.
    """
    properties = machine.properties
    used: set[str] = set()
    written = False
    for name in ("Definition", "DefinitionString"):
        for definition in inside(properties, name):
            written = True
            for part in walk(definition):
                if isinstance(part, Map | List):
                    continue
                yield part
                if isinstance(part, Scalar) and isinstance(part.value, str):
                    used.update(_SUBSTITUTION.findall(part.value))
    for substitutions in inside(properties, "DefinitionSubstitutions"):
        for name, value in getattr(substitutions, "entries", {}).items():
            if name in used or not written:
                yield value
