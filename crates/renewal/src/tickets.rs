//! From a click in an embed to a log-in at Meta in another window, without any session there.
//!
//! The browser makes a ticket inside the click and opens the window with it; the embed, which knows
//! who it is, has the server remember it and shows a number. Whoever looks at the window says which
//! number that is: so a link that was forwarded starts nothing.

use lifecycle::{clock::MINUTE_MS, ids::RenewalId};
use store::{LoginTicket, StoreError};

use crate::{Embedded, Error, Identity, LoginStart, LoginWindow, Renova, secrets};

/// By real time.
const TICKET_LIFETIME_MS: i64 = MINUTE_MS;
/// Two digits.
const FIRST_NUMBER: i64 = 10;
const NUMBERS: u32 = 90;
const CHOICES: usize = 3;

/// What a window with a ticket shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketState {
    /// It has not arrived yet, or nobody has made it.
    Unknown,
    /// Used, over, or of another renewal.
    Over,
    Open(Box<OpenTicket>),
}

/// A ticket that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTicket {
    /// The person who clicked, and the organization.
    pub who: Identity,
    pub window: LoginWindow,
    /// What the embed shows.
    pub number: i64,
    /// What may be chosen from.
    pub choices: Vec<i64>,
}

impl Renova {
    /// Administrators, from an embed: a window with this ticket may begin the log-in of their renewal
    /// within a minute. Answers the number that the embed shows.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a ticket that is none or was there before; otherwise as
    /// [`Renova::begin_login`].
    pub async fn open_login(
        &self,
        embedded: &Embedded,
        renewal: RenewalId,
        ticket: &str,
        window: LoginWindow,
    ) -> Result<i64, Error> {
        embedded.who.require_admin()?;
        let detail = self.own_renewal(&embedded.who, renewal).await?;
        let problem = |problem: &str| Error::Invalid { field: "ticket", problem: problem.to_owned() };
        if !secrets::is_opaque(ticket) {
            return Err(problem("give 32 random bytes in base64url"));
        }
        let choices = self.three_numbers();
        let now = self.wall_now();
        let ticket = LoginTicket {
            ticket_hash: secrets::hash(ticket),
            organization_id: embedded.who.organization,
            renewal_id: detail.renewal.id,
            user_id: embedded.who.user,
            is_popup: window == LoginWindow::Popup,
            number: choices[usize::from(self.random::<1>()[0]) % CHOICES],
            choices: choices.to_vec(),
            return_url: embedded.return_url.clone(),
            created_at: now,
            expires_at: now.plus(TICKET_LIFETIME_MS),
            used_at: None,
        };
        match self.parts.storage.insert_login_ticket(&ticket).await {
            Ok(()) => Ok(ticket.number),
            Err(StoreError::Conflict { .. }) => Err(problem("is known already: make a new one for each click")),
            Err(error) => Err(error.into()),
        }
    }

    /// What a window with this ticket shows; nothing changes.
    pub async fn ticket(&self, ticket: &str, renewal: RenewalId) -> Result<TicketState, Error> {
        if !secrets::is_opaque(ticket) {
            return Ok(TicketState::Over);
        }
        let Some(ticket) = self.parts.storage.login_ticket(&secrets::hash(ticket)).await? else {
            return Ok(TicketState::Unknown);
        };
        if ticket.used_at.is_some() || ticket.expires_at <= self.wall_now() || ticket.renewal_id != renewal {
            return Ok(TicketState::Over);
        }
        let who = self.identity_of(ticket.organization_id, ticket.user_id).await?;
        Ok(who.map_or(TicketState::Over, |who| {
            TicketState::Open(Box::new(OpenTicket {
                who,
                window: window_of(&ticket),
                number: ticket.number,
                choices: ticket.choices,
            }))
        }))
    }

    /// Uses the ticket up, whatever comes of it; with the right number a log-in begins, as
    /// [`Renova::begin_login`], for the person who clicked. `None`: wrong number, or a ticket that is
    /// used, over, of another renewal or invented.
    ///
    /// # Errors
    /// As [`Renova::begin_login`].
    pub async fn use_ticket(
        &self,
        ticket: &str,
        renewal: RenewalId,
        number: i64,
        cookie: Option<&str>,
    ) -> Result<Option<LoginStart>, Error> {
        let used = self.parts.storage.use_login_ticket(&secrets::hash(ticket), self.wall_now()).await?;
        let Some(ticket) = used.filter(|it| it.renewal_id == renewal && it.number == number) else { return Ok(None) };
        let Some(who) = self.identity_of(ticket.organization_id, ticket.user_id).await? else { return Ok(None) };
        who.require_admin()?;
        self.begin_login_by(&who, renewal, window_of(&ticket), cookie, Some(&ticket)).await.map(Some)
    }

    /// Different ones, in no order.
    fn three_numbers(&self) -> [i64; CHOICES] {
        let mut numbers = [0; CHOICES];
        for at in 0..CHOICES {
            numbers[at] = loop {
                // Of 2^32 values the few that are too many make no difference that anybody could use.
                let number = FIRST_NUMBER + i64::from(u32::from_le_bytes(self.random()) % NUMBERS);
                if !numbers[..at].contains(&number) {
                    break number;
                }
            };
        }
        numbers
    }
}

const fn window_of(ticket: &LoginTicket) -> LoginWindow {
    if ticket.is_popup { LoginWindow::Popup } else { LoginWindow::Tab }
}
