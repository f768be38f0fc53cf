//! What the product tells about itself: health, its document, what its problems mean.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Json};
use diesel::prelude::*;
use platform::auth::Visitor;
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi;

pub fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_liveness))
        .service(handler!(get_readiness))
        .service(handler!(get_problem_type))
        .service(handler!(get_document));
}

/// 健康状态
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HealthOut {
    #[schema(example = "ok", max_length = 10)]
    pub status: String,
}

fn ok() -> Json<HealthOut> {
    Json(HealthOut { status: "ok".into() })
}

/// 存活检查 · The process runs
#[utoipa::path(get, path = "/health/live", tag = "operations", security(()),
    responses((status = 200, description = "存活 · Alive", body = HealthOut)))]
pub async fn get_liveness(_: Visitor) -> Json<HealthOut> {
    ok()
}

/// 就绪检查 · The process can reach its database
#[utoipa::path(get, path = "/health/ready", tag = "operations", security(()),
    responses((status = 200, description = "就绪 · Ready", body = HealthOut)))]
pub async fn get_readiness(_: Visitor, app: Data<App>) -> Result<Json<HealthOut>> {
    let reached = app.db.read(|c| Ok(diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).execute(c)?));
    match reached.await {
        Ok(_) => Ok(ok()),
        Err(cause) => {
            log::warn!("not ready: {cause}");
            Err(Error::Busy)
        }
    }
}

/// 错误类型
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemTypeOut {
    #[schema(example = "not_found", max_length = 100)]
    pub code: String,
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// 中文说明
    #[schema(max_length = 200)]
    pub zh: String,
    /// English
    #[schema(max_length = 200)]
    pub en: String,
}

/// 错误说明 · What a problem's `type` points at
#[utoipa::path(get, path = "/problems/{code}", tag = "operations", security(()),
    params(("code" = String, Path, max_length = 100)),
    responses((status = 200, description = "错误类型 · The problem type", body = ProblemTypeOut)))]
pub async fn get_problem_type(_: Visitor, code: Path<String>) -> Result<Json<ProblemTypeOut>> {
    let known = crate::problems().into_iter().find(|problem| problem.code == code.as_str());
    let problem = known.ok_or(Error::NotFound)?;
    Ok(Json(ProblemTypeOut {
        code: problem.code.into(),
        status: problem.status,
        zh: problem.zh.into(),
        en: problem.en.into(),
    }))
}

/// 接口文档 · This document
#[utoipa::path(get, path = "/openapi.json", tag = "operations", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json")))]
pub async fn get_document(_: Visitor, app: Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(openapi::served(&app.public_base))
}
