//! Frames are rows: whatever happens, each socket is told exactly what it should be, once, in order.
//!
//! The connections hold next to nothing, and nobody reads before the story says so, so after a burst most are behind while
//! one listens.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_types::MessageId;

use crate::app::{App, Socket};

/// Something that happens to Ada's feed.
#[derive(Clone, Debug)]
enum Step {
    /// A message for a tenant, or for none, pinned or not.
    Send(Option<&'static str>, bool),
    /// Many at once, of which most are more than a queue and one reading of the store hold.
    Burst(Option<&'static str>, usize),
    /// One of the messages so far is marked, by a device.
    Mark(prop::sample::Index, &'static str, usize),
    /// All are, by a device.
    MarkAll(&'static str, usize),
    /// A device reads what it was told.
    Listen(usize),
    /// A device reads, loses its connection and connects anew.
    Reconnect(usize),
}

/// How a device reads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Web,
    Phone,
    OlderWeb,
}

const TENANTS: [Option<&str>; 3] = [None, Some("acme"), Some("zeta")];

/// Ada's devices: what they call themselves, the tenant they show, and how they read.
const DEVICES: [(&str, Option<&str>, Kind); 7] = [
    ("d0", None, Kind::Web),
    ("d1", None, Kind::Web),
    ("d2", Some("acme"), Kind::Web),
    ("d3", Some("zeta"), Kind::Web),
    ("d4", None, Kind::Phone),
    ("d5", Some("acme"), Kind::Phone),
    ("d6", None, Kind::OlderWeb),
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mark = prop::sample::select(vec![
        "read",
        "unread",
        "opened",
        "archive",
        "unarchive",
        "clicked",
        "unpin",
    ]);
    let all = prop::sample::select(vec!["markAllRead", "archiveRead", "archiveAll"]);
    let tenant = || prop::sample::select(TENANTS.to_vec());
    let step = prop_oneof![
        12 => (tenant(), any::<bool>()).prop_map(|(tenant, pinned)| Step::Send(tenant, pinned)),
        2 => (tenant(), 20_usize..190).prop_map(|(tenant, count)| Step::Burst(tenant, count)),
        24 => (any::<prop::sample::Index>(), mark, 0..DEVICES.len())
            .prop_map(|(which, mark, device)| Step::Mark(which, mark, device)),
        4 => (all, 0..DEVICES.len()).prop_map(|(mark, device)| Step::MarkAll(mark, device)),
        4 => (0..DEVICES.len()).prop_map(Step::Listen),
        3 => (0..DEVICES.len()).prop_map(Step::Reconnect),
    ];
    prop::collection::vec(step, 1..30)
}

/// A message as the model knows it.
struct Row {
    id: MessageId,
    tenant: Option<&'static str>,
    /// Read, opened, archived, clicked, unpinned.
    states: [bool; 5],
}

/// What a device should have been told since it last listened.
type Told = Vec<Value>;

/// Ada's feed as it should be.
#[derive(Default)]
struct Model {
    rows: Vec<Row>,
    told: [Told; DEVICES.len()],
}

impl Model {
    fn arrives(&mut self, id: MessageId, tenant: Option<&'static str>, pinned: bool) {
        self.tell(None, tenant, "message", &[&id]);
        let states = [false, false, false, false, !pinned];
        self.rows.push(Row { id, tenant, states });
    }

    fn mark(&mut self, which: usize, mark: &'static str, device: usize) {
        let row = &mut self.rows[which];
        let (state, value) = match mark {
            "read" => (0, true),
            "unread" => (0, false),
            "opened" => (1, true),
            "archive" => (2, true),
            "unarchive" => (2, false),
            "clicked" => (3, true),
            _ => (4, true),
        };
        if std::mem::replace(&mut row.states[state], value) != value {
            let (tenant, id) = (row.tenant, row.id.clone());
            self.tell(Some(device), tenant, mark, &[&id]);
        }
    }

    fn mark_all(&mut self, mark: &'static str, device: usize) {
        let shown = DEVICES[device].1;
        for tenant in TENANTS {
            if shown.is_some() && shown != tenant {
                continue;
            }
            let mut changed = Vec::new();
            for row in self.rows.iter_mut().filter(|row| row.tenant == tenant) {
                let fits = match mark {
                    "markAllRead" => !row.states[0],
                    "archiveRead" => row.states[0] && !row.states[2],
                    _ => !row.states[2],
                };
                if fits {
                    row.states[if mark == "markAllRead" { 0 } else { 2 }] = true;
                    changed.push(row.id.clone());
                }
            }
            changed.sort();
            if !changed.is_empty() {
                self.tell(Some(device), tenant, mark, &changed.iter().collect::<Vec<_>>());
            }
        }
    }

    /// Tells every device that shows the tenant, but not the one that did it, in its own words.
    fn tell(&mut self, by: Option<usize>, tenant: Option<&str>, what: &str, ids: &[&MessageId]) {
        for (device, (_, shown, kind)) in DEVICES.iter().enumerate() {
            if by == Some(device) || *shown != tenant {
                continue;
            }
            let each = |word: &str| ids.iter().map(|id| json!([word, id])).collect();
            let frames: Vec<Value> = match (what, kind) {
                ("markAllRead", _) => vec![json!(["mark-all-read", null])],
                ("archiveRead", Kind::Web) => vec![json!(["archive-read", null])],
                ("archiveAll", Kind::Web) => vec![json!(["archive-all", null])],
                ("archiveRead" | "archiveAll", _) => each("archive"),
                ("clicked", Kind::Phone | Kind::OlderWeb) | ("unpin", Kind::Web | Kind::Phone) => Vec::new(),
                _ => each(what),
            };
            self.told[device].extend(frames);
        }
    }
}

/// The devices' connections and what they should hear.
struct Story {
    app: App,
    sockets: Vec<Socket>,
    model: Model,
}

impl Story {
    async fn begin() -> Self {
        let app = App::narrow().await;
        let mut sockets = Vec::new();
        for device in 0..DEVICES.len() {
            sockets.push(connect(&app, device).await);
        }
        let model = Model::default();
        Self { app, sockets, model }
    }

    async fn send(&mut self, tenant: Option<&'static str>, pinned: bool, count: usize) {
        let mut to = json!({ "user_id": "ada" });
        if let Some(tenant) = tenant {
            to["context"] = json!({ "tenant_id": tenant });
        }
        let mut overrides = json!({});
        if pinned {
            overrides["pinned"] = json!({ "slotId": "top" });
        }
        // Big enough that a few frames fill a connection.
        overrides["data"] = json!({ "text": "x".repeat(4000) });
        for _ in 0..count {
            let id = self
                .app
                .world
                .send(json!({
                    "to": to,
                    "content": { "title": "m", "body": "m" },
                    "channels": { "inbox": { "override": overrides } },
                    "routing": { "method": "single", "channels": ["inbox"] },
                }))
                .await;
            self.app.world.drain().await;
            self.model.arrives(id, tenant, pinned);
        }
    }

    async fn ask(&self, device: usize, query: &str) {
        let ada = self.app.client("ada").await;
        ada.from(DEVICES[device].0).ask(query).await;
    }

    /// Hears everything a device was told, and nothing else.
    async fn listen(&mut self, device: usize) {
        let socket = &mut self.sockets[device];
        for told in std::mem::take(&mut self.model.told[device]) {
            let frame = socket.hear().await;
            let word = match DEVICES[device].2 {
                Kind::Phone | Kind::OlderWeb if frame["type"] == "message" => &frame["type"],
                Kind::Web | Kind::Phone | Kind::OlderWeb => &frame["event"],
            };
            assert_eq!(json!([word, frame["messageId"]]), told, "{:?}", DEVICES[device]);
        }
        // Whatever came too often stands before this answer.
        if DEVICES[device].2 == Kind::Web {
            socket.say(&json!({ "tid": "end", "action": "ping" })).await;
            assert_eq!(socket.hear().await["response"], "pong");
        } else {
            socket.settle().await;
        }
    }
}

async fn connect(app: &App, device: usize) -> Socket {
    let (name, tenant, kind) = DEVICES[device];
    match kind {
        Kind::Web => app.web("ada", name, tenant).await,
        Kind::Phone => app.phone("ada", name, tenant).await,
        Kind::OlderWeb => app.older_web("ada", name, tenant).await,
    }
}

async fn play(steps: Vec<Step>) {
    let mut story = Story::begin().await;
    for step in steps {
        match step {
            Step::Send(tenant, pinned) => story.send(tenant, pinned, 1).await,
            Step::Burst(tenant, count) => story.send(tenant, false, count).await,
            Step::Mark(which, mark, device) if !story.model.rows.is_empty() => {
                let which = which.index(story.model.rows.len());
                let id = &story.model.rows[which].id;
                story
                    .ask(device, &format!("mutation {{ {mark}(messageId: \"{id}\") }}"))
                    .await;
                story.model.mark(which, mark, device);
            }
            Step::Mark(..) => {}
            Step::MarkAll(mark, device) => {
                story.ask(device, &format!("mutation {{ {mark} }}")).await;
                story.model.mark_all(mark, device);
            }
            Step::Listen(device) => story.listen(device).await,
            Step::Reconnect(device) => {
                story.listen(device).await;
                story.sockets[device] = connect(&story.app, device).await;
            }
        }
    }
    for device in 0..DEVICES.len() {
        story.listen(device).await;
    }
}

fn block_on(story: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(story);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn frames_are_rows(steps in steps()) {
        block_on(play(steps));
    }
}

/// A story that is always told: one device listens while all others are far behind.
#[test]
fn who_listens_hears_while_others_do_not() {
    block_on(play(vec![
        Step::Burst(None, 190),
        Step::Listen(0),
        Step::Send(None, false),
        Step::MarkAll("markAllRead", 4),
        Step::Listen(0),
        Step::Reconnect(4),
        Step::Burst(Some("acme"), 40),
        Step::Listen(5),
    ]));
}
