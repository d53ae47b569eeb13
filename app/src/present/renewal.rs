//! One renewal as its page shows it.

use lifecycle::{
    ChannelKind, RenewalState,
    proof::{self, ProofItem, Verdict},
    reconcile::{self, AccountKey, Change, GrantedAccount},
};
use renewal::{Error, Gap, Identity, KnownPictures, NextRenewal, RenewalDetail, Renova};
use wizard::{Account, Locale, Problem, ProofRow, Purpose, RenewalView, Sentence};

use super::{
    dates::Calendar,
    failures, initials, needs,
    words::{self, fill, pick},
};

/// `next`: what to go on with, once this one is finished.
///
/// # Errors
/// Those of the database.
pub async fn view(
    renova: &Renova,
    who: &Identity,
    locale: Locale,
    detail: &RenewalDetail,
    next: Option<&NextRenewal>,
) -> Result<RenewalView, Error> {
    let calendar = Calendar::new(locale, &who.time_zone);
    let renewal = &detail.renewal;
    let lines = detail.proof.as_ref().map_or_else(proof::blank, |record| record.lines.clone());
    let other_owner = (renewal.user_id != who.user)
        .then(|| detail.owner.as_ref().map_or_else(String::new, |owner| owner.name.clone()));
    let accounts = if renewal.state.has_staged_tokens() {
        accounts(locale, detail, &renova.pictures_of_renewal(detail).await?)
    } else {
        Vec::new()
    };
    Ok(RenewalView {
        locale,
        id: renewal.id.to_string(),
        connection_id: renewal.connection_id.map(|id| id.to_string()),
        version: renewal.version,
        state: renewal.state,
        step: renewal.state.step(),
        // A connection that this renewal has made was connected, not renewed.
        purpose: match detail.connection.as_ref().filter(|it| it.created_at < renewal.created_at) {
            // What has just been connected was not renewed.
            Some(connection) if connection.token_generation > 1 || renewal.state != RenewalState::Finished => {
                Purpose::Renew { connection: connection.grantee_name.clone() }
            }
            _ => Purpose::Connect,
        },
        provider: renova.provider_of(renewal.meta_app_id),
        other_owner,
        problem: problem(locale, detail),
        person: detail.staged.as_ref().map(|staged| staged.grantee_name.clone()),
        may_hand_over: detail.may_be_handed_over(),
        accounts,
        may_finish: renewal.state == RenewalState::Proved && proof::may_finish(&lines),
        has_open_points: proof::has_open_points(&lines),
        proof: lines.iter().map(|line| proof_row(locale, line)).collect(),
        new_dates: new_dates(&calendar, renova.now(), detail),
        gaps: gaps(&calendar, detail),
        next_id: next.map(|next| next.connection.connection.id.to_string()),
        next_name: next.map(|next| next.connection.connection.grantee_name.clone()),
        next_sentence: next.map(|next| place_in_run(locale, next)),
    })
}

fn place_in_run(locale: Locale, next: &NextRenewal) -> String {
    let template = pick(
        locale,
        [
            "Ainda falta renovar: conexão {number} de {of}.",
            "Still to renew: connection {number} of {of}.",
            "Aún falta renovar: conexión {number} de {of}.",
        ],
    );
    fill(template, &[("number", &next.number.to_string()), ("of", &next.of.to_string())])
}

fn problem(locale: Locale, detail: &RenewalDetail) -> Option<Problem> {
    let code = detail.renewal.failure.clone()?;
    if detail.renewal.state == RenewalState::Mismatched {
        return Some(other_person(locale, detail, code));
    }
    let (sentence, what_to_do) = failures::failure(locale, &code);
    Some(Problem { sentence: sentence.to_owned(), what_to_do: what_to_do.to_owned(), code })
}

/// Names both persons; the connection keeps the old one.
fn other_person(locale: Locale, detail: &RenewalDetail, code: String) -> Problem {
    let person = detail.staged.as_ref().map_or("", |staged| staged.grantee_name.as_str());
    let owner = detail.connection.as_ref().map_or("", |connection| connection.grantee_name.as_str());
    let values = [("person", person), ("owner", owner)];
    let sentence = pick(
        locale,
        [
            "Você entrou como {person}, mas esta conexão é de {owner}.",
            "You logged in as {person}, but this connection belongs to {owner}.",
            "Entraste como {person}, pero esta conexión es de {owner}.",
        ],
    );
    let what_to_do = if detail.may_be_handed_over() {
        pick(
            locale,
            [
                "Nada mudou. Tente de novo como {owner}. Se {owner} não cuida mais destas contas, passe a conexão para {person}.",
                "Nothing has changed. Try again as {owner}. If {owner} no longer looks after these accounts, hand the connection over to {person}.",
                "No cambió nada. Inténtalo de nuevo como {owner}. Si {owner} ya no se ocupa de estas cuentas, pasa la conexión a {person}.",
            ],
        )
    } else {
        pick(
            locale,
            [
                "Nada mudou. Tente de novo e, na janela da Meta, entre como {owner}.",
                "Nothing has changed. Try again and log in as {owner} in Meta's window.",
                "No cambió nada. Inténtalo de nuevo y entra como {owner} en la ventana de Meta.",
            ],
        )
    };
    Problem { sentence: fill(sentence, &values), what_to_do: fill(what_to_do, &values), code }
}

fn accounts(locale: Locale, detail: &RenewalDetail, pictures: &KnownPictures) -> Vec<Account> {
    let Some(staged) = &detail.staged else { return Vec::new() };
    let selected = detail.selected();
    reconcile::reconcile(&detail.before(), &staged.accounts, staged.listing)
        .into_iter()
        .map(|(key, change)| {
            let granted = staged.accounts.iter().find(|account| account.key == key);
            let picture = pictures.path_of(&key.account_id);
            account(locale, detail, &key, change, granted, picture, selected.contains(&key))
        })
        .collect()
}

fn account(
    locale: Locale,
    detail: &RenewalDetail,
    key: &AccountKey,
    change: Change,
    granted: Option<&GrantedAccount>,
    picture: Option<String>,
    selected: bool,
) -> Account {
    let channel = detail.channels.iter().find(|it| it.kind == key.kind && it.account_id == key.account_id);
    let name = granted.map(|it| it.name.clone()).or_else(|| channel.map(|it| it.name.clone())).unwrap_or_default();
    let username = granted.and_then(|it| it.username.clone()).or_else(|| channel.and_then(|it| it.username.clone()));
    let listing = detail.staged.as_ref().map(|staged| staged.listing).unwrap_or_default();
    let reason = match (change, granted.and_then(|it| it.unusable), granted) {
        (Change::Untouched, _, _) => Some(words::untouched(locale, listing)),
        (_, Some(why), _) => Some(words::unusable(locale, why)),
        (_, None, None) => Some(words::not_granted(locale)),
        (_, None, Some(_)) => None,
    };
    Account {
        value: key.to_form_value(),
        kind: key.kind,
        initials: initials(&name),
        picture,
        handle: username.filter(|_| key.kind == ChannelKind::Instagram).map(|username| format!("@{username}")),
        name,
        change,
        selected,
        reason: reason.map(str::to_owned),
    }
}

fn proof_row(locale: Locale, line: &proof::ProofLine) -> ProofRow {
    let is_declined = (line.item, line.verdict) == (ProofItem::Permissions, Verdict::Blocking);
    let declined = if is_declined { needs::purposes(locale, &line.missing) } else { None };
    let (template, missing) = match declined {
        Some(purposes) => (words::declined(locale), purposes),
        None => (words::proof_note(locale, line.item, line.verdict), line.missing.join(", ")),
    };
    ProofRow { item: line.item, verdict: line.verdict, note: fill(template, &[("missing", &missing)]) }
}

fn new_dates(calendar: &Calendar, now: lifecycle::Timestamp, detail: &RenewalDetail) -> Option<Sentence> {
    let proved =
        detail.proof.as_ref()?.lines.iter().any(|it| it.item == ProofItem::Dates && it.verdict == Verdict::Good);
    let staged = detail.staged.as_ref().filter(|_| proved)?;
    let locale = calendar.locale();
    Some(match staged.expires_at {
        Some(end) => {
            let days = calendar.days_between(now, end).to_string();
            let template = pick(
                locale,
                [
                    "A autorização vale até {date} ({days} dias).",
                    "The authorization is valid until {date} ({days} days).",
                    "La autorización es válida hasta el {date} ({days} días).",
                ],
            );
            words::sentence(template, &[("days", &days)], Some(calendar.date(end)))
        }
        None => {
            let template = pick(
                locale,
                [
                    "Não será mais preciso renovar a cada 60 dias.",
                    "It is no longer necessary to renew every 60 days.",
                    "Ya no será necesario renovar cada 60 días.",
                ],
            );
            words::sentence(template, &[], None)
        }
    })
}

fn gaps(calendar: &Calendar, detail: &RenewalDetail) -> Vec<String> {
    detail.proof.iter().flat_map(|record| &record.gaps).map(|gap| missing(calendar, gap)).collect()
}

/// Which messages may be missing, for the last step and for mails.
pub(super) fn missing(calendar: &Calendar, gap: &Gap) -> String {
    let template = pick(
        calendar.locale(),
        [
            "{account}: mensagens de {from} a {to} podem não ter chegado.",
            "{account}: messages from {from} to {to} may not have arrived.",
            "{account}: es posible que los mensajes del {from} al {to} no hayan llegado.",
        ],
    );
    let (from, to) = (calendar.hour(gap.from).text, calendar.hour(gap.to).text);
    fill(template, &[("from", &from), ("to", &to), ("account", &gap.account)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(locale: Locale, missing: &[&str]) -> String {
        let missing = missing.iter().map(|it| (*it).to_owned()).collect();
        proof_row(locale, &proof::ProofLine { item: ProofItem::Permissions, verdict: Verdict::Blocking, missing }).note
    }

    #[test]
    fn a_declined_permission_is_named_by_what_it_is_for() {
        let missing = ["pages_messaging", "instagram_business_manage_messages", "instagram_manage_messages"];
        for (locale, said) in [
            (Locale::PtBr, "Falta permissão para conversar no Instagram, conversar no Messenger."),
            (Locale::En, "Permission is missing to talk on Instagram, talk on Messenger."),
            (Locale::Es, "Falta permiso para conversar en Instagram, conversar en Messenger."),
        ] {
            let note = note(locale, &missing);
            assert!(note.starts_with(said), "{note}");
        }
    }

    #[test]
    fn what_has_no_words_is_not_shown_by_its_technical_name() {
        let note = note(Locale::PtBr, &["permissions"]);
        assert_eq!(note, "Falta uma permissão. Entre de novo e deixe todas as opções ligadas");
    }
}
