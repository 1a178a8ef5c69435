const { randomUUID } = require("crypto");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const PHONE = /\+?\d[\d /()-]{6,}\d/;

exports.save = async function (sender, subject, text) {
  const [phone = ""] = text.match(PHONE) ?? [];
  const candidate = {
    id: randomUUID(),
    received: new Date().toISOString(),
    sender,
    subject,
    phone,
    text,
  };
  await table.send(new PutCommand({ TableName: process.env.TABLE, Item: candidate }));
  return candidate;
};
