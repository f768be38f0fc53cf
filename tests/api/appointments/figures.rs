//! The figures of an area, counted.

use platform::auth::Role;
use platform::quantity::Ratio;
use registry::territory::dto::{EvidenceKind, ManagementMode, ModeChangeOut};
use roster::appointments::dto::{DirectionCount, FiguresOut, PostOut};
use roster::organisations::dto::OrganisationOut;
use serde_json::json;

use super::{APPOINTMENTS, World, cross_in, ending, step};
use crate::organisations::ORGANISATIONS;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{compound, made, mode_change_in};

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
    assert_eq!(now.as_of.to_string(), "2024-01-23");

    step(&w.street, &format!("{APPOINTMENTS}/{}/end", cross.id), ending("2024-01-23", "removed")).await.expect(200);
    assert_eq!(figures(&w, "").await.cross_appointments, 0);
    assert_eq!(figures(&w, "?as_of=2024-01-22").await.cross_appointments, 1, "as it stood the day before");
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

/// 红色物业 (S0-8): the Party's organisation in the company that serves, or a station.
#[actix_web::test]
async fn a_compound_is_red_by_its_company_or_by_a_station() {
    let w = World::new().await;
    let yards = ["西环北路 8 号", "西环北路 14 号", "西环北路 16 号", "西环北路 30 号"];
    let mut compounds = Vec::new();
    for name in yards {
        compounds.push(compound(&w.v.worker, TONGDEXIANG, name).await);
    }
    let red = async |query: &str| figures(&w, query).await.red_coverage;
    assert_eq!(red("").await, Ratio::of(0, 5));
    let reach = async |coverage: &str, by: Option<&OrganisationOut>, from: &str| {
        let body = json!({ "formal_members": 3, "coverage": coverage, "party_org_id": by.map(|by| by.id),
            "valid_from": from });
        w.district.post(&format!("{ORGANISATIONS}/{}/party-coverage", w.company.id), body).await.expect(201);
    };
    reach("none", None, "2024-01-02").await;
    assert_eq!(red("").await, Ratio::of(0, 5), "an uncovered company");
    let branch = crate::organisations::party_org(&w.district, "company_branch", "第一物业党支部", DISTRICT).await;
    reach("own", Some(&branch), "2024-01-13").await;
    assert_eq!((red("").await, red("?as_of=2024-01-12").await), (Ratio::of(1, 5), Ratio::of(0, 5)));

    // A station that names a yard and the compound that is red already, and one that sits in a yard.
    let mut station = crate::organisations::body_in("red_service_station", "第一服务站", TONGDEXIANG);
    station["details"] = json!({ "station": { "compound_ids": [compounds[0].id, w.v.home.compound.id],
        "local_hire": true, "non_profit": true, "positions": 5 } });
    w.v.worker.post(ORGANISATIONS, station).await.expect(201);
    let yard = &compounds[1].area_code;
    let there = crate::organisations::body(&w.v.worker, "red_service_station", "院内服务站", yard).await;
    assert_eq!(red("").await, Ratio::of(3, 5));
    // And one that manages a yard.
    let body = mode_change_in(ManagementMode::RedStation, EvidenceKind::StationDecision, "2024-01-14");
    let path = format!("/v1/compounds/{}/mode-changes", compounds[2].id);
    let change: ModeChangeOut = made(w.v.worker.post(&path, body).await);
    w.street.post(&format!("/v1/mode-changes/{}/confirm", change.id), json!({ "note": "同意" })).await.expect(200);
    assert_eq!((red("").await, red("?as_of=2024-01-13").await), (Ratio::of(4, 5), Ratio::of(3, 5)));
    let of = async |area: &str| -> FiguresOut {
        w.district.get(&format!("/v1/areas/{area}/figures")).await.expect(200).json()
    };
    assert_eq!(of(DISTRICT).await.red_coverage, Ratio::of(4, 5));
    assert_eq!(of(&compounds[0].area_code).await.red_coverage, Ratio::of(1, 1), "named by a station above it");
    assert_eq!(of(&compounds[3].area_code).await.red_coverage, Ratio::of(0, 1));

    let gone = json!({ "status": "dissolved", "on": "2024-01-15", "reason": "撤站" });
    crate::organisations::step(&w.v.worker, &format!("{ORGANISATIONS}/{}/status", there.id), gone).await.expect(200);
    assert_eq!(red("").await, Ratio::of(3, 5));
}
