//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tidings_types::{Environment, KeyMode, KeyScope};

/// Tell people what happened, the way they want to hear it.
#[derive(Debug, Parser)]
#[command(name = "tidings", version, about, propagate_version = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it out: a server with a data folder, a first key, and an outbox that catches every message.
    Dev(ServerOptions),
    /// Run in production.
    Serve(ServerOptions),
    /// Make, list and revoke API keys. Works beside a running server.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Send a message through a running server.
    Send(SendOptions),
    /// Bring profiles or subscriptions in from a file: CSV with a heading, or JSON Lines. Works beside a running server.
    /// Refused rows are listed in FILE.refused; an import that was broken off goes on where it was.
    Import {
        /// What is in the file.
        #[arg(value_enum)]
        kind: TransferKind,
        #[command(flatten)]
        options: TransferOptions,
    },
    /// Write profiles or subscriptions to a file that `import` reads.
    Export {
        /// What is written.
        #[arg(value_enum)]
        kind: TransferKind,
        #[command(flatten)]
        options: TransferOptions,
    },
    /// Evaluate a jsonnet program, as the server asks for it.
    #[command(hide = true)]
    EvaluateJsonnet,
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Settings of a server. Each can also stand in the settings file and in the environment as `TIDINGS_<NAME>`; a flag
/// wins over the environment, which wins over the file.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ServerOptions {
    /// The settings file (TOML). Without it, `tidings.toml` in the data folder is read if it is there.
    #[arg(long, env = "TIDINGS_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where to listen, such as `127.0.0.1:8200`.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// The folder of the embedded database and the key file.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where people reach this server: what links in messages begin with.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A PostgreSQL database instead of the embedded one.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// The key under which secrets are sealed at rest: 32 bytes as hex or base64. Better set in the environment.
    #[arg(long, value_name = "KEY", hide_env_values = true)]
    pub(crate) master_key: Option<String>,
    /// What is logged, such as `info` or `tidings_pipeline=debug,warn`.
    #[arg(long, value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// Whether webhook addresses from profiles and sends may be on private networks.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) allow_private_targets: Option<bool>,
    /// Certificate authorities trusted beside the public ones, as PEM: for mail servers and gateways of your own.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The region in which phone numbers without `+` are read, such as `US`.
    #[arg(long, value_name = "REGION")]
    pub(crate) default_region: Option<String>,
    /// How long one-time messages keep their data, in hours.
    #[arg(long, value_name = "HOURS")]
    pub(crate) one_time_retention_hours: Option<u64>,
    /// Whether a message that names no tenant is for the only one its person belongs to. Default: true.
    #[arg(long, value_name = "BOOL")]
    pub(crate) infer_tenant: Option<bool>,
    /// How many one-time messages are worked on at once.
    #[arg(long, value_name = "COUNT")]
    pub(crate) urgent_concurrency: Option<usize>,
    /// How many other messages to single people are worked on at once.
    #[arg(long, value_name = "COUNT")]
    pub(crate) normal_concurrency: Option<usize>,
    /// How many messages to crowds are worked on at once.
    #[arg(long, value_name = "COUNT")]
    pub(crate) bulk_concurrency: Option<usize>,
}

/// API keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a key and print it. It is shown this once.
    Create(CreateKey),
    /// List keys.
    List(StoreOptions),
    /// Show the client key of an environment, for older in-app clients, and the secret that user ids are signed with.
    Client {
        /// The environment.
        #[arg(long, value_enum)]
        environment: EnvironmentArg,
        #[command(flatten)]
        store: StoreOptions,
    },
    /// Revoke a key by its id.
    Revoke {
        /// The id, as `tidings keys list` shows it.
        id: String,
        #[command(flatten)]
        store: StoreOptions,
    },
}

/// A key to be made.
#[derive(Debug, Args)]
pub(crate) struct CreateKey {
    /// The environment: production and test are fully isolated.
    #[arg(long, value_enum)]
    pub(crate) environment: EnvironmentArg,
    /// Which version of templates its sends use.
    #[arg(long, value_enum, default_value = "published")]
    pub(crate) scope: ScopeArg,
    /// Whether its sends reach providers.
    #[arg(long, value_enum, default_value = "live")]
    pub(crate) mode: ModeArg,
    /// What it is for.
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
}

/// Where the store is.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct StoreOptions {
    /// The settings file (TOML).
    #[arg(long, env = "TIDINGS_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of the embedded database.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// A PostgreSQL database instead of the embedded one.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
}

impl From<&StoreOptions> for ServerOptions {
    fn from(options: &StoreOptions) -> Self {
        Self {
            config: options.config.clone(),
            data_dir: options.data_dir.clone(),
            database_url: options.database_url.clone(),
            ..Self::default()
        }
    }
}

/// What comes in or goes out by file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TransferKind {
    /// What is known of people: `user_id`, and `profile` or its keys; in CSV `address.city` stands within `address`.
    Profiles,
    /// Who is on which list: `list_id`, `user_id` and, if they have any, `preferences`; in CSV as JSON.
    Subscriptions,
}

/// A file to be brought in or written.
#[derive(Clone, Debug, Args)]
pub(crate) struct TransferOptions {
    /// The file. One that ends in `.csv` is CSV, any other JSON Lines.
    pub(crate) file: PathBuf,
    /// The environment.
    #[arg(long, value_enum)]
    pub(crate) environment: EnvironmentArg,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
}

/// A message from the shell.
#[derive(Debug, Args)]
pub(crate) struct SendOptions {
    /// The server.
    #[arg(long, env = "TIDINGS_URL", default_value = "http://127.0.0.1:8200")]
    pub(crate) server: String,
    /// The API key. Without it, the key of `tidings dev` in the data folder is used.
    #[arg(long, env = "TIDINGS_API_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// The folder in which `tidings dev` keeps its key.
    #[arg(long, env = "TIDINGS_DATA_DIR", default_value = crate::settings::DEFAULT_DATA_DIR)]
    pub(crate) data_dir: PathBuf,
    /// To this mail address.
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// To this phone number.
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// To this user.
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// The subject or heading.
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// The text.
    #[arg(long)]
    pub(crate) body: Option<String>,
    /// A template's id or alias, instead of title and body.
    #[arg(long, conflicts_with_all = ["title", "body"])]
    pub(crate) template: Option<String>,
    /// A variable, as `name=value`; may be repeated.
    #[arg(long = "data", value_name = "NAME=VALUE")]
    pub(crate) data: Vec<String>,
    /// A channel or provider, in order; may be repeated. The first that works is used.
    #[arg(long = "channel", value_name = "NAME")]
    pub(crate) channels: Vec<String>,
    /// Use every channel instead of the first that works.
    #[arg(long, requires = "channels")]
    pub(crate) all: bool,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// An environment on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum EnvironmentArg {
    /// The real one.
    Production,
    /// For trying out.
    Test,
}

impl From<EnvironmentArg> for Environment {
    fn from(arg: EnvironmentArg) -> Self {
        match arg {
            EnvironmentArg::Production => Self::Production,
            EnvironmentArg::Test => Self::Test,
        }
    }
}

/// A key's scope on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ScopeArg {
    /// Published templates.
    Published,
    /// Drafts.
    Draft,
}

impl From<ScopeArg> for KeyScope {
    fn from(arg: ScopeArg) -> Self {
        match arg {
            ScopeArg::Published => Self::Published,
            ScopeArg::Draft => Self::Draft,
        }
    }
}

/// A key's mode on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ModeArg {
    /// Sends reach providers.
    Live,
    /// Sends are simulated.
    Mock,
}

impl From<ModeArg> for KeyMode {
    fn from(arg: ModeArg) -> Self {
        match arg {
            ModeArg::Live => Self::Live,
            ModeArg::Mock => Self::Mock,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
