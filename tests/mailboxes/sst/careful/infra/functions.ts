export const account = aws.getCallerIdentityOutput().accountId;
export const region = aws.getRegionOutput().name;

// Lambda takes no code that our build has not signed.
const signing = new aws.lambda.CodeSigningConfig("Signing", {
  allowedPublishers: { signingProfileVersionArns: [process.env.SIGNING_PROFILE!] },
  policies: { untrustedArtifactOnDeployment: "Enforce" },
});

const assumeRolePolicy = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      actions: ["sts:AssumeRole"],
      principals: [{ type: "Service", identifiers: ["lambda.amazonaws.com"] }],
    },
  ],
}).json;

export const roles = {
  intake: new aws.iam.Role("IntakeRole", { assumeRolePolicy }),
  recruiters: new aws.iam.Role("RecruitersRole", { assumeRolePolicy }),
};

type Statement = { actions: string[]; resources: $util.Input<string>[] };

/** What a role may do stands beside it: the keys' policies name the role, and this the keys' data. */
export function allow(name: string, role: aws.iam.Role, logs: aws.cloudwatch.LogGroup, may: Statement[]) {
  const log = {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [$interpolate`${logs.arn}:*`],
  };
  new aws.iam.RolePolicy(`${name}Policy`, {
    role: role.name,
    policy: aws.iam.getPolicyDocumentOutput({ statements: [...may, log] }).json,
  });
}

export function made(name: string, role: aws.iam.Role, more: Partial<sst.aws.FunctionArgs>) {
  const logs = new aws.cloudwatch.LogGroup(`${name}Logs`, { retentionInDays: 30 });
  const fn = new sst.aws.Function(name, {
    handler: "app.handler",
    bundle: name.toLowerCase(),
    runtime: "python3.13",
    architecture: "arm64",
    memory: "512 MB",
    role: role.arn,
    logging: { format: "json", logGroup: logs.name },
    transform: { function: { codeSigningConfigArn: signing.arn } },
    ...more,
  });
  return { fn, logs };
}
