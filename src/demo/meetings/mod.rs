//! 会议 (domain D2, D4): the 287 four-party meetings of 2023, with the 196 findings of patrols that were settled through them;
//! twelve issues that went through opinion meeting, coordination and appraisal; Tongdexiang's meetings of 2020; and one
//! meeting that is called for this week.

mod chains;
mod year;

use chrono::{Duration, NaiveDate};
use deliberation::meetings::dto::{AgendaItemId, ItemKind, MeetingId, MeetingKind, SeatId, SeriesId, SourceKind};
use deliberation::meetings::past::{self, Called, PastItem, PastMeeting};
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Ts};
use platform::{Error, Result};
use registry::identity::AccountId;
use roster::organisations::{OrgKind, OrganisationId};

use super::dates::day;
use super::divisions::{COMMUNITIES, TONGDEXIANG, index_of};
use super::ids::{Kind, id, id_at, now};
use super::personas;
use super::plan::Planned;
use super::roster::{Body, serving};

const WORKER: &str = "worker.tongdexiang";
/// Since when the four parties have met every month.
const SINCE: NaiveDate = day(2023, 1, 1);

/// Whoever sits at a community's table: its committee first, the owners and the company of its first compound, a school.
struct Tables(Vec<[(OrganisationId, OrgKind); 4]>);

impl Tables {
    fn of(planned: &[Planned]) -> Self {
        let serving = serving(planned);
        let table = |(community, (code, _)): (usize, &(&'static str, &str))| {
            let company = serving.get(&(community, 1)).copied().unwrap_or(1);
            [
                (Body::ResidentsCommittee(code).id(), OrgKind::ResidentsCommittee),
                (Body::Committee(code, 1).id(), OrgKind::OwnersCommittee),
                (Body::Company(company).id(), OrgKind::PropertyCompany),
                (Body::CoLocatedUnit(code).id(), OrgKind::CoLocatedUnit),
            ]
        };
        Self(COMMUNITIES.iter().enumerate().map(table).collect())
    }

    fn at(&self, community: usize) -> &[(OrganisationId, OrgKind)] {
        self.0.get(community).map(<[_; 4]>::as_slice).unwrap_or_default()
    }
}

/// Numbers meetings and what belongs to them as they come.
struct Numbers {
    meeting: usize,
    seat: usize,
    item: usize,
    resolution: usize,
    by: AccountId,
}

impl Numbers {
    fn meeting(&mut self, at: Ts) -> MeetingId {
        self.meeting += 1;
        MeetingId(id_at(Kind::Meeting, self.meeting, at))
    }

    fn seats(&mut self, of: &[(OrganisationId, OrgKind)]) -> Vec<(SeatId, OrganisationId, OrgKind)> {
        let seat = |(organisation, kind): &(OrganisationId, OrgKind)| {
            self.seat += 1;
            (SeatId(id(Kind::MeetingSeat, self.seat)), *organisation, *kind)
        };
        of.iter().map(seat).collect()
    }

    fn item(&mut self, title: String, kind: ItemKind, source: Option<(SourceKind, String)>) -> PastItem {
        self.item += 1;
        PastItem { id: AgendaItemId(id(Kind::AgendaItem, self.item)), title, kind, source, resolved: None }
    }

    fn resolution(&mut self) -> deliberation::meetings::dto::ResolutionId {
        self.resolution += 1;
        deliberation::meetings::dto::ResolutionId(id(Kind::Resolution, self.resolution))
    }

    /// A meeting of ninety minutes in the community's own rooms.
    fn held(
        &mut self,
        (community, kind): (usize, MeetingKind),
        title: String,
        starts_at: Ts,
        seats: &[(OrganisationId, OrgKind)],
        items: Vec<PastItem>,
    ) -> PastMeeting {
        let (code, place) = COMMUNITIES.get(community).copied().unwrap_or_default();
        PastMeeting {
            id: self.meeting(starts_at),
            series: None,
            follows: None,
            kind,
            area_code: code.to_owned(),
            title,
            place: format!("{place}社区党群服务中心"),
            starts_at,
            minutes: 90,
            seats: self.seats(seats),
            items,
            proposed_by: self.by,
        }
    }
}

/// Half past nine on a day.
fn morning(day: NaiveDate) -> Ts {
    midnight_in_shanghai(day).plus(Duration::minutes(9 * 60 + 30))
}

fn series_id(community: usize) -> SeriesId {
    SeriesId(id(Kind::MeetingSeries, community))
}

pub fn load(c: &mut Conn, planned: &[Planned]) -> Result<()> {
    let tables = Tables::of(planned);
    let by = personas::account(WORKER).ok_or_else(|| Error::internal("the worker is not among the personas"))?;
    let mut numbers = Numbers { meeting: 0, seat: 0, item: 0, resolution: 0, by };
    for (community, (code, place)) in COMMUNITIES.iter().enumerate() {
        let convener = Body::ResidentsCommittee(code).id();
        let series = (series_id(community), MeetingKind::FourPartyJoint, *code, &*format!("{place}社区四方联席会议"));
        past::series(c, series, convener, (SINCE, year::last_day(community)))?;
    }
    past::take_over(c, &year::meetings(&tables, &mut numbers))?;
    past::take_over(c, &chains::meetings(&tables, &mut numbers))?;
    past::take_over(c, &chains::of_2020(&tables, &mut numbers))?;
    past::call(c, &this_week(&tables, &mut numbers))
}

/// Called for Friday the 19th of January, with notice since the 12th.
fn this_week(tables: &Tables, numbers: &mut Numbers) -> Called {
    let community = index_of(TONGDEXIANG);
    let items = vec![
        numbers.item("上月决议办理情况".to_owned(), ItemKind::Report, None),
        numbers.item("康盛花园楼道照明改造".to_owned(), ItemKind::Deliberation, None),
        numbers.item("春节期间车辆临时停放办法".to_owned(), ItemKind::Vote, None),
    ];
    let kind = (community, MeetingKind::FourPartyJoint);
    let title = "同德巷社区一月份四方联席会议".to_owned();
    let starts_at = morning(day(2024, 1, 19));
    let meeting = numbers.held(kind, title, starts_at, tables.at(community), items);
    let meeting = PastMeeting { series: Some(series_id(community)), ..meeting };
    Called { meeting, notified_at: now().plus(Duration::days(-3)), check_in_code: "204116".to_owned() }
}
