"""Packages of npm for tokens and passwords, and the loggers that should not be told them."""

from stockade.analysis.facts import OriginKind
from stockade.analysis.libraries.model import (
    Clean,
    Model,
    Noted,
    Passes,
    Returns,
    Sink,
    Source,
    every,
)
from stockade.analysis.libraries.npm.options import option

_POWERTOOLS = "npm:@aws-lambda-powertools"
_LEVELS = "{debug,info,warn,error,critical,trace,fatal,silly,verbose,log,http}"

MODELS: tuple[Model, ...] = (
    *(
        Noted(name)
        for name in every(
            "npm:jsonwebtoken.{verify,decode,sign}",
            "npm:jwt-simple.{decode,encode}",
            "npm:jose.UnsecuredJWT.decode",
            "npm:jws.decode",
            "npm:jwt-decode.default",
            "npm:jose.{jwtVerify,decodeJwt,SignJWT}",
            "npm:{bcrypt,bcryptjs}.{compare,compareSync,hash,hashSync}",
            "npm:argon2.{hash,verify}",
            "npm:aws-jwt-verify.Verifier.{verify,verifySync}",
            "npm:google-auth-library.OAuth2Client.verifyIdToken",
            "npm:jwt-decode",
            "npm:jwt-decode.jwtDecode",
            "npm:stripe.Stripe.webhooks.{constructEvent,constructEventAsync}",
            "npm:discord-interactions.verifyKey",
            "npm:twilio.validateRequest",
            "npm:tweetnacl.sign.detached.verify",
            "npm:@octokit/webhooks-methods.verify",
            "npm:crypto-js.{MD5,SHA1,SHA256,SHA512,HmacSHA1,HmacSHA256,HmacSHA512}",
            "npm:crypto-js.AES.{encrypt,decrypt}",
            "npm:{md5,sha1,js-sha256.sha256}",
        )
    ),
    *(
        Clean(name)
        for name in every(
            "npm:{bcrypt,bcryptjs}.*",
            "npm:argon2.*",
            "npm:jsonwebtoken.verify",
            "npm:jose.jwtVerify",
            "npm:crypto-js.{HmacMD5,HmacSHA1,HmacSHA256,HmacSHA384,HmacSHA512}",
            "npm:aws-jwt-verify.Verifier.*",
            "npm:google-auth-library.OAuth2Client.{verifyIdToken,getToken,getTokenInfo}",
        )
    ),
    *(
        Returns(name, "npm:stripe.Stripe", clean=True)
        for name in every("npm:{stripe,stripe.Stripe}")
    ),
    Passes("npm:jsonwebtoken.sign", "@0", "result"),
    *(
        Returns(f"npm:aws-jwt-verify.{name}.create", "npm:aws-jwt-verify.Verifier")
        for name in ("CognitoJwtVerifier", "JwtVerifier", "JwtRsaVerifier")
    ),
    Returns(
        "npm:google-auth-library.OAuth2Client", "npm:google-auth-library.OAuth2Client", clean=True
    ),
    # Loggers. Powertools' are described with those of other languages.
    Returns(f"{_POWERTOOLS}/logger.Logger", "logging.Logger", clean=True),
    *(
        Returns(name, "npm:logger.Logger", clean=True)
        for name in every(
            "npm:{pino,winston.createLogger,bunyan.createLogger,lambda-log,loglevel.getLogger}",
            "npm:logger.Logger.{child,withContext}",
        )
    ),
    *(
        line
        for name in every(f"npm:{{logger.Logger,winston,loglevel,lambda-log}}.{_LEVELS}")
        for line in (Sink("log", name, "*"), Clean(name))
    ),
    # Secrets by Powertools.
    *(
        Source(name, OriginKind.SECRET, "{@0}")
        for name in every(f"{_POWERTOOLS}/parameters/secrets.getSecret")
    ),
    *(
        Source(name, OriginKind.SECRET, "{@0}", option(1, "decrypt"))
        for name in every(f"{_POWERTOOLS}/parameters/ssm.{{getParameter,getParameters}}")
    ),
)
