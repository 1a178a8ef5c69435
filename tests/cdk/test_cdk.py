"""Applications of the AWS CDK, read from what `cdk synth` wrote."""

import json
from pathlib import Path

import pytest
from assemblies import HANDLER, assembly, function, resource
from folders import write

from stockade.load import Loaded, load
from stockade.model import DEFAULT_BUS, Handler, Unknown

OUTSIDE = """
{"artifacts": {"a": {"type": "aws:cloudformation:stack",
 "properties": {"templateFile": "../../etc/passwd"}, "metadata": {"/x": 3}}}}
"""
FRAME = "new Shop (/home/dev/shop/lib/shop.ts:7:5)"


def shop(folder: Path, files: dict[str, str]) -> Loaded:
    """Load a project of these files."""
    write(folder, files)
    return load(folder)


def handler_of(loaded: Loaded, name: str) -> str:
    """Return the file and symbol of a function's handler, or why there is none."""
    found = loaded.applications[0].functions[name].handler
    return f"{found.file.path}:{found.symbol}" if isinstance(found, Handler) else found.why


def told(loaded: Loaded) -> list[str]:
    """Return all that was not seen."""
    apps = [one for app in loaded.applications for one in app.unseen]
    return [f"{one.at}: {one.why}" for one in (*loaded.unseen, *apps)]


def test_a_project_that_was_not_synthesized_is_told(tmp_path: Path) -> None:
    """Its program is not run, and the reader learns what to do."""
    loaded = shop(tmp_path, {"infra/cdk.json": "{}", "infra/bin/app.ts": ""})

    assert not loaded.applications
    why = "there is no infra/cdk.out/manifest.json: run `cdk synth`, then scan again"
    assert told(loaded) == [f"infra/cdk.json:1: {why}"]


def test_the_output_folder_is_the_one_that_the_project_names(tmp_path: Path) -> None:
    """`output` of cdk.json."""
    files = assembly({"Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Orders/Resource")})
    moved = {path.replace("cdk.out/", "dist-cdk/"): text for path, text in files.items()}
    moved["cdk.json"] = json.dumps({"output": "dist-cdk"})

    assert list(shop(tmp_path, moved).applications[0].resources) == ["Orders"]


def test_the_assembly_itself_can_be_scanned(tmp_path: Path) -> None:
    """`stockade scan cdk.out`: its manifest tells that it is one, and no template counts twice."""
    write(tmp_path, assembly({"Q1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Q/Resource")}))

    loaded = load(tmp_path / "cdk.out")

    assert [list(app.resources) for app in loaded.applications] == [["Q"]]


def test_another_manifest_is_passed_over(tmp_path: Path) -> None:
    """Web applications and extensions have a manifest.json, too."""
    loaded = shop(tmp_path, {"manifest.json": '{"name": "web", "artifacts": {"a": 1}}'})

    assert not loaded.applications
    assert not told(loaded)


def test_resources_bear_the_names_of_their_constructs(tmp_path: Path) -> None:
    """The hash is left out, in references too, where that leaves one resource of the name."""
    loaded = shop(
        tmp_path,
        assembly(
            {
                "Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Orders/Resource"),
                "Bills00000000": resource("AWS::SQS::Queue", "Shop/Bills/Resource"),
                "Bills11111111": resource("AWS::SQS::Queue", "Shop/Bi/lls/Resource"),
                "PolicyAAAAAAAA": resource(
                    "AWS::SQS::QueuePolicy",
                    "Shop/Policy/Resource",
                    Queues=[{"Ref": "Orders1A2B3C4D"}, {"Ref": "Bills00000000"}],
                    PolicyDocument={"Fn::GetAtt": ["Orders1A2B3C4D", "Arn"]},
                    Name={"Fn::Sub": "${Orders1A2B3C4D.QueueName}-${AWS::Region}"},
                ),
            },
            Outputs={"Url": {"Value": {"Ref": "Orders1A2B3C4D"}}},
        ),
    )
    app = loaded.applications[0]

    assert list(app.resources) == ["Orders", "Bills00000000", "Bills11111111", "Policy"]
    policy = app.resources["Policy"].properties
    assert "Orders1A2B3C4D" not in repr(policy.entries)
    assert "'Orders'" in repr(policy.get("PolicyDocument"))
    assert "'Bills00000000'" in repr(policy.get("Queues"))
    assert "'Orders'" in repr(app.stacks[0].outputs["Url"])


def test_a_resource_stands_where_the_source_made_it(tmp_path: Path) -> None:
    """The stack trace's path is another machine's; its end names the file of this project."""
    files = assembly(
        {"Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Orders/Resource", DelaySeconds=3)},
        frames={"Shop/Orders/Resource": ["...new Queue2 in aws-cdk-lib...", FRAME]},
    )
    loaded = shop(tmp_path, {**files, "lib/shop.ts": "\n" * 9})
    queue = loaded.applications[0].resources["Orders"]

    assert str(queue.at) == "lib/shop.ts:7"
    delay = queue.properties.get("DelaySeconds")
    assert delay is not None
    assert str(delay.at) == "lib/shop.ts:7"


def test_older_traces_stand_in_the_manifest(tmp_path: Path) -> None:
    """`cdk synth --debug` of earlier versions; the frames of Python's jsii have no column."""
    files = assembly({"Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Orders/Resource")})
    manifest = json.loads(files["cdk.out/manifest.json"])
    manifest["artifacts"]["Shop"]["metadata"] = {
        "/Shop/Orders/Resource": [
            {
                "type": "aws:cdk:logicalId",
                "data": "Orders1A2B3C4D",
                "trace": [
                    "new Queue (/tmp/jsii/node_modules/aws-cdk-lib/aws-sqs/lib/queue.js:1:2)",
                    "at /home/dev/shop/shop/stack.py:12",
                ],
            }
        ]
    }
    files["cdk.out/manifest.json"] = json.dumps(manifest)
    loaded = shop(tmp_path, {**files, "shop/stack.py": "\n" * 20})

    assert str(loaded.applications[0].resources["Orders"].at) == "shop/stack.py:12"


def test_a_resource_of_a_construct_stands_where_that_was_made(tmp_path: Path) -> None:
    """Where the trace of the inner one holds nothing but the library's own lines."""
    files = assembly(
        {
            "Api1A2B3C4D": resource("AWS::ApiGateway::RestApi", "Shop/Api/Resource"),
            "ApiGET1A2B3C4D": resource("AWS::ApiGateway::Method", "Shop/Api/GET/Resource"),
        },
        frames={
            "Shop/Api/Resource": [FRAME],
            "Shop/Api/GET/Resource": ["...in aws-cdk-lib...", "Array.map (:)"],
        },
    )
    loaded = shop(tmp_path, {**files, "lib/shop.ts": "\n" * 9})

    assert str(loaded.applications[0].resources["ApiGET"].at) == "lib/shop.ts:7"


def test_without_a_trace_the_template_is_shown(tmp_path: Path) -> None:
    """Older versions tell nothing of where a construct was made."""
    loaded = shop(
        tmp_path,
        assembly({"Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Orders/Resource")}),
    )

    assert loaded.applications[0].resources["Orders"].at.path == "cdk.out/Shop.template.json"


def test_a_trace_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    """Nor into what is installed."""
    files = assembly(
        {"Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Orders/Resource")},
        frames={
            "Shop/Orders/Resource": [
                "x (/../../etc/hosts.ts:1:1)",
                "x (" + "a/" * 5000 + "b.ts:1:1)",
                "x (lib/shop.ts:99999999999999999999:1)",
            ]
        },
    )
    loaded = shop(tmp_path, files)

    assert loaded.applications[0].resources["Orders"].at.path == "cdk.out/Shop.template.json"


def test_a_copied_asset_is_read_where_it_was_copied_from(tmp_path: Path) -> None:
    """The repository's file of the same text, not the copy."""
    files = assembly({"Orders1A2B3C4D": function("Shop/Orders/Resource", "asset.1")})
    loaded = shop(
        tmp_path,
        {
            **files,
            "cdk.out/asset.1/app.py": HANDLER,
            "lambda/orders/app.py": HANDLER,
            "lambda/bills/app.py": HANDLER + "# another\n",
        },
    )

    assert handler_of(loaded, "Orders") == "lambda/orders/app.py:handler"
    assert loaded.applications[0].functions["Orders"].roots[0] == "lambda/orders"


def test_of_two_equal_handlers_the_folder_with_the_same_files_counts(tmp_path: Path) -> None:
    """An entry that only calls a helper looks alike in several folders."""
    files = assembly({"Orders1A2B3C4D": function("Shop/Orders/Resource", "asset.1")})
    loaded = shop(
        tmp_path,
        {
            **files,
            "cdk.out/asset.1/app.py": HANDLER,
            "cdk.out/asset.1/orders.py": "",
            "a/app.py": HANDLER,
            "a/bills.py": "",
            "b/app.py": HANDLER,
            "b/orders.py": "",
        },
    )

    assert handler_of(loaded, "Orders") == "b/app.py:handler"


@pytest.mark.parametrize(
    ("bundle", "beside"),
    [
        (
            "// node_modules/x/index.js\nx();\n// lambda/util.ts\n1;\n// lambda/shop.orders.ts\n",
            {},
        ),
        (
            "minified();",
            {
                "cdk.out/asset.1/index.js.map": json.dumps(
                    {"sources": ["../../node_modules/x.js", "../../lambda/shop.orders.ts"]}
                )
            },
        ),
    ],
    ids=["comments", "source map"],
)
def test_a_bundle_is_read_in_its_source(
    bundle: str, beside: dict[str, str], tmp_path: Path
) -> None:
    """What esbuild wrote names the files that it was made of, the entry last."""
    files = assembly(
        {
            "Orders1A2B3C4D": function(
                "Shop/Orders/Resource",
                "asset.1",
                bundled=True,
                Handler="index.handler",
                Runtime="nodejs22.x",
            )
        }
    )
    loaded = shop(
        tmp_path,
        {
            **files,
            **beside,
            "cdk.out/asset.1/index.js": bundle,
            "lambda/shop.orders.ts": "export const handler = async (event) => event;\n",
            "lambda/util.ts": "",
        },
    )

    assert handler_of(loaded, "Orders") == "lambda/shop.orders.ts:handler"


def test_a_bundle_that_names_nothing_is_read_itself(tmp_path: Path) -> None:
    """It is the author's code all the same."""
    bundled = function(
        "Shop/Orders/Resource",
        "asset.1",
        bundled=True,
        Handler="index.handler",
        Runtime="nodejs22.x",
    )
    loaded = shop(
        tmp_path,
        {
            **assembly({"Orders1A2B3C4D": bundled}),
            "cdk.out/asset.1/index.js": "exports.handler = async (event) => event;\n",
        },
    )

    assert handler_of(loaded, "Orders") == "cdk.out/asset.1/index.js:handler"


def test_compiled_typescript_is_read_in_its_source(tmp_path: Path) -> None:
    """The asset is what `tsc` wrote into a folder that is not kept."""
    compiled = function("Shop/Orders/Resource", "asset.1", Runtime="nodejs22.x")
    loaded = shop(
        tmp_path,
        {
            **assembly({"Orders1A2B3C4D": compiled}),
            "cdk.out/asset.1/app.js": '"use strict";\nexports.handler = (event) => event;\n',
            "src/orders/app.ts": "export const handler = (event: Order) => event;\n",
        },
    )

    assert handler_of(loaded, "Orders") == "src/orders/app.ts:handler"


def test_functions_that_a_package_brings_are_not_the_authors(tmp_path: Path) -> None:
    """Custom resources of the CDK run code of the library: it is told, and not judged."""
    inline = {"ZipFile": "import boto3\ndef handler(event, context):\n    boto3.client('s3')\n"}
    loaded = shop(
        tmp_path,
        {
            **assembly(
                {
                    "LogRetention1A2B3C4D": function("Shop/LogRetention/Resource", "asset.1"),
                    "Notify1A2B3C4D": function("Shop/Notify/Resource", Code=inline),
                }
            ),
            "cdk.out/asset.1/app.py": HANDLER,
            "lib/shop.ts": "new Bucket(this, 'Uploads');\n",
        },
    )

    assert not loaded.applications[0].functions
    assert [one.split(": ")[1] for one in told(loaded)] == [
        "its code comes from a package, not from the scanned folder"
    ] * 2


def test_code_that_the_program_holds_is_the_authors(tmp_path: Path) -> None:
    """`Code.fromInline` with a text of the program."""
    inline = {"ZipFile": HANDLER}
    own = function("Shop/Own/Resource", Code=inline, Handler="index.handler")
    loaded = shop(
        tmp_path,
        {
            **assembly({"Own1A2B3C4D": own}),
            "lib/shop.ts": f"Code.fromInline(`{HANDLER}`);\n",
        },
    )

    assert handler_of(loaded, "Own").endswith(":handler")


def test_the_cdks_own_resource_for_notifications_is_a_trigger(tmp_path: Path) -> None:
    """With the events and the prefix, in the words of the bucket's property."""
    loaded = shop(
        tmp_path,
        {
            **assembly(
                {
                    "Uploads1A2B3C4D": resource("AWS::S3::Bucket", "Shop/Uploads/Resource"),
                    "Resize1A2B3C4D": function("Shop/Resize/Resource", "asset.1"),
                    "UploadsNotifications1A2B3C4D": resource(
                        "Custom::S3BucketNotifications",
                        "Shop/Uploads/Notifications/Resource",
                        BucketName={"Ref": "Uploads1A2B3C4D"},
                        NotificationConfiguration={
                            "EventBridgeConfiguration": {},
                            "LambdaFunctionConfigurations": [
                                {
                                    "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                                    "Filter": {
                                        "Key": {
                                            "FilterRules": [{"Name": "prefix", "Value": "in/"}]
                                        }
                                    },
                                    "LambdaFunctionArn": {"Fn::GetAtt": ["Resize1A2B3C4D", "Arn"]},
                                }
                            ],
                        },
                    ),
                }
            ),
            "cdk.out/asset.1/app.py": HANDLER,
            "resize/app.py": HANDLER,
        },
    )
    app = loaded.applications[0]

    assert [(one.type.value, one.resource) for one in app.event_sources_of("Resize")] == [
        ("s3", "Uploads"),
        ("s3", "Uploads"),
    ]
    detail = app.event_sources_of("Resize")[0].detail
    assert detail is not None
    assert "'in/'" in repr(detail.get("Filter"))
    assert [one.target for one in app.deliveries] == [DEFAULT_BUS]


def test_stages_are_assemblies_within_the_assembly(tmp_path: Path) -> None:
    """Each stage has its own stacks; an assembly that names itself ends."""
    inner = assembly({"Q1A2B3C4D": resource("AWS::SQS::Queue", "Prod/Shop/Q/Resource")})
    stage = {
        "artifacts": {
            "assembly-Prod": {
                "type": "cdk:cloud-assembly",
                "properties": {"directoryName": "assembly-Prod"},
            },
            "itself": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}},
            "outside": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "../.."}},
        }
    }
    files = {
        path.replace("cdk.out/", "cdk.out/assembly-Prod/"): text for path, text in inner.items()
    }
    loaded = shop(tmp_path, {**files, "cdk.out/manifest.json": json.dumps(stage)})

    assert [app.name for app in loaded.applications] == [
        "cdk.out/assembly-Prod/Shop.template.json"
    ]


def test_nested_stacks_are_part_of_their_application(tmp_path: Path) -> None:
    """The CDK names the nested template's file in the metadata."""
    nested = {
        "Resources": {
            "Orders1A2B3C4D": resource("AWS::SQS::Queue", "Shop/Data/Orders/Resource"),
        }
    }
    stack = resource("AWS::CloudFormation::Stack", "Shop/Data.NestedStack/Resource")
    stack["Properties"]["TemplateURL"] = {"Fn::Sub": "https://s3.${AWS::URLSuffix}/x"}
    stack["Metadata"] |= {
        "aws:asset:path": "ShopData.nested.template.json",
        "aws:asset:property": "TemplateURL",
    }
    loaded = shop(
        tmp_path,
        {
            **assembly(
                {"Data1A2B3C4D": stack},
                frames={"Shop/Data/Orders/Resource": [FRAME]},
            ),
            "cdk.out/ShopData.nested.template.json": json.dumps(nested),
            "lib/shop.ts": "\n" * 9,
        },
    )

    assert len(loaded.applications) == 1
    assert str(loaded.applications[0].resources["Data/Orders"].at) == "lib/shop.ts:7"


@pytest.mark.parametrize(
    "manifest",
    [
        "[" * 100_000,
        '{"artifacts": []}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "properties": 1}}}',
        OUTSIDE,
    ],
    ids=["deep", "a list", "no properties", "outside"],
)
def test_a_manifest_may_hold_anything(manifest: str, tmp_path: Path) -> None:
    """Nothing is raised, nothing outside is read."""
    loaded = shop(tmp_path, {"cdk.json": "{}", "cdk.out/manifest.json": manifest})

    assert not loaded.applications


def test_the_handler_of_an_asset_that_is_missing_is_unknown(tmp_path: Path) -> None:
    """`cdk.out` without its assets: what is not there is told."""
    loaded = shop(
        tmp_path, assembly({"Orders1A2B3C4D": function("Shop/Orders/Resource", "asset.1")})
    )

    found = loaded.applications[0].functions["Orders"].handler
    assert isinstance(found, Unknown)
    assert "asset.1" in found.why


def test_an_asset_that_is_not_kept_is_found_by_its_original_path(tmp_path: Path) -> None:
    """Assets are often left out of a repository; the CDK names what they were copied from."""
    orders = function("Shop/Orders/Resource", "asset.1")
    orders["Metadata"]["aws:asset:original-path"] = "C:\\work\\shop\\lambda\\orders"
    loaded = shop(
        tmp_path, {**assembly({"Orders1A2B3C4D": orders}), "lambda/orders/app.py": HANDLER}
    )

    assert handler_of(loaded, "Orders") == "lambda/orders/app.py:handler"


def test_an_image_is_read_where_it_was_built_from(tmp_path: Path) -> None:
    """The folder of the repository that has the asset's Dockerfile."""
    dockerfile = (
        "FROM public.ecr.aws/lambda/python:3.13\n"
        "COPY app.py ${LAMBDA_TASK_ROOT}\n"
        'CMD ["app.handler"]\n'
    )
    image = function("Shop/Orders/Resource", "asset.1", PackageType="Image")
    image["Metadata"]["aws:asset:dockerfile-path"] = "Dockerfile"
    image["Properties"]["Code"] = {"ImageUri": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr/x:1"}}
    del image["Properties"]["Handler"], image["Properties"]["Runtime"]
    loaded = shop(
        tmp_path,
        {
            **assembly({"Orders1A2B3C4D": image}),
            "cdk.out/asset.1/Dockerfile": dockerfile,
            "images/orders/Dockerfile": dockerfile,
            "images/orders/app.py": HANDLER,
        },
    )

    assert handler_of(loaded, "Orders") == "images/orders/app.py:handler"
