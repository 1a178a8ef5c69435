"""Blast radius and figures: what is lost with each function, how many ways lead in."""

from pathlib import Path

from paths_apps import function, role, scanned, write

from stockade.api import scan
from stockade.model import Exposure

EXAMPLES = Path(__file__).parent.parent.parent / "examples"

QUIET = "def handler(event, context): pass\n"
TABLE = "  Orders: {Type: AWS::DynamoDB::Table}\n"


def test_the_radius_of_a_function_is_what_its_role_opens() -> None:
    """Of the careless mailbox everything is lost with either function, the secret included."""
    radii = {
        one.function: one
        for one in scan(EXAMPLES / "cv-mailbox" / "careless", measure=True).blast_radius
    }

    assert set(radii) == {"Intake", "Recruiters"}
    for radius in radii.values():
        assert {(one.what, one.reads, one.writes) for one in radius.stores} == {
            ("every bucket", True, True),
            ("every table", True, True),
        }
        assert radius.secrets == ("ATS_API_KEY",)
        assert radius.account == ""


def test_the_radius_of_the_careful_mailbox_is_what_each_job_takes() -> None:
    """Intake reads mail and cannot read what it stored; recruiters read and change nothing."""
    radii = {
        one.function: one
        for one in scan(EXAMPLES / "cv-mailbox" / "careful", measure=True).blast_radius
    }

    intake = {one.what: (one.reads, one.writes, one.deletes) for one in radii["Intake"].stores}
    assert intake == {
        "MailBucket": (True, False, False),
        "CvBucket": (False, True, False),
        "Candidates": (False, True, False),
    }
    assert radii["Intake"].secrets == ("AtsKey",)
    recruiters = {one.what: (one.reads, one.writes) for one in radii["Recruiters"].stores}
    assert recruiters == {"CvBucket": (True, False), "Candidates": (True, False)}


def test_functions_and_roles_are_part_of_the_radius(tmp_path: Path) -> None:
    """Whom it may call and what it may become."""
    trusts = "{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: sts:AssumeRole}"
    write(
        tmp_path,
        role(
            "Role",
            "{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Inner.Arn}",
        ),
        role("Keeper", trust=trusts),
        function("Outer", "Role"),
        role("InnerRole"),
        function(
            "Inner", "InnerRole", "{Every: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}"
        ),
        app=QUIET,
    )

    outer = next(one for one in scanned(tmp_path).blast_radius if one.function == "Outer")

    assert outer.functions == ("Inner",)
    assert outer.roles == ("Keeper",)


def test_the_radius_is_told_in_the_order_in_which_the_policy_names_it(tmp_path: Path) -> None:
    """It does not hang on hashes: two runs tell the same."""
    names = [f"Key{letter}" for letter in "QAZWSXEDC"]
    listed = ", ".join(f"!Ref {name}" for name in names)
    write(
        tmp_path,
        *(f"  {name}: {{Type: AWS::SecretsManager::Secret}}\n" for name in sorted(names)),
        role("Role", f"{{Effect: Allow, Action: secretsmanager:*, Resource: [{listed}]}}"),
        function("Outer", "Role"),
        app=QUIET,
    )
    (outer,) = scanned(tmp_path).blast_radius

    assert list(outer.secrets) == names


def test_a_role_from_elsewhere_is_unknown(tmp_path: Path) -> None:
    """Nothing is claimed of it, and that is said."""
    text = function("Outer", "Role").replace(
        "!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/theirs"
    )
    write(tmp_path, text, app=QUIET)

    (radius,) = scanned(tmp_path).blast_radius

    assert radius.stores == ()
    assert radius.unknown


def test_the_surface_is_counted_by_who_can_send(tmp_path: Path) -> None:
    """Ways in, the functions and files behind them, the permissions of their roles."""
    reads = (
        "{Effect: Allow, Action: [dynamodb:GetItem, dynamodb:Query], Resource: !GetAtt Orders.Arn}"
    )
    daily = "{Every: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}"
    write(
        tmp_path,
        TABLE,
        role("Role", reads),
        function("Outer", "Role"),
        function("Daily", "Role", daily, code="daily"),
        app=QUIET,
        daily=QUIET,
    )

    (figures,) = scanned(tmp_path).figures

    told = {one.exposure: one for one in figures.surface}
    assert list(told) == [Exposure.ANYONE, Exposure.PROVIDER]
    anyone = told[Exposure.ANYONE]
    assert (anyone.entry_points, anyone.functions, anyone.files) == (1, 1, 1)
    assert anyone.permissions == 2


def test_ways_are_counted_by_their_independent_controls() -> None:
    """The careless ways have none or one, the careful ones three and more."""
    (careless,) = scan(EXAMPLES / "link-preview" / "careless", measure=True).figures
    assert careless.ways == ((0, 1),)
    assert careless.thin[0].store == "every bucket"
    assert careless.thin[0].controls == ()

    (careful,) = scan(EXAMPLES / "link-preview" / "careful", measure=True).figures
    assert careful.ways == ((4, 1),)
    assert careful.thin == ()


def test_a_scan_need_not_measure(tmp_path: Path) -> None:
    """Formats that show no figures are spared the work."""
    write(tmp_path, TABLE, role("Role"), function("Outer", "Role"), app=QUIET)

    report = scan(tmp_path)

    assert report.blast_radius == ()
    assert report.figures == ()
