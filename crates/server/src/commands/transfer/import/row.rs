//! What a row of a file comes to, checked as the API checks it.

use anyhow::bail;
use serde_json::Value;
use tidings_api::validation;
use tidings_pipeline::preferences;
use tidings_store::NewSubscription;
use tidings_types::{Object, UserId};

use super::super::rows::refuse_columns;
use crate::cli::TransferKind;

/// A row that can be written.
pub(super) enum Write {
    Profile(UserId, Object),
    Subscription(String, NewSubscription),
}

impl Write {
    /// What it is of: a list, if any, and a person.
    pub(super) fn name(&self) -> (String, String) {
        match self {
            Self::Profile(user, _) => (String::new(), user.as_str().to_owned()),
            Self::Subscription(list, one) => (list.clone(), one.user_id.as_str().to_owned()),
        }
    }
}

/// Refuses a table whose rows could not be read.
///
/// # Errors
/// Naming the column.
pub(super) fn check_columns(kind: TransferKind, columns: &[String]) -> anyhow::Result<()> {
    if let Some(refusal) = refuse_columns(columns) {
        bail!("{refusal}");
    }
    let (needed, others): (&[&str], Option<&str>) = match kind {
        TransferKind::Profiles => (&["user_id"], None),
        TransferKind::Subscriptions => (&["list_id", "user_id"], Some("preferences")),
    };
    if let Some(missing) = needed.iter().find(|name| !columns.iter().any(|one| one == *name)) {
        bail!("column `{missing}`: Required");
    }
    let Some(other) = others else { return Ok(()) };
    let is_known = |name: &str| name == other || name.split_once('.').is_some_and(|(outer, _)| outer == other);
    match columns
        .iter()
        .find(|name| !needed.contains(&name.as_str()) && !is_known(name))
    {
        Some(unknown) => bail!("column `{unknown}`: There is no such field"),
        None => Ok(()),
    }
}

/// Reads a row's fields.
///
/// # Errors
/// In words, naming the field.
pub(super) fn checked(kind: TransferKind, mut row: Object) -> Result<Write, String> {
    match kind {
        TransferKind::Profiles => {
            let user = user(&mut row)?;
            let profile = match row.remove("profile") {
                None => row,
                Some(Value::Object(profile)) if row.is_empty() => profile,
                Some(_) => return Err("profile: Expected an object, and nothing beside it".to_owned()),
            };
            Ok(Write::Profile(user, profile))
        }
        TransferKind::Subscriptions => {
            let list = text(&mut row, "list_id")?;
            if let Some(refusal) = tidings_domain::list::refuse_id(&list) {
                return Err(format!("list_id: {refusal}"));
            }
            let one = NewSubscription {
                user_id: user(&mut row)?,
                preferences: said(row.remove("preferences"))?,
            };
            if let Some(name) = row.keys().next() {
                return Err(format!("{name}: There is no such field"));
            }
            Ok(Write::Subscription(list, one))
        }
    }
}

fn text(row: &mut Object, name: &str) -> Result<String, String> {
    match row.remove(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("{name}: Expected a text")),
        None => Err(format!("{name}: Required")),
    }
}

fn user(row: &mut Object) -> Result<UserId, String> {
    let id = text(row, "user_id")?;
    validation::user_id("user_id", &id).map_err(|error| error.message().to_owned())?;
    Ok(id.into())
}

/// What a row says of a subscription's preferences: nothing leaves them, null clears them.
fn said(preferences: Option<Value>) -> Result<Option<Object>, String> {
    let expected = || "preferences: Expected an object".to_owned();
    let said = match preferences {
        None => return Ok(None),
        Some(Value::Null) => Object::new(),
        Some(Value::Object(said)) => said,
        // A cell of a table.
        Some(Value::String(text)) => serde_json::from_str(&text).map_err(|_| expected())?,
        Some(_) => return Err(expected()),
    };
    preferences::check_of_list("preferences", &said).map_err(|error| error.message().to_owned())?;
    Ok(Some(said))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(kind: TransferKind, row: &Value) -> String {
        match checked(kind, row.as_object().cloned().unwrap()) {
            Ok(_) => String::new(),
            Err(refusal) => refusal,
        }
    }

    #[test]
    fn rows_are_checked_as_the_api_checks_them() {
        let of = |preferences: Value| {
            let row = json!({"list_id": "l", "user_id": "ada", "preferences": preferences});
            refused(TransferKind::Subscriptions, &row)
        };
        for fine in [
            json!(null),
            json!({}),
            json!({"categories": {"t": {"status": "OPTED_OUT"}}}),
            json!("{\"categories\": {\"t\": {\"status\": \"OPTED_OUT\"}}}"),
        ] {
            assert_eq!(of(fine.clone()), "", "{fine}");
        }
        for wrong in [
            json!({"categories": {"t": {"status": "NOPE"}}}),
            json!({"category": {}}),
            json!("{\"categories\": {\"t\": {\"status\": \"NOPE\"}}}"),
            json!("opted out"),
            json!([]),
        ] {
            assert!(of(wrong.clone()).starts_with("preferences"), "{wrong}");
        }
        for wrong in [
            json!("x".repeat(513)),
            json!(""),
            json!("a\u{7}"),
            json!(5),
            json!(null),
        ] {
            for kind in [TransferKind::Profiles, TransferKind::Subscriptions] {
                let refusal = refused(kind, &json!({"list_id": "l", "user_id": wrong}));
                assert!(refusal.starts_with("user_id: "), "{refusal}");
            }
        }
        assert_eq!(
            refused(TransferKind::Profiles, &json!({"user_id": "x".repeat(512)})),
            ""
        );
        let long = json!({"list_id": "x".repeat(257), "user_id": "ada"});
        assert!(refused(TransferKind::Subscriptions, &long).starts_with("list_id: "));
    }

    #[test]
    fn a_table_has_the_columns_its_rows_need() {
        let check = |kind, columns: &str| {
            let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
            check_columns(kind, &columns).err().map(|error| error.to_string())
        };
        assert_eq!(check(TransferKind::Profiles, "email,user_id,address.city"), None);
        assert_eq!(check(TransferKind::Subscriptions, "user_id,list_id,preferences"), None);
        assert_eq!(check(TransferKind::Subscriptions, "user_id,list_id"), None);
        for (kind, columns, told) in [
            (TransferKind::Profiles, "id,email", "column `user_id`: Required"),
            (
                TransferKind::Subscriptions,
                "user_id,preferences",
                "column `list_id`: Required",
            ),
            (
                TransferKind::Subscriptions,
                "user_id,list_id,prefs",
                "column `prefs`: There is no such field",
            ),
        ] {
            assert_eq!(check(kind, columns).as_deref(), Some(told));
        }
        assert!(
            check(TransferKind::Profiles, "user_id,a,a.b")
                .unwrap()
                .contains("`a` and `a.b`")
        );
    }
}
