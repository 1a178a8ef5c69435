"""What the tables say of libraries, seen through a handler that uses them."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from stockade.analysis.flows import ENDS
from stockade.analysis.libraries import Catalogue, Clean, Sink
from stockade.analysis.libraries.families import FAMILIES
from stockade.analysis.libraries.model import EVERY_KIND
from stockade.api import scan
from stockade.config import Config
from stockade.rules import RULES

ABOUT_CODE = Config(
    ignore=tuple({rule.info.practice for rule in RULES if rule.info.practice[0] != "C"})
)
"""What is asked here is what code does with events, not who may send them."""

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.12
      Events:
        Call: {Type: HttpApi, Properties: {Path: /call, Method: post}}
"""

# What a line of a handler does with `text`, a text of the request, or `body`, its JSON.
HARMFUL = [
    ("event-in-shell", "from plumbum import local", "local['bash']('-c', 'ls ' + text)"),
    ("event-evaluated", "import pandas", "pandas.read_csv('a.csv').dropna().head(9).query(text)"),
    (
        "event-chooses-target",
        "import boto3",
        "boto3.client('events').put_events(Entries=[{'EventBusName': text, 'Detail': '{}'}])",
    ),
    (
        "home-made-login",
        "import boto3",
        "return body['password'] == boto3.client('dynamodb').get_item(Key={})['Item']['a']",
    ),
    (
        "event-chooses-target",
        "import boto3",
        "boto3.resource('sqs').Queue(text).send_message(MessageBody='a')",
    ),
    # Python 2, and what stands for its names.
    ("event-chooses-host", "import urllib2\nprint 'a'", "urllib2.urlopen(text).read()"),
    ("event-chooses-host", "import httplib", "httplib.HTTPSConnection(text).request('GET', '/')"),
    ("event-chooses-host", "from six.moves.urllib.request import urlopen", "urlopen(text)"),
    ("event-chooses-host", "from botocore.vendored import requests", "requests.get(text)"),
    (
        "event-in-shell",
        "import commands\nprint 'a'",
        "commands.getoutput('ls %s' % unicode(text))",
    ),
    ("event-in-shell", "import os\nprint 'a'", "os.popen3('ls ' + `text`)"),
    (
        "event-in-shell",
        "import os\nprint 'a'",
        "map(lambda (k, v): os.system('ls ' + v), {'a': text}.iteritems())",
    ),
    (
        "event-unpickled",
        "import cPickle, StringIO\nprint 'a'",
        "cPickle.load(StringIO.StringIO(text))",
    ),
    ("event-evaluated", "print 'a'", "exec text in {}"),
    ("event-evaluated", "print 'a'", "exec 'a = ' + text"),
    ("event-chooses-path", "print 'a'", "file('/mnt/' + text).read()"),
    ("event-in-shell", "import os", 'os.system(f"ls {body["a"]} {" ".join(body["b\\t"])}")'),
    ("event-chooses-host", "import requests", "getattr(requests, body['verb'])(body['url'])"),
    (
        "event-in-query-expression",
        "import boto3",
        "boto3.resource('dynamodb').Table('a').scan(**body)",
    ),
    ("event-chooses-target", "import boto3", "boto3.client('dynamodb').get_item(**body)"),
    ("event-chooses-target", "import boto3", "boto3.client('sqs').send_message(QueueUrl=text)"),
    (
        "event-unpickled",
        "import io, pickle\nclass Reader(pickle.Unpickler): pass",
        "Reader(io.BytesIO(text)).load()",
    ),
    ("event-in-shell", "import invoke", "invoke.Context().run('whois ' + text)"),
    ("event-in-shell", "import sh", "sh.bash('-c', text)"),
    (
        "event-in-shell",
        "import boto3",
        "boto3.client('ecs').run_task(overrides={'containerOverrides': [{'command': ['sh', '-c', text]}]})",  # noqa: E501
    ),
    (
        "event-in-shell",
        "import boto3, os",
        "os.system(boto3.client('bedrock-runtime').converse(messages=[text])['output'])",
    ),
    (
        "event-in-sql",
        "import sqlite3\nfrom contextlib import closing",
        "closing(sqlite3.connect('a')).execute('x ' + text)",
    ),
    (
        "event-in-sql",
        "import boto3",
        "boto3.resource('dynamodb').meta.client.execute_statement(Statement='x ' + text)",
    ),
    (
        "event-in-sql",
        "import peewee\nclass User(peewee.Model): pass",
        "User.raw('select ' + text)",
    ),
    (
        "event-in-sql",
        "from django.db import models\nclass User(models.Model): pass",
        "User.objects.raw('select ' + text)",
    ),
    (
        "event-in-sql",
        "from google.cloud import bigquery",
        "bigquery.Client().query('select ' + text)",
    ),
    (
        "event-in-query-expression",
        "import mongoengine\nclass User(mongoengine.Document): pass",
        "User.objects(__raw__=body)",
    ),
    (
        "event-in-query-expression",
        "from neo4j import GraphDatabase",
        "GraphDatabase.driver('x').session().execute_read(lambda tx: tx.run('x ' + text))",
    ),
    (
        "event-in-query-expression",
        "from lxml import etree",
        "etree.parse('a.xml').xpath(f'//user[name={text}]')",
    ),
    ("event-evaluated", "import pandas", "pandas.read_csv('a.csv').query(text)"),
    ("event-chooses-path", "import pandas", "pandas.read_csv(f'/mnt/{text}.csv')"),
    ("event-chooses-path", "from PIL import Image", "Image.open('/mnt/' + text)"),
    ("event-chooses-path", "import flask", "flask.send_file('/mnt/' + text)"),
    ("event-chooses-host", "import pandas", "pandas.read_csv(text)"),
    ("event-chooses-host", "import feedparser", "feedparser.parse(text)"),
    ("event-chooses-host", "import pdfkit", "pdfkit.from_url(text, '/tmp/a.pdf')"),
    ("event-chooses-host", "from selenium import webdriver", "webdriver.Chrome().get(text)"),
    (
        "event-chooses-host",
        "from playwright.sync_api import sync_playwright as p",
        "p().chromium.launch().new_page().goto(text)",
    ),
    ("event-chooses-host", "import boto3", "boto3.client('s3', endpoint_url=text)"),
    ("event-chooses-host", "import pycurl", "c = pycurl.Curl(); c.setopt(c.URL, text)"),
    ("event-as-template", "from django.template import Engine", "Engine().from_string(text)"),
    ("event-in-shell", "import os", "os.popen('ls ' + text)"),
    ("event-in-shell", "import subprocess", "subprocess.check_output('ls ' + text, shell=True)"),
    ("event-in-shell", "import subprocess", "subprocess.Popen([text, '-v'])"),
    ("event-in-shell", "import subprocess", "subprocess.getoutput(f'ls {text}')"),
    ("event-in-shell", "from subprocess import run", "run(['python3', '-c', text])"),
    ("event-in-shell", "import asyncio", "asyncio.run(asyncio.create_subprocess_shell(text))"),
    ("event-in-shell", "import os", "os.execvp('sh', ['sh', '-c', text])"),
    (
        "event-in-shell",
        "import paramiko",
        "c = paramiko.SSHClient(); c.connect('host'); c.exec_command('ls ' + text)",
    ),
    ("event-in-shell", "from fabric import Connection", "Connection('host').run(text)"),
    ("event-in-sql", "import pymysql", "pymysql.connect().cursor().execute('x' + text)"),
    ("event-in-sql", "import psycopg", "psycopg.connect().execute(f'SELECT {text}')"),
    (
        "event-in-sql",
        "import mysql.connector",
        "mysql.connector.connect().cursor(dictionary=True).execute('x %s' % text)",
    ),
    ("event-in-sql", "import pyodbc", "pyodbc.connect('').execute('x ' + text)"),
    ("event-in-sql", "import pg8000.native", "pg8000.native.Connection('u').run('x ' + text)"),
    ("event-in-sql", "import oracledb", "oracledb.connect().cursor().execute('x ' + text)"),
    (
        "event-in-sql",
        "from snowflake.connector import connect",
        "connect().cursor().execute('x ' + text)",
    ),
    (
        "event-in-sql",
        "from sqlalchemy.orm import sessionmaker",
        "sessionmaker()().execute('SELECT ' + text)",
    ),
    ("event-in-sql", "import peewee", "peewee.SqliteDatabase('x').execute_sql('x' + text)"),
    ("event-in-sql", "import pandas", "pandas.read_sql('SELECT ' + text, None)"),
    (
        "event-in-sql",
        "from django.db import connection",
        "connection.cursor().execute('x' + text)",
    ),
    (
        "event-in-sql",
        "import boto3",
        "boto3.client('rds-data').execute_statement(resourceArn='a', sql='x' + text)",
    ),
    (
        "event-in-sql",
        "import boto3",
        "boto3.client('redshift-data').execute_statement(Sql='x' + text)",
    ),
    (
        "event-in-sql",
        "import boto3",
        "boto3.client('athena').start_query_execution(QueryString='x' + text)",
    ),
    (
        "event-in-sql",
        "import boto3",
        "boto3.client('timestream-query').query(QueryString='x' + text)",
    ),
    (
        "event-in-query-expression",
        "import boto3",
        "boto3.resource('dynamodb').Table('t').scan(FilterExpression='a = ' + text)",
    ),
    (
        "event-in-query-expression",
        "import boto3",
        "boto3.client('dynamodb').scan(TableName='t', ScanFilter=body['filter'])",
    ),
    (
        "event-in-query-expression",
        "from pymongo import MongoClient",
        "MongoClient().shop.users.find({'name': body['name']})",
    ),
    (
        "event-in-query-expression",
        "from neo4j import GraphDatabase",
        "GraphDatabase.driver('').session().run('MATCH ' + text)",
    ),
    ("event-in-query-expression", "import redis", "redis.Redis().eval(text, 0)"),
    (
        "event-in-query-expression",
        "from opensearchpy import OpenSearch",
        "OpenSearch().search(index='a', body=body['query'])",
    ),
    ("event-chooses-host", "import httpx", "httpx.get('https://' + text)"),
    ("event-chooses-host", "import requests", "requests.Session().post(text, json={})"),
    ("event-chooses-host", "import requests", "requests.request('GET', f'https://{text}.com/x')"),
    ("event-chooses-host", "import http.client", "http.client.HTTPSConnection(text)"),
    (
        "event-chooses-host",
        "import urllib.request",
        "urllib.request.urlopen(urllib.request.Request(text))",
    ),
    ("event-chooses-host", "import socket", "socket.create_connection((text, 80))"),
    ("event-chooses-path", "import shutil", "shutil.rmtree('/mnt/' + text)"),
    ("event-chooses-path", "import os", "os.listdir(os.path.join('/mnt', text))"),
    ("event-chooses-path", "from pathlib import Path", "(Path('/mnt') / text).unlink()"),
    ("event-chooses-path", "from pathlib import Path", "Path('/mnt', text).open()"),
    ("event-chooses-path", "import zipfile", "open('/tmp/' + text.replace('..', ''))"),
    ("event-chooses-path", "", "open('/tmp/' + text.split('/', 1)[1])"),
    ("event-chooses-path", "", "open('/tmp/' + text.split('/', maxsplit=2)[-1])"),
    ("event-chooses-path", "", "open('/tmp/' + text.rsplit('/', 1)[0])"),
    ("event-chooses-path", "", "open('/tmp/' + text.partition('/')[2])"),
    ("event-chooses-path", "", "open('/tmp/' + '/'.join(text.split('/')[1:]))"),
    (
        "event-chooses-object-key",
        "import boto3",
        "boto3.resource('s3').Bucket('b').upload_file('/tmp/x', text)",
    ),
    (
        "event-chooses-object-key",
        "import boto3",
        "boto3.client('s3').generate_presigned_post('b', text)",
    ),
    (
        "event-chooses-object-key",
        "import boto3",
        "boto3.client('s3').copy_object(Bucket='b', Key='c', CopySource={'Key': text})",
    ),
    ("event-chooses-target", "import boto3", "boto3.client('sts').assume_role(RoleArn=text)"),
    (
        "event-chooses-target",
        "import boto3",
        "boto3.client('stepfunctions').start_execution(stateMachineArn=text)",
    ),
    ("event-evaluated", "", "eval('1 + ' + text)"),
    ("event-evaluated", "", "exec(compile(text, 'x', 'exec'))"),
    ("event-imported", "", "__import__(text)"),
    ("event-unpickled", "import marshal", "marshal.loads(text.encode())"),
    ("event-unpickled", "import jsonpickle", "jsonpickle.decode(text)"),
    ("event-unpickled", "import yaml", "yaml.load(text, yaml.Loader)"),
    ("event-unpickled", "import yaml", "yaml.unsafe_load(text)"),
    ("event-unpickled", "import yaml", "yaml.load(text)"),
    ("event-unpickled", "from ruamel.yaml import YAML", "YAML(typ='unsafe').load(text)"),
    ("event-unpickled", "import dill, io", "dill.load(io.BytesIO(text.encode()))"),
    ("event-as-template", "from jinja2 import Environment", "Environment().from_string(text)"),
    (
        "event-as-template",
        "from flask import render_template_string",
        "render_template_string('<b>' + text)",
    ),
    (
        "event-in-page",
        "from aws_lambda_powertools.event_handler import Response, content_types",
        "Response(status_code=200, content_type=content_types.TEXT_HTML, body='<p>' + text)",
    ),
    (
        "event-in-page",
        "from fastapi.responses import HTMLResponse",
        "HTMLResponse(f'<p>{text}</p>')",
    ),
    ("xml-entities", "from lxml import etree", "etree.XML(text, etree.XMLParser())"),
]

HARMLESS = [
    ("import pickle", "pickle.loads(pickle.dumps(body))"),
    ("from plumbum import local", "local['du']('-sh', '--', text)"),
    ("import flask", "return flask.redirect(flask.url_for('a', b=text))"),
    ("import os", "return {'statusCode': 400} if body['password'] != body['again'] else None"),
    ("import os", "return body['password'] != body['confirmPassword'] or body['password'] == ''"),
    # Python 2, and what stands for its names.
    ("import os\nA = {'b': 1}\nprint 'c'", "if A.has_key(text): os.system('ls ' + text)"),
    ("import os\nprint 'a'", "os.system('ls %d' % long(text))"),
    ("import os\nprint 'a'", "os.system('ls -%s' % `len(text)`)"),
    (
        "import urllib, urllib2\nprint 'a'",
        "urllib2.urlopen('https://a.example/' + urllib.quote(text, ''))",
    ),
    ("import os\nprint 'a'", "for i in xrange(len(text)): os.system('ls ' + unicode(i))"),
    ("import sqlite3", "sqlite3.connect('a').execute(t'select {text}')"),
    (
        "import boto3",
        "boto3.client('dynamodb').scan(TableName='t', ScanFilter={'a': {'AttributeValueList': [{'S': text}], 'ComparisonOperator': 'EQ'}})",  # noqa: E501
    ),
    ("import subprocess", "c = ['dig']; c.append(text); subprocess.run(c)"),
    ("import subprocess", "subprocess.run(['git', 'clone'] + [text])"),
    ("import subprocess", "subprocess.run(['git', *['clone', text]])"),
    ("import pandas, io", "pandas.read_csv(io.StringIO(text))"),
    ("import pandas", "pandas.read_csv(f's3://bucket/{text}')"),
    ("import zipfile, io", "zipfile.ZipFile(io.BytesIO(text))"),
    ("import peewee\nclass User(peewee.Model): pass", "User.raw('select %s', text)"),
    (
        "import torch",
        "open('/tmp/m', 'wb').write(text); torch.load('/tmp/m', weights_only=True)",
    ),
    ("import subprocess", "subprocess.run(['ls', '--', text])"),
    ("import subprocess, shlex", "subprocess.run('ls ' + shlex.quote(text), shell=True)"),
    ("import os", "os.system('ls %d' % int(text))"),
    ("import os, uuid", "os.system('ls ' + str(uuid.UUID(text)))"),
    ("import os", "os.system('ls ' + text) if text.isalnum() else None"),
    ("import os, re", "os.system('ls ' + text) if re.match('^[a-z]+$', text) else None"),
    ("import os, re", "os.system('ls ' + re.sub('[^a-z]', '', text))"),
    (
        "import os, re",
        "p = re.compile('[a-z]+')\n    if p.fullmatch(text):\n        os.system('ls ' + text)",
    ),
    (
        "import os, hashlib",
        "os.system('ls ' + hashlib.sha256(text.encode()).hexdigest())",
    ),
    ("import os", "os.system('ls ' + str(len(text)))"),
    ("import os", "os.system({'a': 'ls', 'b': 'df'}[text])"),
    ("import pymysql", "pymysql.connect().cursor().execute('x %s', (text,))"),
    (
        "from psycopg import sql, connect",
        "connect().execute(sql.SQL('x {}').format(sql.Identifier(text)))",
    ),
    (
        "import boto3",
        (
            "boto3.client('rds-data').execute_statement("
            "sql='x :a', parameters=[{'name': 'a', 'value': {'stringValue': text}}])"
        ),
    ),
    (
        "import boto3",
        (
            "boto3.client('athena').start_query_execution("
            "QueryString='x ?', ExecutionParameters=[text])"
        ),
    ),
    (
        "import boto3\nfrom boto3.dynamodb.conditions import Key",
        "boto3.resource('dynamodb').Table('t').query(KeyConditionExpression=Key('a').eq(text))",
    ),
    (
        "import boto3",
        (
            "boto3.resource('dynamodb').Table('t').update_item(Key={'id': text}, "
            "UpdateExpression='SET a = :a', ExpressionAttributeValues={':a': body})"
        ),
    ),
    (
        "from pymongo import MongoClient\nfrom bson import ObjectId",
        "MongoClient()['shop']['users'].find_one({'_id': ObjectId(body['id'])})",
    ),
    (
        "from pymongo import MongoClient",
        "MongoClient().shop.users.update_one({'_id': text}, {'$set': body})",
    ),
    (
        "import os, tempfile",
        "tempfile.NamedTemporaryFile(suffix=os.path.splitext(text)[1])",
    ),
    (
        "from opensearchpy import OpenSearch",
        "OpenSearch().search(index='a', body={'query': {'match': {'title': body['title']}}})",
    ),
    ("import requests", "requests.get('https://example.com/' + text)"),
    ("import requests", "requests.get('https://example.com', params={'q': text})"),
    (
        "import os, requests",
        "requests.get(os.environ['HOST'] + '/' + text)",
    ),
    ("import os", "open('/tmp/' + os.path.basename(text))"),
    ("from pathlib import Path", "(Path('/tmp') / Path(text).name).read_text()"),
    ("", "open('/tmp/' + text.split('/')[-1])"),
    ("", "open('/tmp/' + text.split('/', 1)[0])"),
    ("", "open('/tmp/' + text.rsplit('/', 1)[1])"),
    ("", "open('/tmp/' + '-'.join(text.split('/')))"),
    ("", "open('/tmp/' + text.replace('/', '_'))"),
    (
        "from werkzeug.utils import secure_filename",
        "open('/tmp/' + secure_filename(text))",
    ),
    (
        "from pathlib import Path",
        (
            "p = (Path('/tmp') / text).resolve()\n"
            "    if p.is_relative_to('/tmp'):\n        p.read_text()"
        ),
    ),
    ("import tempfile", "tempfile.NamedTemporaryFile().write(text.encode())"),
    (
        "import boto3, uuid",
        "boto3.client('s3').put_object(Bucket='b', Key=str(uuid.uuid4()), Body=text)",
    ),
    ("import boto3", "boto3.client('s3').get_object(Bucket='b', Key='in/' + text)"),
    ("import json", "json.loads(text)"),
    ("import yaml", "yaml.safe_load(text)"),
    ("from ruamel.yaml import YAML", "YAML().load(text)"),
    ("import ast", "ast.literal_eval(text)"),
    ("import xml.etree.ElementTree as ET", "ET.fromstring(text)"),
    ("from defusedxml import ElementTree", "ElementTree.fromstring(text)"),
    (
        "from lxml import etree",
        "etree.fromstring(text, etree.XMLParser(resolve_entities=False))",
    ),
    ("from jinja2 import Template", "Template('{{ a }}').render(a=text)"),
    (
        "from jsonschema import validate\nimport os",
        (
            "validate(body, {'type': 'object', 'properties': "
            "{'name': {'type': 'string', 'pattern': '^[a-z]+$'}}})\n"
            "    os.system('ls ' + body['name'])"
        ),
    ),
    (
        "from jsonschema import Draft7Validator\nimport os",
        (
            "Draft7Validator({'type': 'object', 'properties': {'list': {'type': 'array', 'items': "
            "{'type': 'object', 'properties': {'name': {'enum': ['a', 'b']}}}}}}).validate(body)\n"
            "    os.system('ls ' + body['list'][0]['name'])"
        ),
    ),
    ("import logging", "logging.getLogger().info('got %s', text)"),
    (
        "from aws_lambda_powertools.event_handler import Response, content_types",
        "Response(status_code=200, content_type=content_types.APPLICATION_JSON, body=text)",
    ),
    (
        "import requests\nfrom urllib.parse import urlparse",
        (
            "if urlparse(text).hostname in ('a.example.com', 'b.example.com'):\n"
            "        requests.get(text)"
        ),
    ),
    (
        "import requests\nfrom urllib.parse import urlparse",
        "if urlparse(text).hostname.endswith('.example.com'):\n        requests.get(text)",
    ),
    (
        "import requests",
        "if text.startswith('https://example.com/'):\n        requests.get(text)",
    ),
    (
        "import boto3, jwt",
        (
            "secret = boto3.client('secretsmanager').get_secret_value(SecretId='a')\n"
            "    return {'statusCode': 200, 'body': jwt.encode({}, secret['SecretString'])}"
        ),
    ),
    (
        "import boto3, nobody",
        (
            "secret = boto3.client('secretsmanager').get_secret_value(SecretId='a')\n"
            "    client = nobody.Client(secret['SecretString'])\n"
            "    return {'statusCode': 200, 'body': client.answer()}"
        ),
    ),
]

# What a line does with `/tmp/object`, to which an object of an open bucket was downloaded.
FROM_BUCKETS = [
    ("archive-escapes-folder", "import tarfile", "tarfile.open('/tmp/object').extractall('/tmp')"),
    ("archive-escapes-folder", "import shutil", "shutil.unpack_archive('/tmp/object', '/tmp/x')"),
    ("event-unpickled", "import pickle", "pickle.load(open('/tmp/object', 'rb'))"),
    ("event-unpickled", "import pandas", "pandas.read_pickle('/tmp/object')"),
    ("event-in-shell", "import csv, os", "os.system(next(csv.reader(open('/tmp/object')))[0])"),
    ("event-in-shell", "import os, pathlib", "os.system(pathlib.Path('/tmp/object').read_text())"),
    ("event-in-shell", "import os, gzip", "os.system(gzip.open('/tmp/object').read())"),
    (
        "event-chooses-path",
        "import zipfile",
        "[open('/tmp/' + each) for each in zipfile.ZipFile('/tmp/object').namelist()]",
    ),
]
BUCKET = TEMPLATE.replace(
    "Call: {Type: HttpApi, Properties: {Path: /call, Method: post}}",
    "Call: {Type: S3, Properties: {Bucket: !Ref Box, Events: 's3:ObjectCreated:*'}}",
).replace("  Api:", "  Box: {Type: AWS::S3::Bucket}\n  Api:")


def _found(folder: Path, imports: str, line: str) -> set[str]:
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "app.py").write_text(
        f"import json\n{imports}\n\n\ndef handler(event, context):\n"
        "    text = event['queryStringParameters']['text']\n"
        "    body = json.loads(event['body'])\n"
        f"    {line}\n"
    )
    report = scan(folder, ABOUT_CODE)
    assert report.failures == ()
    return {finding.rule.id for finding in report.findings}


@pytest.mark.parametrize(("rule", "imports", "line"), HARMFUL, ids=[line for *_, line in HARMFUL])
def test_harm_is_found(rule: str, imports: str, line: str, tmp_path: Path) -> None:
    """A line that lets the request do harm is found, and by its own rule alone."""
    assert _found(tmp_path, imports, line) == {rule}


def test_a_mail_goes_to_whom_its_headers_name(tmp_path: Path) -> None:
    """What a message is addressed to is part of it where it is sent."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(
        "import smtplib\nfrom email.message import EmailMessage\n\n\n"
        "def handler(event, context):\n    message = EmailMessage()\n"
        "    message['To'] = event['body']\n    smtplib.SMTP('a').send_message(message)\n"
    )

    found = {finding.rule.id for finding in scan(tmp_path).findings}

    assert "event-chooses-recipient" in found


@pytest.mark.parametrize(("imports", "line"), HARMLESS, ids=[line for _, line in HARMLESS])
def test_harmless_use_is_left_alone(imports: str, line: str, tmp_path: Path) -> None:
    """The same libraries, used well, are not reported."""
    assert _found(tmp_path, imports, line) == set()


@pytest.mark.parametrize(
    ("rule", "imports", "line"), FROM_BUCKETS, ids=[line for *_, line in FROM_BUCKETS]
)
def test_what_was_downloaded_is_the_senders(
    rule: str, imports: str, line: str, tmp_path: Path
) -> None:
    """A file that holds an uploaded object does harm like any other data of its sender."""
    (tmp_path / "template.yaml").write_text(BUCKET)
    (tmp_path / "app.py").write_text(
        f"import boto3\n{imports}\n\n\ndef handler(event, context):\n"
        "    found = event['Records'][0]['s3']\n"
        "    boto3.client('s3').download_file(\n"
        "        found['bucket']['name'], found['object']['key'], '/tmp/object')\n"
        f"    {line}\n"
    )

    assert {finding.rule.id for finding in scan(tmp_path, ABOUT_CODE).findings} == {rule}


# The type of a model's field, and whether a text of the sender's may stand in it.
FIELDS = [
    ("str", True),
    ("str = Field(min_length=1)", True),
    ("list[str]", True),
    ("Optional[str] = None", True),
    ("Union[int, str]", True),
    ("int", False),
    ("int | None = None", False),
    ("Optional[int] = None", False),
    ("list[int]", False),
    ("Literal['a', 'b']", False),
    ("Size", False),
    ("UUID", False),
    ("Decimal", False),
    ("conint(gt=1)", False),
    ("constr(pattern='^[a-z]+$')", False),
    ("constr(pattern='^[a-z]+')", True),
    ("str = Field(pattern='^[a-z]+$')", False),
    ("Annotated[str, Field(pattern='^[a-z]+$')]", False),
    ("Annotated[str, StringConstraints(pattern='^.+$')]", True),
]


@pytest.mark.parametrize(("annotation", "open_"), FIELDS, ids=[one for one, _ in FIELDS])
def test_a_model_lets_through_what_its_types_admit(
    annotation: str,
    open_: bool,  # noqa: FBT001 - a column of the table above
    tmp_path: Path,
) -> None:
    """A field of a validated model holds what its type says: texts are open, numbers are not."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(
        "import os\nfrom decimal import Decimal\nfrom enum import Enum\nfrom uuid import UUID\n"
        "from typing import Annotated, Literal, Optional, Union\n"
        "from pydantic import BaseModel, Field, StringConstraints, conint, constr\n\n\n"
        "class Size(str, Enum):\n    A = 'a'\n\n\n"
        f"class Order(BaseModel):\n    size: {annotation}\n\n\n"
        "def handler(event, context):\n"
        "    order = Order.model_validate_json(event['body'])\n"
        "    os.system(f'ls {order.size}')\n"
    )

    found = {finding.rule.id for finding in scan(tmp_path, ABOUT_CODE).findings}

    assert found == ({"event-in-shell"} if open_ else set())


PARSED = [
    (
        "@event_parser(model=Order, envelope=envelopes.ApiGatewayV2Envelope)\n"
        "def handler(order, context):\n"
    ),
    (
        "def handler(event, context):\n"
        "    order = parse(event, Order, envelopes.ApiGatewayV2Envelope)\n"
    ),
    (
        "def handler(event, context):\n"
        "    order = parse(event=json.loads(event['body']), model=Order)\n"
    ),
]


@pytest.mark.parametrize("beginning", PARSED, ids=["decorator", "envelope", "body"])
def test_powertools_parses_into_models(beginning: str, tmp_path: Path) -> None:
    """What the parser makes of the event has the model's fields, texts and numbers apart."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(
        "import json\nimport os\n"
        "from aws_lambda_powertools.utilities.parser import (\n"
        "    BaseModel, envelopes, event_parser, parse)\n\n\n"
        "class Order(BaseModel):\n    size: int\n    name: str\n\n\n"
        f"{beginning}    os.system(f'ls {{order.size}}')\n    os.system(f'ls {{order.name}}')\n"
    )

    found = [finding.match.identity for finding in scan(tmp_path, ABOUT_CODE).findings]

    assert found == [("Api", "body.name", "os.system")]


def test_the_index_names_what_each_table_describes() -> None:
    """Every top-level name that a table speaks of leads to that table, and no other does."""
    for family, tops in FAMILIES.items():
        models = import_module(f"stockade.analysis.libraries.{family}").MODELS
        used = {line.callee.partition(".")[0] for line in models}

        assert set(tops) == used, family


def test_arguments_are_named_as_the_form_says() -> None:
    """Every argument in the tables can be read: a name, a position or both, and a way inside."""
    form = re.compile(
        r"(contents of |items of )?(self|result|\*|\w*(@\d+)?)((\[\d*\])|(\.[$\w]+))*"
    )
    for family in FAMILIES:
        for line in import_module(f"stockade.analysis.libraries.{family}").MODELS:
            for name in ("argument", "to", "function"):
                argument = getattr(line, name, None)
                assert argument is None or form.fullmatch(argument), line


def test_a_wider_line_fills_in_what_no_narrower_one_says() -> None:
    """A call with a sink of its own still gives what the wider line says of its result."""
    lines = Catalogue().lines("aws.dynamodb.Client.execute_statement")

    assert [type(line) for line in lines] == [Sink, Clean]


def test_a_callee_that_no_table_describes_has_no_lines() -> None:
    """Nothing is said of a library that is not known, so that the default meaning holds."""
    assert Catalogue().lines("nobody.knows.this") == ()


def test_every_flow_ends_in_words() -> None:
    """For every kind of sink there is the end of a sentence that tells what happens there."""
    kinds = {
        line.kind
        for family in FAMILIES
        for line in import_module(f"stockade.analysis.libraries.{family}").MODELS
        if isinstance(line, Sink)
    }

    assert kinds <= set(ENDS)


def test_every_sanitizer_names_kinds_that_sinks_have() -> None:
    """A kind that is made safe is one that some sink has."""
    models = [
        line
        for family in FAMILIES
        for line in import_module(f"stockade.analysis.libraries.{family}").MODELS
    ]
    sinks = {line.kind for line in models if isinstance(line, Sink)} | {"page", EVERY_KIND}
    safe = {kind for line in models for kind in getattr(line, "kinds", ())}

    assert safe - sinks <= {"header"}
