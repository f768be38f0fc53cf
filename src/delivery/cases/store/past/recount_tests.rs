//! Whatever is done with a case, its history comes to what was counted of it as it happened.

use chrono::Duration;
use platform::calendar::{Calendar, Hours, TimeOfDay, Week};
use platform::clock::midnight_in_shanghai;
use platform::rollups::{Count, summed};
use proptest::prelude::*;
use roster::organisations::OrganisationId;
use uuid::Uuid;

use super::super::change::told_by;
use super::*;
use crate::cases::rules::counting::Retold;

const STEPS: [Step; 19] = [
    Step::Accept,
    Step::Reject,
    Step::Cancel,
    Step::Dispatch,
    Step::Sign,
    Step::Return,
    Step::Start,
    Step::Transfer,
    Step::Suspend,
    Step::Resume,
    Step::Finish,
    Step::Verify,
    Step::Close,
    Step::Reopen,
    Step::Escalate,
    Step::Redelegate,
    Step::Reclassify,
    Step::Merge,
    Step::Unmerge,
];

/// Where it may lie: in two compounds, or on a grid of the community and in none.
const PLACES: [&str; 3] = ["620902005003-0001-002", "620902001002-0007", "620902005003004"];

fn rules() -> Rules {
    let day = vec![Hours::new(TimeOfDay::at(8, 30), TimeOfDay::at(18, 0))];
    let week = Week::of([day.clone(), day.clone(), day.clone(), day.clone(), day], [Vec::new(), Vec::new()]);
    Rules::standard(Calendar::new(week, []))
}

fn report(place: usize, at: Ts) -> Report {
    let area_code = PLACES[place % PLACES.len()].to_owned();
    Report {
        id: CaseId(Uuid::now_v7()),
        community_code: area_code[..12].to_owned(),
        compound_id: area_code.contains('-').then(CompoundId::fresh),
        area_code,
        grid_code: None,
        kind: CaseKind::Complaint,
        category: "service_quality",
        channel: Channel::Phone,
        title: "保洁不到位".into(),
        body: "楼道三天无人打扫。".into(),
        identity: None,
        reporter: None,
        at,
    }
}

/// Takes a step where the table has it; the columns that a merge and its undoing set are set as the desk does.
fn take(past: &mut Past<'_>, step: Step, at: Ts, prior: &mut Status, turn: usize) {
    if step == Step::Accept {
        return drop(past.accept((None, at)));
    }
    let (before, back) = (past.case.status, *prior);
    let change = |case: &mut CaseRow| match step {
        Step::Merge => case.merged_into = Some(CaseId(Uuid::now_v7())),
        Step::Unmerge => (case.status, case.merged_into, case.closed_at) = (back, None, None),
        Step::Escalate => case.tier = case.tier.above().unwrap_or(case.tier),
        Step::Redelegate => case.tier = Tier::Branch,
        Step::Reclassify => {
            (case.kind, case.category) = match turn % 2 {
                0 => (CaseKind::Complaint, "noise_complaint".into()),
                _ => (CaseKind::Repair, "lighting".into()),
            };
        }
        Step::Dispatch => case.handler_org_id = Some(OrganisationId::fresh()),
        _ => {}
    };
    if past.take(step, (None, at), json!({}), change).is_ok() && step == Step::Merge {
        *prior = before;
    }
}

fn filled(counts: Vec<Count>) -> Vec<Count> {
    counts.into_iter().filter(|count| count.n != 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_history_comes_to_what_was_counted(
        place in 0usize..3,
        walk in prop::collection::vec((0usize..19, 0i64..3000, 0usize..40), 1..60),
    ) {
        let rules = rules();
        let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 15).expect("a day");
        let mut at = midnight_in_shanghai(first).plus(Duration::hours(9));
        let mut past = Past::reported(&rules, report(place, at)).expect("reported");
        let mut prior = Status::Submitted;
        for (step, minutes, turn) in walk {
            at = at.plus(Duration::minutes(minutes));
            // Now and then the compound that it lies in moves.
            if turn < PLACES.len() && past.case.compound_id.is_some() {
                past.case.area_code = PLACES[turn % 2].to_owned();
            }
            take(&mut past, STEPS[step], at, &mut prior, turn);
        }
        let mut told = Retold::default();
        let mut again = Vec::new();
        for event in &past.events {
            let (day, changes) = told.next(told_by(event.name), event.at, &event.data).expect("told");
            again.extend(counts::rows(&event.area_code, changes, day));
        }
        prop_assert_eq!(filled(summed(again)), filled(summed(past.counts)));
    }
}
