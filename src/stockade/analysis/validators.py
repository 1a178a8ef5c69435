"""Functions whose code checks the shape of what they are given, with a library made for it."""

from stockade.analysis.facts import Facts
from stockade.model.remembered import remembered

_VALIDATORS = (
    "jsonschema.",
    "fastjsonschema.",
    "pydantic.",
    "marshmallow.",
    "cerberus.",
    "voluptuous.",
    "aws_lambda_powertools.utilities.validation.",
    "aws_lambda_powertools.utilities.parser.",
    "npm:ajv.",
    "npm:joi.",
    "npm:@hapi/joi.",
    "npm:yup.",
    "npm:zod.",
    "npm:zod/",
    "npm:superstruct.",
    "npm:valibot.",
    "npm:class-validator.",
    "npm:@middy/validator.",
    "npm:@aws-lambda-powertools/parser",
    "npm:@aws-lambda-powertools/validation",
)


@remembered
def validating(facts: Facts) -> frozenset[str]:
    """Return the functions that are seen to call such a library."""
    return frozenset(call.function for call in facts.calls if call.callee.startswith(_VALIDATORS))
