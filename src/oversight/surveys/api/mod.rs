//! Handlers: extract, one door to the rows, a DTO.

mod answers;
mod consequences;
mod forms;
mod invitations;
mod results;
mod rounds;
mod steps;

use platform::Result;
use platform::db::Conn;
use platform::history::By;
use platform::http::{Mount, Versioned};

use super::dto::SurveyRoundOut;
use super::store::rows::RoundRow;
use super::store::sight::View;

pub fn routes(mount: &mut Mount) {
    // What thousands do at once before what a few do in a month.
    invitations::routes(mount);
    answers::routes(mount);
    rounds::routes(mount);
    results::routes(mount);
    steps::routes(mount);
    forms::routes(mount);
    consequences::routes(mount);
}

/// A round as it stands after a step of those who run it.
fn stepped(_: &mut Conn, row: RoundRow, by: &By) -> Result<Versioned<SurveyRoundOut>> {
    Ok(Versioned::ok(row.version, SurveyRoundOut::of(row, View::Overseer, by.at)?))
}
