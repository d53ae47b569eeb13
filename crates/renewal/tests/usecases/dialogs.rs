//! What people tick in Meta's dialogs, and who and what there is at the simulated Meta.

use lifecycle::{Provider, ids::RenewalId};
use renewal::{Identity, LoginOutcome, LoginWindow};
use secrecy::ExposeSecret;

use crate::support::World;

/// Pages of Ana Souza, with the account linked to the first.
pub const AURORA: &str = "112094837465018";
pub const LOJA: &str = "17841407726395018";
pub const OUTLET: &str = "117730265940382";
/// Elisa Prado's Page, with its account.
pub const ATACADO: &str = "121408593377264";
pub const ATACADO_LINKED: &str = "17841410058273646";
/// Held by Aurora Comércio alone.
pub const EXPRESS: &str = "131925740618275";
/// Clara Lima's Page, with its account.
pub const BOREAL: &str = "104857602341987";
pub const BOREAL_LINKED: &str = "17841405309211844";
/// Owns all Pages of Aurora; Ana and Elisa have a role in it.
pub const COMERCIO: &str = "298471650382914";
/// Owns Café Boreal; Clara has a role in it.
pub const HOLDING: &str = "305518264907713";
/// Of Instagram Login, without a Page.
pub const KIDS: &str = "17841417735520846";

pub const ANA: &str = "10160472918365047";

/// What is ticked in Facebook's dialog.
#[derive(Clone, Copy, Default)]
pub struct Ticks<'a> {
    pub pages: &'a [&'a str],
    pub accounts: &'a [&'a str],
    /// Permissions that are switched off.
    pub declined: &'a [&'a str],
    /// Where the token is to be a business'.
    pub business: &'a str,
}

impl World {
    /// Through Facebook's dialog, with the choice made anew.
    pub async fn grants(&self, who: &Identity, renewal: RenewalId, person: &str, ticks: Ticks<'_>) {
        let (pages, accounts) = (ticks.pages.join(","), ticks.accounts.join(","));
        let mut form = vec![
            ("sim_do", "finish"),
            ("sim_business", ticks.business),
            ("sim_pages", pages.as_str()),
            ("sim_ig", accounts.as_str()),
        ];
        let on = meta::LOGIN_SCOPES.iter().filter(|permission| !ticks.declined.contains(permission));
        form.extend(on.map(|permission| ("sim_perm", *permission)));
        let outcome = self.answers(who, renewal, person, &form).await;
        assert_eq!(outcome, LoginOutcome::Back { renewal, window: LoginWindow::Popup });
    }

    /// Through Instagram's dialog, with everything allowed.
    pub async fn allows(&self, who: &Identity, renewal: RenewalId, username: &str) {
        let start = self.renova.begin_login(who, renewal, LoginWindow::Popup, None).await.unwrap();
        let back = self.meta.instagram_dialog(&start.dialog_url, username, &ALLOWED).await;
        let outcome = self.complete_at(Provider::Instagram, &back, Some(start.cookie.expose_secret())).await;
        assert_eq!(outcome, LoginOutcome::Back { renewal, window: LoginWindow::Popup });
    }
}

pub const ALLOWED: [(&str, &str); 2] = [("sim_do", "allow"), ("sim_perm", "instagram_business_manage_messages")];
