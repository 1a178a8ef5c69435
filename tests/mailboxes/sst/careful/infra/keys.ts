import { account, region, roles } from "./functions";

const administer = {
  Sid: "Administer",
  Effect: "Allow",
  Principal: { AWS: $interpolate`arn:aws:iam::${account}:root` },
  Action: [
    "CancelKeyDeletion", "DescribeKey", "DisableKey", "EnableKey", "EnableKeyRotation",
    "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants", "ListKeyPolicies", "ListResourceTags",
    "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion", "TagResource", "UntagResource",
    "UpdateKeyDescription",
  ].map((action) => `kms:${action}`),
  Resource: "*",
};

const throughStorage = {
  StringEquals: {
    "kms:ViaService": ["s3", "dynamodb"].map(
      (service) => $interpolate`${service}.${region}.amazonaws.com`
    ),
  },
};

export const bySes = {
  StringEquals: { "aws:SourceAccount": account },
  ArnEquals: {
    "aws:SourceArn": $interpolate`arn:aws:ses:${region}:${account}:receipt-rule-set/${$app.name}-mail:receipt-rule/store`,
  },
};

// One key for what is stored. Who administers it cannot decrypt with it, and who decrypts can do so
// only through the service that holds the data.
export const storageKey = new aws.kms.Key("StorageKey", {
  description: "Encrypts the mails, CVs and candidates of the CV mailbox.",
  enableKeyRotation: true,
  policy: $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      administer,
      {
        Sid: "LetDynamoDBKeepItsGrant",
        Effect: "Allow",
        Principal: administer.Principal,
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: {
          StringEquals: { "kms:ViaService": $interpolate`dynamodb.${region}.amazonaws.com` },
        },
      },
      {
        Sid: "SesStoresMail",
        Effect: "Allow",
        Principal: { Service: "ses.amazonaws.com" },
        Action: "kms:GenerateDataKey",
        Resource: "*",
        Condition: bySes,
      },
      {
        Sid: "IntakeReadsMailAndStoresCvs",
        Effect: "Allow",
        Principal: { AWS: roles.intake.arn },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: throughStorage,
      },
      {
        Sid: "RecruitersReadCandidates",
        Effect: "Allow",
        Principal: { AWS: roles.recruiters.arn },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: throughStorage,
      },
    ],
  }),
});

// A second key for how to reach a candidate: what is written with it is unreadable in the table,
// the function that takes CVs in cannot read back what it wrote.
const forOneCandidate = { Null: { "kms:EncryptionContext:candidate": "false" } };

export const contactKey = new aws.kms.Key("ContactKey", {
  description: "Encrypts candidates' contact data before it is stored.",
  enableKeyRotation: true,
  policy: $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      administer,
      {
        Sid: "IntakeEncrypts",
        Effect: "Allow",
        Principal: { AWS: roles.intake.arn },
        Action: "kms:Encrypt",
        Resource: "*",
        Condition: forOneCandidate,
      },
      {
        Sid: "RecruitersDecrypt",
        Effect: "Allow",
        Principal: { AWS: roles.recruiters.arn },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: forOneCandidate,
      },
    ],
  }),
});
