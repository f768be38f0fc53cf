//! Handlers: extract, one door to the rows, a DTO.

mod groups;
mod moderation;
mod notices;
mod photos;
mod posts;
mod reading;

use platform::auth::{Actor, Role, Scope};
use platform::http::Mount;

pub(super) fn routes(mount: &mut Mount) {
    reading::routes(mount);
    notices::routes(mount);
    photos::routes(mount);
    groups::routes(mount);
    posts::routes(mount);
    moderation::routes(mount);
}

/// The roles that carry the scope over an area. An integrator's program holds none.
fn roles_over<S: Scope>(who: &Actor<S>, area: &str) -> Vec<Role> {
    who.grants().filter(|grant| grant.area.covers(area)).map(|grant| grant.role).collect()
}
