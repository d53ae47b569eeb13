use std::{fs, path::Path};

use axum::{body::Body, http::Request};
use serde_json::Value;

use super::Platform;
use crate::harness::Harness;

fn document() -> Value {
    serde_json::from_str(server::web::v1::document()).unwrap()
}

/// `RENOVA_WRITE_OPENAPI=1 cargo test …` writes it anew.
#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    if std::env::var_os("RENOVA_WRITE_OPENAPI").is_some() {
        fs::write(&path, server::web::v1::document()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == server::web::v1::document(), "docs/openapi.json is old: renova openapi > docs/openapi.json");
}

#[test]
fn every_operation_is_described() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, what) in item.as_object().unwrap() {
            for field in ["operationId", "summary"] {
                assert!(what[field].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}: {field}");
            }
            assert!(what["responses"]["default"].is_object(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn anybody_may_read_what_there_is() {
    let harness = Harness::new().await;
    for (path, kind) in [("/api/v1/openapi.json", "application/json"), ("/api/v1/docs", "text/html")] {
        let request = Request::get(path).header("host", "127.0.0.1:3000").body(Body::empty()).unwrap();
        let answer = harness.send(request).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert!(answer.header("content-type").starts_with(kind));
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
}

/// What stands in the document as an example of a body can be sent.
#[tokio::test]
async fn the_examples_work() {
    let harness = Harness::with_meta().await;
    let platform = Platform::new(&harness, None).await;
    let document = document();
    let example = |path: &str, method: &str| {
        server::web::v1::example(
            &document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"],
        )
    };
    let organization = platform.put("/organizations/customer-42", example("/organizations/{external_id}", "put")).await;
    assert_eq!(organization.status.as_u16(), 201, "{}", organization.body);
    let user = example("/organizations/{external_id}/users/{user_external_id}", "put");
    let user = platform.put("/organizations/customer-42/users/user-7", user).await;
    assert_eq!(user.status.as_u16(), 201, "{}", user.body);
    let endpoint = platform.post("/webhook-endpoints", example("/webhook-endpoints", "post")).await;
    assert_eq!(endpoint.status.as_u16(), 201, "{}", endpoint.body);
    let imported = platform.post("/connections/import", example("/connections/import", "post")).await;
    assert_eq!(imported.status.as_u16(), 200, "{}", imported.body);
    let channels = platform.all("/channels?organization=boreal", 50).await;
    let instagram = channels.iter().find(|it| it["kind"] == "instagram").unwrap()["id"].as_str().unwrap();
    let changed = example("/channels/{id}", "patch");
    let changed = platform.send(axum::http::Method::PATCH, &format!("/channels/{instagram}"), Some(&changed)).await;
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.body);
    let report =
        platform.post(&format!("/channels/{instagram}/report"), example("/channels/{id}/report", "post")).await;
    assert_eq!(report.status.as_u16(), 202, "{}", report.body);
}
