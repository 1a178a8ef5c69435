"""Recruiters look candidates up."""

import json

import pytest

ID = "00000000-0000-4000-8000-00000000000"


@pytest.fixture
def app(load, table, s3, kms):
    for number, received in (("1", "2026-01-02"), ("2", "2026-01-03")):
        candidate = ID + number
        contact = json.dumps({"name": "Ada", "address": "ada@example.org"}).encode()
        table.put_item(
            Item={
                "id": candidate,
                "month": "2026-01",
                "received": received,
                "documents": 1,
                "contact": kms.encrypt(
                    KeyId="contact-key",
                    Plaintext=contact,
                    EncryptionContext={"candidate": candidate},
                )["CiphertextBlob"],
            }
        )
        s3.objects["cvs", f"cvs/{candidate}/0.txt"] = b"a CV"
    return load("recruiters", "app")


def ask(app, resource, **event):
    asked = {"resource": resource, "queryStringParameters": None, "pathParameters": None} | event
    answer = app.handler(asked, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_the_newest_candidates_of_a_month_come_first(app):
    """The list tells neither who they are nor what they wrote."""
    status, found = ask(app, "/candidates", queryStringParameters={"month": "2026-01"})

    assert status == 200
    assert [candidate["id"] for candidate in found] == [ID + "2", ID + "1"]
    assert all(set(candidate) == {"id", "received", "documents"} for candidate in found)


def test_one_candidate_comes_with_contact_and_text(app):
    """All that is known of a candidate is shown."""
    status, found = ask(app, "/candidates/{id}", pathParameters={"id": ID + "1"})

    assert status == 200
    assert found["address"] == "ada@example.org"
    assert found["texts"] == ["a CV"]


@pytest.mark.parametrize("wrong", [ID + "3", "../mails", ""])
def test_an_unknown_candidate_is_not_found(app, wrong):
    """Neither is what cannot be a candidate."""
    status, _ = ask(app, "/candidates/{id}", pathParameters={"id": wrong})

    assert status == 404


def test_a_month_is_a_month(app):
    """Anything else is refused, and not repeated."""
    status, found = ask(app, "/candidates", queryStringParameters={"month": "<script>"})

    assert status == 400
    assert "script" not in json.dumps(found)
