//! 演示区: the demo district, Suzhou District of Jiuquan as domain D describes it, with Tongdexiang Community in full.
//!
//! Nothing here is drawn at random, so every load has the same ids, codes and figures. Codes and names of divisions are
//! the public ones; people, telephone numbers and grid boundaries are made up.

mod cases;
mod clients;
mod compounds;
mod dates;
mod divisions;
mod grids;
mod guide;
mod holidays;
mod ids;
mod local_rules;
mod meetings;
mod notices;
mod personas;
mod plan;
mod published;
mod ratings;
mod roster;
mod standards;
mod standings;
mod surveys;
mod tongdexiang;

pub use cases::{FIRST_WEEK, SEPTEMBER, desk_case, load_september};
pub use clients::{Dashboard, dashboard};
pub use guide::guide;
pub use ids::now;
pub use notices::leak;
pub use personas::{NEWCOMER, PERSONAS, Persona};

use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Db};
use platform::secrets::Secrets;
use registry::identity;
use registry::territory::store::By;

/// Loads the district in one transaction; `false` where it was there already. `secrets` seal the persons' numbers.
pub fn load(db: &Db, secrets: &Secrets) -> Result<bool> {
    crate::start::react();
    if db.write_now(|c| identity::find_account_id(c, NEWCOMER))?.is_some() {
        return Ok(false);
    }
    // Before the write: hashing takes its time, and the writer is one.
    let hashes = personas::hashes()?;
    db.write_now(|c| load_all(c, &hashes, secrets))?;
    Ok(true)
}

fn load_all(c: &mut Conn, hashes: &[String], secrets: &Secrets) -> Result<()> {
    let by = By { actor: None, at: ids::now(), today: date_in_shanghai(ids::now()) };
    let planned = plan::compounds();
    holidays::load(c, &by)?;
    divisions::load(c, &by)?;
    local_rules::load(c, &by)?;
    grids::load(c, &planned, &by)?;
    compounds::load(c, &planned, &by)?;
    compounds::load_nanxiang(c, &by)?;
    tongdexiang::load(c, &by)?;
    let bodies = roster::load_bodies(c, &planned, &by)?;
    personas::load(c, hashes, &by)?;
    clients::load(c, &by)?;
    roster::load_people(c, &bodies, &planned, secrets, &by)?;
    cases::load(c)?;
    notices::load(c)?;
    meetings::load(c, &planned)?;
    standards::load(c, &planned)?;
    surveys::load(c, &planned)?;
    ratings::load(c, &planned, &by)?;
    standings::load(c)?;
    published::load(c, &by)
}
