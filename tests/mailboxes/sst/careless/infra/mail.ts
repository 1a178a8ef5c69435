import { defaults } from "./data";

// The way in: SES receives mail for the address and puts each message into the bucket.
const bucket = new aws.s3.BucketV2("MailBucket");

const policy = new aws.s3.BucketPolicy("MailBucketPolicy", {
  bucket: bucket.id,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "ses.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: $interpolate`${bucket.arn}/*`,
        Condition: {
          StringEquals: {
            "aws:Referer": aws.getCallerIdentityOutput().accountId,
          },
        },
      },
    ],
  },
});

export const rules = new aws.ses.ReceiptRuleSet("MailRules", {
  ruleSetName: `${$app.name}-mail`,
});

new aws.ses.ReceiptRule(
  "StoreMail",
  {
    ruleSetName: rules.ruleSetName,
    name: "store",
    enabled: true,
    recipients: [process.env.MAIL_ADDRESS ?? "jobs@example.com"],
    s3Actions: [
      { position: 1, bucketName: bucket.bucket, objectKeyPrefix: "incoming/" },
    ],
  },
  { dependsOn: policy }
);

// pdftotext, built by `make` in a container
const poppler = new aws.lambda.LayerVersion("Poppler", {
  layerName: "poppler",
  code: new $util.asset.FileArchive("layers/poppler"),
  compatibleRuntimes: ["python3.13"],
  compatibleArchitectures: ["arm64"],
});

const intake = new sst.aws.Function("Intake", {
  ...defaults("intake"),
  layers: [poppler.arn],
});

const permission = new aws.lambda.Permission("MailCallsIntake", {
  action: "lambda:InvokeFunction",
  function: intake.arn,
  principal: "s3.amazonaws.com",
  sourceArn: bucket.arn,
});

new aws.s3.BucketNotification(
  "MailArrived",
  {
    bucket: bucket.id,
    lambdaFunctions: [
      {
        lambdaFunctionArn: intake.arn,
        events: ["s3:ObjectCreated:*"],
        filterPrefix: "incoming/",
      },
    ],
  },
  { dependsOn: [permission] }
);
