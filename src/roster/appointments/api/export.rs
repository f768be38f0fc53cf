//! Export: every row of a filter, streamed in keyset pages, so that memory stays the same however long the list. Names are
//! masked as in the list.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use platform::auth::Visible;
use platform::{App, Error, Result};

use crate::appointments::dto::{AppointmentId, AppointmentOut, AppointmentQuery};
use crate::appointments::store::queries;

/// Rows read at a time.
const CHUNK: i64 = 500;

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

/// What has been sent so far.
enum At {
    Start,
    Behind(AppointmentId),
    End,
}

pub(super) fn as_csv(app: Data<App>, visible: Visible, filter: AppointmentQuery) -> HttpResponse {
    let today = app.clock.today();
    let body = stream::try_unfold(At::Start, move |at| {
        let (app, visible, filter) = (app.clone(), visible.clone(), filter.clone());
        async move {
            let (first, after) = match at {
                At::Start => (true, None),
                At::Behind(id) => (false, Some(id)),
                At::End => return Ok::<_, Error>(None),
            };
            let found = app.db.read(move |c| queries::list(c, &visible, (after, CHUNK), &filter, today)).await?;
            let rows: Vec<AppointmentOut> = found.into_iter().map(|listed| AppointmentOut::of(listed, today)).collect();
            let bytes = lines(first, &rows)?;
            let next = rows.last().map_or(At::End, |row| At::Behind(row.id));
            Ok(Some((Bytes::from(bytes), next)))
        }
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"appointments.csv\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(body)
}

fn lines(first: bool, rows: &[AppointmentOut]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    if first {
        writer.write_record(HEADER).map_err(Error::internal)?;
    }
    for row in rows {
        writer.write_record(record(row)).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.to_string()))
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn record(row: &AppointmentOut) -> [String; 17] {
    [
        row.id.to_string(),
        row.person_id.to_string(),
        row.person_name.clone(),
        row.organisation_id.to_string(),
        row.area_code.clone(),
        row.seat_kind.to_string(),
        row.seat_no.to_string(),
        row.title.clone(),
        row.route.to_string(),
        row.cross.to_string(),
        row.direction.clone().unwrap_or_default(),
        text(row.home_organisation_id.as_ref()),
        row.term_from.to_string(),
        text(row.term_to.as_ref()),
        text(row.last_day.as_ref()),
        row.state.to_string(),
        text(row.ended_on.as_ref()),
    ]
}
