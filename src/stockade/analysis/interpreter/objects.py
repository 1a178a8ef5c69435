"""What is read from a bucket: the sender of an object wrote its content as well as its key."""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.events import CONTENT
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.files import write_file
from stockade.analysis.interpreter.language import Behaviour
from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    Data,
    Event,
    External,
    Taint,
    Text,
    Val,
    join_taints,
)

_STORED: Final = ("s3.object.key", "detail.object.key", CONTENT)
"""Fields that name an object which its sender has put where it is read."""


def content(machine: Machine, key: Val, site: Site) -> tuple[Taint, ...]:
    """Return the taints of the object that `key` names.

    Where the event tells of the object (a notification of its bucket), whoever sent the object
    wrote it. Where a caller merely chooses among objects, others wrote them. A message that SES
    has stored is found by its id, and whoever sent the mail wrote it ("Amazon SES Developer
    Guide", "Invoke AWS Lambda function action": the event itself holds no body).
    """
    taints = list(_mail(machine, site)) if _names_mail(key) else []
    for taint in machine.inside(key).taints:
        names_an_object = taint.data.field.endswith(_STORED) or "Message" in taint.data.field
        if taint.data.kind is not OriginKind.EVENT or not names_an_object:
            continue
        data = Data(OriginKind.EVENT, CONTENT, taint.data.sources, taint.data.verified)
        (step,) = machine.derive(
            site, Val((), (Taint(taint.data, taint.node),)), note="reads the object of that name"
        )
        taints.append(Taint(data, step.node))
    return tuple(taints)


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


def _get(key: str) -> Behaviour:
    def get(machine: Machine, call: Invocation) -> Val | None:
        value = call.arguments.get(None, key)
        if value is None:
            value = _made_of(call.receiver, "key")
        if value is None:
            return None
        shape = External("stored.Object", instance=True)
        return Val((shape,), content(machine, value, call.site))

    return get


def _download(key: int, target: int, *, opened: bool) -> Behaviour:
    def download(machine: Machine, call: Invocation) -> Val | None:
        value = call.arguments.get(key, "Key") if key >= 0 else _made_of(call.receiver, "key")
        place = call.arguments.get(target, "Fileobj" if opened else "Filename")
        if value is None or place is None:
            return None
        taints = content(machine, value, call.site)
        if opened:
            for address, found in machine.objects(place):
                machine.change(place, address, found.holding(Val(value.shapes, taints)))
                if found.type is not None:
                    write_file(machine, found.type, Val(value.shapes, taints))
            machine.hold(place, Val(value.shapes, taints))
        else:
            write_file(machine, place, Val(value.shapes, taints))
        return Val((External("stored.Download", instance=True),))

    return download


def _made_of(receiver: Val, name: str) -> Val | None:
    """Return the key that an `Object` was made with: by name, or second after the bucket."""
    for shape in receiver.shapes:
        if isinstance(shape, External):
            given = dict(shape.made_of)
            found = [given[each] for each in (name, "1", "0") if each in given]
            if found:
                return Val(found[0].shapes, join_taints(*found[:1]))
    return None


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "aws.s3.Client.get_object": _get("Key"),
    "aws.s3.Object.get": _get("Key"),
    "aws.s3.ObjectSummary.get": _get("Key"),
    "aws.s3.Client.download_file": _download(1, 2, opened=False),
    "aws.s3.Client.download_fileobj": _download(1, 2, opened=True),
    "aws.s3.Bucket.download_file": _download(0, 1, opened=False),
    "aws.s3.Bucket.download_fileobj": _download(0, 1, opened=True),
    "aws.s3.Object.download_file": _download(-1, 0, opened=False),
    "aws.s3.Object.download_fileobj": _download(-1, 0, opened=True),
}
