"""Packages of npm that check data, and those whose results have no room for text."""

from stockade.analysis.libraries.model import Clean, Guard, Model, Noted, Returns, every
from stockade.analysis.libraries.schemas import schema_guards

_CHARACTERS = ("shell", "path", "page", "template", "sql", "query", "object-key", "header")

MODELS: tuple[Model, ...] = (
    *(
        Clean(name)
        for name in every(
            "npm:{uuid,nanoid,ulid,cuid,shortid,ksuid}.*",
            "npm:{uuid,nanoid,ulid,cuid,shortid}",
            "npm:{moment,dayjs,luxon,date-fns,ms}.*",
            "npm:{moment,dayjs,luxon,date-fns,ms}",
        )
    ),
    *(
        Guard(name, "@0", _CHARACTERS)
        for name in every(
            "npm:validator.{isAlphanumeric,isAlpha,isUUID,isInt,isNumeric,isHexadecimal}",
            "npm:validator.{isMongoId,isDate,isISO8601,isSlug,isIP,isDecimal,isBoolean}",
            "npm:validator.{isFQDN,isPort,isFloat,isHash,isJWT,isMD5,isMACAddress,isSemVer}",
            "npm:validator.{isBase32,isBase58,isCreditCard,isIBAN,isULID,isLatLong,isLocale}",
            "npm:{uuid.validate,is-uuid.v4}",
        )
    ),
    # JSON schemas, compiled or not.
    *(
        line
        for package in ("ajv", "ajv/dist/2019", "ajv/dist/2020", "ajv/dist/jtd")
        for line in (
            *(
                Returns(name, "npm:ajv.Ajv", clean=True)
                for name in every(f"npm:{package}", f"npm:{package}.Ajv")
            ),
        )
    ),
    Returns("npm:ajv.Ajv.compile", "npm:ajv.Validate", clean=True),
    Noted("npm:ajv.Validate"),
    Noted("npm:ajv.Ajv.validate"),
    *schema_guards("npm:ajv.Validate", "@0", ("self.", 0), raises=False),
    *schema_guards("npm:ajv.Ajv.validate", "@1", ("", 0), raises=False),
)
