import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

export const handler = async (event) => {
  const order = JSON.parse(event.body);
  const message = { file: order.file, count: 1 };
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.JOBS, MessageBody: JSON.stringify(message) }));
  return { statusCode: 202 };
};
