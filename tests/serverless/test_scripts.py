"""`serverless.ts` and `serverless.js`: read as data, never run."""

from pathlib import Path

import pytest
from serverless_services import loaded, missed, told

from stockade.model import Application, Handler

HEAD = 'import type { AWS } from "@serverless/typescript";\n'


def service(folder: Path, files: dict[str, str]) -> Application:
    """Load the one service that these files are."""
    (found,), _ = loaded(folder, files)
    return found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("serverless.ts", HEAD + "const c: AWS = BODY;\nmodule.exports = c;\n"),
        ("serverless.ts", HEAD + "export default BODY satisfies AWS;\n"),
        ("serverless.ts", HEAD + "export default <AWS>BODY;\n"),
        ("serverless.ts", HEAD + "const c = BODY as const;\nexport = c;\n"),
        ("serverless.js", "module.exports = BODY;\n"),
        ("serverless.js", "module.exports = async () => { const c = BODY; return c; };\n"),
        ("serverless.mjs", "const c = BODY;\nexport { c as default };\n"),
        ("serverless.json", "BODY"),
    ],
)
def test_every_way_to_write_an_object(tmp_path: Path, path: str, text: str) -> None:
    """Whatever exports it, the object is the service."""
    functions = '{"one": {"handler": "a.b"}}'
    body = f'{{"service": "shop", "provider": {{"name": "aws"}}, "functions": {functions}}}'

    found = service(tmp_path, {path: text.replace("BODY", body), "a.js": "exports.b = () => 1;\n"})

    assert found.name == path
    assert isinstance(found.functions["one"].handler, Handler)


def test_functions_that_are_imported_through_aliases(tmp_path: Path) -> None:
    """The template of the framework: one folder per function, a helper that names its path."""
    files = {
        "serverless.ts": """
            import hello from '@functions/hello';
            import { bye } from './src/functions';
            const serverlessConfiguration: AWS = {
              service: `shop`,
              provider: { name: 'aws', runtime: 'nodejs22.x' },
              functions: { hello, bye },
            };
            module.exports = serverlessConfiguration;
        """,
        "tsconfig.json": '{"extends": "./tsconfig.paths.json",}',
        "tsconfig.paths.json": """
            // the short names
            {"compilerOptions": {"baseUrl": ".", "paths": {"@functions/*": ["src/functions/*"]}}}
        """,
        "src/functions/index.ts": "export { default as bye } from './bye';\n",
        "src/functions/hello/index.ts": """
            import { handlerPath } from '@libs/handlerResolver';
            import schema from './schema';
            export default {
              handler: `${handlerPath(__dirname)}/handler.main`,
              events: [{ http: { method: 'post', path: 'hello',
                request: { schemas: { 'application/json': schema } } } }],
            };
        """,
        "src/functions/hello/schema.ts": "export default { type: 'object' } as const;\n",
        "src/functions/hello/handler.ts": "export const main = async () => 1;\n",
        "src/functions/bye/index.ts": """
            const at = (name: string) => `${handlerPath(__dirname)}/${name}.main`;
            const events = [{ schedule: 'rate(1 hour)' }];
            export default { handler: at('run'), events: [...events] };
        """,
        "src/functions/bye/run.ts": "export const main = async () => 1;\n",
    }

    found = service(tmp_path, files)

    paths = {
        name: function.handler.file.path
        for name, function in found.functions.items()
        if isinstance(function.handler, Handler)
    }
    assert paths == {
        "hello": "src/functions/hello/handler.ts",
        "bye": "src/functions/bye/run.ts",
    }
    method = next(one for one in found.event_sources if one.route is not None)
    assert (method.at.path, method.at.line) == ("src/functions/hello/index.ts", 6)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'a' + 'b'", "ab"),
        ("`x-${NAME}`", "x-shop"),
        ("settings.deep.key", "value"),
        ("settings['deep'].key", "value"),
        ("process.env.TOKEN", "${env:TOKEN}"),
        ("process.env.TOKEN || 'none'", "${env:TOKEN}"),
        ("process.env.TOKEN ?? 'none'", "${env:TOKEN}"),
        ("FROM_ENV", "${env:FROM_ENV}"),
        ("require('./other.json').key", "json"),
        ("imported", "from elsewhere"),
        ("all.name", "from elsewhere"),
        ("0x10", "16"),
        ("'it\\'s\\n'", "it's\n"),
        ("computed()", "${unknown}"),
        ("recursive", "${unknown}"),
        ("Date.now()", "${unknown}"),
    ],
)
def test_expressions_that_are_plain_data(tmp_path: Path, written: str, text: str) -> None:
    """Names, members, texts and the environment are known; what would have to run is not."""
    files = {
        "serverless.js": f"""
            const NAME = 'shop';
            const settings = {{ deep: {{ key: 'value' }} }};
            const {{ FROM_ENV }} = process.env;
            const {{ name: unused }} = settings;
            const recursive = {{ ...recursive, a: recursive.a }}.a;
            import {{ name as imported }} from './other.js';
            import * as all from './other.js';
            module.exports = {{
              service: NAME,
              provider: {{ name: 'aws', environment: {{ V: {written} }} }},
              functions: {{ one: {{ handler: 'a.b' }} }},
            }};
        """,
        "other.js": "export const name = 'from elsewhere';\n",
        "other.json": '{"key": "json"}',
    }

    found = service(tmp_path, files)

    variables = ("Environment", "Variables", "V")
    assert told(found, "one", *variables) == [text]


def test_a_script_of_that_name_that_is_no_configuration_is_passed_over(tmp_path: Path) -> None:
    """`serverless.ts` may be code of the application."""
    files = {"serverless.ts": "import { run } from './run';\nif (run) { run(); }\n"}

    assert missed(tmp_path, files) == []


def test_a_configuration_that_is_computed_is_told(tmp_path: Path) -> None:
    """What cannot be read is said, with its place."""
    files = {"serverless.js": "// service, provider\nmodule.exports = build(require('os'));\n"}

    assert missed(tmp_path, files) == [
        "serverless.js:2: it is computed when the service is deployed"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "import x from './serverless';\nexport default x;\n// service provider\n",
        "export * from './serverless';\n// service provider\n",
        "const a = b;\nconst b = a;\nmodule.exports = a;\n// service provider\n",
        "const f = (x) => f(x);\nmodule.exports = f(1);\n// service provider\n",
        "module.exports = " + "[" * 5000 + "]" * 5000 + ";\n// service provider\n",
        "module.exports = " + "{a:" * 3000 + "1" + "}" * 3000 + ";\n// service provider\n",
        "module.exports = " + "1+" * 5000 + "1;\n// service provider\n",
        "}{ service provider ((((",
    ],
)
def test_scripts_that_want_to_hang_or_break_are_read_or_told(tmp_path: Path, text: str) -> None:
    """Circles, deep nesting and broken text end in a line of the report, never in an error."""
    told = missed(tmp_path, {"serverless.ts": text})

    assert all(one.startswith("serverless.ts:") for one in told)
