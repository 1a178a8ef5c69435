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
