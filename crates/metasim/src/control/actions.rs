//! The start page's buttons. Each does what a control route does and goes back
//! to its section with a sentence.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::bodies::{DataDeletionBody, DeauthorizeBody, FaultBody, InvalidateBody, SettingsBody, WebhookBody};
use super::{ControlError, advance, end_tokens, fault_routes, messages, reset_all, settings, start};
use crate::Sim;
use crate::clock::parse_span;
use crate::webhooks::Kind;

pub(super) async fn act(
    State(sim): State<Sim>,
    Path(action): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // A foreign page must not press buttons here.
    let foreign = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    if foreign {
        return StatusCode::FORBIDDEN.into_response();
    }
    let form = Form(form_urlencoded::parse(&body).into_owned().collect());
    let Some((at, done)) = run(&sim, &action, &form).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (text, bad) = match done {
        Ok(text) => (text, false),
        Err(error) => (error.message, true),
    };
    (StatusCode::SEE_OTHER, [(LOCATION, start::way_back(at, &text, bad))]).into_response()
}

type Done = Result<String, ControlError>;

/// The section of an action and what it says; nothing for an unknown one.
async fn run(sim: &Sim, action: &str, form: &Form) -> Option<(&'static str, Done)> {
    Some(match action {
        "clock" => ("clock", move_clock(sim, form).await),
        "reset" => ("clock", reset_all(sim).await.map(|()| "Everything is as at the start.".to_owned())),
        "password" => (form.section(), form.body().and_then(|body| password(sim, body))),
        "deauthorize" => (form.section(), remove(sim, form).await),
        "deletion" => (form.section(), deletion(sim, form).await),
        "role" => ("pages", take_role(sim, form)),
        "event" => ("webhooks", event(sim, form).await),
        "settings" => ("webhooks", addresses(sim, form)),
        "handshake" => ("webhooks", messages::shake_hands(sim).await.map(|answer| verified(&answer))),
        "replay" => ("webhooks", replay(sim, form).await),
        "fault" => ("faults", fault(sim, form)),
        "clear-faults" => {
            sim.with(|meta| meta.state.faults.clear());
            ("faults", Ok("No fault waits any more.".to_owned()))
        }
        _ => return None,
    })
}

struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The form as the JSON body of a control route: digits are numbers, empty
    /// fields are left out.
    fn body<T: DeserializeOwned>(&self) -> Result<T, ControlError> {
        let fields: Map<String, Value> = self
            .0
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| {
                let number = matches!(name.as_str(), "count" | "times").then(|| value.parse::<u64>().ok()).flatten();
                (name.clone(), number.map_or_else(|| json!(value), |number| json!(number)))
            })
            .collect();
        serde_json::from_value(Value::Object(fields)).map_err(|error| ControlError::about("form", error.to_string()))
    }

    fn section(&self) -> &'static str {
        if self.get("instagram").is_empty() { "people" } else { "instagram" }
    }

    fn whose(&self) -> String {
        let instagram = self.get("instagram");
        if instagram.is_empty() { self.get("person").to_owned() } else { format!("@{instagram}") }
    }
}

async fn move_clock(sim: &Sim, form: &Form) -> Done {
    let span = form.get("advance");
    let by = parse_span(span).map_err(|text| ControlError::about("advance", text))?;
    advance(sim, by);
    sim.send_due().await;
    Ok(format!("The clock has moved by {span}."))
}

fn password(sim: &Sim, body: InvalidateBody) -> Done {
    let name =
        body.person.clone().or_else(|| body.instagram.as_ref().map(|name| format!("@{name}"))).unwrap_or_default();
    end_tokens(sim, body)?;
    Ok(format!("{name} has another password: the tokens are dead."))
}

async fn remove(sim: &Sim, form: &Form) -> Done {
    let mut body: DeauthorizeBody = form.body()?;
    body.callback = sim.with(|meta| meta.check_callback(Kind::Deauthorize).is_ok());
    let answer = messages::remove_app(sim, &body).await?;
    let told = match answer.get("callback") {
        None => "no callback was sent, there is no address".to_owned(),
        Some(callback) => format!("the callback was {}", fate(callback)),
    };
    Ok(format!("{} has removed the app; {told}.", form.whose()))
}

async fn deletion(sim: &Sim, form: &Form) -> Done {
    let answer = messages::ask_for_deletion(sim, &form.body::<DataDeletionBody>()?).await?;
    Ok(match answer["confirmation_code"].as_str() {
        Some(code) => format!("The request was taken, its code is {code}."),
        None => format!("The answer is not what Meta wants: {}.", words(&answer["problem"])),
    })
}

fn take_role(sim: &Sim, form: &Form) -> Done {
    let (page, person) = (form.get("page"), form.get("person"));
    sim.with(|meta| {
        let known = meta.state.world.pages.iter_mut().find(|known| known.id == page);
        let page = known.ok_or_else(|| ControlError::about("page", "there is no such Page"))?;
        page.roles.retain(|role| role.person != person);
        let page = page.name.clone();
        meta.state.changed = true;
        let name = meta.state.world.person(person).map_or(person, |person| person.name.as_str());
        Ok(format!("{name} has no role on {page} any more."))
    })
}

fn fault(sim: &Sim, form: &Form) -> Done {
    fault_routes::put(sim, form.body::<FaultBody>()?)?;
    Ok(format!("{} waits for {}.", form.get("fault"), form.get("on")))
}

async fn event(sim: &Sim, form: &Form) -> Done {
    let answer = messages::send_event(sim, &form.body::<WebhookBody>()?).await?;
    if answer["status"].is_null() && answer["number"].is_null() {
        return Ok(format!("Nothing was sent: {}.", words(&answer["reason"])));
    }
    Ok(format!("The notification was {}.", fate(&answer)))
}

async fn replay(sim: &Sim, form: &Form) -> Done {
    let number = form.get("number").parse().map_err(|_| ControlError::about("number", "that is no number"))?;
    Ok(format!("Number {number} again: {}.", fate(&messages::send_again(sim, number).await?)))
}

fn addresses(sim: &Sim, form: &Form) -> Done {
    // An emptied field empties the setting.
    let given = |name: &str| Some(form.get(name).to_owned());
    let wanted = SettingsBody {
        webhook_url: given("webhook_url"),
        verify_token: given("verify_token"),
        deauthorize_url: given("deauthorize_url"),
        data_deletion_url: given("data_deletion_url"),
        ..SettingsBody::default()
    };
    settings::apply(sim, wanted)?;
    Ok("The addresses are saved.".to_owned())
}

fn verified(answer: &Value) -> String {
    if answer["verified"] == true {
        "The webhook URL repeats the challenge: it is verified.".to_owned()
    } else {
        format!("The webhook URL is not verified: {}.", words(&answer["reason"]))
    }
}

/// `delivered`, `answered with 500`, `not taken: connection refused`
fn fate(answer: &Value) -> String {
    match (answer["delivered"].as_bool(), answer["status"].as_u64()) {
        (Some(true), _) => "delivered".to_owned(),
        (_, Some(status)) => format!("answered with {status}"),
        _ => format!("not taken: {}", words(&answer["reason"])),
    }
}

fn words(value: &Value) -> &str {
    value.as_str().unwrap_or("no reason is known")
}
