"""Code signs with keys that do not end. Its page is docs/rules/long-lived-access-key.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.pipelines import Job, jobs
from stockade.analysis.stores.access_keys import KEY, given_keys, shown_in
from stockade.model import Application, Confidence, Exposure, Match, Resource, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="code signs with keys that do not end",
    harm=Severity.MEDIUM,
    practice="I4",
    cwe=(522, 798),
)
def long_lived_access_key(app: Application, facts: Facts) -> Iterator[Match]:
    """Report access keys that a template makes, and clients that are given a user's keys."""
    for key in app.of_type(KEY):
        yield _made(app, key)
    for job in jobs(app):
        if job.keys:
            yield _deployed_with(job)
    seen = set()
    for call in given_keys(facts):
        service = call.callee.split(".")[1]
        if (call.function, service) not in seen:
            seen.add((call.function, service))
            yield _given(app, call, service)


def _made(app: Application, key: Resource) -> Match:
    shown = shown_in(app, key.id)
    where = f", and {shown[0].where} tell its secret" if shown else ""
    return Match(
        at=key.at,
        message=f"the access key {key.name} works until somebody deletes it{where}",
        because=(
            Step(key.at, "an access key of a user has no end"),
            *(Step(one.at, f"{one.where} tell its secret") for one in shown),
        ),
        confidence=Confidence.HIGH,
        exposure=Exposure.APPLICATION,
        identity=(key.id,),
        resource=key.id,
        mends=(key.at,),
        help=(
            "give a function a role, a pipeline outside of AWS an OpenID Connect provider "
            "(AWS::IAM::OIDCProvider) and a role that trusts it, a machine IAM Roles Anywhere"
        ),
    )


def _deployed_with(job: Job) -> Match:
    return Match(
        at=job.keys[0],
        message=(
            f"{job.file.rpartition('/')[2]} deploys with an access key that works until somebody "
            "deletes it"
        ),
        because=(
            *(Step(at, "a user's access key, kept by the service") for at in job.keys),
            Step(job.deploys[0].at, "and this deploys with it"),
        ),
        confidence=Confidence.HIGH,
        exposure=Exposure.APPLICATION,
        identity=(job.file, job.name),
        help=(
            "let the workflow ask for an OpenID Connect token (`id-token: write`) and assume a "
            "role that trusts this repository and branch (`role-to-assume`)"
        ),
    )


def _given(app: Application, call: ExternalCall, service: str) -> Match:
    function = app.resources[call.function].name
    return Match(
        at=call.at,
        message=f"{function} calls {service} with a user's access key, not with its role",
        because=(*call.steps, Step(call.at, "this client was given keys without a session token")),
        confidence=Confidence.MEDIUM,
        exposure=Exposure.APPLICATION,
        identity=(call.function, service),
        resource=call.function,
        help=(
            "make the client without keys and give the function's role what it needs; for another "
            "account, assume a role there: its credentials end by themselves"
        ),
    )
