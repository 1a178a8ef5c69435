"""Several services: compositions, outputs of one that another takes, plug-ins."""

from pathlib import Path

from serverless_services import loaded, missed, service, told

from stockade.model import EventSourceType, Handler

QUEUE = """
    service: queue
    provider: {name: aws, runtime: nodejs22.x}
    resources:
      Resources: {Jobs: {Type: AWS::SQS::Queue}}
      Outputs: {JobsArn: {Value: !GetAtt Jobs.Arn}}
"""
WORKER = """
    service: worker
    provider: {{name: aws, runtime: nodejs22.x}}
    functions: {{one: {{handler: a.b, events: [sqs: {{arn: '{arn}'}}]}}}}
"""


def test_an_output_of_another_service_is_what_it_names(tmp_path: Path) -> None:
    """`${cf:}` of a stack in the folder makes both one application."""
    files = {
        "queue/serverless.yml": QUEUE,
        "worker/serverless.yml": WORKER.format(arn="${cf:queue-${sls:stage}.JobsArn}"),
    }

    (application,), _ = loaded(tmp_path, files)

    (source,) = application.event_sources
    assert source.type is EventSourceType.SQS
    assert source.resource is not None
    assert application.resources[source.resource].logical_id == "Jobs"


def test_a_composition_hands_outputs_over_as_parameters(tmp_path: Path) -> None:
    """`${queue.JobsArn}` in the composition arrives as `${param:arn}`."""
    files = {
        "serverless-compose.yml": """
            services:
              queue: {path: queue}
              worker: {path: worker, config: other.yml, params: {arn: "${queue.JobsArn}"}}
        """,
        "queue/serverless.yml": QUEUE,
        "worker/other.yml": WORKER.format(arn="${param:arn}"),
    }

    (application,), unseen = loaded(tmp_path, files)

    (source,) = application.event_sources
    assert source.resource is not None
    assert application.resources[source.resource].logical_id == "Jobs"
    assert not [one for one in unseen if one.kind == "template"]


def test_a_service_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A composition that names a folder without a service."""
    files = {"serverless-compose.yml": "services:\n  a: {path: nowhere}\n"}

    assert missed(tmp_path, files) == [
        "serverless-compose.yml:2: the service a has no configuration in the folder"
    ]


def test_services_for_others_are_named(tmp_path: Path) -> None:
    """Only services for AWS are read."""
    files = {
        "serverless.yml": "service: x\nprovider:\n  name: azure\nfunctions: {a: {handler: b}}\n"
    }

    assert missed(tmp_path, files) == [
        "serverless.yml:3: it is a service for azure, only those for AWS are read"
    ]


def test_a_template_of_sam_may_have_that_name(tmp_path: Path) -> None:
    """What a file says counts, not only what it is called."""
    text = "AWSTemplateFormatVersion: '2010-09-09'\nResources: {T: {Type: 'AWS::SNS::Topic'}}\n"

    (application,), unseen = loaded(tmp_path, {"serverless.yml": text})

    assert set(application.resources) == {"T"}
    assert not unseen


def test_state_machines_start_the_functions_that_they_name(tmp_path: Path) -> None:
    """By the function's name in the file; the machine is started through the API."""
    text = """
        service: shop
        provider: {name: aws, runtime: nodejs22.x}
        functions: {pack-it: {handler: a.b}, send: {handler: a.c}}
        stepFunctions:
          stateMachines:
            order:
              events: [http: {path: orders, method: post}, schedule: rate(1 day)]
              definition:
                StartAt: Pack
                States:
                  Pack: {Type: Task, Resource: !GetAtt pack-it.Arn, Next: Send}
                  Send:
                    Type: Task
                    Resource: arn:aws:states:::lambda:invoke
                    Parameters: {FunctionName: !GetAtt [send, Arn]}
                    End: true
    """

    found = service(tmp_path, text)

    machine = "OrderStepFunctionsStateMachine"
    started = {one.function for one in found.event_sources if one.resource == machine}
    assert started == {"pack-it", "send"}
    (delivery,) = [one for one in found.deliveries if one.type is EventSourceType.REST_API]
    assert delivery.target == machine
    assert told(
        found,
        f"{machine}Role",
        "Policies",
        "[]",
        "PolicyDocument",
        "Statement",
        "[]",
        "Resource",
        "[]",
    ) == ["${pack-it.Arn}", "${send.Arn}"]


def test_fields_of_a_graphql_api_start_functions(tmp_path: Path) -> None:
    """Both versions of the plug-in: sources and resolvers as maps, or as lists."""
    new = """
        appSync:
          name: api
          authentication: {type: AMAZON_COGNITO_USER_POOLS, config: {userPoolId: !Ref Pool}}
          dataSources: {users: {type: AWS_LAMBDA, config: {functionName: one}}}
          resolvers: {Query.user: {kind: UNIT, dataSource: users}}
    """
    old = """
        custom:
          appSync:
            authenticationType: AMAZON_COGNITO_USER_POOLS
            userPoolConfig: {userPoolId: !Ref Pool}
            dataSources: [{type: AWS_LAMBDA, name: users, config: {functionName: one}}]
            mappingTemplates: [{type: Query, field: user, dataSource: users}]
    """
    head = """
        service: shop
        provider: {name: aws, runtime: nodejs22.x}
        functions: {one: {handler: a.b}}
        resources: {Resources: {Pool: {Type: AWS::Cognito::UserPool}}}
    """
    for number, part in enumerate((new, old)):
        files = {"schema.graphql": "type Query { user: String }\n"}
        found = service(tmp_path / str(number), head + part, files)

        (source,) = found.event_sources
        assert source.route is not None
        assert source.type is EventSourceType.GRAPHQL_API
        assert (source.route.path, source.route.authorizer.kind.value) == ("user", "cognito")


def test_a_handler_may_be_packaged_from_further_up(tmp_path: Path) -> None:
    """Patterns that begin with `../` put files into the package without it."""
    files = {
        "users/sls/serverless.yml": """
            service: users
            provider: {name: aws, runtime: python3.13}
            package: {patterns: ["./../src/**"]}
            functions: {one: {handler: src/handlers/one.main}}
        """,
        "users/src/handlers/one.py": "def main(event, context): ...\n",
    }

    (application,), _ = loaded(tmp_path, files)

    handler = application.functions["one"].handler
    assert isinstance(handler, Handler)
    assert handler.file.path == "users/src/handlers/one.py"
