//! A store that fails when told to, around one that works.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use tidings_store::lists::By;
use tidings_store::webhooks::{
    DeliveryState, NewWebhookDelivery, WebhookDelivery, WebhookHealth, WebhookTried, Webhooks,
};
use tidings_store::{
    Acceptance, Admission, ApiKey, ArchivedPage, Audience, AudienceMember, AudienceWrite, Audiences, Audit, AuditEvent,
    Begin, BulkJob, BulkJobs, BulkMarked, BulkMarking, BulkRun, BulkUser, CancelResult, CanceledPage, Caught, Claim,
    Claimed, ClaimedJob, DeliveryCount, DeviceToken, DigestEvent, DigestFilter, DigestInstance, Digests, Document,
    DocumentKind, DocumentVersion, DocumentWrite, Documents, Engaged, Engagement, Engagements, ErasedMessages, Erasure,
    FeedEntry, FeedFilter, FeedPosition, Feeds, Followed, Idempotency, IdempotencyKey, Image, Images, JobClaim,
    JobCount, JobDone, JobKey, JobProof, JobRow, Jobs, Keys, Lane, ListOfUser, ListRow, Lists, Marked, Marking,
    Membership, Memberships, MessageFilter, MessageRow, Messages, NewBulkUser, NewDocument, NewImage, NewJob,
    NewMembership, NewSubscription, News, OptOuts, Output, Page, PageRequest, People, PreferenceChange,
    PreferenceLogFilter, PreferenceWrite, ProfileChange, QueueState, Record, RequestProgress, RequestRow, Requests,
    Shelves, Store, StoredPreference, StoredReply, Subscription, Track, TrackEffect, TrackEvent, Upkeep,
};
use tidings_types::consent::Consent;
use tidings_types::{Environment, Event, MessageId, Object, RequestId, Result, Status, Timestamp, TopicId, UserId};

use crate::Faults;

/// A store that fails when told to.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    faults: Arc<Faults>,
}

impl FaultyStore {
    /// Fails as `faults` says, and otherwise does what `inner` does.
    pub fn new(inner: Arc<dyn Store>, faults: Arc<Faults>) -> Self {
        Self { inner, faults }
    }
}

/// Writes out a trait whose every verb is passed on, unless it is to fail.
macro_rules! pass_on {
    ($Trait:ident { $(fn $verb:ident($($name:ident: $Type:ty),*) -> $Out:ty;)* }) => {
        #[async_trait]
        impl $Trait for FaultyStore {
            $(
                async fn $verb(&self, $($name: $Type),*) -> Result<$Out> {
                    self.faults.meet(stringify!($verb), self.inner.$verb($($name),*)).await
                }
            )*
        }
    };
}

pass_on!(Messages {
    fn accept(acceptance: Acceptance) -> ();
    fn claim(claim: Claim) -> Vec<Claimed>;
    fn record(record: Record) -> bool;
    fn release(claims: Vec<(Environment, MessageId, i64)>) -> ();
    fn next_due(lane: Lane) -> Option<Timestamp>;
    fn queue_state(now: Timestamp) -> QueueState;
    fn message(environment: Environment, id: &MessageId) -> Option<MessageRow>;
    fn request(environment: Environment, id: &RequestId) -> Option<RequestRow>;
    fn messages(environment: Environment, filter: MessageFilter, page: PageRequest) -> Page<MessageRow>;
    fn history(environment: Environment, id: &MessageId) -> Vec<Event>;
    fn outputs(environment: Environment, id: &MessageId) -> Vec<Output>;
    fn cancel(environment: Environment, id: &MessageId, now: Timestamp) -> CancelResult;
    fn template_deliveries(
        environment: Environment, notification: &str, from: Timestamp, until: Timestamp
    ) -> Vec<DeliveryCount>;
});

pass_on!(Engagements {
    fn engage(engagements: Vec<Engagement>) -> Vec<Engaged>;
});

pass_on!(Documents {
    fn create_document(environment: Environment, new: NewDocument) -> Document;
    fn write_document(environment: Environment, write: DocumentWrite) -> Option<Document>;
    fn publish_document(
        environment: Environment, kind: DocumentKind, id: &str, version: Option<u32>, now: Timestamp, by: &str
    ) -> Option<Document>;
    fn put_in_force(
        environment: Environment, kind: DocumentKind, id: &str, version: u32, seen: Option<&Value>, now: Timestamp
    ) -> Option<Document>;
    fn name_document(environment: Environment, kind: DocumentKind, name: &str, id: &str) -> bool;
    fn document_names(environment: Environment, kind: DocumentKind) -> Vec<(String, String)>;
    fn archive_document(environment: Environment, kind: DocumentKind, id: &str) -> bool;
    fn document(environment: Environment, kind: DocumentKind, id: &str) -> Option<Document>;
    fn archived_document(environment: Environment, kind: DocumentKind, id: &str) -> Option<Document>;
    fn document_by_name(environment: Environment, kind: DocumentKind, name: &str) -> Option<Document>;
    fn documents(
        environment: Environment, kind: DocumentKind, parent: Option<&str>, page: PageRequest
    ) -> Page<Document>;
    fn versions(environment: Environment, kind: DocumentKind, id: &str, page: PageRequest) -> Page<DocumentVersion>;
    fn version(environment: Environment, kind: DocumentKind, id: &str, number: u32) -> Option<DocumentVersion>;
    fn documents_revision(environment: Environment) -> i64;
});

pass_on!(People {
    fn profile(environment: Environment, user: &UserId) -> Option<Object>;
    fn profiles(environment: Environment, page: PageRequest) -> Page<(UserId, Object)>;
    fn is_known(environment: Environment, user: &UserId) -> bool;
    fn change_profile(environment: Environment, user: &UserId, change: ProfileChange, now: Timestamp) -> Object;
    fn delete_profile(environment: Environment, user: &UserId) -> bool;
    fn tokens(environment: Environment, user: &UserId) -> Vec<DeviceToken>;
    fn put_tokens(environment: Environment, user: &UserId, tokens: Vec<DeviceToken>) -> ();
    fn delete_token(environment: Environment, user: &UserId, token: &str) -> bool;
    fn preferences(environment: Environment, user: &UserId, tenant: Option<&str>) -> Vec<StoredPreference>;
    fn preference(
        environment: Environment, user: &UserId, tenant: Option<&str>, topic: &TopicId
    ) -> Option<StoredPreference>;
    fn write_preferences(environment: Environment, user: &UserId, write: PreferenceWrite) -> Vec<TopicId>;
    fn preference_log(
        environment: Environment, filter: PreferenceLogFilter, page: PageRequest
    ) -> Page<PreferenceChange>;
    fn opt_outs_by_domain(environment: Environment, since: Timestamp, people: u32) -> Vec<OptOuts>;
    fn revoke_links(environment: Environment, user: &UserId, before: Timestamp) -> ();
    fn links_revoked(environment: Environment, user: &UserId) -> Option<Timestamp>;
    fn consents(environment: Environment, user: &UserId) -> Vec<Consent>;
    fn admit(environment: Environment, user: &UserId, admission: Admission) -> Option<usize>;
    fn erase_preferences(environment: Environment, user: &UserId, pseudonym: &UserId, now: Timestamp) -> u64;
});

pass_on!(Erasure {
    fn erase_person(
        environment: Environment, user: &UserId, pseudonym: &UserId, job: NewJob, now: Timestamp
    ) -> u64;
    fn erase_messages(
        environment: Environment, user: &UserId, pseudonym: &UserId, until: Timestamp, limit: u32, now: Timestamp
    ) -> ErasedMessages;
});

pass_on!(Memberships {
    fn put_memberships(environment: Environment, new: Vec<NewMembership>, now: Timestamp) -> ();
    fn delete_membership(environment: Environment, user: &UserId, tenant: &str) -> bool;
    fn delete_memberships(environment: Environment, user: &UserId) -> ();
    fn clear_tenant(environment: Environment, tenant: &str, before: Timestamp, limit: u32) -> u32;
    fn membership(environment: Environment, user: &UserId, tenant: &str) -> Option<Membership>;
    fn memberships(environment: Environment, user: &UserId, page: PageRequest) -> Page<Membership>;
    fn members(environment: Environment, tenant: &str, page: PageRequest) -> Page<Membership>;
    fn belonging(environment: Environment, tenant: &str, users: Vec<UserId>) -> Vec<UserId>;
    fn sole_tenants(environment: Environment, users: Vec<UserId>) -> Vec<(UserId, String)>;
});

pass_on!(Lists {
    fn put_list(
        environment: Environment, id: &str, name: &str, preferences: Option<Object>, now: Timestamp
    ) -> ();
    fn list(environment: Environment, id: &str) -> Option<ListRow>;
    fn lists(environment: Environment, prefix: &str, page: PageRequest) -> Page<ListRow>;
    fn delete_list(environment: Environment, id: &str, now: Timestamp) -> bool;
    fn restore_list(environment: Environment, id: &str, now: Timestamp) -> bool;
    fn subscribe(
        environment: Environment, list: &str, people: Vec<NewSubscription>, replace: bool, by: By
    ) -> ();
    fn subscribe_later(
        environment: Environment, list: &str, replace: bool, job: NewJob, now: Timestamp
    ) -> ();
    fn fill_list(
        environment: Environment, list: &str, job: &str, people: Vec<NewSubscription>, by: By
    ) -> bool;
    fn end_fill(
        environment: Environment, list: &str, job: &str, replace: bool, limit: u32, by: By
    ) -> bool;
    fn is_being_filled(environment: Environment, list: &str, asked: Timestamp) -> bool;
    fn subscribe_to(
        environment: Environment, user: &UserId, lists: Vec<(String, Option<Object>)>, by: By
    ) -> ();
    fn unsubscribe(environment: Environment, list: &str, users: Vec<UserId>, by: By) -> u64;
    fn unsubscribe_from_all(environment: Environment, user: &UserId, by: By) -> ();
    fn subscription(environment: Environment, list: &str, user: &UserId) -> Option<Subscription>;
    fn subscriptions(environment: Environment, list: &str, page: PageRequest) -> Page<Subscription>;
    fn lists_of(environment: Environment, user: &UserId, page: PageRequest) -> Page<ListOfUser>;
});

pass_on!(Audiences {
    fn put_audience(environment: Environment, write: AudienceWrite) -> Audience;
    fn audience(environment: Environment, id: &str) -> Option<Audience>;
    fn audiences(environment: Environment, page: PageRequest) -> Page<Audience>;
    fn delete_audience(environment: Environment, id: &str, rebuild: NewJob) -> bool;
    fn audience_members(environment: Environment, id: &str, page: PageRequest) -> Page<AudienceMember>;
    fn is_audience_member(environment: Environment, id: &str, user: &UserId) -> bool;
    fn rebuild_audience(
        environment: Environment, id: &str, after: Option<&UserId>, now: Timestamp, limit: u32
    ) -> Option<UserId>;
    fn review_audiences(environment: Environment, user: &UserId, key: &str, now: Timestamp) -> ();
    fn sweep_audience(environment: Environment, id: &str, now: Timestamp, limit: u32) -> u32;
    fn tell_audience(environment: Environment, id: &str, now: Timestamp) -> ();
});

pass_on!(Requests {
    fn request_progress(environment: Environment, id: &RequestId) -> RequestProgress;
    fn count_messages(environment: Environment, id: &RequestId) -> Vec<(Status, u64)>;
    fn archive_messages(
        environment: Environment, id: &RequestId, after: Option<&MessageId>, limit: u32
    ) -> ArchivedPage;
    fn cancel_request(environment: Environment, id: &RequestId, now: Timestamp) -> bool;
    fn cancel_messages(
        environment: Environment, id: &RequestId, after: Option<&MessageId>, now: Timestamp, limit: u32
    ) -> CanceledPage;
});

pass_on!(BulkJobs {
    fn bulk_definition(environment: Environment, id: &str) -> Option<Value>;
    fn create_bulk_job(environment: Environment, id: &str, definition: Value, one_time: bool, now: Timestamp) -> ();
    fn add_bulk_users(environment: Environment, id: &str, users: Vec<NewBulkUser>) -> Option<Vec<usize>>;
    fn run_bulk_job(environment: Environment, id: &str, request: RequestRow, job: NewJob) -> BulkRun;
    fn bulk_job(environment: Environment, id: &str) -> Option<BulkJob>;
    fn bulk_users(environment: Environment, id: &str, page: PageRequest) -> Page<BulkUser>;
});

pass_on!(Audit {
    fn audit_events(environment: Environment, page: PageRequest) -> Page<AuditEvent>;
    fn audit_event(environment: Environment, id: &str) -> Option<AuditEvent>;
});

pass_on!(Track {
    fn take_track_event(environment: Environment, event: TrackEvent, effect: Option<TrackEffect>) -> bool;
    fn track_events(environment: Environment, page: PageRequest) -> Page<TrackEvent>;
    fn track_event(environment: Environment, message_id: &str) -> Option<TrackEvent>;
});

pass_on!(Digests {
    fn digest_instances(environment: Environment, filter: DigestFilter, page: PageRequest) -> Page<DigestInstance>;
    fn digest_events(environment: Environment, user: &UserId, instance: &str) -> Vec<DigestEvent>;
    fn release_digest(
        environment: Environment, instance: DigestInstance, acceptances: Vec<Acceptance>, now: Timestamp
    ) -> bool;
    fn prune_digests(before: Timestamp, limit: u32) -> u32;
    fn move_digest(
        environment: Environment, instance: DigestInstance, schedule_id: &str, jobs: Vec<NewJob>
    ) -> bool;
});

pass_on!(Keys {
    fn create_key(key: ApiKey) -> ();
    fn key_by_hash(hash: &str) -> Option<ApiKey>;
    fn keys() -> Vec<ApiKey>;
    fn revoke_key(id: &str, now: Timestamp) -> bool;
    fn secret(environment: Environment, name: &str, candidate: &str) -> String;
});

pass_on!(Idempotency {
    fn begin(
        key: &IdempotencyKey, fingerprint: &str, now: Timestamp, expires: Timestamp, running_ms: u64
    ) -> Begin;
    fn finish(key: &IdempotencyKey, reply: StoredReply) -> ();
    fn abandon(key: &IdempotencyKey) -> ();
});

pass_on!(Feeds {
    fn feed(
        environment: Environment, user: &str, filter: FeedFilter, now: Timestamp, page: PageRequest
    ) -> Page<FeedEntry>;
    fn feed_count(environment: Environment, user: &str, filter: FeedFilter, now: Timestamp) -> u64;
    fn feed_entry(environment: Environment, user: &str, message: &MessageId, now: Timestamp) -> Option<FeedEntry>;
    fn mark_each(markings: Vec<Marking>) -> Vec<Marked>;
    fn mark_all(marking: BulkMarking) -> BulkMarked;
    fn follow(followed: Followed) -> i64;
    fn news(positions: Vec<FeedPosition>, now: Timestamp, limit: u32) -> Vec<News>;
    fn prune_feed(changes_before: Timestamp, sources_before: Timestamp) -> u64;
});

pass_on!(Shelves {
    fn outbox(environment: Option<Environment>, page: PageRequest) -> Page<Caught>;
    fn outbox_since(environment: Option<Environment>, after: i64, limit: u32) -> Vec<Caught>;
    fn caught(number: i64) -> Option<Caught>;
    fn clear_outbox(environment: Option<Environment>) -> ();
});

pass_on!(Images {
    fn put_image(environment: Environment, image: NewImage) -> bool;
    fn has_image(environment: Environment, digest: &str) -> bool;
    fn image(environment: Environment, digest: &str) -> Option<Image>;
});

pass_on!(Jobs {
    fn enqueue_jobs(jobs: Vec<NewJob>) -> ();
    fn claim_jobs(claim: JobClaim) -> Vec<ClaimedJob>;
    fn complete_job(done: JobDone) -> bool;
    fn release_jobs(claims: Vec<(JobKey, JobProof)>) -> ();
    fn next_job_due(kind: &str) -> Option<Timestamp>;
    fn job(name: &JobKey) -> Option<JobRow>;
    fn cancel_job(name: &JobKey) -> bool;
    fn dead_jobs(environment: Environment, page: PageRequest) -> Page<JobRow>;
    fn revive_job(name: &JobKey, now: Timestamp) -> bool;
    fn job_counts(now: Timestamp) -> Vec<JobCount>;
});

pass_on!(Webhooks {
    fn add_webhook_deliveries(deliveries: Vec<NewWebhookDelivery>) -> ();
    fn webhook_delivery(environment: Environment, endpoint: &str, id: &str) -> Option<WebhookDelivery>;
    fn webhook_deliveries(
        environment: Environment, endpoint: &str, state: Option<DeliveryState>, page: PageRequest
    ) -> Page<WebhookDelivery>;
    fn webhook_tried(tried: WebhookTried) -> Option<WebhookHealth>;
    fn redeliver_webhook(environment: Environment, endpoint: &str, id: &str, now: Timestamp) -> bool;
    fn webhook_health(environment: Environment, endpoint: &str) -> WebhookHealth;
    fn forgive_webhook(environment: Environment, endpoint: &str) -> ();
    fn prune_webhook_deliveries(before: Timestamp, limit: u32) -> u64;
});

pass_on!(Upkeep {
    fn ping() -> ();
    fn redact_one_time(before: Timestamp, limit: u32) -> u32;
    fn redact_bulk_jobs(before: Timestamp, limit: u32) -> u32;
    fn prune_replies(now: Timestamp) -> u64;
    fn prune_outbox(keep: u32) -> u64;
    fn close() -> ();
});
