//! Tracking ids: a message and what happened to it, in one word that clients hand back.
//!
//! They are no secret and prove nothing: whoever hands one back is asked for a token like anyone else.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tidings_types::MessageId;

/// What can happen to a message in a person's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// It came into view.
    Opened,
    /// It was put away.
    Archived,
    /// It, or something in it, was clicked.
    Clicked,
    /// It reached the device.
    Delivered,
    /// It was marked as read.
    Read,
    /// It was marked as unread.
    Unread,
}

impl Happening {
    const ALL: [(Self, char); 6] = [
        (Self::Opened, 'o'),
        (Self::Archived, 'a'),
        (Self::Clicked, 'c'),
        (Self::Delivered, 'd'),
        (Self::Read, 'r'),
        (Self::Unread, 'u'),
    ];
}

/// A message and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrackingId {
    /// What happened.
    pub(crate) happening: Happening,
    /// To which message.
    pub(crate) message: MessageId,
}

impl TrackingId {
    pub(crate) fn new(happening: Happening, message: &MessageId) -> Self {
        Self {
            happening,
            message: message.clone(),
        }
    }

    /// Reads what [`fmt::Display`] writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut characters = text.chars();
        let letter = characters.next()?;
        let (happening, _) = Happening::ALL.into_iter().find(|(_, one)| *one == letter)?;
        let message = MessageId::from(characters.as_str());
        (!message.as_str().is_empty()).then_some(Self { happening, message })
    }
}

impl fmt::Display for TrackingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = Happening::ALL
            .into_iter()
            .find_map(|(one, letter)| (one == self.happening).then_some(letter));
        let text = format!("{}{}", letter.unwrap_or('o'), self.message);
        f.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_nonsense_is_none() {
        for (happening, _) in Happening::ALL {
            let id = TrackingId::new(happening, &MessageId::from("1-65f240a0-47a6:ada"));
            let text = id.to_string();
            assert_eq!(TrackingId::parse(&text), Some(id));
            assert!(
                text.bytes()
                    .all(|one| one.is_ascii_alphanumeric() || b"-_".contains(&one))
            );
        }
        for wrong in ["", "%", "bw", "eDE"] {
            assert_eq!(TrackingId::parse(wrong), None, "{wrong}");
        }
    }
}
