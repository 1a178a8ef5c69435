import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from "aws-lambda";

interface Candidate {
  id: string;
  received: string;
}

const table = DynamoDBDocument.from(new DynamoDB({}));
const TableName = process.env.TABLE as string;

export const handler = async (
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyResultV2> => {
  try {
    if (event.routeKey === "GET /candidates") {
      return reply(200, await listCandidates());
    }
    return await getCandidate(event.pathParameters!.id!);
  } catch (error) {
    return reply(500, { error: (error as Error).message });
  }
};

async function listCandidates(): Promise<Candidate[]> {
  const ProjectionExpression = "id, sender, subject, received";
  const { Items = [] } = await table.scan({ TableName, ProjectionExpression });
  return (Items as Candidate[]).sort((a, b) => b.received.localeCompare(a.received));
}

async function getCandidate(id: string) {
  const { Item } = await table.get({ TableName, Key: { id } });
  return Item ? reply(200, Item) : reply(404, { error: "no such candidate" });
}

const reply = (statusCode: number, body: unknown) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
