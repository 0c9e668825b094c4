//! Mail addresses and phone numbers as people write them.

use email_address::{EmailAddress, Options};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use serde_json::Value;
use tidings_types::{Address, Error, Object, Result as SettingsResult, Settings};

use crate::{AddressProblem, Person};

/// The person's mail address, from the profile's `email`.
pub(crate) fn email_addresses(person: &Person<'_>) -> Result<Vec<Address>, AddressProblem> {
    let text = match person.profile.get("email") {
        None | Some(Value::Null) => return Err(AddressProblem::Missing("the profile has no email".to_owned())),
        Some(Value::String(text)) if text.trim().is_empty() => {
            return Err(AddressProblem::Missing("the profile's email is empty".to_owned()));
        }
        Some(Value::String(text)) => text,
        Some(_) => return Err(AddressProblem::Invalid("email: must be text".to_owned())),
    };
    let email = parse_email(text).map_err(|why| AddressProblem::Invalid(format!("email: {why}")))?;
    Ok(vec![Address::Email {
        email,
        name: display_name(person.profile),
    }])
}

/// The person's phone number in E.164 form, from the profile's `phone_number`.
pub(crate) fn phone_addresses(person: &Person<'_>) -> Result<Vec<Address>, AddressProblem> {
    let text = match person.profile.get("phone_number") {
        None | Some(Value::Null) => return Err(AddressProblem::Missing("the profile has no phone_number".to_owned())),
        Some(Value::String(text)) if text.trim().is_empty() => {
            return Err(AddressProblem::Missing(
                "the profile's phone_number is empty".to_owned(),
            ));
        }
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(AddressProblem::Invalid("phone_number: must be text".to_owned())),
    };
    let phone = parse_phone(&text, person.default_region);
    phone
        .map(|phone| vec![Address::Phone(phone)])
        .map_err(|why| AddressProblem::Invalid(format!("phone_number: {why}")))
}

/// Checks a mail address and gives it back with its domain in ASCII. Errors say what is wrong, in words.
///
/// The limits are those of RFC 5321, section 4.5.3.1, with the 254 characters a path leaves for an address.
pub fn parse_email(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.len() > 254 {
        return Err("longer than 254 characters");
    }
    if text.chars().any(char::is_control) {
        return Err("holds control characters");
    }
    let options = Options::default().without_display_text().without_domain_literal();
    let parsed = EmailAddress::parse_with_options(text, options).map_err(|_| "not a mail address")?;
    match url::Host::parse(parsed.domain()) {
        Ok(url::Host::Domain(domain)) => Ok(format!("{}@{domain}", parsed.local_part())),
        _ => Err("its domain is not a domain name"),
    }
}

/// Reads a phone number and gives its E.164 form. Numbers without `+` are read in a region.
///
/// Only what is not even a possible number, by its length, is refused: numbering plans change faster than metadata.
pub fn parse_phone(text: &str, default_region: &str) -> Result<String, &'static str> {
    let region = default_region
        .parse::<Region>()
        .map_err(|_| "the default region is not a known region")?;
    let number = PHONE_NUMBER_UTIL
        .parse(text.trim(), Some(region))
        .map_err(|_| "not a phone number")?;
    if !PHONE_NUMBER_UTIL.is_possible_number(&number) {
        return Err("not a possible phone number");
    }
    Ok(number.format_as(PhoneNumberFormat::E164).into_owned())
}

/// Whether numbers can be read in a region, such as `US`.
pub fn is_region(code: &str) -> bool {
    code.parse::<Region>()
        .is_ok_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
}

/// The name by which a person is greeted in a mail's `To`.
fn display_name(profile: &Object) -> Option<String> {
    let text = |key: &str| {
        profile
            .get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let name = match (text("name"), text("given_name"), text("family_name")) {
        (Some(name), _, _) => name.to_owned(),
        (None, Some(given), Some(family)) => format!("{given} {family}"),
        (None, Some(one), None) | (None, None, Some(one)) => one.to_owned(),
        (None, None, None) => return None,
    };
    Some(
        name.chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect(),
    )
}

/// Checks the sender's address in an account's settings.
pub(crate) fn check_from_address(settings: &Settings) -> SettingsResult<()> {
    let from = settings.text("from_address").unwrap_or_default();
    parse_email(&from)
        .map(drop)
        .map_err(|why| Error::invalid(format!("settings.from_address: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_become_e164() {
        for (text, expected) in [
            ("123-456-7890", "+11234567890"),
            ("(415) 555-2671", "+14155552671"),
            ("1 415 555 2671", "+14155552671"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+49 (0)30 123456", "+4930123456"),
            ("+11234567890", "+11234567890"),
        ] {
            assert_eq!(parse_phone(text, "US").as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(parse_phone("030 123456", "DE").as_deref(), Ok("+4930123456"));
    }

    #[test]
    fn only_impossible_phone_numbers_are_refused() {
        for text in [
            "",
            "12",
            "hello",
            "+",
            "+1 23",
            "99999999999999999999999",
            "+999 1234567",
            "\0",
        ] {
            assert!(parse_phone(text, "US").is_err(), "{text:?}");
        }
        assert!(parse_phone("123-456-7890", "XX").is_err());
    }

    #[test]
    fn mail_addresses_are_checked() {
        for (text, expected) in [
            ("ada@example.com", "ada@example.com"),
            (" ada@example.com ", "ada@example.com"),
            ("ada+tag@sub.example.co.uk", "ada+tag@sub.example.co.uk"),
            ("ada@localhost", "ada@localhost"),
            ("ada@b\u{fc}cher.example", "ada@xn--bcher-kva.example"),
        ] {
            assert_eq!(parse_email(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_mail_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        let very_long = format!("ada@{}.com", "a.".repeat(130));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@exa mple.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@exam\u{0}ple.com",
            "Ada <ada@example.com>",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@@example.com",
            &long,
            &very_long,
        ] {
            assert!(parse_email(text).is_err(), "{text:?}");
        }
    }
}
