//! 已读: who has read a notice is known to them alone; how many have is known to who published it.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Role;
use platform::db::{Conn, Range, Ts};
use platform::quantity::Ratio;
use platform::{Result, on_each};
use registry::identity::AccountId;

use super::notices::{NoticeRow, count, roles_of};
use super::sight::Sight;
use crate::names::{held_roles as held, live_accounts as accounts, served_areas as served};
use crate::notices::dto::{NoticeId, NoticeQuery, NoticeReceiptsOut};
use crate::schema::notice_reads as reads;

/// Notes that somebody has read a notice; the first time stands. Nothing of the notice changes by it.
pub fn mark(c: &mut Conn, id: NoticeId, account: AccountId, at: Ts) -> Result<()> {
    let read = (reads::notice_id.eq(id), reads::account_id.eq(account), reads::read_at.eq(at));
    on_each!(c => diesel::insert_into(reads::table).values(read).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// What is addressed to the caller, in force, and not read yet.
pub fn unread(c: &mut Conn, sight: &Sight, now: Ts) -> Result<i64> {
    let filter = NoticeQuery { unread: Some(true), ..NoticeQuery::default() };
    count(c, sight, &filter, now)
}

/// The accounts that a notice is for today: they may log in and hold a role inside its area, one of `roles` or, where there
/// are none, any. A statement to be looked into.
macro_rules! audience {
    ($area:expr, $roles:expr, $today:expr) => {{
        let Range { from, to } = Range::under($area);
        let (roles, today): (&[Role], NaiveDate) = ($roles, $today);
        let serving = served::table
            .filter(served::area_code.ge(from.clone()).and(served::area_code.lt(to.clone())))
            .select(served::organisation_id.nullable());
        let here = held::organisation_id.is_null().and(held::area_code.ge(from).and(held::area_code.lt(to)));
        let lasts = held::valid_to.is_null().or(held::valid_to.assume_not_null().ge(today));
        let current = held::table
            .filter(here.or(held::organisation_id.eq_any(serving).assume_not_null()))
            .filter(held::ended_at.is_null().and(held::valid_from.le(today)).and(lasts))
            .filter(held::role.eq_any(if roles.is_empty() { Role::ALL } else { roles }.to_vec()))
            .select(held::account_id);
        let live = accounts::table.filter(accounts::disabled_at.is_null());
        live.filter(accounts::id.eq_any(current)).select(accounts::id)
    }};
}

/// How many have read it and, of those in its audience as it is today, which share: both parts are of the same accounts, so
/// the share is never above one.
pub fn receipts(c: &mut Conn, row: &NoticeRow, today: NaiveDate) -> Result<NoticeReceiptsOut> {
    let roles = roles_of(c, row)?;
    let of_this = reads::table.filter(reads::notice_id.eq(row.id));
    let readers: i64 = of_this.count().get_result(c)?;
    let audience = audience!(&row.area_code, &roles, today);
    let of_audience: i64 = of_this.filter(reads::account_id.eq_any(audience)).count().get_result(c)?;
    let all: i64 = audience!(&row.area_code, &roles, today).count().get_result(c)?;
    Ok(NoticeReceiptsOut { readers, rate: Ratio::of(of_audience, all) })
}
