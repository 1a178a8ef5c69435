"""What to write instead, in the words of the framework that the author writes in."""

from stockade.model import Application, Framework, ResourceId


def advice(app: Application, resource: ResourceId, cloudformation: str, **words: str) -> str:
    """Return what to write in the place of `resource`.

    `words` are by the framework's name (`terraform="set timeout below 29"`); what has none of its
    own is told in those of CloudFormation. So is a resource that the Serverless Framework passes
    on as it is written.
    """
    framework = app.framework_of(resource)
    written = app.resources.get(resource)
    if framework is Framework.SERVERLESS and written and written.written_as == written.type:
        framework = Framework.CLOUDFORMATION
    return words.get(framework.value, cloudformation)


_FORMATS = {
    Framework.CLOUDFORMATION: " --format cloudformation",
    Framework.SERVERLESS: " --format serverless",
    Framework.TERRAFORM: " --format terraform",
}


def format_of(app: Application, function: ResourceId) -> str:
    """Return the option by which `stockade policy` writes as the author of a function does.

    Where it has no format of the framework, the text tells the policy.
    """
    framework, written = app.framework_of(function), app.resources.get(function)
    if framework is Framework.CLOUDFORMATION and written is not None:
        return " --format sam" if written.written_as != written.type else _FORMATS[framework]
    return _FORMATS.get(framework, "")
