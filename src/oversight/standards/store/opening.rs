//! Of a run of events, those about commitments that a caller may read.

use std::collections::HashSet;

use diesel::prelude::*;
use platform::auth::Principal;
use platform::db::{Conn, Ts};
use platform::{Error, Result};
use roster::organisations::OrganisationId;

use super::commitments::Sight;
use crate::schema::service_commitments as commitments;
use crate::standards::dto::CommitmentId;

pub fn visible_commitments(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let parsed: Result<Vec<CommitmentId>> =
        ids.iter().map(|text| text.parse().map(CommitmentId).map_err(Error::internal)).collect();
    let columns = (commitments::id, commitments::area_code, commitments::company_id, commitments::published_at);
    let rows: Vec<(CommitmentId, String, OrganisationId, Option<Ts>)> =
        commitments::table.filter(commitments::id.eq_any(parsed?)).select(columns).load(c)?;
    let sight = Sight::of_principal(who);
    let seen = rows.into_iter().filter(|(_, area, company, at)| sight.sees((area, *company, at.is_some())));
    Ok(seen.map(|(id, ..)| id.to_string()).collect())
}
