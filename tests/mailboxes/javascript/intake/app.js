"use strict";

const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
const ats = require("./ats");
const candidates = require("./candidates");
const cv = require("./cv");
const { Mail } = require("./mail");

const s3 = new S3Client({});

exports.handler = async (event, context) => {
  console.log(JSON.stringify(event));
  for (const { s3: stored } of event.Records) {
    const Bucket = stored.bucket.name;
    const Key = decodeURIComponent(stored.object.key.replace(/\+/g, " "));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    await takeIn(await Mail.parse(await Body.transformToByteArray()));
  }
};

async function takeIn(mail) {
  const texts = await Promise.all(mail.attachments.map((attachment) => cv.read(attachment)));
  const candidate = await candidates.save(mail.sender, mail.subject, texts.join("\n"));
  await ats.announce(candidate);
}
