"""Packages of npm that call the functions they are given, or wrap a handler."""

from stockade.analysis.libraries.model import Calls, Decorates, Model, every

_POWERTOOLS = "npm:@aws-lambda-powertools"

MODELS: tuple[Model, ...] = (
    Calls(f"{_POWERTOOLS}/batch.processPartialResponse", "@1", ("items of @0.Records",)),
    Calls(f"{_POWERTOOLS}/batch.processPartialResponseSync", "@1", ("items of @0.Records",)),
    *(
        Calls(name, "@1", ("items of @0",), "items")
        for name in every("npm:bluebird.{map,each,mapSeries}", "npm:lodash.{map,flatMap}")
    ),
    *(
        Calls(name, "@1", ("items of @0",))
        for name in every("npm:lodash.{forEach,each}", "npm:async.{each,eachSeries,forEach}")
    ),
    *(
        Decorates(name)
        for name in every(
            f"{_POWERTOOLS}/idempotency.makeIdempotent",
            "npm:@sentry/serverless.AWSLambda.wrapHandler",
            "npm:@sentry/aws-serverless.wrapHandler",
            "npm:datadog-lambda-js.datadog",
            "npm:@dazn/lambda-powertools-pattern-basic",
            "npm:source-map-support.install",
            "npm:aws-embedded-metrics.metricScope",
        )
    ),
)
