"""What is read from a bucket: whoever stored an object wrote its content as well as its key.

Follows the response syntax of "GetObject" and "ListObjectsV2" in the Amazon S3 API Reference, and
the classes `Object`, `ObjectSummary` and `Bucket` of the Boto3 documentation.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final, TypeAlias

from stockade.analysis.events import ANY_NAME, CONTENT, STORED
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import language, places
from stockade.analysis.interpreter.convert import Converter
from stockade.analysis.interpreter.files import write_file
from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    Anything,
    Data,
    Event,
    External,
    HeapObject,
    Taint,
    Text,
    Val,
    const,
    join_taints,
)
from stockade.model import Concatenation, Names, ResourceId, Scalar, Value, constant

_STORED: Final = ("s3.object.key", "detail.object.key", CONTENT)
"""Fields that name an object which its sender has put where it is read."""
_BUCKETS: Final = ("AWS::S3::Bucket",)
_LISTING: Final = frozenset({"list_objects", "list_objects_v2"})
_PAGES: Final = "aws.s3.Client.get_paginator().paginate"
_OBJECT: Final = "aws.s3.Object"
"""Begins the names of `Object` and `ObjectSummary`."""
_COLLECTIONS: Final = ("aws.s3.Bucket.objects.all", "aws.s3.Bucket.objects.filter")


class Objects:
    """Gives the answers of calls that read or list what buckets hold."""

    def __init__(self, converter: Converter, names: Names) -> None:
        self._converter = converter
        self._names = names

    def read(self, machine: Machine, call: Invocation) -> Val | None:
        """Return what a call reads or lists, or None where it does neither."""
        behaviour = _BEHAVIOURS.get(call.callee)
        if call.callee == _PAGES and places.paginated(call) in _LISTING:
            behaviour = _pages
        return None if behaviour is None else behaviour(self, machine, call)

    def content(
        self, machine: Machine, key: Val, bucket: Val | None, site: Site
    ) -> tuple[Taint, ...]:
        """Return the taints of the object that `key` names.

        Where the event tells of the object (a notification of its bucket), whoever sent the object
        wrote it. Otherwise those did who store objects of such a name: where a caller merely
        chooses among objects, others wrote them. A message that SES has stored is found by its id,
        and whoever sent the mail wrote it ("Amazon SES Developer Guide", "Invoke AWS Lambda
        function action": the event itself holds no body).
        """
        taints = list(_mail(machine, site)) if _names_mail(key) else []
        for taint in machine.inside(key).taints:
            names_an_object = taint.data.field.endswith(_STORED) or "Message" in taint.data.field
            if taint.data.kind is not OriginKind.EVENT or not names_an_object:
                continue
            data = Data(OriginKind.EVENT, CONTENT, taint.data.sources, taint.data.verified)
            (step,) = machine.derive(
                site,
                Val((), (Taint(taint.data, taint.node),)),
                note="reads the object of that name",
            )
            taints.append(Taint(data, step.node))
        return tuple(taints) or self._stored(machine, key, bucket, site)

    def _stored(
        self, machine: Machine, key: Val, bucket: Val | None, site: Site
    ) -> tuple[Taint, ...]:
        """Return the taints of what others keep in a bucket of the application."""
        store = self._bucket(machine, bucket, site)
        if store is None:
            return ()
        name = _as_listed(key, store) or _spelled(self._converter.value(machine, key, site))
        data = Data(OriginKind.STORED, f"{STORED}{store}.{CONTENT}", (store,), name=name)
        note = f"reads an object of {store}" if ANY_NAME in name else f"reads `{name}` of {store}"
        return (machine.start(site, data, note),)

    def key(
        self, machine: Machine, bucket: Val | None, prefix: Val | None, site: Site
    ) -> Val | None:
        """Return the name of any object that a bucket lists: whoever stores it may choose it.

        That code works on the objects which it has listed is no choice of theirs. None if the
        bucket is not one of the application's.
        """
        store = self._bucket(machine, bucket, site)
        if store is None:
            return None
        value = prefix if prefix is not None else const("")
        begins = _spelled(self._converter.value(machine, value, site)).rstrip(ANY_NAME)
        data = Data(OriginKind.STORED, f"{STORED}{store}.key", (store,), name=begins + ANY_NAME)
        listed = Val((), (machine.start(site, data, f"lists the objects of {store}"),))
        taints = machine.derive(site, listed, kinds=frozenset({"object-key"}))
        return Val((Anything("a bucket lists it"),), taints)

    def _bucket(self, machine: Machine, named: Val | None, site: Site) -> ResourceId | None:
        if named is None:
            return None
        return self._names.find(self._converter.value(machine, named, site), *_BUCKETS)


def _as_listed(key: Val, store: ResourceId) -> str:
    """Return what is known of the name of an object by how its bucket was listed."""
    listed = (one.data for one in key.taints if one.data.sources == (store,) and one.data.name)
    return next((data.name for data in listed if data.kind is OriginKind.STORED), "")


def _spelled(name: Value) -> str:
    """Write what is known of a name: `in/*.txt`."""
    parts = name.parts if isinstance(name, Concatenation) else (name,)
    texts = (constant(part) if isinstance(part, Scalar) else None for part in parts)
    known = (text if isinstance(text, str) else ANY_NAME for text in texts)
    return "".join(text if text != ANY_NAME else ANY_NAME for text, _ in groupby(known))


def _names_mail(key: Val) -> bool:
    """Tell whether a key is made of the id that SES gave a message, or is the one it tells."""
    for shape in key.shapes:
        match shape:
            case Event(path) if path[-2:] in _IDS_OF_MAIL:
                return True
            case Text(parts) if any(map(_names_mail, parts)):
                return True
            case _:
                pass
    return False


def _mail(machine: Machine, site: Site) -> Iterator[Taint]:
    """Yield the taints of a stored message: the mail's senders, who also wrote its headers."""
    for taint in machine.event(_HEADERS, site).taints:
        data = Data(OriginKind.EVENT, CONTENT, taint.data.sources)
        yield machine.start(site, data, "reads the mail that was stored")


_IDS_OF_MAIL: Final = (("mail", "messageId"), ("action", "objectKey"))
_HEADERS: Final = ("Records", "[]", "ses", "mail", "headers")

_Behaviour: TypeAlias = Callable[[Objects, Machine, Invocation], Val | None]


def _get(objects: Objects, machine: Machine, call: Invocation) -> Val | None:
    key = call.arguments.get(None, "Key") or _own_key(call.receiver)
    if key is None:
        return None
    bucket = call.arguments.get(None, "Bucket") or _own_bucket(call.receiver)
    taints = objects.content(machine, key, bucket, call.site)
    return Val((External("stored.Object", instance=True),), taints)


def _download(key: int, target: int, *, opened: bool) -> _Behaviour:
    def download(objects: Objects, machine: Machine, call: Invocation) -> Val | None:
        value = call.arguments.get(key, "Key") if key >= 0 else _own_key(call.receiver)
        place = call.arguments.get(target, "Fileobj" if opened else "Filename")
        if value is None or place is None:
            return None
        # Where the key is the second argument, the bucket is the first.
        bucket = call.arguments.get(0, "Bucket") if key == 1 else _own_bucket(call.receiver)
        taints = objects.content(machine, value, bucket, call.site)
        content = Val((Anything("a bucket holds it"),), taints)
        if opened:
            for address, found in machine.objects(place):
                machine.change(place, address, found.holding(content))
                if found.type is not None:
                    write_file(machine, found.type, content)
            machine.hold(place, content)
        else:
            write_file(machine, place, content)
        return Val((External("stored.Download", instance=True),))

    return download


def _list(objects: Objects, machine: Machine, call: Invocation) -> Val | None:
    """Return a page of what a bucket lists."""
    bucket, prefix = (call.arguments.get(None, name) for name in ("Bucket", "Prefix"))
    key = objects.key(machine, bucket, prefix, call.site)
    if key is None:
        return None
    others = Val((Anything("a bucket lists it"),))
    entry = machine.allocate(call.site, HeapObject("map", {"Key": key}, others), "entry")
    listed = language.list_of(machine, entry, call.site, "entries")
    return machine.allocate(call.site, HeapObject("map", {"Contents": listed}, others), "page")


def _pages(objects: Objects, machine: Machine, call: Invocation) -> Val | None:
    page = _list(objects, machine, call)
    return None if page is None else language.list_of(machine, page, call.site, "pages")


def _collected(objects: Objects, machine: Machine, call: Invocation) -> Val | None:
    """Return a collection of a bucket's objects: each of them is made of a key that it lists."""
    bucket = _own_bucket(call.receiver)
    key = objects.key(machine, bucket, call.arguments.get(None, "Prefix"), call.site)
    if key is None:
        return None
    made_of = (*places.made_of(call.receiver), *call.arguments.by_key().items(), ("key", key))
    return Val((External(f"{call.callee}()", instance=True, made_of=made_of),), key.taints)


def _own_key(receiver: Val) -> Val | None:
    """Return the key that an `Object` was made with: by name, or second after the bucket."""
    return _made_of(receiver, "key", "1", "0")


def _own_bucket(receiver: Val) -> Val | None:
    """Return the bucket that a `Bucket` was made with, or an `Object` by itself or out of one."""
    for shape in receiver.shapes:
        if isinstance(shape, External) and shape.name.startswith(_OBJECT):
            given = dict(shape.made_of)
            names_both = "1" in given or ("key" in given and "0" in given)
            return _made_of(receiver, "bucket_name", "0" if names_both else "self.0", "self.name")
    return _made_of(receiver, "name", "0")


def _made_of(receiver: Val, *names: str) -> Val | None:
    for shape in receiver.shapes:
        if isinstance(shape, External):
            given = dict(shape.made_of)
            found = [given[each] for each in names if each in given]
            if found:
                return Val(found[0].shapes, join_taints(*found[:1]))
    return None


_BEHAVIOURS: Final[dict[str, _Behaviour]] = {
    "aws.s3.Client.get_object": _get,
    "aws.s3.Object.get": _get,
    "aws.s3.ObjectSummary.get": _get,
    "aws.s3.Client.download_file": _download(1, 2, opened=False),
    "aws.s3.Client.download_fileobj": _download(1, 2, opened=True),
    "aws.s3.Bucket.download_file": _download(0, 1, opened=False),
    "aws.s3.Bucket.download_fileobj": _download(0, 1, opened=True),
    "aws.s3.Object.download_file": _download(-1, 0, opened=False),
    "aws.s3.Object.download_fileobj": _download(-1, 0, opened=True),
    **{f"aws.s3.Client.{name}": _list for name in _LISTING},
    **dict.fromkeys(_COLLECTIONS, _collected),
    **{f"{name}()[].get": _get for name in _COLLECTIONS},
}
