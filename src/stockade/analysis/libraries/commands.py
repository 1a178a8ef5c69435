"""Commands: the shell, other programs, machines reached by SSH."""

from stockade.analysis.libraries.conditions import (
    has_text,
    is_true,
    runs_a_script,
    runs_a_script_of_many,
)
from stockade.analysis.libraries.model import (
    Clean,
    Model,
    Noted,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    every,
)

_RUN = ("subprocess.{run,call,check_call,check_output,Popen}",)
_SHELL = is_true("shell", 8)

MODELS: tuple[Model, ...] = (
    Sanitizer("shlex.quote", "s@0", ("shell",)),
    Sanitizer("shlex.join", "split_command@0", ("shell",)),
    Sanitizer("pipes.quote", "@0", ("shell",)),
    # A text with shell=True, the first word of a list, a script handed to an interpreter.
    *(
        line
        for name in every(*_RUN)
        for line in (
            Sink("shell", name, "args@0", _SHELL),
            Sink("shell", name, "args@0[0]"),
            Sink("shell", name, "args@0[]", runs_a_script("args", 0)),
            Sink("shell", name, "executable"),
        )
    ),
    Returns("subprocess.Popen", "subprocess.Popen"),
    Passes("subprocess.Popen.communicate", "self", "result"),
    *(
        Sink("shell", name, "@0")
        for name in every(
            "os.{system,popen}",
            "subprocess.{getoutput,getstatusoutput}",
            "asyncio.create_subprocess_shell",
            "asyncio.subprocess.create_subprocess_shell",
            "os.{popen2,popen3,popen4}",
            "popen2.{popen2,popen3,popen4,Popen3,Popen4}",
            "os.{execl,execle,execlp,execlpe,execv,execve,execvp,execvpe}",
            "os.{posix_spawn,posix_spawnp}",
            "pexpect.{spawn,run}",
            "pty.spawn",
        )
    ),
    Sink("shell", "asyncio.BaseEventLoop.subprocess_shell", "cmd@1"),
    Sink("shell", "asyncio.BaseEventLoop.subprocess_exec", "*", runs_a_script_of_many),
    *(
        Sink("shell", name, "@1")
        for name in every("os.{spawnl,spawnle,spawnlp,spawnlpe,spawnv,spawnve,spawnvp,spawnvpe}")
    ),
    *(
        Sink("shell", name, "*", runs_a_script_of_many)
        for name in every(
            "asyncio.create_subprocess_exec",
            "asyncio.subprocess.create_subprocess_exec",
            "os.{execl,execle,execlp,execlpe}",
            "os.{spawnl,spawnle,spawnlp,spawnlpe}",
        )
    ),
    *(
        Sink("shell", name, "@2[]", runs_a_script("args", 2))
        for name in every("os.{spawnv,spawnve,spawnvp,spawnvpe}")
    ),
    *(
        Sink("shell", name, "program@0")
        for name in every("asyncio.{create_subprocess_exec,subprocess.create_subprocess_exec}")
    ),
    *(
        Sink("shell", name, "@1[]", runs_a_script("args", 1))
        for name in every("os.{execv,execve,execvp,execvpe,posix_spawn,posix_spawnp}")
    ),
    Clean("os.system"),
    # Settings by which a process takes any certificate: Node.js, Python before 3.12.
    *(
        Noted(f"os.environ.{name}=")
        for name in ("NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY")
    ),
    # Other machines.
    Returns("paramiko.SSHClient", "paramiko.SSHClient", clean=True),
    Returns("paramiko.client.SSHClient", "paramiko.SSHClient", clean=True),
    Sink("shell", "paramiko.SSHClient.exec_command", "command@0"),
    Returns("paramiko.SSHClient.invoke_shell", "paramiko.Channel"),
    Returns("paramiko.Transport.open_session", "paramiko.Channel"),
    Returns("paramiko.Transport", "paramiko.Transport", clean=True),
    Sink("shell", "paramiko.Channel.exec_command", "command@0"),
    *(Sink("shell", name, "@0") for name in every("paramiko.Channel.{send,sendall}")),
    Sink("host", "paramiko.SSHClient.connect", "hostname@0"),
    *(
        Returns(name, "fabric.Connection", clean=True)
        for name in every("fabric.{Connection,connection.Connection}")
    ),
    *(Sink("shell", name, "command@0") for name in every("fabric.Connection.{run,sudo,local}")),
    *(Sink("shell", name, "command@0") for name in every("invoke.{run,sudo}")),
    *(
        Returns(name, "invoke.Context", clean=True)
        for name in every("invoke.{Context,context.Context}")
    ),
    *(Sink("shell", name, "command@0") for name in every("invoke.Context.{run,sudo}")),
    Returns("asyncssh.connect", "asyncssh.Connection", clean=True),
    *(Sink("shell", name, "@0") for name in every("asyncssh.Connection.{run,create_process}")),
    # Programs as functions: a shell among them is given a script.
    *(
        Sink("shell", name, "@1", has_text("", 0, "-c", "-e"))
        for name in every(
            "sh.{sh,bash,dash,zsh,python,python3,perl,node,ruby}",
            "plumbum.cmd.{sh,bash,dash,zsh,python,python3,perl,node,ruby}",
            "plumbum.local.{sh,bash,dash,zsh,python,python3,perl,node,ruby}",
        )
    ),
    Sink("shell", "plumbum.local[]", "@1", has_text("", 0, "-c", "-e")),
)
