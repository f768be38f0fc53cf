//! 指标: counted from the rows, as of a day, each with its parts; never typed in.

use chrono::NaiveDate;
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use platform::auth::AreaCode;
use platform::db::{Conn, IdSql, Range};
use platform::quantity::Ratio;
use platform::{Result, in_ranges, on_each};
use registry::territory::store::profile;

use super::queries::in_office;
use crate::appointments::dto::{DirectionCount, FiguresOut, SeatKind, Status};
use crate::appointments::rules::states::{DECIDED, EXPIRING_DAYS};
use crate::organisations::{self, OrgKind, OrganisationId};
use crate::people::{self, PartyStatus};
use crate::schema::{appointments, organisations as orgs, persons, posts};

/// Everything about an area on a day. What lies in other contexts is counted by their own functions.
pub fn figures(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<FiguresOut> {
    let profile = profile::profile(c, area.as_str(), None, on)?;
    let committees = organisations::count_committees(c, area, on)?;
    let (companies, _) = organisations::count_coverage(c, area, on)?;
    let (party_members, veterans) = committee_shares(&seated(c, vec![Range::under(area.as_str())], on)?);
    let by_direction = by_direction(c, area, on)?;
    Ok(FiguresOut {
        area: area.to_string(),
        as_of: on,
        service_coverage: profile.coverage,
        old_share: profile.old_share,
        committee_coverage: committees,
        organisation_coverage: companies.organisation_coverage,
        work_coverage: companies.work_coverage,
        red_coverage: organisations::count_red_coverage(c, area, on)?,
        party_members,
        veterans,
        leader_coverage: profile.leader_coverage,
        cross_appointments: by_direction.iter().map(|count| count.appointments).sum(),
        by_direction,
        expiring: expiring(c, area, on)?,
        building_heads: Ratio::of(heads(c, area, SeatKind::BuildingHead, on)?, profile.buildings),
        unit_heads: Ratio::of(heads(c, area, SeatKind::UnitHead, on)?, profile.units),
        checkins: people::count_checkins(c, area.as_str(), on)?,
    })
}

/// Appointments in office under a range on a day.
macro_rules! here {
    ($range:expr, $day:expr) => {
        appointments::area_code
            .ge($range.from.clone())
            .and(appointments::area_code.lt($range.to.clone()))
            .and(in_office!($day))
    };
}

/// Members in office of one committee who are alike in what F5 counts.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Seated {
    pub organisation: OrganisationId,
    /// Of the committee.
    pub area_code: String,
    party: PartyStatus,
    veteran: bool,
    pub members: i64,
}

/// The members of owners' and self-management committees in some ranges on a day. Somebody on two committees is a member twice.
pub fn seated(c: &mut Conn, ranges: Vec<Range>, on: NaiveDate) -> Result<Vec<Seated>> {
    Ok(on_each!(c => {
        let alike = appointments::table
            .inner_join(posts::table)
            .inner_join(orgs::table.on(orgs::id.eq(posts::organisation_id)))
            .inner_join(persons::table.on(persons::id.eq(appointments::person_id)))
            .group_by(sql::<Text>("1, 2, 3, 4"))
            .select((
                sql::<IdSql>("organisations.id"),
                sql::<Text>("organisations.area_code"),
                sql::<Text>("persons.party_status"),
                sql::<Bool>("persons.veteran"),
                count_star(),
            ));
        alike
            .into_boxed()
            .filter(in_office!(on))
            .filter(orgs::kind.eq_any([OrgKind::OwnersCommittee, OrgKind::SelfManagementCommittee]))
            .filter(in_ranges!(ranges, appointments::area_code))
            .load(c)
    })?)
}

/// F5: of these members, the Party members and the veterans. Somebody may be both, so the two are never added up (domain T14).
pub fn committee_shares<'a>(rows: impl IntoIterator<Item = &'a Seated>) -> (Ratio, Ratio) {
    let (mut all, mut party, mut veterans) = (0, 0, 0);
    for row in rows {
        all += row.members;
        party += if row.party == PartyStatus::None { 0 } else { row.members };
        veterans += if row.veteran { row.members } else { 0 };
    }
    (Ratio::of(party, all), Ratio::of(veterans, all))
}

fn by_direction(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<Vec<DirectionCount>> {
    let range = Range::under(area.as_str());
    let rows: Vec<(Option<String>, i64)> = appointments::table
        .filter(here!(range, on))
        .filter(appointments::home_appointment_id.is_not_null())
        .group_by(appointments::direction)
        .select((appointments::direction, count_star()))
        .load(c)?;
    let mut counts: Vec<DirectionCount> = rows
        .into_iter()
        .filter_map(|(direction, appointments)| Some(DirectionCount { direction: direction?, appointments }))
        .collect();
    counts.sort_by(|a, b| a.direction.cmp(&b.direction));
    Ok(counts)
}

fn expiring(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<i64> {
    let range = Range::under(area.as_str());
    let soon = on + chrono::Duration::days(EXPIRING_DAYS);
    Ok(appointments::table
        .filter(here!(range, on))
        .filter(appointments::home_appointment_id.is_not_null())
        .filter(appointments::last_day.is_not_null())
        .filter(appointments::last_day.assume_not_null().ge(on).and(appointments::last_day.assume_not_null().le(soon)))
        .count()
        .get_result(c)?)
}

/// Buildings or units with a head in office: places, not posts, so that two posts for one building count once.
fn heads(c: &mut Conn, area: &AreaCode, kind: SeatKind, on: NaiveDate) -> Result<i64> {
    let range = Range::under(area.as_str());
    let places: Vec<String> = appointments::table
        .inner_join(posts::table)
        .filter(here!(range, on))
        .filter(posts::seat_kind.eq(kind))
        .select(posts::area_code)
        .distinct()
        .load(c)?;
    i64::try_from(places.len()).map_err(platform::Error::internal)
}
