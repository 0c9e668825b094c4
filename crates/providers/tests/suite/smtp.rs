//! The driver against an SMTP server that misbehaves.

use serde_json::json;
use tidings_providers::{Driver, DriverOptions};
use tidings_testkit::smtp_double::{Certificate, Rules, SmtpDouble, Twist};
use tidings_types::rendered::{Attachment, Email, Mailbox};
use tidings_types::{Address, Outcome, Rendered};
use tokio::net::TcpListener;

use super::smtp_replies::{Kind, is_broken, is_dead, is_down, is_refused};
use crate::support::fixture::{CODE, Sending};

pub(crate) fn driver() -> Driver {
    Driver::new(DriverOptions::default()).unwrap()
}

pub(crate) fn to_port(port: u16) -> Sending {
    Sending::with("smtp")
        .set("host", json!("127.0.0.1"))
        .set("port", json!(port))
        .set("username", json!(null))
        .set("password", json!(null))
}

#[tokio::test]
async fn a_mail_arrives_as_text_and_html_with_the_servers_answer_kept() {
    let double = SmtpDouble::start(Rules::default()).await;
    let outcome = to_port(double.port).send(&driver()).await;
    let Outcome::Accepted { id, reference } = outcome else {
        panic!("{outcome:?}")
    };
    let message_id = "<1-68e77881-0123456789abcdef01234567@example.com>";
    assert_eq!(id.as_deref(), Some(message_id));
    assert_eq!(reference["response"], "250 2.0.0 Ok: queued as 4F2A1");
    let mail = double.mails().remove(0);
    assert_eq!(mail.from, "MAIL FROM:<no-reply@example.com>");
    assert_eq!(mail.to, ["RCPT TO:<ada@example.org>"]);
    for line in [
        "From: Example <no-reply@example.com>\r\n",
        "To: Ada <ada@example.org>\r\n",
        "Subject: Reset your password\r\n",
        "Date: Thu, 09 Oct 2025 08:53:21 +0000\r\n",
        "MIME-Version: 1.0\r\n",
        &format!("Message-ID: {message_id}\r\n"),
        "Content-Type: multipart/alternative;\r\n boundary=\"=_alternative_168e778810123456789abcdef01234567example\"\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "Your code is 493021.",
    ] {
        assert!(mail.data.contains(line), "{line:?} is not in\n{}", mail.data);
    }
    let (text, html) = (
        mail.data.find("text/plain").unwrap(),
        mail.data.find("text/html").unwrap(),
    );
    assert!(text < html, "plain text stands first");
}

#[tokio::test]
async fn every_attempt_sends_the_same_bytes() {
    let double = SmtpDouble::start(Rules::default()).await;
    let driver = driver();
    for _ in 0..2 {
        assert!(matches!(
            to_port(double.port).send(&driver).await,
            Outcome::Accepted { .. }
        ));
    }
    let mails = double.mails();
    assert_eq!(mails[0].data, mails[1].data);
}

#[tokio::test]
async fn all_parts_of_a_mail_arrive() {
    let double = SmtpDouble::start(Rules::default()).await;
    let mut sending = to_port(double.port);
    let link = format!("<https://example.com/u/{}>", "x".repeat(120));
    sending.rendered = Rendered::Email(Email {
        subject: "Gr\u{fc}\u{df}e \u{1f44b}".to_owned(),
        html: format!("<p>{}</p>", "long \u{fc} ".repeat(300)),
        text: ".leading dot\n.\nnaked line breaks\n".to_owned(),
        reply_to: Some(Mailbox {
            email: "help@example.com".to_owned(),
            name: None,
        }),
        cc: vec![Mailbox {
            email: "cc@example.com".to_owned(),
            name: None,
        }],
        bcc: vec![Mailbox {
            email: "bcc@example.com".to_owned(),
            name: None,
        }],
        headers: vec![
            ("List-Unsubscribe".to_owned(), link.clone()),
            (
                "List-Unsubscribe-Post".to_owned(),
                "List-Unsubscribe=One-Click".to_owned(),
            ),
            ("Message-ID".to_owned(), "<mine@example.com>".to_owned()),
        ],
        attachments: vec![Attachment {
            filename: "r\u{e9}sum\u{e9}.txt".to_owned(),
            content_type: "text/plain".to_owned(),
            data: "aGVsbG8=".to_owned(),
        }],
        from: None,
    });
    let outcome = sending.send(&driver()).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let mail = double.mails().remove(0);
    assert_eq!(
        mail.to,
        [
            "RCPT TO:<ada@example.org>",
            "RCPT TO:<cc@example.com>",
            "RCPT TO:<bcc@example.com>"
        ]
    );
    assert!(
        mail.data.is_ascii() && mail.data.lines().all(|line| line.len() <= 998),
        "{}",
        mail.data
    );
    assert!(
        !mail.data.contains("bcc@example.com") && !mail.data.contains("mine@example.com"),
        "{}",
        mail.data
    );
    assert!(
        !mail.data.replace("\r\n", "").contains(['\r', '\n']),
        "naked line breaks"
    );
    for part in [
        "Subject: =?utf-8?b?",
        "Content-Type: multipart/mixed;",
        "Content-Type: multipart/alternative;",
        &format!("List-Unsubscribe: {link}\r\n"),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "Reply-To: help@example.com\r\n",
        "Cc: cc@example.com\r\n",
        "\r\n.leading dot\r\n.\r\nnaked line breaks",
        "aGVsbG8=",
    ] {
        assert!(mail.data.contains(part), "{part:?} is not in\n{}", mail.data);
    }
}

#[tokio::test]
async fn a_line_break_in_a_subject_cannot_add_a_header() {
    let double = SmtpDouble::start(Rules::default()).await;
    let mut sending = to_port(double.port);
    let subject = "Hi\r\nBcc: eve@example.com".to_owned();
    sending.rendered = Rendered::Email(Email {
        subject,
        text: "t".to_owned(),
        ..Email::default()
    });
    let outcome = sending.send(&driver()).await;
    if let Some(mail) = double.mails().first() {
        let head = mail.data.split("\r\n\r\n").next().unwrap();
        assert!(
            !head.lines().any(|line| line.to_lowercase().starts_with("bcc")),
            "{head}"
        );
    } else {
        assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_the_provider_being_down() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let outcome = to_port(port).send(&driver()).await;
    assert!(
        is_down(&outcome) && outcome.error().unwrap().contains("refused"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_login_is_made_and_its_refusal_is_the_operators_to_mend() {
    let login = |double: &SmtpDouble| {
        to_port(double.port)
            .set("username", json!("u"))
            .set("password", json!("passw0rd"))
    };
    let rules = Rules {
        extensions: vec!["AUTH PLAIN LOGIN"],
        ..Rules::default()
    };
    let double = SmtpDouble::start(rules.clone()).await;
    assert!(matches!(login(&double).send(&driver()).await, Outcome::Accepted { .. }));
    // base64 of "\0u\0passw0rd"
    assert!(
        double.commands().contains(&"AUTH PLAIN AHUAcGFzc3cwcmQ=".to_owned()),
        "{:?}",
        double.commands()
    );

    for (reply, expected) in [
        ("535 5.7.8 no: passw0rd", is_broken as Kind),
        ("534 5.7.9 too weak", is_broken),
        ("454 4.7.0 later", is_down),
    ] {
        let twisted = Rules {
            extensions: rules.extensions.clone(),
            ..Rules::twist("AUTH", Twist::Say(reply))
        };
        let double = SmtpDouble::start(twisted).await;
        let outcome = login(&double).send(&driver()).await;
        assert!(expected(&outcome), "{reply}: {outcome:?}");
        assert!(!outcome.error().unwrap().contains("passw0rd"), "{outcome:?}");
    }

    let double = SmtpDouble::start(Rules::default()).await;
    let outcome = login(&double).send(&driver()).await;
    assert!(is_broken(&outcome), "no mechanism is offered: {outcome:?}");
    assert!(double.mails().is_empty());
}

#[tokio::test]
async fn connections_are_kept_for_the_next_mail() {
    let double = SmtpDouble::start(Rules::default()).await;
    let driver = driver();
    for _ in 0..5 {
        assert!(matches!(
            to_port(double.port).send(&driver).await,
            Outcome::Accepted { .. }
        ));
    }
    assert_eq!((double.connections(), double.mails().len()), (1, 5));
}

#[tokio::test]
async fn a_refused_recipient_leaves_the_connection_usable() {
    let double = SmtpDouble::start(Rules::twist("RCPT", Twist::Say("550 5.1.1 no such user"))).await;
    let driver = driver();
    for _ in 0..3 {
        assert!(is_dead(&to_port(double.port).send(&driver).await));
    }
    assert_eq!(double.connections(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced_without_anybody_noticing() {
    let double = SmtpDouble::start(Rules {
        mails_per_connection: Some(1),
        ..Rules::default()
    })
    .await;
    let driver = driver();
    for _ in 0..4 {
        let outcome = to_port(double.port).send(&driver).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }
    assert_eq!((double.connections(), double.mails().len()), (4, 4));
}

#[tokio::test]
async fn connections_are_not_shared_between_logins() {
    let double = SmtpDouble::start(Rules {
        extensions: vec!["AUTH PLAIN"],
        ..Rules::default()
    })
    .await;
    let driver = driver();
    for user in ["one", "two", "one", "two"] {
        let sending = to_port(double.port)
            .set("username", json!(user))
            .set("password", json!("p"));
        assert!(matches!(sending.send(&driver).await, Outcome::Accepted { .. }));
    }
    assert_eq!(double.connections(), 2);
}

#[tokio::test]
async fn a_copy_that_is_refused_does_not_keep_the_mail_from_its_recipient() {
    let double = SmtpDouble::start(Rules {
        unknown_recipient: Some("gone@example.com"),
        ..Rules::default()
    })
    .await;
    let mut sending = to_port(double.port);
    let Rendered::Email(mail) = &mut sending.rendered else {
        panic!("a mail")
    };
    mail.cc = vec![
        Mailbox {
            email: "gone@example.com".to_owned(),
            name: None,
        },
        Mailbox {
            email: "cc@example.com".to_owned(),
            name: None,
        },
    ];
    let Outcome::Accepted { reference, .. } = sending.send(&driver()).await else {
        panic!("not accepted")
    };
    assert_eq!(reference["refused_copies"], json!(["gone@example.com"]));
    assert_eq!(
        double.mails()[0].to,
        ["RCPT TO:<ada@example.org>", "RCPT TO:<cc@example.com>"]
    );
}

#[tokio::test]
async fn an_address_beyond_ascii_needs_a_server_that_takes_it() {
    for (extensions, accepted) in [(vec![], false), (vec!["SMTPUTF8"], true)] {
        let double = SmtpDouble::start(Rules {
            extensions,
            ..Rules::default()
        })
        .await;
        let mut sending = to_port(double.port);
        sending.address = Address::Email {
            email: "\u{fc}@example.org".to_owned(),
            name: None,
        };
        let outcome = sending.send(&driver()).await;
        assert_eq!(matches!(outcome, Outcome::Accepted { .. }), accepted, "{outcome:?}");
        assert!(accepted || is_refused(&outcome), "{outcome:?}");
    }
}

#[tokio::test]
async fn both_kinds_of_tls_encrypt_and_check_the_certificate() {
    let certificate = Certificate::for_localhost();
    for implicit in [true, false] {
        let rules = Rules {
            tls: Some((certificate.clone(), implicit)),
            extensions: vec!["AUTH PLAIN"],
            ..Rules::default()
        };
        let double = SmtpDouble::start(rules).await;
        let sending = to_port(double.port)
            .set("host", json!("localhost"))
            .set("secure", json!(implicit))
            .set("username", json!("u"))
            .set("password", json!("passw0rd"));
        let outcome = sending.send(&driver()).await;
        assert!(is_down(&outcome), "an unknown certificate: {outcome:?}");
        assert!(double.mails().is_empty() && !double.commands().iter().any(|line| line.starts_with("AUTH")));

        let extra_roots = vec![certificate.der.clone()];
        let trusting = Driver::new(DriverOptions {
            extra_roots,
            ..DriverOptions::default()
        })
        .unwrap();
        for _ in 0..2 {
            let outcome = sending.send(&trusting).await;
            assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        }
        assert!(double.mails().iter().all(|mail| mail.encrypted));
    }
}

#[tokio::test]
async fn a_send_cannot_point_mail_at_a_private_host() {
    let double = SmtpDouble::start(Rules::default()).await;
    let overrides =
        json!({ "config": { "host": "127.0.0.1", "port": double.port, "auth": { "user": "u", "pass": "p" } } });
    let outcome = Sending::with("smtp").overriding(overrides).send(&driver()).await;
    assert!(
        matches!(&outcome, Outcome::Refused { error } if error.contains("private")),
        "{outcome:?}"
    );
    assert_eq!(double.connections(), 0);
}

#[tokio::test]
async fn a_server_that_quotes_the_mail_does_not_get_it_into_the_error() {
    let double = SmtpDouble::start(Rules::twist(".", Twist::Say("550 5.7.1 spam: Your code is 493021."))).await;
    let outcome = to_port(double.port).send(&driver()).await;
    assert!(
        is_refused(&outcome) && !outcome.error().unwrap().contains(CODE),
        "{outcome:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_mails_at_once_all_arrive_over_few_connections() {
    let double = SmtpDouble::start(Rules::default()).await;
    let driver = std::sync::Arc::new(driver());
    let (workers, each) = (16, 50);
    let started = std::time::Instant::now();
    let tasks: Vec<_> = (0..workers)
        .map(|_| {
            let (driver, port) = (std::sync::Arc::clone(&driver), double.port);
            tokio::spawn(async move {
                for _ in 0..each {
                    let outcome = to_port(port).send(&driver).await;
                    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "{:.0} mails/s",
        f64::from(workers * each) / started.elapsed().as_secs_f64()
    );
    assert_eq!(double.mails().len(), 800);
    assert!(double.connections() <= 16, "{}", double.connections());
}
