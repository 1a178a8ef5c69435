"""Folders that mean harm, or are merely broken, each written by one function."""

import os
import random
from collections.abc import Callable
from pathlib import Path

CANARY = "canary-7f3a: a text that no report may hold"
"""Stands in files outside the scanned folder."""

FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Public:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.13
      Events:
        Web: {Type: HttpApi}
"""

SHELL = """\
import os


def handler(event, context):
    os.system("convert " + event["body"])
"""

Write = Callable[[Path], None]


def files(**texts: str | bytes) -> Write:
    """Return a case of these files; `__` in a name stands for a slash, and `_` for a dot."""

    def write(folder: Path) -> None:
        for name, text in texts.items():
            put(folder / name.replace("__", "/").replace("_", "."), text)

    return write


def put(path: Path, text: str | bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def application(folder: Path, template: str = FUNCTION, code: str | bytes = SHELL) -> None:
    """Write an application of one function."""
    put(folder / "template.yaml", template)
    put(folder / "src" / "app.py", code)


def code(text: str | bytes) -> Write:
    """Return a case of a fine template whose code is `text`."""
    return lambda folder: application(folder, code=text)


def template(text: str) -> Write:
    """Return a case of a strange template beside fine code."""
    return lambda folder: application(folder, template=text)


def links(folder: Path) -> None:
    """Write an application most of which leads out of its folder."""
    outside = folder.parent / "outside"
    application(outside / "app", code=f"# {CANARY}\n{SHELL}")
    put(outside / "stockade.toml", f'persona = "{CANARY}"')
    put(outside / "samconfig.toml", f"{CANARY}")
    application(
        folder,
        template=FUNCTION
        + """\
        Linked: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: s3:ObjectCreated:*}}
  Bucket: {Type: AWS::S3::Bucket}
  Above:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ../outside/app/src, Handler: app.handler, Runtime: python3.13}
  Absolute:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: /etc, Handler: passwd.handler, Runtime: python3.13}
  ByLink:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: linked, Handler: app.handler, Runtime: python3.13}
  DottedOut:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src, Handler: ../../outside/app/src/app.handler, Runtime: python3.13}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ../outside/app/template.yaml}
  NestedByLink: {Type: AWS::Serverless::Application, Properties: {Location: linked.yaml}}
  Included:
    Fn::Transform:
      Name: AWS::Include
      Parameters: {Location: ../outside/app/template.yaml}
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1, DefinitionUri: ../outside/app/template.yaml}
""",
        code=f"from above import x\nimport linked_module\n{SHELL}",
    )
    (folder / "linked").symlink_to(outside / "app" / "src")
    (folder / "linked.yaml").symlink_to(outside / "app" / "template.yaml")
    (folder / "sub").symlink_to(outside)
    (folder / "stockade.toml").symlink_to(outside / "stockade.toml")
    (folder / "samconfig.toml").symlink_to(outside / "samconfig.toml")
    (folder / "src" / "linked_module.py").symlink_to(outside / "app" / "src" / "app.py")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere.yaml").symlink_to(folder / "missing")
    (folder / "endless.yaml").symlink_to("/dev/zero")


def pipes(folder: Path) -> None:
    """Write files that never end or never begin."""
    application(folder)
    os.mkfifo(folder / "pipe.yaml")
    (folder / "src" / "app.py").unlink()
    os.mkfifo(folder / "src" / "app.py")
    (folder / "folder.yaml").mkdir()


def many_files(folder: Path) -> None:
    """Write a wide and deep tree of files."""
    application(folder)
    for number in range(2000):
        put(folder / "src" / f"m{number}.py", f"from m{(number + 1) % 2000} import x\n")
    put(folder / "src" / "app.py", f"import m0\n{SHELL}")
    put(folder.joinpath(*(["deep"] * 200)) / "template.yaml", FUNCTION)


def nested_in_itself(folder: Path) -> None:
    """Write stacks that nest each other without end."""
    nested = "Resources:\n" + "".join(
        f"  S{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {name}}}}}\n"
        for n, name in enumerate(["template.yaml", "other.yaml"] * 10)
    )
    put(folder / "template.yaml", nested)
    put(folder / "other.yaml", nested)


DEEP = 10_000
JSON = '{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": '
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)

CASES: dict[str, Write] = {
    "broken-yaml": files(template_yaml="Resources:\n  A: [AWS::S3::Bucket\n  B: }"),
    "tabs": files(template_yaml="Resources:\n\tA:\n\t\tType: AWS::S3::Bucket\n"),
    "empty": files(template_yaml="", src__app_py=""),
    "not-text": files(template_yaml=FUNCTION.encode() + random.Random(1).randbytes(5000)),
    "nul": files(template_yaml=b"Resources:\n  A\0: {Type: AWS::S3::Bucket}\n"),
    "utf-16": files(template_yaml=FUNCTION.encode("utf-16"), src__app_py=SHELL.encode("utf-16")),
    "enormous": template(
        FUNCTION
        + "".join(
            f"  B{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: b{n}}}}}\n"
            for n in range(20_000)
        )
    ),
    "enormous-text": template(FUNCTION + "Description: " + "x" * 30_000_000 + "\n"),
    "alias-bomb": template(
        FUNCTION + "Metadata:\n" + "".join(f"  {line}\n" for line in BOMB.splitlines())
    ),
    "alias-bomb-in-use": template(
        f"{BOMB}Resources:\n  A: {{Type: AWS::S3::Bucket, Properties: *a29}}\n"
    ),
    "alias-of-itself": template("Resources: &r\n  A: {Type: AWS::S3::Bucket, Properties: *r}\n"),
    "python-tag": template(
        'Resources:\n  A: !!python/object/apply:os.system ["touch executed"]\n'
    ),
    "merge-of-itself": template("Resources: &r\n  <<: *r\n  A: {Type: AWS::S3::Bucket}\n"),
    "duplicate-keys": template(FUNCTION + FUNCTION),
    "two-documents": template(FUNCTION + "---\n" + FUNCTION + "...\n"),
    "flow-deep": template(FUNCTION + "Metadata: " + "[" * DEEP + "]" * DEEP),
    "flow-deep-open": template(FUNCTION + "Metadata: " + "{a: " * DEEP),
    "block-deep": template(
        FUNCTION + "Metadata:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 3000))
    ),
    "sub-deep": template(FUNCTION + "Metadata: {A: " + "!Sub [" * 2000),
    "json-deep": files(template_json=JSON + '{"a": ' * DEEP + "1" + "}" * DEEP + "}}}"),
    "json-list-deep": files(template_json=JSON + "[" * DEEP + "]" * DEEP + "}}}"),
    "intrinsics-deep": files(
        template_json='{"Resources": {"A": {"Type": "AWS::S3::Bucket", '
        '"Properties": {"BucketName": '
        + '{"Fn::Join": ["", ["x", ' * 2000
        + '"y"'
        + "]]}" * 2000
        + "}}}}"
    ),
    "json-cut": files(template_json='{"Resources": {"A": {"Type": "AWS::Lambda::Func'),
    "json-surrogate": files(template_json='{"Resources": {"A": {"Type": "AWS::\\ud800"}}}'),
    "reference-cycles": template(
        FUNCTION
        + """\
  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref B}}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${A}-${B.Arn}-${C}"}}
  C: {Type: AWS::IAM::Role, Properties: {RoleName: !GetAtt C.RoleName, Policies: !Ref C}}
Conditions:
  X: !Not [!Condition Y]
  Y: !And [!Condition X, !Condition Y]
Parameters:
  P: {Type: String, Default: !Ref P}
Mappings: {M: {A: {B: !FindInMap [M, A, B]}}}
Outputs: {O: {Value: !Ref O, Condition: X}}
"""
    ),
    "nested-in-itself": nested_in_itself,
    "wrong-kinds": template("""\
Transform: {a: [1]}
Globals: [Function, 3]
Parameters: [a]
Conditions: 7
Mappings: {M: 1}
Resources:
  A: 1
  B: [2]
  C: {Type: [AWS::S3::Bucket]}
  D: {Type: AWS::Serverless::Function, Properties: text}
  E: {Type: AWS::Serverless::Function, Properties: {Events: 1, Policies: {a: b}, Environment: []}}
  F: {Type: AWS::Serverless::Function, Properties: {Events: {X: 1, Y: {Type: {}}, Z: {Type: S3}}}}
  G: {Type: AWS::Lambda::Function, Properties: {Code: [], Handler: {Ref: G}, Role: 3}}
  H: {Type: AWS::IAM::Role, Properties: {Policies: [1, {PolicyDocument: {Statement: 4}}]}}
  I: {Type: AWS::Serverless::Api, Properties: {DefinitionBody: {paths: [1]}, Auth: 1}}
  J: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: {a: b}}}
  K: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: x}}}
  L: {Fn::Transform: 3}
  1: {Type: AWS::S3::Bucket}
  null: {Type: AWS::S3::Bucket}
  ? [complex, key]
  : {Type: AWS::S3::Bucket}
  Fn::ForEach::Loop: [x, 1, {}]
"""),
    "for-each-bomb": template(
        f"""\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::A:
    - X
    - {list(range(300))}
    - Fn::ForEach::B:
        - Y
        - {list(range(300))}
        - Fn::ForEach::C:
            - Z
            - {list(range(300))}
            - "R${{X}}${{Y}}${{Z}}": {{Type: AWS::S3::Bucket}}
"""
    ),
    "unknown-types": template(
        FUNCTION
        + "".join(
            f"  R{n}: {{Type: '{name}', Properties: {{A: !Nope x}}}}\n"
            for n, name in enumerate(["AWS::Nope::Nope", "Custom::X", "Alexa::", "::", "x" * 999])
        )
    ),
    "links": links,
    "pipes": pipes,
    "many-files": many_files,
    "code-broken": code("def handler(event, context:\n  os.system("),
    "code-not-text": code(random.Random(2).randbytes(4000)),
    "code-nul": code("x = 1\0\n" + SHELL),
    "code-latin-1": code("# -*- coding: latin-1 -*-\nx = 'caf\xe9'\n".encode("latin-1")),
    "code-odd-coding": code(b"# -*- coding: rot13 -*-\nvzcbeg bf\n"),
    "code-parentheses": code("x = " + "(" * DEEP + ")" * DEEP + "\n" + SHELL),
    "code-lists": code("x = " + "[" * 90 + "]" * 90 + "\n" + SHELL),
    "code-sum": code("x = " + " + ".join(["1"] * DEEP) + "\n" + SHELL),
    "code-not": code("x = " + "not " * DEEP + "1\n" + SHELL),
    "code-attributes": code("x = a" + ".b" * DEEP + "\n" + SHELL),
    "code-calls": code("x = a" + "()" * DEEP + "\n" + SHELL),
    "code-elif": code("if a: pass\n" + "elif b: pass\n" * DEEP + SHELL),
    "code-loops": code(
        "def handler(event, context):\n"
        + "".join(f"{' ' * (n + 1)}for x{n} in event:\n" for n in range(19))
        + " " * 20
        + "eval(x0)\n"
    ),
    "code-recursion": code("""\
def f(x): return g(x) + f(x + 1)
def g(x): return [h(f), g(x), lambda: f(g)]
def h(x): return x(x)(h)
class A(A): pass
class B: __getattr__ = lambda s, n: B()
def handler(event, context):
    event[event] = event
    x = [event]
    x.append(x)
    while True:
        x = x + [f(x)] * len(x)
        eval(f(g(h(x))))
"""),
    "code-deep-calls": code(
        "import os\n"
        + "".join(f"def f{n}(x): f{n + 1}(x)\n" for n in range(1000))
        + "f1000 = os.system\ndef handler(event, context): f0(event['body'])\n"
    ),
    "code-wide": code(
        "".join(f"def f{n}(x): return f{n + 1}(x, f{n + 2}(x))\n" for n in range(3000))
        + "def handler(event, context): eval(f0(event['body']))\n"
    ),
    "code-branches": code(
        "def handler(event, context):\n x = event['body']\n"
        + "".join(f" if x == {n}: x = x + y{n}\n else: y{n} = x + 'a'\n" for n in range(2000))
        + " eval(x)\n"
    ),
    "code-made-of-itself": code(
        "import boto3\ndef same(x): return x\n"
        "def handler(event, context):\n x = boto3.Session()\n"
        + " x = boto3.Session(x, x)\n" * 200
        + " y = [boto3.Session(x, x), boto3.Session(x, x)]\n same(x), same(y), same(y[event])\n"
    ),
    "code-made-again": code(
        "import boto3\ndef handler(event, context):\n last = None\n"
        " for one in event['all']:\n  print(last)\n  x = boto3.Session()\n"
        + "  x = boto3.Session(x, x)\n" * 100
        + "  last = x\n"
    ),
    "code-refers-to-itself": code(
        "import boto3\ndef handler(event, context):\n"
        + "".join(f" m{n} = {{'a': event['a{n}']}}\n" for n in range(36))
        + "".join(f" m{n}['k{m}'] = m{m}\n" for n in range(36) for m in range(36))
        + " boto3.client('s3').put_object(Metadata=m0)\n return m1\n"
    ),
    "code-long-line": code(SHELL.replace('"convert "', '"convert ' + "x" * 3_000_000 + '"')),
    "code-import-cycle": files(
        template_yaml=FUNCTION,
        src__app_py="from a import *\nfrom app import handler\n" + SHELL,
        src__a_py="from b import *\nfrom a import x as y\n",
        src__b_py="from a import *\nfrom . import b\nfrom .... import c\n",
    ),
}
