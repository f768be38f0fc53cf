//! What stands on a day: compounds with their modes and committees, companies and the Party in them, members in office, stars.

use crate::ratings::{LatestStars, StarsApart, latest_stars, star_shares};
use delivery::cases::apart;
use platform::Result;
use platform::db::{Conn, Range};
use platform::quantity::{Quotient, Ratio};
use registry::territory::dto::ManagementMode;
use registry::territory::store::profile;
use registry::territory::store::standing::{self, Reported, Standing, Then};
use roster::appointments::{Seated, committee_shares, seated};
use roster::organisations::{Established, OrgKind, Reach, committees_by_place, coverage_of, reached};

use super::Scope;
use super::counts::{Counted, Part, is_at};
use crate::statistics::dto::Amount::{Mean, Share};
use crate::statistics::dto::FigureKey;

/// A row with the key that it counts under.
type Keyed<T> = (String, T);

/// What is counted as of a day.
#[derive(Debug, Default)]
pub struct StandingCounts {
    compounds: Vec<Standing>,
    established: Vec<Established>,
    companies: Vec<Keyed<Reach>>,
    seated: Vec<Keyed<Seated>>,
    reported: Vec<Reported>,
    stars: LatestStars,
    households: i64,
    grids: i64,
}

impl StandingCounts {
    /// Reads what the figures need, and nothing else.
    pub fn read(c: &mut Conn, scope: &Scope, apart: StarsApart, figures: &[FigureKey]) -> Result<Self> {
        let (range, day) = (scope.range(), scope.as_of);
        let length = match apart {
            StarsApart::Place(length) => length,
            StarsApart::Company => 0,
        };
        let wants = |any: &[FigureKey]| figures.iter().any(|figure| any.contains(figure));
        let mut read = Self::default();
        if wants(&[FigureKey::ServiceCoverage, FigureKey::OldCompounds]) {
            read.compounds = standing::standing(c, &range, length, day)?;
        }
        if wants(&[FigureKey::CommitteeEstablishment]) {
            read.established = committees_by_place(c, &range, length, day)?;
        }
        let by_reach = wants(&[FigureKey::PartyOrganisationCoverage, FigureKey::PartyWorkCoverage]);
        let by_seat =
            wants(&[FigureKey::CommitteePartyShare, FigureKey::CommitteeVeteranShare, FigureKey::CommitteeSize]);
        // What has moved since is looked for where it went.
        let moved = day < scope.today && (by_reach || by_seat);
        let then = if moved { Then::on(c, day)? } else { Then::default() };
        if by_reach {
            let found = reached(c, then.ranges(&range), day)?;
            let companies = found.into_iter().filter(|row| row.kind == OrgKind::PropertyCompany);
            read.companies = placed(companies, &then, (&range, length), |row| &row.area_code);
        }
        if by_seat {
            let found = seated(c, then.ranges(&range), day)?.into_iter();
            read.seated = placed(found, &then, (&range, length), |row| &row.area_code);
        }
        if wants(&[FigureKey::PersonsPerHousehold]) {
            read.reported = standing::reported(c, &range, length, day)?;
        }
        if wants(&[FigureKey::StarDistribution, FigureKey::ThreeStarsAndAbove]) {
            read.stars = latest_stars(c, &range, day, apart)?;
        }
        if wants(&[FigureKey::HouseholdsPerGrid]) {
            let homes = apart::households(c, &range, (day, day), 0)?;
            read.households = homes.iter().filter_map(|homes| homes.now).sum();
            read.grids = profile::grids_on(c, &range, day)?;
        }
        Ok(read)
    }

    pub fn coverage(&self, key: Option<&str>) -> Ratio {
        let rows = || self.compounds.iter().filter(|row| is_at(key, &row.place));
        let all: i64 = rows().map(|row| row.compounds).sum();
        let managed = rows().filter(|row| row.mode != ManagementMode::None).map(|row| row.compounds).sum();
        Ratio::of(managed, all)
    }

    fn old(&self, key: Option<&str>) -> Ratio {
        let rows = || self.compounds.iter().filter(|row| is_at(key, &row.place));
        Ratio::of(rows().map(Standing::old).sum(), rows().map(|row| row.dated).sum())
    }

    fn established(&self, key: Option<&str>) -> Ratio {
        let rows = || self.established.iter().filter(|row| is_at(key, &row.place)).map(Established::share);
        Ratio::of(rows().map(|share| share.numerator).sum(), rows().map(|share| share.denominator).sum())
    }

    fn covered(&self, key: Option<&str>) -> (Ratio, Ratio) {
        let rows = self.companies.iter().filter(|(place, _)| is_at(key, place));
        let rows: Vec<Reach> = rows.map(|(_, row)| row.clone()).collect();
        let figures = coverage_of(&rows);
        (figures.organisation_coverage, figures.work_coverage)
    }

    fn members(&self, key: Option<&str>) -> impl Iterator<Item = &Seated> {
        self.seated.iter().filter(move |(place, _)| is_at(key, place)).map(|(_, row)| row)
    }

    fn size(&self, key: Option<&str>) -> Quotient {
        let mut committees: Vec<_> = self.members(key).map(|row| row.organisation).collect();
        committees.sort_unstable();
        committees.dedup();
        let members = self.members(key).map(|row| row.members).sum();
        Quotient::of(members, i64::try_from(committees.len()).unwrap_or(i64::MAX))
    }

    fn persons(&self, key: Option<&str>) -> Quotient {
        let rows = || self.reported.iter().filter(|row| is_at(key, &row.place));
        Quotient::of(rows().filter_map(|row| row.residents).sum(), rows().filter_map(|row| row.households).sum())
    }

    fn stars(&self, key: Option<&str>) -> Vec<(i16, i64)> {
        let rows = self.stars.counts.iter().filter(|row| is_at(key, &row.key));
        rows.map(|row| (row.star, row.projects)).collect()
    }
}

/// Rows of organisations, each under the place where it lay on the day.
fn placed<T>(
    rows: impl Iterator<Item = T>,
    then: &Then,
    (range, length): (&Range, usize),
    code: impl Fn(&T) -> &String,
) -> Vec<Keyed<T>> {
    let inside = |code: &str| range.from.as_str() <= code && code < range.to.as_str();
    let keyed = rows.filter_map(|row| {
        let lay = then.code(code(&row));
        inside(lay).then(|| lay.get(..length).unwrap_or(lay).to_owned()).map(|key| (key, row))
    });
    keyed.collect()
}

impl Counted for StandingCounts {
    fn keys(&self) -> Vec<&str> {
        let compounds = self.compounds.iter().map(|row| &*row.place);
        let established = self.established.iter().map(|row| &*row.place);
        let bodies = self.companies.iter().map(|(key, _)| &**key).chain(self.seated.iter().map(|(key, _)| &**key));
        let reported = self.reported.iter().map(|row| &*row.place);
        let stars = self.stars.counts.iter().map(|row| &*row.key);
        compounds.chain(established).chain(bodies).chain(reported).chain(stars).collect()
    }

    fn parts(&self, figure: FigureKey, key: Option<&str>) -> Option<Vec<Part>> {
        let amount = match figure {
            FigureKey::ServiceCoverage => Share(self.coverage(key)),
            FigureKey::OldCompounds => Share(self.old(key)),
            FigureKey::CommitteeEstablishment => Share(self.established(key)),
            FigureKey::PartyOrganisationCoverage => Share(self.covered(key).0),
            FigureKey::PartyWorkCoverage => Share(self.covered(key).1),
            FigureKey::CommitteePartyShare => Share(committee_shares(self.members(key)).0),
            FigureKey::CommitteeVeteranShare => Share(committee_shares(self.members(key)).1),
            FigureKey::CommitteeSize => Mean(self.size(key)),
            FigureKey::PersonsPerHousehold => Mean(self.persons(key)),
            FigureKey::HouseholdsPerGrid => Mean(Quotient::of(self.households, self.grids)),
            FigureKey::ThreeStarsAndAbove => Share(star_shares(&self.stars(key)).2),
            FigureKey::StarDistribution => {
                let (_, shares, _) = star_shares(&self.stars(key));
                return Some(
                    shares.into_iter().map(|of| Part::named(&of.star.to_string(), Share(of.projects))).collect(),
                );
            }
            _ => return None,
        };
        Some(vec![Part::whole(amount)])
    }
}
