"""AWS's managed policies, by the ARNs that templates write.

IAM User Guide: "AWS managed policies"; their ARNs have `aws` in the place of the account.
"""

from stockade import catalogue
from stockade._late import pattern
from stockade.model import Value, expression

_ARN = pattern(r"arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):iam::aws:policy/([\w+=,.@/-]+)")


def managed_policy(arn: Value | None) -> catalogue.ManagedPolicy | None:
    """Return AWS's policy that an ARN names, in whatever partition; None if there is none."""
    path = managed_path(arn)
    found = catalogue.managed_policy(f"arn:aws:iam::aws:policy/{path}") if path else None
    return found if isinstance(found, catalogue.ManagedPolicy) else None


def managed_path(arn: Value | None) -> str:
    """Return the path and name of AWS's policy (`service-role/AWSLambdaRole`), `""` if none."""
    match = _ARN.fullmatch(expression(arn)) if arn is not None else None
    return match[1] if match else ""
