// === a middleware of its own looks at what the checks of a route found
import express from "express";
import serverless from "serverless-http";
import { body, validationResult } from "express-validator";
import { exec } from "node:child_process";

const app = express();
const refuse = (req, res, next) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) {
    return res.status(400).json({ errors: errors.array() });
  }
  next();
};
app.post("/a", body("id").isUUID(), refuse, (req, res) => {
  exec(req.body.id);
  exec(req.body.name); // flow: shell body.name
});
app.post("/b", body("id").isUUID(), (req, res) => {
  exec(req.body.id); // flow: shell body.id
});
export const handler = serverless(app);

// === a middleware that lets everything pass
import express from "express";
import serverless from "serverless-http";
import { body, validationResult } from "express-validator";
import { exec } from "node:child_process";

const app = express();
app.post(
  "/a",
  body("id").isUUID(),
  (req, res, next) => {
    const errors = validationResult(req);
    if (!errors.isEmpty()) console.log(errors.array());
    next();
  },
  (req, res) => {
    exec(req.body.id); // flow: shell body.id
  },
);
export const handler = serverless(app);

// === a schema that a middleware parses with
import express from "express";
import serverless from "serverless-http";
import { z } from "zod";
import { exec } from "node:child_process";

const Order = z.object({ id: z.string().uuid(), name: z.string() });
const validate = (schema) => (req, res, next) => {
  const found = schema.safeParse(req.body);
  if (!found.success) {
    return res.status(400).json(found.error);
  }
  next();
};
const app = express();
app.post("/a", validate(Order), (req, res) => {
  exec(req.body.id);
  exec(req.body.name); // flow: shell body.name
});
export const handler = serverless(app);

// === a schema that a middleware of joi raises by
import express from "express";
import serverless from "serverless-http";
import Joi from "joi";
import { exec } from "node:child_process";

const schema = Joi.object({ id: Joi.string().guid(), name: Joi.string() });
const app = express();
app.post(
  "/a",
  (req, res, next) => {
    const { error } = schema.validate(req.body);
    if (error) {
      return next(error);
    }
    return next();
  },
  (req, res) => {
    exec(req.body.id);
    exec(req.body.name); // flow: shell body.name
  },
);
export const handler = serverless(app);
