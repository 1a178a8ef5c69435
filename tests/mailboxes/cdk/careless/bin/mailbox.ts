import { App } from "aws-cdk-lib";
import { MailboxStack } from "../lib/mailbox-stack";

new MailboxStack(new App(), "Mailbox");
