"""For how many functions the code is found, by framework and language, and why not for others."""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from stockade.api import applications
from stockade.model import Application, Function, Handler

ANALYSED = ("python", "nodejs")
MOST_REASONS = 10
NAMED = re.compile(r"\(.*\)|`[^`]*`|[\w.*-]*/[\w./*-]*|\b[\w-]+\.[\w.-]+|\b[A-Z]\w*\d\w*")


def main() -> None:
    """Print the counts of the folders that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER", type=Path)
    loaded = [app for folder in parser.parse_args().folders for app in applications(folder)]
    found: Counter[tuple[str, str]] = Counter()
    all_of: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str] = Counter()
    for app, function in functions(loaded):
        key = (framework(app, function), language(function))
        all_of[key] += 1
        if isinstance(function.handler, Handler):
            found[key] += 1
        elif key[1] in ANALYSED:
            reasons[kind(function.handler.why)] += 1
    print(f"{len(loaded)} applications")
    print(f"{found.total()} of {all_of.total()} functions have their handler found")
    for key in sorted(all_of):
        share = 100 * found[key] // all_of[key]
        print(f"  {key[0]:<22} {key[1]:<10} {found[key]:>5} of {all_of[key]:>5}  {share:>3} %")
    print(f"why not, of functions in {' and '.join(ANALYSED)}:")
    for reason, count in reasons.most_common(MOST_REASONS):
        print(f"  {count:>5}  {reason}")


def functions(loaded: list[Application]) -> Iterator[tuple[Application, Function]]:
    """Yield every function with its application."""
    for app in loaded:
        for function in app.functions.values():
            yield app, function


def framework(app: Application, function: Function) -> str:
    """Tell what an application is written with, by its template and the author's own words."""
    stack = app.resources[function.id].stack
    template = next(one.template for one in app.stacks if one.name == stack)
    written_as = app.resources[function.id].written_as
    if template.endswith((".tf", ".tf.json")) or written_as.startswith("aws_"):
        return "Terraform"
    if Path(template).name.startswith("serverless"):
        return "Serverless Framework"
    if ".chalice" in template or template.endswith("app.py"):
        return "Chalice"
    metadata = app.resources[function.id].metadata
    if metadata is not None and "aws:cdk:path" in metadata:
        return "CDK"
    return "SAM" if written_as.startswith("AWS::Serverless::") else "CloudFormation"


def language(function: Function) -> str:
    """Return the runtime without its version, `image` or `unknown` where there is none."""
    if not isinstance(function.runtime, str):
        return "unknown"
    return function.runtime.rstrip("0123456789.x") or function.runtime


def kind(why: str) -> str:
    """Return a reason without the names in it."""
    return NAMED.sub("...", why)
