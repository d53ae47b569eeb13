//! Pages over several pages, and live reads.

use meta::{Error, InstagramAccount, PageIdentity};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::server::{Asked, Meta, PROOF, TOKEN, app, reply, token};

fn page(id: &str) -> Value {
    json!({"id": id, "name": format!("Page {id}"), "access_token": format!("EAA{id}"), "tasks": ["MESSAGING", "MODERATE"]})
}

#[tokio::test]
async fn a_page_with_everything_and_one_with_little() {
    let meta = Meta::json(json!({"data": [
        {"id": "1", "name": "Uno", "access_token": "EAA1", "tasks": ["MESSAGING"], "category": "x",
         "picture": {"data": {"url": "https://scontent.test/p.jpg", "is_silhouette": false}},
         "instagram_business_account": {"id": "17841", "username": "uno", "name": "Uno!",
            "profile_picture_url": "https://scontent.test/i.jpg"}},
        {"id": 2, "name": "Dos", "access_token": "", "picture": {"data": {}},
         "instagram_business_account": {"id": "17842", "profile_picture_url": "javascript:alert(1)"}},
    ], "paging": {"cursors": {"before": "b", "after": "a"}}}))
    .await;
    let pages = meta.client.pages(&app(), &token()).await.unwrap();
    assert_eq!(pages.len(), 2);
    assert_eq!((pages[0].id.as_str(), pages[0].name.as_str()), ("1", "Uno"));
    assert_eq!(pages[0].token.as_ref().unwrap().expose_secret(), "EAA1");
    assert_eq!(pages[0].tasks, ["MESSAGING"]);
    assert_eq!(pages[0].picture_url.as_deref(), Some("https://scontent.test/p.jpg"));
    assert_eq!(
        pages[0].instagram,
        Some(InstagramAccount {
            id: "17841".to_owned(),
            username: "uno".to_owned(),
            name: Some("Uno!".to_owned()),
            picture_url: Some("https://scontent.test/i.jpg".to_owned()),
        })
    );
    assert_eq!(pages[1].id, "2");
    assert!(pages[1].token.is_none() && pages[1].tasks.is_empty() && pages[1].picture_url.is_none());
    let instagram = pages[1].instagram.as_ref().unwrap();
    assert_eq!((instagram.username.as_str(), &instagram.name, &instagram.picture_url), ("", &None, &None));

    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/graph/v25.0/me/accounts"));
    assert_eq!(asked.parameter("limit"), Some("100"));
    assert_eq!(asked.parameter("after"), None);
    assert_eq!(asked.parameter("appsecret_proof"), Some(PROOF));
    assert_eq!(asked.authorization, Some(format!("Bearer {TOKEN}")));
    assert_eq!(
        asked.parameter("fields"),
        Some(
            "id,name,access_token,tasks,picture{url},instagram_business_account{id,username,name,profile_picture_url}"
        )
    );
}

#[tokio::test]
async fn all_pages_are_read_from_our_own_address() {
    // `next` leads elsewhere: only the cursor may be taken from the answer.
    let elsewhere = "http://127.0.0.1:9/stolen?access_token=x&after=evil";
    let meta = Meta::start(move |asked: &Asked| {
        let (data, paging) = match asked.parameter("after") {
            None => (vec![page("1"), page("2")], json!({"cursors": {"after": "c=1&x"}, "next": elsewhere})),
            Some("c=1&x") => (vec![], json!({"cursors": {"after": "c2"}, "next": elsewhere})),
            // A Page that moved between two calls comes twice; and a last page
            // has a cursor, but no next.
            Some(_) => (vec![page("2"), page("3")], json!({"cursors": {"after": "c3"}})),
        };
        reply(200, json!({"data": data, "paging": paging}).to_string())
    })
    .await;
    let pages = meta.client.pages(&app(), &token()).await.unwrap();
    let ids: Vec<_> = pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    let asked = meta.asked();
    let cursors: Vec<_> = asked.iter().map(|asked| asked.parameter("after")).collect();
    assert_eq!(cursors, [None, Some("c=1&x"), Some("c2")]);
    for asked in &asked {
        assert_eq!(asked.path, "/graph/v25.0/me/accounts");
        assert_eq!(asked.authorization, Some(format!("Bearer {TOKEN}")));
        assert_eq!(asked.query.iter().filter(|(name, _)| name == "appsecret_proof").count(), 1);
    }
}

#[tokio::test]
async fn no_pages_at_all() {
    for body in [json!({"data": []}), json!({"data": [], "paging": null}), json!({"data": [], "paging": {"next": ""}})]
    {
        assert!(Meta::json(body).await.client.pages(&app(), &token()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_list_without_end_is_an_error() {
    let circle = json!({"data": [page("1")], "paging": {"cursors": {"after": "same"}, "next": "https://x.test"}});
    let meta = Meta::json(circle).await;
    assert_eq!(meta.client.pages(&app(), &token()).await.unwrap_err(), Error::EndlessList);
    assert_eq!(meta.asked().len(), 2);

    let meta = Meta::start(|asked: &Asked| {
        let count: u32 = asked.parameter("after").unwrap_or("0").parse().unwrap();
        let next = json!({"cursors": {"after": (count + 1).to_string()}, "next": "https://x.test"});
        reply(200, json!({"data": [], "paging": next}).to_string())
    })
    .await;
    let error = meta.client.pages(&app(), &token()).await.unwrap_err();
    assert_eq!(error, Error::EndlessList);
    assert!(error.is_metas_trouble());
    assert_eq!(meta.asked().len(), 50);
}

#[tokio::test]
async fn a_failure_in_the_middle_is_no_shorter_list() {
    let meta = Meta::start(|asked: &Asked| match asked.parameter("after") {
        None => reply(
            200,
            json!({"data": [page("1")], "paging": {"cursors": {"after": "x"}, "next": "https://x.test"}}).to_string(),
        ),
        Some(_) => reply(500, "{}".to_owned()),
    })
    .await;
    assert_eq!(meta.client.pages(&app(), &token()).await.unwrap_err(), Error::HttpStatus(500));

    let meta = Meta::json(json!({"data": [page("1")], "paging": {"next": "https://x.test"}})).await;
    assert!(matches!(meta.client.pages(&app(), &token()).await, Err(Error::Malformed { .. })));
}

#[tokio::test]
async fn live_reads() {
    let meta = Meta::json(json!({"id": "1", "name": "Uno"})).await;
    assert_eq!(
        meta.client.read_page(&app(), "1", &token()).await.unwrap(),
        PageIdentity { id: "1".to_owned(), name: "Uno".to_owned() }
    );
    assert_eq!(meta.only().path, "/graph/v25.0/1");
    assert_eq!(meta.only().parameter("fields"), Some("id,name"));
    let other = meta.client.read_page(&app(), "2", &token()).await;
    assert!(matches!(other, Err(Error::Malformed { .. })));

    let meta = Meta::json(json!({"id": "17841", "username": "uno"})).await;
    let account = meta.client.read_instagram(&app(), "17841", &token()).await.unwrap();
    assert_eq!((account.id.as_str(), account.username.as_str()), ("17841", "uno"));
    assert_eq!(meta.only().path, "/graph/v25.0/17841");
    let other = meta.client.read_instagram(&app(), "17842", &token()).await;
    assert!(matches!(other, Err(Error::Malformed { .. })));
    let nameless = Meta::json(json!({"id": "17841"})).await;
    assert!(nameless.client.read_instagram(&app(), "17841", &token()).await.is_err());
}

#[tokio::test]
async fn ids_stay_inside_their_segment() {
    let meta = Meta::json(json!({"id": "x", "name": "n"})).await;
    let _ = meta.client.read_page(&app(), "../me?fields=a#é/%", &token()).await;
    assert_eq!(meta.only().path, "/graph/v25.0/..%2Fme%3Ffields=a%23%C3%A9%2F%25");
    for id in ["", ".", ".."] {
        let error = meta.client.read_page(&app(), id, &token()).await.unwrap_err();
        assert!(matches!(error, Error::Request { .. }));
    }
    assert_eq!(meta.asked().len(), 1);
}
