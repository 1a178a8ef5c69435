"""Find what an outsider can do to a serverless application, from its template and its code.

The command line is one user of this package. In Python:

    import stockade

    report = stockade.scan("path/to/application")
    for finding in report.findings:
        print(finding.severity.name, finding.match.message, finding.match.at)

A program that scans the same folder while its files change keeps a `stockade.Workspace`.

Everything is loaded when it is first used, so that `import stockade` costs nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockade.api import Workspace, scan
    from stockade.config import Config
    from stockade.errors import ConfigError, InputError, RuleError, StockadeError
    from stockade.model import (
        Application,
        Baseline,
        Confidence,
        Exposure,
        Finding,
        Ignore,
        Ignored,
        Known,
        Location,
        Match,
        Persona,
        Report,
        RuleFailure,
        RuleInfo,
        Severity,
        Step,
        Unseen,
    )

__version__ = "0.1.0"

__all__ = [
    "Application",
    "Baseline",
    "Confidence",
    "Config",
    "ConfigError",
    "Exposure",
    "Finding",
    "Ignore",
    "Ignored",
    "InputError",
    "Known",
    "Location",
    "Match",
    "Persona",
    "Report",
    "RuleError",
    "RuleFailure",
    "RuleInfo",
    "Severity",
    "Step",
    "StockadeError",
    "Unseen",
    "Workspace",
    "__version__",
    "scan",
]

_ELSEWHERE = {
    "Workspace": "api",
    "scan": "api",
    "Config": "config",
    "ConfigError": "errors",
    "InputError": "errors",
    "RuleError": "errors",
    "StockadeError": "errors",
}


def __getattr__(name: str) -> object:
    """Load a public name from where it is defined."""
    if name not in __all__:
        message = f"module 'stockade' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - only when a name is asked for

    value = getattr(import_module(f"stockade.{_ELSEWHERE.get(name, 'model')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
