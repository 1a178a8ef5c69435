"""Documents with a language of their own: XML, templates, pages."""

from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    has_text,
    is_true,
    names,
    text_of,
    truth,
)
from stockade.analysis.libraries.model import (
    Clean,
    Model,
    Named,
    Noted,
    Returns,
    Sanitizer,
    Sink,
    Test,
    every,
)
from stockade.model import Confidence, Map, Scalar, walk

_PARSERS = "lxml.etree.{XMLParser,ETCompatXMLParser}"
_ESCAPED = ("page",)


def _resolves(arguments: Arguments) -> bool | None:
    """Tell whether an lxml parser is asked to put in entities, files included."""
    entities = given(arguments, "resolve_entities")
    if entities is None:
        return False
    if has_text("resolve_entities", None, "internal")(arguments):
        return False
    return truth(entities, unset=False)


def _left_to_the_version(arguments: Arguments) -> bool | None:
    """Tell whether an lxml parser puts in entities before lxml 5.0 only."""
    return given(arguments, "resolve_entities") is None


def _says_html(name: str, position: int, *, unset: bool) -> Test:
    """Test that an argument is a content type of pages: a text, a map of headers, a constant."""

    def test(arguments: Arguments) -> bool | None:
        value = given(arguments, name, position)
        match value:
            case None:
                return unset
            case Named(name=named):
                return named.endswith("TEXT_HTML")
            case Map(entries=headers):
                kinds = [each for key, each in headers.items() if key.lower() == "content-type"]
                text = text_of(kinds[0]) if kinds else None
            case _:
                text = text_of(value)
        return None if text is None else "html" in text.lower()

    return test


def _is_markup(arguments: Arguments) -> bool | None:
    """Test that a text is a page by the looks of what the author wrote of it."""
    value = given(arguments, "", 0)
    if value is None or isinstance(value, Named):
        return False
    texts = [part.value for part in walk(value) if isinstance(part, Scalar)]
    return any(isinstance(text, str) and "<" in text for text in texts)


MODELS: tuple[Model, ...] = (
    # XML. Python's own parsers do not read external entities, unless they are told to.
    *(Returns(name, "lxml.Resolving", _resolves) for name in every(_PARSERS)),
    *(Returns(name, "lxml.Default", _left_to_the_version) for name in every(_PARSERS)),
    *(Returns(name, "lxml.Safe") for name in every(_PARSERS)),
    *(
        line
        for name in every(
            "lxml.etree.{fromstring,XML,parse,fromstringlist}", "lxml.objectify.{fromstring,parse}"
        )
        for line in (
            Sink("xml", name, "@0", names("parser", 1, "lxml.Resolving")),
            Sink(
                "xml", name, "@0", names("parser", 1, "lxml.Default", unset=True), Confidence.LOW
            ),
            Sink("xml", name, "contents of @0", names("parser", 1, "lxml.Resolving")),
            Sink(
                "xml",
                name,
                "contents of @0",
                names("parser", 1, "lxml.Default", unset=True),
                Confidence.LOW,
            ),
        )
    ),
    Sink("xml", "lxml.Resolving.feed", "data@0"),
    Sink("xml", "lxml.etree.iterparse", "source@0", _resolves),
    Sink("xml", "lxml.etree.iterparse", "contents of source@0", _resolves),
    Returns("xml.sax.make_parser", "xml.sax.xmlreader.XMLReader"),
    # Harmful only where the application sets the feature that reads external entities.
    Noted("xml.sax.xmlreader.XMLReader.setFeature"),
    Sink("sax", "xml.sax.xmlreader.XMLReader.parse", "source@0"),
    # Templates made from text.
    *(
        Sink("template", name, "@0")
        for name in every(
            "jinja2.{Template,environment.Template}",
            "jinja2.Environment.{from_string,compile_expression}",
            "mako.template.Template",
            "tornado.template.Template",
            "flask.{render_template_string,templating.render_template_string}",
            "flask.stream_template_string",
            "django.template.Template",
            "django.template.Engine().from_string",
            "django.template.engines[].from_string",
            "Cheetah.Template.Template",
            "chameleon.PageTemplate",
            "airspeed.Template",
            "jinja2.nativetypes.NativeEnvironment().from_string",
            "jinja2.{DictLoader,loaders.DictLoader}",
            "bottle.{template,SimpleTemplate}",
        )
    ),
    Sink("template", "mako.template.Template", "text"),
    Sink("template", "mako.lookup.TemplateLookup().put_string", "text@1"),
    Sink(
        "template",
        "jinja2.sandbox.SandboxedEnvironment.from_string",
        "source@0",
        confidence=Confidence.LOW,
    ),
    # With autoescape the values are escaped; so they are in Mustache and Tornado.
    *(
        line
        for name in every("jinja2.{Environment,environment.Environment}")
        for line in (
            Returns(name, "jinja2.Escaping", is_true("autoescape")),
            Returns(name, "jinja2.Environment"),
        )
    ),
    Returns("jinja2.select_autoescape", "jinja2.select_autoescape"),
    *(
        Returns(f"jinja2.{kind}.{method}", f"jinja2.{template}")
        for kind, template in (("Environment", "Template"), ("Escaping", "EscapingTemplate"))
        for method in ("get_template", "from_string")
    ),
    Sink("template", "jinja2.Escaping.from_string", "source@0"),
    Sanitizer("jinja2.EscapingTemplate.render", "*", _ESCAPED),
    Returns("jinja2.Template", "jinja2.EscapingTemplate", is_true("autoescape")),
    Returns("jinja2.Template", "jinja2.Template"),
    *(
        Returns(name, name)
        for name in every("mako.template.Template", "tornado.template.Template")
    ),
    Sanitizer("tornado.template.Template.generate", "*", _ESCAPED),
    *(Sanitizer(name, "*", _ESCAPED) for name in every("{chevron,pystache}.render")),
    *(
        Sanitizer(name, "*", _ESCAPED)
        for name in every("flask.{render_template,render_template_string}")
    ),
    *(
        Sanitizer(name, "@0", _ESCAPED)
        for name in every(
            "html.escape",
            "cgi.escape",
            "markupsafe.escape",
            "markupsafe._speedups.escape",
            "jinja2.escape",
            "jinja2.utils.escape",
            "flask.escape",
            "tornado.escape.{xhtml_escape,url_escape,json_encode}",
            "django.utils.html.{escape,strip_tags,conditional_escape}",
            "xml.sax.saxutils.{escape,quoteattr}",
            "bleach.{clean,linkify}",
            "nh3.{clean,clean_text}",
            "urllib.parse.{quote,quote_plus}",
        )
    ),
    Sanitizer("urllib.parse.urlencode", "*", _ESCAPED),
    Sanitizer("urllib.parse.quote_plus", "string@0", ("path", "object-key", "shell")),
    # Responses of frameworks that browsers show as pages.
    *(
        Sink("page", name, "body@2", _says_html("content_type", 1, unset=False))
        for name in every("aws_lambda_powertools.event_handler.{Response,api_gateway.Response}")
    ),
    *(
        Sink("page", name, "content@0")
        for name in every("{fastapi,starlette}.responses.HTMLResponse")
    ),
    *(
        Sink("page", name, "@0", _is_markup)
        for name in every("flask.{make_response,helpers.make_response}")
    ),
    # What is declared to be markup is escaped nowhere; what it is formatted with is.
    *(
        line
        for name in every(
            "markupsafe.Markup", "{jinja2,flask}.Markup", "django.utils.safestring.mark_safe"
        )
        for line in (
            Sink("page", name, "@0"),
            Returns(name, "markupsafe.Markup"),
        )
    ),
    Sanitizer("markupsafe.Markup.format", "*", _ESCAPED),
    Sink("page", "flask.Response", "response@0", _says_html("mimetype", 3, unset=True)),
    *(
        Sink("page", name, "body@0", _says_html("headers", 1, unset=False))
        for name in every("chalice.{Response,app.Response}")
    ),
    Clean("xml.sax.make_parser"),
    # Answers that send a browser on. The address of a route is one of the application's own.
    *(
        Sanitizer(name, "*", ("redirect",))
        for name in every("flask.{url_for,helpers.url_for}", "django.urls.reverse")
    ),
    *(
        Sink("redirect", name, "location@0")
        for name in every(
            "flask.{redirect,helpers.redirect}", "werkzeug.utils.redirect", "bottle.redirect"
        )
    ),
    *(
        Sink("redirect", name, "url@0")
        for name in every("{fastapi,starlette}.responses.RedirectResponse")
    ),
    *(
        Sink("redirect", name, f"headers{place}.{header}")
        for place, names_ in (
            ("@3", "aws_lambda_powertools.event_handler.{Response,api_gateway.Response}"),
            ("@1", "chalice.{Response,app.Response}"),
        )
        for name in every(names_)
        for header in ("Location", "location")
    ),
)
