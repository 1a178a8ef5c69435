// === staff: a function that is made for a role refuses the others
import { execSync } from "child_process";
import jwt from "jsonwebtoken";
const allowed = (roles = []) => (user) => {
  if (roles.length && !roles.includes(user.role)) throw new Error("403 forbidden");
};
export const handler = async (event) => {
  const user = jwt.verify(event.headers.authorization, process.env.TOKEN_SECRET);
  allowed(["admin", "staff"])(user);
  execSync(event.body);
};

// === signed_in: a function that is made for everybody refuses the others
import { execSync } from "child_process";
import jwt from "jsonwebtoken";
const allowed = (roles = []) => (user) => {
  if (roles.length && !roles.includes(user.role)) throw new Error("403 forbidden");
};
export const handler = async (event) => {
  const user = jwt.verify(event.headers.authorization, process.env.TOKEN_SECRET);
  allowed(["admin", "owner"])(user);
  execSync(event.body);
};

// === staff: a middleware stands before the routes
import { execSync } from "child_process";
import express from "express";
import jwt from "jsonwebtoken";
import serverless from "serverless-http";
const app = express();
app.use((req, res, next) => {
  req.user = jwt.verify(req.headers.authorization, process.env.TOKEN_SECRET);
  if (req.user.role !== "admin") return res.status(403).end();
  next();
});
app.post("/a", (req, res) => res.json({ done: `${execSync(req.body.what)}` }));
export const handler = serverless(app);

// === staff: a function gives the refusal of those without the role, or nothing
import { execSync } from "child_process";
import jwt from "jsonwebtoken";
const refused = async (event) => {
  const user = jwt.verify(event.headers.authorization, process.env.TOKEN_SECRET);
  if (!user.isAdmin) return { statusCode: 403, body: "forbidden" };
};
export const handler = async (event) => {
  const denied = await refused(event);
  if (denied) return denied;
  execSync(event.body);
};
