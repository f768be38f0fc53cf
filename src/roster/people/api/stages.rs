use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Once, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use crate::people::dto::{PartyStageIn, PartyStagesOut, PersonId};
use crate::people::store::persons::{self, PersonRow};
use crate::people::store::{By, stages as store};
use crate::people::{PartyStagesRead, PartyStagesWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_party_stages)).service(handler!(record_party_stage));
}

fn answered(c: &mut Conn, person: PersonRow) -> Result<PartyStagesOut> {
    let stages = store::of_person(c, person.id)?.into_iter().map(Into::into).collect();
    Ok(PartyStagesOut { person_id: person.id, party_status: person.party_status, stages, version: person.version })
}

/// 发展党员记录 · The stages of a person's Party development, in order; restricted
#[utoipa::path(get, path = "/persons/{id}/party-stages", tag = "people", security(("bearer" = ["party_stages:read"])),
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "阶段 · The stages", body = PartyStagesOut)))]
pub async fn get_party_stages(
    who: Actor<PartyStagesRead>,
    app: Data<App>,
    id: Path<PersonId>,
) -> Result<Versioned<PartyStagesOut>> {
    let out = app
        .db
        .read(move |c| {
            let person = persons::find(c, &who.visible(), *id)?;
            answered(c, person)
        })
        .await?;
    Ok(Versioned::ok(out.version, out))
}

/// 记录发展阶段 · Record the next stage; none is skipped, and the last two set the political status
#[utoipa::path(post, path = "/persons/{id}/party-stages", tag = "people",
    security(("bearer" = ["party_stages:write"])), request_body = PartyStageIn,
    params(("id" = PersonId, Path), IfMatch, Once),
    responses((status = 200, description = "已记录 · Recorded", body = PartyStagesOut)))]
pub async fn record_party_stage(
    who: Actor<PartyStagesWrite>,
    app: Data<App>,
    id: Path<PersonId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<PartyStageIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = persons::find(c, &who.visible(), *id)?;
        version.check(person.version)?;
        let person = store::record(c, &person, &body, &by)?;
        let out = answered(c, person)?;
        Ok(Versioned::ok(out.version, out))
    })
    .await
}
