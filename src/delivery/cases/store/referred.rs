//! 转来: a case that a row of another context becomes, in the transaction of its own step. Whether the caller may do that is
//! for that context to say.

use platform::auth::AreaCode;
use platform::db::Conn;
use platform::history::{By, Chained};
use platform::secrets::Secrets;
use platform::{Error, Result};
use registry::identity::AccountId;
use serde_json::{Value, json};

use super::change::ENTITY;
use super::comments::{self, Audience, StandsFor};
use super::draft::{Draft, REPORTED, first_data};
use super::sight::get;
use super::steps::unnamed;
use super::{intake, joins, places};
use crate::cases::dto::{CaseId, NewCase, Visibility};

/// Where a case comes from: the row, and what its timeline says of that.
#[derive(Debug, Clone)]
pub struct Source {
    pub entity: &'static str,
    pub id: String,
    pub said: &'static str,
}

impl Source {
    /// Names the row in a case's first event.
    pub fn name_in(&self, data: &mut Value) {
        if let Some(members) = data.as_object_mut() {
            members.insert("source".into(), json!({ "entity": self.entity, "entity_id": self.id }));
        }
    }
}

/// Writes a case down. Its first event names the row, which only those read who oversee it; its timeline says to everybody
/// where it comes from, and nothing of whom.
pub fn refer(c: &mut Conn, secrets: &Secrets, new: &NewCase, from: &Source, by: &By) -> Result<CaseId> {
    let found = places::meant_by(c, new)?;
    let mut draft = Draft::at(c, new, &found, secrets, by)?;
    let mut data = first_data(&draft.row)?;
    from.name_in(&mut data);
    let reported = by.event(ENTITY, draft.row.id, 1, REPORTED, draft.row.told_at(), data);
    draft.reported = Chained::first(reported);
    intake::write(c, &[&draft])?;
    comments::add(c, &draft.row, (StandsFor::System, Audience::Parties), from.said, &unnamed(by))?;
    Ok(draft.row.id)
}

/// Notes that somebody else has reported what is an open public case in this place already, and lets them follow it; any other
/// case is not there. Its timeline says so to everybody, and nothing of whom.
pub fn report_again(
    c: &mut Conn,
    id: CaseId,
    place: &AreaCode,
    reporter: AccountId,
    from: &Source,
    by: &By,
) -> Result<()> {
    let row = get(c, id)?;
    if row.visibility != Visibility::Public || !row.status.is_open() || !place.covers(&row.area_code) {
        return Err(Error::NotFound);
    }
    if !joins::follows(c, reporter, id)? {
        joins::join(c, reporter, id, by)?;
    }
    comments::add(c, &row, (StandsFor::System, Audience::Parties), from.said, &unnamed(by))?;
    Ok(())
}
