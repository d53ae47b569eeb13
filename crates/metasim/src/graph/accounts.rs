//! The Pages that a person granted, with their tokens: `/me/accounts` and
//! `/me/assigned_pages`.

use super::list::Window;
use super::{GraphCall, pages};
use crate::fields;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;

const DEFAULT_FIELDS: &str = "access_token,category,category_list,name,id,tasks";

/// Those of the person themselves; for the system user of a business, those of
/// the business.
pub(super) fn list(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, person: &str) -> Answer {
    check_own(viewer, person)?;
    let world = &meta.state.world;
    let own: Vec<String> = if world.business_of_system_user(person).is_some() {
        world.grantable_pages(person).map(|page| page.id.clone()).collect()
    } else {
        world.pages_of(person).map(|page| page.id.clone()).collect()
    };
    answer(meta, call, viewer, &format!("{person}/accounts"), own, DEFAULT_FIELDS)
}

/// Those that a business assigned to the person or to its system user.
pub(super) fn assigned(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, person: &str) -> Answer {
    check_own(viewer, person)?;
    super::businesses::check_manages(meta, person)?;
    let world = &meta.state.world;
    let held = world
        .grantable_pages(person)
        .filter(|page| world.businesses.iter().any(|business| business.holds(&page.id)))
        .map(|page| page.id.clone())
        .collect();
    answer(meta, call, viewer, &format!("{person}/assigned_pages"), held, "name,id")
}

/// Those of the Pages that were granted to the app. Without the permission
/// Meta's list is empty rather than refused.
pub(super) fn answer(
    meta: &mut Meta<'_>,
    call: &GraphCall<'_>,
    viewer: &Viewer,
    path: &str,
    mut ids: Vec<String>,
    default_fields: &str,
) -> Answer {
    let Viewer::Person { person, .. } = viewer else {
        return Err(user_token_needed());
    };
    let may_list = meta.allows(person, "pages_show_list");
    let granted = meta.state.grants.get(person).map(|grant| &grant.pages);
    ids.retain(|id| may_list && granted.is_some_and(|granted| granted.contains(id)));
    let wanted = call.fields(default_fields)?;
    let window = Window::of(call, &ids)?;
    let mut data = Vec::new();
    for id in window.shown {
        let object = pages::object(meta, viewer, id, &wanted);
        data.push(fields::project(&object, &wanted, &pages::PAGE)?);
    }
    window.answer(call, path, data)
}

fn check_own(viewer: &Viewer, person: &str) -> Result<(), GraphError> {
    match viewer {
        Viewer::Person { person: viewing, .. } if viewing == person => Ok(()),
        Viewer::App => Err(user_token_needed()),
        _ => Err(GraphError::no_object(person, "get")),
    }
}

pub(super) fn user_token_needed() -> GraphError {
    GraphError::new(102, "A user access token is required to request this resource.")
}
