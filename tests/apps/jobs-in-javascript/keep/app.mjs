import { randomUUID } from "node:crypto";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client({});

export const handler = async (event) => {
  for (const record of event.Records) {
    const { file } = JSON.parse(record.body);
    await s3.send(new PutObjectCommand({ Bucket: process.env.INBOX, Key: `jobs/${randomUUID()}.txt`, Body: file }));
  }
};
