"""What an attribute of a resource is in CloudFormation's terms.

Of a resource that is created, an attribute that names it (`arn`, `id`) is a reference; one that
repeats an argument is that argument; every other one only a deployment tells.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from stockade._late import pattern
from stockade.load.terraform.policy_documents import policy_document
from stockade.load.terraform.scope import Failed
from stockade.load.terraform.tables import KINDS
from stockade.load.terraform.tables.data import DATA
from stockade.load.terraform.values import at_deployment, entries_of, is_null
from stockade.load.texts import concatenate
from stockade.model import Location, Parameter, Reference, Scalar, Value, constant

if TYPE_CHECKING:
    from stockade.load.terraform.resources import ResourceInstance

_PLACE = pattern(r"\$\{([^}]*)\}")


def attribute_of(instance: "ResourceInstance", name: str, at: Location) -> Value:
    """Return an attribute of a resource or data source."""
    if instance.is_data:
        return _of_data(instance, name, at)
    kind = KINDS.get(instance.type)
    form = kind.references.get(name) if kind is not None else None
    if form is None and kind is not None and kind.type:
        form = _COMMON.get(name)
    if form is not None:
        return formed(form, instance, at)
    written = instance.argument(name)
    if written is not None and not is_null(written):
        return written
    return _unknown(instance, name, at)


def _unknown(instance: "ResourceInstance", name: str, at: Location) -> Value:
    """Return an attribute that only a deployment tells."""
    secret = name in _SECRETS.get(instance.type, ())
    return at_deployment(f"{instance.address}.{name}", at, secret=secret)


_SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws_secretsmanager_secret_version": ("secret_string", "secret_binary"),
    "aws_secretsmanager_random_password": ("random_password",),
    "aws_kms_secrets": ("plaintext",),
    "aws_iam_access_key": ("secret", "ses_smtp_password_v4"),
    "random_password": ("result",),
    "tls_private_key": ("private_key_pem", "private_key_openssh"),
}
"""Attributes that hold a secret itself, by type."""

_COMMON: Final = {"arn": ".Arn", "id": ""}


def _of_data(instance: "ResourceInstance", name: str, at: Location) -> Value:
    computed = _COMPUTED.get(instance.type)
    if computed is not None:
        found = computed(instance, name, at)
        if found is not None:
            return found
    form = DATA.get(instance.type, {}).get(name)
    if form is not None and _has_all(form, instance):
        return formed(form, instance, at)
    written = instance.argument(name)
    if written is not None and not is_null(written):
        return written
    return _unknown(instance, name, at)


def _has_all(form: str, instance: "ResourceInstance") -> bool:
    """Tell whether the arguments are written that a form puts in."""
    return all(
        place.startswith("AWS::") or instance.argument(place) is not None
        for place in _PLACE.findall(form)
    )


def formed(form: str, instance: "ResourceInstance", at: Location) -> Value:
    """Return what a form of the tables stands for.

    `""` is the resource's `Ref`, `".Arn"` an attribute of `Fn::GetAtt`; in a text `${}` and
    `${.Arn}` are the same, `${AWS::Region}` a pseudo parameter and `${name}` an argument.
    """
    if "$" not in form:
        return _put_in(form, instance, at)
    return concatenate(_parts(form, instance, at), at, instance.scope)


def _parts(form: str, instance: "ResourceInstance", at: Location) -> Iterator[Value]:
    last = 0
    for place in _PLACE.finditer(form):
        yield Scalar(form[last : place.start()], at)
        yield _put_in(place[1], instance, at)
        last = place.end()
    yield Scalar(form[last:], at)


def _put_in(word: str, instance: "ResourceInstance", at: Location) -> Value:
    if word.startswith("AWS::"):
        return Parameter(word, None, at)
    if not word:
        return Reference(instance.address, "Ref", at)
    if word.startswith("."):
        return Reference(instance.address, word[1:], at)
    written = instance.argument(word)
    return written if written is not None else at_deployment(f"{instance.address}.{word}", at)


def _policy_document(instance: "ResourceInstance", name: str, _at: Location) -> Value | None:
    if name not in {"json", "minified_json"}:
        return None
    return policy_document(instance)


def _template_file(instance: "ResourceInstance", name: str, at: Location) -> Value | None:
    """Return `rendered` of a `template_file`: its text with its `vars` put in."""
    if name != "rendered":
        return None
    template = instance.argument("template")
    text = constant(template)
    if template is None or not isinstance(text, str):
        raise Failed("the template is not known", at)
    given = instance.argument("vars")
    names = entries_of(given) if given is not None else {}
    return instance.module.rendered(Scalar(text, template.at), names)


def _archive(instance: "ResourceInstance", name: str, at: Location) -> Value | None:
    """Return a reference to the archive itself, by which its content is found."""
    return Reference(instance.address, name, at) if name == "output_path" else None


_COMPUTED: Final[Mapping[str, Callable[["ResourceInstance", str, Location], Value | None]]] = {
    "aws_iam_policy_document": _policy_document,
    "template_file": _template_file,
    "archive_file": _archive,
}
