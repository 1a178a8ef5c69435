// === what zod lets through
const { z } = require("zod");
const { exec } = require("child_process");
const Job = z.object({
  name: z.string().min(1).max(40),
  id: z.string().uuid(),
  slug: z.string().regex(/^[a-z-]+$/).optional(),
  loose: z.string().regex(/[a-z]+/),
  size: z.enum(["small", "large"]),
  width: z.coerce.number().int(),
  tags: z.array(z.string().regex(/^\w+$/)),
  notes: z.array(z.string()),
  inner: z.object({ code: z.string().length(3), day: z.string().datetime() }),
  either: z.union([z.number(), z.literal("all")]),
  any: z.union([z.number(), z.string()]),
});
exports.handler = async (event) => {
  const job = Job.parse(JSON.parse(event.body));
  exec(`a ${job.name}`); // flow: shell body.name
  exec(`a ${job.id} ${job.slug} ${job.size} ${job.width} ${job.tags[0]} ${job.inner.day}`);
  exec(`a ${job.loose}`); // flow: shell body.loose
  exec(`a ${job.notes[0]}`); // flow: shell body.notes[]
  exec(`a ${job.inner.code}`); // flow: shell body.inner.code
  exec(`a ${job.either}`);
  exec(`a ${job.any}`); // flow: shell body.any
};
// === what zod has looked at is known of the data itself
const { z } = require("zod");
const { exec } = require("child_process");
const Job = z.object({ id: z.string().uuid(), name: z.string() });
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  exec(`a ${body.id}`); // flow: shell body.id
  Job.parse(body);
  exec(`a ${body.id}`);
  exec(`a ${body.name}`); // flow: shell body.name
};
// === safeParse answers
const { z } = require("zod");
const { exec } = require("child_process");
const Job = z.object({ id: z.string().uuid(), name: z.string() });
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const parsed = Job.safeParse(body);
  if (!parsed.success) {
    exec(`a ${body.id}`); // flow: shell body.id
    return { statusCode: 400 };
  }
  exec(`a ${body.id} ${parsed.data.id}`);
  exec(`a ${parsed.data.name}`); // flow: shell body.name
};
// === a success that is compared
const { z } = require("zod");
const { exec } = require("child_process");
const Job = z.object({ id: z.string().uuid() });
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const { success, data } = await Job.safeParseAsync(body);
  if (success === false) return;
  exec(`a ${body.id} ${data.id}`);
};
// === schemas that are made of others
const z = require("zod");
const { exec } = require("child_process");
const Base = z.object({ id: z.string().uuid(), name: z.string() });
const Job = Base.extend({ kind: z.nativeEnum({ A: "a" }) }).omit({ name: true }).passthrough();
exports.handler = async (event) => {
  const job = Job.parse(JSON.parse(event.body));
  exec(`a ${job.id} ${job.kind}`);
  exec(`a ${job.name}`); // flow: shell body.name
  const one = Base.pick({ id: true }).parse(JSON.parse(event.body));
  exec(`a ${one.id} ${one.name}`);
};
// === what a schema makes of a text
const { z } = require("zod");
const { exec } = require("child_process");
const Job = z.object({ a: z.string().transform((v) => v.replace(/[^a-z]/g, "")), b: z.string().transform((v) => v + "!") });
exports.handler = async (event) => {
  const job = Job.parse(JSON.parse(event.body));
  exec(`a ${job.a}`);
  exec(`a ${job.b}`); // flow: shell body.b
};
// === joi gives an error, or the data as it came
const Joi = require("joi");
const { exec } = require("child_process");
const schema = Joi.object({
  id: Joi.string().guid().required(),
  name: Joi.string().required(),
  size: Joi.string().valid("small", "large"),
  code: Joi.string().pattern(/^[0-9]{4}$/),
  short: Joi.string().alphanum().max(30),
});
exports.handler = async (event) => {
  const { error, value } = schema.validate(JSON.parse(event.body));
  exec(`a ${value.id}`); // flow: shell body.id
  if (error) return { statusCode: 400 };
  exec(`a ${value.id} ${value.size} ${value.code} ${value.short}`);
  exec(`a ${value.name}`); // flow: shell body.name
};
// === joi raises
const Joi = require("joi");
const { exec } = require("child_process");
const schema = Joi.object().keys({ id: Joi.string().uuid(), name: Joi.string() });
exports.handler = async (event) => {
  const value = await schema.validateAsync(JSON.parse(event.body));
  exec(`a ${value.id}`);
  exec(`a ${value.name}`); // flow: shell body.name
  const other = Joi.attempt(event.path, Joi.string().hex());
  exec(`a ${other}`);
};
// === an error that is compared with nothing
const Joi = require("joi");
const { exec } = require("child_process");
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const result = Joi.object({ id: Joi.number() }).validate(body);
  if (result.error !== undefined) throw result.error;
  exec(`a ${body.id}`);
};
// === yup
const yup = require("yup");
const { exec } = require("child_process");
const schema = yup.object().shape({
  id: yup.string().uuid(),
  size: yup.string().oneOf(["s", "l"]),
  code: yup.string().matches(/^[a-z]+$/),
  width: yup.number(),
  name: yup.string(),
});
exports.handler = async (event) => {
  const job = await schema.validate(JSON.parse(event.body));
  exec(`a ${job.id} ${job.size} ${job.code} ${job.width}`);
  exec(`a ${job.name}`); // flow: shell body.name
};
// === valibot
const v = require("valibot");
const { exec } = require("child_process");
const Job = v.object({
  id: v.pipe(v.string(), v.uuid()),
  size: v.picklist(["s", "l"]),
  code: v.optional(v.pipe(v.string(), v.regex(/^[a-z]+$/))),
  name: v.pipe(v.string(), v.minLength(1)),
});
exports.handler = async (event) => {
  const job = v.parse(Job, JSON.parse(event.body));
  exec(`a ${job.id} ${job.size} ${job.code}`);
  exec(`a ${job.name}`); // flow: shell body.name
  const result = v.safeParse(Job, JSON.parse(event.body));
  if (result.success) exec(`a ${result.output.id}`);
};
// === ajv
const Ajv = require("ajv");
const { exec } = require("child_process");
const ajv = new Ajv();
const validate = ajv.compile({
  type: "object",
  properties: {
    id: { type: "string", pattern: "^[a-z0-9-]+$" },
    width: { type: "integer" },
    name: { type: "string" },
    tags: { type: "array", items: { enum: ["a", "b"] } },
  },
});
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  if (!validate(body)) {
    exec(`a ${body.id}`); // flow: shell body.id
    return { statusCode: 400 };
  }
  exec(`a ${body.id} ${body.width} ${body.tags[0]}`);
  exec(`a ${body.name}`); // flow: shell body.name
};
// === ajv, not compiled
const { default: Ajv } = require("ajv");
const { exec } = require("child_process");
const schema = { properties: { id: { type: "string", pattern: "^[a-z0-9-]+$" } } };
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const valid = new Ajv({ allErrors: true }).validate(schema, body);
  if (!valid) return { statusCode: 400 };
  exec(`a ${body.id}`);
};
// === a schema of middy
const middy = require("@middy/core");
const validator = require("@middy/validator");
const { transpileSchema } = require("@middy/validator/transpile");
const { exec } = require("child_process");
const eventSchema = transpileSchema({
  type: "object",
  properties: {
    body: {
      type: "object",
      properties: { id: { type: "string", pattern: "^[a-z]+$" }, name: { type: "string" } },
    },
  },
});
exports.handler = middy()
  .use(validator({ eventSchema }))
  .handler(async (event) => {
    exec(`a ${event.body.id}`);
    exec(`a ${event.body.name}`); // flow: shell body.name
  });
// === a middleware around the handler
const middy = require("@middy/core");
const jsonBodyParser = require("@middy/http-json-body-parser");
const validator = require("@middy/validator");
const { exec } = require("child_process");
const eventSchema = { properties: { body: { properties: { id: { type: "integer" } } } } };
const main = async (event) => {
  exec(`a ${event.body.id}`);
  exec(`a ${event.body.name}`); // flow: shell body.name
  return { statusCode: 200, body: JSON.stringify(process.env) }; // flow: response the environment
};
exports.handler = middy(main).use(jsonBodyParser()).use(validator({ eventSchema }));
// === the parser of Powertools
const middy = require("@middy/core");
const { parser } = require("@aws-lambda-powertools/parser/middleware");
const { z } = require("zod");
const { exec } = require("child_process");
const schema = z.object({ body: z.object({ id: z.string().uuid(), name: z.string() }) });
exports.handler = middy(async (event) => {
  exec(`a ${event.body.id}`);
  exec(`a ${event.body.name}`); // flow: shell body.name
}).use(parser({ schema }));
