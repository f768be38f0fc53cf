//! Handlers: extract, one door to the rows, a DTO.

mod appointments;
mod checks;
mod declarations;
mod elections;
mod export;
mod places;
mod posts;
mod steps;

use platform::Result;
use platform::auth::{Actor, Family, Grant, Role, Scope, Subject, Visible};
use platform::db::Conn;
use platform::http::Mount;
use platform::http::Versioned;
use registry::identity::{self, AccountId, SessionId};

use super::dto::{AppointmentId, AppointmentOut, PostId};
use super::rules;
use super::store::appointments::AppointmentRow;
use super::store::posts as seats;
use super::store::{By, queries};
use crate::organisations::{self, OrganisationId};

pub(super) fn routes(mount: &mut Mount) {
    appointments::routes(mount);
    steps::routes(mount);
    posts::routes(mount);
    places::routes(mount);
    elections::routes(mount);
    declarations::routes(mount);
}

/// The caller's grants that carry the scope, as they stand now and not as the token remembers them: what hands out power
/// reads them again inside its own transaction. A program holds none.
fn standing<S: Scope>(c: &mut Conn, who: &Actor<S>, by: &By) -> Result<Vec<Grant>> {
    let Some(session) = who.session() else { return Ok(Vec::new()) };
    match identity::subject_of(c, AccountId(who.id()), SessionId(session), by.today)? {
        Subject::Account { grants, .. } => {
            Ok(grants.into_iter().filter(|grant| S::HOLDERS.include(grant.role)).collect())
        }
        Subject::Client { .. } => Ok(Vec::new()),
    }
}

/// Those of them that reach the post of an appointment: over its area, or for its organisation.
fn standing_at<S: Scope>(c: &mut Conn, who: &Actor<S>, row: &AppointmentRow, by: &By) -> Result<Vec<Grant>> {
    let organisation = seats::get(c, row.post_id)?.organisation_id;
    let mut grants = standing(c, who, by)?;
    grants.retain(|grant| reaches(grant, organisation, &row.area_code));
    Ok(grants)
}

/// The roles that the caller holds over the post of an appointment, by the token.
fn roles_at<S: Scope>(c: &mut Conn, who: &Actor<S>, row: &AppointmentRow) -> Result<Vec<Role>> {
    let organisation = seats::get(c, row.post_id)?.organisation_id;
    Ok(who.grants().filter(|grant| reaches(grant, organisation, &row.area_code)).map(|grant| grant.role).collect())
}

/// A government body reaches what lies in its area; everybody else what is their own organisation's.
fn reaches(grant: &Grant, organisation: OrganisationId, area: &str) -> bool {
    let governs = grant.role.family() == Family::Government && grant.area.covers(area);
    governs || grant.organisation == Some(organisation.0)
}

/// Whether the caller acts for an organisation: a body of government where the post is, everybody else for their own.
fn speaks_for<S: Scope>(who: &Actor<S>, organisation: OrganisationId, area: &str) -> bool {
    let is_program = who.session().is_none();
    is_program || who.grants().any(|grant| reaches(grant, organisation, area))
}

/// The post is seen, and the caller acts for its organisation.
fn may_act_at<S: Scope>(c: &mut Conn, who: &Actor<S>, post: PostId) -> Result<()> {
    let post = seats::get(c, post)?;
    who.visible().check(&post.area_code)?;
    let organisation = organisations::get(c, post.organisation_id)?.ok_or(platform::Error::NotFound)?;
    if speaks_for(who, organisation.id, &post.area_code) { Ok(()) } else { Err((&rules::NOT_YOUR_ORGANISATION).into()) }
}

/// An appointment as it stands after a step.
fn shown(c: &mut Conn, id: AppointmentId, by: &By) -> Result<AppointmentOut> {
    Ok(AppointmentOut::of(queries::find(c, &Visible::everything(), id)?, by.today))
}

fn stepped(c: &mut Conn, id: AppointmentId, by: &By) -> Result<Versioned<AppointmentOut>> {
    let out = shown(c, id, by)?;
    Ok(Versioned::ok(out.version, out))
}

fn made(c: &mut Conn, id: AppointmentId, by: &By) -> Result<Versioned<AppointmentOut>> {
    let out = shown(c, id, by)?;
    Ok(Versioned::created(format!("/v1/appointments/{id}"), out.version, out))
}
