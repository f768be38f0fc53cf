//! What stands beside a past case: what its clocks set off, pauses, extensions, merges, words.

use diesel::prelude::*;
use platform::Result;
use platform::db::Ts;
use platform::history::ActorId;
use platform::{id, text_enum};
use registry::identity::AccountId;
use serde_json::json;

use super::Past;
use crate::cases::dto::{CaseId, ClockKind, Status};
use crate::cases::rules::Step;
use crate::cases::store::clocks::{ClockId, after};
use crate::cases::store::comments::{Audience, CommentId, CommentRow, StandsFor};
use crate::schema::{case_alarms, case_extensions, case_holds, case_links};

id!(
    /// 延期、挂起、并案的编号
    PartId
);

text_enum! {
    /// 挂起原因
    Cause {
        /// 等待报事人
        Reporter = "waiting_for_reporter",
        /// 等待材料
        Materials = "waiting_for_materials",
        /// 等待表决
        Vote = "waiting_for_vote",
    }
}

/// Who asked for something and when, and who decided it and when; they are two.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub asked: (AccountId, Ts),
    pub decided: Option<(AccountId, Ts)>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = case_alarms, treat_none_as_default_value = false)]
pub struct AlarmRow {
    pub clock_id: ClockId,
    pub level: i32,
    pub case_id: CaseId,
    pub area_code: String,
    pub clock: ClockKind,
    pub due_at: Ts,
    pub at: Ts,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = case_extensions, treat_none_as_default_value = false)]
pub struct ExtensionRow {
    pub id: PartId,
    pub case_id: CaseId,
    pub area_code: String,
    pub status: &'static str,
    pub working_days: i32,
    pub reason: String,
    pub old_due_at: Ts,
    pub new_due_at: Option<Ts>,
    pub requested_by: ActorId,
    pub requested_at: Ts,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = case_holds, treat_none_as_default_value = false)]
pub struct HoldRow {
    pub id: PartId,
    pub case_id: CaseId,
    pub area_code: String,
    pub status: &'static str,
    pub cause: Cause,
    pub note: String,
    pub until_at: Ts,
    pub requested_by: ActorId,
    pub requested_at: Ts,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub started_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = case_links, treat_none_as_default_value = false)]
pub struct LinkRow {
    pub id: PartId,
    pub case_id: CaseId,
    pub target_id: CaseId,
    pub prior_status: Status,
    pub merged_by: Option<ActorId>,
    pub merged_at: Ts,
}

fn actor(account: AccountId) -> ActorId {
    ActorId(account.0)
}

impl Past<'_> {
    /// 延期: asked for before the date, and where it is approved the date moves by so many working days.
    pub fn extend(&mut self, working_days: i32, reason: &str, ask: Ask) -> Result<()> {
        let Some(old_due_at) = self.case.due_at else { return Ok(()) };
        let calendar = &self.rules.calendar;
        let minutes = i64::from(working_days) * calendar.day_minutes();
        let working = crate::cases::dto::ClockMode::Working;
        let new_due_at = match ask.decided {
            Some(_) => Some(after(calendar, working, old_due_at, minutes)?),
            None => None,
        };
        let (asked_by, asked_at) = ask.asked;
        self.extensions.push(ExtensionRow {
            id: PartId(self.part()),
            case_id: self.case.id,
            area_code: self.case.area_code.clone(),
            status: if ask.decided.is_some() { "approved" } else { "requested" },
            working_days,
            reason: reason.to_owned(),
            old_due_at,
            new_due_at,
            requested_by: actor(asked_by),
            requested_at: asked_at,
            decided_by: ask.decided.map(|(by, _)| actor(by)),
            decided_at: ask.decided.map(|(_, at)| at),
            version: if ask.decided.is_some() { 2 } else { 1 },
            created_at: asked_at,
            updated_at: ask.decided.map_or(asked_at, |(_, at)| at),
        });
        let before = self.case.clone();
        let data = json!({ "working_days": working_days });
        self.changed(&before, "case.extension_requested", (Some(asked_by), asked_at), data)?;
        if let (Some(due_at), Some((by, at))) = (new_due_at, ask.decided) {
            self.put_off(due_at, at);
            let before = self.case.clone();
            self.case.due_at = Some(due_at);
            self.changed(&before, "case.extended", (Some(by), at), json!({ "working_days": working_days }))?;
        }
        Ok(())
    }

    /// 挂起: from the moment at which it is allowed until it is over.
    pub fn hold(
        &mut self,
        cause: Cause,
        note: &str,
        until_at: Ts,
        asked: (AccountId, Ts),
        by: (AccountId, Ts),
    ) -> Result<()> {
        self.holds.push(HoldRow {
            id: PartId(self.part()),
            case_id: self.case.id,
            area_code: self.case.area_code.clone(),
            status: "running",
            cause,
            note: note.to_owned(),
            until_at,
            requested_by: actor(asked.0),
            requested_at: asked.1,
            decided_by: Some(actor(by.0)),
            decided_at: Some(by.1),
            started_at: Some(by.1),
            version: 2,
            created_at: asked.1,
            updated_at: by.1,
        });
        self.take(Step::Suspend, (Some(by.0), by.1), json!({ "cause": cause }), |_| {})?;
        self.stand_still(by.1);
        Ok(())
    }

    /// 并案
    pub fn merge(&mut self, target: CaseId, (by, at): (AccountId, Ts)) -> Result<()> {
        self.links.push(LinkRow {
            id: PartId(self.part()),
            case_id: self.case.id,
            target_id: target,
            prior_status: self.case.status,
            merged_by: Some(actor(by)),
            merged_at: at,
        });
        self.take(Step::Merge, (Some(by), at), json!({ "target_id": target }), |case| case.merged_into = Some(target))
    }

    /// 备注 that the parties read.
    pub fn say(&mut self, stands_for: StandsFor, words: &str, (by, at): (Option<AccountId>, Ts)) {
        self.comments.push(CommentRow {
            id: CommentId(self.part()),
            case_id: self.case.id,
            author_id: by.map(actor).filter(|_| stands_for != StandsFor::Reporter),
            stands_for,
            audience: Audience::Parties,
            body: words.to_owned(),
            at,
        });
    }
}
