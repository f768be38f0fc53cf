//! 补录: what was published and said elsewhere, taken over with ids that are known beforehand.

use std::collections::BTreeSet;

use delivery::cases::dto::CaseId;
use platform::Result;
use platform::auth::Role;
use platform::db::Conn;
use platform::history::By;
use platform::publicity::{self, PublicityId};
use registry::identity::AccountId;
use serde_json::json;

use super::groups::{self, GroupRow};
use super::notices::NoticeRow;
use super::posting::posting_of;
use super::posts::{self, PostRow};
use super::publishing;
use crate::notices::dto::{
    AllianceGroupId, AllianceParty, AlliancePostId, AlliancePostKind, NoticeClass, NoticeId, NoticePostingIn,
};

/// A notice as it was published.
#[derive(Debug, Clone)]
pub struct PastNotice<'a> {
    pub id: NoticeId,
    pub area_code: &'a str,
    pub words: (&'a str, &'a str),
    pub roles: &'a [Role],
    pub pinned: bool,
    /// Of a legal one, the posting's id and where it hangs.
    pub posting: Option<(PublicityId, NoticePostingIn)>,
}

pub fn publish(c: &mut Conn, past: &PastNotice<'_>, by: &By) -> Result<NoticeRow> {
    let audience: BTreeSet<Role> = past.roles.iter().copied().collect();
    let posted = match &past.posting {
        Some((id, asked)) => {
            let posting = posting_of(c, (past.id, past.area_code), past.words, asked, by)?;
            Some(publicity::open_as(c, *id, posting, by)?)
        }
        None => None,
    };
    let row = NoticeRow {
        class: if posted.is_some() { NoticeClass::Legal } else { NoticeClass::General },
        for_everybody: audience.is_empty(),
        pinned: past.pinned,
        ..publishing::fresh(past.id, past.area_code, past.words, by)
    };
    publishing::insert(c, publishing::posted_as(row, posted), &audience, by)
}

pub fn open_group(c: &mut Conn, id: AllianceGroupId, area_code: &str, name: &str, by: &By) -> Result<GroupRow> {
    let row = groups::fresh(id, area_code, name, by);
    groups::insert(c, &row, by)?;
    Ok(row)
}

/// What was said in a group.
#[derive(Debug, Clone, Copy)]
pub struct PastPost<'a> {
    pub id: AlliancePostId,
    pub kind: AlliancePostKind,
    pub party: AllianceParty,
    pub author: AccountId,
    pub body: &'a str,
    pub parent: Option<AlliancePostId>,
    pub pinned: bool,
    /// The case that it became, where it did.
    pub case: Option<CaseId>,
}

pub fn say(c: &mut Conn, group: &GroupRow, past: &PastPost<'_>, by: &By) -> Result<PostRow> {
    let said = (past.kind, past.party, past.author);
    let row =
        PostRow { parent_id: past.parent, pinned: past.pinned, ..posts::fresh(past.id, group, said, past.body, by) };
    posts::insert(c, &row, by)?;
    match past.case {
        Some(case) => {
            let after = PostRow { case_id: Some(case), ..row.clone() };
            posts::save(c, &row, after, "alliance_post.became_case", json!({ "case_id": case }), by)
        }
        None => Ok(row),
    }
}
