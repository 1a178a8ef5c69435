import { CfnParameter, Duration, Stack } from "aws-cdk-lib";
import { HttpApi, CorsHttpMethod, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function, LayerVersion, Runtime } from "aws-cdk-lib/aws-lambda";
import { Bucket, EventType } from "aws-cdk-lib/aws-s3";
import { LambdaDestination } from "aws-cdk-lib/aws-s3-notifications";
import { ReceiptRuleSet } from "aws-cdk-lib/aws-ses";
import { S3 } from "aws-cdk-lib/aws-ses-actions";
import { Construct } from "constructs";

/** CVs that are mailed to jobs@ become candidates that recruiters can look up. */
export class MailboxStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const mailAddress = new CfnParameter(this, "MailAddress", { default: "jobs@example.com" });
    const atsUrl = new CfnParameter(this, "AtsUrl", { default: "https://ats.example.com/api/candidates" });
    const atsApiKey = new CfnParameter(this, "AtsApiKey", { noEcho: true });

    const bucket = new Bucket(this, "MailBucket");
    new ReceiptRuleSet(this, "MailRules", {
      rules: [
        {
          recipients: [mailAddress.valueAsString],
          actions: [new S3({ bucket, objectKeyPrefix: "incoming/" })],
        },
      ],
    });

    const candidates = new Table(this, "Candidates", {
      billingMode: BillingMode.PAY_PER_REQUEST,
      partitionKey: { name: "id", type: AttributeType.STRING },
    });

    const role = new Role(this, "FunctionRole", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSLambdaBasicExecutionRole")],
      inlinePolicies: {
        data: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ["s3:*", "dynamodb:*"], resources: ["*"] })],
        }),
      },
    });

    const shared = {
      runtime: Runtime.PYTHON_3_13,
      architecture: Architecture.ARM_64,
      handler: "app.handler",
      timeout: Duration.minutes(5),
      memorySize: 512,
      role: role.withoutPolicyUpdates(),
      environment: {
        TABLE: candidates.tableName,
        ATS_URL: atsUrl.valueAsString,
        ATS_API_KEY: atsApiKey.valueAsString,
      },
    };

    const poppler = new LayerVersion(this, "Poppler", { code: Code.fromAsset("layers/poppler") });
    const intake = new Function(this, "Intake", {
      ...shared,
      code: Code.fromAsset("intake"),
      layers: [poppler],
    });
    bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(intake), {
      prefix: "incoming/",
    });

    const pool = new UserPool(this, "RecruiterPool", { selfSignUpEnabled: false });
    const client = pool.addClient("RecruiterClient", { authFlows: { userSrp: true } });
    const api = new HttpApi(this, "RecruitersApi", {
      corsPreflight: { allowOrigins: ["*"], allowHeaders: ["Authorization"] },
      defaultAuthorizer: new HttpJwtAuthorizer("Recruiters", pool.userPoolProviderUrl, {
        jwtAudience: [client.userPoolClientId],
      }),
    });
    const recruiters = new Function(this, "Recruiters", { ...shared, code: Code.fromAsset("recruiters") });
    const integration = new HttpLambdaIntegration("RecruitersIntegration", recruiters);
    api.addRoutes({ path: "/candidates", methods: [HttpMethod.GET], integration });
    api.addRoutes({ path: "/candidates/{id}", methods: [HttpMethod.GET], integration });
  }
}
