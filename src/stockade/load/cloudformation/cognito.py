"""Functions that a Cognito user pool calls while users sign up and sign in.

Follows "LambdaConfig" of AWS::Cognito::UserPool in the CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSourceType, Map, Scalar, inside


def user_pool_triggers(declared: Declared) -> Iterator[Trigger]:
    """Yield each trigger of each user pool; `detail` holds its name under `Trigger`."""
    for pool in declared.of_type("AWS::Cognito::UserPool"):
        for configuration in inside(pool.properties, "LambdaConfig"):
            if not isinstance(configuration, Map):
                continue
            for name, value in configuration:
                at = configuration.key_at(name)
                for target in inside(value):
                    yield Trigger(
                        type=EventSourceType.COGNITO,
                        at=at,
                        target=target.get("LambdaArn") if isinstance(target, Map) else target,
                        resource=pool.id,
                        detail=Map({"Trigger": Scalar(name, at)}, at, {"Trigger": at}),
                    )
