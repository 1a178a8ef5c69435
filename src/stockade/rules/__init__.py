"""Every rule, in the order of the practices. To add a rule, add its file and its line here."""

from stockade.rules._rule import Rule
from stockade.rules.archive_escapes_folder import archive_escapes_folder
from stockade.rules.error_in_response import error_in_response
from stockade.rules.event_as_template import event_as_template
from stockade.rules.event_chooses_host import event_chooses_host
from stockade.rules.event_chooses_object_key import event_chooses_object_key
from stockade.rules.event_chooses_path import event_chooses_path
from stockade.rules.event_chooses_target import event_chooses_target
from stockade.rules.event_evaluated import event_evaluated
from stockade.rules.event_imported import event_imported
from stockade.rules.event_in_log import event_in_log
from stockade.rules.event_in_page import event_in_page
from stockade.rules.event_in_query_expression import event_in_query_expression
from stockade.rules.event_in_shell import event_in_shell
from stockade.rules.event_in_sql import event_in_sql
from stockade.rules.event_unpickled import event_unpickled
from stockade.rules.home_made_login import home_made_login
from stockade.rules.password_in_plain_text import password_in_plain_text
from stockade.rules.secret_in_log import secret_in_log
from stockade.rules.secret_in_response import secret_in_response
from stockade.rules.traceback_in_response import traceback_in_response
from stockade.rules.unverified_token import unverified_token
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
)
