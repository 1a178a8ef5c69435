"""Build specifications, as "Build specification reference for CodeBuild" says.

What starts a build, and whether somebody approved it before, stands in a pipeline of CodePipeline
or in the project: where it is not in the repository it is not seen.
"""

from collections.abc import Iterator

from stockade.analysis.pipelines.commands import checks_first, deploying
from stockade.analysis.pipelines.job import Job
from stockade.model import Map, constant, inside

_PHASES = ("install", "pre_build", "build", "post_build")


def jobs(path: str, document: Map, text: str) -> Iterator[Job]:
    """Yield the build as one job."""
    written = [
        command
        for phase in _PHASES
        for command in inside(document, "phases", phase, "commands", "[]")
    ]
    scripts = [(constant(command), command.at) for command in written]
    told = [(script, at) for script, at in scripts if isinstance(script, str)]
    yield Job(
        file=path,
        name="the build",
        at=document.key_at("phases"),
        deploys=tuple(line for script, at in told for line in deploying(script, at, text)),
        checks=checks_first("\n".join(script for script, _ in told)),
        asks=False,
        starts="whatever is built",
        is_part=True,
    )
