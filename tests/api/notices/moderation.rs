//! What is hidden is hidden from all but those who moderate, and the log says who did it and why.

use deliberation::notices::dto::{AlliancePostOut, HideReason, ModerationAction, ModerationPage};
use futures_util::future::join_all;
use platform::auth::Role;
use platform::schema::history;
use serde_json::json;

use super::{GROUPS, POSTS, community_group, hidden, moderate, posts, said, say};
use crate::cases::support::Desk;
use crate::feed::{all, hear_all};
use crate::support::Client;

#[actix_web::test]
async fn a_hidden_post_is_there_for_those_who_moderate_and_can_be_shown_again() {
    let desk = Desk::new().await;
    let worker = desk.worker();
    let own = community_group(worker).await;
    let post = said(&desk.resident, &own, "praise", "联系老王 13800138000").await;
    let (body, tag) = (json!({ "reason": "abuse", "note": "x" }), [("If-Match", "*")]);
    let hide = format!("{POSTS}/{}/hide", post.id);
    for who in [&desk.resident, &desk.company, &desk.branch] {
        who.post_with(&hide, &tag, body.clone()).await.refused(403, "forbidden");
    }
    let next_door = desk.app().community_worker("620902005002").await;
    next_door.post_with(&hide, &tag, body.clone()).await.refused(404, "not_found");
    moderate(worker, &post, "unhide", json!({ "note": "x" })).await.refused(409, "notices.post_shown");
    let gone = hidden(worker, &post).await;
    assert_eq!((gone.hide_reason, gone.version), (Some(HideReason::PersonalData), 2));
    moderate(worker, &gone, "hide", body).await.refused(409, "notices.post_hidden");
    for who in [&desk.resident, &desk.company, &desk.branch] {
        who.get(&format!("{POSTS}/{}", post.id)).await.refused(404, "not_found");
        assert!(posts(who, &own, "").await.is_empty());
    }
    let reply = json!({ "kind": "reply", "body": "好", "parent_id": post.id });
    say(&desk.company, &own, reply).await.refused(422, "notices.parent_unknown");
    for who in [worker, &desk.street, &desk.district] {
        assert_eq!(posts(who, &own, "").await[0].hide_reason, Some(HideReason::PersonalData));
    }
    let shown = moderate(worker, &gone, "unhide", json!({ "note": "经核实并非他人信息" })).await.expect(200);
    assert!(shown.json::<AlliancePostOut>().hidden_at.is_none());
    assert_eq!(posts(&desk.company, &own, "").await.len(), 1);

    let path = format!("{GROUPS}/{}/moderations", own.id);
    let log: ModerationPage = worker.get(&format!("{path}?include=total")).await.expect(200).json();
    let lines: Vec<_> = log.items.iter().map(|line| (line.action, line.reason, line.post_id)).collect();
    let expected =
        [(ModerationAction::Unhide, None, post.id), (ModerationAction::Hide, Some(HideReason::PersonalData), post.id)];
    assert_eq!((lines, log.total), (expected.to_vec(), Some(2)));
    desk.company.get(&path).await.refused(403, "forbidden");
    next_door.get(&path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn of_two_who_hide_at_once_one_is_in_the_log() {
    let desk = Desk::new().await;
    let own = community_group(desk.worker()).await;
    let post = said(&desk.resident, &own, "praise", "广告").await;
    let body = json!({ "reason": "advertising", "note": "广告" });
    let both = [desk.worker(), &desk.street, &desk.district].map(|who| moderate(who, &post, "hide", body.clone()));
    let replies = join_all(both).await;
    assert_eq!(replies.iter().filter(|reply| reply.status() == 200).count(), 1);
    assert!(replies.iter().all(|reply| matches!(reply.status(), 200 | 409 | 412)));
    let log: ModerationPage = desk.worker().get(&format!("{GROUPS}/{}/moderations", own.id)).await.json();
    assert_eq!(log.items.len(), 1);
}

/// Neither words nor names are in what outlives them, and the feed tells only those who may read the post.
#[actix_web::test]
async fn the_history_and_the_feed_hold_no_word_of_it() {
    let desk = Desk::new().await;
    let (app, worker) = (desk.app(), desk.worker());
    let own = community_group(worker).await;
    let post = said(&desk.resident, &own, "praise", "联系老王 13800138000").await;
    let kept = said(&desk.resident, &own, "praise", "好").await;
    hidden(worker, &post).await;
    app.run_feed();
    hear_all(&app.feed, app).await;
    let told = async |who: &Client, id: String| all(who, "0").await.items.iter().any(|event| event.entity_id == id);
    for who in [&desk.resident, &desk.company] {
        assert!(told(who, kept.id.to_string()).await && told(who, own.id.to_string()).await);
        assert!(!told(who, post.id.to_string()).await, "of what is hidden");
    }
    assert!(told(worker, post.id.to_string()).await);
    let outsider = app.actor(Role::Owner, "620902005002-0001").await;
    for id in [kept.id.to_string(), own.id.to_string()] {
        assert!(!told(&outsider, id).await);
    }
    use diesel::prelude::*;
    let entities = ["alliance_group", "alliance_post"];
    let rows: Vec<(Option<platform::history::ActorId>, platform::db::Json, String)> = app
        .app
        .db
        .read(move |c| {
            let ours = history::table.filter(history::entity.eq_any(entities));
            Ok(ours.select((history::actor_id, history::data, history::event)).load(c)?)
        })
        .await
        .expect("the history");
    assert_eq!(rows.len(), 4);
    let account = crate::cases::support::account_of(&desk.resident).await;
    for (actor, data, event) in rows {
        let text = data.0.to_string();
        assert!(!text.contains("13800138000") && !text.contains("老王") && !text.contains(&account), "{text}");
        assert!(event != "alliance_post.said" || actor.is_none(), "who said it is in the row");
    }
}
