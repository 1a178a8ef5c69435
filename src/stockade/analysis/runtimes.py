"""Which runtimes AWS no longer mends, and since when.

The dates are those of the tables under "Lambda runtimes" in the AWS Lambda Developer Guide: the
columns "Deprecation date" and "Block function create". Checked against the page, and against the
copy of it in cfn-lint 1.58 (`LmbdRuntimeLifecycle.json`), in November 2026.
"""

from datetime import date

from stockade.model.record import record


@record
class Lifecycle:
    """The last days of a runtime: until when it is mended, and until when it can be chosen."""

    deprecated: date
    creation_blocked: date
    """From this day on no function can be made on it; existing ones go on."""


def _day(text: str) -> date:
    return date.fromisoformat(text)


_NEXT_BLOCK = "2027-02-01"
"""AWS put off blocking what it deprecated since 2024, to this day for all of them."""

DEPRECATED = {
    name: Lifecycle(_day(deprecated), _day(blocked))
    for name, deprecated, blocked in (
        ("nodejs", "2016-08-30", "2016-09-30"),
        ("nodejs4.3", "2020-03-05", "2020-02-03"),
        ("nodejs4.3-edge", "2020-03-05", "2019-03-31"),
        ("nodejs6.10", "2019-08-12", "2019-07-12"),
        ("nodejs8.10", "2020-03-06", "2020-02-04"),
        ("nodejs10.x", "2021-07-30", "2021-07-30"),
        ("nodejs12.x", "2023-03-31", "2023-03-31"),
        ("nodejs14.x", "2023-12-04", "2024-01-09"),
        ("nodejs16.x", "2024-06-12", _NEXT_BLOCK),
        ("nodejs18.x", "2025-09-01", _NEXT_BLOCK),
        ("nodejs20.x", "2026-04-30", _NEXT_BLOCK),
        ("nodejs22.x", "2027-04-30", "2027-06-01"),
        ("nodejs24.x", "2028-04-30", "2028-06-01"),
        ("python2.7", "2021-07-15", "2021-07-15"),
        ("python3.6", "2022-07-18", "2022-07-18"),
        ("python3.7", "2023-12-04", "2024-01-09"),
        ("python3.8", "2024-10-14", _NEXT_BLOCK),
        ("python3.9", "2025-12-15", _NEXT_BLOCK),
        ("python3.10", "2026-10-31", _NEXT_BLOCK),
        ("python3.11", "2027-06-30", "2027-07-31"),
        ("python3.12", "2028-10-31", "2028-11-30"),
        ("python3.13", "2029-06-30", "2029-07-31"),
        ("python3.14", "2029-06-30", "2029-07-31"),
        ("ruby2.5", "2021-07-30", "2021-07-30"),
        ("ruby2.7", "2023-12-07", "2024-01-09"),
        ("ruby3.2", "2026-03-31", _NEXT_BLOCK),
        ("ruby3.3", "2027-03-31", "2027-04-30"),
        ("ruby3.4", "2028-03-31", "2028-04-30"),
        ("java8", "2024-01-08", "2024-02-08"),
        ("java8.al2", "2027-06-30", "2027-07-31"),
        ("java11", "2027-06-30", "2027-07-31"),
        ("java17", "2027-06-30", "2027-07-31"),
        ("java21", "2029-06-30", "2029-07-31"),
        ("java25", "2029-06-30", "2029-07-31"),
        ("go1.x", "2024-01-08", "2024-02-08"),
        ("provided", "2024-01-08", "2024-02-08"),
        ("provided.al2", "2026-07-31", _NEXT_BLOCK),
        ("provided.al2023", "2029-06-30", "2029-07-31"),
        ("dotnetcore1.0", "2019-06-27", "2019-06-30"),
        ("dotnetcore2.0", "2019-05-30", "2019-04-30"),
        ("dotnetcore2.1", "2022-01-05", "2022-01-05"),
        ("dotnetcore3.1", "2023-04-03", "2023-04-03"),
        ("dotnet6", "2024-12-20", _NEXT_BLOCK),
        ("dotnet8", "2026-11-10", _NEXT_BLOCK),
        ("dotnet10", "2028-11-14", "2028-12-14"),
    )
}
"""When AWS stops mending each runtime, by its identifier."""

NEWEST = {
    "nodejs": "nodejs24.x",
    "python": "python3.14",
    "ruby": "ruby3.4",
    "java": "java25",
    "go": "provided.al2023",
    "provided": "provided.al2023",
    "dotnet": "dotnet10",
}
"""What to move to, by what the runtime's identifier begins with."""


def successor(runtime: str) -> str:
    """Return the runtime to move to, for one that is known to be deprecated."""
    return next(newest for language, newest in NEWEST.items() if runtime.startswith(language))
