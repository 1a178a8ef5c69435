"""Files: paths that are opened, written, moved and removed, and archives that are unpacked."""

from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    is_file_below,
    is_file_name,
    reads_a_file,
    text_of,
)
from stockade.analysis.libraries.model import (
    Clean,
    Guard,
    Model,
    Named,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    every,
)
from stockade.model import Confidence

_PATH = "pathlib.Path"
_RESOLVED = "pathlib.Resolved"
_KINDS = ("path",)


def _unfiltered(arguments: Arguments) -> bool | None:
    """Tell whether a tar archive is unpacked without a filter that keeps it in its folder."""
    match given(arguments, "filter"):
        case None:
            return True
        case Named(name=name):
            return name == "tarfile.fully_trusted_filter"
        case value:
            text = text_of(value)
            return None if text is None else text == "fully_trusted"


def _named(argument: str) -> tuple[str, int | None]:
    """Return the name and the position of an argument as tables write it."""
    name, _, position = argument.partition("@")
    return name, int(position) if position else None


def _path_methods(kind: str) -> tuple[Model, ...]:
    return (
        Returns(f"{kind}.resolve", _RESOLVED),
        *(
            Returns(name, _PATH)
            for name in every(
                f"{kind}.{{joinpath,absolute,with_name,with_suffix,with_stem}}",
                f"{kind}.{{relative_to,expanduser}}",
            )
        ),
        *(
            Sink("path", name, "self")
            for name in every(
                f"{kind}.{{open,read_text,read_bytes,write_text,write_bytes,unlink,rmdir,mkdir}}",
                f"{kind}.{{touch,iterdir,glob,rglob,rename,replace,chmod,symlink_to,hardlink_to}}",
            )
        ),
        *(Sink("path", name, "target@0") for name in every(f"{kind}.{{rename,replace}}")),
        *(Sink("any-file", name, "self") for name in every(f"{kind}.{{read_text,read_bytes}}")),
        *(
            Passes(name, "contents of self", "result")
            for name in every(f"{kind}.{{open,read_text,read_bytes}}")
        ),
        *(
            Passes(name, "data@0", "contents of self")
            for name in every(f"{kind}.{{write_text,write_bytes}}")
        ),
        *(Sanitizer(name, "self", _KINDS) for name in every(f"{kind}.{{name,stem,suffix}}")),
        *(
            Clean(name)
            for name in every(
                f"{kind}.{{exists,is_file,is_dir,stat,is_absolute}}",
                f"{kind}.{{write_text,write_bytes,unlink,mkdir,touch}}",
            )
        ),
    )


MODELS: tuple[Model, ...] = (
    *(
        Sink("path", name, "@0")
        for name in every(
            "os.{open,remove,unlink,rmdir,removedirs,mkdir,makedirs,listdir,scandir,walk,chmod}",
            "os.{rename,renames,replace,link,symlink,truncate,mkfifo,utime,readlink}",
            "shutil.{rmtree,copy,copy2,copyfile,copytree,move}",
            "io.open",
            "io.FileIO",
            "codecs.open",
            "{gzip,bz2,lzma}.open",
            "gzip.GzipFile",
            "bz2.BZ2File",
            "lzma.LZMAFile",
            "aiofiles.open",
            "linecache.{getline,getlines}",
            "glob.{glob,iglob}",
        )
    ),
    *(
        Sink("any-file", name, "@0", reads_a_file)
        for name in every("io.open", "codecs.open", "aiofiles.open")
    ),
    *(
        Sink("path", name, "@1")
        for name in every(
            "os.{rename,renames,replace,link,symlink}",
            "shutil.{copy,copy2,copyfile,copytree,move}",
        )
    ),
    *(Sink("path", name, "dst") for name in every("shutil.{copy,copy2,copyfile,copytree,move}")),
    *(
        Passes(name, "contents of @0", "contents of @1")
        for name in every("shutil.{copy,copy2,copyfile,move}", "os.{rename,replace}")
    ),
    Passes("shutil.copyfileobj", "fsrc@0", "fdst@1"),
    *(
        Passes(name, "contents of @0", "result")
        for name in every(
            "io.open", "codecs.open", "{gzip,bz2,lzma}.open", "gzip.GzipFile", "aiofiles.open"
        )
    ),
    # What reads a document by its path takes an open file as well, or an address.
    *(
        Sink("path", name, argument, is_file_name(*_named(argument)))
        for argument, names in (
            ("fp@0", "PIL.Image.open"),
            ("@0", "cv2.{imread,VideoCapture}"),
            ("@0", "{fitz,pymupdf,pdfplumber}.open"),
            ("@0", "{PyPDF2,pypdf}.PdfReader"),
            ("@0", "docx.Document"),
            ("@0", "pptx.Presentation"),
            ("@0", "openpyxl.load_workbook"),
            ("@0", "xlrd.open_workbook"),
            ("@0", "numpy.{load,loadtxt,genfromtxt,fromfile}"),
            ("file@0", "zipfile.ZipFile"),
            ("name@0", "tarfile.open"),
            ("database@0", "sqlite3.connect"),
            ("filename@0", "logging.FileHandler"),
            ("filename@0", "logging.handlers.{RotatingFileHandler,TimedRotatingFileHandler}"),
            ("filename", "logging.basicConfig"),
            ("filenames@0", "configparser.{ConfigParser,RawConfigParser}().read"),
            ("dotenv_path@0", "dotenv.{load_dotenv,dotenv_values}"),
            ("f@0", "toml.load"),
            ("@0", "{shelve,dbm}.open"),
            ("path_or_file@0", "flask.{send_file,helpers.send_file}"),
            ("path@0", "{fastapi,starlette}.responses.FileResponse"),
        )
        for name in every(names)
    ),
    *(
        Sink("path", name, "@0", is_file_below("", 0))
        for name in every("pandas.read_{csv,json,excel,parquet,table,html,xml,feather,fwf,stata}")
    ),
    # pathlib: a path is derived from its parts. One that was resolved holds no `..` any more,
    # so that what it is below of can be asked.
    *(
        Returns(name, _PATH)
        for name in every("pathlib.{Path,PosixPath,PurePath,PurePosixPath,PureWindowsPath}")
    ),
    *_path_methods(_PATH),
    *_path_methods(_RESOLVED),
    Guard(f"{_RESOLVED}.is_relative_to", "self", ("path",)),
    Guard(f"{_RESOLVED}.relative_to", "self", ("path",), raises=True),
    *(Clean(name) for name in every(f"{_PATH}.{{is_relative_to,cwd,home}}")),
    # Normalised by os.path, the beginning of the text tells the folder.
    *(
        Returns(name, "os.path.Normal")
        for name in every("{os.path,posixpath}.{realpath,abspath,normpath}")
    ),
    Guard("os.path.Normal.startswith", "self", ("path",)),
    # The last part of a path is a name in whatever folder it is put.
    *(Sanitizer(name, "p@0", _KINDS) for name in every("{os.path,posixpath,ntpath}.basename")),
    *(
        Sanitizer(name, "filename@0", ("path", "object-key", "shell", "page", "header"))
        for name in every("werkzeug.utils.secure_filename", "werkzeug.secure_filename")
    ),
    *(
        Clean(name)
        for name in every(
            "{os.path,posixpath}.{exists,isfile,isdir,islink,isabs,getsize,getmtime,getctime}",
            "os.{access,stat,getpid,getcwd,urandom,cpu_count,umask,close,remove,unlink,mkdir}",
            "os.{makedirs,rmdir,walk,listdir,scandir}",
            "shutil.{rmtree,disk_usage,which,get_terminal_size}",
            "tempfile.{gettempdir,mktemp}",
        )
    ),
    # Temporary files: a name of their own, below a folder.
    *(
        Sink("path", name, argument)
        for name in every("tempfile.{NamedTemporaryFile,mkstemp,mkdtemp,TemporaryDirectory}")
        for argument in ("dir", "prefix")
    ),
    *(
        Clean(name)
        for name in every("tempfile.{NamedTemporaryFile,TemporaryFile,mkdtemp,mkstemp}")
    ),
    *(Clean(name) for name in every("tempfile.{TemporaryDirectory,SpooledTemporaryFile}")),
    # Archives. `ZipFile` drops `..` from what it unpacks; `tarfile` does so only with a filter.
    Returns("zipfile.ZipFile", "zipfile.ZipFile"),
    Passes("zipfile.ZipFile", "file@0", "result"),
    Passes("zipfile.ZipFile", "contents of file@0", "result"),
    *(Returns(name, "tarfile.TarFile") for name in every("tarfile.{open,TarFile,TarFile.open}")),
    *(
        line
        for name in every("tarfile.{open,TarFile,TarFile.open}")
        for line in (
            Passes(name, "fileobj", "result"),
            Passes(name, "fileobj@2", "result"),
            Passes(name, "contents of name@0", "result"),
        )
    ),
    *(
        Sink("archive", name, "self", _unfiltered)
        for name in every("tarfile.TarFile.{extractall,extract}")
    ),
    Sink(
        "archive",
        "shutil.unpack_archive",
        "contents of filename@0",
        _unfiltered,
        Confidence.MEDIUM,
    ),
    *(
        Passes(name, "self", "contents of path@0")
        for name in every("{zipfile.ZipFile,tarfile.TarFile}.extractall")
    ),
)
