//! What the wizard asks of the server, and what it does with the answer.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::RenewalState;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use super::{Live, Login, SESSION_OVER, ticks};
use crate::{
    live,
    model::{RenewalView, UiError},
    transport::{FormCall, LoginWindow, Pending},
};

/// The form fields of the choice.
pub(super) const ACCOUNTS_FIELD: &str = "accounts[]";
pub(super) const LOSS_FIELD: &str = "loss_confirmed";

/// What the page does without being asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByItself {
    Nothing,
    Exchange,
    Prove,
}

impl Live {
    /// A form's submission becomes a call; a second one while the first runs has no effect.
    pub(super) fn submit(&self, call: FormCall, event: &SubmitEvent) {
        event.prevent_default();
        let id = self.view.with_untracked(|view| view.id.clone());
        let transport = &self.transport;
        match call {
            FormCall::Exchange => self.run(|| transport.exchange(id)),
            FormCall::HandOver => self.run(|| transport.hand_over(id)),
            FormCall::Prove => self.run(|| transport.prove(id, true)),
            FormCall::Finish => self.run(|| transport.finish(id)),
            FormCall::Cancel => self.run(|| transport.cancel(id)),
            FormCall::Choose => {
                let (accounts, loss_confirmed) = choice(event);
                self.run(|| transport.choose(id, accounts, loss_confirmed));
            }
            FormCall::StartRenewal | FormCall::RequestRenewal | FormCall::Snooze => {}
        }
    }

    fn run(&self, call: impl FnOnce() -> Pending<RenewalView>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let pending = call();
        let live = self.clone();
        leptos::task::spawn_local(async move {
            let outcome = pending.await;
            live.busy.try_set(false);
            match outcome {
                Ok(view) => live.accept(view),
                Err(error) => {
                    live.tell(error);
                    // The true step may be another one by now.
                    live.read();
                }
            }
        });
    }

    /// Reads the renewal again.
    pub(super) fn read(&self) {
        let Some(id) = self.view.try_with_untracked(|view| view.id.clone()) else {
            return;
        };
        if self.reading.try_get_value() != Some(false) {
            return;
        }
        self.reading.set_value(true);
        let pending = self.transport.renewal(id);
        let live = self.clone();
        leptos::task::spawn_local(async move {
            let answer = pending.await;
            live.reading.try_set_value(false);
            match answer {
                Ok(view) => live.accept(view),
                // Trouble on the way passes by itself; this does not.
                Err(error) if error.code == SESSION_OVER => {
                    // Told once, not with every reading.
                    let told = |told: &Option<UiError>| told.as_ref().is_some_and(|it| it.code == SESSION_OVER);
                    if live.error.try_with_untracked(told) == Some(false) {
                        live.error.try_set(Some(error));
                    }
                }
                Err(_) => {}
            }
        });
    }

    /// Takes a view over, unless a newer one is shown.
    fn accept(&self, view: RenewalView) {
        let Some(former) = self.view.try_get_untracked() else {
            return;
        };
        if view.version < former.version || view == former {
            return;
        }
        let moved = view.state != former.state;
        let went_wrong = view.problem.is_some() && view.version != former.version;
        if moved || went_wrong || !view.state.has_staged_tokens() {
            self.stop_waiting();
        }
        if moved {
            self.error.set(None);
        }
        if moved && former.state == RenewalState::Exchanged {
            ticks::forget(&view.id);
        }
        let over = view.state.is_over() && !former.state.is_over();
        self.view.set(view);
        if over {
            live::tell_others();
        }
    }

    /// Whatever a window of Meta's does, this one shows where the renewal is.
    pub(super) fn stop_waiting(&self) {
        self.login.set(Login::Idle);
        self.number.set(None);
    }

    /// Takes the steps that need no answer: reading what was granted, and the proof.
    pub(super) fn go_on_by_itself(&self) {
        let live = self.clone();
        let next = Memo::new({
            let view = live.view;
            move |_| {
                view.with(|view| match view.state {
                    _ if Self::is_foreign(view) => ByItself::Nothing,
                    RenewalState::LoggedIn => ByItself::Exchange,
                    RenewalState::Chosen | RenewalState::Proving => ByItself::Prove,
                    _ => ByItself::Nothing,
                })
            }
        });
        // A memo tells each change once: what failed waits for the button.
        Effect::new(move || {
            let next = next.get();
            let id = live.view.with_untracked(|view| view.id.clone());
            let transport = &live.transport;
            match next {
                ByItself::Nothing => {}
                ByItself::Exchange => live.run(|| transport.exchange(id)),
                ByItself::Prove => live.run(|| transport.prove(id, false)),
            }
        });
    }

    /// Opens Meta's window inside the click; without one, says so and offers this tab.
    pub(super) fn open_login(&self, event: &SubmitEvent) {
        event.prevent_default();
        let id = self.view.with_untracked(|view| view.id.clone());
        self.error.set(None);
        if let Some(ticket) = self.transport.open_login(&id, LoginWindow::Popup) {
            // In a frame no answer of the browser's tells whether the window is there.
            live::open_login(&ticket.href);
            self.login.set(Login::Opened);
            self.number.set(None);
            let live = self.clone();
            self.ticket(ticket.number, move |number| {
                live.number.try_set(Some(number));
            });
            return;
        }
        let opened = live::open_login(&live::for_popup(&self.transport.connect_href(&id)));
        self.login.set(if opened { Login::Opened } else { Login::Blocked });
    }

    /// The same in this tab, where the form alone cannot.
    pub(super) fn open_in_tab(&self, event: &SubmitEvent) {
        let id = self.view.with_untracked(|view| view.id.clone());
        if let Some(ticket) = self.transport.open_login(&id, LoginWindow::Tab) {
            event.prevent_default();
            self.error.set(None);
            // The tab goes once the ticket is known: going would take the call with it.
            self.ticket(ticket.number, move |_| live::go_to_in_tab(&ticket.href));
        }
    }

    fn ticket(&self, number: Pending<String>, known: impl FnOnce(String) + 'static) {
        let live = self.clone();
        leptos::task::spawn_local(async move {
            match number.await {
                Ok(number) => known(number),
                Err(error) => {
                    live.login.try_set(Login::Idle);
                    live.error.try_set(Some(error));
                }
            }
        });
    }

    /// A failure that the page finds without asking the server.
    pub(super) fn refuse(&self, event: &SubmitEvent, code: &str) {
        event.prevent_default();
        self.tell(UiError::of(code));
    }

    /// Above the buttons, and with the focus once it is there: what is empty is not shown.
    fn tell(&self, error: UiError) {
        self.error.try_set(Some(error));
        let failure = self.failure;
        live::after(0, move || {
            if let Some(failure) = failure.try_get_untracked().flatten() {
                failure.focus().ok();
            }
        });
    }
}

/// The ticked accounts, and whether the loss of others was confirmed.
pub(super) fn choice(event: &SubmitEvent) -> (Vec<String>, bool) {
    let data = event
        .target()
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        .and_then(|form| FormData::new_with_form(&form).ok());
    let Some(data) = data else {
        return (Vec::new(), false);
    };
    let accounts = data.get_all(ACCOUNTS_FIELD).iter().filter_map(|value| value.as_string()).collect();
    (accounts, data.has(LOSS_FIELD))
}
