//! SMTP: mail through any submission server (RFC 5321, RFC 6409).

pub(crate) mod mime;

use tidings_types::{Address, Channel, Error, Outcome, Rendered, Result as SettingsResult, SecretString, Settings};

use crate::shared::address::{check_from_address, email_addresses};
use crate::shared::call;
use crate::{
    AddressProblem, Call, Guard, Outgoing, Person, Provider, Reject, Response, Setting, SettingKind, SmtpSubmission,
    SmtpTls, Spec,
};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "smtp",
    name: "SMTP",
    description: "Mail through any SMTP server.",
    channel: Channel::Email,
    settings: &[
        Setting::required("host", "The server's name or address."),
        Setting::required("port", "Its port: usually 587, 465 with `secure`, or 25.").of_kind(SettingKind::Number),
        Setting::required("from_address", "The sender's address."),
        Setting::optional("from_name", "The sender's name."),
        Setting::optional(
            "secure",
            "TLS from the first byte. Otherwise STARTTLS is used when the server offers it.",
        )
        .of_kind(SettingKind::Boolean),
        Setting::optional("username", "The user name, if the server wants one."),
        Setting::optional("password", "The password that goes with it.").secret(),
    ],
    always_available: false,
    check: Some(check),
};

fn check(settings: &Settings) -> SettingsResult<()> {
    check_from_address(settings)?;
    port(settings).map_err(|why| Error::invalid(format!("settings.port: {why}")))?;
    let host = settings.text("host").unwrap_or_default();
    if url::Host::parse(&host).is_err() && host.parse::<std::net::IpAddr>().is_err() {
        return Err(Error::invalid("settings.host: not a host name or address"));
    }
    if settings.text("password").is_some() && settings.text("username").is_none() {
        return Err(Error::invalid("settings.username: Required when there is a password"));
    }
    Ok(())
}

fn port(settings: &Settings) -> Result<u16, &'static str> {
    let port = settings
        .number("port")
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port > 0);
    port.ok_or("must be between 1 and 65535")
}

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct Smtp;

impl Provider for Smtp {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, _settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        email_addresses(person)
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let Rendered::Email(mail) = call.rendered else {
            return Err(call::wrong_content(&SPEC));
        };
        let from = call::mail_sender(call, mail)?;
        let domain = from.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let credentials = match (call.settings.text("username"), call.settings.text("password")) {
            (Some(username), Some(password)) => Some((username, SecretString::from(password))),
            (None, None) => None,
            _ => {
                return Err(Reject::Account(
                    "smtp needs username and password together, or neither".to_owned(),
                ));
            }
        };
        Ok(Outgoing::Smtp(Box::new(SmtpSubmission {
            host: call::setting(call.settings, "host")?,
            port: port(call.settings).map_err(|why| Reject::Account(format!("settings.port: {why}")))?,
            tls: if call.settings.flag("secure") == Some(true) {
                SmtpTls::Implicit
            } else {
                SmtpTls::Opportunistic
            },
            credentials,
            guard: Guard::Operator,
            message_id: format!("{}@{domain}", call.message.message_id),
            date: call.now,
            to: call::mail_recipient(call)?,
            mail: mail.clone(),
            from,
        })))
    }

    fn outcome(&self, _response: &Response) -> Outcome {
        Outcome::Refused {
            error: "smtp makes no HTTP calls".to_owned(),
        }
    }
}
