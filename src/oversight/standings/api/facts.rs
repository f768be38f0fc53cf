//! Facts for those who honour somebody.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Mount, Path, ValidQuery};
use platform::{App, Result, handler};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds;
use roster::organisations::{self, OrganisationId};

use crate::standings::HonourFactsRead;
use crate::standings::dto::{CompoundFactsOut, HonourFactsQuery, OrganisationFactsOut};
use crate::standings::store::facts::{self, Asked};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_organisation_honour_facts)).service(handler!(get_compound_honour_facts));
}

const QUARTERS: u32 = 4;

fn asked(query: &HonourFactsQuery, app: &App) -> Asked {
    Asked { as_of: query.as_of.unwrap_or(app.clock.today()), quarters: query.quarters.unwrap_or(QUARTERS) }
}

/// 组织评优资格事实 · What is known of an organisation before it is honoured, with where it is from; nothing is decided here
#[utoipa::path(get, path = "/organisations/{id}/honour-facts", tag = "standings",
    security(("bearer" = ["honour_facts:read"])),
    params(("id" = OrganisationId, Path), HonourFactsQuery),
    responses((status = 200, description = "事实 · The facts", body = OrganisationFactsOut)))]
pub async fn get_organisation_honour_facts(
    who: Actor<HonourFactsRead>,
    app: Data<App>,
    id: Path<OrganisationId>,
    ValidQuery(query): ValidQuery<HonourFactsQuery>,
) -> Result<Json<OrganisationFactsOut>> {
    let asked = asked(&query, &app);
    let out = app
        .db
        .read(move |c| {
            let row = organisations::find(c, &who.visible(), *id)?;
            facts::of_organisation(c, &row, asked)
        })
        .await?;
    Ok(Json(out))
}

/// 小区评优资格事实 · The same of a compound: its stars, and the facts of the company that serves it
#[utoipa::path(get, path = "/compounds/{id}/honour-facts", tag = "standings",
    security(("bearer" = ["honour_facts:read"])),
    params(("id" = CompoundId, Path), HonourFactsQuery),
    responses((status = 200, description = "事实 · The facts", body = CompoundFactsOut)))]
pub async fn get_compound_honour_facts(
    who: Actor<HonourFactsRead>,
    app: Data<App>,
    id: Path<CompoundId>,
    ValidQuery(query): ValidQuery<HonourFactsQuery>,
) -> Result<Json<CompoundFactsOut>> {
    let asked = asked(&query, &app);
    let out = app
        .db
        .read(move |c| {
            let row = compounds::find(c, &who.visible(), *id)?;
            facts::of_compound(c, row.id, asked)
        })
        .await?;
    Ok(Json(out))
}
