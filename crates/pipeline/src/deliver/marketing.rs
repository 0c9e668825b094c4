//! What the law asks of marketing mail, looked at before it is sent: CAN-SPAM (15 U.S.C. 7704(a)(5)) and its like
//! elsewhere want a way out and the sender's postal address.

use tidings_types::ComplianceSettings;
use tidings_types::rendered::Email;

/// Refuses a mail that lacks what it must show. In words.
pub(super) fn check(mail: &Email, unsubscribe: Option<&str>, settings: &ComplianceSettings) -> Result<(), String> {
    let Some(address) = settings
        .postal_address
        .as_deref()
        .filter(|address| !address.trim().is_empty())
    else {
        return Err(
            "Marketing mail must show a postal address: save it as `postal_address` in the settings `compliance`"
                .to_owned(),
        );
    };
    if !words(&mail.text).contains(&words(address)) {
        return Err(
            "Marketing mail must show the postal address of the settings `compliance`, and this one does not"
                .to_owned(),
        );
    }
    let link = unsubscribe.ok_or("Marketing mail must let people unsubscribe, and nobody is known by an id here")?;
    let shown = mail.text.contains(link) || mail.html.contains(link) || mail.html.contains(&link.replace('&', "&amp;"));
    if shown {
        Ok(())
    } else {
        Err("Marketing mail must show the link {$.urls.unsubscribe}, and this one does not".to_owned())
    }
}

/// The words of a text: an address may be set in one line or in several.
fn words(text: &str) -> String {
    let word = |word: &str| word.trim_matches(|one: char| !one.is_alphanumeric()).to_lowercase();
    let words: Vec<_> = text
        .split_whitespace()
        .map(word)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_must_be_there() {
        let settings = |address: &str| ComplianceSettings {
            postal_address: Some(address.to_owned()),
        };
        let mail = |text: &str| Email {
            text: text.to_owned(),
            ..Email::default()
        };
        let link = "https://t.example/u/x.y";
        let whole = mail("Buy!\nLeave: https://t.example/u/x.y\nAcme Inc., 1 Main Street\nSpringfield 12345");
        let address = settings("Acme Inc.\n1 Main Street\nSpringfield 12345");
        assert_eq!(check(&whole, Some(link), &address), Ok(()));
        assert!(check(&whole, None, &address).is_err());
        assert!(check(&whole, Some("https://t.example/u/other"), &address).is_err());
        assert!(check(&whole, Some(link), &settings("Elsewhere 7")).is_err());
        assert!(check(&whole, Some(link), &ComplianceSettings::default()).is_err());
        assert!(check(&mail("Leave: https://t.example/u/x.y"), Some(link), &address).is_err());
    }
}
