"""Recruiters look candidates up."""

import json

import pytest


@pytest.fixture
def app(load, table):
    for number, received in (("1", "2026-01-01"), ("2", "2026-02-01")):
        table.put_item(
            {
                "id": number,
                "sender": f"{number}@example.org",
                "subject": "hello",
                "received": received,
                "text": "a CV",
            }
        )
    return load("recruiters", "app")


def test_the_newest_candidates_come_first(app):
    """The list has no texts."""
    answer = app.handler({"routeKey": "GET /candidates"}, None)

    assert [candidate["id"] for candidate in json.loads(answer["body"])] == ["2", "1"]
    assert "a CV" not in answer["body"]


def test_one_candidate_comes_with_its_text(app):
    """All that is known of a candidate is shown."""
    answer = app.handler(
        {"routeKey": "GET /candidates/{id}", "pathParameters": {"id": "1"}}, None
    )

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["text"] == "a CV"


def test_an_unknown_candidate_is_not_found(app):
    """404, not an error."""
    answer = app.handler(
        {"routeKey": "GET /candidates/{id}", "pathParameters": {"id": "3"}}, None
    )

    assert answer["statusCode"] == 404
