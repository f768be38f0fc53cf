//! 人员: persons, where they live, what they may be known for, and who looked at it.

use platform::db::Conn;
use platform::history::Event;
use platform::{Problem, Result};
use utoipa_actix_web::service_config::ServiceConfig;

platform::scopes! {
    PersonsRead = "persons:read": [CommunitySecretary, CommunityWorker],
}

pub const PROBLEMS: &[&Problem] = &[];

pub fn routes(_: &mut ServiceConfig) {}

/// What this context does when another records an event.
pub fn react(_: &mut Conn, _: &Event) -> Result<()> {
    Ok(())
}
