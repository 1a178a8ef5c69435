"""What a secure serverless application does: the list that every rule belongs to.

Each practice has an id, which `--select`, reports and SARIF tags use, and two sentences: what the
application does, and when that is broken. Most are judged by rules (`RuleInfo.practice`); a few
are questions or numbers rather than mistakes, and name the command that answers them.
"""

from stockade.model.record import record


@record(kw_only=True)
class Figure:
    """What shows a practice where no rule can: a command, and the page that explains it."""

    command: str
    page: str
    """The page below `docs/`, without its ending."""


@record(kw_only=True)
class Practice:
    """One thing that a secure serverless application does."""

    id: str
    area: str
    does: str
    broken: str
    figures: tuple[Figure, ...] = ()


_AREAS = {
    "G": "Gateway",
    "F": "Functions",
    "I": "Identity",
    "B": "Object storage",
    "T": "Tables",
    "K": "Keys and secrets",
    "E": "Events",
    "C": "Code",
    "N": "Environments and builds",
    "O": "Principles",
}


def _practice(name: str, does: str, broken: str, *figures: Figure) -> Practice:
    return Practice(id=name, area=_AREAS[name[0]], does=does, broken=broken, figures=figures)


PRACTICES: tuple[Practice, ...] = (
    _practice(
        "G1",
        "functions are reached through a gateway, never directly",
        "a function URL asks nobody who they are, or outsiders may invoke a function by its name",
    ),
    _practice(
        "G2",
        "every route finds out who is calling, unless its author declared it public",
        "the authorizer that takes effect on a route is none, or no more than an API key",
    ),
    _practice(
        "G3",
        "requests are throttled for each stage and route, and third parties have usage plans",
        "nothing bounds how often a function behind a route is called",
    ),
    _practice(
        "G4",
        "a web application firewall stands before the API, on its stage or on the CDN",
        "no web ACL is associated with what the public reaches",
    ),
    _practice(
        "G5",
        "the gateway checks requests against a schema",
        "a body reaches a function that uses it, and neither of them checks its shape",
    ),
    _practice(
        "G6",
        "the public address gives nothing away and is the only one",
        "the default endpoint, or the API behind a guarded CDN, can still be called",
    ),
    _practice(
        "G7",
        "calls are logged, and TLS is current",
        "a stage writes no access log, or a version of TLS below 1.2 is accepted",
    ),
    _practice(
        "F1",
        "a timeout is near what the function needs and below what its caller waits for",
        "it was left at the longest there is, or a queue delivers again while work goes on",
    ),
    _practice(
        "F2",
        "an outsider cannot run up the bill or starve other functions",
        "a public function has no bound, callers choose what is paid for, or stall a pattern",
    ),
    _practice(
        "F3",
        "one function does one job",
        "a handler chooses between unrelated jobs, and holds the permissions of all of them",
    ),
    _practice(
        "F4",
        "runtimes are supported, layers and images are pinned and from someone trusted",
        "a runtime is past its date, a layer is a stranger's, an image is named by a tag",
    ),
    _practice(
        "F5",
        "private data is reached inside the network that holds it",
        "a private store is reached over a public address",
    ),
    _practice(
        "I1",
        "each function has a role of its own",
        "functions with different needs share one",
    ),
    _practice(
        "I2",
        "a role grants what the code uses, on what it uses it on, and no more",
        "something granted is not used, or something used is not granted",
    ),
    _practice(
        "I3",
        "no role can raise its own power",
        "its permissions add up to others: passing a role, editing a trust, changing code",
    ),
    _practice(
        "I4",
        "credentials live for minutes and are made for one caller and one target",
        "code has a user's keys, or a service hands out a whole role to each caller",
    ),
    _practice(
        "I5",
        "nobody can delete in production",
        "people's roles, groups or users may delete what production holds",
    ),
    _practice(
        "I6",
        "client applications and third parties reach the gateway only",
        "their role allows more than to call the API that is meant for them",
    ),
    _practice(
        "I7",
        "it is known which policy decides",
        "nobody can say whether a request is allowed, and by which statement",
        Figure(command="stockade access", page="figures/access"),
    ),
    _practice(
        "B1",
        "no bucket is public unless it is declared so",
        "a policy or ACL admits everyone, or nothing blocks that one day it does",
    ),
    _practice(
        "B2",
        "objects are encrypted, with a key of one's own where they are sensitive, also on the way",
        "users' data lies under the default key, or may be read without TLS",
    ),
    _practice(
        "B3",
        "clients load up and down through presigned requests for one object and for minutes",
        "a presigned request lasts for days, or an upload has no limit of size or type",
    ),
    _practice(
        "B4",
        "a role has specific actions on a specific bucket",
        "it may do everything, or with every bucket of the account",
    ),
    _practice(
        "B5",
        "a bucket's policy narrows who may write",
        "outsiders may, or nothing keeps out writers beyond those of the application",
    ),
    _practice(
        "T1",
        "tables of users' data have a key of their own, and sensitive attributes are encrypted",
        "they lie under the default key, or an attribute is stored as it came",
    ),
    _practice(
        "T2",
        "a function that serves one customer touches that customer's items only",
        "it takes the caller's word for whose they are, or its role opens the items of all",
    ),
    _practice(
        "T3",
        "inside a network, tables are reached through an endpoint that admits the right ones",
        "there is no endpoint, or one that admits every table",
    ),
    _practice(
        "T4",
        "data that people would miss can be had back",
        "a table has neither point-in-time recovery nor protection from deletion",
    ),
    _practice(
        "K1",
        "no secret stands in code, templates or client applications",
        "one is written there, and everyone who reads the repository has it",
    ),
    _practice(
        "K2",
        "secrets come from a secrets manager when the function runs",
        "one is an environment variable, which whoever sees the settings can read",
    ),
    _practice(
        "K3",
        "keys rotate, and who holds the key does not hold the data",
        "a key stays for ever, or its policy lets everyone decrypt",
    ),
    _practice(
        "K4",
        "sensitive settings are encrypted with a key of one's own",
        "they are under the default key",
    ),
    _practice(
        "E1",
        "only the senders may put events on a bus, topic, queue or stream",
        "its policy admits others",
    ),
    _practice(
        "E2",
        "an event is checked against the shape that its source sends",
        "what it says goes on into an action that matters with no check between",
    ),
    _practice(
        "E3",
        "an event that fails is kept",
        "an asynchronous source has nowhere to put what failed",
    ),
    _practice("C1", "no event data is part of a shell command", "a shell runs what an event says"),
    _practice(
        "C2",
        "no event data is part of the text of a statement or query",
        "a database runs what an event says, operators included",
    ),
    _practice(
        "C3",
        "no event data chooses the host of a request",
        "requests go where an event says, inside the network too",
    ),
    _practice(
        "C4",
        "no event data chooses a path, object or target outside its place",
        "an event names a file, an object, a table or a role that is not its sender's",
    ),
    _practice(
        "C5",
        "no event data is evaluated, imported or unpickled",
        "an event brings code, and it is run, or changes what all objects share",
    ),
    _practice(
        "C6",
        "no event data stands unescaped in a page",
        "an event brings a script, and readers' browsers run it",
    ),
    _practice(
        "C7",
        "XML is parsed without entities, and no event data is rendered as a template",
        "an event's XML names files, or its text is a template",
    ),
    _practice(
        "C8",
        "logins, passwords and tokens come from a managed service, and signatures are verified",
        "they are handled by hand, a token is believed unread, or any page may use a cookie",
    ),
    _practice(
        "C9",
        "nothing secret goes to the log or to the caller",
        "a secret, a traceback or a request with its tokens does",
    ),
    _practice(
        "N1",
        "development, staging and production share nothing",
        "one stage's template names what belongs to another",
    ),
    _practice(
        "N2",
        "source and builds stay inside, and what runs is what was built",
        "code is not signed, or a job that deploys runs code that strangers can change",
    ),
    _practice(
        "N3",
        "nothing reaches production past the gate",
        "a pipeline deploys what was pushed with no check and nobody's approval before it",
    ),
    _practice(
        "O1",
        "the surface is small",
        "nobody can say how many ways in there are, and what stands behind each",
        Figure(command="stockade show surface", page="figures/surface"),
    ),
    _practice(
        "O2",
        "privileges are least",
        "nobody can say how much of what is granted is needed",
        Figure(command="stockade show privileges", page="figures/privileges"),
    ),
    _practice(
        "O3",
        "defence is deep: no way to data hangs on one control",
        "a way from outsiders to data has one control on it, or none",
        Figure(command="stockade show figures", page="figures/defence"),
    ),
    _practice(
        "O4",
        "it is known whose each control is, the provider's or the application's",
        "what both leave to the other is done by nobody",
        Figure(command="stockade show controls", page="figures/controls"),
    ),
    _practice(
        "O5",
        "the application is seen at a glance",
        "who may call what, and where an attacker comes through, is in nobody's head",
        Figure(command="stockade scan --format html", page="figures/picture"),
    ),
)
