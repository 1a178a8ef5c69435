"""Logs, and where errors and secrets come from."""

from stockade.analysis.facts import OriginKind
from stockade.analysis.libraries.conditions import has_text, is_true
from stockade.analysis.libraries.model import Clean, Model, Returns, Sink, Source, every

_LEVELS = "{debug,info,warning,warn,error,critical,exception,fatal}"
_LOGGERS = (
    "logging.{getLogger,Logger}",
    "structlog.{get_logger,getLogger,wrap_logger}",
    "structlog.stdlib.get_logger",
    "loguru.logger.{bind,opt,contextualize,patch}",
    "aws_lambda_powertools.{Logger,logging.Logger,logging.logger.Logger}",
)
_PARAMETERS = "aws_lambda_powertools.utilities.parameters"
_EXTENSION = ("localhost:2773/secretsmanager", "127.0.0.1:2773/secretsmanager")

MODELS: tuple[Model, ...] = (
    *(Returns(name, "logging.Logger") for name in every(*_LOGGERS)),
    Returns("logging.Logger.getChild", "logging.Logger"),
    Returns("logging.LoggerAdapter", "logging.Logger"),
    *(
        line
        for name in every(
            f"logging.{_LEVELS}",
            f"logging.Logger.{_LEVELS}",
            f"loguru.logger.{_LEVELS}",
            "loguru.logger.{trace,success}",
            "{logging,logging.Logger,loguru.logger}.log",
            "logging.Logger.append_keys",
            "pprint.{pprint,pp}",
        )
        for line in (Sink("log", name, "*"), Clean(name, nothing=True))
    ),
    *(
        line
        for name in every("logging.Logger.bind", "sys.{stdout,stderr}.write")
        for line in (Sink("log", name, "*"), Clean(name))
    ),
    # Errors as text.
    *(
        Source(name, OriginKind.ERROR, "the traceback")
        for name in every("traceback.{format_exc,format_exception,format_tb,format_stack}")
    ),
    *(Source(name, OriginKind.ERROR, "the error") for name in every("sys.{exc_info,exception}")),
    # Secrets by Powertools, the caching client and the extension.
    *(
        Source(name, OriginKind.SECRET, "{name@0}")
        for name in every(f"{_PARAMETERS}.{{get_secret,secrets.get_secret}}")
    ),
    *(
        Source(name, OriginKind.SECRET, "{name@0}", is_true("decrypt", 2))
        for name in every(f"{_PARAMETERS}.{{get_parameter,ssm.get_parameter}}")
    ),
    *(
        Returns(name, f"{_PARAMETERS}.SecretsProvider")
        for name in every(f"{_PARAMETERS}.{{SecretsProvider,secrets.SecretsProvider}}")
    ),
    Source(f"{_PARAMETERS}.SecretsProvider.get", OriginKind.SECRET, "{name@0}"),
    *(
        Returns(name, f"{_PARAMETERS}.SSMProvider")
        for name in every(f"{_PARAMETERS}.{{SSMProvider,ssm.SSMProvider}}")
    ),
    Source(f"{_PARAMETERS}.SSMProvider.get", OriginKind.SECRET, "{name@0}", is_true("decrypt")),
    *(
        Returns(name, "aws_secretsmanager_caching.SecretCache")
        for name in every("aws_secretsmanager_caching.{SecretCache,secret_cache.SecretCache}")
    ),
    *(
        Source(name, OriginKind.SECRET, "{secret_id@0}")
        for name in every(
            "aws_secretsmanager_caching.SecretCache.{get_secret_string,get_secret_binary}"
        )
    ),
    *(
        line
        for name, position in (
            ("requests.get", 0),
            ("urllib3.PoolManager.request", 1),
            ("urllib.request.urlopen", 0),
        )
        for line in (
            Source(name, OriginKind.SECRET, "a secret", has_text("url", position, *_EXTENSION)),
            Clean(name),
        )
    ),
)
