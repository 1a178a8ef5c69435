"""The exact policy as text to paste into the author's template, in the words of each framework."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from stockade.analysis.least_privilege import Judgement, Statement
from stockade.model import PolicyStatement, expression
from stockade.reports.untrusted import shown


def sam(judgements: Iterable[Judgement]) -> str:
    """Write `Policies` of each function, as `AWS::Serverless::Function` takes them."""
    return _joined(_sam(one) for one in judgements)


def cloudformation(judgements: Iterable[Judgement]) -> str:
    """Write an `AWS::IAM::Role` of its own for each function."""
    return _joined(_role(one) for one in judgements)


def serverless(judgements: Iterable[Judgement]) -> str:
    """Write statements for `provider.iam.role.statements`, or for a role of each function."""
    return _joined(_serverless(one) for one in judgements)


def terraform(judgements: Iterable[Judgement]) -> str:
    """Write an `aws_iam_policy_document` for each function."""
    return _joined(_terraform(one) for one in judgements)


FORMATS: Final[Mapping[str, Callable[[Iterable[Judgement]], str]]] = {
    "sam": sam,
    "cloudformation": cloudformation,
    "serverless": serverless,
    "terraform": terraform,
}


def _joined(parts: Iterable[Iterable[str]]) -> str:
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def _sam(judgement: Judgement) -> Iterator[str]:
    yield f"# {shown(judgement.function)}"
    yield from _caveats(judgement)
    yield from sam_policies(map(_as_text, judgement.policy.statements))


def sam_policies(statements: Iterable[PolicyStatement]) -> Iterator[str]:
    """Yield the lines of `Policies` for a function of SAM."""
    yield "Policies:"
    yield "  - Version: '2012-10-17'"
    yield "    Statement:"
    for statement in statements:
        yield from _yaml(statement, "      ")


def _as_text(statement: Statement) -> PolicyStatement:
    resources = tuple(map(expression, statement.resources))
    return PolicyStatement(sid=statement.sid, actions=statement.actions, resources=resources)


def _role(judgement: Judgement) -> Iterator[str]:
    name = _word(judgement.function)
    yield from _caveats(judgement)
    yield f"{name}Role:"
    yield "  Type: AWS::IAM::Role"
    yield "  Properties:"
    yield "    AssumeRolePolicyDocument:"
    yield "      Version: '2012-10-17'"
    yield "      Statement:"
    yield "        - Effect: Allow"
    yield "          Principal:"
    yield "            Service: lambda.amazonaws.com"
    yield "          Action: sts:AssumeRole"
    yield "    Policies:"
    yield f"      - PolicyName: {name}"
    yield "        PolicyDocument:"
    yield "          Version: '2012-10-17'"
    yield "          Statement:"
    for statement in judgement.policy.statements:
        yield from _yaml(_as_text(statement), "            ")


def _serverless(judgement: Judgement) -> Iterator[str]:
    yield f"# {shown(judgement.function)}"
    yield from _caveats(judgement)
    yield "iam:"
    yield "  role:"
    yield "    statements:"
    for statement in judgement.policy.statements:
        yield from _yaml(_as_text(statement), "      ")


def _yaml(statement: PolicyStatement, indent: str) -> Iterator[str]:
    yield f"{indent}- Sid: {statement.sid}"
    yield f"{indent}  Effect: Allow"
    yield f"{indent}  Action:"
    for action in statement.actions:
        yield f"{indent}    - {action}"
    yield f"{indent}  Resource:"
    for resource in statement.resources:
        yield f"{indent}    - {_yaml_text(resource)}"


def _yaml_text(text: str) -> str:
    """Write an ARN as YAML: with `!Sub` where it has expressions, always quoted."""
    quoted = json.dumps(text)
    return f"!Sub {quoted}" if "${" in text else quoted


def _terraform(judgement: Judgement) -> Iterator[str]:
    yield from _caveats(judgement)
    yield f'data "aws_iam_policy_document" "{_snake(judgement.function)}" {{'
    for statement in judgement.policy.statements:
        yield "  statement {"
        yield f'    sid       = "{statement.sid}"'
        yield f"    actions   = {json.dumps(list(statement.actions))}"
        resources = ", ".join(_hcl(expression(one)) for one in statement.resources)
        yield f"    resources = [{resources}]"
        yield "  }"
    yield "}"


_PSEUDO: Final = {
    "AWS::Partition": "data.aws_partition.current.partition",
    "AWS::Region": "data.aws_region.current.id",
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
}


_ADDRESS: Final = re.compile(r"((aws_[a-z0-9_]+)\.[\w-]+(?:\[[^\]]*\])?)(?:\.([A-Za-z.]+))?")


def _hcl(text: str) -> str:
    """Write an ARN as a template of Terraform.

    Resources that Terraform declares are referred to; those of other frameworks, and of modules,
    become variables.
    """
    pieces = re.split(r"\$\{([^}]+)\}", text)
    written = [json.dumps(piece)[1:-1] for piece in pieces]
    written[1::2] = [f"${{{_reference(name)}}}" for name in pieces[1::2]]
    if len(pieces) == 3 and not pieces[0] and not pieces[2]:  # noqa: PLR2004 - one name alone
        return _reference(pieces[1])
    return f'"{"".join(written)}"'


def _reference(name: str) -> str:
    pseudo = _PSEUDO.get(name)
    if pseudo is not None:
        return pseudo
    found = _ADDRESS.fullmatch(name)
    if found is None:
        return f"var.{_snake(name)}"
    from stockade.load.terraform.tables import attribute_named  # noqa: PLC0415 - of one format

    return f"{found[1]}.{attribute_named(found[2], found[3] or 'Ref')}"


def _caveats(judgement: Judgement) -> Iterator[str]:
    """Say in comments what a person must know before pasting."""
    if not judgement.complete:
        yield "# not complete: what these calls need is not known"
        for unknown in judgement.unknown:
            yield f"#   {shown(unknown.why)} ({unknown.at})"
    if not judgement.proof.holds and judgement.needed:
        yield "# not proved: see `stockade policy --format text`"


def _word(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", name))


def _snake(name: str) -> str:
    return "_".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+", name)).lower()
