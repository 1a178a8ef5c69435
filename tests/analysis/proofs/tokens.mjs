// === signed_in: a token is verified
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
export const handler = async (event) => {
  try {
    jwt.verify(event.headers.authorization, process.env.TOKEN_SECRET);
  } catch (error) {
    return { statusCode: 401 };
  }
  execSync(event.body);
};
// === anyone: the token is only decoded
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
export const handler = async (event) => {
  const claims = jwt.decode(event.headers.authorization);
  if (!claims) return { statusCode: 401 };
  execSync(event.body);
};
// === signed_in: keys of an issuer
import { jwtVerify, createRemoteJWKSet } from "jose";
import { execSync } from "node:child_process";
const keys = createRemoteJWKSet(new URL("https://issuer.example/keys"));
export const handler = async (event) => {
  await jwtVerify(event.headers.authorization, keys, { issuer: "x" });
  execSync(event.body);
};
// === signed_in: a user pool's tokens, in a helper that refuses
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { execSync } from "node:child_process";
const verifier = CognitoJwtVerifier.create({ userPoolId: "p", tokenUse: "access", clientId: "c" });
async function authenticate(event) {
  try {
    await verifier.verify(event.headers.authorization);
    return true;
  } catch {
    return false;
  }
}
export const handler = async (event) => {
  if (!(await authenticate(event))) return { statusCode: 401 };
  execSync(event.body);
};
// === signed_in: a signature is compared in constant time
import { createHmac, timingSafeEqual } from "node:crypto";
import { execSync } from "node:child_process";
export const handler = async (event) => {
  const mine = "sha256=" + createHmac("sha256", process.env.TOKEN_SECRET).update(event.body).digest("hex");
  const sent = event.headers["x-hub-signature-256"];
  if (!timingSafeEqual(Buffer.from(mine), Buffer.from(sent))) return { statusCode: 401 };
  execSync(event.body);
};
// === signed_in: a signature is compared in an ordinary way
import crypto from "node:crypto";
import { execSync } from "node:child_process";
export const handler = async (event) => {
  const mine = crypto.createHmac("sha256", process.env.TOKEN_SECRET).update(event.body).digest("hex");
  if (`v0=${mine}` !== event.headers["x-slack-signature"]) return { statusCode: 401 };
  execSync(event.body);
};
// === anyone: the caller chooses which variable is compared
import { execSync } from "node:child_process";
export const handler = async (event) => {
  const { name, password, command } = JSON.parse(event.body);
  if (process.env[name] !== password) return { statusCode: 401 };
  execSync(command);
};
// === signed_in: a webhook of stripe
import Stripe from "stripe";
import { execSync } from "node:child_process";
const stripe = new Stripe(process.env.KEY);
export const handler = async (event) => {
  stripe.webhooks.constructEvent(event.body, event.headers["stripe-signature"], process.env.TOKEN_SECRET);
  execSync(event.body);
};
// === signed_in: a header is compared with a secret
import { execSync } from "node:child_process";
export const handler = async (event) => {
  if (event.headers["x-api-key"] !== process.env.TOKEN_SECRET) return { statusCode: 403 };
  execSync(event.body);
};
// === signed_in: a middleware of express lets nobody else pass
import express from "express";
import serverless from "serverless-http";
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
const app = express();
function signedIn(req, res, next) {
  try {
    req.user = jwt.verify(req.headers.authorization, process.env.TOKEN_SECRET);
  } catch {
    return res.status(401).send("no");
  }
  next();
}
app.post("/a", signedIn, (req, res) => {
  execSync(req.body.command);
  res.send("done");
});
export const handler = serverless(app);
// === anyone: a middleware lets everyone pass
import express from "express";
import serverless from "serverless-http";
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
const app = express();
function perhaps(req, res, next) {
  try {
    req.user = jwt.verify(req.headers.authorization, process.env.TOKEN_SECRET);
  } catch {
    console.log("a guest");
  }
  next();
}
app.post("/a", perhaps, (req, res) => {
  execSync(req.body.command);
});
export const handler = serverless(app);
// === signed_in: a middleware before every route
import express from "express";
import serverless from "serverless-http";
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
const app = express();
app.use((req, res, next) => {
  try {
    jwt.verify(req.headers.authorization, process.env.TOKEN_SECRET);
    return next();
  } catch (error) {
    return res.status(401).send("no");
  }
});
app.post("/a", (req, res) => {
  execSync(req.body.command);
});
export const handler = serverless(app);
// === anyone: a middleware before the routes of another router
import express from "express";
import serverless from "serverless-http";
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
const app = express();
const admin = express.Router();
admin.use((req, res, next) => {
  jwt.verify(req.headers.authorization, process.env.TOKEN_SECRET);
  next();
});
app.use("/admin", admin);
app.post("/a", (req, res) => {
  execSync(req.body.command);
});
export const handler = serverless(app);
// === anyone: a middleware on one route says nothing of another
import express from "express";
import serverless from "serverless-http";
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
const app = express();
const signedIn = (req, res, next) => {
  jwt.verify(req.headers.authorization, process.env.TOKEN_SECRET);
  next();
};
app.get("/b", signedIn, (req, res) => res.send("b"));
app.post("/a", (req, res) => {
  execSync(req.body.command);
});
export const handler = serverless(app);
// === signed_in: Cognito took the access token for a change of the user's own
import { CognitoIdentityProviderClient, UpdateUserAttributesCommand } from "@aws-sdk/client-cognito-identity-provider";
import { execSync } from "node:child_process";
const cognito = new CognitoIdentityProviderClient({});
export const handler = async (event) => {
  const AccessToken = event.headers.authorization;
  await cognito.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [] }));
  execSync(event.body);
};
// === signed_in: a helper gives nothing for a token that is not valid, and another raises
import jwt from "jsonwebtoken";
import { execSync } from "node:child_process";
function verified(token) {
  try { return jwt.verify(token, process.env.TOKEN_SECRET); } catch (error) { return null; }
}
function user(event) {
  const token = event.headers.authorization;
  if (!token) throw new Error("No token provided");
  const decoded = verified(token);
  if (!decoded) throw new Error("Invalid token");
  return decoded;
}
export const handler = async (event) => {
  try {
    const { role } = user(event);
    execSync(event.body);
  } catch (error) { return { statusCode: 500 }; }
};
// === anyone: only that there is a token is asked
import { execSync } from "node:child_process";
export const handler = async (event) => {
  const token = event.headers.authorization;
  if (!token) throw new Error("Invalid token");
  execSync(event.body);
};
// === anyone: a token of a page that is not valid is no caller's
import { execSync } from "node:child_process";
import pages from "pages-of-something";
export const handler = async (event) => {
  const page = pages.find(event.headers["x-page-token"]);
  if (!page) throw new Error("Invalid page token");
  execSync(event.body);
};
