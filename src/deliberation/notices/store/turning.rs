//! 群内报事转为事件: in one transaction, and once. The post keeps the case; the case's first event names the post, and its
//! timeline says where it comes from.

use delivery::cases::dto::{Channel, NewCase, NewReporter};
use delivery::cases::referred::{self, Source};
use platform::db::Conn;
use platform::history::By;
use platform::secrets::Secrets;
use platform::{Error, Result};
use serde_json::json;

use super::area_of;
use super::posts::{self, ENTITY, PostRow};
use crate::notices::dto::{AlliancePostId, CaseFromPostIn, LinkPostIn};
use crate::notices::rules::alliance::{may_become_case, title_of};
use crate::notices::rules::{CASE_UNKNOWN, OUTSIDE_GROUP};

const SAID: &str = "由三方联盟群内报事转来";
const SAID_AGAIN: &str = "三方联盟群内又有居民报告此事";

/// The post as that which a case came of.
pub fn source_of(post: AlliancePostId) -> Source {
    Source { entity: ENTITY, id: post.to_string(), said: SAID }
}

/// The post is held by the caller, so that it becomes one case only.
pub fn become_case(c: &mut Conn, secrets: &Secrets, row: &PostRow, body: &CaseFromPostIn, by: &By) -> Result<PostRow> {
    may_become_case(row.kind, row.hidden_at.is_some(), row.case().is_some())?;
    let own = area_of(&row.area_code)?;
    let place = body.area_code.clone().unwrap_or_else(|| own.clone());
    if !own.covers(place.as_str()) {
        return Err(OUTSIDE_GROUP.at("/area_code"));
    }
    let new = NewCase {
        area_code: Some(place),
        point: None,
        kind: body.kind,
        category: body.category.clone(),
        channel: Channel::Alliance,
        urgency: body.urgency,
        title: body.title.clone().unwrap_or_else(|| title_of(&row.body)),
        body: row.body.clone(),
        fields: body.fields.clone().unwrap_or_default(),
        place: None,
        asset: None,
        identity: None,
        visibility: None,
        reporter: Some(NewReporter { account: Some(row.author_id), name: None, phone: None }),
        reported_at: None,
    };
    let case = referred::refer(c, secrets, &new, &source_of(row.id), by)?;
    let after = PostRow { case_id: Some(case), ..row.clone() };
    posts::save(c, row, after, "alliance_post.became_case", json!({ "case_id": case }), by)
}

/// 并入已有事件: a further report of what is a case already. Who wrote it follows the case from now on, as if they had joined
/// it themselves; its timeline says that it was reported again. The post is held by the caller.
pub fn link_to_case(c: &mut Conn, row: &PostRow, body: &LinkPostIn, by: &By) -> Result<PostRow> {
    may_become_case(row.kind, row.hidden_at.is_some(), row.case().is_some())?;
    let own = area_of(&row.area_code)?;
    let from = Source { said: SAID_AGAIN, ..source_of(row.id) };
    match referred::report_again(c, body.case_id, &own, row.author_id, &from, by) {
        Err(Error::NotFound) => return Err(CASE_UNKNOWN.at("/case_id")),
        other => other?,
    }
    let after = PostRow { linked_case_id: Some(body.case_id), ..row.clone() };
    posts::save(c, row, after, "alliance_post.linked", json!({ "case_id": body.case_id }), by)
}
