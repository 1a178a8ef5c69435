"""Data that becomes objects or code: pickles, YAML, modules and expressions."""

from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    is_false,
    is_not_true,
    is_true,
    names,
    not_given,
    text_of,
)
from stockade.analysis.libraries.model import Model, Named, Returns, Sanitizer, Sink, every
from stockade.model import Confidence

_KIND = "unpickle"
_UNSAFE_LOADERS = tuple(
    f"yaml.{module}{name}"
    for module in ("", "loader.", "cyaml.")
    for name in ("Loader", "UnsafeLoader", "CLoader", "CUnsafeLoader")
)
# `FullLoader` let objects be made before PyYAML 5.4 and has been mended since.
_FULL_LOADERS = ("yaml.FullLoader", "yaml.loader.FullLoader", "yaml.cyaml.CFullLoader")


def _makes_objects(arguments: Arguments) -> bool | None:
    """Tell whether `ruamel.yaml.YAML(typ=...)` makes objects of any type."""
    match given(arguments, "typ", 0):
        case None:
            return False
        case Named():
            return False
        case value:
            text = text_of(value)
            return None if text is None else text == "unsafe"


MODELS: tuple[Model, ...] = (
    *(
        Sink(_KIND, name, "@0")
        for name in every(
            "{pickle,_pickle,dill,cloudpickle}.{load,loads}",
            "{pickle,dill,cloudpickle,_pickle}.Unpickler",
            "marshal.{load,loads}",
            "jsonpickle.{decode,loads}",
            "joblib.load",
            "pandas.read_pickle",
            "pandas.io.pickle.read_pickle",
            "yaml.{unsafe_load,unsafe_load_all}",
            "pickle5.{load,loads}",
            "mlflow.{pyfunc,sklearn,pytorch,xgboost,lightgbm}.load_model",
        )
    ),
    *(
        Sink(_KIND, name, "contents of @0")
        for name in every("joblib.load", "pandas.read_pickle", "shelve.open")
    ),
    # What the code has packed itself holds no more than what it packed.
    *(
        Sanitizer(name, "@0", (_KIND,))
        for name in every("{pickle,_pickle,dill,cloudpickle,pickle5}.dumps", "marshal.dumps")
    ),
    Sink(_KIND, "torch.load", "contents of @0", is_not_true("weights_only")),
    # A class of the application's own, made from the library's.
    *(Sink(_KIND, name, "self") for name in every("{pickle,dill,_pickle}.Unpickler.load")),
    Sink(_KIND, "numpy.load", "file@0", is_true("allow_pickle", 2)),
    Sink(_KIND, "torch.load", "f@0", is_false("weights_only")),
    # Without a loader, `yaml.load` made any object before PyYAML 5.1 and raises since 6.0.
    *(
        line
        for name in every("yaml.{load,load_all}")
        for line in (
            Sink(_KIND, name, "stream@0", names("Loader", 1, *_UNSAFE_LOADERS)),
            Sink(_KIND, name, "stream@0", not_given("Loader", 1), Confidence.LOW),
            Sink(_KIND, name, "stream@0", names("Loader", 1, *_FULL_LOADERS), Confidence.LOW),
        )
    ),
    Returns("ruamel.yaml.YAML", "ruamel.yaml.YAML.Unsafe", _makes_objects),
    Returns("ruamel.yaml.YAML", "ruamel.yaml.YAML"),
    *(Sink(_KIND, name, "stream@0") for name in every("ruamel.yaml.YAML.Unsafe.{load,load_all}")),
    Sink(
        _KIND,
        "ruamel.yaml.load",
        "stream@0",
        names("Loader", 1, "ruamel.yaml.Loader", "ruamel.yaml.UnsafeLoader", unset=True),
    ),
    # Which code runs.
    *(
        Sink("import", name, "name@0")
        for name in every("importlib.{import_module,__import__}", "imp.find_module")
    ),
    *(
        Sink("import", name, "@0")
        for name in every(
            "runpy.{run_path,run_module}",
            "pkgutil.resolve_name",
            "pydoc.{locate,safeimport}",
            "werkzeug.utils.{import_string,find_modules}",
            "django.utils.module_loading.import_string",
        )
    ),
    Sink("import", "importlib.util.spec_from_file_location", "location@1"),
    # A file that is run, and what was downloaded into it.
    Sink("import", "runpy.run_path", "contents of @0"),
    Sink("import", "importlib.util.spec_from_file_location", "contents of location@1"),
    Sink("import", "importlib.machinery.SourceFileLoader", "contents of path@1"),
    Sink("import", "importlib.machinery.SourceFileLoader", "path@1"),
    *(Sink("import", name, "@1") for name in every("imp.{load_source,load_module}")),
    *(
        Sink("code", name, "@0")
        for name in every(
            "timeit.{timeit,repeat}",
            "code.interact",
            "sympy.{sympify,parse_expr}",
            "sympy.parsing.sympy_parser.parse_expr",
            "{cProfile,profile}.{run,runctx}",
            "trace.Trace().{run,runctx}",
            "py_mini_racer.{MiniRacer,py_mini_racer.MiniRacer}().{eval,execute}",
            "{js2py,execjs}.eval",
            "js2py.eval_js",
            "execjs.compile",
            "lupa.LuaRuntime().{execute,eval}",
            "langchain_experimental.utilities.PythonREPL().run",
            "langchain_experimental.utilities.python.PythonREPL().run",
            "langchain_experimental.tools.{PythonREPLTool,PythonAstREPLTool}().{run,invoke}",
        )
    ),
    Sink("code", "numexpr.evaluate", "ex@0", confidence=Confidence.MEDIUM),
    Sink("code", "pandas.eval", "expr@0", confidence=Confidence.MEDIUM),
    *(
        Returns(name, "pandas.DataFrame")
        for name in every(
            "pandas.{DataFrame,concat,merge,json_normalize}",
            "pandas.read_{csv,json,excel,parquet,table,sql,sql_query,feather,pickle}",
            "pandas.DataFrame.{assign,astype,copy,drop,drop_duplicates,dropna,eval,fillna,filter}",
            "pandas.DataFrame.{head,join,merge,pipe,query,rename,replace,reset_index,sample}",
            "pandas.DataFrame.{set_index,sort_index,sort_values,tail}",
        )
    ),
    *(
        Sink("code", f"pandas.DataFrame.{method}", "expr@0", confidence=Confidence.MEDIUM)
        for method in ("query", "eval")
    ),
    # Paths into JSON whose filters are expressions of the language.
    Sink("code", "jsonpath.jsonpath", "expr@1", confidence=Confidence.MEDIUM),
    *(
        Sink("code", name, "source@0")
        for name in every(
            "code.{InteractiveInterpreter,InteractiveConsole}().{runsource,runcode,push}"
        )
    ),
    *(
        Sink(_KIND, name, "contents of @0", is_false("safe_mode"))
        for name in every("{keras,tensorflow.keras}.{models.load_model,saving.load_model}")
    ),
    *(
        Sink(_KIND, name, "contents of @0", is_true("allow_pickle", 2))
        for name in every("numpy.load")
    ),
)
