//! The OpenAPI document: collected from the handlers, then finished in one pass that adds what every operation has in
//! common, so that no handler repeats it.

mod finish;

use std::sync::LazyLock;

use platform::http::{Mount, Routes};
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi as _};

const SCHEME: &str = "短期访问令牌 (Ed25519 JWT, 15 分钟)。Short-lived access token; a JWT used as RFC8725 asks: one fixed \
    algorithm (EdDSA), issuer and audience checked, keys at /.well-known/jwks.json.";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Red Steward 红管家",
        description = "红色物业治理后端。The backend for Party-led governance of residential compounds.\n\n\
            错误一律为 application/problem+json (RFC 9457); 按 `code` 判断。列表用 `limit` 与 `cursor` 翻页。\
            修改须带 `If-Match`; 新增可带 `Idempotency-Key`。小程序不能发送 PATCH 时, 用 POST 加 `X-HTTP-Method-Override: PATCH`。\n\n\
            Every failure is application/problem+json; switch on `code`. Lists page with `limit` and `cursor`. Changes need \
            `If-Match`; creations take `Idempotency-Key`. Where PATCH cannot be sent, POST with `X-HTTP-Method-Override: PATCH`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "Red Steward")
    ),
    tags(
        (name = "identity", description = "身份与授权 · Accounts, sessions, role grants, API clients, signing keys"),
        (name = "territory", description = "区域底数 · Divisions, grids, compounds, buildings, rooms and who answers for them"),
        (name = "people", description = "人员 · Persons, residencies, consents, and who looked at what"),
        (name = "organisations", description = "组织 · Organisations, service contracts, Party coverage, partnerships"),
        (name = "appointments", description = "任职 · Posts, appointments and cross-appointments"),
        (name = "cases", description = "事件 · Cases from report to return visit, their time limits and who has them in hand"),
        (name = "meetings", description = "联席会议 · Series, meetings, seats by organisation, agendas and votes"),
        (name = "minutes", description = "会议纪要 · Drafted, circulated, countersigned, published, and proved"),
        (name = "resolutions", description = "决议与行动项 · What was resolved, who does it by when, and who verified it"),
        (name = "notices", description = "通知公告与三方联盟群 · Notices, legal ones with their posting, and alliance groups"),
        (name = "ratings", description = "星级评定 · Schemes in versions, claims, panels and sheets, results explained, appeals, stars"),
        (name = "standings", description = "排名、红黑榜与红黑名单 · Rankings, boards, lists with due process, credit events, and badges"),
        (name = "statistics", description = "统计: 指标目录、任一日的指标、时间序列、公布值与看板概览 · Statistics of any day, series, published figures, and a dashboard in one answer"),
        (name = "surveys", description = "满意度测评、需求调查、四感 · Forms, rounds, invitations, answers, results and what follows a failed one"),
        (name = "standards", description = "标准、承诺与考核 · Checklists, checks, commitments, assessments and target contracts"),
        (name = "rules", description = "规则集 · Local rules: versioned, dated, for an area, with their legal basis"),
        (name = "calendar", description = "工作日历 · Working hours, holidays and make-up days, and deadlines explained"),
        (name = "publicity", description = "公示 · What is posted before it takes effect, and the objections to it"),
        (name = "feed", description = "事件流与大屏 · What has happened, as it happens; what public screens show"),
        (name = "operations", description = "运行 · Health, this document, what problems mean")
    ),
    modifiers(&Bearer),
    components(schemas(platform::http::ProblemBody, platform::http::FieldFault))
)]
struct Base;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(SCHEME));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme.build()));
    }
}

/// The document as the handlers give it.
pub fn document() -> OpenApi {
    Mount::document(Base::openapi(), crate::app::mount)
}

/// The finished document, with the address that a deployment is known by.
pub fn finished(document: &OpenApi, public_base: &str) -> Value {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    finish::finish(&mut value, public_base);
    value
}

/// Members of so many levels stand on lines of their own: an operation or a model is one line.
const LINES_DOWN_TO: usize = 3;

/// The same as text, as it is committed: one line for each operation and each model, so that a diff says which changed and
/// the file is no longer than it must be; with a final line end.
fn text_of(document: &Value) -> String {
    let mut text = String::new();
    write_lines(document, 0, &mut text);
    text.push('\n');
    text
}

fn write_lines(value: &Value, depth: usize, text: &mut String) {
    let Value::Object(members) = value else { return text.push_str(&value.to_string()) };
    if depth == LINES_DOWN_TO || members.is_empty() {
        return text.push_str(&value.to_string());
    }
    let indent = " ".repeat(depth + 1);
    for (at, (name, member)) in members.iter().enumerate() {
        text.push_str(if at == 0 { "{\n" } else { ",\n" });
        text.push_str(&indent);
        text.push_str(&Value::String(name.clone()).to_string());
        text.push_str(": ");
        write_lines(member, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(depth));
    text.push('}');
}

/// The document as it was committed. A process that serves does not make it again: to build it runs through the code of
/// every model and costs half of what an idle process would otherwise hold.
const COMMITTED: &str = include_str!("../openapi/openapi.json");

/// The document of a deployment that is known by `public_base`.
pub fn served(public_base: &str) -> String {
    COMMITTED.replacen(EXAMPLE_BASE, public_base, 1)
}

/// The routes of the document.
pub fn routes() -> Result<&'static Routes, String> {
    static ROUTES: LazyLock<Result<Routes, String>> = LazyLock::new(|| Routes::of(COMMITTED));
    ROUTES.as_ref().map_err(|e| format!("the OpenAPI document: {e}"))
}

/// The address in the committed document, which belongs to nobody.
pub const EXAMPLE_BASE: &str = "https://red-steward.example";

/// What `red-steward openapi` writes: file names and contents.
pub fn generated() -> Vec<(&'static str, String)> {
    let document = document();
    let finished = finished(&document, EXAMPLE_BASE);
    vec![("openapi.json", text_of(&finished)), ("roles.txt", roles(&finished)), ("problems.txt", problems())]
}

/// One line an operation: who may call it. Permissions are reviewed as this file's diff.
fn roles(document: &Value) -> String {
    let scopes = crate::scopes();
    let mut lines: Vec<String> = finish::operations(document)
        .map(|(path, method, operation)| {
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or("?");
            let (scope, holders) = match finish::scope_of(operation) {
                None => ("public".to_owned(), "anybody".to_owned()),
                Some(scope) => {
                    let info = scopes.iter().find(|info| info.name == scope);
                    (scope, info.map_or_else(|| "UNKNOWN SCOPE".to_owned(), |info| holders(info.holders)))
                }
            };
            format!("{} {path} {id} [{scope}]: {holders}", method.to_uppercase())
        })
        .collect();
    lines.sort();
    lines.join("\n") + "\n"
}

fn holders(holders: platform::auth::Holders) -> String {
    match holders {
        platform::auth::Holders::Everyone => "everyone who is logged in".to_owned(),
        platform::auth::Holders::Roles(roles) => roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" "),
    }
}

fn problems() -> String {
    let mut lines: Vec<String> =
        crate::problems().iter().map(|p| format!("{} {} {} | {}", p.code, p.status, p.zh, p.en)).collect();
    lines.sort();
    lines.join("\n") + "\n"
}
