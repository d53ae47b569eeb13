//! Where the organization's screens may be embedded, and the code that does it.

use renewal::{Error, Identity, Renova};

use crate::model::{Embedding, OriginLine, RefusedForm, Snippet, SnippetKind};

pub async fn embedding(renova: &Renova, who: &Identity, refused: Option<RefusedForm>) -> Result<Embedding, Error> {
    let allowed = renova.embed_origins(who).await?;
    let embed_id = renova.embed_id(who).await?;
    let organization = renova.storage().organization(who.organization).await?.ok_or(Error::NotFound)?;
    let origin = allowed.iter().next().unwrap_or("https://dashboard.example.com").to_owned();
    let line = |is_platforms: bool| move |origin: String| OriginLine { origin, is_platforms };
    let filled = Filled {
        renova: renova.public_url(),
        embed_id: &embed_id,
        organization: &organization.external_id,
        origin: &origin,
    };
    let snippets = [SnippetKind::Html, SnippetKind::Node, SnippetKind::Leptos, SnippetKind::Curl];
    Ok(Embedding {
        origins: allowed.own.into_iter().map(line(false)).chain(allowed.platform.into_iter().map(line(true))).collect(),
        snippets: snippets.map(|kind| Snippet { kind, code: filled.code(kind) }).to_vec(),
        refused,
    })
}

/// What the snippets are filled in with.
struct Filled<'a> {
    renova: &'a str,
    embed_id: &'a str,
    organization: &'a str,
    origin: &'a str,
}

impl Filled<'_> {
    fn code(&self, kind: SnippetKind) -> String {
        let template = match kind {
            SnippetKind::Html => HTML,
            SnippetKind::Node => NODE,
            SnippetKind::Leptos => LEPTOS,
            SnippetKind::Curl => CURL,
        };
        // The organization's own id last: it may contain anything.
        let json = serde_json::Value::from(self.organization).to_string();
        template
            .trim_start()
            .replace("RENOVA_URL", self.renova)
            .replace("EMBED_ID", self.embed_id)
            .replace("HOST_ORIGIN", self.origin)
            .replace("ORGANIZATION", &json)
    }
}

const HTML: &str = r#"
<script type="module" src="RENOVA_URL/embed/renova.js"></script>

<renova-banner></renova-banner>

<script type="module">
  const banner = document.querySelector("renova-banner");
  // Your own server asks Renova for a session, for whoever is signed in there.
  banner.fetchSession = async () => (await fetch("/renova-session", { method: "POST" })).json();
</script>
"#;

const NODE: &str = r#"
// RENOVA_API_KEY: a key with the scope embed-sessions:write. It never leaves the server.
app.post("/renova-session", async (request, response) => {
  const person = request.user; // whoever is signed in in your dashboard
  const answer = await fetch("RENOVA_URL/api/v1/embed-sessions", {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env.RENOVA_API_KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      organization: ORGANIZATION,
      user: {
        external_id: person.id,
        name: person.name,
        email: person.email,
        locale: "pt-BR",
        role: person.isAdmin ? "admin" : "agent",
      },
      origin: "HOST_ORIGIN",
      return_url: "HOST_ORIGIN/",
    }),
  });
  // { token, expires_at, embed_id: "EMBED_ID" }
  response.status(answer.status).json(await answer.json());
});
"#;

const LEPTOS: &str = r#"
use leptos::prelude::*;

/// The elements in a Leptos page; the session comes from your own server, as in the page above.
#[component]
pub fn Renewals() -> impl IntoView {
    view! {
        <script type="module" src="RENOVA_URL/embed/renova.js"></script>
        <script type="module" src="/renova-session.js"></script>
        <renova-banner></renova-banner>
    }
}
"#;

const CURL: &str = r#"
curl -X POST RENOVA_URL/api/v1/embed-sessions \
  -H "Authorization: Bearer $RENOVA_API_KEY" \
  -H "Content-Type: application/json" \
  -d @- <<'JSON'
{
  "organization": ORGANIZATION,
  "user": {
    "external_id": "user-7",
    "name": "Ana Souza",
    "email": "ana@example.com",
    "locale": "pt-BR",
    "role": "admin"
  },
  "origin": "HOST_ORIGIN",
  "return_url": "HOST_ORIGIN/"
}
JSON
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_filled_and_an_id_stays_text() {
        let filled = Filled {
            renova: "https://renova.example",
            embed_id: "abc123",
            organization: "a\"b</script>",
            origin: "https://crm.example",
        };
        for kind in [SnippetKind::Html, SnippetKind::Node, SnippetKind::Leptos, SnippetKind::Curl] {
            let code = filled.code(kind);
            for place in ["RENOVA_URL", "EMBED_ID", "HOST_ORIGIN", "ORGANIZATION"] {
                assert!(!code.contains(place), "{place} in {code}");
            }
            assert!(code.contains("https://renova.example/"), "{code}");
        }
        assert!(filled.code(SnippetKind::Node).contains(r#"organization: "a\"b</script>","#));
        assert!(filled.code(SnippetKind::Curl).contains("\"origin\": \"https://crm.example\""));
    }
}
