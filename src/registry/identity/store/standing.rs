//! Whether those who hold a connection open may still do what their tokens say: asked for all of them at once.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use platform::Result;
use platform::auth::{Grant, Principal, Subject};
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};
use uuid::Uuid;

use super::{AccountId, ApiClientId, SessionId, grants};
use crate::schema::{accounts, api_clients, sessions};

/// As many as a statement may name on either engine, with room to spare.
const AT_ONCE: usize = 500;

/// What stands in the rows, as far as the callers who were asked about are concerned.
struct Standing {
    /// The live sessions, and whether the account's password is still the initial one.
    sessions: HashMap<Uuid, bool>,
    grants: HashMap<AccountId, Vec<Grant>>,
    clients: HashSet<ApiClientId>,
}

/// For each caller whether its session or client still stands and its roles are those of the token.
pub fn still_stand<'a>(c: &mut Conn, callers: impl IntoIterator<Item = &'a Principal>, now: Ts) -> Result<Vec<bool>> {
    let callers: Vec<&Principal> = callers.into_iter().collect();
    let mut answers = Vec::with_capacity(callers.len());
    for some in callers.chunks(AT_ONCE) {
        let standing = Standing::of(c, some, now)?;
        answers.extend(some.iter().map(|caller| standing.includes(caller)));
    }
    Ok(answers)
}

impl Standing {
    fn of(c: &mut Conn, callers: &[&Principal], now: Ts) -> Result<Self> {
        let (mut named, mut holders, mut programs) = (Vec::new(), Vec::new(), Vec::new());
        for caller in callers {
            match &caller.subject {
                Subject::Account { session, .. } => {
                    named.push(SessionId(*session));
                    holders.push(AccountId(caller.id));
                }
                Subject::Client { .. } => programs.push(ApiClientId(caller.id)),
            }
        }
        Ok(Self {
            sessions: live_sessions(c, named, now)?,
            grants: grants::active_grants_of(c, holders, date_in_shanghai(now))?,
            clients: live_clients(c, programs)?,
        })
    }

    fn includes(&self, caller: &Principal) -> bool {
        match &caller.subject {
            Subject::Account { session, grants } => match self.sessions.get(session) {
                None => false,
                Some(true) => grants.is_empty(),
                Some(false) => {
                    let none = Vec::new();
                    let now = self.grants.get(&AccountId(caller.id)).unwrap_or(&none);
                    now.len() == grants.len() && grants.iter().all(|grant| now.contains(grant))
                }
            },
            Subject::Client { .. } => self.clients.contains(&ApiClientId(caller.id)),
        }
    }
}

fn live_sessions(c: &mut Conn, named: Vec<SessionId>, now: Ts) -> Result<HashMap<Uuid, bool>> {
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let live = sessions::revoked_at.is_null().and(sessions::expires_at.gt(now)).and(accounts::disabled_at.is_null());
    let rows: Vec<(SessionId, bool)> = sessions::table
        .inner_join(accounts::table)
        .filter(sessions::id.eq_any(named).and(live))
        .select((sessions::id, accounts::must_change_password))
        .load(c)?;
    Ok(rows.into_iter().map(|(id, initial)| (id.0, initial)).collect())
}

fn live_clients(c: &mut Conn, named: Vec<ApiClientId>) -> Result<HashSet<ApiClientId>> {
    if named.is_empty() {
        return Ok(HashSet::new());
    }
    let live = api_clients::id.eq_any(named).and(api_clients::disabled_at.is_null());
    let rows: Vec<ApiClientId> = api_clients::table.filter(live).select(api_clients::id).load(c)?;
    Ok(rows.into_iter().collect())
}
