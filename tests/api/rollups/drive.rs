//! The whole district, driven over HTTP by chance, counts to what its rows come to. `RED_STEWARD_SEED=<number>` is another
//! chance.

use delivery::cases::counts;
use delivery::cases::dto::{CaseOut, ExtensionsOut, HoldsOut, Status};
use delivery::schema::cases;
use diesel::prelude::*;
use futures_util::future::join_all;
use platform::auth::Role;
use platform::schema::{imported_counts, rollups};
use serde_json::{Value, json};

use super::verify::verified;
use super::world::{COMMUNITIES, STREETS, World};
use crate::cases::support::{CASES, MINE, contact, finish, visit};
use crate::support::{Client, TestApp};

const STEPS: usize = 520;

const CHANNELS: [&str; 6] = ["alliance", "app", "phone", "window", "hotline_12345", "grid_patrol"];
const CLASSES: [(&str, &str); 7] = [
    ("repair", "road_damage"),
    ("repair", "lighting"),
    ("complaint", "service_quality"),
    ("complaint", "fee_complaint"),
    ("complaint", "noise_complaint"),
    ("enquiry", "policy_enquiry"),
    ("report", "waste"),
];

#[actix_web::test]
async fn a_district_driven_by_chance_counts_to_what_its_rows_come_to() {
    let mut world = World::on(TestApp::spawn_with(crate::demo::loaded(), |_| {}).await).await;
    let url = world.app.database_url().to_owned();
    verified(&url, &[]);
    for _ in 0..STEPS {
        step(&mut world).await;
    }
    for verb in ["cases", "accept", "dispatch", "sign", "start", "finish", "visits", "merge", "cancel", "move"] {
        assert!(world.done.contains_key(verb), "{verb} among {:?}", world.done);
    }
    let cases = rows(&world.app).await;
    assert_eq!(counted(&world.app, counts::REPORTED).await, cases.0, "reported");
    assert_eq!(counted(&world.app, counts::ACCEPTED).await, cases.1, "accepted");
    assert_eq!(counted(&world.app, counts::CLOSED).await, cases.2, "closed");
    assert_eq!(counted(&world.app, counts::MERGED).await, cases.3, "merged");
    verified(&url, &[]);
    verified(&url, &["--area", COMMUNITIES[0]]);
    verified(&url, &["--area", &world.compounds[0].area_code]);
}

async fn step(world: &mut World) {
    match world.chance.below(100) {
        0..12 => report(world).await,
        20..23 => burst(world).await,
        23..27 => move_compound(world).await,
        27..30 => change_mode(world).await,
        30..36 => {
            let minutes = 7 + world.chance.below(50);
            world.later(i64::try_from(minutes).expect("minutes"));
        }
        36..38 => world.later(60 * 26),
        _ => {
            if !world.cases.is_empty() {
                let id = world.chance.of(&world.cases.clone()).clone();
                go_on(world, &id).await;
            }
        }
    }
}

/// What is written down at the desk.
fn written(world: &mut World) -> (String, Value) {
    let compound = world.chance.of(&world.compounds.clone()).clone();
    let area = if world.chance.below(8) == 0 { compound.community_code.clone() } else { compound.area_code.clone() };
    let (kind, category) = *world.chance.of(&CLASSES);
    let channel = *world.chance.of(&CHANNELS);
    let body = json!({ "area_code": area, "kind": kind, "category": category, "channel": channel, "title": "随机事件",
        "body": "按种子随机报来的事件。" });
    (area, body)
}

async fn report(world: &mut World) {
    let (area, mut body) = written(world);
    let own = world.chance.below(3) == 0;
    let (who, path) = if own {
        body.as_object_mut().expect("an object").remove("channel");
        (world.client(Role::Resident, &area).await, MINE)
    } else {
        (world.client(Role::CommunityWorker, &area[..12]).await, CASES)
    };
    let reply = who.post(path, body).await.expect(201);
    world.count(path);
    world.cases.push(reply.value()["id"].as_str().expect("an id").to_owned());
}

/// Several at once, which PostgreSQL writes together, and the same step by several.
async fn burst(world: &mut World) {
    let mut reports = Vec::new();
    for _ in 0..6 {
        let (area, body) = written(world);
        let who = world.client(Role::CommunityWorker, &area[..12]).await;
        reports.push(async move {
            let key = uuid::Uuid::new_v4().to_string();
            who.post_with(CASES, &[("Idempotency-Key", &key)], body).await
        });
    }
    let steps: Vec<_> = match world.cases.last().cloned() {
        Some(id) => {
            let case = world.case(&id).await;
            let desk = world.desk(&case.area_code).await;
            desk.into_iter().map(|who| accept_at_once(who, id.clone())).collect()
        }
        None => Vec::new(),
    };
    let (made, accepted) = futures_util::future::join(join_all(reports), join_all(steps)).await;
    assert!(accepted.into_iter().filter(|taken| *taken).count() <= 1);
    for reply in made {
        world.cases.push(reply.expect(201).value()["id"].as_str().expect("an id").to_owned());
    }
}

async fn accept_at_once(who: Client, id: String) -> bool {
    let reply = who.post_with(&format!("{CASES}/{id}/accept"), &[("If-Match", "*")], json!({})).await;
    assert!(reply.status() < 500, "{}", reply.text());
    reply.status() == 200
}

async fn move_compound(world: &mut World) {
    let at = world.chance.below(world.compounds.len());
    let to = *world.chance.of(&COMMUNITIES);
    let (id, district) = (world.compounds[at].id, world.district().await);
    let body = json!({ "community_code": to, "on": world.app.clock.today(), "reason": "社区边界调整" });
    if world.take(std::slice::from_ref(&district), &format!("/v1/compounds/{id}/move"), &body).await {
        world.compounds[at] = district.get(&format!("/v1/compounds/{id}")).await.expect(200).json();
    }
}

async fn change_mode(world: &mut World) {
    let compound = world.chance.of(&world.compounds.clone()).clone();
    let mode = *world.chance.of(&["self_managed", "community_custody", "red_station"]);
    let body = json!({ "mode": mode, "effective_on": world.app.clock.today(), "reason": "居民会议通过",
        "evidence": { "kind": "resolution", "reference": "居民会议决议" } });
    let worker = world.client(Role::CommunityWorker, &compound.community_code).await;
    let reply = worker.post(&format!("/v1/compounds/{}/mode-changes", compound.id), body).await;
    assert!(reply.status() < 500, "{}", reply.text());
    if reply.status() == 201 {
        let confirm = format!("/v1/mode-changes/{}/confirm", reply.value()["id"].as_str().expect("an id"));
        let mut officers = Vec::new();
        for street in STREETS {
            officers.push(world.client(Role::StreetOfficer, street).await);
        }
        world.take(&officers, &confirm, &json!({ "note": "材料齐全" })).await;
    }
}

/// Something that may be done with a case as it is.
async fn go_on(world: &mut World, id: &str) {
    let case = world.case(id).await;
    let area = case.area_code.clone();
    let desk = world.desk(&area).await;
    let handler = world.handler(&case).await;
    let visitors = desk[desk.len() - 3..].to_vec();
    let dice = world.chance.below(14);
    let why = || json!({ "reason": "按种子随机" });
    let (who, verb, body): (Vec<Client>, &str, Value) = match (case.status, dice) {
        (Status::Submitted, 0) => {
            (desk, "reject", json!({ "reason": "out_of_scope", "explanation": "不属于受理范围" }))
        }
        (Status::Submitted | Status::Accepted, 1) => return cancel(world, &case).await,
        (Status::Submitted | Status::Accepted, 2) => {
            let (kind, category) = *world.chance.of(&CLASSES);
            (desk, "reclassify", json!({ "kind": kind, "category": category }))
        }
        (status, 3) if is_open(status) => return merge(world, &case, &desk).await,
        (status, 4) if is_open(status) => (desk, "escalate", why()),
        (Status::Submitted, _) => (desk, "accept", json!({})),
        (Status::Accepted | Status::Returned, _) => (desk, "dispatch", json!({})),
        (Status::Dispatched, 5 | 6) => (handler, "return", json!({ "reason": "insufficient", "note": "材料不足" })),
        (Status::Dispatched, _) => (handler, "sign", json!({})),
        (Status::Signed, _) => (handler, "start", contact()),
        (Status::InProgress, 5) => return hold(world, &case, &handler, &desk).await,
        (Status::InProgress, 6) => return extend(world, &case, &handler, &desk).await,
        (Status::InProgress, _) => (handler, "finish", finish()),
        (Status::Suspended, _) => (handler, "resume", json!({})),
        (Status::Done, 0) => (visitors, "verify", Value::Null),
        (Status::Done | Status::ReturnVisit, _) => {
            let outcome =
                *world.chance.of(&["satisfied", "very_satisfied", "dissatisfied", "unreachable", "basically"]);
            (visitors, "visits", visit(outcome))
        }
        (Status::Closed, 0..6) => (desk, "reopen", why()),
        (Status::Merged, 0..7) => (desk, "unmerge", Value::Null),
        _ => return,
    };
    world.take(&who, &format!("{CASES}/{id}/{verb}"), &body).await;
}

fn is_open(status: Status) -> bool {
    !matches!(status, Status::Closed | Status::Rejected | Status::Cancelled | Status::Merged)
}

/// By whoever reported it: somebody who is no longer logged in, so a new case is reported and taken back.
async fn cancel(world: &mut World, case: &CaseOut) {
    let area = case.area_code.clone();
    let resident = world.client(Role::Owner, &area).await;
    let body =
        json!({ "area_code": area, "kind": "report", "category": "waste", "title": "误报", "body": "随后撤回。" });
    let mine = resident.post(MINE, body).await.expect(201).value();
    world.take(&[resident], &format!("{MINE}/{}/cancel", mine["id"].as_str().expect("an id")), &json!({})).await;
}

async fn merge(world: &mut World, case: &CaseOut, desk: &[Client]) {
    let target = world.chance.of(&world.cases.clone()).clone();
    world.take(desk, &format!("{CASES}/{}/merge", case.id), &json!({ "target_id": target })).await;
}

async fn hold(world: &mut World, case: &CaseOut, handler: &[Client], desk: &[Client]) {
    let until = world.app.clock.now().plus(chrono::Duration::hours(30));
    let body = json!({ "cause": "waiting_for_materials", "note": "等配件", "until": until });
    if world.take(handler, &format!("{CASES}/{}/holds", case.id), &body).await {
        let holds: HoldsOut = desk[desk.len() - 1].get(&format!("{CASES}/{}/holds", case.id)).await.expect(200).json();
        let hold = holds.items.last().expect("a hold").id;
        let decision = json!({ "approved": world.chance.below(4) > 0, "note": "按规定" });
        world.take(desk, &format!("{CASES}/{}/holds/{hold}/decide", case.id), &decision).await;
    }
}

async fn extend(world: &mut World, case: &CaseOut, handler: &[Client], desk: &[Client]) {
    let body = json!({ "working_days": 2, "reason": "等配件" });
    let path = format!("{CASES}/{}/extensions", case.id);
    if world.take(handler, &path, &body).await {
        let asked: ExtensionsOut = desk[desk.len() - 1].get(&path).await.expect(200).json();
        let extension = asked.items.last().expect("an extension").id;
        world.take(desk, &format!("{path}/{extension}/decide"), &json!({ "approved": true })).await;
    }
}

/// How many cases there are, have been accepted, are closed and are merged: by their rows, in other words than the recount's.
async fn rows(app: &TestApp) -> (i64, i64, i64, i64) {
    let read = app.app.db.read(|c| {
        let all = cases::table.count().get_result(c)?;
        let accepted = cases::table.filter(cases::accepted_at.is_not_null()).count().get_result(c)?;
        let closed = cases::table.filter(cases::status.eq(Status::Closed)).count().get_result(c)?;
        let merged = cases::table.filter(cases::status.eq(Status::Merged)).count().get_result(c)?;
        Ok((all, accepted, closed, merged))
    });
    read.await.expect("the rows")
}

/// What a metric comes to, but for what was taken over as counts.
async fn counted(app: &TestApp, metric: &'static str) -> i64 {
    let read = app.app.db.read(move |c| {
        let sum = |counts: Vec<i64>| counts.into_iter().sum::<i64>();
        let all = rollups::table.filter(rollups::metric.eq(metric)).select(rollups::n).load(c)?;
        let imported = imported_counts::table.filter(imported_counts::metric.eq(metric));
        Ok(sum(all) - sum(imported.select(imported_counts::n).load(c)?))
    });
    read.await.expect("the counts")
}
