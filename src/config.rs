//! Every variable in one struct. `.env.example` documents the same list; a test compares the two.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use ipnet::IpNet;
use platform::Limits;
use platform::db::Sizes;
use platform::storage::{Keys, Storage};

#[derive(Debug, Clone, Args)]
pub struct Config {
    /// The database: sqlite://path/to/file.db or postgres://user:password@host/name
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://data/red-steward.db", hide_env_values = true)]
    pub database_url: String,
    /// A PostgreSQL replica for reads
    #[arg(long, env = "DATABASE_READ_URL", hide_env_values = true)]
    pub database_read_url: Option<String>,
    /// Connections per process: readers on SQLite, all on PostgreSQL
    #[arg(long, env = "DATABASE_POOL", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub database_pool: u32,
    /// Connections per process to the replica
    #[arg(long, env = "DATABASE_READ_POOL", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub database_read_pool: u32,
    /// The secret that seals what is stored and signs cursors, at least 32 characters. On SQLite one is made and kept
    /// beside the database file where none is given
    #[arg(long, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// Where the API listens
    #[arg(long, env = "BIND_ADDR", default_value = "127.0.0.1:8080")]
    pub bind_addr: SocketAddr,
    /// Where Prometheus reads /metrics; not for the public
    #[arg(long, env = "METRICS_ADDR", default_value = "127.0.0.1:9464")]
    pub metrics_addr: SocketAddr,
    /// The address that clients know us by, for links; http://BIND_ADDR unless given
    #[arg(long, env = "PUBLIC_BASE_URL")]
    pub public_base_url: Option<String>,
    /// The audience that access tokens are issued for
    #[arg(long, env = "TOKEN_AUDIENCE", default_value = "red-steward")]
    pub token_audience: String,
    /// Origins that browsers may call from, separated by commas
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,
    /// Proxies whose X-Forwarded-For is believed, as networks separated by commas
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// Requests per minute and caller
    #[arg(long, env = "RATE_LIMIT_PER_MINUTE", default_value = "600")]
    pub rate_limit_per_minute: NonZeroU32,
    /// Requests per minute and caller to /v1/auth/
    #[arg(long, env = "CREDENTIALS_LIMIT_PER_MINUTE", default_value = "20")]
    pub credentials_limit_per_minute: NonZeroU32,
    /// Requests per minute and caller to /v1/screens/
    #[arg(long, env = "SCREEN_LIMIT_PER_MINUTE", default_value = "120")]
    pub screen_limit_per_minute: NonZeroU32,
    /// Days that events are kept for readers of the feed
    #[arg(long, env = "FEED_RETENTION_DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub feed_retention_days: u16,
    /// Streams and waiting polls of the feed, per process
    #[arg(long, env = "FEED_STREAMS", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub feed_streams: u32,
    /// Streams and waiting polls of the feed, per caller and process
    #[arg(long, env = "FEED_STREAMS_PER_CALLER", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub feed_streams_per_caller: u32,
    /// Seconds between two signs of life of a stream
    #[arg(long, env = "FEED_HEARTBEAT_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub feed_heartbeat_seconds: u16,
    /// Seconds between two looks for clocks of cases that have run down, and so how late a reminder may be; 0 for a process
    /// that leaves them to others
    #[arg(long, env = "CLOCK_SWEEP_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u16).range(0..=3600))]
    pub clock_sweep_seconds: u16,
    /// The largest JSON body in bytes
    #[arg(long, env = "BODY_LIMIT_BYTES", default_value_t = 1 << 20)]
    pub body_limit_bytes: usize,
    /// The largest photo or file in bytes
    #[arg(long, env = "UPLOAD_MAX_BYTES", default_value_t = 20 << 20)]
    pub upload_max_bytes: usize,
    /// Bytes of all photos and files that arrive at once, in memory; who does not fit waits, and is answered 503
    #[arg(long, env = "UPLOADS_MAX_BYTES", default_value_t = 256 << 20)]
    pub uploads_max_bytes: usize,
    /// Where photos and files are kept: file://folder or s3://bucket/prefix?endpoint=https://…&region=…
    #[arg(long, env = "STORAGE_URL", default_value = "file://data/files")]
    pub storage_url: String,
    /// The access key of an S3-compatible storage
    #[arg(long, env = "STORAGE_ACCESS_KEY", hide_env_values = true)]
    pub storage_access_key: Option<String>,
    /// The secret key of an S3-compatible storage
    #[arg(long, env = "STORAGE_SECRET_KEY", hide_env_values = true)]
    pub storage_secret_key: Option<String>,
    /// Worker threads; one per core unless given
    #[arg(long, env = "WORKERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,
    /// Seconds that running requests get to finish on shutdown
    #[arg(long, env = "SHUTDOWN_SECONDS", default_value_t = 20)]
    pub shutdown_seconds: u64,
}

impl Config {
    pub fn sizes(&self) -> Sizes {
        Sizes { pool: self.database_pool, read_pool: self.database_read_pool }
    }

    pub fn limits(&self) -> Limits {
        Limits {
            body_bytes: self.body_limit_bytes,
            upload_bytes: self.upload_max_bytes,
            uploads_bytes: self.uploads_max_bytes,
            ..Limits::default()
        }
    }

    pub fn storage(&self) -> Result<Storage, String> {
        let keys = self.storage_access_key.clone().zip(self.storage_secret_key.clone());
        Storage::open(&self.storage_url, keys.map(|(access, secret)| Keys { access, secret }))
    }

    pub fn feed(&self) -> gateway::feed::Settings {
        gateway::feed::Settings {
            heartbeat: Duration::from_secs(self.feed_heartbeat_seconds.into()),
            streams: self.feed_streams as usize,
            streams_per_caller: self.feed_streams_per_caller as usize,
        }
    }

    pub fn public_base(&self) -> String {
        let given = self.public_base_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.bind_addr))
    }

    pub fn worker_count(&self) -> usize {
        self.workers.map_or_else(|| std::thread::available_parallelism().map_or(2, usize::from), usize::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Those of the command line itself, beside the configuration.
    const OF_THE_COMMAND_LINE: [(&str, &str); 2] = [("RUST_LOG", "info,access=warn"), ("LOG_FORMAT", "text")];

    fn variables() -> BTreeMap<String, String> {
        let command = Config::augment_args(clap::Command::new("test"));
        let read = command.get_arguments().filter_map(|arg| {
            let default = arg.get_default_values().first().map_or("", |value| value.to_str().expect("text"));
            Some((arg.get_env()?.to_str().expect("text").to_owned(), default.to_owned()))
        });
        read.chain(OF_THE_COMMAND_LINE.map(|(name, default)| (name.to_owned(), default.to_owned()))).collect()
    }

    #[test]
    fn the_example_documents_every_variable_with_its_default() {
        let example = include_str!("../.env.example");
        let documented = example.lines().filter_map(|line| line.strip_prefix('#')?.split_once('='));
        let documented: BTreeMap<String, String> = documented
            .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
            .map(|(name, default)| (name.to_owned(), default.to_owned()))
            .collect();
        assert_eq!(documented, variables());
    }
}
