//! Structured logs through env_logger: readable lines, or one JSON object a line.

use std::io::Write;

use clap::ValueEnum;
use env_logger::fmt::Formatter;
use log::Record;
use log::kv::{Error, Key, Value, VisitSource};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// `filter` is in env_logger's syntax, `info,access=warn`.
pub fn init(filter: &str, format: LogFormat) {
    let mut builder = env_logger::Builder::new();
    builder.parse_filters(filter);
    if format == LogFormat::Json {
        builder.format(json_line);
    }
    builder.init();
}

struct Members(serde_json::Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Members {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let json = value.to_u64().map(serde_json::Value::from);
        self.0.insert(key.to_string(), json.unwrap_or_else(|| value.to_string().into()));
        Ok(())
    }
}

fn json_line(out: &mut Formatter, record: &Record<'_>) -> std::io::Result<()> {
    let mut members = Members(serde_json::Map::new());
    members.0.insert("time".into(), out.timestamp_micros().to_string().into());
    members.0.insert("level".into(), record.level().as_str().into());
    members.0.insert("target".into(), record.target().into());
    members.0.insert("message".into(), record.args().to_string().into());
    // A pair that cannot be read is left out; a log line is never a reason to fail.
    let _ = record.key_values().visit(&mut members);
    writeln!(out, "{}", serde_json::Value::Object(members.0))
}
