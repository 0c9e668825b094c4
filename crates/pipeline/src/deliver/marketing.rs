//! What the law asks of marketing mail, looked at before it is sent: CAN-SPAM (15 U.S.C. 7704(a)(5)) and its like
//! elsewhere want a way out and the sender's postal address.

use tidings_render::words_of_html;
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
    // People see the HTML where there is one, whatever the text beside it says.
    let seen = if mail.html.trim().is_empty() {
        mail.text.clone()
    } else {
        words_of_html(&mail.html)
    };
    if !words(&seen).contains(&words(address)) {
        return Err(
            "Marketing mail must show the postal address of the settings `compliance`, and this one does not"
                .to_owned(),
        );
    }
    let link = unsubscribe.ok_or("Marketing mail must let people unsubscribe, and nobody is known by an id here")?;
    if seen.contains(link) {
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

        // What people see counts: the HTML, where there is one.
        let with_html = |text: &Email, html: &str| Email {
            html: html.to_owned(),
            ..text.clone()
        };
        let says = "<p>Acme Inc.<br>1 Main Street, Springfield&nbsp;12345</p>";
        let leaves = "<a href=\"https://t.example/u/x.y\">Leave</a>";
        let seen = |html: &str| check(&with_html(&mail("Hi"), html), Some(link), &address);
        assert_eq!(seen(&format!("{says}{leaves}")), Ok(()));
        assert!(seen(says).is_err());
        assert!(seen(leaves).is_err());
        assert!(seen(&format!("<style>{says}</style>{leaves}")).is_err());
        assert!(seen(&format!("{says}<!-- {leaves} -->")).is_err());
        assert!(check(&with_html(&whole, "<p>buy now</p>"), Some(link), &address).is_err());
    }
}
