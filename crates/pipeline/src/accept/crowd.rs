//! Reading the entries of `to` that stand for many.

use serde_json::Value;
use tidings_domain::list::{Pattern, refuse_id};
use tidings_types::{Error, Object, Result};

use super::message::{check_name, expected};
use super::recipient::tenant_id;
use crate::expand::{Crowd, CrowdKind};

/// How many filters an entry may have.
const MAX_FILTERS: usize = 10;

/// Reads an entry that stands for many; none when it is one person.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn parse(value: &Value, entry: u32, alone: bool, field: &str) -> Result<Option<Crowd>> {
    let Value::Object(object) = value else {
        return Ok(None);
    };
    let Some((kind, name)) = kind(object) else {
        return Ok(None);
    };
    let id = match object.get(name) {
        Some(Value::String(id)) => id.clone(),
        Some(other) => return Err(expected(&format!("{field}.{name}"), "string", other)),
        None => return Ok(None),
    };
    check_name(&format!("{field}.{name}"), &id)?;
    let refused = match kind {
        CrowdKind::List => refuse_id(&id),
        CrowdKind::Pattern => Pattern::parse(&id).err(),
        CrowdKind::Audience | CrowdKind::Tenant => None,
    };
    if let Some(refused) = refused {
        return Err(Error::invalid(format!("{field}.{name}: {refused}")));
    }
    // Beside another crowd, a tenant says in which context.
    let tenant = match kind {
        CrowdKind::Tenant => None,
        _ => tenant_id(object).map(str::to_owned),
    };
    if let Some(tenant) = &tenant {
        check_name(&format!("{field}.tenant_id"), tenant)?;
    }
    let include_children = match object.get("include_children") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(other) => return Err(expected(&format!("{field}.include_children"), "boolean", other)),
    };
    let data = match object.get("data") {
        None | Some(Value::Null) => Object::new(),
        Some(Value::Object(data)) => data.clone(),
        Some(other) => return Err(expected(&format!("{field}.data"), "object", other)),
    };
    Ok(Some(Crowd {
        entry,
        alone,
        kind,
        id,
        include_children,
        tenant,
        data,
        members_of: filters(object.get("filters"), &format!("{field}.filters"))?,
    }))
}

/// What kind of crowd an entry is, and the field that says which.
fn kind(object: &Object) -> Option<(CrowdKind, &'static str)> {
    let has = |name: &str| object.get(name).is_some_and(|value| !value.is_null());
    if has("audience_id") {
        return Some((CrowdKind::Audience, "audience_id"));
    }
    if has("list_pattern") {
        return Some((CrowdKind::Pattern, "list_pattern"));
    }
    // Beside a person, a list or tenant only says in which context; a tenant does so beside an address, too.
    if ["user_id", "email", "phone_number"].iter().any(|name| has(name)) {
        return None;
    }
    if has("list_id") {
        return Some((CrowdKind::List, "list_id"));
    }
    if ADDRESSES.iter().any(|name| has(name)) {
        return None;
    }
    let mut names = ["tenant_id", "account_id"].into_iter();
    names.find(|name| has(name)).map(|name| (CrowdKind::Tenant, name))
}

/// The keys by which providers find somebody, as the public API documents them. Beside a tenant, any other key means
/// nothing.
const ADDRESSES: [&str; 26] = [
    "airship",
    "apn",
    "aws_sns",
    "discord",
    "expo",
    "facebookPSID",
    "firebaseToken",
    "intercom",
    "magicbell",
    "ms_teams",
    "msteams",
    "oneSignalExternalUserId",
    "oneSignalPlayerID",
    "onesignal",
    "opsgenie",
    "pagerduty",
    "pusher",
    "sendgrid",
    "slack",
    "splunk_on_call",
    "streamChat",
    "target_arn",
    "twilio",
    "viber",
    "webhook",
    "whatsapp",
];

/// Reads `[{operator: "MEMBER_OF", path: "account_id", value}]`: the tenants that people must belong to.
fn filters(value: Option<&Value>, field: &str) -> Result<Vec<String>> {
    let list = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(other) => return Err(expected(field, "array", other)),
    };
    if list.len() > MAX_FILTERS {
        return Err(Error::invalid(format!(
            "{field}: {} filters. Max is {MAX_FILTERS}",
            list.len()
        )));
    }
    let read = |(index, one): (usize, &Value)| {
        let text = |name: &str| one.get(name).and_then(Value::as_str);
        if text("operator") != Some("MEMBER_OF") {
            return Err(Error::invalid(format!("{field}.{index}.operator: Expected MEMBER_OF")));
        }
        if text("path") != Some("account_id") {
            return Err(Error::invalid(format!("{field}.{index}.path: Expected account_id")));
        }
        let Some(tenant) = text("value") else {
            return Err(Error::invalid(format!("{field}.{index}.value: Expected string")));
        };
        check_name(&format!("{field}.{index}.value"), tenant)?;
        Ok(tenant.to_owned())
    };
    list.iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Result<Option<Crowd>> {
        parse(value, 0, true, "message.to")
    }

    #[test]
    fn each_kind_is_told_by_its_keys() {
        let kind = |value| read(&value).unwrap().map(|crowd| (crowd.kind, crowd.id));
        let of = |kind, id: &str| Some((kind, id.to_owned()));
        assert_eq!(
            kind(json!({"audience_id": "a", "user_id": "u"})),
            of(CrowdKind::Audience, "a")
        );
        assert_eq!(kind(json!({"list_pattern": "a.*"})), of(CrowdKind::Pattern, "a.*"));
        assert_eq!(
            kind(json!({"list_id": "a", "data": {"x": 1}})),
            of(CrowdKind::List, "a")
        );
        assert_eq!(kind(json!({"list_id": "a", "user_id": "u"})), None);
        assert_eq!(
            kind(json!({"tenant_id": "t", "include_children": true})),
            of(CrowdKind::Tenant, "t")
        );
        assert_eq!(kind(json!({"account_id": "t"})), of(CrowdKind::Tenant, "t"));
        assert_eq!(kind(json!({"tenant_id": "t", "slack": {"channel": "C"}})), None);
        assert_eq!(kind(json!({"list_id": null, "email": "a@b.c"})), None);
        // What means nothing changes nothing.
        for more in [
            json!({"foo": 1}),
            json!({"name": "x"}),
            json!({"_type": "list"}),
            json!({"email": null}),
        ] {
            let with = |mut value: Value| {
                value
                    .as_object_mut()
                    .unwrap()
                    .extend(more.as_object().cloned().unwrap());
                value
            };
            assert_eq!(kind(with(json!({"list_id": "a"}))), of(CrowdKind::List, "a"), "{more}");
            assert_eq!(
                kind(with(json!({"tenant_id": "t"}))),
                of(CrowdKind::Tenant, "t"),
                "{more}"
            );
        }
        assert_eq!(
            kind(json!({"list_id": "a", "slack": {"channel": "C"}})),
            of(CrowdKind::List, "a")
        );
    }

    #[test]
    fn a_tenant_beside_another_crowd_is_its_context() {
        let tenant = |value| read(&value).unwrap().unwrap().tenant;
        assert_eq!(tenant(json!({"list_id": "a", "tenant_id": "t"})).as_deref(), Some("t"));
        assert_eq!(
            tenant(json!({"audience_id": "a", "context": {"tenant_id": "t"}})).as_deref(),
            Some("t")
        );
        assert_eq!(tenant(json!({"tenant_id": "t"})), None);
    }

    #[test]
    fn mistakes_are_told_by_the_name_of_the_field() {
        let told = |value| read(&value).unwrap_err().message().to_owned();
        assert!(told(json!({"list_pattern": "**"})).starts_with("message.to.list_pattern: "));
        assert!(told(json!({"list_id": "a b"})).starts_with("message.to.list_id: "));
        assert!(told(json!({"list_id": 5})).starts_with("message.to.list_id: "));
        assert!(
            told(json!({"tenant_id": "t", "include_children": "yes"})).starts_with("message.to.include_children: ")
        );
        let filter =
            |operator, path| json!({"list_id": "l", "filters": [{"operator": operator, "path": path, "value": "t"}]});
        assert!(told(filter("EQ", "account_id")).starts_with("message.to.filters.0.operator: "));
        assert!(told(filter("MEMBER_OF", "x")).starts_with("message.to.filters.0.path: "));
        let good = read(&filter("MEMBER_OF", "account_id")).unwrap().unwrap();
        assert_eq!(good.members_of, ["t"]);
    }
}
