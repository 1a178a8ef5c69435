import { account, allow, made, roles } from "./functions";
import { contactKey } from "./keys";
import { candidates, cvs } from "./storage";

const pool = new sst.aws.CognitoUserPool("RecruiterPool", {
  usernames: ["email"],
  mfa: "on",
  softwareToken: true,
  transform: {
    userPool: {
      deletionProtection: "ACTIVE",
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      passwordPolicy: { minimumLength: 14, temporaryPasswordValidityDays: 1 },
    },
  },
});

new aws.cognito.ResourceServer("RecruiterScopes", {
  userPoolId: pool.id,
  identifier: "candidates",
  name: "candidates",
  scopes: [{ scopeName: "read", scopeDescription: "Look candidates up" }],
});

new aws.cognito.UserPoolDomain("RecruiterDomain", {
  userPoolId: pool.id,
  domain: $interpolate`${$app.name}-${account}`,
});

pool.addClient("RecruiterClient", {
  transform: {
    client: {
      allowedOauthFlows: ["code"],
      allowedOauthScopes: ["openid", "candidates/read"],
      callbackUrls: ["http://localhost:8400/signed-in"],
      preventUserExistenceErrors: "ENABLED",
      accessTokenValidity: 60,
      refreshTokenValidity: 1,
      tokenValidityUnits: { accessToken: "minutes", refreshToken: "days" },
    },
  },
});

export const api = new sst.aws.ApiGatewayV1("RecruitersApi", {
  endpoint: { type: "regional" },
  accessLog: { retention: "3 months" },
  transform: { stage: { stageName: "v1" } },
});

const { fn: recruiters, logs } = made("Recruiters", roles.recruiters, {
  timeout: "10 seconds",
  concurrency: { reserved: 10 },
  environment: {
    CV_BUCKET: cvs.name,
    TABLE: candidates.name,
    CONTACT_KEY: contactKey.arn,
  },
});

allow("Recruiters", roles.recruiters, logs, [
  { actions: ["dynamodb:Query"], resources: [$interpolate`${candidates.arn}/index/by-month`] },
  { actions: ["dynamodb:GetItem"], resources: [candidates.arn] },
  { actions: ["s3:GetObject"], resources: [$interpolate`${cvs.arn}/cvs/*`] },
]);

const { id: authorizer } = api.addAuthorizer({ name: "recruiters", userPools: [pool.arn] });
const auth = { cognito: { authorizer, scopes: ["candidates/read"] } };
api.route("GET /candidates", recruiters.arn, { auth });
api.route("GET /candidates/{id}", recruiters.arn, { auth });
api.deploy();

const stage = api.nodes.stage;

new aws.apigateway.MethodSettings("RecruitersSettings", {
  restApi: api.nodes.api.id,
  stageName: stage.stageName,
  methodPath: "*/*",
  settings: { throttlingRateLimit: 10, throttlingBurstLimit: 20, loggingLevel: "ERROR" },
});

const visible = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
});

const firewall = new aws.wafv2.WebAcl("Firewall", {
  scope: "REGIONAL",
  defaultAction: { allow: {} },
  visibilityConfig: visible("recruiters"),
  rules: [
    {
      name: "common",
      priority: 0,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" },
      },
      visibilityConfig: visible("common"),
    },
    {
      name: "rate",
      priority: 1,
      action: { block: {} },
      statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 300 } },
      visibilityConfig: visible("rate"),
    },
  ],
});

new aws.wafv2.WebAclAssociation("FirewallBeforeApi", {
  resourceArn: stage.arn,
  webAclArn: firewall.arn,
});
