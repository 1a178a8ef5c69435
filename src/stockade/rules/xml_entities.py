"""XML of others may read files. Its page is docs/rules/xml-entities.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.model import Application, Match, Scalar, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_FEATURE = "xml.sax.xmlreader.XMLReader.setFeature"
_EXTERNAL = (
    "http://xml.org/sax/features/external-general-entities",
    "http://xml.org/sax/features/external-parameter-entities",
)


@rule(
    title="XML of an event is parsed with entities",
    harm=Severity.HIGH,
    practice="C7",
    cwe=(611,),
)
def xml_entities(app: Application, facts: Facts) -> Iterator[Match]:
    """Report XML from events in parsers that put the content of files in."""
    turned_on = {call.function for call in facts.calls_to(_FEATURE) if _turns_on(call)}
    flows = (
        *facts.flows_into("xml"),
        *(flow for flow in facts.flows_into("sax") if flow.function in turned_on),
    )
    return from_flows(app, flows, _can, _instead)


def _turns_on(call: ExternalCall) -> bool:
    """Tell whether a call sets a feature that reads external entities."""
    name = call.arguments.get("name", call.arguments.get("0"))
    state = call.arguments.get("state", call.arguments.get("1"))
    if isinstance(name, Scalar) and name.value not in _EXTERNAL:
        return False
    return isinstance(state, Scalar) and bool(state.value)


def _can(flow: Flow) -> str:
    return f"read files of {flow.function}, its environment included, by XML that names them"


def _instead(flow: Flow) -> str:
    if flow.callee.startswith("npm:libxml2-wasm."):
        return "leave XML_PARSE_NOENT out: libxml2-wasm puts in no entities then"
    if in_javascript(flow):
        return "leave `noent` out: libxmljs puts in no entities then"
    if flow.kind == "sax":
        return "leave feature_external_ges off, as Python does"
    return "pass XMLParser(resolve_entities=False, no_network=True), or use defusedxml"
