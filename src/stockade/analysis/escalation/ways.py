"""The published ways by which a role raises its own power, and what each needs.

The names are those of "AWS IAM Privilege Escalation - Methods and Mitigation" of Rhino Security
Labs, by which Pacu's `iam__privesc_scan` tells them; ways that were published later are named
alike. Actions and what they are about follow the Service Authorization Reference. What is asked
about is a role, user, policy or function of the account that has nothing to do with the
application: what a role may do to that, it may do to the account's administrator.
"""

from typing import Final

from stockade.analysis.least_privilege.symbolic import ACCOUNT
from stockade.iam.symbolic import atom
from stockade.model.record import record

PARTITION: Final = "aws"
_REGION: Final = atom("AWS::Region")
_OTHER: Final = atom("someone else's", unique=True)


def _iam(kind: str) -> str:
    return f"arn:{PARTITION}:iam::{ACCOUNT}:{kind}/{_OTHER}"


def _of(service: str, rest: str) -> str:
    return f"arn:{PARTITION}:{service}:{_REGION}:{ACCOUNT}:{rest}/{_OTHER}"


_ROLE, _USER, _GROUP, _POLICY = (_iam(kind) for kind in ("role", "user", "group", "policy"))
_FUNCTION: Final = f"arn:{PARTITION}:lambda:{_REGION}:{ACCOUNT}:function:{_OTHER}"


@record
class Asked:
    """An action that a way needs, and the resource that it needs it on."""

    action: str
    resource: str
    or_itself: bool = False
    """Whether the role that asks will do as well, in the place of another."""
    passed_to: str = ""
    """The service that the role is passed to, where the action passes one."""

    @property
    def context(self) -> dict[str, str]:
        """What is known of the request besides."""
        return {"iam:PassedToService": self.passed_to} if self.passed_to else {}


@record
class Way:
    """A published way to more power: what it needs, and what the attacker does."""

    name: str
    does: str
    """What the attacker does: the end of a sentence that begins with "may"."""
    asked: tuple[Asked, ...]
    alone: bool = True
    """Whether nothing but the role is needed to own the account.

    Other ways take a user of one's own or a policy that once granted more, or lead into one
    function at a time.
    """


def _passing(service: str) -> Asked:
    return Asked("iam:PassRole", _ROLE, passed_to=f"{service}.amazonaws.com")


WAYS: Final = (
    Way(
        "CreateNewPolicyVersion", "rewrite a policy", (Asked("iam:CreatePolicyVersion", _POLICY),)
    ),
    Way(
        "SetExistingDefaultPolicyVersion",
        "bring back an older version of a policy",
        (Asked("iam:SetDefaultPolicyVersion", _POLICY),),
        alone=False,
    ),
    Way(
        "AttachRolePolicy",
        "attach AdministratorAccess to a role",
        (Asked("iam:AttachRolePolicy", _ROLE, or_itself=True),),
    ),
    Way(
        "PutRolePolicy",
        "write any permission into a role",
        (Asked("iam:PutRolePolicy", _ROLE, or_itself=True),),
    ),
    Way(
        "UpdatingAssumeRolePolicy",
        "let itself assume any role",
        (Asked("iam:UpdateAssumeRolePolicy", _ROLE),),
    ),
    Way(
        "AssumeAnyRole",
        "take on any role that trusts the account",
        (Asked("sts:AssumeRole", _ROLE),),
        alone=False,
    ),
    Way("CreateAccessKey", "sign as any user", (Asked("iam:CreateAccessKey", _USER),)),
    Way("CreateLoginProfile", "sign in as a user", (Asked("iam:CreateLoginProfile", _USER),)),
    Way(
        "UpdateLoginProfile",
        "change any user's password",
        (Asked("iam:UpdateLoginProfile", _USER),),
    ),
    Way(
        "AttachUserPolicy",
        "attach AdministratorAccess to a user",
        (Asked("iam:AttachUserPolicy", _USER),),
        alone=False,
    ),
    Way(
        "AttachGroupPolicy",
        "attach AdministratorAccess to a group",
        (Asked("iam:AttachGroupPolicy", _GROUP),),
        alone=False,
    ),
    Way(
        "PutUserPolicy",
        "write any permission into a user",
        (Asked("iam:PutUserPolicy", _USER),),
        alone=False,
    ),
    Way(
        "PutGroupPolicy",
        "write any permission into a group",
        (Asked("iam:PutGroupPolicy", _GROUP),),
        alone=False,
    ),
    Way(
        "AddUserToGroup",
        "put a user into any group",
        (Asked("iam:AddUserToGroup", _GROUP),),
        alone=False,
    ),
    Way(
        "PassExistingRoleToNewLambdaThenInvoke",
        "run a function of its own with any role",
        (
            _passing("lambda"),
            Asked("lambda:CreateFunction", _FUNCTION),
            Asked("lambda:InvokeFunction", _FUNCTION),
        ),
    ),
    Way(
        "PassExistingRoleToNewLambdaThenTriggerWithExistingDynamo",
        "run a function of its own with any role, by a table's stream",
        (
            _passing("lambda"),
            Asked("lambda:CreateFunction", _FUNCTION),
            Asked("lambda:CreateEventSourceMapping", "*"),
        ),
    ),
    Way(
        "EditExistingLambdaFunctionWithRole",
        "put its own code into any function",
        (Asked("lambda:UpdateFunctionCode", _FUNCTION),),
        alone=False,
    ),
    Way(
        "EditExistingLambdaFunctionLayers",
        "put a layer of its own before the code of any function",
        (Asked("lambda:UpdateFunctionConfiguration", _FUNCTION),),
        alone=False,
    ),
    Way(
        "PassExistingRoleToNewGlueDevEndpoint",
        "open a shell with any role",
        (_passing("glue"), Asked("glue:CreateDevEndpoint", "*")),
    ),
    Way(
        "PassExistingRoleToNewGlueJob",
        "run a job of its own with any role",
        (
            _passing("glue"),
            Asked("glue:CreateJob", _of("glue", "job")),
            Asked("glue:StartJobRun", _of("glue", "job")),
        ),
    ),
    Way(
        "PassExistingRoleToCloudFormation",
        "deploy a stack with any role",
        (
            _passing("cloudformation"),
            Asked("cloudformation:CreateStack", _of("cloudformation", "stack")),
        ),
    ),
    Way(
        "PassExistingRoleToNewStateMachine",
        "run a state machine of its own with any role",
        (
            _passing("states"),
            Asked("states:CreateStateMachine", _of("states", "stateMachine")),
            Asked("states:StartExecution", _of("states", "stateMachine")),
        ),
    ),
    Way(
        "PassExistingRoleToNewCodeBuildProject",
        "run a build of its own with any role",
        (
            _passing("codebuild"),
            Asked("codebuild:CreateProject", _of("codebuild", "project")),
            Asked("codebuild:StartBuild", _of("codebuild", "project")),
        ),
    ),
    Way(
        "PassExistingRoleToNewSageMakerNotebook",
        "open a notebook with any role",
        (
            _passing("sagemaker"),
            Asked("sagemaker:CreateNotebookInstance", _of("sagemaker", "notebook-instance")),
            Asked(
                "sagemaker:CreatePresignedNotebookInstanceUrl",
                _of("sagemaker", "notebook-instance"),
            ),
        ),
    ),
    Way(
        "PassExistingRoleToNewECSTask",
        "run a container of its own with any role",
        (
            _passing("ecs-tasks"),
            Asked("ecs:RegisterTaskDefinition", _of("ecs", "task-definition")),
            Asked("ecs:RunTask", _of("ecs", "task-definition")),
        ),
    ),
    Way(
        "CreateEC2WithExistingIP",
        "start a machine with any role",
        (
            _passing("ec2"),
            Asked("ec2:RunInstances", _of("ec2", "instance")),
        ),
    ),
    Way(
        "PassExistingRoleToNewDataPipeline",
        "run a pipeline of its own with any role",
        (
            _passing("datapipeline"),
            Asked("datapipeline:CreatePipeline", "*"),
            Asked("datapipeline:PutPipelineDefinition", _of("datapipeline", "pipeline")),
            Asked("datapipeline:ActivatePipeline", _of("datapipeline", "pipeline")),
        ),
    ),
    Way(
        "PassExistingRoleToNewLambdaThenLetInvoke",
        "run a function of its own with any role, for whom it lets invoke it",
        (
            _passing("lambda"),
            Asked("lambda:CreateFunction", _FUNCTION),
            Asked("lambda:AddPermission", _FUNCTION),
        ),
    ),
    Way(
        "UpdateExistingGlueDevEndpoint",
        "open a shell with the role of any development endpoint",
        (Asked("glue:UpdateDevEndpoint", _of("glue", "devEndpoint")),),
        alone=False,
    ),
    Way(
        "PassExistingRoleToUpdatedGlueJob",
        "run a job of its own with any role",
        (
            _passing("glue"),
            Asked("glue:UpdateJob", _of("glue", "job")),
            Asked("glue:StartJobRun", _of("glue", "job")),
        ),
    ),
    Way(
        "PassExistingRoleToUpdatedCodeBuildProject",
        "run a build of its own with any role",
        (
            _passing("codebuild"),
            Asked("codebuild:UpdateProject", _of("codebuild", "project")),
            Asked("codebuild:StartBuild", _of("codebuild", "project")),
        ),
    ),
    Way(
        "PassExistingRoleToNewCodeStarProject",
        "make a project of its own with any role",
        (_passing("codestar"), Asked("codestar:CreateProject", "*")),
    ),
    Way(
        "PassExistingRoleToNewSchedule",
        "call any operation of AWS with any role, by a schedule",
        (
            _passing("scheduler"),
            Asked("scheduler:CreateSchedule", _of("scheduler", "schedule/default")),
        ),
    ),
    Way(
        "PassExistingRoleToNewAppRunnerService",
        "run a service of its own with any role",
        (
            _passing("tasks.apprunner"),
            Asked("apprunner:CreateService", _of("apprunner", "service")),
        ),
    ),
    Way(
        "PassExistingRoleToNewSageMakerTrainingJob",
        "run a job of its own with any role",
        (
            _passing("sagemaker"),
            Asked("sagemaker:CreateTrainingJob", _of("sagemaker", "training-job")),
        ),
    ),
    Way(
        "PassExistingRoleToNewSageMakerProcessingJob",
        "run a job of its own with any role",
        (
            _passing("sagemaker"),
            Asked("sagemaker:CreateProcessingJob", _of("sagemaker", "processing-job")),
        ),
    ),
    Way(
        "PassExistingRoleToNewBatchJob",
        "run a container of its own with any role",
        (
            _passing("ecs-tasks"),
            Asked("batch:RegisterJobDefinition", _of("batch", "job-definition")),
            Asked("batch:SubmitJob", _of("batch", "job-queue")),
        ),
    ),
    Way(
        "PassExistingRoleToAutomation",
        "run steps of its own with any role",
        (
            _passing("ssm"),
            Asked("ssm:StartAutomationExecution", _of("ssm", "automation-definition")),
        ),
    ),
    Way(
        "PassExistingRoleToExistingInstance",
        "give any role to a machine",
        (
            _passing("ec2"),
            Asked("ec2:AssociateIamInstanceProfile", _of("ec2", "instance")),
        ),
    ),
    Way(
        "SendCommandToInstance",
        "run commands on any machine, with its role",
        (
            Asked("ssm:SendCommand", _of("ec2", "instance")),
            Asked(
                "ssm:SendCommand", f"arn:{PARTITION}:ssm:{_REGION}::document/AWS-RunShellScript"
            ),
        ),
        alone=False,
    ),
    Way(
        "StartSessionOnInstance",
        "open a shell on any machine, with its role",
        (Asked("ssm:StartSession", _of("ec2", "instance")),),
        alone=False,
    ),
    Way(
        "SendKeyToInstance",
        "sign in to any machine, with its role",
        (Asked("ec2-instance-connect:SendSSHPublicKey", _of("ec2", "instance")),),
        alone=False,
    ),
    Way(
        "ExecuteCommandInTask",
        "run commands in any container, with its role",
        (Asked("ecs:ExecuteCommand", _of("ecs", "task")),),
        alone=False,
    ),
    Way(
        "EditExistingStateMachine",
        "rewrite any state machine, and act as its role",
        (
            Asked("states:UpdateStateMachine", _of("states", "stateMachine")),
            Asked("states:StartExecution", _of("states", "stateMachine")),
        ),
        alone=False,
    ),
    Way(
        "DeletePermissionsBoundary",
        "take away the boundary of a role",
        (Asked("iam:DeleteRolePermissionsBoundary", _ROLE, or_itself=True),),
        alone=False,
    ),
    Way(
        "AssignPermissionSet",
        "be assigned any permission set",
        (Asked("sso:CreateAccountAssignment", "*"),),
    ),
)

EVERYTHING: Final = Way(
    "AdministratorAccess",
    "do anything in the account",
    (Asked("stockade:Anything", f"arn:{PARTITION}:stockade:{_REGION}:{ACCOUNT}:{_OTHER}"),),
)
"""Stands for what only a statement on every action and every resource allows."""
