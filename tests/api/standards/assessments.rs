//! 周反馈、月评比、季通报、年考核.

use oversight::standards::dto::{AssessmentOut, AssessmentPage, AssessmentStatus, RedLineOut, WeeklyItemOut};
use platform::auth::Role;
use platform::publicity::dto::PublicityOut;
use serde_json::{Value, json};

use super::{Held, take, takes};
use crate::support::{Client, Reply};
use crate::territory::{made, outsiders};

const ASSESSMENTS: &str = "/v1/assessments";
const WEEKLY: &str = "/v1/weekly-items";
const RED_LINES: &str = "/v1/red-line-deductions";

impl Held {
    fn period_in(&self, kind: &str, period: i32, score: Option<i32>) -> Value {
        let mut body = json!({ "kind": kind, "compound_id": self.t.compound.id, "company_id": self.t.company.id,
            "year": 2023, "period": period });
        if let Some(score) = score {
            body["score"] = json!(score);
        }
        body
    }

    async fn assess(&self, kind: &str, period: i32, score: Option<i32>) -> Reply {
        self.t.worker.post(ASSESSMENTS, self.period_in(kind, period, score)).await
    }

    async fn months(&self, months: std::ops::RangeInclusive<i32>) {
        for month in months {
            self.assess("monthly_rating", month, Some(9000 + month)).await.expect(201);
        }
    }

    fn question(&self, day: &str) -> Value {
        json!({ "compound_id": self.t.compound.id, "raised_on": day, "words": "电梯停运两次" })
    }
}

async fn withdraw(who: &Client, of: &AssessmentOut) -> Reply {
    take(who, &format!("{ASSESSMENTS}/{}/withdraw", of.id), json!({ "reason": "登记有误" })).await
}

#[actix_web::test]
async fn months_become_quarters_and_these_a_year_less_what_red_lines_cost() {
    let held = Held::new().await;
    held.months(1..=2).await;
    let problem = held.assess("quarterly_circular", 1, None).await.refused(422, "standards.parts_missing");
    assert_eq!(problem.errors.len(), 1, "the month that lacks is named: {:?}", problem.errors);
    held.months(3..=12).await;
    let mut quarters = Vec::new();
    for quarter in 1..=4 {
        let out: AssessmentOut = made(held.assess("quarterly_circular", quarter, None).await);
        // (9000 + 3q − 2 + 9000 + 3q − 1 + 9000 + 3q) / 3
        assert_eq!((out.score, out.parts.len(), out.intact), (9000 + 3 * quarter - 1, 3, true));
        quarters.push(out);
    }
    let red_line = json!({ "compound_id": held.t.compound.id, "company_id": held.t.company.id,
        "happened_on": "2023-11-02", "ground": "fund_misuse", "evidence": "审计报告 2023-9" });
    let cost: RedLineOut = made(held.t.worker.post(RED_LINES, red_line.clone()).await);
    held.t.worker.post(RED_LINES, red_line.clone()).await.refused(409, "standards.red_line_exists");
    let year: AssessmentOut = made(held.assess("annual_assessment", 1, None).await);
    // (9002 + 9005 + 9008 + 9011) / 4 = 9006.5, half up, less 1000.
    assert_eq!((year.mean, year.score, year.deductions[0].points), (Some(9007), 8007, cost.points));
    let mut later = red_line;
    later["happened_on"] = json!("2023-11-03");
    held.t.worker.post(RED_LINES, later).await.refused(409, "standards.year_closed");
    let revoke = format!("{RED_LINES}/{}/revoke", cost.id);
    take(&held.t.worker, &revoke, json!({ "reason": "复核" })).await.refused(409, "standards.year_closed");

    withdraw(&held.t.worker, &quarters[0]).await.refused(409, "standards.rests_on_it");
    let gone: AssessmentOut = withdraw(&held.t.worker, &year).await.expect(200).json();
    assert_eq!(gone.status, AssessmentStatus::Withdrawn);
    withdraw(&held.t.worker, &year).await.refused(409, "standards.withdrawn");
    take(&held.t.worker, &revoke, json!({ "reason": "复核" })).await.expect(200);
    let anew: AssessmentOut = made(held.assess("annual_assessment", 1, None).await);
    assert_eq!((anew.score, anew.deductions.len()), (9007, 0));
    let page: AssessmentPage = held.t.worker.get(&format!("{ASSESSMENTS}?kind=annual_assessment")).await.json();
    assert_eq!(page.items.iter().map(|row| row.id).collect::<Vec<_>>(), [anew.id]);
}

#[actix_web::test]
async fn a_circular_is_posted_and_frozen() {
    let mut held = Held::new().await;
    held.months(10..=12).await;
    let circular: AssessmentOut = made(held.assess("quarterly_circular", 4, None).await);
    let posting = format!("/v1/publicities/{}", circular.publicity_id.expect("a posting"));
    let posted: PublicityOut = held.t.worker.get(&posting).await.expect(200).json();
    assert_eq!((posted.content_hash, posted.kind.as_str()), (circular.content_hash.clone(), "quarterly_circular"));
    let end = format!("{ASSESSMENTS}/{}/end-posting", circular.id);
    take(&held.t.worker, &end, Value::Null).await.refused(409, "publicity.still_running");
    for sql in [
        "UPDATE assessments SET score = 10000",
        "UPDATE assessments SET period = 3",
        "UPDATE assessments SET content_hash = substr(content_hash, 2) || 'z'",
    ] {
        assert!(!takes(&held.t.app, sql).await, "{sql}");
    }
    held.days_later(10).await;
    let ended: AssessmentOut = take(&held.t.worker, &end, Value::Null).await.expect(200).json();
    assert!(ended.posting_ended_at.is_some() && ended.intact);
    take(&held.t.worker, &end, Value::Null).await.refused(409, "standards.not_posted");
}

#[actix_web::test]
async fn a_weekly_item_is_answered_before_its_month_is_rated() {
    let held = Held::new().await;
    let worker = &held.t.worker;
    let asked: WeeklyItemOut = made(worker.post(WEEKLY, held.question("2023-12-28")).await);
    assert_eq!((asked.week, asked.company_id), (52, held.t.company.id));
    held.assess("monthly_rating", 12, Some(9000)).await.refused(409, "standards.items_unanswered");
    let answer = format!("{WEEKLY}/{}/answer", asked.id);
    let words = json!({ "answer": "已更换门机皮带" });
    take(worker, &answer, words.clone()).await.refused(403, "forbidden");
    let stranger = held.neighbour().await;
    take(&stranger, &answer, words.clone()).await.refused(404, "not_found");
    take(&held.manager, &answer, words.clone()).await.expect(200);
    take(&held.manager, &answer, words).await.refused(409, "standards.already_answered");
    let month: AssessmentOut = made(held.assess("monthly_rating", 12, Some(9000)).await);
    held.assess("monthly_rating", 12, Some(9100)).await.refused(409, "standards.already_assessed");
    worker.post(WEEKLY, held.question("2023-12-29")).await.refused(409, "standards.month_closed");
    withdraw(worker, &month).await.expect(200);
    worker.post(WEEKLY, held.question("2023-12-29")).await.expect(201);
    worker.post(WEEKLY, held.question("2024-01-16")).await.refused(422, "standards.in_the_future");
    for client in outsiders(&held.t.app).await {
        client.get(&format!("{WEEKLY}/{}", asked.id)).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn what_cannot_be_judged_is_refused() {
    let held = Held::new().await;
    held.assess("monthly_rating", 1, None).await.refused(422, "standards.score_expected");
    held.assess("quarterly_circular", 1, Some(9000)).await.refused(422, "standards.score_expected");
    held.assess("quarterly_circular", 5, None).await.refused(422, "standards.period_invalid");
    let mut body = held.period_in("monthly_rating", 1, Some(9000));
    body["year"] = json!(2024);
    held.t.worker.post(ASSESSMENTS, body).await.refused(422, "standards.period_running");
    let mut body = held.period_in("monthly_rating", 1, Some(9000));
    body["year"] = json!(2022);
    held.t.worker.post(ASSESSMENTS, body).await.refused(422, "standards.not_serving");
    let employee = held.employee_with(Role::CommunityWorker).await;
    let body = held.period_in("monthly_rating", 1, Some(10_000));
    employee.post(ASSESSMENTS, body).await.refused(403, "standards.own_company");
    held.manager.post(ASSESSMENTS, held.period_in("monthly_rating", 1, Some(10_000))).await.refused(403, "forbidden");
}
