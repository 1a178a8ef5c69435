"""Packages of npm that make pages, read XML, and unpack what arrives."""

from stockade.analysis.libraries.conditions import Arguments, entry
from stockade.analysis.libraries.model import (
    Clean,
    Model,
    Named,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    every,
)
from stockade.analysis.libraries.npm.options import (
    escapes,
    holds_itself,
    names_entry,
    option,
)

_LIBXML = "npm:{libxmljs,libxmljs2}.{parseXml,parseXmlString,parseXmlAsync}"
_MUSTACHE = ("{{{", "{{&")
_EJS = ("<%-",)
_PUG = ("!=", "!{")
_NUNJUCKS = ("| safe", "|safe")


def _takes_functions(arguments: Arguments) -> bool | None:
    """Tell whether the schema of `load` makes functions, as the default one does."""
    match entry(arguments, 1, "schema"):
        case None:
            return True
        case Named(name=name):
            return "FULL_SCHEMA" in name or ".extend()" in name
        case _:
            return None


MODELS: tuple[Model, ...] = (
    # Templates that are made of data.
    *(
        Sink("template", name, "@0")
        for name in every(
            "npm:ejs.{render,compile}",
            "npm:handlebars.{compile,precompile}",
            "npm:pug.{render,compile}",
            "npm:nunjucks.{renderString,compile}",
            "npm:nunjucks.Environment.renderString",
            "npm:eta.Eta.renderString",
            "npm:lodash.template",
            "npm:{lodash/template,lodash.template}",
            "npm:underscore.template",
            "npm:dot.template",
            "npm:art-template.{render,compile}",
            "npm:velocityjs.{render,parse}",
            "npm:squirrelly.{render,compile}",
            "npm:swig.{render,compile}",
        )
    ),
    Sink("template", "npm:twig.twig", "@0.data"),
    # Among the values of a template of EJS and Pug stand its options, code among them.
    *(
        Sink("template", name, "@1", holds_itself("@1"))
        for name in every("npm:ejs.{render,renderFile}", "npm:pug.{render,renderFile,compile}")
    ),
    # Templates of the author's: most engines escape what is put in, where it is not marked as raw.
    *(
        Returns(f"npm:{engine}.compile", f"npm:{engine}.Template", clean=True)
        for engine in ("ejs", "handlebars", "pug")
    ),
    Sanitizer(
        "npm:handlebars.Template",
        "*",
        ("page",),
        escapes("self.@0", _MUSTACHE, unless="noEscape"),
    ),
    Sanitizer("npm:ejs.Template", "*", ("page",), escapes("self.@0", _EJS)),
    Sanitizer("npm:pug.Template", "*", ("page",), escapes("self.@0", _PUG)),
    *(
        Sanitizer(name, "@1", ("page",), escapes("@0", raw))
        for names, raw in (
            ("npm:mustache.render", _MUSTACHE),
            ("npm:ejs.{render,renderFile}", _EJS),
            ("npm:pug.{render,renderFile}", _PUG),
            ("npm:nunjucks.{render,renderString}", _NUNJUCKS),
            ("npm:nunjucks.Environment.{render,renderString}", _NUNJUCKS),
        )
        for name in every(names)
    ),
    Returns("npm:nunjucks.configure", "npm:nunjucks.Environment", clean=True),
    Returns("npm:nunjucks.Environment", "npm:nunjucks.Environment", clean=True),
    Returns("npm:eta.Eta", "npm:eta.Eta", clean=True),
    Sanitizer("npm:eta.Eta.renderString", "@1", ("page",), escapes("@0", ("<%~",))),
    *(
        Sanitizer(name, "@0", ("page",))
        for name in every(
            "npm:{escape-html,he.encode,he.escape,html-entities.encode,sanitize-html,xss}",
            "npm:{lodash.escape,lodash/escape,validator.escape,entities.escape,html-escaper.escape}",
            "npm:{dompurify,isomorphic-dompurify,dompurify()}.sanitize",
            "npm:underscore.escape",
            "npm:{serialize-javascript,jsesc,devalue.uneval,htmlescape}",
        )
    ),
    *(
        Sanitizer(name, "*", ("page",))
        for name in every(
            "npm:hono/html.html",
            "npm:common-tags.safeHtml",
            "npm:escape-html-template-tag",
            "npm:react-dom/server.{renderToString,renderToStaticMarkup}",
            "npm:{preact-render-to-string,preact-render-to-string.render}",
        )
    ),
    Sink("page", "npm:hono/html.raw", "@0"),
    Sink("page", "npm:react.createElement", "@1.dangerouslySetInnerHTML.__html"),
    # XML: entities are put in only where the parser is told so.
    *(Sink("xml", name, "@0", option(1, "noent")) for name in every(_LIBXML)),
    *(Sink("xml", name, "@0", option(1, "replaceEntities")) for name in every(_LIBXML)),
    *(
        Sink("xml", name, "@0", names_entry(1, "option", "XML_PARSE_NOENT"))
        for name in every("npm:libxml2-wasm.XmlDocument.{fromString,fromBuffer}")
    ),
    # Objects from text.
    *(
        Sink("unpickle", name, "@0")
        for name in every(
            "npm:node-serialize.unserialize",
            "npm:serialize-to-js.deserialize",
            "npm:cryo.parse",
            "npm:funcster.{deepDeserialize,deserialize}",
            "npm:{serialijse,esprima-serialize}.{parse,deserialize}",
        )
    ),
    Sink(
        "unpickle",
        "npm:js-yaml.load",
        "@0",
        names_entry(1, "schema", "FULL_SCHEMA", ".extend()"),
    ),
    # Of version 3, `load` makes functions unless a schema keeps it from that.
    *(
        Sink("unpickle", name, "@0", _takes_functions)
        for name in every("npm:js-yaml@3.{load,loadAll}")
    ),
    *(
        Passes(name, "@0", "result")
        for name in every("npm:{js-yaml,js-yaml@3}.{load,safeLoad,loadAll,safeLoadAll}")
    ),
    # Archives: `tar` takes `..` and links out of names, unless it is told to preserve them.
    *(
        line
        for name in every("npm:tar.{x,extract}")
        for line in (
            Sink("archive", name, "contents of @0.file", option(0, "preservePaths")),
            Sink("archive", name, "contents of @0.f", option(0, "preservePaths")),
            Clean(name),
        )
    ),
)
