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

/// Reads what is new once for each person, from where the one who was told least is, and tells all who follow. Who waits
/// with a full queue is left out: nobody else is held up by it, and it asks when it has caught up.
async fn tell_all(shared: &Shared, followers: &[Arc<Follower>]) -> tidings_types::Result<()> {
    let mut people: BTreeMap<(Environment, &str), Vec<&Arc<Follower>>> = BTreeMap::new();
    for follower in followers.iter().filter(|one| !one.is_behind()) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tidings_auth::Auth;
    use tidings_testkit::World;
    use tokio::sync::mpsc;
    use tokio::time::timeout;

    use super::super::follower::{Piece, QUEUE};
    use super::super::framing::Reader;
    use super::super::{Gateway, Limits};
    use super::*;

    /// More than a queue and one reading of the store hold together.
    const MANY: usize = QUEUE + PIECES as usize + 40;

    fn follow(shared: &Shared, environment: Environment, source: &str) -> (Arc<Follower>, mpsc::Receiver<Piece>) {
        let (queue, news) = mpsc::channel(QUEUE);
        let follower = Follower::new(environment, "ada", None, Some(source), Reader::Phone, queue, 0);
        let follower = Arc::new(follower);
        shared.registry.add(Arc::clone(&follower));
        (follower, news)
    }

    /// The next piece, as a connection takes it: when it has taken all there was, it asks for what did not fit.
    async fn take(shared: &Shared, follower: &Follower, news: &mut mpsc::Receiver<Piece>) -> Piece {
        let taken = async {
            loop {
                match news.try_recv() {
                    Ok(piece) => return piece,
                    Err(_) if follower.has_caught_up() => shared.look(follower.key()),
                    Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
        };
        timeout(Duration::from_secs(20), taken).await.expect("a piece comes")
    }

    #[tokio::test]
    async fn who_never_takes_anything_keeps_nobody_waiting_and_nobody_busy() {
        let world = World::new().await;
        let services = Arc::clone(&world.services);
        let gateway = Gateway::start(Arc::clone(&services), Arc::new(Auth::new(services)), Limits::of(9));
        let (shared, environment) = (gateway.shared(), world.caller.environment);
        let (stuck, mut unheard) = follow(shared, environment, "stuck");
        let (lively, mut news) = follow(shared, environment, "lively");
        for number in 0..MANY {
            let message = json!({
                "to": { "user_id": "ada" },
                "content": { "title": format!("m{number}"), "body": "" },
                "routing": { "method": "single", "channels": ["inbox"] },
            });
            world.send(message).await;
        }
        world.drain().await;
        let mut heard = Vec::new();
        for _ in 0..MANY {
            heard.extend(take(shared, &lively, &mut news).await);
        }
        assert!(stuck.is_behind());
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(news.try_recv().is_err(), "each came once");
        for _ in 0..20 {
            assert!(shared.due().is_empty(), "nobody is to be looked at again");
            tokio::task::yield_now().await;
        }
        let mut late = Vec::new();
        for _ in 0..MANY {
            late.extend(take(shared, &stuck, &mut unheard).await);
        }
        assert_eq!(late, heard, "who waited hears the rest when it asks");
    }
}
