"""Where a function's code or a layer's content is."""

from collections.abc import Mapping

from stockade.load.building import Plain, entry, text, write
from stockade.model import Location, Map, Scalar, Value

_S3_NAMES = {"Bucket": "S3Bucket", "Key": "S3Key", "Version": "S3ObjectVersion"}


def code_of(properties: Map) -> tuple[Value, Location] | None:
    """Return what `Code` of the Lambda function is, and where its key stands; None for nothing.

    A path in the author's folder stays the value that the author wrote; the rest are maps with
    `ZipFile`, `S3Bucket` and `S3Key`, or `ImageUri`.
    """
    if text(entry(properties, "PackageType")) == "Image":
        image = entry(properties, "ImageUri")
        at = properties.key_at("ImageUri")
        return None if image is None else (write({"ImageUri": image}, at), at)
    inline = entry(properties, "InlineCode")
    if inline is not None:
        at = properties.key_at("InlineCode")
        return write({"ZipFile": inline}, at), at
    uri = entry(properties, "CodeUri")
    if uri is None:
        return None
    return location(uri), properties.key_at("CodeUri")


def location(uri: Value) -> Value:
    """Return an S3 address as a map in Lambda's words; a local path stays as it is."""
    if isinstance(uri, Map):
        entries = {_S3_NAMES.get(key, key): value for key, value in uri}
        places = {_S3_NAMES.get(key, key): place for key, place in uri.keys.items()}
        return Map(entries, uri.at, places)
    parsed = s3_address(uri)
    if parsed is None:
        return uri
    return write({_S3_NAMES[key]: value for key, value in parsed.items()}, uri.at)


def s3_address(uri: Value) -> Mapping[str, Plain] | None:
    """Split `s3://bucket/key?versionId=v` into Bucket, Key and Version; None for others."""
    written = uri.value if isinstance(uri, Scalar) else None
    if not isinstance(written, str) or not written.startswith("s3://"):
        return None
    path, _, query = written.removeprefix("s3://").partition("?")
    bucket, _, key = path.partition("/")
    version = query.removeprefix("versionId=") if query.startswith("versionId=") else None
    if not bucket or not key:
        return None
    return {"Bucket": bucket, "Key": key, **({"Version": version} if version else {})}


def body_location(uri: Value) -> Value:
    """Return an S3 address as Bucket and Key; a path in the author's folder stays as it is."""
    parsed = s3_address(uri)
    return uri if parsed is None else write(parsed, uri.at)
