import { account, roles } from "./functions";
import { bySes, storageKey } from "./keys";

/** A bucket as SST makes it, private and only over TLS, that encrypts with our key and forgets. */
function storing(name: string, days: number, args: sst.aws.BucketArgs) {
  const bucket = new sst.aws.Bucket(name, { cors: false, versioning: true, ...args });
  new aws.s3.BucketOwnershipControls(`${name}Ownership`, {
    bucket: bucket.name,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  new aws.s3.BucketServerSideEncryptionConfigurationV2(`${name}Encryption`, {
    bucket: bucket.name,
    rules: [
      {
        bucketKeyEnabled: true,
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: storageKey.arn,
        },
      },
    ],
  });
  new aws.s3.BucketLifecycleConfigurationV2(`${name}Lifecycle`, {
    bucket: bucket.name,
    rules: [
      {
        id: "forget",
        status: "Enabled",
        expiration: { days },
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  });
  return bucket;
}

export const mailName = $interpolate`${$app.name}-mail-${account}`;
export const mail = storing("MailBucket", 30, {
  transform: {
    bucket: { bucket: mailName },
    policy: (args) => {
      args.policy = sst.aws.iamEdit(args.policy, (policy) => {
        policy.Statement.push(
          {
            Sid: "SesStoresMail",
            Effect: "Allow",
            Principal: { Service: "ses.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: $interpolate`arn:aws:s3:::${mailName}/incoming/*`,
            Condition: bySes,
          },
          {
            Sid: "NobodyElseWrites",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:PutObject",
            Resource: $interpolate`arn:aws:s3:::${mailName}/*`,
            Condition: {
              StringNotEqualsIfExists: { "aws:PrincipalServiceName": "ses.amazonaws.com" },
            },
          }
        );
      });
    },
  },
});

export const cvs = storing("CvBucket", 180, {
  policy: [
    {
      effect: "deny",
      principals: "*",
      actions: ["s3:PutObject"],
      paths: ["*"],
      conditions: [
        { test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [roles.intake.arn] },
      ],
    },
  ],
});

export const candidates = new sst.aws.Dynamo("Candidates", {
  fields: { id: "string", month: "string", received: "string" },
  primaryIndex: { hashKey: "id" },
  globalIndexes: {
    "by-month": { hashKey: "month", rangeKey: "received", projection: ["documents"] },
  },
  ttl: "forget",
  deletionProtection: true,
  transform: {
    table: { serverSideEncryption: { enabled: true, kmsKeyArn: storageKey.arn } },
  },
});
