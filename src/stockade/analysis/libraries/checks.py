"""Checks: what leaves nothing harmful in data that passed it."""

from stockade.analysis.libraries.model import Clean, Guard, Matches, Model, Returns, every
from stockade.analysis.libraries.patterns import cleaners, finders, guards
from stockade.analysis.libraries.schemas import schema_guards

_SPACELESS = ("shell", "path", "page", "template", "sql", "query", "object-key", "host")
_MATCHING = tuple(
    (one, name) for one in ("re", "regex") for name in ("fullmatch", "match", "search")
)

MODELS: tuple[Model, ...] = (
    # Regular expressions, where the whole text must match a strict one.
    *(
        line
        for module in ("re", "regex")
        for name, start, end in (
            ("fullmatch", True, True),
            ("match", True, False),
            ("search", False, False),
        )
        for line in (
            *guards(f"{module}.{name}", "string@1", "pattern@0", start=start, end=end),
            *guards(
                f"{module}.Pattern.{name}", "string@0", "self.pattern@0", start=start, end=end
            ),
        )
    ),
    *(Matches(f"{module}.{name}", ("pattern", 0)) for module, name in _MATCHING),
    *(Matches(f"{module}.Pattern.{name}", ("self.pattern", 0)) for module, name in _MATCHING),
    *(
        line
        for module in ("re", "regex")
        for name in ("findall", "finditer")
        for line in (
            *finders(f"{module}.{name}", "string@1", "pattern@0"),
            *finders(f"{module}.Pattern.{name}", "string@0", "self.pattern@0"),
        )
    ),
    *(
        line
        for module in ("re", "regex")
        for line in (
            *cleaners(f"{module}.sub", "string@2", "pattern@0", "repl@1"),
            *cleaners(f"{module}.Pattern.sub", "string@1", "self.pattern@0", "repl@0"),
        )
    ),
    *(Returns(f"{module}.compile", f"{module}.Pattern") for module in ("re", "regex")),
    # Parsers whose result has no room for text.
    *(
        Clean(name)
        for name in every(
            "decimal.Decimal",
            "fractions.Fraction",
            "datetime.datetime.{strptime,fromisoformat,fromtimestamp,now,utcnow,today}",
            "datetime.{date,time}.{fromisoformat,fromtimestamp,today}",
            "datetime.{datetime,date,time,timedelta,timezone}",
            "time.*",
            "math.*",
            "statistics.*",
            "calendar.*",
            "dateutil.parser.{parse,isoparse}",
            "arrow.get",
            "pendulum.parse",
            "isodate.{parse_datetime,parse_date}",
            "ipaddress.{ip_address,ip_network,IPv4Address,IPv6Address,IPv4Network,IPv6Network}",
        )
    ),
    *(
        Guard(name, "@0", _SPACELESS, raises=True)
        for name in every("uuid.UUID", "decimal.Decimal")
    ),
    *(
        Guard(name, "@0", ("shell", "path", "page", "template", "object-key"), raises=True)
        for name in every("ipaddress.{ip_address,ip_network,IPv4Address,IPv6Address}")
    ),
    *(
        Guard(
            name,
            "@0",
            ("shell", "sql", "path", "page", "template", "object-key", "query"),
            raises=True,
        )
        for name in every(
            "datetime.datetime.{strptime,fromisoformat}", "datetime.date.fromisoformat"
        )
    ),
    *(
        Guard(name, "@0", ("shell", "path", "page", "template", "object-key"))
        for name in every("validators.{uuid,ipv4,ipv6,slug,domain}")
    ),
    # Schemas.
    *schema_guards("jsonschema.validate", "instance@0", ("schema", 1), raises=True),
    *schema_guards("jsonschema.validators.validate", "instance@0", ("schema", 1), raises=True),
    *(
        line
        for name in every("jsonschema.{Draft4,Draft6,Draft7,Draft201909,Draft202012}Validator")
        for line in (Returns(name, "jsonschema.Validator"),)
    ),
    *schema_guards("jsonschema.Validator.validate", "instance@0", ("self.schema", 0), raises=True),
    *schema_guards(
        "jsonschema.Validator.is_valid", "instance@0", ("self.schema", 0), raises=False
    ),
    *(
        line
        for name in every(
            "aws_lambda_powertools.utilities.validation.{validate,validator.validate}"
        )
        for line in schema_guards(name, "event@0", ("schema", 1), raises=True)
    ),
)
