"""What libraries call today what they once called otherwise: Python 2's names, and `six`'s.

The tables know one name of each thing: the one that it has today.
"""

from collections.abc import Mapping
from typing import Final

_OF_PYTHON_2: Final = {
    "BaseHTTPServer": "http.server",
    "ConfigParser": "configparser",
    "Cookie": "http.cookies",
    "HTMLParser": "html.parser",
    "Queue": "queue",
    "StringIO": "io",
    "__builtin__": "builtins",
    "anydbm": "dbm",
    "cPickle": "pickle",
    "cStringIO": "io",
    "commands": "subprocess",
    "cookielib": "http.cookiejar",
    "httplib": "http.client",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
    "xmlrpclib": "xmlrpc.client",
}

MODULES: Final[Mapping[str, str]] = {
    **_OF_PYTHON_2,
    **{f"six.moves.{name}": today for name, today in _OF_PYTHON_2.items()},
    **{f"six.moves.urllib.{name}": f"urllib.{name}" for name in ("parse", "request", "error")},
    "six.moves.urllib": "urllib",
    "six.moves.urllib_parse": "urllib.parse",
    "six.moves.http_client": "http.client",
    "six.moves.builtins": "builtins",
    "past.builtins": "builtins",
    "botocore.vendored.requests": "requests",
    "pip._vendor.requests": "requests",
    "pip._vendor.urllib3": "urllib3",
    "requests.packages.urllib3": "urllib3",
    "future.moves.urllib": "urllib",
    "future.moves.urllib.parse": "urllib.parse",
    "future.moves.urllib.request": "urllib.request",
}

BUILTINS: Final[Mapping[str, str]] = {
    "basestring": "builtins.str",
    "file": "builtins.open",
    "long": "builtins.int",
    "raw_input": "builtins.input",
    "reduce": "functools.reduce",
    "unichr": "builtins.chr",
    "unicode": "builtins.str",
    "xrange": "builtins.range",
}

MEMBERS: Final[Mapping[str, str]] = {
    **MODULES,
    **{f"builtins.{name}": today for name, today in BUILTINS.items()},
    **{f"six.moves.{name}": today for name, today in BUILTINS.items()},
    **{
        f"urllib.{name}": f"urllib.parse.{name}"
        for name in ("quote", "quote_plus", "unquote", "unquote_plus", "urlencode")
    },
    **{
        f"urllib.{name}": f"urllib.request.{name}"
        for name in ("urlopen", "urlretrieve", "url2pathname", "pathname2url", "URLopener")
    },
    "itertools.ifilter": "builtins.filter",
    "itertools.imap": "builtins.map",
    "itertools.izip": "builtins.zip",
    "md5.md5": "hashlib.md5",
    "md5.new": "hashlib.md5",
    "os.getcwdu": "os.getcwd",
    "sets.Set": "builtins.set",
    "sha.new": "hashlib.sha1",
    "sha.sha": "hashlib.sha1",
    "six.b": "builtins.str",
    "six.binary_type": "builtins.bytes",
    "six.ensure_str": "builtins.str",
    "six.ensure_text": "builtins.str",
    "six.string_types": "builtins.str",
    "six.text_type": "builtins.str",
    "six.u": "builtins.str",
    "types.StringType": "builtins.str",
    "types.StringTypes": "builtins.str",
    "types.UnicodeType": "builtins.str",
}
