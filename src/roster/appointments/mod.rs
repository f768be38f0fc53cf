//! 任职: posts, who holds them, and cross-appointments (双向进入、交叉任职).

use platform::db::Conn;
use platform::history::Event;
use platform::{Problem, Result};
use utoipa_actix_web::service_config::ServiceConfig;

platform::scopes! {
    AppointmentsRead = "appointments:read": everyone,
}

pub const PROBLEMS: &[&Problem] = &[];

pub fn routes(_: &mut ServiceConfig) {}

/// What this context does when another records an event.
pub fn react(_: &mut Conn, _: &Event) -> Result<()> {
    Ok(())
}
