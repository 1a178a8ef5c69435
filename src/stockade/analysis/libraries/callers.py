"""Functions that call functions, and decorators that leave a handler what it was."""

from stockade.analysis.libraries.model import Calls, Decorates, Model, Passes, Returns, every

_POWERTOOLS = "aws_lambda_powertools"
_EXECUTORS = "concurrent.futures.{ThreadPoolExecutor,ProcessPoolExecutor}"
_POOLS = ("multiprocessing.{Pool,pool.ThreadPool,pool.Pool,dummy.Pool}",)

MODELS: tuple[Model, ...] = (
    # Functions that are handed over to be called.
    Calls("functools.reduce", "@0", ("@2", "items of @1"), "result"),
    *(Returns(name, "concurrent.futures.Executor") for name in every(_EXECUTORS)),
    Calls("concurrent.futures.Executor.submit", "@0", ("@1", "@2", "@3", "@4"), "result"),
    Calls("concurrent.futures.Executor.map", "@0", ("items of @1", "items of @2"), "items"),
    *(
        Calls(name, "target", ("items of args", "items of args", "entries of kwargs"))
        for name in every("threading.Thread", "multiprocessing.Process")
    ),
    *(Returns(name, "multiprocessing.Pool") for name in every(*_POOLS)),
    *(
        Calls(name, "@0", ("items of @1",), "items")
        for name in every("multiprocessing.Pool.{map,imap,imap_unordered,map_async}")
    ),
    *(
        Calls(name, "@0", ("items of @1", "items of @1"), "result")
        for name in every("multiprocessing.Pool.{apply,apply_async}")
    ),
    *(
        Calls(name, "@0", ("@1", "@2", "@3", "@4"), "result")
        for name in every(
            "asyncio.to_thread", "contextvars.Context.run", "anyio.to_thread.run_sync"
        )
    ),
    Calls("asyncio.BaseEventLoop.run_in_executor", "@1", ("@2", "@3", "@4"), "result"),
    *(
        Returns(name, "asyncio.BaseEventLoop")
        for name in every("asyncio.{get_event_loop,new_event_loop,get_running_loop}")
    ),
    *(
        Passes(name, "@0", "result")
        for name in every(
            "asyncio.{run,wait_for,create_task,ensure_future,shield}",
            "asyncio.BaseEventLoop.{run_until_complete,create_task}",
        )
    ),
    Calls("threading.Timer", "@1", ("items of @2",)),
    Calls("itertools.starmap", "@0", ("items of @1",), "items"),
    # Decorators that are put on as they are.
    *(
        Decorates(name)
        for name in every(
            "functools.{lru_cache,cache,cached_property,singledispatch,total_ordering}",
            "contextlib.{contextmanager,asynccontextmanager}",
            "abc.abstractmethod",
            "typing.{final,overload,no_type_check,override}",
            f"{_POWERTOOLS}.{{Logger,logging.Logger}}.inject_lambda_context",
            "logging.Logger.inject_lambda_context",
            f"{_POWERTOOLS}.{{Tracer,tracing.Tracer}}.{{capture_lambda_handler,capture_method}}",
            f"{_POWERTOOLS}.{{Metrics,metrics.Metrics}}.log_metrics",
            f"{_POWERTOOLS}.metrics.{{EphemeralMetrics,provider.datadog.DatadogMetrics}}.log_metrics",
            f"{_POWERTOOLS}.utilities.idempotency.{{idempotent,idempotent_function}}",
            f"{_POWERTOOLS}.utilities.validation.validator",
            "aws_xray_sdk.core.xray_recorder.{capture,capture_async}",
            "tenacity.retry",
            "retrying.retry",
            "datadog_lambda.wrapper.datadog_lambda_wrapper",
            "lumigo_tracer.lumigo_tracer",
            "epsagon.lambda_wrapper",
            "sentry_sdk.trace",
            "cachetools.cached",
            "wrapt.decorator",
        )
    ),
    # Makers of decorators, called with their settings first.
    *(
        Decorates(name, made=True)
        for name in every(
            "functools.{lru_cache,wraps}",
            f"{_POWERTOOLS}.{{Logger,logging.Logger}}.inject_lambda_context",
            "logging.Logger.inject_lambda_context",
            f"{_POWERTOOLS}.{{Tracer,tracing.Tracer}}.{{capture_lambda_handler,capture_method}}",
            f"{_POWERTOOLS}.{{Metrics,metrics.Metrics}}.log_metrics",
            f"{_POWERTOOLS}.utilities.idempotency.{{idempotent,idempotent_function}}",
            f"{_POWERTOOLS}.utilities.validation.validator",
            "aws_xray_sdk.core.xray_recorder.{capture,capture_async}",
            "tenacity.retry",
            "retrying.retry",
            "backoff.{on_exception,on_predicate}",
            "cachetools.{cached,cachedmethod}",
            "lumigo_tracer.lumigo_tracer",
            "dataclasses.dataclass",
        )
    ),
    # Loggers are described with the logs, but are the same objects.
    *(
        Returns(name, name)
        for name in every(
            f"{_POWERTOOLS}.{{Tracer,tracing.Tracer,Metrics,metrics.Metrics}}",
            f"{_POWERTOOLS}.metrics.{{EphemeralMetrics,provider.datadog.DatadogMetrics}}",
        )
    ),
)
