//! Actors of the domain: an account with one role in one area, logged in. Only they are made without HTTP.

use std::sync::LazyLock;

use platform::auth::{AreaCode, Role};
use platform::db::Ts;
use registry::identity::{self, AccountId, GrantId, NewAccountSpec, NewGrantSpec};

use super::{Client, TestApp};

/// The seed district and three of its communities; `OTHER` is in another city.
pub const DISTRICT: &str = "620902";
pub const STREET: &str = "620902005";
pub const TONGDEXIANG: &str = "620902005003";

/// Actors are not logged in by password, but what asks for it again must find one.
static PASSWORD_HASH: LazyLock<String> =
    LazyLock::new(|| identity::passwords::hash_now("actors have no password").expect("a hash"));

fn account(id: AccountId, home: AreaCode, now: Ts) -> NewAccountSpec {
    NewAccountSpec {
        id,
        username: format!("actor-{}", id.0.simple()),
        display_name: "测试·演员".into(),
        password_hash: PASSWORD_HASH.clone(),
        area: home,
        must_change_password: false,
        actor: None,
        at: now,
    }
}

impl TestApp {
    /// Somebody with this role in this area.
    pub async fn actor(&self, role: Role, area: &str) -> Client {
        self.actor_with(&[(role, area)]).await
    }

    /// Somebody with several roles.
    pub async fn actor_with(&self, roles: &[(Role, &str)]) -> Client {
        let parse = |area: &str| area.parse::<AreaCode>().expect("an area code");
        let roles: Vec<(Role, AreaCode)> = roles.iter().map(|(role, area)| (*role, parse(area))).collect();
        let home = roles.first().map_or_else(AreaCode::country, |(_, area)| area.clone());
        let (now, today) = (self.clock.now(), self.clock.today());
        let made = self.app.db.write(move |c| {
            let id = AccountId::fresh();
            identity::create_account(c, account(id, home.clone(), now))?;
            for (role, area) in &roles {
                let grant = NewGrantSpec {
                    id: GrantId::fresh(),
                    account: id,
                    role: *role,
                    area: area.clone(),
                    organisation: None,
                    valid_from: today,
                    valid_to: None,
                    reason: "测试".into(),
                    actor: None,
                    at: now,
                };
                identity::grant_role(c, grant)?;
            }
            let (session, _) = identity::open_session(c, id, "test", "127.0.0.1", now)?;
            Ok((id, identity::subject_of(c, id, session, today)?))
        });
        let (id, subject) = made.await.expect("an actor");
        self.with_token(&self.app.tokens.issue(id.0, subject).expect("a token").token)
    }

    /// Somebody with this role for an organisation: wherever it serves.
    pub async fn actor_for(&self, role: Role, organisation: uuid::Uuid) -> Client {
        let (now, today) = (self.clock.now(), self.clock.today());
        let made = self.app.db.write(move |c| {
            let home = identity::home_of(c, organisation)?.expect("an organisation that roles are held for");
            let id = AccountId::fresh();
            identity::create_account(c, account(id, home.clone(), now))?;
            let grant = NewGrantSpec {
                id: GrantId::fresh(),
                account: id,
                role,
                area: home,
                organisation: Some(organisation),
                valid_from: today,
                valid_to: None,
                reason: "测试".into(),
                actor: None,
                at: now,
            };
            identity::grant_role(c, grant)?;
            let (session, _) = identity::open_session(c, id, "test", "127.0.0.1", now)?;
            Ok((id, identity::subject_of(c, id, session, today)?))
        });
        let (id, subject) = made.await.expect("an actor");
        self.with_token(&self.app.tokens.issue(id.0, subject).expect("a token").token)
    }

    pub async fn district(&self) -> Client {
        self.actor(Role::DistrictCoord, DISTRICT).await
    }

    pub async fn street(&self) -> Client {
        self.actor(Role::StreetOfficer, STREET).await
    }

    pub async fn community_worker(&self, community: &str) -> Client {
        self.actor(Role::CommunityWorker, community).await
    }
}
