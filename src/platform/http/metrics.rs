//! Prometheus metrics, read at a bind address of their own.

use std::time::Duration;

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use crate::db::Db;

/// Seconds; from a row read to a stuck query.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    connections_used: IntGauge,
    connections_open: IntGauge,
}

impl Metrics {
    pub fn new() -> Result<Self, prometheus::Error> {
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("http_requests_total", "Requests by method, route and status"),
                &["method", "route", "status"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new("http_request_duration_seconds", "Time to answer").buckets(BUCKETS.to_vec()),
                &["method", "route"],
            )?,
            connections_used: IntGauge::new("db_connections_in_use", "Read connections in use")?,
            connections_open: IntGauge::new("db_connections_open", "Read connections open")?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.seconds.clone()))?;
        metrics.registry.register(Box::new(metrics.connections_used.clone()))?;
        metrics.registry.register(Box::new(metrics.connections_open.clone()))?;
        Ok(metrics)
    }

    /// `route` is the pattern, so the number of series stays the number of routes.
    pub fn observe(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Anybody may send any word as a method; only those we serve become a series.
        let method = if matches!(method, "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") {
            method
        } else {
            "other"
        };
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }

    /// The text exposition format.
    pub fn render(&self, db: &Db) -> Result<String, prometheus::Error> {
        let (used, open) = db.pool_state();
        self.connections_used.set(i64::from(used));
        self.connections_open.set(i64::from(open));
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}
