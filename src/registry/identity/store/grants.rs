//! 授权 rows.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, Grant, Role, Visible};
use platform::db::{Backend, Conn, Range, Ts, substr};
use platform::error::OrConflict;
use platform::history::{self, Event};
use platform::http::PageRequest;
use platform::{Error, Result, in_ranges};
use serde_json::json;
use uuid::Uuid;

use super::organisations::{self, HolderId};
use super::{AccountId, GrantId, after_id};
use crate::identity::dto::{GrantListing, GrantQuery};
use crate::identity::rules;
use crate::schema::{accounts, api_clients, granted_organisations, organisation_areas, role_grants as grants};

/// Lapsed grants are ended in runs of this many, so that a sweep holds the writer only for a moment.
const LAPSED_PER_RUN: i64 = 500;
/// What stands as the reason where nobody ended a grant but the calendar.
const LAPSED: &str = "期满";

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub struct GrantRow {
    pub id: GrantId,
    pub account_id: AccountId,
    pub role: Role,
    pub area_code: String,
    pub organisation_id: Option<HolderId>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub granted_by: Option<AccountId>,
    pub reason: String,
    pub ended_at: Option<Ts>,
    pub ended_by: Option<AccountId>,
    pub end_reason: Option<String>,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub version: i32,
}

impl GrantRow {
    /// The role and its area, which is the organisation's home where it is held for one.
    pub fn held(&self) -> Result<Grant> {
        self.counting_in(&self.area_code)
    }

    /// The code was well-formed when it was stored.
    fn counting_in(&self, code: &str) -> Result<Grant> {
        let area: AreaCode = code.parse().map_err(|e: String| Error::internal(e))?;
        Ok(Grant { role: self.role, area, organisation: self.organisation_id.map(|id| id.0) })
    }
}

/// A grant to be made. Whoever calls has checked the granter's authority.
#[derive(Debug, Clone)]
pub struct NewGrantSpec {
    pub id: GrantId,
    pub account: AccountId,
    pub role: Role,
    /// Where the role counts or, where it is held for an organisation, that organisation's home.
    pub area: AreaCode,
    /// The organisation that the role is held for: it counts wherever that serves.
    pub organisation: Option<Uuid>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub reason: String,
    /// `None` where the command line or the demo acts.
    pub actor: Option<Uuid>,
    pub at: Ts,
}

/// Makes a grant and its first history row.
pub fn grant_role(c: &mut Conn, spec: NewGrantSpec) -> Result<GrantId> {
    Ok(insert_grant(c, spec)?.id)
}

pub fn insert_grant(c: &mut Conn, spec: NewGrantSpec) -> Result<GrantRow> {
    let row = GrantRow {
        id: spec.id,
        account_id: spec.account,
        role: spec.role,
        area_code: spec.area.to_string(),
        organisation_id: spec.organisation.map(HolderId),
        valid_from: spec.valid_from,
        valid_to: spec.valid_to,
        granted_by: spec.actor.map(AccountId),
        reason: spec.reason,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        created_at: spec.at,
        updated_at: spec.at,
        version: 1,
    };
    diesel::insert_into(grants::table).values(&row).execute(c).or_conflict(&rules::GRANT_DUPLICATE)?;
    let data = json!({ "account_id": row.account_id, "role": row.role, "organisation_id": row.organisation_id,
        "valid_from": row.valid_from, "valid_to": row.valid_to, "reason": row.reason });
    let event = Event {
        entity: "role_grant",
        entity_id: row.id.to_string(),
        seq: 1,
        name: "role_grant.created",
        area_code: row.area_code.clone(),
        actor: spec.actor,
        at: spec.at,
        data,
    };
    history::record_first(c, event)?;
    Ok(row)
}

pub fn find_grant(c: &mut Conn, visible: &Visible, id: GrantId) -> Result<GrantRow> {
    let row: GrantRow = grants::table.find(id).select(GrantRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// What an account may act on today: a role held for an organisation counts in each area that it serves.
pub fn active_grants(c: &mut Conn, account: AccountId, today: NaiveDate) -> Result<Vec<Grant>> {
    let rows = active_rows(c, account, today)?;
    let counted = counted(c, &rows)?;
    Ok(counted.into_iter().map(|(_, grant)| grant).collect())
}

/// The same for several accounts at once.
pub(super) fn active_grants_of(
    c: &mut Conn,
    accounts: Vec<AccountId>,
    today: NaiveDate,
) -> Result<HashMap<AccountId, Vec<Grant>>> {
    let mut all: HashMap<AccountId, Vec<Grant>> = HashMap::new();
    if accounts.is_empty() {
        return Ok(all);
    }
    let rows: Vec<GrantRow> = grants::table
        .filter(grants::account_id.eq_any(accounts).and(grants::ended_at.is_null()))
        .filter(grants::valid_from.le(today).and(grants::valid_to.is_null().or(grants::valid_to.ge(today))))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(c)?;
    for (account, grant) in counted(c, &rows)? {
        all.entry(account).or_default().push(grant);
    }
    Ok(all)
}

fn counted(c: &mut Conn, rows: &[GrantRow]) -> Result<Vec<(AccountId, Grant)>> {
    let served = organisations::served_by(c, rows.iter().filter_map(|row| row.organisation_id))?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows {
        match row.organisation_id {
            None => grants.push((row.account_id, row.held()?)),
            Some(id) => {
                for (_, area) in served.iter().filter(|(of, _)| *of == id) {
                    grants.push((row.account_id, row.counting_in(area)?));
                }
            }
        }
    }
    Ok(grants)
}

/// Whether an account that may log in holds one of `roles` over one of the areas today, and so may be given work there.
pub fn may_act(c: &mut Conn, account: AccountId, roles: &[Role], codes: &[&str], today: NaiveDate) -> Result<bool> {
    let grants = active_grants(c, account, today)?;
    let fits = |grant: &Grant| roles.contains(&grant.role) && codes.iter().any(|code| grant.area.covers(code));
    Ok(grants.iter().any(fits) && super::accounts::account_area(c, account)?.is_some())
}

pub fn active_rows(c: &mut Conn, account: AccountId, today: NaiveDate) -> QueryResult<Vec<GrantRow>> {
    grants::table
        .filter(grants::account_id.eq(account).and(grants::ended_at.is_null()))
        .filter(grants::valid_from.le(today).and(grants::valid_to.is_null().or(grants::valid_to.ge(today))))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(c)
}

/// What an account holds or will hold: whoever takes it over takes over these.
pub fn held_grants(c: &mut Conn, account: AccountId, today: NaiveDate) -> Result<Vec<Grant>> {
    let rows: Vec<GrantRow> = grants::table
        .filter(grants::account_id.eq(account).and(grants::ended_at.is_null()))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .select(GrantRow::as_select())
        .load(c)?;
    rows.iter().map(GrantRow::held).collect()
}

/// One page, oldest first, and the size of the whole list where it was asked for.
pub fn list_grants(
    c: &mut Conn,
    visible: &Visible,
    query: &GrantQuery,
    page: &PageRequest,
    today: NaiveDate,
) -> Result<(Vec<GrantRow>, Option<i64>)> {
    let total = match page.with_total {
        true => Some(filtered(visible, query, today).count().get_result(c)?),
        false => None,
    };
    let mut rows = filtered(visible, query, today);
    if let Some(after) = after_id(page.after.as_deref())? {
        rows = rows.filter(grants::id.gt(GrantId(after)));
    }
    let rows = rows.order(grants::id).limit(page.fetch()).select(GrantRow::as_select()).load(c)?;
    Ok((rows, total))
}

fn filtered(visible: &Visible, query: &GrantQuery, today: NaiveDate) -> grants::BoxedQuery<'static, Backend> {
    let mut rows = grants::table.filter(in_ranges!(visible.ranges(), grants::area_code)).into_boxed::<Backend>();
    if let Some(account) = query.account_id {
        rows = rows.filter(grants::account_id.eq(account));
    }
    if let Some(organisation) = query.organisation_id {
        rows = rows.filter(grants::organisation_id.eq(HolderId(organisation)));
    }
    if let Some(role) = query.role {
        rows = rows.filter(grants::role.eq(role));
    }
    match query.status.unwrap_or(GrantListing::All) {
        GrantListing::All => rows,
        GrantListing::Active => rows
            .filter(grants::ended_at.is_null())
            .filter(grants::valid_from.le(today).and(grants::valid_to.is_null().or(grants::valid_to.ge(today)))),
        GrantListing::Ended => rows.filter(grants::ended_at.is_not_null().or(grants::valid_to.lt(today))),
    }
}

/// Ends a grant: compare-and-set on the version, and the history row.
pub fn end_grant(c: &mut Conn, before: &GrantRow, actor: Option<Uuid>, reason: &str, now: Ts) -> Result<GrantRow> {
    let version = before.version + 1;
    let after: Option<GrantRow> = diesel::update(grants::table)
        .filter(grants::id.eq(before.id).and(grants::version.eq(before.version)))
        .set((
            grants::ended_at.eq(now),
            grants::ended_by.eq(actor.map(AccountId)),
            grants::end_reason.eq(reason),
            grants::updated_at.eq(now),
            grants::version.eq(version),
        ))
        .returning(grants::all_columns)
        .get_result(c)
        .optional()?;
    let after = after.ok_or(Error::Stale { current: version })?;
    let event = Event {
        entity: "role_grant",
        entity_id: after.id.to_string(),
        seq: version,
        name: "role_grant.ended",
        area_code: after.area_code.clone(),
        actor,
        at: now,
        data: json!({ "reason": reason }),
    };
    history::record(c, event)?;
    Ok(after)
}

/// Ends one grant by its id, where it stands: for what was granted by an appointment that is over.
pub fn end_grant_by_id(c: &mut Conn, id: GrantId, actor: Option<Uuid>, reason: &str, now: Ts) -> Result<()> {
    let row: GrantRow = grants::table.find(id).select(GrantRow::as_select()).first(c)?;
    if row.ended_at.is_none() {
        end_grant(c, &row, actor, reason, now)?;
    }
    Ok(())
}

/// The first and the last day of a grant; both count.
pub fn grant_period(c: &mut Conn, id: GrantId) -> Result<(NaiveDate, Option<NaiveDate>)> {
    Ok(grants::table.find(id).select((grants::valid_from, grants::valid_to)).first(c)?)
}

/// The standing grant of a role over an area, or for an organisation.
pub fn standing_grant(
    c: &mut Conn,
    account: AccountId,
    role: Role,
    area: &AreaCode,
    organisation: Option<Uuid>,
) -> Result<Option<GrantId>> {
    let held = grants::table
        .filter(grants::account_id.eq(account).and(grants::role.eq(role)).and(grants::ended_at.is_null()))
        .into_boxed::<Backend>();
    let held = match organisation {
        Some(id) => held.filter(grants::organisation_id.eq(HolderId(id))),
        None => held.filter(grants::organisation_id.is_null()).filter(grants::area_code.eq(area.as_str().to_owned())),
    };
    Ok(held.select(grants::id).first(c).optional()?)
}

/// Whether an account may, by the grants that stand now, hand on or take back what another one holds or is to hold: for
/// what brings a role without being a grant of anybody's.
pub fn may_hand_on(c: &mut Conn, by: Uuid, whose: AccountId, target: &Grant, today: NaiveDate) -> Result<()> {
    let standing = rules::Standing { account: by, grants: active_grants(c, AccountId(by), today)? };
    rules::may_hand_on(&standing, whose.0, target)
}

/// Ends every standing grant that is held for an organisation.
pub(super) fn end_all_for(
    c: &mut Conn,
    organisation: HolderId,
    actor: Option<Uuid>,
    reason: &str,
    now: Ts,
) -> Result<()> {
    let standing = grants::organisation_id.eq(organisation).and(grants::ended_at.is_null());
    let rows: Vec<GrantRow> = grants::table.filter(standing).select(GrantRow::as_select()).load(c)?;
    rows.iter().try_for_each(|row| end_grant(c, row, actor, reason, now).map(drop))
}

/// Ends what the calendar has ended already, of one account or of all: a lapsed grant must not stand in the way of
/// its successor, and its end belongs into its history.
pub fn end_lapsed(c: &mut Conn, of: Option<AccountId>, today: NaiveDate, now: Ts) -> Result<usize> {
    let mut lapsed =
        grants::table.filter(grants::ended_at.is_null().and(grants::valid_to.lt(today))).into_boxed::<Backend>();
    if let Some(account) = of {
        lapsed = lapsed.filter(grants::account_id.eq(account));
    }
    let rows: Vec<GrantRow> = lapsed.limit(LAPSED_PER_RUN).select(GrantRow::as_select()).load(c)?;
    for row in &rows {
        end_grant(c, row, None, LAPSED, now)?;
    }
    Ok(rows.len())
}

/// Takes the grants, accounts and clients below one area code over to another: what lies there has been given new codes.
/// Territory calls it in the transaction of a move.
pub fn rebase_grants(c: &mut Conn, from: &str, to: &str, actor: Option<Uuid>, now: Ts) -> Result<()> {
    let range = Range::under(from);
    let below = grants::area_code.ge(range.from.clone()).and(grants::area_code.lt(range.to.clone()));
    let rows: Vec<GrantRow> = grants::table.filter(below).select(GrantRow::as_select()).load(c)?;
    for row in rows {
        let area_code = format!("{to}{}", row.area_code.strip_prefix(from).unwrap_or_default());
        let set = (grants::area_code.eq(&area_code), grants::version.eq(row.version + 1), grants::updated_at.eq(now));
        diesel::update(grants::table.find(row.id)).set(set).execute(c)?;
        let event = Event {
            entity: "role_grant",
            entity_id: row.id.to_string(),
            seq: row.version + 1,
            name: "role_grant.rebased",
            area_code,
            actor,
            at: now,
            data: json!({ "from": row.area_code }),
        };
        history::record(c, event)?;
    }
    let keep = i32::try_from(from.len() + 1).map_err(Error::internal)?;
    let code = || to.to_owned().into_sql::<diesel::sql_types::Text>();
    diesel::update(accounts::table)
        .filter(accounts::area_code.ge(range.from.clone()).and(accounts::area_code.lt(range.to.clone())))
        .set(accounts::area_code.eq(code().concat(substr(accounts::area_code, keep))))
        .execute(c)?;
    diesel::update(api_clients::table)
        .filter(api_clients::area_code.ge(range.from.clone()).and(api_clients::area_code.lt(range.to.clone())))
        .set(api_clients::area_code.eq(code().concat(substr(api_clients::area_code, keep))))
        .execute(c)?;
    diesel::update(granted_organisations::table)
        .filter(granted_organisations::area_code.ge(range.from.clone()))
        .filter(granted_organisations::area_code.lt(range.to.clone()))
        .set(granted_organisations::area_code.eq(code().concat(substr(granted_organisations::area_code, keep))))
        .execute(c)?;
    diesel::update(organisation_areas::table)
        .filter(organisation_areas::area_code.ge(range.from).and(organisation_areas::area_code.lt(range.to)))
        .set(organisation_areas::area_code.eq(code().concat(substr(organisation_areas::area_code, keep))))
        .execute(c)?;
    Ok(())
}
