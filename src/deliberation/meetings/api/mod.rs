//! Handlers: extract, one door to the rows, a DTO.

mod actions;
mod agenda;
mod figures;
mod meetings;
mod minutes;
mod published;
mod rendered;
mod resolutions;
mod seats;
mod series;
mod signing;
mod steps;

use platform::Result;
use platform::db::Conn;
use platform::http::{Mount, Versioned};

use super::dto::{MeetingId, MeetingOut};
use super::store::{meetings as rows, sight};

pub fn routes(mount: &mut Mount) {
    series::routes(mount);
    meetings::routes(mount);
    steps::routes(mount);
    seats::routes(mount);
    agenda::routes(mount);
    minutes::routes(mount);
    signing::routes(mount);
    published::routes(mount);
    rendered::routes(mount);
    resolutions::routes(mount);
    actions::routes(mount);
    figures::routes(mount);
}

/// A meeting as it stands after a step.
fn answered(c: &mut Conn, id: MeetingId) -> Result<Versioned<MeetingOut>> {
    let row = sight::get(c, id)?;
    let version = row.version;
    Ok(Versioned::ok(version, rows::whole(c, row)?.into()))
}
