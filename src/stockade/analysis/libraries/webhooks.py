"""Signatures of webhooks: by these calls a function finds out which service has sent one."""

from stockade.analysis.libraries.model import Model, Noted, Returns, every

MODELS: tuple[Model, ...] = (
    Returns("nacl.signing.VerifyKey", "nacl.signing.VerifyKey"),
    Returns("ecdsa.VerifyingKey.from_string", "ecdsa.VerifyingKey"),
    Returns("ecdsa.VerifyingKey.from_pem", "ecdsa.VerifyingKey"),
    Returns("slack_sdk.signature.SignatureVerifier", "slack_sdk.signature.SignatureVerifier"),
    Returns(
        "twilio.request_validator.RequestValidator", "twilio.request_validator.RequestValidator"
    ),
    Returns("svix.webhooks.Webhook", "svix.webhooks.Webhook"),
    *(
        Returns(name, "npm:stripe.Stripe")
        for name in every("npm:stripe", "npm:stripe.{default,Stripe}")
    ),
    *(
        Noted(name)
        for name in every(
            "npm:stripe.Stripe.webhooks.{constructEvent,constructEventAsync}",
            "npm:discord-interactions.verifyKey",
            "npm:twilio.validateRequest",
            "npm:tweetnacl.sign.detached.verify",
            "npm:@octokit/webhooks-methods.verify",
            "stripe.Webhook.construct_event",
            "stripe.WebhookSignature.verify_header",
            "nacl.signing.VerifyKey.verify",
            "ecdsa.VerifyingKey.verify",
            "slack_sdk.signature.SignatureVerifier.{is_valid,is_valid_request}",
            "twilio.request_validator.RequestValidator.validate",
            "svix.webhooks.Webhook.verify",
            "discord_interactions.verify_key",
        )
    ),
)
