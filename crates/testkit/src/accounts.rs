//! Provider accounts whose vendors are doubles.

use serde_json::{Value, json};
use tidings_pipeline::accounts::seal_settings;
use tidings_store::{DocumentKind, WriteMode};
use tidings_types::Object;

use crate::{SmtpDouble, World};

impl World {
    /// Stores an account of a provider; its secrets are sealed as the API seals them.
    pub async fn account(&self, id: &str, provider: &str, settings: Value) {
        let Value::Object(settings) = settings else {
            return assert!(settings.is_object(), "settings are an object");
        };
        let settings: Object = seal_settings(&self.services, self.caller.environment, id, provider, &settings).unwrap();
        let body = json!({ "provider": provider, "alias": id, "settings": settings });
        self.document(DocumentKind::Provider, id, None, body, WriteMode::Live)
            .await;
    }

    /// A Twilio account, called `twilio`, at this address.
    pub async fn twilio(&self, url: &str) {
        let settings =
            json!({ "account_sid": "AC123", "auth_token": "secret-token", "from": "+15017122661", "base_url": url });
        self.account("twilio", "twilio", settings).await;
    }

    /// A SendGrid account, called `sendgrid`, at this address.
    pub async fn sendgrid(&self, url: &str) {
        let settings = json!({ "api_key": "SG.secret-key", "from_address": "no-reply@example.com", "base_url": url });
        self.account("sendgrid", "sendgrid", settings).await;
    }

    /// An SMTP account, called `smtp`, at this server.
    pub async fn smtp(&self, server: &SmtpDouble) {
        let settings = json!({ "host": "127.0.0.1", "port": server.port, "from_address": "no-reply@example.com" });
        self.account("smtp", "smtp", settings).await;
    }
}
