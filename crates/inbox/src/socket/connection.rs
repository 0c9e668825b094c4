//! One connection, from its upgrade to its end.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use serde_json::Value;
use tidings_auth::{Credential, Identity};
use tidings_store::Followed;
use tidings_types::{Error, Result, UserId};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};

use super::follower::{Follower, Piece, QUEUE};
use super::framing::{Answer, Framing, reconnect, refusal};
use super::gateway::Place;
use super::inbound::{Inbound, Subscription};

/// How often a connection that reads flat frames is asked whether it is there, within the silence that ends it: so that
/// proxies keep it open, and phones whose own word comes every five minutes are not needed.
const BEATS: u32 = 8;

/// The same for a web client that has said nothing for so long. It asks itself when it hears nothing, so only one that
/// hears something all the time has no reason to speak; or one that is gone.
const DOUBTS: u32 = 3;

/// How many feeds one connection may follow.
const MAX_FEEDS: usize = 8;

/// The longest frame of a client that is understood, in bytes.
pub(super) const MAX_FRAME: usize = 16 * 1024;

/// What is known of a client when it connects.
pub(super) struct Hello {
    /// Who it is; with a client key that is known only when it subscribes.
    pub(super) identity: Option<Identity>,
    /// The client key.
    pub(super) client_key: Option<String>,
    /// What it calls itself.
    pub(super) source: Option<String>,
    /// How it reads frames.
    pub(super) framing: Framing,
}

/// One connection.
struct Connection {
    place: Place,
    hello: Hello,
    queue: mpsc::Sender<Piece>,
    followers: Vec<Arc<Follower>>,
    /// Whether it ever followed a feed.
    has_followed: bool,
}

/// Why a connection ends.
struct End;

/// Carries a connection to its end.
pub(super) async fn serve(mut socket: WebSocket, place: Place, hello: Hello) {
    let (queue, mut news) = mpsc::channel(QUEUE);
    let mut stops = place.shared.stops.subscribe();
    if stops.borrow().is_some() {
        // The server was asked to stop while this client was on its way in.
        stops.mark_changed();
    }
    let mut connection = Connection {
        place,
        hello,
        queue,
        followers: Vec::new(),
        has_followed: false,
    };
    // The error says only that it has ended.
    let _ended = connection.run(&mut socket, &mut news, &mut stops).await;
    connection.leave();
}

impl Connection {
    async fn run(
        &mut self,
        socket: &mut WebSocket,
        news: &mut mpsc::Receiver<Piece>,
        stops: &mut watch::Receiver<Option<u32>>,
    ) -> Result<(), End> {
        let silence = self.place.shared.limits.silence;
        let pause = match self.hello.framing {
            Framing::Envelopes => silence / DOUBTS,
            Framing::Flat => silence / BEATS,
        };
        let opened = Instant::now();
        let mut heard = opened;
        let mut next = opened + pause;
        loop {
            tokio::select! {
                said = socket.recv() => {
                    heard = Instant::now();
                    match said {
                        Some(Ok(Message::Text(text))) if text.len() > MAX_FRAME => {
                            return self.close(socket, close_code::SIZE, "The frame is too long").await;
                        }
                        Some(Ok(Message::Text(text))) => {
                            if let Some(answer) = self.hear(&text).await {
                                self.send(socket, Message::Text(answer)).await?;
                            }
                        }
                        Some(Ok(Message::Close(_))) => {
                            // Reading on sends the answer.
                            let _answered = timeout(self.place.shared.limits.patience, socket.recv()).await;
                            return Err(End);
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => return Err(End),
                    }
                }
                Some(piece) = news.recv() => {
                    for frame in piece {
                        self.send(socket, Message::Text(frame)).await?;
                    }
                    if news.is_empty() {
                        self.catch_up();
                    }
                }
                () = tokio::time::sleep_until(next) => {
                    // A client key is in every page: who has shown no more than that for so long may not stay.
                    let is_nobody = self.hello.identity.is_none() && !self.has_followed;
                    if heard.elapsed() >= silence || (is_nobody && opened.elapsed() >= silence) {
                        return Err(End);
                    }
                    // Browsers and phones answer this by themselves.
                    if self.hello.framing == Framing::Flat || heard.elapsed() >= pause {
                        self.send(socket, Message::Ping(axum::body::Bytes::new())).await?;
                        next = Instant::now() + pause;
                    } else {
                        next = heard + pause;
                    }
                }
                changed = stops.changed() => {
                    changed.map_err(|_| End)?;
                    let seconds = *stops.borrow_and_update();
                    self.stop(socket, seconds.unwrap_or(1)).await?;
                }
            }
        }
    }

    /// Does what a client asks; returns the answer, if there is one.
    async fn hear(&mut self, text: &str) -> Option<Utf8Bytes> {
        let (tid, done) = match Inbound::read(text) {
            Inbound::GetConfig(tid) => (tid, Ok(Answer::Config)),
            Inbound::Ping(tid) => (tid, Ok(Answer::Pong)),
            Inbound::Subscribe(tid, subscription) => (tid, self.subscribe(subscription).await.map(|()| Answer::Ack)),
            Inbound::Unsubscribe(tid, channel) => {
                self.unsubscribe(&channel);
                (tid, Ok(Answer::Ack))
            }
            Inbound::Renew(auth) => (Value::Null, self.renew(&auth).await.map(|()| Answer::Ack)),
            Inbound::Nothing => return None,
        };
        match (done, self.hello.framing) {
            (Ok(answer), Framing::Envelopes) => Some(answer.frame(&tid)),
            // Whatever is no news is an empty message to these clients.
            (Ok(_), Framing::Flat) => None,
            (Err(error), framing) => {
                if let Some(cause) = error.internal_message() {
                    tracing::warn!(cause, "a subscription failed");
                }
                Some(refusal(framing, &tid, error.message()))
            }
        }
    }

    async fn subscribe(&mut self, subscription: Subscription) -> Result<()> {
        let user = UserId::from(subscription.channel);
        let identity = self
            .identity(
                &user,
                subscription.client_key.as_deref(),
                subscription.user_signature.as_deref(),
            )
            .await?;
        check(&identity, Some(&user))?;
        let tenant = subscription.account_id.filter(|tenant| !tenant.is_empty());
        let environment = identity.environment();
        let is_same = |one: &Arc<Follower>| {
            one.user_id.as_ref() == user.as_str() && one.tenant_id.as_deref() == tenant.as_deref()
        };
        if self.followers.iter().any(is_same) {
            return Ok(());
        }
        if self.followers.len() >= MAX_FEEDS {
            return Err(Error::invalid("This connection follows as many feeds as it may"));
        }
        let source = self.hello.source.clone().or(subscription.client_source_id);
        let shared = &self.place.shared;
        let wish = Followed {
            environment,
            user_id: user.to_string(),
            source: source.clone(),
            tenant_id: tenant.clone(),
            at: shared.services.clock.now(),
        };
        // From here on: what was there before, the client reads by itself.
        let from = shared.services.store.follow(wish).await?;
        let follower = Arc::new(Follower::new(
            environment,
            user.as_str(),
            tenant.as_deref(),
            source.as_deref(),
            self.hello.framing.reader(subscription.user_agent.is_some()),
            self.queue.clone(),
            from,
        ));
        shared.registry.add(Arc::clone(&follower));
        // Something may have come between the two, whose hint found nobody.
        shared.look(follower.key());
        self.followers.push(follower);
        self.has_followed = true;
        Ok(())
    }

    /// Who asks to follow this person's feed.
    async fn identity(&self, user: &UserId, client_key: Option<&str>, signature: Option<&str>) -> Result<Identity> {
        match (&self.hello.identity, client_key.or(self.hello.client_key.as_deref())) {
            (Some(identity), _) => Ok(identity.clone()),
            (None, Some(key)) => self.place.shared.auth.identify_client(key, user, signature).await,
            (None, None) => Err(Error::unauthenticated("Unauthorized: the connection has no credential")),
        }
    }

    fn unsubscribe(&mut self, channel: &str) {
        let registry = &self.place.shared.registry;
        self.followers.retain(|one| {
            let stays = one.user_id.as_ref() != channel;
            if !stays {
                registry.remove(one);
            }
            stays
        });
    }

    /// Goes on with another token. What it may not follow, it follows no longer.
    async fn renew(&mut self, auth: &str) -> Result<()> {
        let identity = self.place.shared.auth.identify(&Credential::from_text(auth)).await?;
        if identity.scope().is_none() {
            return Err(Error::forbidden("An API key is no session: go on with a token"));
        }
        let registry = &self.place.shared.registry;
        self.followers.retain(|one| {
            let user = UserId::from(one.user_id.as_ref());
            let stays = one.environment == identity.environment() && check(&identity, Some(&user)).is_ok();
            if !stays {
                registry.remove(one);
            }
            stays
        });
        self.hello.identity = Some(identity);
        Ok(())
    }

    /// Asks to be told what did not fit.
    fn catch_up(&self) {
        for follower in &self.followers {
            if follower.has_caught_up() {
                self.place.shared.look(follower.key());
            }
        }
    }

    /// Sends the client away for a while: each for another, so that not all come back at once.
    async fn stop(&self, socket: &mut WebSocket, seconds: u32) -> Result<(), End> {
        let away = 1 + u32::try_from(self.place.number % u64::from(seconds.max(1))).unwrap_or(0);
        match self.hello.framing {
            Framing::Envelopes => self.send(socket, Message::Text(reconnect(away))).await,
            Framing::Flat => self.close(socket, close_code::RESTART, "The server restarts").await,
        }
    }

    /// Says why, and ends.
    async fn close(&self, socket: &mut WebSocket, code: u16, why: &'static str) -> Result<(), End> {
        let reason = why.into();
        self.send(socket, Message::Close(Some(CloseFrame { code, reason })))
            .await?;
        Err(End)
    }

    async fn send(&self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        match timeout(self.place.shared.limits.patience, socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End),
            Err(_) => {
                metrics::counter!("tidings_sockets_too_slow_total").increment(1);
                Err(End)
            }
        }
    }

    fn leave(&self) {
        for follower in &self.followers {
            self.place.shared.registry.remove(follower);
        }
    }
}

/// Refuses who may not follow a person's feed.
///
/// # Errors
/// `Forbidden`.
pub(super) fn check(identity: &Identity, user: Option<&UserId>) -> Result<()> {
    if !identity.grants("inbox:read:messages", None) {
        return Err(Error::forbidden("The token lacks the scope `inbox:read:messages`"));
    }
    if user.is_some_and(|user| !identity.acts_for(user)) {
        return Err(Error::forbidden("The token is not bound to this user"));
    }
    Ok(())
}
