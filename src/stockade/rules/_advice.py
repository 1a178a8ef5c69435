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
