//! No sequence of calls leaves the table of edges: whoever calls what, in whichever state, by whichever version.

mod calls;
mod model;

use std::collections::BTreeSet;

use delivery::cases::dto::{CaseOut, StepsOut};
use delivery::cases::{State, Step, replay};
use platform::auth::Role;
use platform::history::EventPage;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use self::calls::{ACTS, Act, WHO, Who};
use self::model::{Expected, Known};
use super::support::{CASES, Desk, MINE, account_of, report};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};

const SEQUENCES: u32 = 12;
const CALLS: usize = 25;

#[derive(Debug, Clone)]
enum Call {
    /// By anybody, in any state, by the version that stands or by another.
    Drawn { who: Who, act: Act, stale: bool },
    /// One that the table allows now, so that walks lead somewhere.
    Guided { act: Index, who: Index, way: Way },
}

/// Which of the allowed acts are preferred.
#[derive(Debug, Clone, Copy)]
enum Way {
    Onwards,
    Any,
    ToAnEnd,
}

fn any_call() -> impl Strategy<Value = Call> {
    let drawn = (prop::sample::select(WHO), prop::sample::select(ACTS), prop::bool::weighted(0.1));
    let drawn = drawn.prop_map(|(who, act, stale)| Call::Drawn { who, act, stale });
    let way = prop_oneof![5 => Just(Way::Onwards), 3 => Just(Way::Any), 2 => Just(Way::ToAnEnd)];
    let guided = (any::<Index>(), any::<Index>(), way).prop_map(|(act, who, way)| Call::Guided { act, who, way });
    prop_oneof![1 => drawn, 2 => guided]
}

/// Everybody who calls, and what the case may be given to and merged into.
pub struct Stage {
    pub desk: Desk,
    neighbour: Client,
    secretary: Client,
    grid_worker: Client,
    stranger: Client,
    pub accounts: Vec<(Who, String)>,
    /// An open case of the same place.
    pub target: String,
    table: StepsOut,
}

impl Stage {
    async fn set() -> Self {
        let desk = Desk::new().await;
        let app = desk.app();
        let neighbour = app.actor(Role::Resident, desk.place()).await;
        let secretary = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
        let grid_worker = app.actor(Role::GridWorker, TONGDEXIANG).await;
        let stranger = app.community_worker("130402010014").await;
        let mut accounts = Vec::new();
        for (who, client) in [
            (Who::GridWorker, &grid_worker),
            (Who::Worker, desk.worker()),
            (Who::Secretary, &secretary),
            (Who::Branch, &desk.branch),
        ] {
            accounts.push((who, account_of(client).await));
        }
        let target = desk.reported().await.id.to_string();
        let table = desk.worker().get(&format!("{CASES}/steps")).await.expect(200).json();
        Self { desk, neighbour, secretary, grid_worker, stranger, accounts, target, table }
    }

    fn client(&self, who: Who) -> Client {
        match who {
            Who::Nobody => self.desk.app().anonymous(),
            Who::Resident => self.desk.resident.clone(),
            Who::Neighbour => self.neighbour.clone(),
            Who::Branch => self.desk.branch.clone(),
            Who::Worker => self.desk.worker().clone(),
            Who::Secretary => self.secretary.clone(),
            Who::Street => self.desk.street.clone(),
            Who::District => self.desk.district.clone(),
            Who::Company => self.desk.company.clone(),
            Who::GridWorker => self.grid_worker.clone(),
            Who::Stranger => self.stranger.clone(),
        }
    }

    /// What is known of a case that the resident has just reported.
    async fn reported(&self) -> Known {
        let mine = self.desk.resident.post(MINE, report(self.desk.place())).await.expect(201).value();
        let case = self.case(mine["id"].as_str().expect("an id")).await;
        Known::of(case)
    }

    async fn case(&self, id: &str) -> CaseOut {
        self.desk.district.get(&format!("{CASES}/{id}")).await.expect(200).json()
    }

    async fn history(&self, id: &str) -> EventPage {
        let page: EventPage =
            self.desk.district.get(&format!("{CASES}/{id}/history?limit=100")).await.expect(200).json();
        assert!(page.next_cursor.is_none(), "more than a page");
        page
    }

    async fn send(&self, known: &Known, who: Who, act: Act, stale: bool) -> Reply {
        let (path, body) = act.request(self, known);
        let version = if stale { known.case.version + 1 } else { known.case.version };
        let tag = format!("\"v{version}\"");
        self.client(who).post_with(&path, &[("If-Match", &tag)], body).await
    }

    /// What is allowed now, and by whom.
    fn allowed(&self, known: &Known) -> Vec<(Act, Vec<Who>)> {
        let takers = |act: Act| -> Vec<Who> {
            let allowed = |who: &Who| known.expected(&self.table, self, *who, act, false) == Expected::Taken;
            WHO.iter().copied().filter(allowed).collect()
        };
        let acts = ACTS.iter().map(|act| (*act, takers(*act)));
        acts.filter(|(_, takers)| !takers.is_empty()).collect()
    }

    /// The call itself; `None` where the case is over.
    fn meant(&self, known: &Known, call: &Call) -> Option<(Who, Act, bool)> {
        let (act, who, way) = match call {
            Call::Drawn { who, act, stale } => return Some((*who, *act, *stale)),
            Call::Guided { act, who, way } => (act, who, *way),
        };
        let mut allowed = self.allowed(known);
        let preferred = |act: Act| match way {
            Way::Onwards => act.goes_on(),
            Way::Any => true,
            Way::ToAnEnd => matches!(act, Act::Reject | Act::Cancel),
        };
        if allowed.iter().any(|(act, _)| preferred(*act)) {
            allowed.retain(|(act, _)| preferred(*act));
        }
        let (act, takers) = (!allowed.is_empty()).then(|| act.get(&allowed))?;
        Some((*who.get(takers), *act, false))
    }
}

/// Plays a sequence; answers which steps were taken.
async fn play(stage: &Stage, calls: &[Call]) -> BTreeSet<Step> {
    let mut known = stage.reported().await;
    let mut taken = BTreeSet::new();
    for call in calls {
        stage.desk.app().clock.advance(chrono::Duration::milliseconds(100));
        let Some((who, act, stale)) = stage.meant(&known, call) else {
            ends_as_it_is_told(stage, &known).await;
            known = stage.reported().await;
            continue;
        };
        let expected = known.expected(&stage.table, stage, who, act, stale);
        let reply = stage.send(&known, who, act, stale).await;
        let what = format!("{who:?} {act:?} on {:?}: {} {}", known.case, reply.status(), reply.text());
        match &expected {
            Expected::Taken => assert_eq!(reply.status(), 200, "{what}"),
            Expected::Refused(status, codes) => {
                let problem = reply.problem();
                assert!(problem.status == *status && codes.contains(&problem.code.as_str()), "{expected:?}, {what}");
            }
        }
        if reply.status() == 409 && reply.problem().code == "cases.wrong_state" {
            tells_what_is_next(stage, &known, &reply.value());
        }
        let after = stage.case(&known.id()).await;
        if expected == Expected::Taken {
            taken.extend(follows_the_table(stage, &known, act, &after).await);
        } else {
            let as_json = |case| serde_json::to_value(case).expect("json");
            assert_eq!(as_json(&after), as_json(&known.case), "refused, and changed all the same: {what}");
        }
        if expected == Expected::Taken {
            let holds = stage.desk.district.get(&format!("{CASES}/{}/holds", known.id())).await.expect(200).json();
            known.learn(stage, after, holds, act);
        }
    }
    ends_as_it_is_told(stage, &known).await;
    taken
}

/// A 409 lists the steps that the table has from here, and no other.
fn tells_what_is_next(stage: &Stage, known: &Known, problem: &Value) {
    let told = &problem["errors"][0];
    assert_eq!(
        (told["pointer"].as_str(), told["code"].as_str()),
        (Some("#/status"), Some("allowed_steps")),
        "{problem}"
    );
    let detail = told["detail"].as_str().expect("words");
    let listed: BTreeSet<&str> =
        detail.split_once(": ").map(|(_, steps)| steps.split(", ").collect()).unwrap_or_default();
    let edges = stage.table.edges.iter().filter(|edge| edge.from.contains(&known.case.status));
    let allowed: BTreeSet<&str> = edges.map(|edge| edge.step.as_str()).collect();
    assert_eq!(listed, allowed, "{detail}");
}

/// Each event behind the version that was known is an edge of the table, and the first is the one that was asked for.
async fn follows_the_table(stage: &Stage, known: &Known, act: Act, after: &CaseOut) -> Vec<Step> {
    let history = stage.history(&known.id()).await;
    let seqs: Vec<i32> = history.items.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=after.version).collect::<Vec<_>>(), "one event a version");
    let states: Vec<State> = (1..=history.items.len())
        .map(|n| replay(history.items[..n].iter().map(|event| &event.data)).expect("a state"))
        .collect();
    let known_events = usize::try_from(known.case.version).expect("small");
    assert!(states.len() > known_events, "taken, and nothing was written down");
    let mut steps = Vec::new();
    for n in known_events..states.len() {
        let step = model::step_of(&history.items[n].event);
        model::is_edge(&stage.table, &states[n - 1], &states[n], step, known.prior);
        steps.extend(step);
    }
    assert_eq!(steps.first().copied(), act.leads_to(known), "{act:?}");
    steps
}

/// The history is unbroken, and all there is to the case.
async fn ends_as_it_is_told(stage: &Stage, known: &Known) {
    let history = stage.history(&known.id()).await;
    let mut before = "";
    for event in &history.items {
        assert!(event.intact && event.prev_hash == before, "{event:?}");
        before = &event.hash;
    }
    let rebuilt = replay(history.items.iter().map(|event| &event.data)).expect("a state");
    let (rebuilt, shown) =
        (serde_json::to_value(rebuilt).expect("json"), serde_json::to_value(&known.case).expect("json"));
    for (member, value) in rebuilt.as_object().expect("members") {
        assert_eq!(value, &shown[member], "{member}");
    }
}

fn run(seed: [u8; 32], sequences: u32, system: &actix_web::rt::SystemRunner, stage: &Stage) -> BTreeSet<Step> {
    let config = Config { cases: sequences, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let taken = std::cell::RefCell::new(BTreeSet::new());
    let outcome = runner.run(&prop::collection::vec(any_call(), CALLS), |calls| {
        taken.borrow_mut().extend(system.block_on(play(stage, &calls)));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}\nseed {seed:?}"));
    taken.into_inner()
}

#[test]
fn no_sequence_of_calls_leaves_the_table() {
    let system = actix_web::rt::System::new();
    let stage = system.block_on(Stage::set());
    let taken = run([7; 32], SEQUENCES, &system, &stage);
    assert_eq!(taken, Step::ALL.iter().copied().collect(), "every step is taken somewhere");
    let fresh = [uuid::Uuid::now_v7().into_bytes(), uuid::Uuid::now_v7().into_bytes()].concat();
    run(fresh.try_into().expect("32 bytes"), 1, &system, &stage);
}
