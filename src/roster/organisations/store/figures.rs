//! Figures: counted from the rows, as of a day, each with its parts. Nobody types them in.

use chrono::NaiveDate;
use diesel::dsl::{case_when, count_star, exists, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use platform::auth::AreaCode;
use platform::db::{Backend, Conn, Range};
use platform::quantity::Ratio;
use platform::{Result, in_ranges};
use registry::schema::{compound_modes as modes, compound_placements as placements, compounds};
use registry::territory::dto::{CompoundId, ManagementMode};

use super::organisations::OrganisationRow;
use super::serving::ran_on;
use crate::organisations::dto::{Coverage, CoverageCount, CoverageFigures, OrgKind, PostAreaCounts, PostAreaKind};
use crate::organisations::rules::coverage;
use crate::schema::{
    committee_terms as terms, instructor_links as instructors, organisations as orgs, party_coverages as coverages,
    post_areas, service_contracts as contracts,
};

/// Tables of ours and of the wing below in one query. By hand: diesel's macro would also implement traits of its own for
/// the other crate's tables.
macro_rules! together {
    ($($ours:ident with $theirs:ident),+ $(,)?) => {$(
        impl diesel::query_source::TableNotEqual<$theirs::table> for $ours::table {}
        impl diesel::query_source::TableNotEqual<$ours::table> for $theirs::table {}
    )+};
}
together!(
    terms with placements, terms with compounds, contracts with placements, contracts with compounds,
    coverages with placements, coverages with compounds,
);

/// The compounds that lay in the range on the day: a move counts from its first day on.
macro_rules! compounds_on {
    ($range:expr, $day:expr) => {
        placements::table
            .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
            .filter(placements::area_code.ge($range.from.clone()).and(placements::area_code.lt($range.to.clone())))
            .filter(placements::valid_from.le($day))
            .filter(placements::valid_to.is_null().or(placements::valid_to.gt($day)))
            .filter(compounds::closed_on.is_null().or(compounds::closed_on.gt($day)))
    };
}

fn compounds_in(c: &mut Conn, range: &Range, on: NaiveDate) -> Result<i64> {
    Ok(compounds_on!(range, on).select(count_star()).first(c)?)
}

/// Of the compounds of one place, those with a committee in office.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Established {
    /// As many characters of the code as were asked for.
    pub place: String,
    with: Option<i64>,
    pub compounds: i64,
}

impl Established {
    pub fn share(&self) -> Ratio {
        Ratio::of(self.with.unwrap_or(0), self.compounds)
    }
}

/// F3: compounds with a committee that is filed and in its term ÷ compounds, by as many characters of the code. Compounds
/// count where they lay on the day.
pub fn committees_by_place(c: &mut Conn, range: &Range, length: usize, on: NaiveDate) -> Result<Vec<Established>> {
    let in_office = terms::table
        .filter(terms::compound_id.eq(placements::compound_id))
        .filter(terms::filed_on.is_not_null().and(terms::filed_on.assume_not_null().le(on)))
        .filter(terms::term_from.le(on).and(terms::term_to.ge(on)))
        .filter(terms::ended_on.is_null().or(terms::ended_on.assume_not_null().gt(on)));
    let with = case_when(exists(in_office), 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>());
    Ok(compounds_on!(range, on)
        .group_by(sql::<Text>("1"))
        .order(sql::<Text>("1"))
        .select((sql::<Text>(&format!("SUBSTR(compound_placements.area_code, 1, {length})")), sum(with), count_star()))
        .load(c)?)
}

/// The same of a whole area.
pub fn count_committees(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<Ratio> {
    let whole = committees_by_place(c, &Range::under(area.as_str()), 0, on)?;
    Ok(whole.first().map_or(Ratio::of(0, 0), Established::share))
}

/// Compounds with a contract that ran on the day ÷ compounds.
pub fn count_active_contracts(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<Ratio> {
    let range = Range::under(area.as_str());
    let running = contracts::table
        .filter(contracts::compound_id.eq(placements::compound_id))
        .filter(contracts::filed_on.assume_not_null().le(on))
        .filter(ran_on!(on));
    let with: i64 = compounds_on!(range, on).filter(exists(running)).select(count_star()).first(c)?;
    Ok(Ratio::of(with, compounds_in(c, &range, on)?))
}

/// 红色物业覆盖 (seed S0-8): compounds that a company with a Party organisation serves, or a red service station, ÷
/// compounds. A station counts where it is the compound's mode of management on the day, where it sits, and in the
/// compounds that it names, which it names without dates.
pub fn count_red_coverage(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<Ratio> {
    let range = Range::under(area.as_str());
    let red_company = contracts::table
        .inner_join(coverages::table.on(coverages::organisation_id.eq(contracts::company_id)))
        .filter(contracts::compound_id.eq(placements::compound_id))
        .filter(contracts::filed_on.assume_not_null().le(on))
        .filter(ran_on!(on))
        .filter(coverages::coverage.eq_any(Coverage::BY_ORGANISATION).and(coverages::valid_from.le(on)))
        .filter(coverages::valid_to.is_null().or(coverages::valid_to.assume_not_null().gt(on)));
    let by_station = modes::table
        .filter(modes::compound_id.eq(placements::compound_id).and(modes::mode.eq(ManagementMode::RedStation)))
        .filter(modes::valid_from.le(on).and(modes::valid_to.is_null().or(modes::valid_to.assume_not_null().gt(on))));
    let (seats, served) = stations(c, area, on)?;
    let red = exists(red_company)
        .or(exists(by_station))
        .or(placements::area_code.eq_any(seats))
        .or(placements::compound_id.eq_any(served));
    let with: i64 = compounds_on!(range, on).filter(red).select(count_star()).first(c)?;
    Ok(Ratio::of(with, compounds_in(c, &range, on)?))
}

/// Where the red service stations that stand on the day sit, and the compounds that they name: those in the area, and
/// those above it.
fn stations(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<(Vec<String>, Vec<CompoundId>)> {
    let range = Range::under(area.as_str());
    let above: Vec<String> = area.and_above().into_iter().map(str::to_owned).collect();
    let inside = orgs::area_code.ge(range.from).and(orgs::area_code.lt(range.to));
    let rows: Vec<OrganisationRow> = orgs::table
        .filter(orgs::kind.eq(OrgKind::RedServiceStation).and(inside.or(orgs::area_code.eq_any(above))))
        .filter(orgs::founded_on.le(on))
        .filter(orgs::ended_on.is_null().or(orgs::ended_on.assume_not_null().gt(on)))
        .select(OrganisationRow::as_select())
        .load(c)?;
    let named = rows.iter().filter_map(|row| row.details().station).flat_map(|station| station.compound_ids).collect();
    Ok((rows.into_iter().map(|row| row.area_code).collect(), named))
}

/// One organisation on the day: where it is, how it is reached, by how many members, and whether an instructor looks after it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Reach {
    pub area_code: String,
    pub kind: OrgKind,
    coverage: Option<Coverage>,
    members: Option<i32>,
    instructed: bool,
}

impl Reach {
    fn how(&self) -> Coverage {
        self.coverage.unwrap_or(Coverage::None)
    }
}

/// How each company and each committee in some ranges is reached. One query for both.
pub fn reached(c: &mut Conn, ranges: Vec<Range>, on: NaiveDate) -> Result<Vec<Reach>> {
    let valid = coverages::organisation_id
        .eq(orgs::id)
        .and(coverages::valid_from.le(on))
        .and(coverages::valid_to.is_null().or(coverages::valid_to.assume_not_null().gt(on)));
    let instructed = instructors::table
        .filter(instructors::company_id.eq(orgs::id))
        .filter(instructors::valid_from.le(on))
        .filter(instructors::ended_on.is_null().or(instructors::ended_on.assume_not_null().ge(on)));
    Ok(orgs::table
        .left_join(coverages::table.on(valid))
        .filter(orgs::kind.eq_any([
            OrgKind::PropertyCompany,
            OrgKind::OwnersCommittee,
            OrgKind::SelfManagementCommittee,
        ]))
        .filter(orgs::founded_on.le(on))
        .filter(orgs::ended_on.is_null().or(orgs::ended_on.assume_not_null().gt(on)))
        .select((
            orgs::area_code,
            orgs::kind,
            coverages::coverage.nullable(),
            coverages::formal_members.nullable(),
            exists(instructed),
        ))
        .into_boxed::<Backend>()
        .filter(in_ranges!(ranges, orgs::area_code))
        .load(c)?)
}

/// F4: organisation coverage and work coverage, of the companies and of the committees.
pub fn count_coverage(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<(CoverageFigures, CoverageFigures)> {
    let rows = reached(c, vec![Range::under(area.as_str())], on)?;
    let (companies, committees): (Vec<Reach>, Vec<Reach>) =
        rows.into_iter().partition(|row| row.kind == OrgKind::PropertyCompany);
    Ok((coverage_of(&companies), coverage_of(&committees)))
}

/// What these come to.
pub fn coverage_of(rows: &[Reach]) -> CoverageFigures {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let of = |wanted: &dyn Fn(&Reach) -> bool| number(rows.iter().filter(|row| wanted(row)).count());
    let by_organisation = of(&|row| row.how().is_by_organisation());
    // An instructor counts while they are there, whatever the ladder's record says.
    let by_instructor = of(&|row| row.how() == Coverage::InstructorOnly && row.instructed);
    CoverageFigures {
        organisation_coverage: Ratio::of(by_organisation, number(rows.len())),
        work_coverage: Ratio::of(by_organisation + by_instructor, number(rows.len())),
        due: of(&|row| coverage::is_due(row.members.unwrap_or(0), row.how())),
        by_coverage: Coverage::ALL
            .iter()
            .map(|coverage| CoverageCount { coverage: *coverage, organisations: of(&|row| row.how() == *coverage) })
            .collect(),
    }
}

/// 三岗: the three counts, which are never added up (domain T9).
pub fn count_post_areas(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<PostAreaCounts> {
    let range = Range::under(area.as_str());
    let rows: Vec<(PostAreaKind, i64)> = post_areas::table
        .filter(post_areas::area_code.ge(range.from).and(post_areas::area_code.lt(range.to)))
        .filter(post_areas::opened_on.le(on))
        .filter(post_areas::ended_on.is_null().or(post_areas::ended_on.assume_not_null().ge(on)))
        .group_by(post_areas::kind)
        .select((post_areas::kind, count_star()))
        .load(c)?;
    let of = |kind| rows.iter().find(|(k, _)| *k == kind).map_or(0, |(_, n)| *n);
    Ok(PostAreaCounts {
        area: area.to_string(),
        as_of: on,
        demonstration_posts: of(PostAreaKind::DemonstrationPost),
        pioneer_posts: of(PostAreaKind::PioneerPost),
        responsibility_areas: of(PostAreaKind::ResponsibilityArea),
    })
}

/// The companies that stood on the day.
pub fn count_companies(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<i64> {
    let range = Range::under(area.as_str());
    Ok(orgs::table
        .filter(orgs::area_code.ge(range.from).and(orgs::area_code.lt(range.to)))
        .filter(orgs::kind.eq(OrgKind::PropertyCompany).and(orgs::founded_on.le(on)))
        .filter(orgs::ended_on.is_null().or(orgs::ended_on.assume_not_null().gt(on)))
        .count()
        .get_result(c)?)
}
