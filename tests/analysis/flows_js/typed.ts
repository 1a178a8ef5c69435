// === types are left out
import { execSync } from "child_process";
import type { APIGatewayProxyEvent } from "aws-lambda";
enum Kind { A = "a", B = "b" }
interface Body { name: string }
export const handler = async (event: APIGatewayProxyEvent): Promise<void> => {
  const body = JSON.parse(event.body!) as Body;
  const name: string = <string>body.name;
  execSync(`a ${name}`); // flow: shell body.name
  execSync(`a ${Kind.A}`);
};
// === parameter properties and decorators
import { execSync } from "child_process";
class Job {
  constructor(private readonly text: string, public other?: string) {}
  @log() run(): void { execSync(this.text); } // flow: shell body
}
namespace Tools { export const make = (text: string) => new Job(text); }
export async function handler(event: { body: string }): Promise<void> {
  Tools.make(event.body).run();
}
// === a method that is decorated, and bound
import type { LambdaInterface } from "@aws-lambda-powertools/commons/types";
import { Logger } from "@aws-lambda-powertools/logger";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { execSync } from "child_process";
const logger = new Logger();
const tracer = new Tracer({ serviceName: "a" });
class Lambda implements LambdaInterface {
  private prefix = "a";
  @tracer.captureLambdaHandler()
  @logger.injectLambdaContext({ logEvent: true })
  public async handler(event: { body: string }, _context: unknown): Promise<void> {
    execSync(`${this.prefix} ${event.body}`); // flow: shell body
  }
}
const instance = new Lambda();
export const handler = instance.handler.bind(instance);
// === a module that is required, and one that is all of a file
import cp = require("child_process");
import fs = require("fs");
export = {
  handler: async (event: any) => {
    cp.execSync(event.body); // flow: shell body
    fs.readFileSync(event.path); // flow: path path
  },
};
// === satisfies, as const, non-null, generics, overloads
import { execSync } from "child_process";
const KINDS = { mp4: "h264", ogg: "theora" } as const satisfies Record<string, string>;
function first(items: string[]): string;
function first<T>(items: T[]): T;
function first(items: any[]): any { return items[0]; }
declare const unused: string;
abstract class Base<T extends object> { abstract run(value: T): void; protected cut(text: string) { return text.slice(1); } }
class Job extends Base<{ text: string }> {
  run(value: { text: string }): void {
    execSync(`a ${this.cut(value.text)}`); // flow: shell body.text
  }
}
export const handler = (async (event) => {
  const body = JSON.parse(event.body ?? "{}") satisfies { text: string };
  new Job().run(body!);
  execSync(`a ${KINDS[body.kind as keyof typeof KINDS]}`);
  execSync(`a ${first<string>([body!.name])}`); // flow: shell body.name
}) as (event: any) => Promise<void>;
// === namespaces, and enums that compute
import { execSync } from "child_process";
namespace Tools {
  export namespace Inner { export function run(text: string) { execSync(text); } } // flow: shell body
  export const quiet = "-q";
}
enum Flag { A = 1 << 0, B = 1 << 1, All = A | B }
const enum Level { Low = "low" }
import Run = Tools.Inner;
export async function handler(event: { body: string }) {
  Run.run(event.body);
  execSync(`a ${Flag.All} ${Level.Low} ${Tools.quiet}`);
}
// === a handler that is renamed, and one that is written twice
import { execSync } from "child_process";
async function old(event: any) { return execSync(event.path); }
async function main(event: any) { return execSync(event.body); } // flow: shell body
exports.handler = old;
exports.handler = main;
// === a class that checks itself
import { plainToInstance } from "class-transformer";
import { IsEnum, IsInt, IsString, IsUUID, Matches, validate, validateOrReject } from "class-validator";
import { execSync } from "child_process";
enum Size { Small = "small", Large = "large" }
class Job {
  @IsUUID("4") id!: string;
  @IsInt() width!: number;
  @IsEnum(Size) size!: Size;
  @Matches(/^[a-z]+$/) code: string = "";
  @IsString() name!: string;
}
export const handler = async (event: { body: string }) => {
  const job = plainToInstance(Job, JSON.parse(event.body));
  await validateOrReject(job);
  execSync(`a ${job.id} ${job.width} ${job.size} ${job.code}`);
  execSync(`a ${job.name}`); // flow: shell body.name
};
// === a class that is asked for its errors
import { plainToClass } from "class-transformer";
import { IsUUID, validate } from "class-validator";
import { execSync } from "child_process";
class Job {
  @IsUUID() id: string;
  name: string;
}
export const handler = async (event: { body: string }) => {
  const job = plainToClass(Job, JSON.parse(event.body));
  const errors = await validate(job);
  if (errors.length > 0) return { statusCode: 400 };
  execSync(`a ${job.id}`);
  execSync(`a ${job.name}`); // flow: shell body.name
};
