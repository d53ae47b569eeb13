//! The person behind a token, and what they granted.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::GraphCall;
use super::debug::APPLICATION;
use crate::fields::{self, NodeKind};
use crate::grants::{ALWAYS_GRANTED, PERMISSIONS};
use crate::picture;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;

const USER: NodeKind = NodeKind {
    name: "User",
    fields: &["id", "name", "first_name", "last_name", "email", "picture", "client_business_id"],
    nodes: &[],
};

pub(super) fn read(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, person: &str) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    own(call, viewer, person)?;
    if let Some(business) = meta.state.world.business_of_system_user(person) {
        let object = Map::from_iter([
            ("id".to_owned(), json!(person)),
            ("name".to_owned(), json!(format!("{APPLICATION} System User"))),
            ("client_business_id".to_owned(), json!(business.id)),
        ]);
        return fields::project(&object, &call.fields("id,name")?, &USER);
    }
    let Some(known) = meta.state.world.person(person) else {
        return Err(GraphError::no_object(person, "get"));
    };
    let (first, last) = known.name.split_once(' ').unwrap_or((&known.name, ""));
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(known.id));
    object.insert("name".to_owned(), json!(known.name));
    object.insert("first_name".to_owned(), json!(first));
    object.insert("last_name".to_owned(), json!(last));
    object.insert(
        "picture".to_owned(),
        json!({"data": {"height": 50, "is_silhouette": false, "width": 50,
            "url": picture::url(&meta.config.public_url, person)}}),
    );
    if meta.allows(person, "email") {
        object.insert("email".to_owned(), json!(known.email));
    }
    fields::project(&object, &call.fields("id,name")?, &USER)
}

pub(super) fn permissions(
    meta: &mut Meta<'_>,
    call: &GraphCall<'_>,
    viewer: &Viewer,
    person: &str,
    rest: &[&str],
) -> Answer {
    own(call, viewer, person)?;
    let named = rest.first().copied().or_else(|| call.params.filled("permission"));
    match *call.method {
        Method::GET => Ok(json!({ "data": listed(meta, call, person, named) })),
        Method::DELETE => revoke(meta, person, named),
        _ => Err(call.wrong_method()),
    }
}

fn listed(meta: &Meta<'_>, call: &GraphCall<'_>, person: &str, named: Option<&str>) -> Vec<Value> {
    let wanted_status = call.params.filled("status");
    PERMISSIONS
        .into_iter()
        .filter(|permission| named.is_none_or(|named| named == *permission))
        .filter_map(|permission| {
            let status = meta.permission_status(person, permission)?;
            wanted_status
                .is_none_or(|wanted| wanted == status)
                .then(|| json!({"permission": permission, "status": status}))
        })
        .collect()
}

fn revoke(meta: &mut Meta<'_>, person: &str, named: Option<&str>) -> Answer {
    let Some(named) = named else {
        meta.deauthorize(person);
        return Ok(json!({ "success": true }));
    };
    if !PERMISSIONS.contains(&named) {
        return Err(GraphError::new(
            100,
            format!("(#100) Param permission must be a known permission - got \"{named}\"."),
        ));
    }
    if named == ALWAYS_GRANTED {
        meta.deauthorize(person);
    } else if let Some(grant) = meta.state.grants.get_mut(person) {
        if grant.granted.remove(named) {
            grant.declined.insert(named.to_owned());
        }
        meta.state.changed = true;
    }
    Ok(json!({ "success": true }))
}

/// A person's data is for their own token and for the app.
fn own(call: &GraphCall<'_>, viewer: &Viewer, person: &str) -> Result<(), GraphError> {
    match viewer {
        Viewer::App => Ok(()),
        Viewer::Person { person: viewing, .. } if viewing == person => Ok(()),
        _ => Err(GraphError::no_object(person, &super::verb(call.method))),
    }
}
