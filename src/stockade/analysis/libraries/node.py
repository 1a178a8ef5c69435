"""Node.js: what is always there in JavaScript, and the modules that come with the runtime."""

from collections.abc import Iterator

from stockade.analysis.facts import OriginKind
from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    has_entry,
    is_text,
    script_varies,
    truth,
)
from stockade.analysis.libraries.model import (
    Argument,
    Calls,
    Clean,
    Guard,
    Model,
    Noted,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    Source,
    Test,
    every,
)
from stockade.model import Choice, Confidence, List, Map

_CP = "node:child_process"
_FS = "{node:fs,node:fs.promises,npm:fs-extra,npm:graceful-fs}"
_LEVELS = "{log,info,warn,error,debug,trace,dir,table}"
_READ = "{readFile,readFileSync,createReadStream}"
_WRITE = "{writeFile,writeFileSync,appendFile,appendFileSync,outputFile,outputFileSync}"
_NORMAL = "node:path.Normal"
_ESCAPED = ("page", "path", "object-key", "shell", "sql", "header")


def _in_shell(place: int) -> Test:
    """Test that `spawn(command, args, { shell: true })` starts a shell."""

    def test(arguments: Arguments) -> bool | None:
        for position in (place, place - 1):
            options = given(arguments, "", position)
            if isinstance(options, Map) and options.get("shell") is not None:
                return truth(options.get("shell"), unset=False)
        return False

    return test


def _is_script(arguments: Arguments) -> bool | None:
    """Test that `spawn("sh", ["-c", script])` hands a script to an interpreter."""
    programs, lists = (tuple(_ways(given(arguments, "", place))) for place in (0, 1))
    answers = {
        script_varies([program, *words.items])
        for program in programs
        for words in lists
        if isinstance(words, List)
    }
    return True if True in answers else (None if None in answers else False)


def _ways(value: Argument | None) -> Iterator[Argument]:
    """Yield each value that an argument may be."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Choice):
            waiting += [one.then, one.otherwise]
        elif one is not None:
            yield one


def _below_no_folder(arguments: Arguments) -> bool | None:
    """Test that a file is sent by a path of its own: `root` holds a path below a folder."""
    return not any(
        isinstance(options := given(arguments, "", place), Map) and options.get("root") is not None
        for place in (1, 2)
    )


MODELS: tuple[Model, ...] = (
    # Code.
    Sink("code", "ecmascript.eval", "@0"),
    *(Sink("code", name, "*") for name in every("ecmascript.Function")),
    *(Sink("import", name, "@0") for name in every("ecmascript.{require,import'}")),
    *(
        Sink("code", f"ecmascript.{name}", "@0", is_text(0))
        for name in ("setTimeout", "setInterval")
    ),
    *(
        Sink("code", name, "@0")
        for name in every(
            "node:vm.{runInNewContext,runInThisContext,runInContext,compileFunction,Script}",
            "npm:vm2.{VM,NodeVM}().run",
            "npm:{require-from-string,safe-eval,notevil,eval,static-eval}",
            "node:module()._compile",
        )
    ),
    Sink("code", "node:worker_threads.Worker", "@0", has_entry(1, "eval")),
    Sink("code", "ecmascript.chosen'", "self"),
    Sink("target", "ecmascript.operation'", "self"),
    # Paths into JSON whose filters are expressions of the language.
    *(
        Sink("code", f"npm:jsonpath.{name}", "@1", confidence=Confidence.MEDIUM)
        for name in ("query", "value", "paths", "nodes", "apply", "parent")
    ),
    Sink("code", "npm:jsonpath-plus.JSONPath", "@0.path", confidence=Confidence.MEDIUM),
    # Answers that send a browser on, after a status or without one.
    *(
        Sink("redirect", name, place)
        for name in every("web.{Response,Request.context}.redirect")
        for place in ("@0", "@1")
    ),
    Sink("redirect", "web.Response.location", "@0"),
    *(Sink("redirect", "web.Response.writeHead", f"@1.{key}") for key in ("Location", "location")),
    # Files that a framework sends.
    *(
        Sink("path", f"web.Response.{name}", "@0", _below_no_folder)
        for name in ("sendFile", "download")
    ),
    # What is put into JSX is escaped.
    Sanitizer("ecmascript.markup'", "*", ("page",)),
    # Logs.
    *(
        line
        for name in every(f"ecmascript.console.{_LEVELS}", f"node:console.{_LEVELS}")
        for line in (Sink("log", name, "*"), Clean(name, nothing=True))
    ),
    *(
        line
        for name in every("node:process.{stdout,stderr}.write")
        for line in (Sink("log", name, "@0"), Clean(name))
    ),
    # Commands. `exec` always starts a shell; the others do so when they are told.
    *(Sink("shell", f"{_CP}.{name}", "@0") for name in ("exec", "execSync")),
    *(
        line
        for name in every(f"{_CP}.{{spawn,spawnSync,execFile,execFileSync}}")
        for line in (
            Sink("shell", name, "@0"),
            Sink("shell", name, "@1[]", _in_shell(2)),
            Sink("shell", name, "@1[]", _is_script),
        )
    ),
    Sink("shell", f"{_CP}.fork", "@0"),
    *(
        Sink("path", f"npm:shelljs.{name}", place)
        for name in ("cat", "cp", "mv", "rm", "ls", "mkdir", "touch", "cd", "sed", "grep", "find")
        for place in ("@0", "@1")
    ),
    *(
        Sink("shell", name, "@0")
        for name in every("npm:execa.{execaCommand,execaCommandSync,command}", "npm:shelljs.exec")
    ),
    *(
        line
        for name in every("npm:cross-spawn", "npm:cross-spawn.{sync,spawn}")
        for line in (
            Sink("shell", name, "@0"),
            Sink("shell", name, "@1[]", _in_shell(2)),
            Sink("shell", name, "@1[]", _is_script),
        )
    ),
    *(
        line
        for name in every("npm:execa", "npm:execa.{execa,execaSync}")
        for line in (
            Sink("shell", name, "@0", _in_shell(2)),
            Sink("shell", name, "@1[]", _in_shell(2)),
            Sink("shell", name, "@1[]", _is_script),
        )
    ),
    *(Sink("shell", name, "@0") for name in every("npm:node-cmd.{run,runSync,get}")),
    # Other machines.
    Returns("npm:ssh2.Client", "npm:ssh2.Client", clean=True),
    Returns("npm:node-ssh.NodeSSH", "npm:node-ssh.NodeSSH", clean=True),
    *(Sink("shell", name, "@0") for name in every("npm:ssh2.Client.exec")),
    *(Sink("shell", name, "@0") for name in every("npm:node-ssh.NodeSSH.{execCommand,exec}")),
    *(Sanitizer(name, "@0", ("shell",)) for name in every("npm:shell-quote.quote")),
    *(Sanitizer(name, "@0", ("shell",)) for name in every("npm:shell-escape", "npm:shescape.*")),
    # Files.
    *(
        Sink("path", name, "@0")
        for name in every(
            f"{_FS}.{_READ}",
            f"{_FS}.{_WRITE}",
            f"{_FS}.{{createWriteStream,open,openSync,unlink,unlinkSync,rm,rmSync,rmdir}}",
            f"{_FS}.{{rmdirSync,mkdir,mkdirSync,readdir,readdirSync,rename,renameSync}}",
            f"{_FS}.{{copyFile,copyFileSync,cp,cpSync,chmod,symlink,truncate,remove}}",
            f"{_FS}.{{removeSync,readJson,readJsonSync,writeJson,ensureDir,copy,move}}",
        )
    ),
    *(
        Sink("path", name, "@1")
        for name in every(f"{_FS}.{{rename,renameSync,copyFile,copyFileSync,cp,cpSync,copy,move}}")
    ),
    *(Sink("any-file", name, "@0") for name in every(f"{_FS}.{_READ}")),
    *(Passes(name, "contents of @0", "result") for name in every(f"{_FS}.{_READ}")),
    *(
        line
        for name in every(f"{_FS}.{_WRITE}")
        for line in (Passes(name, "@1", "contents of @0"), Clean(name))
    ),
    *(
        Clean(name)
        for name in every(
            f"{_FS}.{{exists,existsSync,stat,statSync,lstat,lstatSync,access,accessSync}}",
            f"{_FS}.{{unlink,unlinkSync,rm,rmSync,mkdir,mkdirSync,mkdtemp,mkdtempSync}}",
            f"{_FS}.{{readdir,readdirSync,rmdir,rmdirSync,createWriteStream}}",
        )
    ),
    *(
        Sanitizer(name, "@0", ("path",))
        for name in every("node:path.{basename,extname}", "node:path.posix.{basename,extname}")
    ),
    *(
        # The parts of `path.parse(name)` hold no folder.
        Sanitizer(name, "self", ("path",))
        for name in every("node:path.parse().{base,name,ext}")
    ),
    Sanitizer("npm:sanitize-filename", "@0", ("path", "object-key")),
    *(Passes(name, "@0", "result") for name in every("node:path.{dirname,parse}")),
    *(Passes(name, "@1", "result") for name in every("node:path.{relative,posix.relative}")),
    Guard(f"{_NORMAL}.startsWith", "self", ("path",)),
    *(Clean(name) for name in every("node:os.*", "node:process.{cwd,hrtime,memoryUsage,uptime}")),
    # Requests. What another machine answers is not the event's data.
    *(Clean(name) for name in every("node:{http,https,http2,dns,net}.*")),
    *(
        line
        for name in every("ecmascript.fetch", "node:{http,https}.{request,get}")
        for line in (
            Sink("host", name, "@0", is_text(0)),
            Sink("host", name, "@0.hostname", has_entry(0, "hostname", unless="host")),
            Sink("host", name, "@0.host", has_entry(0, "host")),
            Clean(name),
        )
    ),
    *(Sink("host", name, "@0") for name in every("node:http2.connect", "ecmascript.WebSocket")),
    # Addresses and texts.
    *(
        Sanitizer(name, "@0", _ESCAPED)
        for name in every("ecmascript.{encodeURIComponent,escape}", "node:querystring.escape")
    ),
    Sanitizer("ecmascript.encodeURI", "@0", ("page",)),
    *(Passes(name, "@0", "result") for name in every("node:querystring.{parse,decode}")),
    Noted("ecmascript.fetch"),
    Noted("ecmascript.Math.random"),
    # Tokens that are taken apart by hand.
    *(
        line
        for name in ("node:buffer.Buffer.from", "ecmascript.atob")
        for line in (Noted(name), Passes(name, "@0", "result"))
    ),
    # Digests, random values, comparisons.
    *(
        Clean(name)
        for name in every(
            "node:crypto.{randomBytes,randomUUID,randomInt,timingSafeEqual,getRandomValues}",
            "node:crypto.{scrypt,scryptSync,pbkdf2,pbkdf2Sync,createSign,hkdf}",
            "node:crypto.{createVerify,verify,sign,createPublicKey,createPrivateKey,hash}",
            "ecmascript.Math.*",
            "ecmascript.Intl.*",
            "ecmascript.performance.*",
        )
    ),
    *(
        Noted(name)
        for name in every(
            "node:crypto.{timingSafeEqual,createVerify,verify,createHmac,scrypt,scryptSync}",
            "node:crypto.{pbkdf2,pbkdf2Sync}",
            "node:crypto.{createCipheriv,createDecipheriv}",
        )
    ),
    Returns("node:crypto.createHash", "node:crypto.Hash.{@0}", clean=True),
    *(
        Noted(f"node:crypto.Hash.{name}.update")
        for name in ("md5", "sha1", "sha256", "sha384", "sha512")
    ),
    Clean("node:crypto.Hash.*"),
    Returns("node:crypto.createHmac", "node:crypto.Hmac", clean=True),
    *(Noted(name) for name in every("node:crypto.{Hmac.update,hash,subtle.digest}")),
    Clean("node:crypto.Hmac.*"),
    Clean("node:crypto.subtle.digest"),
    # Errors as text.
    Source("ecmascript.Error.captureStackTrace", OriginKind.ERROR, "the traceback"),
    Calls("node:async_hooks.AsyncLocalStorage().run", "@1", (), "result"),
)
