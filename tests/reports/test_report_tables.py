"""What stockade believes, as tables."""

import json

from sample_report import HERE, MAIL, READ, RUN, application, map_of

from stockade.analysis.facts import Facts, Flow, Origin, OriginKind, SourceExposure
from stockade.model import (
    AttachedPolicy,
    Concatenation,
    Confidence,
    Exposure,
    List,
    Location,
    Reference,
    Role,
    Scalar,
    Unknown,
    Unseen,
    Value,
)
from stockade.reports import show
from stockade.reports.layout import plain
from stockade.reports.tables import VIEWS, View, grants, surface, unknowns


def text(value: str) -> Scalar:
    """Return a text of a template."""
    return Scalar(value, HERE)


def role(*policies: AttachedPolicy) -> Role:
    """Return the role of the CV mailbox with these policies."""
    return Role(id="ExtractRole", at=HERE, trust=None, policies=policies)


FACTS = Facts(
    flows=(
        Flow(
            kind="shell",
            function="Extract",
            origin=Origin(
                kind=OriginKind.EVENT,
                field="Records[].s3.object.key",
                at=READ,
                event_source="Mail",
                exposure=Exposure.ANYONE,
            ),
            callee="os.system",
            argument="0",
            sink=RUN,
            steps=(),
            confidence=Confidence.HIGH,
        ),
    ),
    calls=(),
    exposures={
        "Mail": SourceExposure(exposure=Exposure.ANYONE, because=()),
        "Web": SourceExposure(exposure=Exposure.SIGNED_IN, because=()),
    },
)


def test_surface_is_ranked() -> None:
    """The entry that most can reach comes first, with what its data reaches."""
    rows = list(surface(application(), FACTS))

    assert [(row["who"], row["entry"], row["reaches"]) for row in rows] == [
        ("anyone", "Mail", ["shell"]),
        ("signed-in", "GET /cv/{id}", []),
    ]


def test_surface_is_ranked_over_all_applications() -> None:
    """One table holds the entries of every application, the most exposed first."""
    views = [
        View("a", "surface", tuple(surface(application(), FACTS))),
        View("b", "surface", tuple(surface(application(), FACTS))),
    ]
    told = plain(show.lines(views)).splitlines()

    assert told[0] == "surface  4"
    assert [line.split()[0] for line in told[2:]] == ["anyone"] * 2 + ["signed-in"] * 2


def test_grants_are_shown_as_written() -> None:
    """Each statement is a line; what hangs on the deployment is shown as an expression."""
    arn = Concatenation((Reference("Bucket", "Arn", HERE), text("/*")), HERE)
    statement: dict[str, Value] = {
        "Effect": text("Allow"),
        "Action": List((text("s3:GetObject"), text("s3:PutObject")), HERE),
        "Resource": arn,
        "Condition": map_of({"StringEquals": map_of({"aws:SourceVpc": text("vpc-1")})}),
    }
    document = map_of({"Statement": map_of(statement, MAIL)})
    policies = (
        AttachedPolicy(name="Files", document=document, source="inline", at=HERE),
        AttachedPolicy(
            name="Basic",
            document=Unknown("AWS manages it", HERE),
            source="managed",
            at=READ,
            managed_arn=text("arn:aws:iam::aws:policy/Basic"),
        ),
    )
    app = application(roles={"ExtractRole": role(*policies)})

    assert [dict(row) for row in grants(app, FACTS)] == [
        {
            "role": "ExtractRole",
            "policy": "Files",
            "from": "inline",
            "effect": "Allow",
            "actions": ["s3:GetObject", "s3:PutObject"],
            "resources": ["${Bucket.Arn}/*"],
            "if": ["StringEquals aws:SourceVpc"],
            "at": "template.yaml:7:9",
        },
        {
            "role": "ExtractRole",
            "policy": "Basic",
            "from": "managed",
            "effect": "?",
            "actions": ["arn:aws:iam::aws:policy/Basic"],
            "resources": [],
            "if": [],
            "at": "app.py:5:12",
        },
    ]


def test_unknowns_of_loading_and_analysis_are_listed() -> None:
    """What was not seen is listed by place, whichever stage did not see it."""
    app = application(unseen=(Unseen(RUN, "handler", "java"),))
    facts = Facts(flows=(), calls=(), exposures={}, unseen=(Unseen(READ, "code", "odd"),))

    assert [row["at"] for row in unknowns(app, facts)] == ["app.py:5:12", "app.py:6:5"]


def test_tables_hold_no_control_characters_and_no_secrets() -> None:
    """Names of a hostile template stay text, in tables and in JSON."""
    evil = Unseen(Location("a\x1b[2J.yaml", 1), "template", "AKIA" + "ABCDEFGHIJKLMNOP")
    views = [View("a", "unknowns", tuple(unknowns(application(unseen=(evil,)), FACTS)))]

    assert "\x1b" not in plain(show.lines(views))
    assert "\x1b" not in show.as_json(views)
    assert "ABCDEFGH" not in plain(show.lines(views)) + show.as_json(views)


def test_every_view_gives_equal_columns() -> None:
    """The rows of a view have the same columns, so that they make a table and stable JSON."""
    app = application(roles={"ExtractRole": role()}, unseen=(Unseen(RUN, "handler", "java"),) * 2)
    for name, view in VIEWS.items():
        rows = [dict(row) for row in view(app, FACTS)]
        assert len({tuple(row) for row in rows}) <= 1, name
        assert json.loads(show.as_json([View("a", name, tuple(rows))]))[0][name] == rows
