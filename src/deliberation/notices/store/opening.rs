//! Of a run of events, those about rows that a caller may read. Each answers with two statements at the most.

use std::collections::HashSet;
use std::fmt::Display;

use diesel::prelude::*;
use platform::auth::Principal;
use platform::db::{Conn, Ts};
use platform::{Error, Result};
use uuid::Uuid;

use super::notices::all_roles;
use super::sight::{Circle, Sight};
use crate::notices::dto::{AllianceGroupId, AlliancePostId, NoticeId};
use crate::schema::{alliance_groups as groups, alliance_posts as posts, notices};

fn parsed<T>(ids: &[String], id: impl Fn(Uuid) -> T) -> Result<Vec<T>> {
    ids.iter().map(|text| text.parse().map(&id).map_err(Error::internal)).collect()
}

fn told<T: Display>(ids: impl Iterator<Item = T>) -> HashSet<String> {
    ids.map(|id| id.to_string()).collect()
}

pub fn visible_notices(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let (sight, ids) = (Sight::of_principal(who), parsed(ids, NoticeId)?);
    let columns = (notices::id, notices::area_code, notices::for_everybody);
    let rows: Vec<(NoticeId, String, bool)> =
        notices::table.filter(notices::id.eq_any(&ids)).select(columns).load(c)?;
    let roles = all_roles(c, &ids)?;
    let seen = rows.into_iter().filter(|(id, area, for_everybody)| {
        sight.sees(area, *for_everybody, roles.get(id).map(Vec::as_slice).unwrap_or_default())
    });
    Ok(told(seen.map(|(id, ..)| id)))
}

pub fn visible_groups(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let (circle, ids) = (Circle::of_principal(who), parsed(ids, AllianceGroupId)?);
    let rows: Vec<(AllianceGroupId, String)> =
        groups::table.filter(groups::id.eq_any(ids)).select((groups::id, groups::area_code)).load(c)?;
    Ok(told(rows.into_iter().filter(|(_, area)| circle.reads(area)).map(|(id, _)| id)))
}

/// Nobody but those who moderate is told of what is hidden now.
pub fn visible_posts(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let (circle, ids) = (Circle::of_principal(who), parsed(ids, AlliancePostId)?);
    let columns = (posts::id, posts::area_code, posts::hidden_at);
    let rows: Vec<(AlliancePostId, String, Option<Ts>)> =
        posts::table.filter(posts::id.eq_any(ids)).select(columns).load(c)?;
    let seen =
        rows.into_iter().filter(|(_, area, hidden)| circle.reads(area) && (hidden.is_none() || circle.moderates(area)));
    Ok(told(seen.map(|(id, ..)| id)))
}
