//! What was published elsewhere: recorded with its source, told beside what is counted, never changed and never instead of it.

use diesel::prelude::*;
use oversight::schema::reported_figures;
use oversight::statistics::dto::{FigureKey, ReportedFigureOut, ReportedFigurePage};
use platform::auth::Role;
use platform::http::etag;
use serde_json::{Value, json};

use super::{one, told};
use crate::cases::support::Desk;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};

const PATH: &str = "/v1/reported-figures";

fn published() -> Value {
    json!({ "area_code": STREET, "figure": "service_coverage", "from": "2023-12-31", "to": "2023-12-31",
        "numerator": 60, "denominator": 65, "source": "西北街街道2023年工作总结" })
}

fn with(changes: Value) -> Value {
    let mut body = published();
    for (name, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => drop(body.as_object_mut().expect("an object").remove(name)),
            value => body[name] = value.clone(),
        }
    }
    body
}

#[actix_web::test]
async fn what_was_published_stands_beside_what_is_counted() {
    let desk = Desk::new().await;
    let reply = desk.street.post(PATH, published()).await.expect(201);
    let first: ReportedFigureOut = reply.json();
    assert_eq!(first.value.as_deref(), Some("92.31"), "computed from its parts");
    assert_eq!(reply.header("location"), Some(format!("{PATH}/{}", first.id)));
    let counted = one(&desk.district, STREET, FigureKey::ServiceCoverage, "").await;
    assert_eq!((told(&counted), counted.reported.len()), ((0, 1, Some("0.00")), 1), "nobody has confirmed a mode yet");
    assert_eq!(counted.reported[0].value.as_deref(), Some("92.31"));
    let earlier = one(&desk.district, STREET, FigureKey::ServiceCoverage, "as_of=2023-12-30").await;
    assert!(earlier.reported.is_empty(), "nobody had said so yet");
    assert!(one(&desk.district, DISTRICT, FigureKey::ServiceCoverage, "").await.reported.is_empty());

    // A correction is another record, and the later is told first.
    let body = with(json!({ "numerator": null, "denominator": null, "hundredths": 9999, "source": "更正" }));
    let second: ReportedFigureOut = desk.street.post(PATH, body).await.expect(201).json();
    let counted = one(&desk.district, STREET, FigureKey::ServiceCoverage, "").await;
    let values: Vec<Option<&str>> = counted.reported.iter().map(|value| value.value.as_deref()).collect();
    assert_eq!(values, [Some("99.99"), Some("92.31")]);
    let page: ReportedFigurePage =
        desk.district.get(&format!("{PATH}?figure=service_coverage&include=total")).await.expect(200).json();
    let ids: Vec<_> = page.items.iter().map(|item| item.id).collect();
    assert_eq!((ids, page.total), (vec![second.id, first.id], Some(2)));
    let read = desk.district.get(&format!("{PATH}/{}", first.id)).await.expect(200);
    assert_eq!((read.etag(), read.json::<ReportedFigureOut>()), (etag(1), first.clone()));
    // The database holds that it stays as it was.
    let changed = desk.app().app.db.write(move |c| {
        let row = reported_figures::table.find(first.id);
        Ok(diesel::update(row).set(reported_figures::source.eq("别的")).execute(c)?)
    });
    assert!(changed.await.is_err());
}

#[actix_web::test]
async fn what_is_no_published_figure_is_refused_by_its_member() {
    let desk = Desk::new().await;
    let rules = [
        (json!({ "hundredths": 9231 }), "statistics.reported_parts", "#/numerator"),
        (json!({ "denominator": null }), "statistics.reported_parts", "#/numerator"),
        (json!({ "to": "2023-12-30" }), "statistics.reported_period", "#/to"),
        (json!({ "from": "2024-01-16", "to": "2024-01-16" }), "statistics.reported_period", "#/to"),
        (json!({ "part": "branch" }), "statistics.reported_part", "#/part"),
        (json!({ "area_code": "620902005003001" }), "statistics.reported_area", "#/area_code"),
    ];
    for (changes, code, pointer) in rules {
        let problem = desk.street.post(PATH, with(changes)).await.refused(422, code);
        assert_eq!(problem.errors[0].pointer.as_deref(), Some(pointer), "{code}");
    }
    for (changes, pointer) in [
        (json!({ "denominator": 0 }), "#/denominator"),
        (json!({ "source": " " }), "#/source"),
        (json!({ "figure": "happiness" }), "#/figure"),
        (json!({ "from": "1500-01-01" }), "#/from"),
        (json!({ "colour": "red" }), "#/colour"),
    ] {
        let problem = desk.street.post(PATH, with(changes)).await.problem();
        assert_eq!((problem.status, problem.errors[0].pointer.as_deref()), (422, Some(pointer)));
    }
}

#[actix_web::test]
async fn it_is_of_ones_own_area() {
    let desk = Desk::new().await;
    desk.worker().post(PATH, published()).await.refused(403, "forbidden");
    desk.street.post(PATH, with(json!({ "area_code": DISTRICT }))).await.refused(404, "not_found");
    desk.street.post(PATH, with(json!({ "area_code": "620902005999" }))).await.refused(404, "not_found");
    let row: ReportedFigureOut = desk.street.post(PATH, published()).await.expect(201).json();
    let at = format!("{PATH}/{}", row.id);
    let community = desk.app().community_worker(TONGDEXIANG).await;
    community.get(&at).await.refused(404, "not_found");
    let stranger = desk.app().actor(Role::DistrictCoord, "130402").await;
    stranger.get(&at).await.refused(404, "not_found");
    assert!(stranger.get(PATH).await.expect(200).json::<ReportedFigurePage>().items.is_empty());
    stranger.get(&format!("{PATH}?area={STREET}")).await.refused(404, "not_found");
    desk.company.get(&at).await.refused(403, "forbidden");
}
