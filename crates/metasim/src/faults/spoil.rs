//! Damage to the content of an answer that stays JSON.

use serde_json::{Map, Value, json};

use super::{Fault, FaultKind};
use crate::tokens::{FOREIGN_APP, FOREIGN_TOKEN};

impl Fault {
    /// Damages the body of an answer where the fault asks for that.
    pub fn spoil_body(&self, body: &mut Value) {
        match self.kind {
            FaultKind::ErrorAsText => *body = json!({ "error": "An unknown error has occurred." }),
            FaultKind::ErrorWithoutCode => {
                if let Some(error) = body["error"].as_object_mut() {
                    error.remove("code");
                }
            }
            FaultKind::ForeignToken => make_foreign(body),
            FaultKind::MissingFields => each_entry(body, |entry| entry.retain(|name, _| name == "id")),
            FaultKind::NullFields => {
                each_entry(body, |entry| entry.values_mut().for_each(|value| *value = Value::Null));
            }
            FaultKind::MissingExpiresAt => each_entry(body, |entry| drop(entry.remove("expires_at"))),
            _ => {
                if let Value::Object(fields) = body {
                    self.spoil_fields(fields);
                }
            }
        }
    }

    fn spoil_fields(&self, fields: &mut Map<String, Value>) {
        let is_list = fields.get("data").is_some_and(Value::is_array);
        match self.kind {
            FaultKind::MissingExpiresIn => {
                fields.remove("expires_in");
            }
            FaultKind::ExpiresInText | FaultKind::ExpiresInNegative if fields.contains_key("access_token") => {
                let wrong = if self.kind == FaultKind::ExpiresInText { json!("5184000") } else { json!(-60) };
                fields.insert("expires_in".to_owned(), wrong);
            }
            FaultKind::WrongType => fields.values_mut().for_each(change_type),
            FaultKind::NoData => {
                fields.remove("data");
            }
            FaultKind::EmptyList if is_list => {
                fields.insert("data".to_owned(), json!([]));
                fields.remove("paging");
            }
            FaultKind::BrokenEntry if is_list => {
                if let Some(first) = fields["data"].as_array_mut().and_then(|entries| entries.first_mut()) {
                    *first = json!({"id": {"is": 42}, "name": null, "permission": []});
                }
            }
            FaultKind::ForeignNext if is_list => {
                set_next(fields, "http://graph.foreign.invalid/v25.0/me/accounts?access_token=none&after=x");
            }
            FaultKind::EndlessNext if is_list => set_next(fields, &self.link),
            _ => {}
        }
    }
}

fn set_next(fields: &mut Map<String, Value>, link: &str) {
    let paging = fields.entry("paging").or_insert_with(|| json!({"cursors": {"before": "eA==", "after": "eA=="}}));
    paging["next"] = json!(link);
}

fn change_type(value: &mut Value) {
    *value = match value {
        Value::String(_) => json!(42),
        Value::Number(_) => json!("soon"),
        Value::Bool(_) => json!("yes"),
        Value::Array(_) => json!({}),
        Value::Object(_) => json!([]),
        Value::Null => json!("null"),
    };
}

/// The entries of a list, the object in `data`, or the answer itself.
fn each_entry(body: &mut Value, change: impl Fn(&mut Map<String, Value>)) {
    match body {
        Value::Object(fields) if fields.contains_key("data") => match &mut fields["data"] {
            Value::Array(entries) => entries.iter_mut().filter_map(Value::as_object_mut).for_each(change),
            Value::Object(data) => change(data),
            _ => {}
        },
        Value::Object(fields) => change(fields),
        _ => {}
    }
}

fn make_foreign(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "access_token" => *value = json!(FOREIGN_TOKEN),
                    "app_id" => *value = json!(FOREIGN_APP),
                    _ => make_foreign(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(make_foreign),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::faults::{Fault, FaultKind};

    fn spoiled(kind: FaultKind, mut body: Value) -> Value {
        let fault = Fault { link: "http://sim/graph/me?x".to_owned(), ..Fault::of(kind) };
        fault.spoil_body(&mut body);
        body
    }

    #[test]
    fn lists() {
        let list = || json!({"data": [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}], "paging": {"next": "n"}});
        assert_eq!(spoiled(FaultKind::EmptyList, list()), json!({"data": []}));
        assert_eq!(spoiled(FaultKind::NoData, list()), json!({"paging": {"next": "n"}}));
        assert_eq!(spoiled(FaultKind::EndlessNext, list())["paging"]["next"], "http://sim/graph/me?x");
        assert!(spoiled(FaultKind::ForeignNext, json!({"data": []}))["paging"]["next"].is_string());
        assert_eq!(spoiled(FaultKind::BrokenEntry, list())["data"][1]["name"], "b");
        assert!(spoiled(FaultKind::BrokenEntry, list())["data"][0]["id"].is_object());
        let bare = spoiled(FaultKind::MissingFields, list());
        assert_eq!(bare["data"], json!([{"id": "1"}, {"id": "2"}]));
        assert!(spoiled(FaultKind::NullFields, list())["data"][0]["id"].is_null());
    }

    #[test]
    fn tokens() {
        let answer = || json!({"access_token": "EAA", "expires_in": 60});
        assert_eq!(spoiled(FaultKind::MissingExpiresIn, answer()), json!({"access_token": "EAA"}));
        assert!(spoiled(FaultKind::ExpiresInText, answer())["expires_in"].is_string());
        assert_eq!(spoiled(FaultKind::ExpiresInNegative, answer())["expires_in"], -60);
        assert_ne!(spoiled(FaultKind::ForeignToken, answer())["access_token"], "EAA");
        let facts = json!({"data": {"app_id": "1", "expires_at": 0}});
        assert_eq!(spoiled(FaultKind::MissingExpiresAt, facts), json!({"data": {"app_id": "1"}}));
        let debug = spoiled(FaultKind::ForeignToken, json!({"data": {"app_id": "1"}}));
        assert_ne!(debug["data"]["app_id"], "1");
    }

    #[test]
    fn errors() {
        let error = || json!({"error": {"code": 1, "message": "m"}});
        assert_eq!(spoiled(FaultKind::ErrorWithoutCode, error()), json!({"error": {"message": "m"}}));
        assert!(spoiled(FaultKind::ErrorAsText, error())["error"].is_string());
    }
}
