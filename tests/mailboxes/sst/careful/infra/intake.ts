import { allow, made, roles } from "./functions";
import { contactKey } from "./keys";
import { candidates, cvs, mail, mailName } from "./storage";

export const rules = new aws.ses.ReceiptRuleSet("MailRules", {
  ruleSetName: `${$app.name}-mail`,
});

new aws.ses.ReceiptRule("StoreMail", {
  ruleSetName: rules.ruleSetName,
  name: "store",
  enabled: true,
  scanEnabled: true,
  tlsPolicy: "Require",
  recipients: [process.env.MAIL_ADDRESS ?? "jobs@example.com"],
  s3Actions: [{ position: 1, bucketName: mailName, objectKeyPrefix: "incoming/" }],
});

// The key that the applicant tracking system gave us, put there by hand.
const atsKey = new aws.secretsmanager.Secret("AtsKey", {
  description: "API key of the applicant tracking system",
});

const failed = new aws.sqs.Queue("FailedMails", {
  sqsManagedSseEnabled: true,
  messageRetentionSeconds: 1209600,
});

new aws.sqs.QueuePolicy("FailedMailsPolicy", {
  queueUrl: failed.url,
  policy: $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: failed.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "NobodyElseSends",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:SendMessage",
        Resource: failed.arn,
        Condition: { ArnNotEquals: { "aws:PrincipalArn": roles.intake.arn } },
      },
    ],
  }),
});

// pdftotext, built by `make` in a container
const poppler = new aws.lambda.LayerVersion("Poppler", {
  layerName: "poppler",
  code: $asset("layers/poppler"),
  compatibleRuntimes: ["python3.13"],
  compatibleArchitectures: ["arm64"],
});

const { fn: intake, logs } = made("Intake", roles.intake, {
  timeout: "1 minute",
  concurrency: { reserved: 5 },
  layers: [poppler.arn],
  environment: {
    MAIL_BUCKET: mailName,
    CV_BUCKET: cvs.name,
    TABLE: candidates.name,
    CONTACT_KEY: contactKey.arn,
    ATS_URL: process.env.ATS_URL ?? "https://ats.example.com/api/candidates",
    ATS_KEY: atsKey.arn,
  },
});

allow("Intake", roles.intake, logs, [
  { actions: ["s3:GetObject"], resources: [$interpolate`arn:aws:s3:::${mailName}/incoming/*`] },
  { actions: ["s3:PutObject"], resources: [$interpolate`${cvs.arn}/cvs/*`] },
  { actions: ["dynamodb:PutItem"], resources: [candidates.arn] },
  { actions: ["secretsmanager:GetSecretValue"], resources: [atsKey.arn] },
  { actions: ["sqs:SendMessage"], resources: [failed.arn] },
]);

new aws.lambda.FunctionEventInvokeConfig("IntakeFailures", {
  functionName: intake.name,
  maximumRetryAttempts: 1,
  maximumEventAgeInSeconds: 3600,
  destinationConfig: { onFailure: { destination: failed.arn } },
});

mail.notify({
  notifications: [
    {
      name: "MailArrived",
      function: intake.arn,
      events: ["s3:ObjectCreated:Put"],
      filterPrefix: "incoming/",
    },
  ],
});
