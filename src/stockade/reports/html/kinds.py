"""What the drawing calls a resource, and which resources it always shows."""

from stockade.model import EventSourceType

KINDS = {
    "AWS::ApiGateway::RestApi": "api",
    "AWS::ApiGatewayV2::Api": "api",
    "AWS::AppSync::GraphQLApi": "api",
    "AWS::AppSync::Api": "api",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "api",
    "AWS::Lambda::Url": "url",
    "AWS::CloudFront::Distribution": "cdn",
    "AWS::S3::Bucket": "bucket",
    "AWS::S3Express::DirectoryBucket": "bucket",
    "AWS::EFS::FileSystem": "files",
    "AWS::DynamoDB::Table": "table",
    "AWS::DynamoDB::GlobalTable": "table",
    "AWS::RDS::DBInstance": "database",
    "AWS::RDS::DBCluster": "database",
    "AWS::DocDB::DBCluster": "database",
    "AWS::Neptune::DBCluster": "database",
    "AWS::Redshift::Cluster": "database",
    "AWS::OpenSearchService::Domain": "database",
    "AWS::OpenSearchServerless::Collection": "database",
    "AWS::Timestream::Database": "database",
    "AWS::ElastiCache::ReplicationGroup": "database",
    "AWS::SQS::Queue": "queue",
    "AWS::AmazonMQ::Broker": "queue",
    "AWS::SNS::Topic": "topic",
    "AWS::IoT::TopicRule": "topic",
    "AWS::Events::EventBus": "bus",
    "AWS::Kinesis::Stream": "stream",
    "AWS::KinesisFirehose::DeliveryStream": "stream",
    "AWS::MSK::Cluster": "stream",
    "AWS::MSK::ServerlessCluster": "stream",
    "AWS::Events::Rule": "schedule",
    "AWS::Scheduler::Schedule": "schedule",
    "AWS::SES::ReceiptRule": "mail",
    "AWS::StepFunctions::StateMachine": "machine",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::SSM::Parameter": "secret",
    "AWS::KMS::Key": "key",
    "AWS::Cognito::UserPool": "users",
    "AWS::Cognito::IdentityPool": "users",
    "AWS::Logs::LogGroup": "log",
    "AWS::Logs::SubscriptionFilter": "log",
    "AWS::Lambda::Function": "function",
}
"""The word, and with it the picture, of each type; all others are a `resource`."""

SHOWN_ALONE = frozenset(
    {"api", "url", "bucket", "files", "table", "database", "queue", "topic", "bus", "stream",
     "machine", "secret"}
)  # fmt: skip
"""Kinds that are drawn even if nothing leads to them; others only where something does."""

SOURCE_KINDS = {
    EventSourceType.SCHEDULE: "schedule",
    EventSourceType.S3: "bucket",
    EventSourceType.SQS: "queue",
    EventSourceType.MQ: "queue",
    EventSourceType.SNS: "topic",
    EventSourceType.IOT: "topic",
    EventSourceType.EVENT_BUS: "bus",
    EventSourceType.KINESIS: "stream",
    EventSourceType.KAFKA: "stream",
    EventSourceType.FIREHOSE: "stream",
    EventSourceType.DYNAMODB_STREAM: "table",
    EventSourceType.DOCUMENTDB: "database",
    EventSourceType.SES: "mail",
    EventSourceType.COGNITO: "users",
    EventSourceType.STEP_FUNCTIONS: "machine",
    EventSourceType.LOGS: "log",
    EventSourceType.REST_API: "api",
    EventSourceType.HTTP_API: "api",
    EventSourceType.FUNCTION_URL: "url",
    EventSourceType.CLOUDFRONT: "cdn",
}
"""What an event source that no resource of the application stands for is drawn as."""

SERVICES = {
    "s3": ("bucket", "every bucket"),
    "dynamodb": ("table", "every table"),
    "sqs": ("queue", "every queue"),
    "sns": ("topic", "every topic"),
    "events": ("bus", "every event bus"),
    "kinesis": ("stream", "every stream"),
    "secretsmanager": ("secret", "every secret"),
    "ssm": ("secret", "every parameter"),
    "kms": ("key", "every key"),
    "lambda": ("function", "every function"),
    "iam": ("users", "every identity (IAM)"),
    "sts": ("users", "every role (STS)"),
    "states": ("machine", "every state machine"),
    "rds-data": ("database", "every database"),
    "*": ("account", "the whole account"),
}
"""What a grant on `*` opens, by the service of its actions: the kind, and how it is said."""
