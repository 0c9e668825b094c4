//! Telling followers what is new.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tidings_bus::Hint;
use tidings_store::{FeedPosition, News};
use tidings_types::Environment;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::follower::{Follower, Told};
use super::gateway::Shared;
use super::registry::Key;

/// How many people are looked at with one question to the store.
const BATCH: usize = 256;

/// How many pieces of news of one person are read at once.
const PIECES: u32 = 100;

/// How long to wait after the store has failed.
const PAUSE: Duration = Duration::from_secs(1);

/// How often a part of everyone is looked at, whether or not there was a hint, and how many parts there are: a hint that
/// was lost costs at most this many seconds.
const TURN: Duration = Duration::from_secs(1);
const TURNS: u64 = 15;

/// Hears of news.
pub(super) async fn hear(shared: Arc<Shared>, mut ear: broadcast::Receiver<Hint>) {
    loop {
        match ear.recv().await {
            Ok(Hint::Feed(environment, person)) => shared.look(Key { environment, person }),
            Ok(Hint::Feeds) | Err(RecvError::Lagged(_)) => shared.look_at(shared.registry.keys()),
            Ok(_) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Looks at everyone in turn.
pub(super) async fn look_at_all_in_turn(shared: Arc<Shared>) {
    for turn in (0..TURNS).cycle() {
        tokio::time::sleep(TURN).await;
        let keys = shared.registry.keys();
        shared.look_at(keys.into_iter().filter(|key| key.person % TURNS == turn));
    }
}

/// Tells those who are to be looked at. There is one such task, so that each follower is told in order.
pub(super) async fn tell(shared: Arc<Shared>) {
    loop {
        shared.woken().await;
        loop {
            let keys = shared.take_due(BATCH);
            if keys.is_empty() {
                break;
            }
            let followers: Vec<_> = keys.iter().flat_map(|key| shared.registry.of(*key)).collect();
            if let Err(error) = tell_all(&shared, &followers).await {
                tracing::warn!(%error, "news cannot be read");
                shared.look_at(keys);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Reads what is new once for each person, from where the one who was told least is, and tells all who follow.
async fn tell_all(shared: &Shared, followers: &[Arc<Follower>]) -> tidings_types::Result<()> {
    let mut people: BTreeMap<(Environment, &str), Vec<&Arc<Follower>>> = BTreeMap::new();
    for follower in followers {
        let person = (follower.environment, follower.user_id.as_ref());
        people.entry(person).or_default().push(follower);
    }
    let positions = people.iter().map(|((environment, user), followers)| FeedPosition {
        environment: *environment,
        user_id: (*user).to_owned(),
        after: followers.iter().map(|one| one.told()).min().unwrap_or(i64::MAX),
    });
    let now = shared.services.clock.now();
    let news = shared.services.store.news(positions.collect(), now, PIECES).await?;
    for (followers, news) in people.values().zip(&news) {
        tell_person(shared, followers, news);
    }
    Ok(())
}

fn tell_person(shared: &Shared, followers: &[&Arc<Follower>], news: &News) {
    let mut again = false;
    for follower in followers {
        match follower.tell(news) {
            // Whoever waits asks when it has caught up; until then there is no use in reading on.
            Told::Waits => {}
            Told::Again => again = true,
            Told::All => again |= news.more,
        }
    }
    if let Some(follower) = followers.first().filter(|_| again) {
        shared.look(follower.key());
    }
}
