//! Changing who and what there is at Meta: people, their Pages, linked accounts.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::bodies::{BusinessBody, BusinessesBody, PageBody, PagesBody, PeopleBody, PersonBody};
use super::{ControlError, answer, page_id, person_id, read};
use crate::Sim;
use crate::state::Meta;
use crate::world::{ALL_TASKS, Business, Instagram, Page, Person, Role};

pub(super) async fn people(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: PeopleBody| {
        sim.with(|meta| {
            let mut people = if wanted.replace { Vec::new() } else { meta.state.world.people.clone() };
            for entry in wanted.people {
                merge_person(meta, &mut people, entry);
            }
            meta.state.world.people = people;
            meta.state.changed = true;
            Ok(json!({"people": meta.state.world.people}))
        })
    }))
}

fn merge_person(meta: &mut Meta<'_>, people: &mut Vec<Person>, entry: PersonBody) {
    let known = people.iter().position(|person| match &entry.id {
        Some(id) => person.id == *id,
        None => person.name == entry.name,
    });
    if entry.removed {
        if let Some(index) = known {
            people.remove(index);
        }
        return;
    }
    match known {
        Some(index) => {
            let person = &mut people[index];
            person.name = entry.name;
            if let Some(email) = entry.email {
                person.email = email;
            }
        }
        None => people.push(Person {
            id: entry.id.unwrap_or_else(|| new_id(meta, "10", 17)),
            email: entry.email.unwrap_or_else(|| "person@mail.example".to_owned()),
            name: entry.name,
        }),
    }
}

pub(super) async fn pages(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: PagesBody| {
        sim.with(|meta| {
            let mut pages = if wanted.replace { Vec::new() } else { meta.state.world.pages.clone() };
            for entry in wanted.pages {
                merge_page(meta, &mut pages, entry)?;
            }
            meta.state.world.pages = pages;
            meta.state.changed = true;
            Ok(json!({"pages": meta.state.world.pages}))
        })
    }))
}

fn merge_page(meta: &mut Meta<'_>, pages: &mut Vec<Page>, entry: PageBody) -> Result<(), ControlError> {
    let known = pages.iter().position(|page| match &entry.id {
        Some(id) => page.id == *id,
        None => page.name == entry.name,
    });
    if entry.removed {
        if let Some(index) = known {
            pages.remove(index);
        }
        return Ok(());
    }
    let index = match known {
        Some(index) => index,
        None => {
            pages.push(Page {
                id: entry.id.unwrap_or_else(|| new_id(meta, "13", 15)),
                name: String::new(),
                category: "Local Business".to_owned(),
                roles: Vec::new(),
                instagram: None,
                token_withheld: false,
                business_only: false,
            });
            pages.len() - 1
        }
    };
    let page = &mut pages[index];
    page.name = entry.name;
    if let Some(category) = entry.category {
        page.category = category;
    }
    if let Some(withheld) = entry.token_withheld {
        page.token_withheld = withheld;
    }
    if let Some(only) = entry.business_only {
        page.business_only = only;
    }
    if let Some(people) = entry.people {
        let mut roles = Vec::new();
        for role in people {
            let (name, tasks) = role.parts();
            let tasks = tasks.unwrap_or_else(|| ALL_TASKS.map(str::to_owned).to_vec());
            if let Some(task) = tasks.iter().find(|task| !ALL_TASKS.contains(&task.as_str())) {
                return Err(ControlError::about(
                    "tasks",
                    format!("{task:?} is no task; known: {}", ALL_TASKS.join(", ")),
                ));
            }
            roles.push(Role { person: person_id(meta, &name)?, tasks });
        }
        page.roles = roles;
    }
    match entry.instagram {
        None => {}
        Some(None) => page.instagram = None,
        Some(Some(account)) => {
            let id = match account.id {
                Some(id) => id,
                None => page
                    .instagram
                    .as_ref()
                    .filter(|former| former.username == account.username)
                    .map(|former| former.id.clone())
                    .unwrap_or_else(|| new_id(meta, "17841", 17)),
            };
            page.instagram = Some(Instagram {
                id,
                name: account.name.unwrap_or_else(|| account.username.clone()),
                username: account.username,
            });
        }
    }
    Ok(())
}

pub(super) async fn businesses(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: BusinessesBody| {
        sim.with(|meta| {
            let mut businesses = if wanted.replace { Vec::new() } else { meta.state.world.businesses.clone() };
            for entry in wanted.businesses {
                merge_business(meta, &mut businesses, entry)?;
            }
            meta.state.world.businesses = businesses;
            meta.state.changed = true;
            Ok(json!({"businesses": meta.state.world.businesses}))
        })
    }))
}

fn merge_business(
    meta: &mut Meta<'_>,
    businesses: &mut Vec<Business>,
    entry: BusinessBody,
) -> Result<(), ControlError> {
    let known = businesses.iter().position(|business| match &entry.id {
        Some(id) => business.id == *id,
        None => business.name == entry.name,
    });
    if entry.removed {
        if let Some(index) = known {
            businesses.remove(index);
        }
        return Ok(());
    }
    let ids = |names: Option<Vec<String>>, find: fn(&Meta<'_>, &str) -> Result<String, ControlError>| {
        names.map(|names| names.iter().map(|name| find(meta, name)).collect::<Result<Vec<_>, _>>()).transpose()
    };
    let people = ids(entry.people, person_id)?;
    let owned_pages = ids(entry.owned_pages, page_id)?;
    let client_pages = ids(entry.client_pages, page_id)?;
    let index = match known {
        Some(index) => index,
        None => {
            businesses.push(Business {
                id: entry.id.unwrap_or_else(|| new_id(meta, "31", 15)),
                name: String::new(),
                system_user: new_id(meta, "1221", 18),
                people: Vec::new(),
                owned_pages: Vec::new(),
                client_pages: Vec::new(),
            });
            businesses.len() - 1
        }
    };
    let business = &mut businesses[index];
    business.name = entry.name;
    if let Some(people) = people {
        business.people = people;
    }
    if let Some(pages) = owned_pages {
        business.owned_pages = pages;
    }
    if let Some(pages) = client_pages {
        business.client_pages = pages;
    }
    Ok(())
}

fn new_id(meta: &mut Meta<'_>, start: &str, length: usize) -> String {
    let mut id = start.to_owned();
    id.extend(meta.state.random.text(length - start.len()).bytes().map(|byte| char::from(b'0' + byte % 10)));
    id
}
