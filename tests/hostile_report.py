"""A report in which everything that was scanned has a name that an attacker chose."""

from sample_report import application, finding, match, report

from stockade.model import (
    Ignore,
    Ignored,
    LeastPrivilege,
    Location,
    Permission,
    PolicyStatement,
    Report,
    Step,
    Unseen,
)

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "<!-- <script>",
    "${7*7}{{7*7}}&lt;b&gt;&amp;",
    "\x1b[31mred\x1b[0m\x07",
    "\u202egnp.exe\u2066",
    "\u2028\u2029\ud800\x00",
    "__proto__",
    "'\"`\\",
    "constructor",
)


def hostile_report(text: str) -> Report:
    """Return a report in which everything that was scanned is called `text`."""
    at = Location(text, 1, 1, 1, 2)
    found = finding(
        at=at,
        message=text,
        help=text,
        resource=text,
        because=(Step(at, text),),
        also=(match(message=text),),
        app=text,
    )
    held = Permission(action=text, resource=text, at=at, note=text)
    ignore = Ignore(rule=text, fingerprint=text, reason=text, at=at)
    return report(
        found,
        root=text,
        applications=(application({text: f"{text}\n", "app.py": text}, name=text),),
        unseen=(Unseen(at, text, text),),
        ignored=(Ignored(finding=found, ignore=ignore),),
        stale_ignores=(ignore,),
        least_privilege=(
            LeastPrivilege(
                application=text,
                function="Extract",
                needed=(held,),
                missing=(held,),
                excess=(held,),
                policy=(PolicyStatement(sid="S", actions=("s3:Get",), resources=(text,)),),
                unknown=(Unseen(at, text, text),),
                proved=False,
            ),
        ),
    )
