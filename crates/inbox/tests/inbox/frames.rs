//! Frames are rows: whatever happens, each socket is told exactly what it should be, once, in order.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_types::MessageId;

use crate::app::{App, Socket};

/// Something that happens to Ada's feed.
#[derive(Clone, Debug)]
enum Step {
    /// A message for a tenant, or for none.
    Send(Option<&'static str>),
    /// One of the messages so far is marked, by a device.
    Mark(usize, &'static str, usize),
    /// All are, by a device.
    MarkAll(&'static str, usize),
}

const TENANTS: [Option<&str>; 3] = [None, Some("acme"), Some("zeta")];

/// Ada's devices: what they call themselves, and the tenant they show.
const DEVICES: [(&str, Option<&str>); 4] = [("d0", None), ("d1", None), ("d2", Some("acme")), ("d3", Some("zeta"))];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mark = prop::sample::select(vec!["read", "unread", "opened", "archive", "unarchive", "clicked"]);
    let all = prop::sample::select(vec!["markAllRead", "archiveRead", "archiveAll"]);
    let step = prop_oneof![
        3 => prop::sample::select(TENANTS.to_vec()).prop_map(Step::Send),
        6 => (any::<prop::sample::Index>(), mark, 0..DEVICES.len())
            .prop_map(|(which, mark, device)| Step::Mark(which.index(1000), mark, device)),
        1 => (all, 0..DEVICES.len()).prop_map(|(mark, device)| Step::MarkAll(mark, device)),
    ];
    prop::collection::vec(step, 1..25)
}

/// A message as the model knows it.
struct Row {
    id: MessageId,
    tenant: Option<&'static str>,
    states: [bool; 4],
}

/// What a device should have been told.
type Told = Vec<Value>;

/// Ada's feed as it should be.
#[derive(Default)]
struct Model {
    rows: Vec<Row>,
    told: [Told; DEVICES.len()],
}

impl Model {
    fn arrives(&mut self, id: MessageId, tenant: Option<&'static str>) {
        let frame = json!(["message", id]);
        self.tell(None, |shown| shown == tenant, &frame);
        self.rows.push(Row {
            id,
            tenant,
            states: [false; 4],
        });
    }

    fn mark(&mut self, which: usize, mark: &'static str, device: usize) {
        let row = &mut self.rows[which];
        let (state, value) = match mark {
            "read" => (0, true),
            "unread" => (0, false),
            "opened" => (1, true),
            "archive" => (2, true),
            "unarchive" => (2, false),
            _ => (3, true),
        };
        if std::mem::replace(&mut row.states[state], value) != value {
            let (tenant, frame) = (row.tenant, json!([mark, row.id]));
            self.tell(Some(device), |shown| shown == tenant, &frame);
        }
    }

    fn mark_all(&mut self, mark: &'static str, device: usize) {
        let shown = DEVICES[device].1;
        let meant = |row: &Row| shown.is_none() || row.tenant == shown;
        let mut changed = false;
        for row in self.rows.iter_mut().filter(|row| meant(row)) {
            let fits = match mark {
                "markAllRead" => !row.states[0],
                "archiveRead" => row.states[0] && !row.states[2],
                _ => !row.states[2],
            };
            changed |= fits;
            if fits {
                row.states[if mark == "markAllRead" { 0 } else { 2 }] = true;
            }
        }
        if changed {
            let event = match mark {
                "markAllRead" => "mark-all-read",
                "archiveRead" => "archive-read",
                _ => "archive-all",
            };
            self.tell(
                Some(device),
                |other| shown.is_none() || other == shown,
                &json!([event, null]),
            );
        }
    }

    fn tell(&mut self, by: Option<usize>, wants: impl Fn(Option<&str>) -> bool, frame: &Value) {
        for (device, (_, shown)) in DEVICES.iter().enumerate() {
            if by != Some(device) && wants(*shown) {
                self.told[device].push(frame.clone());
            }
        }
    }
}

async fn heard(socket: &mut Socket, count: usize) -> Told {
    let mut frames = Vec::new();
    for _ in 0..count {
        let frame = socket.hear().await;
        frames.push(json!([frame["event"], frame["messageId"]]));
    }
    // Whatever came too often stands before this answer.
    socket.say(&json!({ "tid": "end", "action": "ping" })).await;
    let end = socket.hear().await;
    if end["response"] != "pong" {
        frames.push(end);
    }
    frames
}

async fn play(steps: Vec<Step>) {
    let app = App::start().await;
    let mut sockets = Vec::new();
    for (name, tenant) in DEVICES {
        sockets.push(app.web("ada", name, tenant).await);
    }
    let (ada, mut model) = (app.client("ada").await, Model::default());
    for step in steps {
        match step {
            Step::Send(tenant) => {
                let mut to = json!({ "user_id": "ada" });
                if let Some(tenant) = tenant {
                    to["context"] = json!({ "tenant_id": tenant });
                }
                let id = app.send_with(to, "m", json!({})).await;
                model.arrives(id, tenant);
            }
            Step::Mark(which, mark, device) if !model.rows.is_empty() => {
                let which = which % model.rows.len();
                let query = format!("mutation {{ {mark}(messageId: \"{}\") }}", model.rows[which].id);
                ada.clone().from(DEVICES[device].0).ask(&query).await;
                model.mark(which, mark, device);
            }
            Step::Mark(..) => {}
            Step::MarkAll(mark, device) => {
                ada.clone()
                    .from(DEVICES[device].0)
                    .ask(&format!("mutation {{ {mark} }}"))
                    .await;
                model.mark_all(mark, device);
            }
        }
    }
    for (socket, told) in sockets.iter_mut().zip(&model.told) {
        assert_eq!(&heard(socket, told.len()).await, told);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn frames_are_rows(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(play(steps));
    }
}
