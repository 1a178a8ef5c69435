import { exec } from "node:child_process";
import { unmarshall } from "@aws-sdk/util-dynamodb";

export const handler = async (event) => {
  for (const record of event.Records) {
    const { name } = unmarshall(record.dynamodb.NewImage);
    exec(`convert ${name}`);
  }
};
