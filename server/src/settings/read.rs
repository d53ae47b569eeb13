//! Gathers the values of file and environment, before anything is judged.

use std::{collections::HashMap, fs, path::PathBuf};

use config::{Config, Environment, File, FileFormat};

use super::{Problem, Values};

/// Every key, and whether it is a secret, which may stand in a file of its own.
pub(super) const KEYS: &[(&str, bool)] = &[
    ("listen", false),
    ("public_url", false),
    ("metrics_listen", false),
    ("database_url", true),
    ("encryption_keys", true),
    ("meta_app_id", false),
    ("meta_app_secret", true),
    ("meta_login_config_id", false),
    ("meta_api_version", false),
    ("meta_timed_proofs", false),
    ("meta_www_url", false),
    ("meta_graph_url", false),
    ("meta_webhook_verify_token", true),
    ("webhook_forward_url", false),
    ("instagram_app_id", false),
    ("instagram_app_secret", true),
    ("instagram_www_url", false),
    ("instagram_api_url", false),
    ("instagram_graph_url", false),
    ("smtp_url", true),
    ("mail_from", false),
    ("notify", false),
    ("deep_link", false),
    ("api_requests_per_minute", false),
    ("embed_origins", false),
    ("trusted_proxies", false),
    ("brand_name", false),
    ("brand_logo", false),
    ("brand_url", false),
    ("dev", false),
];

const FILE_NAME: &str = "renova.toml";

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Named on the command line: must exist.
    pub file: Option<PathBuf>,
    /// Where `renova.toml` is looked for when no file was named.
    pub folder: PathBuf,
    pub environment: HashMap<String, String>,
}

/// `RENOVA_PUBLIC_URL` for `public_url`.
pub(super) fn variable(key: &str) -> String {
    format!("RENOVA_{}", key.to_ascii_uppercase())
}

pub(super) fn read(sources: &Sources) -> (Values, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut given = file_values(sources, &mut problems);
    given.extend(environment_values(sources));
    given.retain(|_, value| !value.trim().is_empty());

    let mut values = Values::new();
    for (key, secret) in KEYS {
        let direct = given.get(*key).map(|value| value.trim().to_owned());
        let by_file = given.get(&format!("{key}_file")).filter(|_| *secret);
        let value = match (direct, by_file) {
            (Some(_), Some(_)) => {
                problems.push(Problem {
                    setting: variable(key),
                    problem: format!("set both directly and by {}_FILE: keep one of them", variable(key)),
                });
                None
            }
            (Some(value), None) => Some(value),
            (None, Some(path)) => secret_of_file(key, path, &mut problems),
            (None, None) => None,
        };
        if let Some(value) = value {
            values.insert(key, value);
        }
    }
    (values, problems)
}

fn secret_of_file(key: &str, path: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let setting = format!("{}_FILE", variable(key));
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => {
            problems.push(Problem { setting, problem: format!("the file {path} is empty: write the secret into it") });
            None
        }
        Ok(text) => Some(text.trim().to_owned()),
        Err(error) => {
            problems.push(Problem {
                setting,
                problem: format!("the file {path} cannot be read ({error}): check the path and its permissions"),
            });
            None
        }
    }
}

fn file_values(sources: &Sources, problems: &mut Vec<Problem>) -> HashMap<String, String> {
    let path = match &sources.file {
        Some(path) => path.clone(),
        None => {
            let path = sources.folder.join(FILE_NAME);
            if !path.exists() {
                return HashMap::new();
            }
            path
        }
    };
    let complain = |problem: String| Problem { setting: path.display().to_string(), problem };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(complain(format!("cannot be read ({error}): check the path given with --config")));
            return HashMap::new();
        }
    };
    let parsed = Config::builder().add_source(File::from_str(&text, FileFormat::Toml)).build();
    let table = match parsed.and_then(Config::try_deserialize::<HashMap<String, config::Value>>) {
        Ok(table) => table,
        Err(_) => {
            // The parser's message would quote the line, which may hold a secret.
            problems.push(complain("is not valid TOML: compare it with the output of `renova config`".to_owned()));
            return HashMap::new();
        }
    };
    let mut values = HashMap::new();
    for (key, value) in table {
        let plain = key.strip_suffix("_file").unwrap_or(&key);
        let known = KEYS.iter().any(|(name, secret)| *name == key || (*secret && *name == plain));
        if !known {
            problems.push(complain(format!("unknown setting `{key}`: `renova config` lists those that exist")));
        } else if let Ok(text) = value.into_string() {
            values.insert(key, text);
        } else {
            problems.push(complain(format!("`{key}` must be a text in quotes")));
        }
    }
    values
}

/// Names that Renova does not know are left alone: others use the prefix too, such as the
/// variables that Kubernetes makes of a service called `renova`.
fn environment_values(sources: &Sources) -> HashMap<String, String> {
    let source = Environment::with_prefix("RENOVA").ignore_empty(true).source(Some(sources.environment.clone()));
    let table = Config::builder()
        .add_source(source)
        .build()
        .and_then(Config::try_deserialize::<HashMap<String, config::Value>>)
        .unwrap_or_default();
    table.into_iter().filter_map(|(key, value)| Some((key, value.into_string().ok()?))).collect()
}
