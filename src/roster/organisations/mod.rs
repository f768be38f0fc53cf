//! 组织: the bodies that govern a compound as one tree, and who serves which compound.

use platform::db::Conn;
use platform::history::Event;
use platform::{Problem, Result};
use utoipa_actix_web::service_config::ServiceConfig;

platform::scopes! {
    OrganisationsRead = "organisations:read": everyone,
}

pub const PROBLEMS: &[&Problem] = &[];

pub fn routes(_: &mut ServiceConfig) {}

/// What this context does when another records an event.
pub fn react(_: &mut Conn, _: &Event) -> Result<()> {
    Ok(())
}
