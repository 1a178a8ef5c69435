"""Directives of a schema say which providers let callers in to a field."""

import pytest

from stockade.load.cloudformation.graphql import directives_of

SCHEMA = """
type Query {
  # notes: Boolean @aws_iam
  note(id: ID!): Note @aws_api_key
  notes(limit: Int, after: String): [Note!]!
    @aws_cognito_user_pools(cognito_groups: ["a", "b"]) @aws_iam
  mine: [Note], theirs: Note
}
extend type Query @aws_oidc { shared: Note }
type Note @aws_api_key @aws_iam { id: ID!, text: String @aws_iam }
"""

FIELDS = [
    ("Query", "note", "@aws_api_key"),
    ("Query", "mine", ""),
    ("Query", "theirs", ""),
    ("Query", "shared", "@aws_oidc"),
    ("Note", "id", "@aws_api_key @aws_iam"),
    ("Note", "text", "@aws_iam"),
    ("Query", "nowhere", None),
    ("Mutation", "note", None),
]


@pytest.mark.parametrize(("type_", "field", "expected"), FIELDS)
def test_a_field_has_its_own_directives_or_those_of_its_type(
    type_: str, field: str, expected: str | None
) -> None:
    """A field's own count before those of its type; what the schema does not hold has none."""
    assert directives_of(SCHEMA, type_, field) == expected


def test_directives_stand_on_the_next_line_too() -> None:
    """White space and arguments may stand between them."""
    found = directives_of(SCHEMA, "Query", "notes")

    assert found is not None
    assert found.split()[0].startswith("@aws_cognito_user_pools")
    assert found.endswith("@aws_iam")
