"""Where data lies: buckets, tables, secrets, parameters, keys, databases."""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade.load.terraform.documents import document
from stockade.load.terraform.kinds import (
    NAMED,
    Kind,
    Made,
    Shape,
    Template,
    nested,
    owned_by,
    pairs,
    text,
    words,
)
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.values import is_null, truth
from stockade.model import List, Location, Map, Scalar, Value, constant, items

_BUCKET: Final = "AWS::S3::Bucket"
_ENCRYPTION: Final = pairs(
    "rule=ServerSideEncryptionConfiguration "
    "rule.apply_server_side_encryption_by_default=ServerSideEncryptionByDefault "
    "rule.apply_server_side_encryption_by_default.sse_algorithm=SSEAlgorithm "
    "rule.apply_server_side_encryption_by_default.kms_master_key_id=KMSMasterKeyID"
)


def one(value: Value | None) -> Map | None:
    """Return the only block of a kind."""
    return next((item for item in items(value) if isinstance(item, Map)), None)


def _inside(names: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {f"{prefix}.{name}": new for name, new in names.items()}


def _bucket(made: Made, instance: ResourceInstance, into: Template) -> None:
    made.rename("Bucket", "BucketName")
    _acl(made, instance, into)
    versioning = instance.argument("versioning")
    enabled = one(versioning).get("enabled") if one(versioning) is not None else None  # type: ignore[union-attr]
    made.take("Versioning")
    if enabled is not None:
        decided = truth(enabled)
        if decided is not None:
            status = text("Enabled" if decided else "Suspended", enabled.at)
            made.put("VersioningConfiguration", nested(status, "Status"))
    made.rename("ServerSideEncryptionConfiguration", "BucketEncryption")
    if "CorsRule" in made.entries:
        made.wrap("CorsRule", "CorsConfiguration", "CorsRules")
    if "LifecycleRule" in made.entries:
        made.wrap("LifecycleRule", "LifecycleConfiguration", "Rules")
    made.rename("Website", "WebsiteConfiguration")
    made.rename("Logging", "LoggingConfiguration")
    policy = instance.argument("policy")
    if policy is not None and not is_null(policy):
        into.add_policy(instance, "AWS::S3::BucketPolicy", "Bucket", policy)


_GROUPS: Final = {"AllUsers": "PublicRead", "AuthenticatedUsers": "AuthenticatedRead"}
_READING: Final = ("READ", "FULL_CONTROL")


def _granted(instance: ResourceInstance) -> Scalar | None:
    """Return the canned ACL that says what grants to AWS's groups of everyone say."""
    policy = one(instance.argument("access_control_policy"))
    listed = policy.get("grant") if policy is not None else instance.argument("grant")
    for grant in items(listed):
        if not isinstance(grant, Map):
            continue
        grantee = one(grant.get("grantee")) or grant
        group = str(constant(grantee.get("uri"))).rpartition("/")[2]
        given = grant.get("permission") or grant.get("permissions")
        if group in _GROUPS and given is not None:
            told = {constant(each) for each in items(given)} or {constant(given)}
            if group == "AllUsers" and told & {"WRITE", "FULL_CONTROL"}:
                return text("PublicReadWrite", given.at)
            if told & set(_READING):
                return text(_GROUPS[group], given.at)
    return None


def _acl(made: Made, instance: ResourceInstance, _into: Template) -> None:
    """Give a canned ACL CloudFormation's word: `public-read` is `PublicRead`."""
    made.rename("Acl", "AccessControl")
    acl = made.entries.get("AccessControl")
    if acl is None:
        granted = _granted(instance)
        if granted is not None:
            made.put("AccessControl", granted)
        return
    word = constant(acl)
    if isinstance(word, str) and acl is not None:
        pascal = "".join(part.capitalize() for part in word.split("-"))
        made.put("AccessControl", text(pascal, acl.at))


def _notifications(made: Made, instance: ResourceInstance, _into: Template) -> None:
    """Write each event of each notification as an entry of its own."""
    entries: dict[str, Value] = {}
    for name, target, listed in (
        ("lambda_function", "Function", "LambdaConfigurations"),
        ("queue", "Queue", "QueueConfigurations"),
        ("topic", "Topic", "TopicConfigurations"),
    ):
        blocks = [block for block in items(instance.argument(name)) if isinstance(block, Map)]
        found = [entry for block in blocks for entry in _events(block, name, target)]
        if found:
            entries[listed] = List(tuple(found), blocks[0].at)
    if truth(made.entries.get("Eventbridge") or Scalar(value=False, at=made.at)) is not False:
        entries["EventBridgeConfiguration"] = nested(
            Scalar(value=True, at=made.at), "EventBridgeEnabled"
        )
    keys = {key: value.at for key, value in entries.items()}
    made.entries = {"Bucket": made.entries["Bucket"]} if "Bucket" in made.entries else {}
    made.put("NotificationConfiguration", Map(entries, made.at, keys))


def _events(block: Map, name: str, target: str) -> Iterator[Map]:
    arn = block.get(f"{name}_arn")
    rules: list[Value] = []
    for side in ("prefix", "suffix"):
        value = block.get(f"filter_{side}")
        if value is not None and not is_null(value) and constant(value) != "":
            rule: dict[str, Value] = {"Name": text(side, value.at), "Value": value}
            rules.append(Map(rule, value.at, dict.fromkeys(rule, value.at)))
    for event in items(block.get("events")):
        entries: dict[str, Value] = {"Event": event}
        if arn is not None:
            entries[target] = arn
        if rules:
            entries["Filter"] = nested(List(tuple(rules), block.at), "S3Key", "Rules")
        yield Map(entries, block.at, dict.fromkeys(entries, block.at))


def _versioning(made: Made, instance: ResourceInstance, _into: Template) -> None:
    configuration = one(instance.argument("versioning_configuration"))
    status = configuration.get("status") if configuration is not None else None
    made.take("VersioningConfiguration")
    if status is not None and constant(status) != "Disabled":
        made.put("VersioningConfiguration", nested(status, "Status"))


def _encryption(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.wrap("ServerSideEncryptionConfiguration", "BucketEncryption", _CONFIGURATION)


_CONFIGURATION: Final = "ServerSideEncryptionConfiguration"


def _within(name: str) -> Shape:
    """Make a shape that puts all properties into one, but for the bucket that it is about."""

    def shape(made: Made, _instance: ResourceInstance, _into: Template) -> None:
        bucket = made.take("Bucket")
        inner = Map(dict(made.entries), made.at, dict(made.keys))
        made.entries, made.keys = {}, {}
        if bucket is not None:
            made.put("Bucket", bucket)
        made.put(name, inner, made.at)

    return shape


def _table(made: Made, instance: ResourceInstance, into: Template) -> None:
    at = made.at
    made.put(
        "KeySchema", _key_schema(instance.argument("hash_key"), instance.argument("range_key"), at)
    )
    made.take("HashKey")
    made.take("RangeKey")
    if truth(made.entries.get("StreamEnabled") or Scalar(value=False, at=at)) is not False:
        view = made.entries.get("StreamViewType") or text("NEW_AND_OLD_IMAGES", at)
        made.put("StreamSpecification", nested(view, "StreamViewType"))
    made.take("StreamEnabled")
    made.take("StreamViewType")
    recovery = one(instance.argument("point_in_time_recovery"))
    made.take("PointInTimeRecovery")
    if recovery is not None and recovery.get("enabled") is not None:
        enabled = recovery.entries["enabled"]
        made.put("PointInTimeRecoverySpecification", nested(enabled, "PointInTimeRecoveryEnabled"))
    _table_encryption(made, instance)
    for kind in ("global_secondary_index", "local_secondary_index"):
        _indexes(made, instance, kind)
    del into


def _table_encryption(made: Made, instance: ResourceInstance) -> None:
    encryption = one(instance.argument("server_side_encryption"))
    made.take("ServerSideEncryption")
    if encryption is None:
        return
    entries: dict[str, Value] = {}
    enabled, key = encryption.get("enabled"), encryption.get("kms_key_arn")
    if enabled is not None:
        entries["SSEEnabled"] = enabled
    if key is not None and not is_null(key):
        entries["SSEType"] = text("KMS", key.at)
        entries["KMSMasterKeyId"] = key
    keys = {name: value.at for name, value in entries.items()}
    made.put("SSESpecification", Map(entries, encryption.at, keys))


def _key_schema(hash_key: Value | None, range_key: Value | None, at: Location) -> List:
    schema: list[Value] = []
    for key, kind in ((hash_key, "HASH"), (range_key, "RANGE")):
        if key is not None and not is_null(key):
            entries: dict[str, Value] = {"AttributeName": key, "KeyType": text(kind, key.at)}
            schema.append(Map(entries, key.at, dict.fromkeys(entries, key.at)))
    return List(tuple(schema), at)


def _indexes(made: Made, instance: ResourceInstance, kind: str) -> None:
    word = "GlobalSecondaryIndex" if kind.startswith("global") else "LocalSecondaryIndex"
    made.take(word)
    found: list[Value] = []
    for block in items(instance.argument(kind)):
        if not isinstance(block, Map):
            continue
        hash_key = block.get("hash_key") or instance.argument("hash_key")
        entries: dict[str, Value] = {
            "KeySchema": _key_schema(hash_key, block.get("range_key"), block.at)
        }
        name, projection = block.get("name"), block.get("projection_type")
        if name is not None:
            entries["IndexName"] = name
        if projection is not None:
            entries["Projection"] = nested(projection, "ProjectionType")
        found.append(Map(entries, block.at, dict.fromkeys(entries, block.at)))
    if found:
        made.put(f"{word}es", List(tuple(found), found[0].at))


def _table_policy(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.wrap("Policy", "ResourcePolicy", "PolicyDocument")


def _secret(_made: Made, instance: ResourceInstance, into: Template) -> None:
    policy = instance.argument("policy")
    if policy is not None and not is_null(policy):
        into.add_policy(
            instance, "AWS::SecretsManager::ResourcePolicy", "SecretId", policy, "ResourcePolicy"
        )


def _secret_version(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.entries = {
        name: value for name, value in made.entries.items() if name in {"SecretId", "SecretString"}
    }


def _key(made: Made, _instance: ResourceInstance, into: Template) -> None:
    policy = made.take("Policy")
    if policy is not None:
        made.put("KeyPolicy", document(policy, into.scope))


def _database(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.rename("Password", "MasterUserPassword")
    made.rename("Username", "MasterUsername")
    made.rename("MasterPassword", "MasterUserPassword")


_OF_DOMAIN: Final = {"endpoint": ".DomainEndpoint", "domain_name": "", "id": ".Arn"}
_FOR_BUCKET: Final = owned_by("Bucket", _BUCKET)

STORAGE: Final[Mapping[str, Kind]] = {
    "aws_s3_bucket": Kind(
        type=_BUCKET,
        names={
            "server_side_encryption_configuration": _CONFIGURATION,
            **_inside(_ENCRYPTION, "server_side_encryption_configuration"),
        },
        single=words(
            "versioning website logging server_side_encryption_configuration "
            "server_side_encryption_configuration.rule."
            "apply_server_side_encryption_by_default"
        ),
        dropped=words("policy bucket_prefix force_destroy grant timeouts"),
        references={
            "bucket": "",
            "bucket_domain_name": ".DomainName",
            "bucket_regional_domain_name": ".RegionalDomainName",
            "website_endpoint": ".WebsiteURL",
        },
        shape=_bucket,
    ),
    "aws_s3_bucket_policy": Kind(
        type="AWS::S3::BucketPolicy",
        names=pairs("policy=PolicyDocument"),
        json=words("policy"),
        references={"bucket": "", "id": ""},
    ),
    "aws_s3_bucket_public_access_block": Kind(
        type="",
        owner=_FOR_BUCKET,
        shape=_within("PublicAccessBlockConfiguration"),
        dropped=words("skip_destroy"),
    ),
    "aws_s3_bucket_versioning": Kind(
        type="",
        owner=_FOR_BUCKET,
        shape=_versioning,
        dropped=words("mfa expected_bucket_owner"),
    ),
    "aws_s3_bucket_server_side_encryption_configuration": Kind(
        type="",
        names=_ENCRYPTION,
        single=words("rule.apply_server_side_encryption_by_default"),
        dropped=words("expected_bucket_owner"),
        owner=_FOR_BUCKET,
        shape=_encryption,
    ),
    "aws_s3_bucket_notification": Kind(
        type="",
        owner=_FOR_BUCKET,
        shape=_notifications,
    ),
    "aws_s3_bucket_ownership_controls": Kind(
        type="",
        names=pairs("rule=Rules"),
        owner=_FOR_BUCKET,
        shape=_within("OwnershipControls"),
    ),
    "aws_s3_bucket_acl": Kind(
        type="",
        owner=_FOR_BUCKET,
        shape=_acl,
        dropped=words("expected_bucket_owner access_control_policy"),
    ),
    "aws_s3_bucket_lifecycle_configuration": Kind(
        type="",
        names=pairs(
            "rule=Rules rule.expiration.days=ExpirationInDays "
            "rule.abort_incomplete_multipart_upload=AbortIncompleteMultipartUpload"
        ),
        single=words(
            "rule.expiration rule.filter rule.noncurrent_version_expiration "
            "rule.abort_incomplete_multipart_upload"
        ),
        dropped=words("expected_bucket_owner"),
        owner=_FOR_BUCKET,
        shape=_within("LifecycleConfiguration"),
    ),
    "aws_s3_bucket_website_configuration": Kind(
        type="",
        single=words("index_document error_document redirect_all_requests_to"),
        dropped=words("expected_bucket_owner routing_rules"),
        owner=_FOR_BUCKET,
        shape=_within("WebsiteConfiguration"),
    ),
    "aws_s3_bucket_cors_configuration": Kind(
        type="",
        names=pairs("cors_rule=CorsRules"),
        dropped=words("expected_bucket_owner"),
        owner=_FOR_BUCKET,
        shape=_within("CorsConfiguration"),
    ),
    "aws_s3_bucket_logging": Kind(
        type="",
        names=pairs("target_bucket=DestinationBucketName target_prefix=LogFilePrefix"),
        dropped=words("expected_bucket_owner target_grant target_object_key_format"),
        owner=_FOR_BUCKET,
        shape=_within("LoggingConfiguration"),
    ),
    "aws_dynamodb_table": Kind(
        type="AWS::DynamoDB::Table",
        names=pairs(
            "name=TableName attribute=AttributeDefinitions attribute.name=AttributeName "
            "attribute.type=AttributeType ttl=TimeToLiveSpecification"
        ),
        single=words("ttl point_in_time_recovery server_side_encryption import_table"),
        dropped=words("read_capacity write_capacity replica restore_source_name"),
        references={"name": "", "stream_arn": ".StreamArn"},
        shape=_table,
    ),
    "aws_dynamodb_resource_policy": Kind(
        type="",
        json=words("policy"),
        dropped=words("confirm_remove_self_resource_access"),
        owner=owned_by("ResourceArn", "AWS::DynamoDB::Table"),
        shape=_table_policy,
    ),
    "aws_secretsmanager_secret": Kind(
        type="AWS::SecretsManager::Secret",
        dropped=words(
            "policy recovery_window_in_days name_prefix force_overwrite_replica_secret replica"
        ),
        references={"arn": "", "id": ""},
        shape=_secret,
    ),
    "aws_secretsmanager_secret_version": Kind(
        type="",
        dropped=words("secret_string_wo secret_string_wo_version version_stages secret_binary"),
        owner=owned_by("SecretId", "AWS::SecretsManager::Secret"),
        shape=_secret_version,
    ),
    "aws_secretsmanager_secret_policy": Kind(
        type="AWS::SecretsManager::ResourcePolicy",
        names=pairs("secret_arn=SecretId policy=ResourcePolicy"),
        json=words("policy"),
    ),
    "aws_secretsmanager_secret_rotation": Kind(
        type="AWS::SecretsManager::RotationSchedule",
        names=pairs("rotation_lambda_arn=RotationLambdaARN"),
        single=words("rotation_rules"),
    ),
    "aws_ssm_parameter": Kind(
        type="AWS::SSM::Parameter",
        dropped=words("overwrite arn value_wo value_wo_version"),
        references={
            "name": "",
            "arn": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${}",
        },
    ),
    "aws_kms_key": Kind(
        type="AWS::KMS::Key",
        dropped=words("deletion_window_in_days bypass_policy_lockout_safety_check is_enabled"),
        names=pairs("customer_master_key_spec=KeySpec"),
        references={"key_id": ""},
        shape=_key,
    ),
    "aws_kms_key_policy": Kind(
        type="",
        owner=owned_by("KeyId", "AWS::KMS::Key"),
        shape=_key,
        dropped=words("bypass_policy_lockout_safety_check"),
    ),
    "aws_kms_alias": Kind(
        type="AWS::KMS::Alias",
        names=pairs("name=AliasName"),
        dropped=words("name_prefix"),
        references={
            "name": "",
            "arn": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${}",
        },
    ),
    "aws_db_instance": Kind(
        type="AWS::RDS::DBInstance",
        names=pairs(
            "identifier=DBInstanceIdentifier db_name=DBName allocated_storage=AllocatedStorage "
            "instance_class=DBInstanceClass vpc_security_group_ids=VPCSecurityGroups "
            "iam_database_authentication_enabled=EnableIAMDatabaseAuthentication"
        ),
        references={"endpoint": ".Endpoint.Address", "address": ".Endpoint.Address"},
        shape=_database,
    ),
    "aws_rds_cluster": Kind(
        type="AWS::RDS::DBCluster",
        names=pairs(
            "cluster_identifier=DBClusterIdentifier database_name=DatabaseName "
            "enable_http_endpoint=EnableHttpEndpoint "
            "iam_database_authentication_enabled=EnableIAMDatabaseAuthentication"
        ),
        references={"endpoint": ".Endpoint.Address", "arn": ".DBClusterArn"},
        shape=_database,
    ),
    "aws_docdb_cluster": Kind(
        type="AWS::DocDB::DBCluster",
        names=pairs("cluster_identifier=DBClusterIdentifier"),
        shape=_database,
    ),
    "aws_redshift_cluster": Kind(type="AWS::Redshift::Cluster", shape=_database),
    "aws_opensearch_domain": Kind(
        type="AWS::OpenSearchService::Domain",
        names=pairs("vpc_options=VPCOptions access_policies=AccessPolicies"),
        single=words(
            "vpc_options encrypt_at_rest node_to_node_encryption domain_endpoint_options "
            "advanced_security_options advanced_security_options.master_user_options"
        ),
        json=words("access_policies"),
        references=_OF_DOMAIN,
    ),
    "aws_elasticsearch_domain": Kind(
        type="AWS::Elasticsearch::Domain",
        names=pairs("vpc_options=VPCOptions access_policies=AccessPolicies"),
        single=words(
            "vpc_options encrypt_at_rest node_to_node_encryption domain_endpoint_options "
            "advanced_security_options advanced_security_options.master_user_options"
        ),
        json=words("access_policies"),
        references=_OF_DOMAIN,
    ),
    "aws_opensearch_domain_policy": Kind(
        type="",
        names=pairs("access_policies=AccessPolicies"),
        json=words("access_policies"),
        owner=owned_by("DomainName", "AWS::OpenSearchService::Domain"),
    ),
    "aws_elasticsearch_domain_policy": Kind(
        type="",
        names=pairs("access_policies=AccessPolicies"),
        json=words("access_policies"),
        owner=owned_by("DomainName", "AWS::Elasticsearch::Domain"),
    ),
    "aws_ecr_repository": Kind(
        type="AWS::ECR::Repository",
        names=pairs("name=RepositoryName"),
        references={"name": "", "id": "", "repository_url": ".RepositoryUri", "arn": ".Arn"},
    ),
    "aws_ecr_repository_policy": Kind(
        type="",
        names=pairs("policy=RepositoryPolicyText"),
        json=words("policy"),
        owner=owned_by("Repository", "AWS::ECR::Repository"),
    ),
    "aws_backup_vault": Kind(
        type="AWS::Backup::BackupVault",
        names=pairs("name=BackupVaultName"),
        references={**NAMED, "arn": ".BackupVaultArn"},
    ),
    "aws_backup_vault_policy": Kind(
        type="",
        names=pairs("policy=AccessPolicy"),
        json=words("policy"),
        owner=owned_by("BackupVaultName", "AWS::Backup::BackupVault"),
    ),
    "aws_elasticache_replication_group": Kind(type="AWS::ElastiCache::ReplicationGroup"),
    "aws_efs_file_system": Kind(type="AWS::EFS::FileSystem"),
    "aws_efs_file_system_policy": Kind(
        type="",
        names=pairs("policy=FileSystemPolicy"),
        json=words("policy"),
        owner=owned_by("FileSystemId", "AWS::EFS::FileSystem"),
    ),
    "aws_codeartifact_repository": Kind(
        type="AWS::CodeArtifact::Repository", names=pairs("repository=RepositoryName")
    ),
    "aws_codeartifact_repository_permissions_policy": Kind(
        type="",
        names=pairs("policy_document=PermissionsPolicyDocument"),
        json=words("policy_document"),
        owner=owned_by("Repository", "AWS::CodeArtifact::Repository"),
    ),
    "aws_efs_access_point": Kind(type="AWS::EFS::AccessPoint"),
}
