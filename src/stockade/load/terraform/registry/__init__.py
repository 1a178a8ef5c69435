"""Published modules that many call, each as a small module of our own that makes the same.

They follow "Inputs", "Outputs" and the resources of the modules of `terraform-aws-modules` in the
Terraform Registry, as far as triggers, roles and stores go. What they make is told at the
author's call.
"""

from functools import cache
from pathlib import Path
from typing import Final

from stockade._late import pattern
from stockade.load.terraform.configuration import Configuration, parse_file
from stockade.model import SourceFile

_HERE: Final = Path(__file__).parent
_SOURCE = pattern(
    r"(?:^|[/:])terraform-aws-modules/(?:terraform-aws-)?([a-z0-9-]+?)(?:/aws|\.git)?"
    r"(?://modules/([a-z-]+))?(?:\?.*)?$"
)


def published(source: str) -> Configuration | None:
    """Return the module that stands for a published one; None for those that are not known.

    It is named as the registry or GitHub has it: `terraform-aws-modules/lambda/aws`.
    """
    found = _SOURCE.search(source[:200])
    if found is None:
        return None
    return _read(f"{found[1]}.{found[2]}" if found[2] else found[1])


@cache
def _read(name: str) -> Configuration | None:
    path = _HERE / f"{name}.tf"
    if not path.is_file():
        return None
    configuration = Configuration(f"<{name}>", is_ours=True)
    file = SourceFile(f"<{name}>", path.read_text(encoding="utf-8"))
    configuration.add(parse_file(file, []))
    return configuration
