//! The tree: up to the root in one query, and what must hold where a branch is hung up.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use platform::Result;
use platform::db::{Conn, Engine, IdSql};

use super::organisations::{OrganisationRow, get};
use crate::organisations::dto::OrganisationId;
use crate::organisations::rules;
use crate::organisations::rules::lifecycle;
use crate::schema::organisations as orgs;

/// The deepest place in the tree.
const DEEPEST: i32 = 16;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = IdSql)]
    id: OrganisationId,
    #[diesel(sql_type = Integer)]
    depth: i32,
}

const UP: &str = "WITH RECURSIVE up (id, parent_id, depth) AS ( \
    SELECT id, parent_id, 0 FROM organisations WHERE id = $1 \
    UNION ALL SELECT o.id, o.parent_id, up.depth + 1 FROM organisations o JOIN up ON o.id = up.parent_id \
    WHERE up.depth < 32) SELECT id, depth FROM up ORDER BY depth DESC";

/// The path from the root to this one, itself included, with the distance to it.
fn path(c: &mut Conn, id: OrganisationId) -> Result<Vec<Step>> {
    // SQLite understands `$1` as well.
    Ok(platform::on_each!(c => diesel::sql_query(UP).bind::<IdSql, _>(id).load(c))?)
}

/// The organisations above one, the highest first.
pub fn ancestors(c: &mut Conn, id: OrganisationId) -> Result<Vec<OrganisationRow>> {
    let steps: Vec<Step> = path(c, id)?.into_iter().filter(|step| step.depth > 0).collect();
    let ids: Vec<OrganisationId> = steps.iter().map(|step| step.id).collect();
    let rows: Vec<OrganisationRow> =
        orgs::table.filter(orgs::id.eq_any(ids)).select(OrganisationRow::as_select()).load(c)?;
    let of = |step: &Step| rows.iter().find(|row| row.id == step.id).cloned();
    Ok(steps.iter().filter_map(of).collect())
}

/// Takes the row lock of an organisation for the rest of the transaction and reads it as it stands. SQLite has one writer.
pub fn lock(c: &mut Conn, id: OrganisationId) -> Result<Option<OrganisationRow>> {
    if c.engine() == Engine::Postgres {
        diesel::update(orgs::table.find(id)).set(orgs::version.eq(orgs::version)).execute(c)?;
    }
    get(c, id)
}

/// Checks that `child` may hang below `parent`: it stands, it covers the child's area, and the child is not above it. The
/// parent stays locked, so that no two changes at once can close a circle.
pub fn check_parent(
    c: &mut Conn,
    child: Option<OrganisationId>,
    parent: OrganisationId,
    child_area: &str,
) -> Result<()> {
    let Some(above) = lock(c, parent)? else { return Err(rules::PARENT_MISSING.at("/parent_id")) };
    lifecycle::may_nest((above.status, &above.area_code), child_area)?;
    let up = path(c, parent)?;
    if up.iter().any(|step| Some(step.id) == child) {
        return Err(rules::CYCLE.at("/parent_id"));
    }
    if up.iter().any(|step| step.depth >= DEEPEST) { Err(rules::TOO_DEEP.at("/parent_id")) } else { Ok(()) }
}
