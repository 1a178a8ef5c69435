"""Parameters of templates: what they are declared as, and what values they are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterOptions:
    """Where values of template parameters come from, beside the templates themselves.

    `given` are values by parameter name, which win over everything. `files` are parameter
    files, relative to the scanned folder, the last one winning. `environment` is the table of
    `samconfig.toml` that is read (a `samconfig.toml` beside a template counts for it).
    """

    given: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    environment: str = "default"
