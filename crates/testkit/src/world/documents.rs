//! Short ways to store what a team and people edit.

use serde_json::{Value, json};
use tidings_store::{
    DocumentKind, DocumentWrite, Evidence, NewDocument, ParentChange, PreferenceWrite, ProfileChange, StoredPreference,
    WriteMode,
};
use tidings_types::{Clock as _, UserId};

use super::World;

impl World {
    /// Stores a document and forgets what was read before.
    pub async fn document(&self, kind: DocumentKind, id: &str, parent: Option<&str>, body: Value, mode: WriteMode) {
        let environment = self.caller.environment;
        let new = NewDocument {
            kind,
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            names: Vec::new(),
            body,
            mode,
            now: self.clock.now(),
            by: "test".to_owned(),
        };
        self.services.store.create_document(environment, new).await.unwrap();
        self.services.library.changed(environment);
    }

    /// A topic; its name is its id.
    pub async fn topic(&self, id: &str, default_status: &str) {
        let body = json!({ "name": id, "default_status": default_status });
        self.document(DocumentKind::Topic, id, None, body, WriteMode::Live)
            .await;
    }

    /// A published template.
    pub async fn template(&self, id: &str, body: Value) {
        self.document(DocumentKind::Notification, id, None, body, WriteMode::Publish)
            .await;
    }

    /// The next published version of a template.
    pub async fn publish(&self, id: &str, body: Value) {
        self.rewrite(DocumentKind::Notification, id, body, WriteMode::Publish)
            .await;
    }

    /// Another body for a document that is there.
    pub async fn rewrite(&self, kind: DocumentKind, id: &str, body: Value, mode: WriteMode) {
        let environment = self.caller.environment;
        let write = DocumentWrite {
            kind,
            id: id.to_owned(),
            names: None,
            parent: ParentChange::Keep,
            body,
            mode,
            seen: None,
            now: self.clock.now(),
            by: "test".to_owned(),
        };
        self.services
            .store
            .write_document(environment, write)
            .await
            .unwrap()
            .unwrap();
        self.forget();
    }

    /// Lets nothing stand that was read of documents before.
    pub fn forget(&self) {
        let environment = self.caller.environment;
        self.services.library.changed(environment);
    }

    /// Puts a document away.
    pub async fn archive(&self, kind: DocumentKind, id: &str) {
        let environment = self.caller.environment;
        let archived = self.services.store.archive_document(environment, kind, id).await;
        assert!(archived.unwrap());
        self.forget();
    }

    /// A template that was never published.
    pub async fn draft(&self, id: &str, body: Value) {
        self.document(DocumentKind::Notification, id, None, body, WriteMode::Draft)
            .await;
    }

    /// What a person says of a topic, in the words of [`tidings_types::Preference`].
    pub async fn prefers(&self, user: &str, topic: &str, preference: Value) {
        let said = StoredPreference {
            topic_id: topic.into(),
            preference: serde_json::from_value(preference).unwrap(),
        };
        let write = PreferenceWrite {
            tenant_id: None,
            set: vec![said],
            unset: Vec::new(),
            replace_all: false,
            source: "test".to_owned(),
            evidence: Evidence::default(),
            consents: Vec::new(),
            mail: None,
            seen: None,
            now: self.clock.now(),
        };
        let user = UserId::from(user);
        self.services
            .store
            .write_preferences(self.caller.environment, &user, write)
            .await
            .unwrap();
    }

    /// A person's profile.
    pub async fn profile(&self, user: &str, profile: Value) {
        let change = ProfileChange::Replace(serde_json::from_value(profile).unwrap());
        let user = UserId::from(user);
        self.services
            .store
            .change_profile(self.caller.environment, &user, change, self.clock.now())
            .await
            .unwrap();
    }
}
