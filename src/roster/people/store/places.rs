//! Whether a place is there, and stays there for the rest of the transaction: what is written down in it must not miss its
//! move to another code.

use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Conn, Engine};
use platform::error::wire;
use platform::{Problem, Result};
use registry::schema::{compounds, divisions};
use registry::territory::dto::{CompoundId, RoomId};
use registry::territory::store::buildings::{RoomRow, find_room};

use crate::people::rules;

/// An open district, street, community or compound that the caller sees, held where it is.
pub fn hold(c: &mut Conn, visible: &Visible, code: &AreaCode, unknown: &'static Problem) -> Result<()> {
    visible.check(code.as_str())?;
    let open = match code.level() {
        AreaLevel::District | AreaLevel::Street | AreaLevel::Community => hold_division(c, code.as_str())?,
        AreaLevel::Compound => hold_compound(c, code.as_str())?,
        _ => false,
    };
    if open { Ok(()) } else { Err(unknown.at("/area_code")) }
}

/// SQLite has one writer and needs no lock. On PostgreSQL the row lock waits for a move that is on its way.
pub fn hold_division(c: &mut Conn, code: &str) -> Result<bool> {
    let open = divisions::table.find(code).filter(divisions::valid_to.is_null());
    Ok(match c.engine() {
        Engine::Sqlite => open.count().get_result::<i64>(c)? == 1,
        Engine::Postgres => diesel::update(open).set(divisions::version.eq(divisions::version)).execute(c)? == 1,
    })
}

fn hold_compound(c: &mut Conn, code: &str) -> Result<bool> {
    let open = compounds::table.filter(compounds::area_code.eq(code)).filter(compounds::closed_on.is_null());
    Ok(match c.engine() {
        Engine::Sqlite => open.count().get_result::<i64>(c)? == 1,
        Engine::Postgres => diesel::update(open).set(compounds::version.eq(compounds::version)).execute(c)? == 1,
    })
}

/// An open room that the caller sees, and its code at a time when its compound cannot move.
pub fn hold_room(c: &mut Conn, visible: &Visible, id: RoomId) -> Result<RoomRow> {
    let before = find_room(c, visible, id)?;
    hold_compound_of(c, before.compound_id)?;
    let row = find_room(c, &Visible::everything(), id)?;
    if row.area_code != before.area_code {
        return Err((&wire::CONFLICT).into());
    }
    if row.closed_on.is_some() { Err(rules::ROOM_UNKNOWN.at("/room_id")) } else { Ok(row) }
}

/// The open room with this code, for a claim by whoever knows it.
pub fn room_by_code(c: &mut Conn, code: &AreaCode) -> Result<RoomId> {
    use registry::schema::rooms;
    let unknown = || rules::ROOM_UNKNOWN.at("/room_code");
    if code.level() != AreaLevel::Room {
        return Err(unknown());
    }
    let open = rooms::table.filter(rooms::area_code.eq(code.as_str())).filter(rooms::closed_on.is_null());
    open.select(rooms::id).first(c).optional()?.ok_or_else(unknown)
}

fn hold_compound_of(c: &mut Conn, id: CompoundId) -> Result<()> {
    if c.engine() == Engine::Postgres {
        diesel::update(compounds::table.find(id)).set(compounds::version.eq(compounds::version)).execute(c)?;
    }
    Ok(())
}
