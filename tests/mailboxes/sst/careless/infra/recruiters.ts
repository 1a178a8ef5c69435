import { defaults } from "./data";

const pool = new sst.aws.CognitoUserPool("RecruiterPool", {
  transform: {
    userPool: {
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    },
  },
});

const client = pool.addClient("RecruiterClient", {
  transform: {
    client: {
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    },
  },
});

export const api = new sst.aws.ApiGatewayV2("RecruitersApi", {
  cors: { allowOrigins: ["*"], allowHeaders: ["Authorization"] },
});

const { id: authorizer } = api.addAuthorizer({
  name: "recruiters",
  jwt: {
    issuer: $interpolate`https://cognito-idp.${aws.getRegionOutput().name}.amazonaws.com/${pool.id}`,
    audiences: [client.id],
  },
});

const recruiters = new sst.aws.Function("Recruiters", defaults("recruiters"));

for (const route of ["GET /candidates", "GET /candidates/{id}"]) {
  api.route(route, recruiters.arn, { auth: { jwt: { authorizer } } });
}
