//! Minutes that bind: drafted, amended, countersigned, published, corrected, and proved.

use deliberation::meetings::dto::{
    ChangeKind, DiffOut, MeetingOut, MinutesOut, MinutesStatus, ProofOut, PublicMinutesOut, PublicMinutesPage,
    SignatureKind,
};
use diesel::connection::SimpleConnection;
use platform::auth::Role;
use serde_json::{Value, json};

use super::{MEETINGS, Table, advance, at_minutes, check_in, item, item_in, minutes_in, minutes_of, sign};
use crate::support::actors::TONGDEXIANG;
use crate::territory::made;

#[actix_web::test]
async fn the_whole_way() {
    let mut t = Table::new().await;
    let meeting = t.opened(&[0, 1, 2, 3]).await;
    t.worker().post(&minutes_of(&meeting), minutes_in("早了")).await.refused(409, "minutes.early");
    let meeting = advance(t.worker(), &meeting, "close", Value::Null).await;
    let mut reasoned = minutes_in("首份");
    reasoned["reason"] = json!("没有可更正的");
    t.worker().post(&minutes_of(&meeting), reasoned).await.refused(422, "minutes.reason_extra");
    let draft: MinutesOut = made(t.worker().post(&minutes_of(&meeting), minutes_in("会议议定两项。")).await);
    assert_eq!((draft.number, draft.status), (1, MinutesStatus::Drafting));
    t.worker().post(&minutes_of(&meeting), minutes_in("又一份")).await.refused(409, "minutes.open");
    let at = format!("{}/1", minutes_of(&meeting));
    t.worker().patch(&at, "*", minutes_in("会议议定两项,一项暂缓。")).await.expect(200);
    at_minutes(t.worker(), &meeting, 1, "circulate").await.expect(200);
    t.worker().patch(&at, "*", minutes_in("改不了")).await.refused(409, "minutes.frozen");

    let wish = json!({ "words": "第二项应为三月底" });
    t.worker().post(&format!("{at}/amendments"), wish.clone()).await.refused(403, "meetings.no_seat");
    let told: MinutesOut = t.owner.client.post(&format!("{at}/amendments"), wish.clone()).await.expect(200).json();
    at_minutes(t.worker(), &meeting, 1, "countersign").await.refused(409, "minutes.amending_runs");
    t.days_later(4).await;
    t.owner.client.post(&format!("{at}/amendments"), wish).await.refused(409, "minutes.amending_over");
    at_minutes(t.worker(), &meeting, 1, "countersign").await.refused(409, "minutes.amendment_open");
    let mut accepted = json!({ "accepted": true, "reply": "已改" });
    accepted["body"] = minutes_in("会议议定两项,第二项三月底完成。")["body"].clone();
    let dispose = format!("/v1/minutes-amendments/{}/dispose", told.amendments[0].id);
    t.worker().post(&dispose, accepted.clone()).await.expect(200);
    t.worker().post(&dispose, accepted).await.refused(409, "minutes.amendment_closed");
    sign(&t.owner.client, &meeting, 1, json!({})).await.refused(409, "minutes.not_signing");
    at_minutes(t.worker(), &meeting, 1, "countersign").await.expect(200);

    sign(t.worker(), &meeting, 1, json!({})).await.refused(403, "meetings.no_seat");
    sign(&t.owner.client, &meeting, 1, json!({})).await.expect(200);
    sign(&t.owner.client, &meeting, 1, json!({})).await.refused(409, "minutes.signed");
    let dissent = json!({ "dissent": "费用分摊未说清" });
    sign(&t.manager.client, &meeting, 1, dissent).await.expect(200);
    at_minutes(t.worker(), &meeting, 1, "publish").await.refused(409, "minutes.convener_unsigned");
    sign(&t.director.client, &meeting, 1, json!({})).await.expect(200);
    at_minutes(t.worker(), &meeting, 1, "publish").await.refused(409, "minutes.unsigned");
    t.days_later(6).await;
    let published: MinutesOut = at_minutes(t.worker(), &meeting, 1, "publish").await.expect(200).json();
    assert_eq!(published.status, MinutesStatus::Published);
    let kinds: Vec<SignatureKind> = published.signatures.iter().map(|signature| signature.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == SignatureKind::Deemed).count(), 1, "the one that was silent");
    assert_eq!(kinds.iter().filter(|kind| **kind == SignatureKind::Dissent).count(), 1);
    let late = json!({ "words": "会签后的意见" });
    t.owner.client.post(&format!("{at}/amendments"), late).await.refused(409, "minutes.amending_over");
}

#[actix_web::test]
async fn a_correction_is_another_version_and_the_old_one_stays() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    t.published(&meeting).await;
    t.worker().post(&minutes_of(&meeting), minutes_in("更正")).await.refused(422, "minutes.reason_missing");
    let mut correction = minutes_in("会议议定三项。");
    correction["reason"] = json!("漏记一项");
    let second: MinutesOut = made(t.worker().post(&minutes_of(&meeting), correction).await);
    assert_eq!(second.number, 2);
    let diff: DiffOut = t.worker().get(&format!("{}/2/diff", minutes_of(&meeting))).await.expect(200).json();
    assert_eq!(diff.changes.len(), 1);
    let change = &diff.changes[0];
    assert_eq!((change.part.as_str(), change.change), ("summary", ChangeKind::Changed));
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("会议议定两项。"), Some("会议议定三项。")));
    t.signed_and_published(&meeting, 2).await;
    let first: MinutesOut = t.worker().get(&format!("{}/1", minutes_of(&meeting))).await.expect(200).json();
    assert_eq!((first.status, first.body.summary.as_str()), (MinutesStatus::Superseded, "会议议定两项。"));
    let dropped = at_minutes(t.worker(), &meeting, 2, "drop").await;
    dropped.refused(409, "minutes.frozen");
}

/// A published snapshot that is edited by SQL: the proof says so, for anybody who asks.
#[actix_web::test]
async fn anybody_can_have_it_proved() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let proof = format!("{}/1/proof", minutes_of(&meeting));
    let anybody = t.w.app().anonymous();
    anybody.get(&proof).await.refused(404, "not_found");
    let published = t.published(&meeting).await;
    let told: ProofOut = anybody.get(&proof).await.expect(200).json();
    assert!(told.intact && told.chain_intact);
    assert_eq!(Some(&told.content_hash), published.content_hash.as_ref());
    assert_eq!(told.recorded_hash.as_ref(), Some(&told.content_hash));
    for sql in [
        "UPDATE meeting_minutes SET snapshot = '{\"summary\":\"另一份\"}'",
        // Whoever changes the hash beside it as well has the history against them.
        "UPDATE meeting_minutes SET content_hash = '0000000000000000000000000000000000000000000000000000000000000000'",
        "UPDATE history SET data = '{\"content_hash\":\"0\",\"public_hash\":\"0\"}' WHERE event = 'minutes.published'",
    ] {
        let altered = t.w.app().app.db.write(move |c| Ok(c.batch_execute(sql)?));
        altered.await.expect("altered");
        let told: ProofOut = anybody.get(&proof).await.expect(200).json();
        assert!(!told.intact, "{sql}");
    }
    let told: ProofOut = anybody.get(&proof).await.expect(200).json();
    assert!(!told.chain_intact, "and the chain is broken");
}

/// A moral appraisal (道德评议) is held behind closed doors: its minutes are proved to anybody, and read by none.
#[actix_web::test]
async fn what_a_place_keeps_to_itself_is_in_no_public_list() {
    let mut t = Table::new().await;
    let open = t.closed(&[0, 1, 2, 3]).await;
    t.published(&open).await;
    let mut body = t.meeting_in();
    (body["kind"], body["starts_at"]) = (json!("moral_appraisal"), json!("2024-01-30T01:00:00Z"));
    let meeting: MeetingOut = made(t.worker().post(MEETINGS, body).await);
    let meeting = item(t.worker(), &meeting, item_in("楼道照明", "deliberation")).await;
    let meeting = advance(t.worker(), &meeting, "notify", Value::Null).await;
    t.days_later(6).await;
    let meeting = advance(t.worker(), &meeting, "open", Value::Null).await;
    let code = t.code(&meeting).await;
    for delegate in t.delegates() {
        check_in(&delegate.client, &meeting, &code).await.expect(200);
    }
    let meeting = advance(t.worker(), &meeting, "close", Value::Null).await;
    t.published(&meeting).await;
    let anybody = t.w.app().anonymous();
    let page: PublicMinutesPage =
        anybody.get(&format!("/v1/public/minutes?area={TONGDEXIANG}")).await.expect(200).json();
    assert_eq!(page.items.iter().map(|minutes| minutes.meeting_id).collect::<Vec<_>>(), [open.id]);
    anybody.get(&format!("/v1/public/minutes/{}", meeting.id)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn the_public_reads_no_person() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let mut leaky = minutes_in("联系人测试·业委会委员,电话 19909371234。");
    leaky["body"]["public_summary"] = json!("请致电 19909371234");
    let problem = t.worker().post(&minutes_of(&meeting), leaky.clone()).await.refused(422, "invalid");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/body/public_summary"));
    leaky["body"]["public_summary"] = json!("会议议定两项。");
    let draft: MinutesOut = made(t.worker().post(&minutes_of(&meeting), leaky).await);
    t.signed_and_published(&meeting, draft.number).await;
    let anybody = t.w.app().anonymous();
    let page = anybody.get(&format!("/v1/public/minutes?area={TONGDEXIANG}")).await.expect(200);
    let out: PublicMinutesPage = page.json();
    assert_eq!(out.items.len(), 1);
    let one = anybody.get(&format!("/v1/public/minutes/{}", meeting.id)).await.expect(200);
    let told: PublicMinutesOut = one.json();
    assert!(told.intact);
    for text in [page.text(), one.text()] {
        for secret in ["测试·业委会委员", "19909371234", "person", "appointment"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("会议议定两项。"));
    }
    // The full words are for the table and those over it.
    let full = minutes_of(&meeting) + "/1";
    t.neighbour.client.get(&full).await.expect(200);
    let resident = t.w.app().actor(Role::Owner, "620902005003-0001-001-01-0001").await;
    resident.get(&full).await.refused(404, "not_found");
    // The lobby screen says that there are some, in words of a dictionary.
    let screen = anybody.get(&format!("/v1/screens/{TONGDEXIANG}/events")).await.expect(200).text();
    assert!(screen.contains("四方联席会议") && screen.contains("minutes.published"), "{screen}");
    assert!(!screen.contains("测试·"));
}
