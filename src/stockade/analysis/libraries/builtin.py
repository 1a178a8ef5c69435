"""What is always there: Python's built-in functions and the methods of its own types."""

from stockade.analysis.libraries.conditions import reads_a_file
from stockade.analysis.libraries.model import (
    Calls,
    Clean,
    Guard,
    Model,
    Passes,
    Sanitizer,
    Sink,
    every,
)
from stockade.model import Confidence

_TEXTS = "{str,bytes,bytearray}"

MODELS: tuple[Model, ...] = (
    # Code.
    Sink("code", "builtins.eval", "@0"),
    Sink("code", "builtins.exec", "@0"),
    Sink("code", "builtins.compile", "source@0", confidence=Confidence.MEDIUM),
    Sink("import", "builtins.__import__", "name@0"),
    Sink("path", "builtins.execfile", "@0"),
    *(Sink("import", "builtins.execfile", place) for place in ("@0", "contents of @0")),
    # Files.
    Sink("path", "builtins.open", "file@0"),
    Sink("any-file", "builtins.open", "file@0", reads_a_file),
    Passes("builtins.open", "contents of file@0", "result"),
    # Logs.
    Sink("log", "builtins.print", "*"),
    Clean("builtins.print", nothing=True),
    # Numbers, sizes and answers hold nothing that a sender could write.
    *(
        Clean(name)
        for name in every(
            "builtins.{int,float,complex,bool,len,hash,id,ord,round,divmod,pow,range}",
            "builtins.{isinstance,issubclass,callable,hasattr,all,any,type,super,object}",
            f"builtins.{_TEXTS}.{{count,find,rfind,index,rindex,startswith,endswith}}",
            f"builtins.{_TEXTS}.{{isalnum,isalpha,isascii,isdigit,islower,isupper,isspace,istitle}}",
            "builtins.str.{isdecimal,isidentifier,isnumeric,isprintable}",
            "builtins.list.{index,count}",
            "builtins.{int,float}.{bit_length,is_integer,fromhex}",
        )
    ),
    # Questions about a text that leave nothing harmful in it where they are answered by yes.
    *(
        Guard(name, "self")
        for name in every(f"builtins.{_TEXTS}.isdigit", "builtins.str.{isdecimal,isnumeric}")
    ),
    *(
        Guard(name, "self", ("shell", "sql", "query", "host", "path", "page", "template", "xml"))
        for name in every(f"builtins.{_TEXTS}.{{isalnum,isalpha}}", "builtins.str.isidentifier")
    ),
    # What takes a t-string binds or escapes the values in it: that is what it is for.
    Sanitizer("builtins.<t-string>", "*", ("shell", "sql", "query", "page", "template")),
    # A text is no map: it holds no operators of a query.
    Sanitizer("builtins.str", "@0", ("filter",)),
    # Functions that call what they are given.
    Calls("builtins.map", "@0", ("items of @1", "items of @2"), "items"),
    Calls("builtins.filter", "@0", ("items of @1",)),
    Passes("builtins.filter", "@1", "result"),
    *(
        line
        for name in every("builtins.{sorted,min,max}")
        for line in (Calls(name, "key", ("items of @0",)), Passes(name, "*", "result"))
    ),
    Calls("builtins.list.sort", "key", ("items of self",)),
)
