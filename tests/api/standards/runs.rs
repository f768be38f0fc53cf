//! Checks: scored, submitted and fixed.

use oversight::standards::dto::{
    AreaCheckFiguresOut, CheckRunOut, CheckRunPage, CheckRunStatus, ChecklistKind, ChecklistOut,
    CompoundCheckFiguresOut,
};
use oversight::standards::{five_disclosures, latest_score};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{CHECKLISTS, Held, RUNS, checklist_in, item, items, record, results_in, submit, take, takes};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{day, made, outsiders};

#[actix_web::test]
async fn a_check_is_scored_submitted_and_fixed() {
    let held = Held::new().await;
    let worker = &held.t.worker;
    let weighed = [3, 2, 2, 1, 1, 1].iter().enumerate().map(|(at, weight)| item(at + 1, *weight, at == 0)).collect();
    let list = held.published("six_haves", weighed).await;
    let run = held.begun(&list).await;
    assert_eq!((run.status, run.score, run.partial_percent), (CheckRunStatus::Draft, None, 50));
    record(worker, &run, results_in(&list, &["pass", "partial", "fail", "na"])).await.expect(200);
    let problem = submit(worker, &run).await.refused(422, "standards.results_missing");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/results/4"));
    let rest = json!({ "results": [{ "code": "S5", "result": "pass" }, { "code": "S6", "result": "pass" }] });
    record(worker, &run, rest).await.expect(200);
    let problem = submit(worker, &run).await.refused(422, "standards.evidence_missing");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/results/0"));
    let shown = json!({ "results": [{ "code": "S1", "result": "pass", "note": "台账齐全" }] });
    record(worker, &run, shown).await.expect(200);
    let done: CheckRunOut = submit(worker, &run).await.expect(200).json();
    // (3 + 2·½ + 1 + 1) / (3 + 2 + 2 + 1 + 1), the fourth of weight 1 left out.
    assert_eq!((done.rate.numerator, done.rate.denominator, done.score), (600, 900, Some(6667)));
    assert_eq!((done.passed, done.partial, done.failed, done.not_applicable), (3, 1, 1, 1));
    record(worker, &run, results_in(&list, &["fail"])).await.refused(409, "standards.run_submitted");
    submit(worker, &run).await.refused(409, "standards.run_submitted");
    for sql in [
        "UPDATE check_results SET result = 'pass'",
        "DELETE FROM check_results",
        "UPDATE check_runs SET score = 10000, numerator = 900",
        "UPDATE check_runs SET status = 'draft', submitted_at = NULL",
    ] {
        assert!(!takes(&held.t.app, sql).await, "{sql}");
    }
}

#[actix_web::test]
async fn where_nothing_applies_there_is_no_score() {
    let held = Held::new().await;
    let list = held.published("six_haves", items(6)).await;
    let done = held.checked(&list, &["na"; 6]).await;
    assert_eq!((done.score, done.rate.percent, done.not_applicable), (None, None, 6));
    let compound = held.t.compound.id;
    let asked = held.t.app.app.db.read(move |c| latest_score(c, compound, ChecklistKind::SixHaves, day("2024-01-15")));
    let score = asked.await.expect("read").expect("a check");
    assert_eq!((score.basis_points(), score.ratio().percent), (None, None));
}

#[actix_web::test]
async fn nobody_checks_the_company_that_they_work_for() {
    let held = Held::new().await;
    let list = held.published("six_haves", items(6)).await;
    let employee = held.employee_with(Role::GridWorker).await;
    employee.post(RUNS, held.run_in(&list)).await.refused(403, "standards.own_company");
    let run = held.begun(&list).await;
    record(&employee, &run, results_in(&list, &["pass"])).await.refused(403, "standards.own_company");
    submit(&employee, &run).await.refused(403, "standards.own_company");
    held.manager.post(RUNS, held.run_in(&list)).await.refused(403, "forbidden");
    held.manager.get(&format!("{RUNS}/{}", run.id)).await.expect(200);
}

#[actix_web::test]
async fn a_check_is_by_a_list_in_force_of_what_is_there() {
    let held = Held::new().await;
    let (worker, district) = (&held.t.worker, &held.t.district);
    let draft: ChecklistOut = made(district.post(CHECKLISTS, checklist_in("six_haves", items(6))).await);
    worker.post(RUNS, held.run_in(&draft)).await.refused(422, "standards.checklist_unknown");
    take(district, &format!("{CHECKLISTS}/{}/publish", draft.id), Value::Null).await.expect(200);
    let mut body = held.run_in(&draft);
    body["checked_on"] = json!("2024-01-16");
    worker.post(RUNS, body).await.refused(422, "standards.in_the_future");
    let mut body = held.run_in(&draft);
    body["compound_id"] = json!("019b0000-0000-7000-8000-00000000dead");
    worker.post(RUNS, body).await.refused(422, "standards.compound_unknown");
    let mut body = held.run_in(&draft);
    body["organisation_id"] = json!(held.t.company.id);
    worker.post(RUNS, body.clone()).await.expect(201);
    let other = crate::organisations::company(district, "测试·另一物业").await;
    body["organisation_id"] = json!(other.id);
    let problem = worker.post(RUNS, body).await.refused(422, "standards.not_serving");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/organisation_id"));
    let run = held.begun(&draft).await;
    let unknown = json!({ "results": [{ "code": "X", "result": "pass" }] });
    record(worker, &run, unknown).await.refused(422, "standards.item_unknown");
    let twice = json!({ "results": [{ "code": "S1", "result": "pass" }, { "code": "S1", "result": "fail" }] });
    record(worker, &run, twice).await.refused(422, "standards.item_repeated");
    for client in outsiders(&held.t.app).await {
        client.get(&format!("{RUNS}/{}", run.id)).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn figures_are_of_the_last_submitted_check_of_each_compound() {
    let held = Held::new().await;
    let list = held.published("five_disclosures", items(5)).await;
    held.checked(&list, &["pass", "pass", "pass", "pass", "fail"]).await;
    let of_compound = format!("/v1/compounds/{}/check-figures", held.t.compound.id);
    let owner = held.t.app.actor(Role::Owner, &format!("{}-001-01-0101", held.t.compound.area_code)).await;
    let out: CompoundCheckFiguresOut = owner.get(&of_compound).await.expect(200).json();
    assert_eq!((out.five_disclosures_complete, out.kinds[0].pass_rate.numerator), (Some(false), 4));
    let last = held.checked(&list, &["pass", "pass", "pass", "pass", "na"]).await;
    held.begun(&list).await;
    let out: CompoundCheckFiguresOut = owner.get(&of_compound).await.expect(200).json();
    let one = &out.kinds[0];
    assert_eq!((one.run_id, one.pass_rate.numerator, one.pass_rate.denominator), (Some(last.id), 4, 4));
    assert_eq!(out.five_disclosures_complete, Some(true), "what does not apply is not missed");
    let before = owner.get(&format!("{of_compound}?as_of=2024-01-14")).await.expect(200);
    assert!(before.json::<CompoundCheckFiguresOut>().kinds.is_empty());
    let area: AreaCheckFiguresOut =
        held.t.district.get(&format!("/v1/check-figures?area={DISTRICT}")).await.expect(200).json();
    assert_eq!((area.kinds.len(), area.kinds[0].compounds), (1, 1));
    assert_eq!(area.kinds[0].mean_score.value.as_deref(), Some("10000.00"));
    let compound = held.t.compound.id;
    let asked = held.t.app.app.db.read(move |c| {
        let on = |text| Ok(five_disclosures(c, &[compound], day(text))?.remove(&compound).map(|check| check.complete));
        ["2024-01-14", "2024-01-15"].map(on).into_iter().collect::<platform::Result<Vec<_>>>()
    });
    assert_eq!(asked.await.expect("read"), [None, Some(true)]);
}

#[actix_web::test]
async fn checks_are_listed_by_what_is_asked_and_exported() {
    let held = Held::new().await;
    let list = held.published("six_haves", items(6)).await;
    held.checked(&list, &["pass"; 6]).await;
    held.begun(&list).await;
    let worker = &held.t.worker;
    let count = async |query: &str| {
        let page: CheckRunPage = worker.get(&format!("{RUNS}?include=total&{query}")).await.expect(200).json();
        page.total.expect("a total")
    };
    assert_eq!(count("kind=six_haves").await, 2);
    assert_eq!(count("status=submitted").await, 1);
    assert_eq!(count(&format!("area={TONGDEXIANG}&compound_id={}", held.t.compound.id)).await, 2);
    assert_eq!((count("from=2024-01-16").await, count("to=2024-01-15").await, count("kind=red40").await), (0, 2, 0));
    let csv = worker.get(&format!("{RUNS}/export?status=submitted")).await.expect(200).text();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(lines[1].contains("康盛花园,six_haves,2024-01-15,submitted,6,0,0,0,10000"), "{csv}");
}
