//! Who holds what, what is vacant, who recuses, who crosses to whom, and the export.

use platform::auth::Role;
use roster::appointments::dto::{AppointmentPage, GraphOut, RecusalCause, RecusalsOut, VacancyPage};
use serde_json::json;

use super::{APPOINTMENTS, World, cross_in, ending, step};
use crate::support::actors::{DISTRICT, TONGDEXIANG};

#[actix_web::test]
async fn who_holds_what_is_filtered_and_paged() {
    let w = World::new().await;
    let (client, deputy, base) = w.deputy("测试·副主任").await;
    let staff = w.seat(&w.residents, "staff", 1).await;
    let (_, other) = w.somebody("李四", false).await;
    let second = w.appoint(&other, &staff, "hired").await;
    let ids = async |query: &str| {
        let page: AppointmentPage = w.v.worker.get(&format!("{APPOINTMENTS}?{query}")).await.expect(200).json();
        page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [base.id, second.id]);
    assert_eq!(ids("route=hired").await, [second.id]);
    assert_eq!(ids("kind=deputy_director").await, [base.id]);
    assert_eq!(ids(&format!("person_id={}", deputy["id"].as_str().unwrap())).await, [base.id]);
    assert_eq!(ids(&format!("organisation_id={}&area={TONGDEXIANG}", w.residents.id)).await, [base.id, second.id]);
    assert_eq!(ids("cross=true").await, []);
    assert_eq!(ids("status=pending").await, []);
    let page: AppointmentPage = w.v.worker.get(&format!("{APPOINTMENTS}?limit=1&include=total")).await.json();
    assert_eq!((page.items.len(), page.total, page.items[0].person_name.as_str()), (1, Some(2), "测*"));
    let cursor = page.next_cursor.expect("a next page");
    assert_eq!(ids(&format!("limit=1&cursor={cursor}")).await, [second.id]);
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", base.id), ending("2024-01-15", "resigned")).await.expect(200);
    assert_eq!(ids("").await, [second.id]);
    assert_eq!(ids("status=over").await, [base.id]);
    assert_eq!(ids("status=all").await, [base.id, second.id], "a person's posts over time");
    let mine: AppointmentPage = client.get("/v1/me/appointments").await.expect(200).json();
    assert_eq!(mine.items.iter().map(|row| row.id).collect::<Vec<_>>(), [base.id]);
}

#[actix_web::test]
async fn a_vacancy_tells_since_when() {
    let w = World::new().await;
    let (_, _, base) = w.deputy("测试·副主任").await;
    let empty = w.seat(&w.residents, "member", 1).await;
    let vacant = async || {
        let page: VacancyPage =
            w.v.worker
                .get(&format!("/v1/vacancies?organisation_id={}&include=total", w.residents.id))
                .await
                .expect(200)
                .json();
        assert_eq!(page.total, i64::try_from(page.items.len()).ok());
        page.items
            .into_iter()
            .map(|row| (row.post_id, row.vacant_since.to_string(), row.days_vacant))
            .collect::<Vec<_>>()
    };
    assert_eq!(vacant().await, [(empty.id, "2023-12-01".to_owned(), 45)]);
    step(&w.street, &format!("{APPOINTMENTS}/{}/end", base.id), ending("2024-01-10", "resigned")).await.expect(200);
    let now = vacant().await;
    assert_eq!(now.len(), 2);
    assert!(now.contains(&(base.post_id, "2024-01-10".to_owned(), 5)));
}

#[actix_web::test]
async fn who_is_bound_to_an_organisation_recuses() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    w.approved(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let (_, kin) = w.somebody("测试·近亲属", false).await;
    let declared = json!({ "person_id": kin["id"], "organisation_id": w.residents.id,
        "relation": "close_kin_of_employee", "declared_on": "2024-01-10" });
    w.v.worker.post("/v1/interest-declarations", declared).await.expect(201);
    let path = |id: &dyn std::fmt::Display| format!("{APPOINTMENTS}/recusals?organisation={id}");
    let list: RecusalsOut = w.v.worker.get(&path(&w.residents.id)).await.expect(200).json();
    let causes: Vec<RecusalCause> = list.items.iter().map(|item| item.cause).collect();
    assert_eq!(causes, [RecusalCause::Post, RecusalCause::HomePost, RecusalCause::Declared]);
    let branch: RecusalsOut = w.v.worker.get(&path(&w.branch.id)).await.expect(200).json();
    assert_eq!(branch.items.len(), 1);
    w.v.worker.get(&format!("{APPOINTMENTS}/recusals")).await.refused(400, "bad_parameter");
    w.app().actor(Role::DistrictCoord, "130402").await.get(&path(&w.residents.id)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn the_graph_shows_who_crosses_to_whom() {
    let mut w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    w.approved(cross_in(&deputy, &seat, &base, "co_opted")).await;
    let graph = async |who: &crate::support::Client, area: &str| -> GraphOut {
        who.get(&format!("/v1/areas/{area}/cross-appointments")).await.expect(200).json()
    };
    for area in [TONGDEXIANG, DISTRICT] {
        let graph = graph(&w.district, area).await;
        assert_eq!((graph.nodes.len(), graph.edges.len(), graph.two_way_pairs), (2, 1, 0));
        let edge = &graph.edges[0];
        assert_eq!((edge.from, edge.to), (w.residents.id, w.branch.id));
        assert_eq!(edge.direction, "community_to_committee_branch");
    }
    let before: GraphOut =
        w.district.get(&format!("/v1/areas/{DISTRICT}/cross-appointments?as_of=2024-01-14")).await.expect(200).json();
    assert!(before.edges.is_empty(), "as of a day before");
    w.v.worker.get(&format!("/v1/areas/{DISTRICT}/cross-appointments")).await.refused(404, "not_found");
}

#[actix_web::test]
async fn the_export_masks_names() {
    let w = World::new().await;
    let (_, _, base) = w.deputy("欧阳文").await;
    let reply = w.v.worker.get(&format!("{APPOINTMENTS}?format=csv")).await.expect(200);
    assert_eq!(reply.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    let text = reply.text();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0][0], &rows[0][2]), (base.id.to_string().as_str(), "欧*"));
    assert!(!text.contains("欧阳文"));
    w.v.worker.get(&format!("{APPOINTMENTS}?format=csv&area=130402")).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_title_that_a_spreadsheet_would_run_goes_out_as_a_text() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·社工", false).await;
    let mut post = super::post_in(&w.residents, "staff", 1);
    post["title"] = json!("=1+1");
    let post = crate::territory::made(w.district.post("/v1/posts", post).await);
    w.appoint(&person, &post, "hired").await;
    let text = w.v.worker.get(&format!("{APPOINTMENTS}?format=csv")).await.expect(200).text();
    assert!(text.contains(",'=1+1,"), "{text}");
}

/// The state goes by the calendar and the version does not, so what a reader has is never taken for what there is.
#[actix_web::test]
async fn a_state_of_another_day_is_no_unchanged_answer() {
    let w = World::new().await;
    let (_, _, base) = w.deputy("测试·副主任").await;
    let path = format!("{APPOINTMENTS}/{}", base.id);
    let before = w.district.get(&path).await.expect(200);
    assert_eq!(before.value()["state"], "active");
    let term_to = base.term_to.expect("a term");
    w.app().clock.advance(chrono::Duration::days((term_to - w.app().clock.today()).num_days() - 30));
    let who = w.app().actor(Role::DistrictCoord, DISTRICT).await;
    w.app().app.db.watch().await.expect("watched");
    for _ in 0..2 {
        let later = who.get_with(&path, &[("If-None-Match", &before.etag())]).await.expect(200);
        assert_eq!((later.etag(), later.value()["state"].as_str()), (before.etag(), Some("expiring")));
    }
}
