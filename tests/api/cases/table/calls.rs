//! Who calls, and what is called for.

use delivery::cases::Step;
use delivery::cases::dto::Tier;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::support::{CASES, MINE, contact, finish, visit};
use super::Stage;
use super::model::Known;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// Who reported the case.
    Resident,
    Neighbour,
    Branch,
    Worker,
    Secretary,
    Street,
    District,
    Company,
    GridWorker,
    /// A worker of a community in another city.
    Stranger,
}

pub const WHO: &[Who] = &[
    Who::Nobody,
    Who::Resident,
    Who::Neighbour,
    Who::Branch,
    Who::Worker,
    Who::Secretary,
    Who::Street,
    Who::District,
    Who::Company,
    Who::GridWorker,
    Who::Stranger,
];

/// Whom a case is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Whom the rules name: the company that serves the compound.
    Rules,
    Company,
    Person(Who),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Accept,
    Reject,
    Cancel,
    Dispatch(To),
    Sign,
    Return,
    Start,
    Transfer(To),
    AskHold,
    WithdrawHold,
    DecideHold(bool),
    Resume,
    /// With the reason why there is no photo, or with neither.
    Finish(bool),
    Verify,
    Visit(&'static str),
    Feedback(&'static str),
    ReopenMine,
    ReopenAtDesk,
    Escalate,
    Redelegate(Tier),
    Reclassify,
    MergeIntoOpen,
    MergeIntoItself,
    Unmerge,
}

pub const ACTS: &[Act] = &[
    Act::Accept,
    Act::Reject,
    Act::Cancel,
    Act::Dispatch(To::Rules),
    Act::Dispatch(To::Company),
    Act::Dispatch(To::Person(Who::GridWorker)),
    Act::Dispatch(To::Person(Who::Worker)),
    Act::Sign,
    Act::Return,
    Act::Start,
    Act::Transfer(To::Company),
    Act::Transfer(To::Person(Who::Secretary)),
    Act::Transfer(To::Person(Who::Branch)),
    Act::AskHold,
    Act::WithdrawHold,
    Act::DecideHold(true),
    Act::DecideHold(false),
    Act::Resume,
    Act::Finish(true),
    Act::Finish(false),
    Act::Verify,
    Act::Visit("satisfied"),
    Act::Visit("dissatisfied"),
    Act::Visit("unreachable"),
    Act::Feedback("satisfied"),
    Act::Feedback("dissatisfied"),
    Act::ReopenMine,
    Act::ReopenAtDesk,
    Act::Escalate,
    Act::Redelegate(Tier::Branch),
    Act::Redelegate(Tier::Street),
    Act::Reclassify,
    Act::MergeIntoOpen,
    Act::MergeIntoItself,
    Act::Unmerge,
];

impl Act {
    /// The edge that is asked for; `None` where the call is no step.
    pub fn step(self) -> Option<Step> {
        Some(match self {
            Self::Accept => Step::Accept,
            Self::Reject => Step::Reject,
            Self::Cancel => Step::Cancel,
            Self::Dispatch(_) => Step::Dispatch,
            Self::Sign => Step::Sign,
            Self::Return => Step::Return,
            Self::Start => Step::Start,
            Self::Transfer(_) => Step::Transfer,
            // Whoever may finish may ask for time.
            Self::AskHold | Self::WithdrawHold | Self::Finish(_) => Step::Finish,
            Self::DecideHold(_) => Step::Suspend,
            Self::Resume => Step::Resume,
            Self::Verify => Step::Verify,
            // What it leads to is known behind the visit; to make one, the case must be one that a visit can close.
            Self::Visit(_) | Self::Feedback(_) => Step::Close,
            Self::ReopenMine | Self::ReopenAtDesk => Step::Reopen,
            Self::Escalate => Step::Escalate,
            Self::Redelegate(_) => Step::Redelegate,
            Self::Reclassify => Step::Reclassify,
            Self::MergeIntoOpen | Self::MergeIntoItself => Step::Merge,
            Self::Unmerge => Step::Unmerge,
        })
    }

    /// The first step that the call takes where it is taken; some take none.
    pub fn leads_to(self, known: &Known) -> Option<Step> {
        match self {
            Self::AskHold | Self::WithdrawHold | Self::DecideHold(false) => None,
            Self::Visit("unreachable") if known.unreached < 2 => None,
            Self::Visit("dissatisfied") | Self::Feedback("dissatisfied") => Some(Step::Reopen),
            other => other.step(),
        }
    }

    /// Whether it takes the case to a state from which it goes on.
    pub fn goes_on(self) -> bool {
        !matches!(
            self,
            Self::Reject | Self::Cancel | Self::Return | Self::Escalate | Self::Redelegate(_) | Self::Reclassify
        ) && !matches!(self, Self::Transfer(_) | Self::MergeIntoOpen | Self::WithdrawHold | Self::DecideHold(false))
    }

    /// Whether it is what reporters do to their own.
    pub fn is_mine(self) -> bool {
        matches!(self, Self::Cancel | Self::Feedback(_) | Self::ReopenMine)
    }

    pub fn request(self, stage: &Stage, known: &Known) -> (String, Value) {
        let own = format!("{MINE}/{}", known.id());
        let case = format!("{CASES}/{}", known.id());
        let hold = known.hold.as_ref().map_or(Uuid::nil(), |hold| hold.id.0);
        let decide = |approved: bool| (format!("{case}/holds/{hold}/decide"), json!({ "approved": approved }));
        let at = |verb: &str, body: Value| (format!("{case}/{verb}"), body);
        let reason = json!({ "reason": "测试" });
        match self {
            Self::Accept => at("accept", Value::Null),
            Self::Reject => at("reject", json!({ "reason": "unclear", "explanation": "内容不清" })),
            Self::Cancel => (format!("{own}/cancel"), Value::Null),
            Self::Dispatch(to) => at("dispatch", to.body(stage)),
            Self::Transfer(to) => {
                let mut body = to.body(stage);
                body["reason"] = json!("测试");
                at("transfer", body)
            }
            Self::Sign => at("sign", Value::Null),
            Self::Return => at("return", json!({ "reason": "not_ours", "note": "非本单位职责" })),
            Self::Start => at("start", contact()),
            Self::AskHold => {
                let until = stage.desk.app().clock.now().plus(chrono::Duration::days(1));
                at("holds", json!({ "cause": "waiting_for_materials", "note": "等配件", "until": until }))
            }
            Self::WithdrawHold => at(&format!("holds/{hold}/withdraw"), Value::Null),
            Self::DecideHold(approved) => decide(approved),
            Self::Resume => at("resume", Value::Null),
            Self::Finish(true) => at("finish", finish()),
            Self::Finish(false) => at("finish", json!({ "outcome": "fixed", "resolution": "已修好。" })),
            Self::Verify => at("verify", Value::Null),
            Self::Visit(outcome) => at("visits", visit(outcome)),
            Self::Feedback(outcome) => {
                let mut body = visit(outcome);
                body.as_object_mut().expect("an object").remove("channel");
                (format!("{own}/feedback"), body)
            }
            Self::ReopenMine => (format!("{own}/reopen"), reason),
            Self::ReopenAtDesk => at("reopen", reason),
            Self::Escalate => at("escalate", reason),
            Self::Redelegate(tier) => at("redelegate", json!({ "tier": tier, "reason": "测试" })),
            Self::Reclassify => at("reclassify", json!({ "urgency": "complex" })),
            Self::MergeIntoOpen => at("merge", json!({ "target_id": stage.target })),
            Self::MergeIntoItself => at("merge", json!({ "target_id": known.case.id })),
            Self::Unmerge => at("unmerge", Value::Null),
        }
    }
}

impl To {
    fn body(self, stage: &Stage) -> Value {
        match self {
            Self::Rules => json!({}),
            Self::Company => json!({ "organisation_id": stage.desk.town.company.id }),
            Self::Person(who) => json!({ "account_id": stage.account(who) }),
        }
    }

    /// Who has the case then.
    pub fn handler(self) -> Who {
        match self {
            Self::Rules | Self::Company => Who::Company,
            Self::Person(who) => who,
        }
    }
}
