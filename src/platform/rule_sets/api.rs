use actix_web::web::{Data, Json};

use super::dto::{InForceQuery, RuleInForce, RuleSetIn, RuleSetOut, RuleSetPage, RuleSetQuery, RulesInForceOut};
use super::store::{self, NewRuleSet};
use super::{RuleKey, RuleSetId, RuleSetsRead, RuleSetsWrite};
use crate::app::App;
use crate::auth::{Actor, AreaCode};
use crate::error::{Error, Result};
use crate::handler;
use crate::history::By;
use crate::http::{Answer, Mount, Once, PageParams, Paged, Path, Valid, ValidQuery, Versioned};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rule_sets))
        .service(handler!(create_rule_set))
        .service(handler!(get_rule_set))
        .service(handler!(get_rules_in_force));
}

/// 规则集列表 · The rule sets of one's area, of those above it and below it, oldest first
#[utoipa::path(get, path = "/rule-sets", tag = "rules", security(("bearer" = ["rule_sets:read"])),
    params(PageParams, RuleSetQuery),
    responses((status = 200, description = "一页规则集 · One page", body = RuleSetPage)))]
pub async fn list_rule_sets(
    who: Actor<RuleSetsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<RuleSetQuery>,
) -> Result<RuleSetPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(RuleSetId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RuleSetPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 制定规则集 · Set a rule for an area: a version that ends the one before it
#[utoipa::path(post, path = "/rule-sets", tag = "rules", security(("bearer" = ["rule_sets:write"])),
    request_body = RuleSetIn,
    responses((status = 201, description = "已制定 · Set", body = RuleSetOut)))]
pub async fn create_rule_set(
    who: Actor<RuleSetsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<RuleSetIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let RuleSetIn { key, area_code, params, legal_basis, effective_from } = body.clone();
        let new = NewRuleSet {
            id: RuleSetId::fresh(),
            key,
            area_code: area_code.to_string(),
            params,
            legal_basis,
            effective_from,
        };
        let row = store::create(c, new, &by)?;
        Ok(Versioned::created(format!("/v1/rule-sets/{}", row.id), row.version, RuleSetOut::from(row)))
    })
    .await
}

/// 规则集详情 · One rule set
#[utoipa::path(get, path = "/rule-sets/{id}", tag = "rules", security(("bearer" = ["rule_sets:read"])),
    params(("id" = RuleSetId, Path)),
    responses((status = 200, description = "规则集 · The rule set", body = RuleSetOut)))]
pub async fn get_rule_set(
    who: Actor<RuleSetsRead>,
    app: Data<App>,
    id: Path<RuleSetId>,
) -> Result<Versioned<RuleSetOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 有效规则 · Every rule as it holds in an area on a day: the nearest area's version, or the default
#[utoipa::path(get, path = "/rules-in-force", tag = "rules", security(("bearer" = ["rule_sets:read"])),
    params(InForceQuery),
    responses((status = 200, description = "有效规则 · What is in force", body = RulesInForceOut)))]
pub async fn get_rules_in_force(
    who: Actor<RuleSetsRead>,
    app: Data<App>,
    ValidQuery(asked): ValidQuery<InForceQuery>,
) -> Result<Json<RulesInForceOut>> {
    let area = asked.area.unwrap_or_else(AreaCode::country);
    let on = asked.on.unwrap_or(app.clock.today());
    let visible = who.visible();
    if !visible.covers(area.as_str()) && !visible.lies_in(area.as_str()) {
        return Err(Error::NotFound);
    }
    let keys: Vec<&'static RuleKey> = store::known().collect();
    let out = app
        .db
        .read(move |c| {
            let rules = store::in_force(c, &keys, &area, on)?;
            let items = keys.iter().map(|rule| RuleInForce::of(rule, rules.row(rule))).collect();
            Ok(RulesInForceOut { area: area.to_string(), on, items })
        })
        .await?;
    Ok(Json(out))
}
