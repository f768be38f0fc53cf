//! Instructors, suppliers, partnerships, and the three kinds of posts that are never added up.

use platform::auth::Role;
use roster::organisations::dto::{
    InstructorLinkOut, InstructorLinkPage, PartnershipOut, PartnershipPage, PostAreaCounts, PostAreaOut, PostAreaPage,
    SupplierLinkOut, SupplierLinkPage,
};
use roster::organisations::suppliers_of;
use serde_json::{Value, json};

use super::{ORGANISATIONS, body, company, step, to_status};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{CANGHOU, closing, made, refused_at, town};

#[actix_web::test]
async fn an_instructor_looks_after_a_company_once_at_a_time() {
    let app = town().await;
    let district = app.district().await;
    let firm = company(&district, "第一物业").await;
    let person = super::person(&app).await;
    let link = json!({ "person_id": person, "company_id": firm.id, "valid_from": "2023-01-01" });
    let row: InstructorLinkOut = made(district.post("/v1/instructor-links", link.clone()).await);
    district.post("/v1/instructor-links", link.clone()).await.refused(409, "organisations.link_taken");
    let path = format!("/v1/instructor-links/{}", row.id);
    district.post(&format!("{path}/end"), closing("2022-12-31")).await.refused(422, "organisations.too_early");
    let ended: InstructorLinkOut =
        district.post(&format!("{path}/end"), closing("2024-01-10")).await.expect(200).json();
    assert_eq!((ended.version, ended.ended_on.is_some()), (2, true));
    district.post(&format!("{path}/end"), closing("2024-01-10")).await.refused(409, "organisations.ended");
    assert_eq!(district.get(&path).await.expect(200).json::<InstructorLinkOut>(), ended);
    made::<InstructorLinkOut>(district.post("/v1/instructor-links", link).await);
    let page: InstructorLinkPage =
        district.get(&format!("/v1/instructor-links?status=all&company_id={}", firm.id)).await.json();
    assert_eq!(page.items.len(), 2);
    let supplier = body(&district, "supplier", "供应商", DISTRICT).await;
    let link = json!({ "person_id": person, "company_id": supplier.id, "valid_from": "2023-01-01" });
    district.post("/v1/instructor-links", link).await.refused(422, "organisations.not_a_company");
    let nobody = json!({ "person_id": uuid::Uuid::nil(), "company_id": firm.id, "valid_from": "2023-01-01" });
    district.post("/v1/instructor-links", nobody).await.refused(404, "not_found");
    let street = app.actor(Role::StreetOfficer, "620902005").await;
    let link = json!({ "person_id": person, "company_id": firm.id, "valid_from": "2023-01-01" });
    street.post("/v1/instructor-links", link).await.refused(404, "not_found");
}

#[actix_web::test]
async fn whom_a_company_buys_from_is_known_to_the_rules() {
    let app = town().await;
    let district = app.district().await;
    let firm = company(&district, "第一物业").await;
    let supplier = body(&district, "supplier", "电梯维保", DISTRICT).await;
    let link = |of: &uuid::Uuid| {
        json!({ "company_id": firm.id, "supplier_id": of, "services": "电梯维保",
        "valid_from": "2023-01-01" })
    };
    let good = link(&supplier.id.0);
    refused_at(&district, "/v1/supplier-links", &good, &[("services", json!("")), ("valid_from", json!("2024-01-16"))])
        .await;
    district.post("/v1/supplier-links", link(&firm.id.0)).await.refused(422, "organisations.self_supply");
    let row: SupplierLinkOut = made(district.post("/v1/supplier-links", good.clone()).await);
    district.post("/v1/supplier-links", good).await.refused(409, "organisations.link_taken");
    let id = firm.id;
    let suppliers = async || app.app.db.read(move |c| suppliers_of(c, id)).await.expect("suppliers");
    assert_eq!(suppliers().await, [supplier.id]);
    district.post(&format!("/v1/supplier-links/{}/end", row.id), closing("2024-01-10")).await.expect(200);
    assert_eq!(suppliers().await, []);
    let page: SupplierLinkPage = district.get("/v1/supplier-links?status=ended&include=total").await.json();
    assert_eq!(page.total, Some(1));
}

#[actix_web::test]
async fn what_ends_takes_its_links_with_it() {
    let app = town().await;
    let district = app.district().await;
    let firm = company(&district, "第一物业").await;
    let supplier = body(&district, "supplier", "电梯维保", DISTRICT).await;
    let link =
        json!({ "company_id": firm.id, "supplier_id": supplier.id, "services": "电梯", "valid_from": "2023-01-01" });
    made::<SupplierLinkOut>(district.post("/v1/supplier-links", link).await);
    let link = json!({ "person_id": super::person(&app).await, "company_id": firm.id, "valid_from": "2023-01-01" });
    made::<InstructorLinkOut>(district.post("/v1/instructor-links", link).await);
    for status in ["exiting", "exited"] {
        step(&district, &format!("{ORGANISATIONS}/{}/status", firm.id), to_status(status)).await.expect(200);
    }
    for path in ["/v1/supplier-links", "/v1/instructor-links"] {
        let open: Value = district.get(path).await.expect(200).json();
        assert_eq!(open["items"], json!([]), "{path}");
    }
}

#[actix_web::test]
async fn a_partnership_has_parties_topics_and_a_period() {
    let app = town().await;
    let secretary = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let school = body(&secretary, "co_located_unit", "第三小学", TONGDEXIANG).await;
    let council = body(&secretary, "residents_committee", "居委会", TONGDEXIANG).await;
    let good = json!({ "area_code": TONGDEXIANG, "title": "党建共建", "parties": [school.id, council.id],
        "topics": ["共享停车", "志愿服务"], "starts_on": "2024-01-01", "ends_on": "2024-12-31" });
    let faults = [
        ("title", json!("")),
        ("parties", json!([school.id])),
        ("parties", json!([school.id, school.id])),
        ("topics", json!([])),
        ("topics", json!([" "])),
        ("topics", json!(["长".repeat(101)])),
        ("ends_on", json!("2023-12-31")),
    ];
    refused_at(&secretary, "/v1/partnerships", &good, &faults).await;
    let mut unknown = good.clone();
    unknown["parties"] = json!([school.id, uuid::Uuid::nil()]);
    secretary.post("/v1/partnerships", unknown).await.refused(404, "not_found");
    let row: PartnershipOut = made(secretary.post("/v1/partnerships", good).await);
    assert_eq!((row.parties.len(), row.topics.len()), (2, 2));
    let of: PartnershipPage =
        secretary.get(&format!("/v1/partnerships?organisation_id={}", school.id)).await.expect(200).json();
    assert_eq!(of.items, std::slice::from_ref(&row));
    let other = body(&secretary, "volunteer_squad", "志愿队", TONGDEXIANG).await;
    let none: PartnershipPage =
        secretary.get(&format!("/v1/partnerships?organisation_id={}", other.id)).await.expect(200).json();
    assert_eq!(none.items, []);
    let path = format!("/v1/partnerships/{}", row.id);
    let ended: PartnershipOut = secretary.post(&format!("{path}/end"), closing("2024-01-10")).await.expect(200).json();
    assert_eq!(ended.parties.len(), 2);
    assert_eq!(secretary.get(&path).await.expect(200).json::<PartnershipOut>(), ended);
}

#[actix_web::test]
async fn posts_and_areas_are_three_counts_without_a_sum() {
    let app = town().await;
    let district = app.district().await;
    let post =
        |kind: &str, area: &str| json!({ "kind": kind, "name": "岗区", "area_code": area, "opened_on": "2023-06-01" });
    let mut rows: Vec<PostAreaOut> = Vec::new();
    for (kind, count) in [("demonstration_post", 2), ("pioneer_post", 3), ("responsibility_area", 5)] {
        for n in 0..count {
            let area = if n == 0 { CANGHOU } else { TONGDEXIANG };
            rows.push(made(district.post("/v1/post-areas", post(kind, area)).await));
        }
    }
    district.post("/v1/post-areas", post("fourth_kind", TONGDEXIANG)).await.refused(422, "invalid");
    district
        .post("/v1/post-areas", post("pioneer_post", "620902005009"))
        .await
        .refused(422, "territory.not_a_community");
    let counts = async |area: &str, day: &str| -> (i64, i64, i64) {
        let reply = district.get(&format!("/v1/areas/{area}/post-areas?as_of={day}")).await.expect(200);
        let members: Vec<String> = reply.value().as_object().expect("an object").keys().cloned().collect();
        assert!(!members.iter().any(|name| name.contains("total") || name.contains("sum")), "{members:?}");
        let counts: PostAreaCounts = reply.json();
        (counts.demonstration_posts, counts.pioneer_posts, counts.responsibility_areas)
    };
    assert_eq!(counts(DISTRICT, "2024-01-15").await, (2, 3, 5));
    assert_eq!(counts(TONGDEXIANG, "2024-01-15").await, (1, 2, 4));
    assert_eq!(counts(DISTRICT, "2023-05-31").await, (0, 0, 0));
    district.post(&format!("/v1/post-areas/{}/end", rows[0].id), closing("2024-01-10")).await.expect(200);
    assert_eq!(counts(DISTRICT, "2024-01-15").await, (1, 3, 5));
    assert_eq!(counts(DISTRICT, "2024-01-09").await, (2, 3, 5), "an earlier day is as it was");
    let page: PostAreaPage = district.get("/v1/post-areas?kind=demonstration_post").await.json();
    assert_eq!(page.items.len(), 1);
    district.get("/v1/areas/130402/post-areas").await.refused(404, "not_found");
}
