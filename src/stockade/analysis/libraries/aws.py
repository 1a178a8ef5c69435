"""AWS as a library: what calls of boto3 do with the text, names and keys that they are given."""

from stockade.analysis.facts import OriginKind
from stockade.analysis.libraries.conditions import is_true, whole_is_chosen
from stockade.analysis.libraries.model import (
    Clean,
    Model,
    Passes,
    Returns,
    Sink,
    Source,
    every,
)

_EXPRESSIONS = (
    "FilterExpression",
    "KeyConditionExpression",
    "ConditionExpression",
    "UpdateExpression",
)
_SERVICE_RESOURCES = {
    "dynamodb": ("Table",),
    "s3": ("Bucket", "Object", "ObjectSummary"),
    "sqs": ("Queue",),
    "sns": ("Topic",),
    "ec2": ("Instance",),
}


def _text(service: str, operation: str, *arguments: str, kind: str = "sql") -> tuple[Sink, ...]:
    """Describe arguments whose text is a statement or script of its own."""
    return tuple(Sink(kind, f"aws.{service}.Client.{operation}", one) for one in arguments)


def _chosen(service: str, operations: str, *arguments: str) -> tuple[Sink, ...]:
    """Describe arguments that name what a call acts on."""
    return tuple(
        Sink("target", name, argument, whole_is_chosen(argument, None))
        for name in every(f"aws.{service}.{operations}")
        for argument in arguments
    )


def _key(callee: str, *arguments: str) -> tuple[Sink, ...]:
    """Describe arguments that name an object, harmed where nothing confines what they name."""
    lines = []
    for argument in arguments:
        name, _, position = argument.partition("@")
        test = whole_is_chosen(name, int(position) if position else None)
        lines.append(Sink("object-key", callee, argument, test))
    return tuple(lines)


_OBJECT = "{get_object,put_object,delete_object,select_object_content,restore_object}"
_LISTS = "{list_objects,list_objects_v2,list_object_versions,head_object,get_object_acl}"
_PARTS = "{create_multipart_upload,upload_part,put_object_acl,put_object_tagging}"

MODELS: tuple[Model, ...] = (
    # Clients, resources, sessions.
    *(
        Returns(name, "aws.{service_name@0}.Client", clean=True)
        for name in every(
            "boto3.{client,Session.client}", "{aioboto3,aiobotocore,botocore}.Session.client"
        )
    ),
    *(
        Returns(name, "aws.{service_name@0}.ServiceResource", clean=True)
        for name in every("boto3.{resource,Session.resource}", "aioboto3.Session.resource")
    ),
    *(
        Returns(name, "boto3.Session", clean=True)
        for name in every("boto3.{Session,session.Session,_get_default_session}")
    ),
    Returns("aioboto3.Session", "aioboto3.Session", clean=True),
    *(
        Returns(name, "aiobotocore.Session", clean=True)
        for name in every("aiobotocore.session.{get_session,AioSession}")
    ),
    Returns("aiobotocore.Session.create_client", "aws.{service_name@0}.Client", clean=True),
    *(
        Returns(name, "botocore.Session", clean=True)
        for name in every("botocore.session.{Session,get_session}")
    ),
    Returns("botocore.Session.create_client", "aws.{service_name@0}.Client", clean=True),
    *(
        Returns(f"aws.{service}.ServiceResource.{kind}", f"aws.{service}.{kind}")
        for service, kinds in _SERVICE_RESOURCES.items()
        for kind in kinds
    ),
    Returns("aws.s3.Bucket.Object", "aws.s3.Object"),
    Returns("aws.s3.ObjectSummary.Object", "aws.s3.Object"),
    Returns("aws.sqs.ServiceResource.get_queue_by_name", "aws.sqs.Queue", clean=True),
    Returns("aws.dynamodb.ServiceResource.create_table", "aws.dynamodb.Table", clean=True),
    *(
        Returns(name, "aws.dynamodb.Batch", clean=True)
        for name in every("aws.dynamodb.Table.batch_writer")
    ),
    # Answers of AWS hold what was stored, which this event did not write. What a bucket's own
    # event names is the exception, and is told in `interpreter/objects.py`.
    Clean("aws.*"),
    Clean("boto3.dynamodb.conditions.*"),
    # What a language model answers is the asker's as far as he can make it say something.
    *(
        Passes(name, "*", "result")
        for name in every(
            "aws.bedrock-runtime.Client.{converse,converse_stream,invoke_model}",
            "aws.bedrock-runtime.Client.invoke_model_with_response_stream",
            "aws.bedrock-agent-runtime.Client.{invoke_agent,retrieve_and_generate,invoke_flow}",
        )
    ),
    # Statements. Parameters beside them are safe.
    *_text("dynamodb", "execute_statement", "Statement"),
    *_text("dynamodb", "batch_execute_statement", "Statements[].Statement"),
    *_text("dynamodb", "execute_transaction", "TransactStatements[].Statement"),
    *_text("rds-data", "execute_statement", "sql"),
    *_text("rds-data", "batch_execute_statement", "sql"),
    *_text("rds-data", "execute_sql", "sqlStatements"),
    *_text("redshift-data", "execute_statement", "Sql"),
    *_text("redshift-data", "batch_execute_statement", "Sqls[]"),
    *_text("athena", "start_query_execution", "QueryString"),
    *_text("athena", "create_named_query", "QueryString"),
    *_text("athena", "create_prepared_statement", "QueryStatement"),
    *_text("timestream-query", "query", "QueryString"),
    *_text("timestream-query", "prepare_query", "QueryString"),
    *_text("s3", "select_object_content", "Expression"),
    *_text("cloudtrail", "start_query", "QueryStatement"),
    *_text("config", "select_resource_config", "Expression"),
    *_text("sdb", "select", "SelectExpression"),
    *_text("iotsitewise", "execute_query", "queryStatement"),
    # Expressions and queries of other kinds.
    *_text("logs", "start_query", "queryString", kind="query"),
    *_text("logs", "filter_log_events", "filterPattern", kind="query"),
    *_text("neptunedata", "execute_open_cypher_query", "openCypherQuery", kind="query"),
    *_text("neptunedata", "execute_gremlin_query", "gremlinQuery", kind="query"),
    *(
        Sink("query", name, argument)
        for name in every(
            "aws.dynamodb.{Client,Table}.{query,scan,update_item,put_item,delete_item}"
        )
        for argument in _EXPRESSIONS
    ),
    *(
        Sink("filter", name, argument, whole_is_chosen(argument, None))
        for name, arguments in (
            ("{query,scan}", ("KeyConditions", "QueryFilter", "ScanFilter")),
            ("{update_item,put_item,delete_item}", ("Expected",)),
        )
        for name in every(f"aws.dynamodb.{{Client,Table}}.{name}")
        for argument in arguments
    ),
    *(
        Sink("query", "aws.dynamodb.Client.transact_write_items", f"TransactItems[].{entry}")
        for entry in (
            "Update.UpdateExpression",
            "Update.ConditionExpression",
            "Delete.ConditionExpression",
            "Put.ConditionExpression",
            "ConditionCheck.ConditionExpression",
        )
    ),
    # Object keys.
    *(
        line
        for name in every(f"aws.s3.Client.{_OBJECT}", f"aws.s3.Client.{_PARTS}")
        for line in _key(name, "Key", "Bucket")
    ),
    *(line for name in every("aws.s3.Client." + _LISTS) for line in _key(name, "Bucket")),
    *_key("aws.s3.Client.copy_object", "Key", "Bucket", "CopySource", "CopySource.Key"),
    *_key("aws.s3.Client.copy", "CopySource@0", "Bucket@1", "Key@2"),
    *_key("aws.s3.Client.upload_file", "Bucket@1", "Key@2"),
    *_key("aws.s3.Client.upload_fileobj", "Bucket@1", "Key@2"),
    *_key("aws.s3.Client.download_file", "Bucket@0", "Key@1"),
    *_key("aws.s3.Client.download_fileobj", "Bucket@0", "Key@1"),
    *_key("aws.s3.Client.generate_presigned_post", "Bucket@0", "Key@1"),
    Sink("object-key", "aws.s3.Client.generate_presigned_url", "Params@1.Key"),
    Sink("object-key", "aws.s3.Client.generate_presigned_url", "Params@1.Bucket"),
    Sink("object-key", "aws.s3.Client.delete_objects", "Delete.Objects[].Key"),
    *_key("aws.s3.ServiceResource.Object", "bucket_name@0", "key@1"),
    *_key("aws.s3.ServiceResource.Bucket", "name@0"),
    *_key("aws.s3.Bucket.Object", "key@0"),
    *_key("aws.s3.Bucket.put_object", "Key"),
    *_key("aws.s3.Bucket.upload_file", "Key@1"),
    *_key("aws.s3.Bucket.upload_fileobj", "Key@1"),
    *_key("aws.s3.Bucket.download_file", "Key@0"),
    *_key("aws.s3.Bucket.download_fileobj", "Key@0"),
    # Files on this machine.
    Sink("path", "aws.s3.Client.download_file", "Filename@2"),
    Sink("path", "aws.s3.Bucket.download_file", "Filename@1"),
    Sink("path", "aws.s3.Object.download_file", "Filename@0"),
    Sink("path", "aws.s3.Client.upload_file", "Filename@0"),
    Sink("path", "aws.s3.Bucket.upload_file", "Filename@0"),
    Sink("path", "aws.s3.Object.upload_file", "Filename@0"),
    # Commands on other machines.
    Sink("shell", "aws.ssm.Client.send_command", "Parameters.commands"),
    Sink("shell", "aws.ssm.Client.send_command", "Parameters.commands[]"),
    *(
        Sink("shell", "aws.ecs.Client.run_task", f"overrides.containerOverrides[].command{place}")
        for place in ("[0]", "[2]")
    ),
    *(
        Sink("shell", "aws.batch.Client.submit_job", f"containerOverrides.command{place}")
        for place in ("[0]", "[2]")
    ),
    Sink("shell", "aws.ec2.Client.run_instances", "UserData"),
    Sink("shell", "aws.codebuild.Client.start_build", "buildspecOverride"),
    *(
        Sink("code", f"aws.lambda.Client.{operation}", argument)
        for operation in ("update_function_code", "create_function")
        for argument in ("ZipFile", "Code.ZipFile")
    ),
    # What a call acts on.
    *_chosen("lambda", "Client.{invoke,invoke_async,update_function_code}", "FunctionName"),
    *_chosen("stepfunctions", "Client.{start_execution,start_sync_execution}", "stateMachineArn"),
    *_chosen("ssm", "Client.{send_command,start_automation_execution}", "DocumentName"),
    *_chosen("ssm", "Client.{get_parameter,put_parameter,delete_parameter}", "Name"),
    *_chosen("ssm", "Client.get_parameters_by_path", "Path"),
    *_chosen("secretsmanager", "Client.{get_secret_value,put_secret_value}", "SecretId"),
    *_chosen("secretsmanager", "Client.{delete_secret,update_secret}", "SecretId"),
    *_chosen("sts", "Client.assume_role", "RoleArn"),
    *_chosen("iam", "Client.{attach_role_policy,attach_user_policy}", "PolicyArn"),
    *_chosen("iam", "Client.{put_role_policy,put_user_policy,create_policy}", "PolicyDocument"),
    *_chosen(
        "cloudformation", "Client.{create_stack,update_stack}", "TemplateBody", "TemplateURL"
    ),
    *_chosen("dynamodb", "Client.{get_item,put_item,update_item,delete_item}", "TableName"),
    *_chosen("dynamodb", "Client.{query,scan}", "TableName"),
    *(
        Sink("target", "aws.dynamodb.ServiceResource.Table", argument, test)
        for argument, test in (("name@0", whole_is_chosen("name", 0)),)
    ),
    *_chosen("sqs", "Client.{send_message,send_message_batch}", "QueueUrl"),
    *_chosen("sns", "Client.publish", "TopicArn"),
    *_chosen("kms", "Client.decrypt", "KeyId"),
    *_chosen("cognito-idp", "Client.admin_add_user_to_group", "GroupName"),
    *_chosen(
        "cognito-idp",
        "Client.{admin_set_user_password,admin_reset_user_password,admin_delete_user,"
        "admin_update_user_attributes,admin_user_global_sign_out,admin_disable_user,"
        "admin_set_user_mfa_preference,admin_enable_user}",
        "Username",
    ),
    *_chosen("sqs", "ServiceResource.get_queue_by_name", "QueueName"),
    Sink("target", "aws.sqs.ServiceResource.Queue", "url@0", whole_is_chosen("url", 0)),
    Sink("target", "aws.sns.ServiceResource.Topic", "arn@0", whole_is_chosen("arn", 0)),
    *_chosen(
        "iam",
        "Client.{create_access_key,create_login_profile,update_login_profile,add_user_to_group}",
        "UserName",
    ),
    *_chosen("iam", "Client.{attach_role_policy,put_role_policy}", "RoleName"),
    *_chosen("iam", "Client.update_assume_role_policy", "RoleName", "PolicyDocument"),
    Sink(
        "target",
        "aws.scheduler.Client.create_schedule",
        "Target.Arn",
        whole_is_chosen("Target.Arn", None),
    ),
    *_chosen(
        "ec2",
        "Client.{terminate_instances,stop_instances,reboot_instances,start_instances}",
        "InstanceIds[]",
    ),
    *_chosen("rds", "Client.{delete_db_instance,modify_db_instance}", "DBInstanceIdentifier"),
    *_chosen("codebuild", "Client.start_build", "projectName", "sourceLocationOverride"),
    *_chosen("ecs", "Client.run_task", "taskDefinition"),
    *_chosen("batch", "Client.submit_job", "jobDefinition"),
    *_chosen("glue", "Client.start_job_run", "JobName"),
    *_chosen("kinesis", "Client.{put_record,put_records}", "StreamName"),
    *_chosen("firehose", "Client.{put_record,put_record_batch}", "DeliveryStreamName"),
    *_chosen("events", "Client.put_events", "Entries[].EventBusName"),
    *_chosen("route53", "Client.change_resource_record_sets", "HostedZoneId"),
    # Who is sent a message, or called.
    Sink("recipient", "aws.sns.Client.publish", "PhoneNumber"),
    Sink(
        "recipient", "aws.pinpoint-sms-voice-v2.Client.send_text_message", "DestinationPhoneNumber"
    ),
    Sink(
        "recipient",
        "aws.pinpoint-sms-voice-v2.Client.send_voice_message",
        "DestinationPhoneNumber",
    ),
    Sink("recipient", "aws.connect.Client.start_outbound_voice_contact", "DestinationPhoneNumber"),
    *(
        Sink("recipient", f"aws.{operation}", f"{destination}.{field}[]")
        for operation, destination in (
            ("ses.Client.send_email", "Destination"),
            ("ses.Client.send_templated_email", "Destination"),
            ("sesv2.Client.send_email", "Destination"),
        )
        for field in ("ToAddresses", "CcAddresses", "BccAddresses")
    ),
    Sink("recipient", "aws.ses.Client.send_raw_email", "Destinations[]"),
    # What mail shows as a page.
    Sink("page", "aws.ses.Client.send_email", "Message.Body.Html.Data"),
    Sink("page", "aws.sesv2.Client.send_email", "Content.Simple.Body.Html.Data"),
    *(
        Returns(name, name)
        for name in every(
            "email.message.{EmailMessage,Message}",
            "email.mime.{text.MIMEText,multipart.MIMEMultipart,base.MIMEBase}",
        )
    ),
    *(
        Sink("recipient", f"smtplib.{kind}.{call}", to)
        for kind in ("SMTP", "SMTP_SSL")
        for call, to in (
            ("sendmail", "to_addrs@1"),
            ("sendmail", "to_addrs@1[]"),
            ("send_message", "to_addrs@2"),
            ("send_message", "msg@0.To"),
            ("send_message", "msg@0.Cc"),
            ("send_message", "msg@0.Bcc"),
        )
    ),
    *(
        Sink("recipient", f"twilio.rest.Client().{call}.create", "to")
        for call in ("messages", "calls")
    ),
    Sink("recipient", "sendgrid.helpers.mail.Mail", "to_emails@1"),
    # Secrets.
    Source("aws.secretsmanager.Client.get_secret_value", OriginKind.SECRET, "{SecretId}"),
    Source("aws.secretsmanager.Client.batch_get_secret_value", OriginKind.SECRET, "secrets"),
    *(
        Source(f"aws.ssm.Client.{name}", OriginKind.SECRET, field, is_true("WithDecryption"))
        for name, field in (
            ("get_parameter", "{Name}"),
            ("get_parameters", "{Names}"),
            ("get_parameters_by_path", "{Path}"),
        )
    ),
    # What kms:Decrypt returns is data, the field of an item more often than a secret.
    Source("aws.kms.Client.generate_data_key", OriginKind.SECRET, "a data key"),
    Source("aws.sts.Client.assume_role", OriginKind.SECRET, "credentials of {RoleArn}"),
    Source("aws.sts.Client.get_session_token", OriginKind.SECRET, "credentials of a session"),
    Source("aws.rds.Client.generate_db_auth_token", OriginKind.SECRET, "a database token"),
    Source(
        "aws.redshift.Client.get_cluster_credentials", OriginKind.SECRET, "database credentials"
    ),
    Source("aws.iam.Client.create_access_key", OriginKind.SECRET, "an access key"),
    Source("aws.ecr.Client.get_authorization_token", OriginKind.SECRET, "a registry token"),
)
