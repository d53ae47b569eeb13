//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use lifecycle::{
    Origin, Role,
    ids::{ApiKeyId, ConnectionId, EventId, WebhookEndpointId},
};
use renewal::Scope;

/// Keeps Meta connections alive: tells in time, renews in minutes.
#[derive(Parser)]
#[command(name = "renova", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// The settings' file; `renova.toml` in this folder otherwise.
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Answers HTTP and works in the background.
    Serve {
        /// Leaves the background work to other processes.
        #[arg(long)]
        no_worker: bool,
    },
    /// Works in the background alone, beside any number of others on one database.
    Worker,
    /// Runs with the simulated Meta and demo data, without any settings.
    Demo(Demo),
    /// Runs the simulated Meta alone.
    Sim(Simulator),
    /// Brings the database to this version's schema.
    Migrate,
    /// Prints the documented default settings.
    Config,
    /// Organizations.
    #[command(subcommand)]
    Org(Org),
    /// People.
    #[command(subcommand)]
    User(User),
    /// Keys by which the platform's own servers ask.
    #[command(subcommand, name = "apikey")]
    ApiKey(ApiKey),
    /// Addresses of the platform that are told of events.
    #[command(subcommand)]
    Webhook(Webhook),
    /// Takes over tokens that the platform has already, each checked at Meta. Can be started again: what is
    /// connected stays as it is. Prints what became of each line as JSON.
    Import {
        /// Looks only: Meta is asked, nothing is stored.
        #[arg(long)]
        dry_run: bool,
        /// One JSON object a line: {"organization": "external id", "token": "…"}, and where it applies
        /// "provider": "instagram", "expires_at", "accounts"; `-` is the standard input.
        #[arg(value_name = "FILE.ndjson")]
        file: PathBuf,
    },
    /// Prints the description of the public API (OpenAPI 3.1).
    #[command(name = "openapi")]
    OpenApi,
    /// Asks Meta how connections really are, and tells it.
    Check {
        /// One connection; all of them when absent.
        #[arg(long, value_name = "ID")]
        connection: Option<ConnectionId>,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
    /// Looks at everything that this installation depends on.
    Doctor {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct Demo {
    /// Where Renova answers; moves the public URL with it.
    #[arg(long, env = "PORT", default_value_t = 3000)]
    pub port: u16,
    /// Where the simulated Meta answers.
    #[arg(long, env = "SIM_PORT", default_value_t = 3001)]
    pub sim_port: u16,
    /// Keeps the database, the simulator's state and the key.
    #[arg(long, env = "DATA_DIR", default_value = "renova-demo", value_name = "PATH")]
    pub data_dir: PathBuf,
    /// Facebook Login for Business: the simulated Meta knows 900100 (tokens of people) and 900200
    /// (tokens of businesses, which never end); plain Facebook Login when absent.
    #[arg(long, env = "RENOVA_META_LOGIN_CONFIG_ID", value_name = "ID")]
    pub login_config: Option<String>,
    /// Pages that may show Renova inside, for every organization.
    #[arg(long, env = "RENOVA_EMBED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    pub embed_origins: Vec<Origin>,
    /// The platform's name, as embeds and the pages before the log-in show it.
    #[arg(long, env = "RENOVA_BRAND_NAME", default_value = "", value_name = "NAME")]
    pub brand_name: String,
    /// Shows every component at /dev/components; a debug build always does.
    #[arg(long, env = "RENOVA_DEV", value_parser = clap::builder::FalseyValueParser::new())]
    pub dev: bool,
}

#[derive(Args)]
pub struct Simulator {
    /// Where it answers.
    #[arg(long, env = "SIM_PORT", default_value_t = 3001)]
    pub sim_port: u16,
    /// Keeps its state; in memory alone when absent.
    #[arg(long, value_name = "PATH")]
    pub state: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Org {
    /// Adds an organization.
    Add {
        /// The platform's own id.
        #[arg(long, value_name = "ID")]
        external_id: String,
        #[arg(long)]
        name: String,
        /// Short name in addresses and commands; made of the name when absent.
        #[arg(long)]
        slug: Option<String>,
        /// IANA name, such as America/Sao_Paulo.
        #[arg(long)]
        time_zone: Option<String>,
        /// pt-BR, en or es.
        #[arg(long)]
        locale: Option<String>,
    },
    /// Says when the people of an organization are warned.
    Warnings {
        /// The organization's slug.
        #[arg(value_name = "SLUG")]
        org: String,
        /// Days before an end, each from 0 to 14.
        #[arg(long, value_delimiter = ',', default_value = "14,7,3,1,0")]
        days: Vec<i64>,
        /// From which hour of their day on …
        #[arg(long, default_value_t = 9)]
        from_hour: i64,
        /// … and before which.
        #[arg(long, default_value_t = 18)]
        to_hour: i64,
    },
}

#[derive(Subcommand)]
pub enum ApiKey {
    /// Makes a key and prints it, this once.
    Add {
        /// The slug of the one organization that it is for; every organization when absent.
        #[arg(long, value_name = "SLUG")]
        org: Option<String>,
        /// For people, such as the server that uses it.
        #[arg(long, default_value = "")]
        name: String,
        /// What it allows; can be given several times, or as a list: platform:write, connections:read,
        /// connections:write, channels:read, channels:write, tokens:read, reports:write, meta-events:write,
        /// embed-sessions:write, renewal-links:write, webhooks:read, webhooks:write, events:read.
        #[arg(long, required = true, value_delimiter = ',', value_parser = scope)]
        scope: Vec<Scope>,
    },
    /// Prints every key by its id and last four characters, what it allows and when it was used last.
    List {
        /// The slug of the organization whose keys are printed; the platform's own when absent.
        #[arg(long, value_name = "SLUG")]
        org: Option<String>,
    },
    /// Revokes a key, for good: a second later it opens nothing.
    Revoke {
        /// As `list` prints it.
        id: ApiKeyId,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    let known = || Scope::ALL.map(Scope::as_str).join(", ");
    Scope::parse(word).ok_or_else(|| format!("none of {}", known()))
}

#[derive(Subcommand)]
pub enum Webhook {
    /// Adds an endpoint; prints its id, and its secret this once.
    Add {
        /// https, on port 443 or 8443.
        #[arg(long)]
        url: String,
        /// For people.
        #[arg(long, default_value = "")]
        description: String,
    },
    /// Prints every endpoint and how it is.
    List,
    /// Makes a new secret and prints it, this once; the one before signs too for 24 hours.
    Rotate { id: WebhookEndpointId },
    /// Tells it nothing any more, until it is enabled.
    Disable { id: WebhookEndpointId },
    /// Tells it again what happens from now on.
    Enable { id: WebhookEndpointId },
    /// Deletes an endpoint, its secrets and its deliveries.
    Remove { id: WebhookEndpointId },
    /// Sends a trial event; a running `renova serve` delivers it.
    Test { id: WebhookEndpointId },
    /// Prints what was told to an endpoint, the newest first.
    Deliveries {
        id: WebhookEndpointId,
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
    },
    /// Tells one event again, under the same id.
    Resend {
        id: WebhookEndpointId,
        /// As `deliveries` prints it.
        event: EventId,
    },
}

#[derive(Subcommand)]
pub enum User {
    /// Adds a person. The password is asked for, or read from the standard input.
    Add {
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        org: String,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        role: RoleWord,
        /// The platform's own id.
        #[arg(long, value_name = "ID")]
        external_id: Option<String>,
    },
    /// Prints a link by which this person sets a new password, once.
    ResetPassword {
        #[arg(long)]
        email: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleWord {
    Admin,
    Agent,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Agent => Self::Agent,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn every_scope_stands_in_the_help() {
        let mut command = super::Cli::command();
        let add = command.find_subcommand_mut("apikey").unwrap().find_subcommand_mut("add").unwrap();
        let help = add.render_long_help().to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        for scope in renewal::Scope::ALL {
            assert!(help.contains(scope.as_str()), "{}", scope.as_str());
        }
    }
}
