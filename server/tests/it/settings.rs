//! Every setting missing or wrong: one clear line each, all at once.

use std::{collections::HashMap, fs, path::PathBuf};

use server::settings::{DEFAULT_FILE, Need, Problem, Settings, Sources};

const KEY: &str = "k1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn sources(environment: &[(&str, &str)]) -> Sources {
    let environment: HashMap<_, _> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Sources { file: None, folder: PathBuf::from("/nonexistent"), environment }
}

fn problems(environment: &[(&str, &str)]) -> Vec<Problem> {
    let mut all = vec![("RENOVA_ENCRYPTION_KEYS", KEY)];
    all.extend(environment);
    Settings::load(&sources(&all), Need::Keys).err().unwrap_or_default()
}

#[test]
fn the_defaults_and_a_key_are_enough() {
    let settings = Settings::load(&sources(&[("RENOVA_ENCRYPTION_KEYS", KEY)]), Need::Keys).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.public_origin(), "http://127.0.0.1:3000");
    assert_eq!(settings.meta_graph_url.as_str(), "https://graph.facebook.com/");
    assert!(settings.meta_app.is_none());
}

#[test]
fn without_a_key_only_the_database_can_be_used() {
    assert!(Settings::load(&sources(&[]), Need::Database).is_ok());
    let problems = Settings::load(&sources(&[]), Need::Keys).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].setting, "RENOVA_ENCRYPTION_KEYS");
    assert!(problems[0].problem.contains("openssl rand -hex 32"), "{}", problems[0]);
}

#[test]
fn each_wrong_value_is_named_with_its_fix() {
    // Variable, wrong value, the variable complained of, a part of the fix.
    let table: &[(&str, &str, &str, &str)] = &[
        ("RENOVA_LISTEN", "localhost", "RENOVA_LISTEN", "127.0.0.1:3000"),
        ("RENOVA_LISTEN", "127.0.0.1:99999", "RENOVA_LISTEN", "127.0.0.1:3000"),
        ("RENOVA_METRICS_LISTEN", "9000", "RENOVA_METRICS_LISTEN", "127.0.0.1:3000"),
        ("RENOVA_PUBLIC_URL", "renova", "RENOVA_PUBLIC_URL", "https://"),
        ("RENOVA_PUBLIC_URL", "http://renova.example", "RENOVA_PUBLIC_URL", "use https://"),
        ("RENOVA_PUBLIC_URL", "http://127.0.0.1.evil.example", "RENOVA_PUBLIC_URL", "use https://"),
        ("RENOVA_PUBLIC_URL", "https://renova.example/app", "RENOVA_PUBLIC_URL", "write https://renova.example"),
        ("RENOVA_PUBLIC_URL", "https://renova.example/?a", "RENOVA_PUBLIC_URL", "write https://renova.example"),
        ("RENOVA_PUBLIC_URL", "https://me:x@renova.example", "RENOVA_PUBLIC_URL", "user name"),
        ("RENOVA_PUBLIC_URL", "ftp://renova.example", "RENOVA_PUBLIC_URL", "https://"),
        ("RENOVA_EMBED_ORIGINS", "https://app.example/path", "RENOVA_EMBED_ORIGINS", "nothing more"),
        ("RENOVA_EMBED_ORIGINS", "https://a.example,http://b.example", "RENOVA_EMBED_ORIGINS", "https://"),
        ("RENOVA_EMBED_ORIGINS", "https://*.example", "RENOVA_EMBED_ORIGINS", "https://app.example.com"),
        ("RENOVA_DATABASE_URL", "mysql://db/renova", "RENOVA_DATABASE_URL", "sqlite:// or postgres://"),
        ("RENOVA_DATABASE_URL", "sqlite://", "RENOVA_DATABASE_URL", "names no file"),
        ("RENOVA_DATABASE_URL", "postgres://[", "RENOVA_DATABASE_URL", "postgres://user:password@host"),
        ("RENOVA_ENCRYPTION_KEYS", "00ff", "RENOVA_ENCRYPTION_KEYS", "ID:KEY"),
        ("RENOVA_ENCRYPTION_KEYS", "k1:00ff", "RENOVA_ENCRYPTION_KEYS", "64 hexadecimal"),
        ("RENOVA_META_APP_ID", "123", "RENOVA_META_APP_SECRET", "set both or none"),
        ("RENOVA_META_APP_SECRET", "s", "RENOVA_META_APP_ID", "set both or none"),
        ("RENOVA_META_API_VERSION", "25", "RENOVA_META_API_VERSION", "v25.0"),
        ("RENOVA_META_API_VERSION", "v25.x", "RENOVA_META_API_VERSION", "v25.0"),
        ("RENOVA_META_WWW_URL", "facebook", "RENOVA_META_WWW_URL", "https://"),
        ("RENOVA_META_GRAPH_URL", "http://graph.example", "RENOVA_META_GRAPH_URL", "use https://"),
        ("RENOVA_META_GRAPH_URL", "https://graph.example?x=1", "RENOVA_META_GRAPH_URL", "`?`"),
        ("RENOVA_WEBHOOK_FORWARD_URL", "http://platform.example/hook", "RENOVA_WEBHOOK_FORWARD_URL", "use https://"),
        ("RENOVA_INSTAGRAM_APP_ID", "123", "RENOVA_INSTAGRAM_APP_SECRET", "set both or none"),
        ("RENOVA_INSTAGRAM_WWW_URL", "x", "RENOVA_INSTAGRAM_WWW_URL", "https://"),
        ("RENOVA_INSTAGRAM_API_URL", "x", "RENOVA_INSTAGRAM_API_URL", "https://"),
        ("RENOVA_INSTAGRAM_GRAPH_URL", "x", "RENOVA_INSTAGRAM_GRAPH_URL", "https://"),
        ("RENOVA_SMTP_URL", "mail.example", "RENOVA_SMTP_URL", "smtps://"),
        ("RENOVA_SMTP_URL", "smtp://mail.example", "RENOVA_MAIL_FROM", "sender"),
        ("RENOVA_SMTP_URL", "smtps://", "RENOVA_SMTP_URL", "smtps://user:password@"),
        ("RENOVA_SMTP_URL", "smtp://mail.example?tls=maybe", "RENOVA_SMTP_URL", "?tls=required"),
        ("RENOVA_SMTP_URL", "smtps://me@mail.example", "RENOVA_SMTP_URL", "user:password@"),
        ("RENOVA_SMTP_URL", "smtp://me:canary@mail.example", "RENOVA_SMTP_URL", "smtps://"),
        ("RENOVA_SMTP_URL", "smtp://me:canary@mail.example?tls=opportunistic", "RENOVA_SMTP_URL", "?tls=required"),
        ("RENOVA_MAIL_FROM", "a@x.example\nBcc: b@x.example", "RENOVA_MAIL_FROM", "renova@example.com"),
        ("RENOVA_MAIL_FROM", "renova", "RENOVA_MAIL_FROM", "renova@example.com"),
        ("RENOVA_NOTIFY", "everybody", "RENOVA_NOTIFY", "shadow"),
        ("RENOVA_DEEP_LINK", "/channels", "RENOVA_DEEP_LINK", "https://"),
        ("RENOVA_DEEP_LINK", "https://x.example/{tenant}", "RENOVA_DEEP_LINK", "{organization}"),
        ("RENOVA_BRAND_NAME", "Chat\nBr", "RENOVA_BRAND_NAME", "one line"),
        ("RENOVA_BRAND_LOGO", "http://cdn.example/logo.png", "RENOVA_BRAND_LOGO", "use https://"),
        ("RENOVA_BRAND_LOGO", "/nonexistent/logo.gif", "RENOVA_BRAND_LOGO", ".svg or .png"),
        ("RENOVA_BRAND_LOGO", "/nonexistent/logo.png", "RENOVA_BRAND_LOGO", "cannot be read"),
        ("RENOVA_BRAND_URL", "chat.example", "RENOVA_BRAND_URL", "https://"),
        ("RENOVA_TRUSTED_PROXIES", "10.0.0.0/8, proxy", "RENOVA_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("RENOVA_TRUSTED_PROXIES", "10.0.0.0/33", "RENOVA_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("RENOVA_META_APP_SECRET_FILE", "/nonexistent/secret", "RENOVA_META_APP_SECRET_FILE", "cannot be read"),
    ];
    for (variable, value, complained, fix) in table {
        let problems = problems(&[(variable, value)]);
        assert!(
            problems.iter().any(|it| it.setting == *complained && it.problem.contains(fix)),
            "{variable}={value}: {problems:?}"
        );
        assert!(problems.iter().all(|it| !it.to_string().contains('\n')), "{problems:?}");
    }
}

#[test]
fn app_ids_are_digits() {
    let problems = problems(&[("RENOVA_META_APP_ID", "my-app"), ("RENOVA_META_APP_SECRET", "s")]);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].setting, "RENOVA_META_APP_ID");
}

#[test]
fn all_problems_come_at_once_and_name_no_secret() {
    let problems = problems(&[
        ("RENOVA_LISTEN", "x"),
        ("RENOVA_PUBLIC_URL", "http://renova.example"),
        ("RENOVA_NOTIFY", "x"),
        ("RENOVA_ENCRYPTION_KEYS", "k1:canary-of-a-key"),
        ("RENOVA_DATABASE_URL", "mysql://user:canary-of-a-password@db/x"),
        ("RENOVA_SMTP_URL", "smtp://user:canary-of-a-password@mail.example"),
        ("RENOVA_MAIL_FROM", "renova@example.com"),
    ]);
    assert_eq!(problems.len(), 6, "{problems:?}");
    assert!(problems.iter().all(|it| !it.to_string().contains("canary")), "{problems:?}");
}

#[test]
fn the_environment_goes_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = "listen = \"127.0.0.1:4000\"\nmeta_api_version = \"v24.0\"\nnotify = \"both\"\n";
    fs::write(folder.path().join("renova.toml"), file).unwrap();
    let mut sources = sources(&[("RENOVA_LISTEN", "127.0.0.1:5000"), ("RENOVA_NOTIFY", "")]);
    sources.folder = folder.path().to_owned();
    let settings = Settings::load(&sources, Need::Database).unwrap();
    assert_eq!(settings.listen.port(), 5000);
    assert_eq!(settings.meta_api_version, "v24.0");
    assert_eq!(settings.notify, renewal::Notify::Both);
}

#[test]
fn unknown_keys_of_the_file_are_problems() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.toml");
    fs::write(&path, "lisen = \"127.0.0.1:4000\"\nlisten_file = \"x\"\n[meta]\napp_id = \"1\"\n").unwrap();
    let mut sources = sources(&[]);
    sources.file = Some(path);
    let problems = Settings::load(&sources, Need::Database).unwrap_err();
    for key in ["`lisen`", "`listen_file`", "`meta`"] {
        assert!(problems.iter().any(|it| it.problem.contains(key)), "{key}: {problems:?}");
    }
}

#[test]
fn a_file_that_was_named_must_be_there_and_be_toml() {
    let folder = tempfile::tempdir().unwrap();
    let mut sources = sources(&[]);
    sources.file = Some(folder.path().join("missing.toml"));
    assert!(Settings::load(&sources, Need::Database).unwrap_err()[0].problem.contains("--config"));
    let broken = folder.path().join("broken.toml");
    fs::write(&broken, "meta_app_secret = canary").unwrap();
    sources.file = Some(broken);
    let problems = Settings::load(&sources, Need::Database).unwrap_err();
    assert!(problems[0].problem.contains("not valid TOML") && !problems[0].problem.contains("canary"), "{problems:?}");
}

#[test]
fn secrets_come_from_files_too_but_not_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    fs::write(&path, format!("{KEY}\n")).unwrap();
    let path = path.to_str().unwrap();
    assert!(Settings::load(&sources(&[("RENOVA_ENCRYPTION_KEYS_FILE", path)]), Need::Keys).is_ok());
    let problems = problems(&[("RENOVA_ENCRYPTION_KEYS_FILE", path)]);
    assert!(problems.iter().any(|it| it.problem.contains("both directly and by")), "{problems:?}");
    fs::write(folder.path().join("empty"), "\n").unwrap();
    let empty = folder.path().join("empty");
    let problems = Settings::load(&sources(&[("RENOVA_ENCRYPTION_KEYS_FILE", empty.to_str().unwrap())]), Need::Keys);
    assert!(problems.unwrap_err().iter().any(|it| it.problem.contains("is empty")));
}

#[test]
fn the_documented_file_is_valid_and_says_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("renova.toml"), DEFAULT_FILE).unwrap();
    let mut documented = sources(&[]);
    documented.folder = folder.path().to_owned();
    let documented = Settings::load(&documented, Need::Database).unwrap();
    let plain = Settings::load(&sources(&[]), Need::Database).unwrap();
    assert_eq!(format!("{documented:?}"), format!("{plain:?}"));
}

#[test]
fn mail_settings_are_read_and_keep_their_password() {
    for url in [
        "smtps://me%40x.example:canary%2F@mail.example",
        "smtp://me:canary@mail.example?tls=required",
        "smtp://me:canary@127.0.0.1:2525",
        "smtp://relay.internal",
    ] {
        let environment = [
            ("RENOVA_SMTP_URL", url),
            ("RENOVA_MAIL_FROM", "Loja <avisos@loja.example>"),
            ("RENOVA_ENCRYPTION_KEYS", KEY),
        ];
        let settings = Settings::load(&sources(&environment), Need::Keys).unwrap();
        assert_eq!(settings.mail_from.as_ref().unwrap().email.to_string(), "avisos@loja.example");
        assert!(server::mail::mailer(&settings).is_some(), "{url}");
        assert!(!format!("{settings:?}").contains("canary"), "{settings:?}");
    }
    let without = Settings::load(&sources(&[("RENOVA_ENCRYPTION_KEYS", KEY)]), Need::Keys).unwrap();
    assert!(server::mail::mailer(&without).is_none());
}
