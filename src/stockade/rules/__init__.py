"""Every rule, in the order of the practices. To add a rule, add its file and its line here."""

from stockade.rules._rule import Rule
from stockade.rules.api_key_only import api_key_only
from stockade.rules.api_reached_past_its_guard import api_reached_past_its_guard
from stockade.rules.api_without_access_log import api_without_access_log
from stockade.rules.api_without_firewall import api_without_firewall
from stockade.rules.api_without_throttling import api_without_throttling
from stockade.rules.archive_escapes_folder import archive_escapes_folder
from stockade.rules.body_without_schema import body_without_schema
from stockade.rules.bucket_over_plain_http import bucket_over_plain_http
from stockade.rules.bucket_without_own_key import bucket_without_own_key
from stockade.rules.bucket_writers_not_narrowed import bucket_writers_not_narrowed
from stockade.rules.client_past_gateway import client_past_gateway
from stockade.rules.credentials_not_scoped import credentials_not_scoped
from stockade.rules.database_on_the_internet import database_on_the_internet
from stockade.rules.default_endpoint_open import default_endpoint_open
from stockade.rules.deployed_past_the_gate import deployed_past_the_gate
from stockade.rules.deployment_runs_strangers_code import deployment_runs_strangers_code
from stockade.rules.deprecated_runtime import deprecated_runtime
from stockade.rules.environments_share import environments_share
from stockade.rules.error_in_response import error_in_response
from stockade.rules.event_as_template import event_as_template
from stockade.rules.event_chooses_host import event_chooses_host
from stockade.rules.event_chooses_object_key import event_chooses_object_key
from stockade.rules.event_chooses_path import event_chooses_path
from stockade.rules.event_chooses_recipient import event_chooses_recipient
from stockade.rules.event_chooses_target import event_chooses_target
from stockade.rules.event_evaluated import event_evaluated
from stockade.rules.event_imported import event_imported
from stockade.rules.event_in_log import event_in_log
from stockade.rules.event_in_page import event_in_page
from stockade.rules.event_in_query_expression import event_in_query_expression
from stockade.rules.event_in_shell import event_in_shell
from stockade.rules.event_in_sql import event_in_sql
from stockade.rules.event_taken_on_trust import event_taken_on_trust
from stockade.rules.event_unpickled import event_unpickled
from stockade.rules.failed_event_is_lost import failed_event_is_lost
from stockade.rules.foreign_layer import foreign_layer
from stockade.rules.function_invoked_directly import function_invoked_directly
from stockade.rules.function_of_many_jobs import function_of_many_jobs
from stockade.rules.function_url_without_authorizer import function_url_without_authorizer
from stockade.rules.function_without_bound import function_without_bound
from stockade.rules.home_made_login import home_made_login
from stockade.rules.image_by_tag import image_by_tag
from stockade.rules.items_of_every_customer import items_of_every_customer
from stockade.rules.key_does_not_rotate import key_does_not_rotate
from stockade.rules.key_for_whole_account import key_for_whole_account
from stockade.rules.long_lived_access_key import long_lived_access_key
from stockade.rules.old_tls import old_tls
from stockade.rules.outsiders_can_send import outsiders_can_send
from stockade.rules.outsiders_use_key import outsiders_use_key
from stockade.rules.outsiders_write_to_bucket import outsiders_write_to_bucket
from stockade.rules.password_in_plain_text import password_in_plain_text
from stockade.rules.people_can_delete import people_can_delete
from stockade.rules.permission_missing import permission_missing
from stockade.rules.permission_without_source import permission_without_source
from stockade.rules.presigned_for_long import presigned_for_long
from stockade.rules.presigned_upload_without_limits import presigned_upload_without_limits
from stockade.rules.public_access_not_blocked import public_access_not_blocked
from stockade.rules.public_bucket import public_bucket
from stockade.rules.role_can_escalate import role_can_escalate
from stockade.rules.role_grants_more_than_used import role_grants_more_than_used
from stockade.rules.role_opens_every_store import role_opens_every_store
from stockade.rules.role_shared_across_stores import role_shared_across_stores
from stockade.rules.route_not_declared_public import route_not_declared_public
from stockade.rules.route_without_authorizer import route_without_authorizer
from stockade.rules.secret_in_code import secret_in_code
from stockade.rules.secret_in_environment import secret_in_environment
from stockade.rules.secret_in_log import secret_in_log
from stockade.rules.secret_in_response import secret_in_response
from stockade.rules.secret_in_template import secret_in_template
from stockade.rules.secret_under_default_key import secret_under_default_key
from stockade.rules.sensitive_attribute_in_plain_text import sensitive_attribute_in_plain_text
from stockade.rules.service_sends_for_anyone import service_sends_for_anyone
from stockade.rules.spending_without_bound import spending_without_bound
from stockade.rules.store_opened_without_need import store_opened_without_need
from stockade.rules.table_not_recoverable import table_not_recoverable
from stockade.rules.table_past_vpc_endpoint import table_past_vpc_endpoint
from stockade.rules.table_without_own_key import table_without_own_key
from stockade.rules.timeout_at_maximum import timeout_at_maximum
from stockade.rules.timeout_beyond_caller import timeout_beyond_caller
from stockade.rules.traceback_in_response import traceback_in_response
from stockade.rules.unsigned_code import unsigned_code
from stockade.rules.unverified_token import unverified_token
from stockade.rules.user_for_code import user_for_code
from stockade.rules.visibility_timeout_too_short import visibility_timeout_too_short
from stockade.rules.weak_password_hash import weak_password_hash
from stockade.rules.xml_entities import xml_entities

RULES: tuple[Rule, ...] = (
    event_in_shell,
    event_in_sql,
    event_in_query_expression,
    event_chooses_host,
    event_chooses_path,
    event_chooses_object_key,
    event_chooses_target,
    archive_escapes_folder,
    event_evaluated,
    event_imported,
    event_unpickled,
    event_in_page,
    event_as_template,
    xml_entities,
    unverified_token,
    home_made_login,
    password_in_plain_text,
    weak_password_hash,
    secret_in_log,
    secret_in_response,
    traceback_in_response,
    error_in_response,
    event_in_log,
    public_bucket,
    public_access_not_blocked,
    bucket_over_plain_http,
    bucket_without_own_key,
    presigned_for_long,
    presigned_upload_without_limits,
    role_opens_every_store,
    outsiders_write_to_bucket,
    bucket_writers_not_narrowed,
    table_without_own_key,
    sensitive_attribute_in_plain_text,
    items_of_every_customer,
    table_past_vpc_endpoint,
    table_not_recoverable,
    secret_in_template,
    secret_in_code,
    secret_in_environment,
    outsiders_use_key,
    key_for_whole_account,
    key_does_not_rotate,
    secret_under_default_key,
    outsiders_can_send,
    service_sends_for_anyone,
    event_taken_on_trust,
    failed_event_is_lost,
    environments_share,
    unsigned_code,
    deployment_runs_strangers_code,
    deployed_past_the_gate,
    permission_missing,
    role_can_escalate,
    role_grants_more_than_used,
    role_shared_across_stores,
    store_opened_without_need,
    long_lived_access_key,
    user_for_code,
    credentials_not_scoped,
    people_can_delete,
    client_past_gateway,
    function_invoked_directly,
    function_url_without_authorizer,
    permission_without_source,
    route_without_authorizer,
    route_not_declared_public,
    api_key_only,
    api_without_throttling,
    api_without_firewall,
    body_without_schema,
    api_reached_past_its_guard,
    default_endpoint_open,
    api_without_access_log,
    old_tls,
    timeout_beyond_caller,
    visibility_timeout_too_short,
    timeout_at_maximum,
    spending_without_bound,
    function_without_bound,
    event_chooses_recipient,
    function_of_many_jobs,
    deprecated_runtime,
    foreign_layer,
    image_by_tag,
    database_on_the_internet,
)
