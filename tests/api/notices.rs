//! notices over HTTP: what is published to whom and for how long, and what three parties say to each other in a group.

mod groups;
mod legal;
mod moderation;
mod photos;
mod publishing;
mod reading;
mod turning;

use deliberation::notices::dto::{AllianceGroupOut, AlliancePostOut, AlliancePostPage, NoticeOut, NoticePage};
use serde_json::{Value, json};

use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};

pub const NOTICES: &str = "/v1/notices";
pub const GROUPS: &str = "/v1/alliance-groups";
pub const POSTS: &str = "/v1/alliance-posts";

pub fn general(area: &str) -> Value {
    json!({ "class": "general", "area_code": area, "title": "垃圾清运时间调整", "body": "每日上午8时清运一次。" })
}

pub fn legal(area: &str) -> Value {
    json!({ "class": "legal", "area_code": area, "title": "关于召开业主大会会议的公告", "body": "2月1日召开,议题另附。",
        "posting": { "places": ["社区公告栏", "小区北门"] } })
}

pub async fn published(who: &Client, body: Value) -> NoticeOut {
    who.post(NOTICES, body).await.expect(201).json()
}

/// A step on the version that was read.
pub async fn step(who: &Client, of: &NoticeOut, verb: &str, body: Value) -> Reply {
    let tag = format!("\"v{}\"", of.version);
    who.post_with(&format!("{NOTICES}/{}/{verb}", of.id), &[("If-Match", &tag)], body).await
}

pub async fn withdraw(who: &Client, of: &NoticeOut) -> Reply {
    step(who, of, "withdraw", json!({ "reason": "活动改期" })).await
}

/// What a caller's list has.
pub async fn titles(who: &Client, query: &str) -> Vec<String> {
    let page: NoticePage = who.get(&format!("{NOTICES}{query}")).await.expect(200).json();
    page.items.into_iter().map(|item| item.title).collect()
}

pub async fn unread(who: &Client) -> i64 {
    who.get("/v1/me/unread-notices").await.expect(200).value()["unread"].as_i64().expect("a number")
}

pub async fn group(who: &Client, area: &str) -> AllianceGroupOut {
    who.post(GROUPS, json!({ "area_code": area, "name": "红色物业联盟群" })).await.expect(201).json()
}

pub async fn community_group(who: &Client) -> AllianceGroupOut {
    group(who, TONGDEXIANG).await
}

pub async fn say(who: &Client, group: &AllianceGroupOut, body: Value) -> Reply {
    who.post(&format!("{GROUPS}/{}/posts", group.id), body).await
}

pub async fn said(who: &Client, group: &AllianceGroupOut, kind: &str, words: &str) -> AlliancePostOut {
    say(who, group, json!({ "kind": kind, "body": words })).await.expect(201).json()
}

pub async fn posts(who: &Client, group: &AllianceGroupOut, query: &str) -> Vec<AlliancePostOut> {
    let page: AlliancePostPage = who.get(&format!("{GROUPS}/{}/posts{query}", group.id)).await.expect(200).json();
    page.items
}

/// A step on the post's version that was read.
pub async fn moderate(who: &Client, post: &AlliancePostOut, verb: &str, body: Value) -> Reply {
    let tag = format!("\"v{}\"", post.version);
    who.post_with(&format!("{POSTS}/{}/{verb}", post.id), &[("If-Match", &tag)], body).await
}

pub async fn hidden(who: &Client, post: &AlliancePostOut) -> AlliancePostOut {
    let body = json!({ "reason": "personal_data", "note": "发言中有他人电话 13800138000" });
    moderate(who, post, "hide", body).await.expect(200).json()
}
