"""Scanned text before anyone sees it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.reports.untrusted import printable, redacted, shown

LITERAL = st.text(string.ascii_letters + string.digits, min_size=6, max_size=40)


@given(st.text())
def test_shown_text_keeps_its_length(text: str) -> None:
    """Every character becomes one character, so that columns stay true."""
    assert len(shown(text, "template.yaml")) == len(text)


@given(st.text())
def test_shown_text_holds_no_control_characters(text: str) -> None:
    """Nothing that steers a terminal or hides text is left."""
    for character in shown(text):
        assert ord(character) >= 0x20
        assert not 0x7F <= ord(character) <= 0x9F
        assert character not in "\u200b\u200e\u202a\u202e\u2066\u2069\u2028\ufeff"


@given(st.text(string.printable.replace("\n", "")))
def test_ordinary_characters_are_left_alone(text: str) -> None:
    """Printable ASCII is shown as it is."""
    kept = [character for character in text if character in string.printable[:95]]

    assert [one for one in printable(text) if one in string.printable[:95] and one != " "] == [
        one for one in kept if one != " "
    ]


@given(LITERAL)
def test_literals_of_passwords_are_starred(value: str) -> None:
    """Whatever literal is given to a password, not more than two characters of it are shown."""
    for line in (f'password = "{value}"', f"db.connect(password='{value}')", f"Password: {value}"):
        assert value[2:] not in redacted(line, "template.yaml")[len("password") :]


@pytest.mark.parametrize(
    "line",
    [
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a" * 36,
        "xoxb-" + "1234567890-abcdefghij",
        "sk_live_" + "a1b2c3d4e5f6g7h8i9j0",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----MIIEpAIBAAKCAQEA",
        "postgres://admin:correcthorse@db.example.com/app",
        'API_KEY: str = "0123456789abcdef"',
        'os.environ["SECRET"] = "0123456789abcdef"',
        'if token == "0123456789abcdef":',
        '"dbPassword": "0123456789abcdef"',
    ],
)
def test_known_secrets_are_starred(line: str) -> None:
    """Keys, tokens and passwords of known form are not shown whole."""
    told = redacted(line)

    assert "****" in told
    assert not any(secret in told for secret in ("ABCDEFGH", "a" * 9, "correcthorse", "89abcdef"))


@pytest.mark.parametrize(
    "line",
    [
        "SecretArn: !Ref DatabaseSecret",
        'SecretName = "prod/database"',
        'password = os.environ["DB_PASSWORD"]',
        "Password: !Sub '{{resolve:secretsmanager:db}}'",
        'Password: "{{resolve:secretsmanager:db:SecretString:password}}"',
        "def login(user, password, token):",
        'token = event["headers"]["x-token"]',
        "https://example.com/path?x=1",
    ],
)
def test_names_and_references_are_no_secrets(line: str) -> None:
    """What only names or refers to a secret is shown as it stands."""
    assert redacted(line, "template.yaml") == line


def test_redacting_is_fast_on_hostile_lines() -> None:
    """A long line made to make patterns stall is read in time."""
    for line in (
        "password" * 20_000,
        'password="' * 20_000,
        "://:" * 50_000,
        "eyJ" + "a." * 50_000,
    ):
        assert len(redacted(line, "x.yaml")) == len(line)
