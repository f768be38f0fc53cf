use actix_web::web::{Data, Json};
use platform::auth::{Actor, AreaCode, AreaLevel, Visible};
use platform::db::Conn;
use platform::history::By;
use platform::http::{Mount, Path, ValidQuery};
use platform::{App, Error, Result, handler};
use registry::territory::store::{divisions, profile};

use crate::cases::CaseFiguresRead;
use crate::cases::dto::{CaseFiguresOut, CaseFiguresQuery};
use crate::cases::rules::figures::passed;
use crate::cases::store::figures;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_area_case_figures));
}

/// There is such an area, and it is one of the caller's, or the community that theirs lies in: who patrols a grid or looks
/// after one may know how its community does. Counts say nothing of anybody.
fn check_area(c: &mut Conn, visible: &Visible, code: &AreaCode) -> Result<()> {
    let own_community = code.level() == AreaLevel::Community && visible.lies_in(code.as_str());
    if !own_community {
        visible.check(code.as_str())?;
    }
    let known = match code.level() {
        AreaLevel::Compound => profile::is_known(c, code)?,
        AreaLevel::Country => false,
        level if level <= AreaLevel::Community => {
            divisions::find(c, &Visible::everything(), code.as_str()).map(|_| true)?
        }
        _ => false,
    };
    if known { Ok(()) } else { Err(Error::NotFound) }
}

/// 事件指标 F6–F9、F23 · How the cases of an area were handled in a period, each figure with its parts: computed, never typed in
#[utoipa::path(get, path = "/areas/{code}/case-figures", tag = "cases", security(("bearer" = ["case_figures:read"])),
    params(("code" = AreaCode, Path, description = "区划或小区的区域代码"), CaseFiguresQuery),
    responses((status = 200, description = "指标 · The figures", body = CaseFiguresOut)))]
pub async fn get_area_case_figures(
    who: Actor<CaseFiguresRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<CaseFiguresQuery>,
) -> Result<Json<CaseFiguresOut>> {
    let by = By::new(&app, who.id());
    let as_of = asked.as_of.unwrap_or(by.today);
    let period = passed(asked.from, asked.to, as_of)?;
    let out = app
        .db
        .read(move |c| {
            check_area(c, &who.visible(), &code)?;
            figures::figures(c, &code, period, as_of, by.at)
        })
        .await?;
    Ok(Json(out))
}
