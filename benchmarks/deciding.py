"""How many access decisions a second, and how long a comparison of two policies takes.

Decisions are over prepared policies, comparisons from plain values to verdict. Processor time of
one process; the last figures are ratios to a plain loop, so that machines can be compared.
"""

import argparse
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from stockade import iam
from stockade.iam.cases import run_cases
from stockade.iam.compare import compare

ACCOUNT = "111122223333"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run-1"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/Orders"
Document = dict[str, object]


def policy(*statements: dict[str, object]) -> Document:
    """Make a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """Make an Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """Make a Deny."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


ROLE = policy(
    allow(
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        f"arn:aws:logs:eu-west-1:{ACCOUNT}:*",
    ),
    allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], [TABLE, f"{TABLE}/index/*"]),
    allow("s3:Get*", ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]),
    allow("s3:PutObject", "arn:aws:s3:::data/${aws:PrincipalTag/team}/*"),
    deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
)
BUCKET = policy(
    deny(
        "s3:*",
        ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
        Principal="*",
        Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
    ),
    allow(
        "s3:GetObject",
        "arn:aws:s3:::data/*",
        Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"},
    ),
)
GUARD = policy(
    allow("*"),
    {
        "Effect": "Deny",
        "NotAction": ["iam:*", "s3:*", "dynamodb:*", "logs:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    },
)
CONTEXT = {
    "aws:SecureTransport": "true",
    "aws:PrincipalTag/team": "red",
    "aws:PrincipalOrgID": "o-1",
    "aws:RequestedRegion": "eu-west-1",
}
ASKED = [
    ("s3:GetObject", "arn:aws:s3:::data/x"),
    ("s3:PutObject", "arn:aws:s3:::data/red/x"),
    ("s3:PutObject", "arn:aws:s3:::data/blue/x"),
    ("dynamodb:GetItem", TABLE),
    ("dynamodb:Query", f"{TABLE}/index/ByDay"),
    ("logs:PutLogEvents", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/x:*"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x"),
    ("dynamodb:DeleteItem", TABLE),
]


def many(count: int, *, also: str = "") -> Document:
    """Make a policy of many statements."""
    services = ["s3", "sqs", "sns", "dynamodb", "lambda", "logs", "kms", "events", "states", "ssm"]
    return policy(
        *(
            allow(
                [f"{service}:Get*", f"{service}:Put{number}{also}", f"{service}:List*"],
                [f"arn:aws:{service}:*:*:t-{number}", f"arn:aws:{service}:*:*:t-{number}/*"],
                Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
            )
            for number, service in zip(range(count), itertools.cycle(services), strict=False)
        )
    )


def rate(work: Callable[[], object], seconds: float) -> float:
    """Repeat the work for some seconds of processor time; how often a second."""
    started, done = time.process_time(), 0
    while (spent := time.process_time() - started) < seconds:
        for _ in range(50):
            work()
        done += 50
    return done / spent


def decisions(seconds: float) -> dict[str, float]:
    """Measure decisions a second by what has to be asked."""
    asked = [iam.Request(SESSION, a, r, context=CONTEXT, account=ACCOUNT) for a, r in ASKED]
    kinds = {
        "identity policy": iam.Policies(identity=[ROLE]),
        "identity, bucket, organisation": iam.Policies(
            identity=[ROLE], resource=BUCKET, scps=[iam.Level("root", [GUARD])]
        ),
    }
    rates: dict[str, float] = {}
    for name, prepared in kinds.items():
        requests = itertools.cycle(asked)
        rates[name] = rate(lambda p=prepared, r=requests: iam.decide(next(r), p), seconds)  # type: ignore[misc]
    line = json.dumps(
        {
            "name": "line",
            "request": {
                "principal": SESSION,
                "action": "s3:GetObject",
                "resource": {"arn": "arn:aws:s3:::data/x", "account": ACCOUNT},
                "context": CONTEXT,
            },
            "identity_policies": [ROLE],
            "resource_policy": BUCKET,
        }
    )
    rates["lines of a stream, policies and all"] = rate(lambda: list(run_cases([line])), seconds)
    return rates


def comparisons() -> dict[str, float]:
    """Measure milliseconds of comparisons."""
    pairs = {
        "a role with one action more": (
            ROLE,
            policy(*_statements(ROLE), allow("s3:PutObjectAcl")),
        ),
        "a role with itself": (ROLE, ROLE),
        "a wildcard instead of three actions": (ROLE, policy(allow("dynamodb:*", TABLE))),
        "a deny less": (policy(allow("s3:*"), deny("s3:Delete*")), policy(allow("s3:*"))),
        "50 statements, nothing new": (many(50), many(50)),
        "50 statements, something new": (many(50), many(50, also="*")),
    }
    times: dict[str, float] = {}
    for name, (old, new) in pairs.items():
        spent = []
        for _ in range(9):
            started = time.process_time()
            compare(old, new)
            spent.append(time.process_time() - started)
        times[name] = statistics.median(spent) * 1000
    return times


def _statements(document: Document) -> list[dict[str, object]]:
    found = document["Statement"]
    return found if isinstance(found, list) else []


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each rate")
    seconds = parser.parse_args().seconds
    loop = rate(lambda: sum(range(100)), seconds)
    for name, value in decisions(seconds).items():
        print(f"{value:10,.0f} a second  {value / loop:6.3f} of a plain loop  {name}")
    for name, value in comparisons().items():
        print(f"{value:10.2f} ms        {value * loop / 1000:6.0f} plain loops     {name}")
