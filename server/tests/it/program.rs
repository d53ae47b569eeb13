//! The program: exit codes, and a store that is left alone.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use sqlx::Connection as _;

use crate::{filling, waking};

const KEY: &str = "k1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER_KEY: &str = "k1:ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn renova(folder: &Path, key: &str, words: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_renova"));
    command
        .current_dir(folder)
        .env_clear()
        .env("RENOVA_DATABASE_URL", "sqlite://renova.db")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !key.is_empty() {
        command.env("RENOVA_ENCRYPTION_KEYS", key);
    }
    let mut child = command.spawn().unwrap();
    // A program that has no use for it may have ended already.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command that went well has said.
fn lines(output: &Output) -> Vec<String> {
    assert_eq!(code(output), 0, "{}", errors(output));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn organizations_people_and_reset_links() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str], input: &str| renova(folder.path(), KEY, words, input);
    let add = run(&["org", "add", "--external-id", "7", "--name", "Padaria Sol"], "");
    assert_eq!(code(&add), 0, "{}", errors(&add));
    let again = run(&["org", "add", "--external-id", "7", "--name", "Padaria Sol"], "");
    assert_eq!(code(&again), 2, "{}", errors(&again));
    let user =
        ["user", "add", "--org", "padaria-sol", "--email", "eva@sol.example", "--name", "Eva", "--role", "admin"];
    assert_eq!(code(&run(&user, "short\n")), 2, "a weak password");
    assert_eq!(code(&run(&user, "a long enough password\n")), 0);
    let nowhere = ["user", "add", "--org", "x", "--email", "eva@sol.example", "--name", "Eva", "--role", "admin"];
    assert!(errors(&run(&nowhere, "a long enough password\n")).contains("renova org add"));
    let link = run(&["user", "reset-password", "--email", "eva@sol.example"], "");
    assert!(String::from_utf8_lossy(&link.stdout).starts_with("http://127.0.0.1:3000/reset?token="));
    assert_eq!(code(&run(&["user", "reset-password", "--email", "nobody@sol.example"], "")), 2);
}

#[test]
fn an_import_tells_what_became_of_each_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| renova(folder.path(), KEY, words, "");
    assert_eq!(code(&run(&["org", "add", "--external-id", "7", "--name", "Padaria Sol"])), 0);
    let lines = "{\"organization\":\"7\",\"token\":\"EAAB-canary\"}\n\n\
                 {\"organization\":\"8\",\"token\":\"EAAB-canary\"}\n\"EAAB-canary\"\n";
    fs::write(folder.path().join("tokens.ndjson"), lines).unwrap();
    let done = run(&["import", "--dry-run", "tokens.ndjson"]);
    assert_eq!(code(&done), 1, "{}", errors(&done));
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    let lines: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<_> = lines.iter().map(|line| (line["line"].as_i64(), line["code"].as_str())).collect();
    let expected = [(1, "no_meta_app"), (3, "organization_not_found"), (4, "malformed")];
    assert_eq!(codes, expected.map(|(line, code)| (Some(line), Some(code))));
    assert!(!told.contains("canary") && !errors(&done).contains("canary"), "{told}");
    assert_eq!(code(&run(&["import", "nowhere.ndjson"])), 2);
}

#[test]
fn the_description_of_the_api_needs_no_settings() {
    let folder = tempfile::tempdir().unwrap();
    let printed = renova(folder.path(), "", &["openapi"], "");
    assert_eq!(code(&printed), 0, "{}", errors(&printed));
    assert!(printed.stdout == server::web::v1::document().as_bytes());
}

#[test]
fn a_wrong_key_is_refused_and_the_store_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["org", "add", "--external-id", "7", "--name", "Padaria Sol"];
    assert_eq!(code(&renova(folder.path(), KEY, &add, "")), 0);
    let before = fs::read(folder.path().join("renova.db")).unwrap();
    for words in [&["serve"][..], &["org", "add", "--external-id", "8", "--name", "B"]] {
        let refused = renova(folder.path(), OTHER_KEY, words, "");
        assert_eq!(code(&refused), 3, "{words:?}: {}", errors(&refused));
        assert!(errors(&refused).contains("RENOVA_ENCRYPTION_KEYS"), "{}", errors(&refused));
    }
    assert!(fs::read(folder.path().join("renova.db")).unwrap() == before, "the file changed");
}

#[test]
fn wrong_usage_and_configuration_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let keyless = renova(folder.path(), "", &["serve"], "");
    assert_eq!(code(&keyless), 2);
    assert!(errors(&keyless).contains("RENOVA_ENCRYPTION_KEYS"), "{}", errors(&keyless));
    assert!(!folder.path().join("renova.db").exists(), "nothing was made");
    assert_eq!(code(&renova(folder.path(), KEY, &["dance"], "")), 2);
    assert_eq!(code(&renova(folder.path(), KEY, &["--config", "none.toml", "migrate"], "")), 2);
    let printed = renova(folder.path(), "", &["config"], "");
    assert_eq!(code(&printed), 0);
    assert_eq!(String::from_utf8_lossy(&printed.stdout), server::settings::DEFAULT_FILE);
}

#[test]
fn migrate_needs_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let migrated = renova(folder.path(), "", &["migrate"], "");
    assert_eq!(code(&migrated), 0, "{}", errors(&migrated));
    assert!(folder.path().join("renova.db").exists());
}

#[test]
fn an_unreachable_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_renova"));
    let output = command
        .current_dir(folder.path())
        .env_clear()
        .env("RENOVA_ENCRYPTION_KEYS", KEY)
        .env("RENOVA_DATABASE_URL", "postgres://renova:canary@127.0.0.1:1/renova")
        .arg("serve")
        .output()
        .unwrap();
    assert_eq!(code(&output), 1, "{}", errors(&output));
    assert!(
        errors(&output).contains("RENOVA_DATABASE_URL") && !errors(&output).contains("canary"),
        "{}",
        errors(&output)
    );
}

#[test]
fn webhook_endpoints_are_added_rotated_tried_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| renova(folder.path(), KEY, words, "");
    for url in ["http://platform.example.com/", "https://10.0.0.1/hooks", "https://platform.example.com:22/"] {
        let refused = run(&["webhook", "add", "--url", url]);
        assert_eq!(code(&refused), 2, "{url}");
        assert!(errors(&refused).contains("--url: "), "{}", errors(&refused));
    }
    let added = lines(&run(&["webhook", "add", "--url", "https://platform.example.com/hooks", "--description", "CRM"]));
    let [id, secret] = added.as_slice() else { panic!("{added:?}") };
    assert!(secret.starts_with("whsec_") && secret.len() == "whsec_".len() + 44);
    let listed = lines(&run(&["webhook", "list"]));
    assert_eq!(listed, [format!("{id}  https://platform.example.com/hooks  well  CRM")]);
    let rotated = lines(&run(&["webhook", "rotate", id]));
    assert!(rotated[0].starts_with("whsec_") && rotated[0] != *secret);

    let nobody = run(&["webhook", "test", id]);
    assert_eq!(code(&nobody), 2);
    assert!(errors(&nobody).contains("add one first"), "{}", errors(&nobody));
    lines(&run(&["org", "add", "--external-id", "7", "--name", "Padaria Sol"]));
    let event = lines(&run(&["webhook", "test", id])).remove(0);
    let waits = lines(&run(&["webhook", "deliveries", id]));
    assert_eq!(waits, [format!("{event}  webhook.test  attempts: 0  waits")]);
    lines(&run(&["webhook", "resend", id, &event]));

    let doctor = || String::from_utf8_lossy(&run(&["doctor"]).stdout).into_owned();
    assert!(doctor().contains("endpoints told of events: 1"));
    lines(&run(&["webhook", "disable", id]));
    assert!(doctor().contains("is disabled (operator)"));
    assert!(lines(&run(&["webhook", "list"]))[0].contains("disabled (operator) since 20"));
    assert!(lines(&run(&["webhook", "deliveries", id]))[0].contains("given up at 20"));
    assert!(errors(&run(&["webhook", "test", id])).contains("enable it first"));
    lines(&run(&["webhook", "enable", id]));
    lines(&run(&["webhook", "remove", id]));
    assert_eq!(lines(&run(&["webhook", "list"])), Vec::<String>::new());
    let gone = run(&["webhook", "rotate", id]);
    assert_eq!(code(&gone), 2);
    assert!(errors(&gone).contains("renova webhook list"));
    assert_eq!(code(&run(&["webhook", "test", "no-id"])), 2, "{}", errors(&gone));
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| renova(folder.path(), KEY, words, "");
    lines(&run(&["org", "add", "--external-id", "7", "--name", "Padaria Sol"]));
    let unknown = run(&["apikey", "add", "--scope", "tokens:read,everything"]);
    assert_eq!(code(&unknown), 2);
    assert!(errors(&unknown).contains("tokens:read, "), "{}", errors(&unknown));
    let add = ["apikey", "add", "--name", "CRM", "--scope", "channels:read,tokens:read"];
    let key = lines(&run(&add)).remove(0);
    lines(&run(&["apikey", "add", "--org", "padaria-sol", "--scope", "events:read"]));

    let listed = lines(&run(&["apikey", "list"]));
    let [(id, rest)] = [listed[0].split_once("  ").unwrap()];
    assert_eq!(rest, format!("…{}  channels:read,tokens:read  never used  CRM", &key[key.len() - 4..]));
    assert_eq!(listed.len(), 1, "the organization's own are not among them");
    let own = lines(&run(&["apikey", "list", "--org", "padaria-sol"]));
    assert!(own[0].ends_with("  events:read  never used"), "{own:?}");

    assert_eq!(lines(&run(&["apikey", "revoke", id])), [format!("{id} is revoked.")]);
    assert!(lines(&run(&["apikey", "list"]))[0].contains("  revoked 20"));
    let again = run(&["apikey", "revoke", id]);
    assert_eq!(code(&again), 2);
    assert!(errors(&again).contains("renova apikey list"), "{}", errors(&again));
    assert_eq!(code(&run(&["apikey", "list", "--org", "nowhere"])), 2);
}

#[test]
fn a_check_of_nothing_is_an_empty_table_and_an_unknown_connection_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| renova(folder.path(), KEY, words, "");
    let table = run(&["check"]);
    assert_eq!(code(&table), 0, "{}", errors(&table));
    assert!(String::from_utf8_lossy(&table.stdout).starts_with("ORGANIZATION"));
    let json = run(&["check", "--json"]);
    assert_eq!((code(&json), String::from_utf8_lossy(&json.stdout).trim()), (0, "[]"));
    let unknown = run(&["check", "--connection", "01936f00-0000-7000-8000-000000000000"]);
    assert_eq!(code(&unknown), 2);
    assert!(errors(&unknown).contains("--connection"), "{}", errors(&unknown));
}

/// One that cannot be checked hides none of the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_of_every_connection_and_what_kept_it_from_one() {
    let folder = tempfile::tempdir().unwrap();
    let (sim, base) = waking::simulated_meta().await;
    let url = format!("sqlite://{}", folder.path().join("renova.db").display());
    let environment = filling::environment(&base, url.clone());
    let renova = server::open::renova(&filling::settings(&environment)).await.unwrap();
    let ids = filling::connect(&renova, &sim, &base, 3).await;
    renova.storage().close().await;
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let broken = "UPDATE connections SET token_ciphertext = x'00' WHERE id = $1";
    sqlx::query(broken).bind(ids[0].as_uuid()).execute(&mut database).await.unwrap();
    database.close().await.unwrap();

    let run = async |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_renova"));
        command.current_dir(folder.path()).env_clear().envs(&environment).args(words);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    };
    let json = run(&["check", "--json"]).await;
    let told: Vec<serde_json::Value> = serde_json::from_slice(&json.stdout).unwrap();
    let problems = |problem: &str| told.iter().filter(|it| it["problem"] == problem).collect::<Vec<_>>();
    assert_eq!((code(&json), told.len(), problems("internal").len()), (1, 3, 1), "{}", errors(&json));
    assert_eq!(problems("internal")[0]["id"], ids[0].to_string());
    assert!(told.iter().all(|it| it["status"] == "healthy" || it["id"] == ids[0].to_string()), "{told:?}");
    assert!(errors(&json).contains("1 of 3 connections could not be checked"), "{}", errors(&json));

    let table = run(&["check"]).await;
    let table_text = String::from_utf8_lossy(&table.stdout).into_owned();
    assert_eq!((code(&table), table_text.matches("could not be checked").count()), (1, 1), "{table_text}");
    assert!((0..3).all(|number| table_text.contains(&format!("Pessoa {number}"))), "{table_text}");
    let well = run(&["check", "--connection", &ids[1].to_string()]).await;
    assert_eq!(code(&well), 0, "{}", errors(&well));
}

#[test]
fn an_organization_is_told_when_it_is_warned() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| renova(folder.path(), KEY, words, "");
    assert_eq!(code(&run(&["org", "add", "--external-id", "7", "--name", "Padaria Sol"])), 0);
    let set = run(&["org", "warnings", "padaria-sol", "--days", "10,2,0", "--from-hour", "8"]);
    assert_eq!(code(&set), 0, "{}", errors(&set));
    assert!(String::from_utf8_lossy(&set.stdout).contains("10, 2, 0 days before an end, between 8 and 18"));
    for (words, named) in [
        (&["org", "warnings", "padaria-sol", "--days", "30"][..], "days"),
        (&["org", "warnings", "padaria-sol", "--from-hour", "20"], "hours"),
        (&["org", "warnings", "nowhere"], "renova org add"),
    ] {
        let refused = run(words);
        assert!(code(&refused) == 2 && errors(&refused).contains(named), "{words:?}: {}", errors(&refused));
    }
}
