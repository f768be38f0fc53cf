//! The demo district with everybody who works on cases in it, and chance that can be had again.

use std::collections::{BTreeMap, HashMap};

use delivery::cases::dto::CaseOut;
use platform::auth::Role;
use registry::territory::dto::{CompoundOut, CompoundPage};
use serde_json::Value;
use uuid::Uuid;

use crate::cases::support::CASES;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, TestApp};

/// Chance by a seed: xorshift, so that a run can be had again.
pub struct Chance(u64);

impl Chance {
    /// `RED_STEWARD_SEED`, or the district's own number.
    pub fn new() -> Self {
        let seed = std::env::var("RED_STEWARD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(620_902);
        Self(seed | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("48 bits") % n
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Two compounds and a yard of Tongdexiang, and a compound of another street.
pub struct World {
    pub app: TestApp,
    pub chance: Chance,
    pub compounds: Vec<CompoundOut>,
    pub cases: Vec<String>,
    /// How often each thing was done.
    pub done: BTreeMap<String, usize>,
    clients: HashMap<String, Client>,
}

pub const GUANGSHA: &str = "620902004002";
pub const STREETS: [&str; 2] = ["620902005", "620902004"];
pub const COMMUNITIES: [&str; 3] = [TONGDEXIANG, "620902005004", GUANGSHA];

impl World {
    pub async fn on(app: TestApp) -> Self {
        let district = app.district().await;
        let mut compounds: Vec<CompoundOut> = Vec::new();
        for (community, kind, count) in
            [(TONGDEXIANG, "managed", 2), (TONGDEXIANG, "scattered_yard", 1), (GUANGSHA, "managed", 1)]
        {
            let path = format!("/v1/compounds?area={community}&kind={kind}&limit={count}");
            let page: CompoundPage = district.get(&path).await.expect(200).json();
            compounds.extend(page.items.into_iter().map(|item| item.compound));
        }
        assert_eq!(compounds.len(), 4);
        let chance = Chance::new();
        Self { app, chance, compounds, cases: Vec::new(), done: BTreeMap::new(), clients: HashMap::new() }
    }

    /// Later: tokens are minutes old at the most, so everybody logs in anew.
    pub fn later(&mut self, minutes: i64) {
        self.app.clock.advance(chrono::Duration::minutes(minutes));
        self.clients.clear();
    }

    pub async fn client(&mut self, role: Role, area: &str) -> Client {
        let key = format!("{role} {area}");
        if !self.clients.contains_key(&key) {
            let client = self.app.actor(role, area).await;
            self.clients.insert(key.clone(), client);
        }
        self.clients[&key].clone()
    }

    pub async fn district(&mut self) -> Client {
        self.client(Role::DistrictCoord, DISTRICT).await
    }

    async fn staff_of(&mut self, organisation: Uuid) -> Client {
        let key = organisation.to_string();
        if !self.clients.contains_key(&key) {
            let client = self.app.actor_for(Role::ProjectManager, organisation).await;
            self.clients.insert(key.clone(), client);
        }
        self.clients[&key].clone()
    }

    pub async fn case(&mut self, id: &str) -> CaseOut {
        self.district().await.get(&format!("{CASES}/{id}")).await.expect(200).json()
    }

    /// Those at the desk, from below.
    pub async fn desk(&mut self, area: &str) -> Vec<Client> {
        let mut desk = Vec::new();
        if area.contains('-') {
            desk.push(self.client(Role::BranchOfficer, &area[..17]).await);
        }
        desk.push(self.client(Role::CommunityWorker, &area[..12]).await);
        desk.push(self.client(Role::StreetOfficer, &area[..9]).await);
        desk.push(self.district().await);
        desk
    }

    /// Whoever has it in hand.
    pub async fn handler(&mut self, case: &CaseOut) -> Vec<Client> {
        match case.handler_org_id.or(case.responsible_org_id) {
            Some(organisation) => vec![self.staff_of(organisation.0).await],
            None => self.desk(&case.area_code).await,
        }
    }

    /// The first of these who may: whether anybody might. Nothing here is a fault of the server's.
    pub async fn take(&mut self, who: &[Client], path: &str, body: &Value) -> bool {
        for client in who {
            let reply = client.post_with(path, &[("If-Match", "*")], body.clone()).await;
            assert!(reply.status() < 500, "{path}: {}", reply.text());
            if reply.status() < 300 {
                self.count(path);
                return true;
            }
        }
        false
    }

    pub fn count(&mut self, path: &str) {
        let verb = path.rsplit('/').next().expect("a word").to_owned();
        *self.done.entry(verb).or_default() += 1;
    }
}
