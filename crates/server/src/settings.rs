//! Settings: defaults, then a file, then the environment, then flags. Each layer wins over those before it.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use figment::Figment;
use figment::providers::{Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use tidings_pipeline::PipelineSettings;
use tidings_types::SecretString;

use crate::cli::ServerOptions;

/// Where a server listens unless told otherwise.
const DEFAULT_LISTEN: &str = "127.0.0.1:8200";
/// The region in which phone numbers without `+` are read unless told otherwise.
const DEFAULT_REGION: &str = "US";
/// The most messages that a lane works on at once.
const MAX_CONCURRENCY: usize = 10_000;
/// The data folder unless told otherwise.
pub(crate) const DEFAULT_DATA_DIR: &str = "tidings-data";

/// Settings as they are written, before they are checked.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    master_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_private_targets: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_time_retention_hours: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    infer_tenant: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    urgent_concurrency: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    normal_concurrency: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bulk_concurrency: Option<usize>,
}

/// Checked settings.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// The folder of the embedded database and the key file.
    pub(crate) data_dir: PathBuf,
    /// Where people reach this server, without a slash at the end.
    pub(crate) public_url: String,
    /// A PostgreSQL database instead of the embedded one. It may hold a password.
    pub(crate) database_url: Option<SecretString>,
    /// The key under which secrets are sealed at rest.
    pub(crate) master_key: Option<SecretString>,
    /// What is logged.
    pub(crate) log: String,
    /// Whether webhook addresses from profiles and sends may be on private networks.
    pub(crate) allow_private_targets: bool,
    /// Certificate authorities trusted beside the public ones.
    pub(crate) ca_file: Option<PathBuf>,
    /// The region in which phone numbers without `+` are read.
    pub(crate) default_region: String,
    /// How long one-time messages keep their data, in milliseconds.
    pub(crate) one_time_retention_ms: u64,
    /// Whether a message that names no tenant is for the only one its person belongs to.
    pub(crate) infer_tenant: bool,
    /// How many messages are worked on at once, by lane: urgent, normal, bulk.
    pub(crate) concurrency: [usize; 3],
    /// Whether this is `tidings dev`.
    pub(crate) dev: bool,
}

impl Settings {
    /// Whether this is `tidings dev` and only this machine reaches it.
    pub(crate) const fn is_for_this_machine(&self) -> bool {
        self.dev && self.listen.ip().is_loopback()
    }
}

/// Reads and checks settings.
///
/// # Errors
/// Names the setting, and where it was read.
pub(crate) fn load(options: &ServerOptions, dev: bool) -> anyhow::Result<Settings> {
    let flags = Written {
        listen: options.listen.clone(),
        data_dir: options.data_dir.clone(),
        public_url: options.public_url.clone(),
        database_url: options.database_url.clone(),
        master_key: options.master_key.clone(),
        log: options.log.clone(),
        allow_private_targets: options.allow_private_targets,
        ca_file: options.ca_file.clone(),
        default_region: options.default_region.clone(),
        one_time_retention_hours: options.one_time_retention_hours,
        infer_tenant: options.infer_tenant,
        urgent_concurrency: options.urgent_concurrency,
        normal_concurrency: options.normal_concurrency,
        bulk_concurrency: options.bulk_concurrency,
    };
    let environment = environment(|name| std::env::var(name).ok())?;
    let mut figment = Figment::new();
    if let Some(file) = &options.config {
        if !file.is_file() {
            bail!("TIDINGS_CONFIG: there is no file {}", file.display());
        }
        figment = figment.merge(Toml::file_exact(file));
    } else {
        let folder = flags.data_dir.as_ref().or(environment.data_dir.as_ref());
        let file = folder
            .map_or(DEFAULT_DATA_DIR.as_ref(), PathBuf::as_path)
            .join("tidings.toml");
        if file.is_file() {
            figment = figment.merge(Toml::file_exact(file));
        }
    }
    let written: Written = figment
        .merge(Serialized::defaults(environment))
        .merge(Serialized::defaults(flags))
        .extract()
        .map_err(|error| told(&error))?;
    check(written, dev)
}

/// The settings of the environment. Texts are taken as they stand: a key of digits is no number.
///
/// # Errors
/// Names the variable whose value cannot be one.
fn environment(read: impl Fn(&str) -> Option<String>) -> anyhow::Result<Written> {
    fn parsed<T: std::str::FromStr>(name: &str, text: Option<String>, expected: &str) -> anyhow::Result<Option<T>> {
        let Some(text) = text else { return Ok(None) };
        let value = text.trim().parse();
        value
            .map(Some)
            .map_err(|_| anyhow::anyhow!("{name}: \"{text}\" is not {expected}"))
    }
    let private = "TIDINGS_ALLOW_PRIVATE_TARGETS";
    let hours = "TIDINGS_ONE_TIME_RETENTION_HOURS";
    let infer = "TIDINGS_INFER_TENANT";
    let places = |name: &'static str| parsed(name, read(name), "a whole number");
    Ok(Written {
        listen: read("TIDINGS_LISTEN"),
        data_dir: read("TIDINGS_DATA_DIR").map(PathBuf::from),
        public_url: read("TIDINGS_PUBLIC_URL"),
        database_url: read("TIDINGS_DATABASE_URL"),
        master_key: read("TIDINGS_MASTER_KEY"),
        log: read("TIDINGS_LOG"),
        allow_private_targets: parsed(private, read(private), "true or false")?,
        ca_file: read("TIDINGS_CA_FILE").map(PathBuf::from),
        default_region: read("TIDINGS_DEFAULT_REGION"),
        one_time_retention_hours: parsed(hours, read(hours), "a number of hours")?,
        infer_tenant: parsed(infer, read(infer), "true or false")?,
        urgent_concurrency: places("TIDINGS_URGENT_CONCURRENCY")?,
        normal_concurrency: places("TIDINGS_NORMAL_CONCURRENCY")?,
        bulk_concurrency: places("TIDINGS_BULK_CONCURRENCY")?,
    })
}

/// An error of the layers in one line: the setting, what is wrong, where it stands.
fn told(error: &figment::Error) -> anyhow::Error {
    let place = error
        .metadata
        .as_ref()
        .map(|metadata| format!(" (in {})", metadata.name))
        .unwrap_or_default();
    let name = if error.path.is_empty() {
        String::new()
    } else {
        format!("{}: ", error.path.join("."))
    };
    anyhow::anyhow!("{name}{}{place}", error.kind)
}

fn check(written: Written, dev: bool) -> anyhow::Result<Settings> {
    let listen = written.listen.unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
    let listen: SocketAddr = listen
        .parse()
        .with_context(|| format!("listen: \"{listen}\" is not an address and port, such as {DEFAULT_LISTEN}"))?;
    let public_url = match written.public_url {
        Some(text) => {
            let url = url::Url::parse(&text).with_context(|| format!("public_url: \"{text}\" is not a URL"))?;
            if !matches!(url.scheme(), "http" | "https") {
                bail!("public_url: \"{text}\" must begin with http:// or https://");
            }
            text.trim_end_matches('/').to_owned()
        }
        None => format!("http://{}", reachable(listen)),
    };
    let database_url = match written.database_url {
        Some(text) if text.starts_with("postgres://") || text.starts_with("postgresql://") => Some(text.into()),
        Some(_) => bail!("database_url: must begin with postgres://; leave it out to use the embedded database"),
        None => None,
    };
    let default_region = written.default_region.unwrap_or_else(|| DEFAULT_REGION.to_owned());
    if default_region.len() != 2 || !default_region.bytes().all(|byte| byte.is_ascii_uppercase()) {
        bail!("default_region: \"{default_region}\" is not a region of two capital letters, such as US");
    }
    // Looking a region up loads the numbering plans: 11 MB of memory and 30 ms that only those who send SMS need.
    if default_region != DEFAULT_REGION && !tidings_providers::shared::address::is_region(&default_region) {
        bail!("default_region: there is no region {default_region}");
    }
    let [urgent, normal, bulk] = PipelineSettings::default().concurrency;
    let concurrency = [
        places("urgent_concurrency", written.urgent_concurrency, urgent)?,
        places("normal_concurrency", written.normal_concurrency, normal)?,
        places("bulk_concurrency", written.bulk_concurrency, bulk)?,
    ];
    let hours = written.one_time_retention_hours.unwrap_or(24);
    let log = written.log.unwrap_or_else(|| "info".to_owned());
    crate::telemetry::check(&log).with_context(|| format!("log: \"{log}\" is not a filter, such as info"))?;
    Ok(Settings {
        listen,
        data_dir: written.data_dir.unwrap_or_else(|| DEFAULT_DATA_DIR.into()),
        public_url,
        database_url,
        master_key: written.master_key.map(SecretString::from),
        log,
        allow_private_targets: written.allow_private_targets.unwrap_or(dev),
        ca_file: written.ca_file,
        default_region,
        one_time_retention_ms: hours.saturating_mul(3_600_000),
        infer_tenant: written.infer_tenant.unwrap_or(true),
        concurrency,
        dev,
    })
}

/// How many messages of a lane are worked on at once. None would keep them waiting for ever.
fn places(name: &str, written: Option<usize>, default: usize) -> anyhow::Result<usize> {
    let count = written.unwrap_or(default);
    if !(1..=MAX_CONCURRENCY).contains(&count) {
        bail!("{name}: {count} is not a number from 1 to {MAX_CONCURRENCY}");
    }
    Ok(count)
}

/// The address as a browser on this machine would write it.
fn reachable(listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() || listen.ip().is_loopback() {
        format!("localhost:{}", listen.port())
    } else {
        listen.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(options: &ServerOptions) -> String {
        format!("{:#}", load(options, false).unwrap_err())
    }

    #[test]
    fn the_file_is_read_and_flags_win() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("tidings.toml"),
            "listen = \"127.0.0.1:9\"\ndefault_region = \"DE\"\n",
        )
        .unwrap();
        let mut options = ServerOptions {
            data_dir: Some(folder.path().into()),
            ..ServerOptions::default()
        };
        let settings = load(&options, false).unwrap();
        assert_eq!(settings.listen.port(), 9);
        assert_eq!(settings.default_region, "DE");
        assert!(!settings.allow_private_targets);
        options.listen = Some("127.0.0.1:10".to_owned());
        assert_eq!(load(&options, true).unwrap().listen.port(), 10);
        assert!(load(&options, true).unwrap().allow_private_targets);
    }

    #[test]
    fn mistakes_are_told_by_the_name_of_the_setting() {
        type Change = fn(&mut ServerOptions);
        let of = |change: Change| {
            let mut options = ServerOptions {
                data_dir: Some("/nonexistent".into()),
                ..ServerOptions::default()
            };
            change(&mut options);
            refusal(&options)
        };
        let cases: [(&str, Change); 8] = [
            ("listen: ", |options| options.listen = Some("here".into())),
            ("public_url: ", |options| options.public_url = Some("ftp://x".into())),
            ("database_url: ", |options| {
                options.database_url = Some("mysql://x".into());
            }),
            ("default_region: ", |options| {
                options.default_region = Some("Germany".into());
            }),
            ("default_region: ", |options| options.default_region = Some("ZZ".into())),
            ("bulk_concurrency: ", |options| options.bulk_concurrency = Some(0)),
            ("log: ", |options| options.log = Some("tidings=loud".into())),
            ("TIDINGS_CONFIG: ", |options| {
                options.config = Some("/nonexistent".into());
            }),
        ];
        for (start, change) in cases {
            let told = of(change);
            assert!(told.starts_with(start), "{told:?} should start with {start:?}");
        }
    }

    #[test]
    fn the_environment_is_taken_as_it_stands() {
        let of = |name: &'static str, value: &'static str| {
            environment(move |asked| (asked == name).then(|| value.to_owned()))
        };
        let digits = "1234567890123456789012345678901234567890123456789012345678901234";
        assert_eq!(
            of("TIDINGS_MASTER_KEY", digits).unwrap().master_key.as_deref(),
            Some(digits)
        );
        assert_eq!(
            of("TIDINGS_ALLOW_PRIVATE_TARGETS", "true")
                .unwrap()
                .allow_private_targets,
            Some(true)
        );
        let told = of("TIDINGS_ALLOW_PRIVATE_TARGETS", "maybe").unwrap_err().to_string();
        assert!(told.starts_with("TIDINGS_ALLOW_PRIVATE_TARGETS: "), "{told}");
    }

    #[test]
    fn unknown_settings_of_a_file_are_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tidings.toml"), "lissen = \"x\"\n").unwrap();
        let options = ServerOptions {
            data_dir: Some(folder.path().into()),
            ..ServerOptions::default()
        };
        assert!(refusal(&options).contains("lissen"), "{}", refusal(&options));
    }
}
