//! Export: every row of a filter as a table. Names are masked as in the list.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::NaiveDate;
use platform::auth::Visible;
use platform::table::{CHUNK, chunks, csv_download, csv_rows};
use platform::{App, Error};
use serde::Serialize;

use crate::appointments::dto::{
    AppointmentId, AppointmentOut, AppointmentQuery, AppointmentRoute, AppointmentState, SeatKind,
};
use crate::appointments::store::queries;
use crate::organisations::OrganisationId;
use crate::people::PersonId;

/// One line of `appointments.csv`.
#[derive(Serialize)]
struct Record {
    id: AppointmentId,
    person_id: PersonId,
    person_name: String,
    organisation_id: OrganisationId,
    area_code: String,
    seat_kind: SeatKind,
    seat_no: i32,
    title: String,
    route: AppointmentRoute,
    cross: bool,
    direction: Option<String>,
    home_organisation_id: Option<OrganisationId>,
    term_from: NaiveDate,
    term_to: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
    state: AppointmentState,
    ended_on: Option<NaiveDate>,
}

const HEADER: [&str; 17] = [
    "id",
    "person_id",
    "person_name",
    "organisation_id",
    "area_code",
    "seat_kind",
    "seat_no",
    "title",
    "route",
    "cross",
    "direction",
    "home_organisation_id",
    "term_from",
    "term_to",
    "last_day",
    "state",
    "ended_on",
];

impl From<AppointmentOut> for Record {
    fn from(row: AppointmentOut) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            person_name: row.person_name,
            organisation_id: row.organisation_id,
            area_code: row.area_code,
            seat_kind: row.seat_kind,
            seat_no: row.seat_no,
            title: row.title,
            route: row.route,
            cross: row.cross,
            direction: row.direction,
            home_organisation_id: row.home_organisation_id,
            term_from: row.term_from,
            term_to: row.term_to,
            last_day: row.last_day,
            state: row.state,
            ended_on: row.ended_on,
        }
    }
}

pub(super) fn as_csv(app: Data<App>, visible: Visible, filter: AppointmentQuery) -> HttpResponse {
    let today = app.clock.today();
    let body = chunks(
        app,
        move |c, after| {
            let after = after.map(str::parse).transpose().map_err(Error::internal)?.map(AppointmentId);
            let rows = queries::list(c, &visible, (after, CHUNK), &filter, today)?;
            let record = |listed| {
                let row = AppointmentOut::of(listed, today);
                (row.id.to_string(), Record::from(row))
            };
            Ok(rows.into_iter().map(record).collect())
        },
        |first, rows| csv_rows(first, &HEADER, rows.iter().map(|(_, record)| record)),
        "",
    );
    csv_download("appointments.csv", body)
}
