export const candidates = new aws.dynamodb.Table("Candidates", {
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
});

// The key that the applicant tracking system gave us.
const atsApiKey = new sst.Secret("AtsApiKey");

const role = new aws.iam.Role("FunctionRole", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
    Service: "lambda.amazonaws.com",
  }),
  managedPolicyArns: [
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
  ],
  inlinePolicies: [
    {
      name: "data",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["s3:*", "dynamodb:*"], Resource: "*" },
        ],
      }),
    },
  ],
});

export function defaults(bundle: string): sst.aws.FunctionArgs {
  return {
    handler: "app.handler",
    bundle,
    runtime: "python3.13",
    architecture: "arm64",
    timeout: "5 minutes",
    memory: "512 MB",
    role: role.arn,
    logging: false,
    environment: {
      TABLE: candidates.name,
      ATS_URL: process.env.ATS_URL ?? "https://ats.example.com/api/candidates",
      ATS_API_KEY: atsApiKey.value,
    },
  };
}
