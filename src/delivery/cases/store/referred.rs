//! 转来: a case that a row of another context becomes, in the transaction of its own step. Whether the caller may do that is
//! for that context to say.

use platform::Result;
use platform::db::Conn;
use platform::history::{By, Chained};
use platform::secrets::Secrets;
use serde_json::{Value, json};

use super::change::ENTITY;
use super::comments::{self, Audience, StandsFor};
use super::draft::{Draft, REPORTED, first_data};
use super::steps::unnamed;
use super::{intake, places};
use crate::cases::dto::{CaseId, NewCase};

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
