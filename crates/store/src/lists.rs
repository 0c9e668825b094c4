//! Lists: people who subscribed to something by name.

use async_trait::async_trait;
use serde_json::Value;
use tidings_types::preference::OF_TEMPLATE;
use tidings_types::{Environment, Object, Result, Timestamp, TopicId, UserId};

use crate::{NewJob, Page, PageRequest};

/// The kind of job that does a large write to a list; see [`Lists::subscribe_later`].
pub const SUBSCRIBE: &str = "subscribe";

/// Who changes what people prefer for a list, as the preference log names it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Where the change comes from: `api`, `app`, `import`.
    pub source: &'static str,
    /// Now.
    pub now: Timestamp,
}

impl By {
    /// A call with an API key.
    pub const fn api(now: Timestamp) -> Self {
        Self { source: "api", now }
    }
}

/// What somebody said for a list of one topic, or of one template (`notifications/` stands before its id then).
#[derive(Clone, Debug, PartialEq)]
pub struct ListWord {
    /// The topic.
    pub topic_id: TopicId,
    /// What was said before, as it was written.
    pub before: Option<Value>,
    /// What has been said since.
    pub after: Option<Value>,
}

/// What is said otherwise than before, word by word. Each word gets a line in the preference log.
pub fn changed_words(before: Option<&Object>, after: Option<&Object>) -> Vec<ListWord> {
    let (before, after) = (words(before), words(after));
    let mut changed: Vec<ListWord> = after
        .iter()
        .map(|(topic_id, said)| ListWord {
            topic_id: topic_id.clone(),
            before: find(&before, topic_id),
            after: Some((*said).clone()),
        })
        .filter(|word| word.before != word.after)
        .collect();
    let gone = before.iter().filter(|(topic_id, _)| find(&after, topic_id).is_none());
    changed.extend(gone.map(|(topic_id, said)| ListWord {
        topic_id: topic_id.clone(),
        before: Some((*said).clone()),
        after: None,
    }));
    changed
}

fn find(words: &[(TopicId, &Value)], topic: &TopicId) -> Option<Value> {
    let found = words.iter().find(|(one, _)| one == topic);
    found.map(|(_, said)| (*said).clone())
}

fn words(preferences: Option<&Object>) -> Vec<(TopicId, &Value)> {
    let of = |field: &str, before: &str| -> Vec<(TopicId, &Value)> {
        let all = preferences.and_then(|all| all.get(field)?.as_object());
        let said = all.into_iter().flatten().filter(|(_, said)| !said.is_null());
        said.map(|(id, said)| (TopicId::from(format!("{before}{id}")), said))
            .collect()
    };
    let mut words = of("categories", "");
    words.extend(of("notifications", OF_TEMPLATE));
    words
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// Its id: up to four parts with dots between them.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its people prefer who said nothing: `{notifications, categories}`.
    pub preferences: Option<Object>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// Somebody on a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The person.
    pub user_id: UserId,
    /// What they prefer for this list: `{notifications, categories}`.
    pub preferences: Option<Object>,
    /// Since when.
    pub created: Timestamp,
}

/// Somebody who is to be on a list.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSubscription {
    /// The person.
    pub user_id: UserId,
    /// What they prefer for this list, which replaces what is there; an empty object takes it away, none leaves it.
    pub preferences: Option<Object>,
}

/// A list somebody is on.
#[derive(Clone, Debug, PartialEq)]
pub struct ListOfUser {
    /// The list.
    pub list: ListRow,
    /// What the person prefers for it.
    pub preferences: Option<Object>,
}

/// Lists and who is on them. A deleted list is absent from every verb but [`Lists::restore_list`], which brings it back
/// with its people; writing to it brings it back too.
///
/// A write of very many people is a fill: it is asked for in one transaction and written in the background, and counts
/// from when it was asked for. What is written to the list after that stays, whichever comes first in the store.
///
/// Whatever somebody prefers otherwise from now on gets lines in the preference log, in the same transaction.
#[async_trait]
pub trait Lists: Send + Sync + 'static {
    /// Makes a list, or changes its name and, when given, its preferences.
    async fn put_list(
        &self,
        environment: Environment,
        id: &str,
        name: &str,
        preferences: Option<Object>,
        now: Timestamp,
    ) -> Result<()>;

    /// One list.
    async fn list(&self, environment: Environment, id: &str) -> Result<Option<ListRow>>;

    /// Lists whose ids begin with `prefix`, by id.
    async fn lists(&self, environment: Environment, prefix: &str, page: PageRequest) -> Result<Page<ListRow>>;

    /// Deletes a list; its people are kept for [`Lists::restore_list`]. False when there is none.
    async fn delete_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool>;

    /// Brings a deleted list back; one that is there stays. False when there never was one.
    async fn restore_list(&self, environment: Environment, id: &str, now: Timestamp) -> Result<bool>;

    /// Puts people on a list, making it if need be. With `replace`, everybody else leaves it. All in one transaction.
    async fn subscribe(
        &self,
        environment: Environment,
        list: &str,
        people: Vec<NewSubscription>,
        replace: bool,
        by: By,
    ) -> Result<()>;

    /// Asks for a fill, making the list if need be. `job` is of the kind [`SUBSCRIBE`]; its key names the fill. With
    /// `replace`, fills asked for earlier write nothing any more.
    async fn subscribe_later(
        &self,
        environment: Environment,
        list: &str,
        replace: bool,
        job: NewJob,
        now: Timestamp,
    ) -> Result<()>;

    /// Writes some people of a fill, leaving out whoever was written or left since it was asked for. A list that was
    /// deleted since stays deleted. False when the fill is done, or writes nothing any more.
    async fn fill_list(
        &self,
        environment: Environment,
        list: &str,
        job: &str,
        people: Vec<NewSubscription>,
        by: By,
    ) -> Result<bool>;

    /// Ends a fill. With `replace`, those who were on the list before it and are not in it leave first, at most `limit`
    /// of them. False when there may be more, and it must be called again.
    async fn end_fill(
        &self,
        environment: Environment,
        list: &str,
        job: &str,
        replace: bool,
        limit: u32,
        by: By,
    ) -> Result<bool>;

    /// Whether a fill of the list that was asked for by then is still to be written. One whose job was given up is not.
    async fn is_being_filled(&self, environment: Environment, list: &str, asked: Timestamp) -> Result<bool>;

    /// Puts a person on several lists, making them if need be.
    async fn subscribe_to(
        &self,
        environment: Environment,
        user: &UserId,
        lists: Vec<(String, Option<Object>)>,
        by: By,
    ) -> Result<()>;

    /// Takes people off a list. Returns how many were on it.
    async fn unsubscribe(&self, environment: Environment, list: &str, users: Vec<UserId>, by: By) -> Result<u64>;

    /// Takes a person off all lists.
    async fn unsubscribe_from_all(&self, environment: Environment, user: &UserId, by: By) -> Result<()>;

    /// One subscription, of a list that is there.
    async fn subscription(&self, environment: Environment, list: &str, user: &UserId) -> Result<Option<Subscription>>;

    /// Who is on a list, by person id.
    async fn subscriptions(
        &self,
        environment: Environment,
        list: &str,
        page: PageRequest,
    ) -> Result<Page<Subscription>>;

    /// The lists a person is on, by list id.
    async fn lists_of(&self, environment: Environment, user: &UserId, page: PageRequest) -> Result<Page<ListOfUser>>;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_words_that_differ_have_changed() {
        let object = |value: Value| value.as_object().cloned().unwrap();
        let before = object(json!({"categories": {"a": {"status": "OPTED_OUT"}, "b": {"status": "OPTED_IN"}}}));
        let after = object(json!({
            "categories": {"a": {"status": "OPTED_OUT"}, "c": null},
            "notifications": {"t": {"status": "OPTED_OUT"}},
        }));
        let words = changed_words(Some(&before), Some(&after));
        let told: Vec<_> = words
            .iter()
            .map(|word| (word.topic_id.as_str(), word.before.is_some()))
            .collect();
        assert_eq!(told, [("notifications/t", false), ("b", true)]);
        assert_eq!(changed_words(Some(&before), Some(&before)), []);
        assert_eq!(changed_words(None, Some(&Object::new())), []);
    }
}
