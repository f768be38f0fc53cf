//! The figures of an area, counted.

use platform::auth::Role;
use platform::quantity::Ratio;
use roster::appointments::dto::{DirectionCount, FiguresOut, PostOut};
use serde_json::json;

use super::{APPOINTMENTS, World, cross_in, ending, step};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::made;

async fn figures(w: &World, query: &str) -> FiguresOut {
    w.district.get(&format!("/v1/areas/{TONGDEXIANG}/figures{query}")).await.expect(200).json()
}

#[actix_web::test]
async fn figures_are_counted_with_their_parts() {
    let mut w = World::new().await;
    let empty = figures(&w, "").await;
    assert_eq!(empty.party_members, Ratio::of(0, 0), "a share of nothing is null");
    assert_eq!(empty.party_members.percent, None);
    assert_eq!((empty.building_heads.clone(), empty.unit_heads.clone()), (Ratio::of(0, 1), Ratio::of(0, 1)));

    for (no, (name, party)) in [("测试·甲", true), ("测试·乙", false), ("测试·丙", true)].into_iter().enumerate()
    {
        let (_, person) = w.somebody(name, party).await;
        w.v.settle(&person, "co_owner").await;
        let seat = w.seat(&w.owners, "member", i32::try_from(no).unwrap() + 1).await;
        w.elect(&w.owners, &person, &seat).await;
        w.appoint(&person, &seat, "elected").await;
    }
    let (_, head) = w.somebody("测试·楼长", false).await;
    w.v.settle(&head, "tenant").await;
    for (kind, area) in [("building_head", &w.v.home.building.area_code), ("unit_head", &w.v.home.unit.area_code)] {
        let mut body = super::post_in(&w.residents, kind, 1);
        body["area_code"] = json!(area);
        let post: PostOut = made(w.district.post("/v1/posts", body).await);
        w.appoint(&head, &post, "assigned").await;
    }
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let cross = w.approved(cross_in(&deputy, &seat, &base, "co_opted")).await;

    let now = figures(&w, "").await;
    assert_eq!(now.party_members, Ratio::of(2, 3));
    assert_eq!(now.veterans, Ratio::of(0, 3));
    assert_eq!((now.building_heads, now.unit_heads), (Ratio::of(1, 1), Ratio::of(1, 1)));
    assert_eq!(now.cross_appointments, 1);
    let direction = DirectionCount { direction: "community_to_committee_branch".into(), appointments: 1 };
    assert_eq!((now.by_direction, now.expiring), (vec![direction], 0));
    assert_eq!((now.service_coverage.denominator, now.committee_coverage.denominator), (1, 1));
    assert_eq!(now.as_of.to_string(), "2024-01-21");

    step(&w.street, &format!("{APPOINTMENTS}/{}/end", cross.id), ending("2024-01-21", "removed")).await.expect(200);
    assert_eq!(figures(&w, "").await.cross_appointments, 0);
    assert_eq!(figures(&w, "?as_of=2024-01-20").await.cross_appointments, 1, "as it stood the day before");
    let whole: FiguresOut = w.district.get(&format!("/v1/areas/{DISTRICT}/figures")).await.expect(200).json();
    assert_eq!(whole.party_members, Ratio::of(2, 3));
    assert_eq!(whole.organisation_coverage, Ratio::of(0, 1));
}

#[actix_web::test]
async fn figures_of_other_areas_do_not_exist() {
    let w = World::new().await;
    let stranger = w.app().actor(Role::DistrictCoord, "130402").await;
    stranger.get(&format!("/v1/areas/{TONGDEXIANG}/figures")).await.refused(404, "not_found");
    w.v.worker.get(&format!("/v1/areas/{DISTRICT}/figures")).await.refused(404, "not_found");
    w.district.get("/v1/areas/620902005003-0099/figures").await.refused(404, "not_found");
    w.district.get(&format!("/v1/areas/{TONGDEXIANG}/figures?as_of=0001-01-01")).await.refused(400, "bad_parameter");
}
