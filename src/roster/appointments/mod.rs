//! 任职: posts, who holds them, and cross-appointments (双向进入、交叉任职).

use platform::db::Conn;
use platform::history::Event;
use platform::rule_sets::RuleKey;
use platform::{Problem, Result};
use utoipa_actix_web::service_config::ServiceConfig;

platform::scopes! {
    AppointmentsRead = "appointments:read": everyone,
}

pub const PROBLEMS: &[&Problem] = &[];

/// The rules of this context that places may set for themselves.
pub const RULES: &[&RuleKey] = &[];

pub fn routes(_: &mut ServiceConfig) {}

/// What this context does when another records an event.
pub fn react(_: &mut Conn, _: &Event) -> Result<()> {
    Ok(())
}
