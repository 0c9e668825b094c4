//! What Tidings remembers: traits of domain verbs and the model they speak in.
//!
//! A store is any `Arc<dyn Store>`. Every verb is one transaction: when it returns `Ok`, its effect is durable, and
//! what must happen later (a queue row, a timer) was written with what happened now. Callers never ask which store
//! they have.
//!
//! - [`Messages`]: acceptance, the queue, a message's record.
//! - [`Engagements`]: what becomes of a message after it was handed over.
//! - [`Documents`]: templates, brands, topics, providers, strategies: anything a team edits.
//! - [`People`]: profiles, device tokens, preferences.
//! - [`Memberships`]: which people belong to which tenants.
//! - [`Lists`]: who subscribed to what.
//! - [`Audiences`]: whose profiles pass which filter.
//! - [`Requests`]: how far sends to many are.
//! - [`BulkJobs`]: people handed in piece by piece.
//! - [`Audit`] and [`Track`]: who changed what, and what the application tells of.
//! - [`Keys`]: API keys and signing secrets.
//! - [`Idempotency`]: replies kept for repeated calls.
//! - [`Feeds`]: people's in-app feeds, and what happens to them.
//! - [`Shelves`]: the outbox.
//! - [`Jobs`]: what must be done later and is no message.
//! - [`Webhooks`]: what is told to customers' own servers.
//! - [`Digests`]: messages that are gathered and sent as one.
//! - [`Erasure`]: forgetting a person altogether.
//! - [`Upkeep`]: what runs now and then.

pub mod audiences;
pub mod audit;
pub mod bulk;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod digests;
pub mod documents;
pub mod engagement;
pub mod erasure;
pub mod feed;
pub mod idempotency;
pub mod images;
pub mod jobs;
pub mod keys;
pub mod lists;
pub mod memberships;
pub mod messages;
pub mod page;
pub mod people;
pub mod redact;
pub mod requests;
pub mod shelves;
pub mod track;
pub mod upkeep;
pub mod vault;
pub mod webhooks;

pub use audiences::{Audience, AudienceMember, AudienceWrite, Audiences};
pub use audit::{Audit, AuditEvent, AuditLine};
pub use bulk::{BulkJob, BulkJobs, BulkOutcome, BulkRun, BulkUser, NewBulkUser};
pub use digests::{DigestEvent, DigestFilter, DigestInstance, DigestKey, Digests, Holding};
pub use documents::{
    Document, DocumentKind, DocumentVersion, DocumentWrite, Documents, NewDocument, ParentChange, SITTING_MS, WriteMode,
};
pub use engagement::{Act, Engaged, Engagement, Engagements, Hit, Told, ToldOfChannel};
pub use erasure::{ErasedMessages, Erasure};
pub use feed::{
    BulkMark, BulkMarked, BulkMarking, FeedChange, FeedEntry, FeedEvent, FeedFilter, FeedNews, FeedPosition, Feeds,
    Followed, Mark, Marked, Marking, NewFeedEntry, News,
};
pub use idempotency::{Begin, Idempotency, IdempotencyKey, StoredReply};
pub use images::{Image, Images, NewImage};
pub use jobs::{
    ClaimedJob, FollowUps, JobClaim, JobCount, JobDone, JobKey, JobNext, JobProof, JobRow, Jobs, MessagePage, NewJob,
};
pub use keys::{ApiKey, Keys};
pub use lists::{ListOfUser, ListRow, ListWord, Lists, NewSubscription, Subscription};
pub use memberships::{Membership, Memberships, NewMembership};
pub use messages::{
    Acceptance, CancelResult, Claim, Claimed, DeliveryCount, MessageFilter, MessageRow, Messages, NewMessage, Next,
    Output, ProviderRecord, QueueState, Record, RequestRow,
};
pub use page::{Cursor, Page, PageRequest};
pub use people::OfList;
pub use people::{
    Admission, AdmissionLimit, DeviceToken, Evidence, OptOuts, People, PreferenceChange, PreferenceLogFilter,
    PreferenceWrite, ProfileChange, Seen, StoredPreference,
};
pub use requests::{ArchivedPage, CanceledPage, RequestNote, RequestProgress, Requests};
pub use shelves::{Caught, NewCaught, Shelves};
pub use tidings_types::Lane;
pub use track::{Track, TrackEffect, TrackEvent, TrackKind};
pub use upkeep::Upkeep;
pub use vault::Vault;
pub use webhooks::Webhooks;

/// Everything a store can do.
pub trait Store:
    Messages
    + Engagements
    + Documents
    + People
    + Keys
    + Idempotency
    + Feeds
    + Shelves
    + Upkeep
    + Memberships
    + Jobs
    + Webhooks
    + Lists
    + Audiences
    + Requests
    + BulkJobs
    + Audit
    + Track
    + Digests
    + Erasure
    + Images
{
}

impl<T> Store for T where
    T: Messages
        + Engagements
        + Documents
        + People
        + Keys
        + Idempotency
        + Feeds
        + Shelves
        + Upkeep
        + Memberships
        + Jobs
        + Webhooks
        + Lists
        + Audiences
        + Requests
        + BulkJobs
        + Audit
        + Track
        + Digests
        + Erasure
        + Images
{
}
