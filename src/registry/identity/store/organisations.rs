//! The organisations that roles can be held for, as far as access goes: where each is at home and where it serves. The
//! context that owns organisations writes these in the transactions of its own changes.

use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Conn, Ts};
use platform::{Error, Result, on_each};
use uuid::Uuid;

use super::grants;
use crate::schema::{granted_organisations as organisations, organisation_areas as areas};

platform::id!(
    /// An organisation that a role is held for.
    HolderId
);

#[derive(Insertable)]
#[diesel(table_name = organisations, treat_none_as_default_value = false)]
struct NewHolder {
    id: HolderId,
    area_code: String,
    ended_at: Option<Ts>,
}

/// Lets roles be held for an organisation. `home` is the area whose administrators may grant them.
pub fn register_organisation(c: &mut Conn, id: Uuid, home: &str) -> Result<()> {
    let row = NewHolder { id: HolderId(id), area_code: home.to_owned(), ended_at: None };
    diesel::insert_into(organisations::table).values(&row).execute(c)?;
    Ok(())
}

/// The organisation serves an area from now on: whoever holds a role for it holds it there when they refresh their tokens.
pub fn organisation_serves(c: &mut Conn, id: Uuid, area_code: &str) -> Result<()> {
    let row = (areas::organisation_id.eq(HolderId(id)), areas::area_code.eq(area_code));
    // One statement: of two who write the same down at once, the second finds it written.
    on_each!(c => diesel::insert_into(areas::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// It no longer does.
pub fn organisation_leaves(c: &mut Conn, id: Uuid, area_code: &str) -> Result<()> {
    diesel::delete(areas::table.find((HolderId(id), area_code))).execute(c)?;
    Ok(())
}

/// Ends every role held for an organisation that is no more; none can be granted for it again.
pub fn end_organisation(c: &mut Conn, id: Uuid, actor: Option<Uuid>, reason: &str, now: Ts) -> Result<()> {
    let id = HolderId(id);
    diesel::update(organisations::table.find(id)).set(organisations::ended_at.eq(now)).execute(c)?;
    diesel::delete(areas::table.filter(areas::organisation_id.eq(id))).execute(c)?;
    grants::end_all_for(c, id, actor, reason, now)
}

/// The home of an organisation that roles can be held for.
pub fn home_of(c: &mut Conn, id: Uuid) -> Result<Option<AreaCode>> {
    let standing = organisations::table.find(HolderId(id)).filter(organisations::ended_at.is_null());
    let code: Option<String> = standing.select(organisations::area_code).first(c).optional()?;
    code.map(|code| code.parse().map_err(|e: String| Error::internal(e))).transpose()
}

/// Where these organisations serve.
pub(super) fn served_by(c: &mut Conn, ids: impl Iterator<Item = HolderId>) -> Result<Vec<(HolderId, String)>> {
    let ids: Vec<HolderId> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = areas::table.filter(areas::organisation_id.eq_any(ids));
    Ok(of_these
        .order((areas::organisation_id, areas::area_code))
        .select((areas::organisation_id, areas::area_code))
        .load(c)?)
}
