//! What people choose: the page they choose on, what holds for them, and how a choice is written.
//!
//! The hosted page, the embedded component and the API for apps all stand on these; none of them reads or writes
//! preferences in a way of its own.

mod brand;
mod choice;
mod clock;
mod confirmation;
mod consents;
mod of_list;
mod offer;
mod page;
mod provider;
mod publish;
mod said;
mod undo;
mod view;
mod wording;
mod write;

pub use brand::brand;
pub use choice::{Choice, Hours, Refusal, Routing};
pub use clock::Clock;
pub use confirmation::{CONFIRM_LINK_MS, Confirmation, ConfirmationWords, State, confirm, confirmation};
pub(crate) use consents::pseudonym;
pub use consents::{Erased, erase, is_revoked};
pub(crate) use of_list::{check_channels, list};
pub use of_list::{check_of_list, read_of_list};
pub use offer::Offer;
pub use page::{Page, PageSection, PageTopic, load as page};
pub use provider::left_at_provider;
pub use publish::{Publish, PublishedPage, publish};
pub use said::{Said, check_tenant};
pub use undo::{last_change, undo};
pub use view::{SectionView, TopicView, View, view};
pub use wording::{TopicWords, topic_words};
pub use write::{
    Change, Origin, Pause, Recorded, Speaker, WAVE, Written, change, change_page, leave_all, leave_unknown,
    pause_everything, record,
};

/// Whether a text names a time zone.
pub fn is_zone(name: &str) -> bool {
    tidings_domain::window::time_zone(name).is_ok()
}
