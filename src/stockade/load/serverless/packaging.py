"""Where the code of a function lies, and which function in it Lambda calls.

Serverless: "Packaging", "Functions" (images), and the plug-ins serverless-python-requirements
and serverless-wsgi. Bundlers (esbuild, webpack) take the handler for the path of a source.
"""

import posixpath

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.service import FunctionDraft, Service
from stockade.model import Location, Map, Scalar, Value

_WSGI = frozenset({"wsgi_handler.handler", "wsgi.handler"})


def code_of(service: Service, function: FunctionDraft) -> Value:
    """Return the folder of a function's code, or the archive that was built for it."""
    package = function.get("package")
    artifact = entry(package, "artifact") or entry(service.map("package"), "artifact")
    if artifact is not None:
        path = service.text(artifact)
        return artifact if path is None else Scalar(path, artifact.at)
    module = function.get("module")
    at = module.at if module is not None else function.at
    return Scalar(service.text(module) or _packaged_from(service, function), at)


def _packaged_from(service: Service, function: FunctionDraft) -> str:
    """Return the folder that the paths in a package begin at.

    That is the service's own, unless patterns take files from further up and the handler is one
    of them: in the package they lie without the `../`.
    """
    folder = posixpath.dirname(service.text(function.get("handler")) or "")
    sources = service.variables.files.sources
    if not folder or sources.is_folder(posixpath.join(service.folder, folder)):
        return "."
    for package in (function.get("package"), service.map("package")):
        for pattern in items_of(entry(package, "patterns") or entry(package, "include")):
            path = posixpath.normpath(service.text(pattern) or ".")
            up = path[: path.rfind("../") + 3] if path.startswith("../") else ""
            if up and sources.is_folder(posixpath.join(service.folder, up, folder)):
                return up
    return "."


def handler_of(service: Service, function: FunctionDraft) -> tuple[Plain, Location]:
    """Return the handler; where a plug-in's own one passes on to an application, that."""
    at = function.written.key_at("handler")
    written = function.get("handler")
    if written is None:
        return None, at
    if service.text(written) in _WSGI:
        settings = function.get("wsgi") or entry(service.custom, "wsgi")
        app = entry(settings, "app")
        if app is not None:
            return app, app.at
    return written, at


def image_of(service: Service, function: FunctionDraft) -> tuple[dict[str, Plain], Plain]:
    """Return the properties and the metadata of a function that is an image.

    Where the framework builds the image, the metadata names its Dockerfile in SAM's words.
    """
    written = function.get("image")
    config: dict[str, Plain] = {}
    for key, name in (
        ("command", "Command"),
        ("entryPoint", "EntryPoint"),
        ("workingDirectory", "WorkingDirectory"),
    ):
        value = entry(written, key)
        if value is not None:
            config[name] = value
    image_name = service.text(entry(written, "name") or written) or ""
    uri = entry(written, "uri")
    repository = entry(entry(service.provider, "ecr"), "images")
    image = entry(repository, image_name) if uri is None else None
    properties: dict[str, Plain] = {"ImageConfig": config or None}
    if image is None:
        properties["Code"] = {"ImageUri": uri or written}
        return properties, None
    folder = service.text(entry(image, "path") or image) or "."
    if entry(image, "uri") is not None:
        properties["Code"] = {"ImageUri": entry(image, "uri")}
        return properties, None
    properties["Code"] = {"ImageUri": f"{service.name}:{image_name}"}
    metadata = {
        "DockerContext": folder,
        "Dockerfile": entry(image, "file") or "Dockerfile",
    }
    at = image.at if isinstance(image, Map) else function.at
    return properties, write(metadata, at)
