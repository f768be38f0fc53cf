use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::Mount;
use platform::http::Valid;
use platform::{App, Result, handler};

use crate::appointments::AppointmentsCheck;
use crate::appointments::dto::{CheckIn, CheckOut};
use crate::appointments::rules::guards;
use crate::appointments::store::facts::{self, Asked};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(check_appointment));
}

/// 任职资格审查 · Ask every guard about an appointment that might be made: pass or fail, and the facts; nothing is written
#[utoipa::path(post, path = "/appointments/check", tag = "appointments", security(("bearer" = ["appointments:check"])),
    request_body = CheckIn,
    responses((status = 200, description = "审查结果 · The answers", body = CheckOut)))]
pub async fn check_appointment(
    who: Actor<AppointmentsCheck>,
    app: Data<App>,
    Valid(body): Valid<CheckIn>,
) -> Result<Json<CheckOut>> {
    let today = app.clock.today();
    let asked = Asked {
        person: body.person_id,
        post: body.post_id,
        own: None,
        home: body.home_appointment_id,
        renews: body.renews_id,
        route: body.route,
        from: body.term_from,
        to: body.term_to,
        decider: None,
        rules_of: today,
        today,
    };
    let found = app.db.read(move |c| facts::gather(c, &who.visible(), &asked)).await?;
    let answers = guards::answers(&found.facts);
    Ok(Json(CheckOut::of(found.facts.direction(), &answers)))
}
