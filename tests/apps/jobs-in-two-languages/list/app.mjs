import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const s3 = new S3Client({});
const orders = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  for (const { s3: stored } of event.Records) {
    const found = await s3.send(new GetObjectCommand({ Bucket: stored.bucket.name, Key: stored.object.key }));
    const name = await found.Body.transformToString();
    await orders.send(new PutCommand({ TableName: process.env.ORDERS, Item: { id: stored.object.key, name } }));
  }
};
