//! `application/problem+json` (RFC 9457), written in one place for every failure of every layer.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderMap};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{At, FieldError, Report, wire};

const MEDIA_TYPE: &str = "application/problem+json";

/// The reader's language: Chinese unless `Accept-Language` prefers English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    pub fn of(headers: &HeaderMap) -> Self {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let best = wanted.split(',').filter_map(weigh).fold(None, |best: Option<(Lang, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        });
        best.map_or(Lang::Zh, |(lang, _)| lang)
    }

    fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

fn weigh(range: &str) -> Option<(Lang, f32)> {
    let (tag, params) = range.split_once(';').unwrap_or((range, ""));
    let weight = params.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse().ok())?;
    let tag = tag.trim().to_ascii_lowercase();
    let lang = match tag.split('-').next()? {
        "zh" | "*" => Lang::Zh,
        "en" => Lang::En,
        _ => return None,
    };
    (weight > 0.0).then_some((lang, weight))
}

/// 错误信息. Every failure looks like this; programs switch on `code`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// 错误类型, an address that explains `code`
    #[schema(example = "https://api.example.org/problems/not_found", max_length = 300)]
    pub r#type: String,
    /// 标题, in the language of `Accept-Language` (zh-CN, en)
    #[schema(example = "未找到,或不在您的管辖范围内", max_length = 200)]
    pub title: String,
    /// HTTP status
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// 说明
    #[schema(example = "未找到,或不在您的管辖范围内", max_length = 1000)]
    pub detail: String,
    /// The path that was asked for
    #[schema(example = "/v1/grids/019b0000-0000-7000-8000-000000000000", max_length = 2000)]
    pub instance: String,
    /// 错误代码, stable
    #[schema(example = "not_found", max_length = 100)]
    pub code: String,
    /// 请求编号, to quote when asking for help
    #[schema(example = "019b2d5e6f7a7c3d8e9fa0b1c2d3e4f5", max_length = 128)]
    pub request_id: String,
    /// 逐项错误, all of them at once
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<FieldFault>,
    /// 所需权限, with 403
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "grids:write", max_length = 60)]
    pub required_scope: Option<String>,
}

/// 单项错误: one fault, at one place in the body, the query or the headers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldFault {
    /// JSON Pointer into the body, as a fragment
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "#/name", max_length = 300)]
    pub pointer: Option<String>,
    /// Query parameter
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit", max_length = 100)]
    pub parameter: Option<String>,
    /// Request header
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "If-Match", max_length = 100)]
    pub header: Option<String>,
    #[schema(example = "length", max_length = 100)]
    pub code: String,
    #[schema(example = "长度须为 1–80", max_length = 300)]
    pub detail: String,
}

impl FieldFault {
    fn render(fault: FieldError, lang: Lang) -> Self {
        let FieldError { at, code, zh, en } = fault;
        let detail = lang.pick(&zh, &en).to_owned();
        let mut out = Self { pointer: None, parameter: None, header: None, code: code.into_owned(), detail };
        match at {
            At::Pointer(pointer) => out.pointer = Some(format!("#{pointer}")),
            At::Parameter(name) => out.parameter = Some(name),
            At::Header(name) => out.header = Some(name.into_owned()),
        }
        out
    }
}

/// What a problem's body tells about the request it answers.
pub(super) struct Occasion<'a> {
    pub public_base: &'a str,
    pub path: &'a str,
    pub request_id: &'a str,
    pub lang: Lang,
}

/// Gives every failure its body. What failed below our code has a status and nothing else.
pub(super) fn render(mut response: HttpResponse<BoxBody>, occasion: &Occasion<'_>) -> HttpResponse<BoxBody> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let known = response.extensions_mut().remove::<Report>();
    let report = known.unwrap_or_else(|| {
        let mut report = Report::from(wire::for_status(status.as_u16()));
        report.status = status.as_u16();
        report
    });
    let body = body_of(report, occasion);
    let text = serde_json::to_string(&body).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LANGUAGE, header::HeaderValue::from_static(occasion.lang.tag()));
    response.set_body(BoxBody::new(text))
}

fn body_of(report: Report, occasion: &Occasion<'_>) -> ProblemBody {
    let Report { code, status, zh, en, errors, required_scope } = report;
    let title = occasion.lang.pick(&zh, &en).to_owned();
    let errors: Vec<FieldFault> = errors.into_iter().map(|fault| FieldFault::render(fault, occasion.lang)).collect();
    ProblemBody {
        r#type: format!("{}/problems/{code}", occasion.public_base),
        detail: errors.first().map_or_else(|| title.clone(), |first| format!("{title}: {}", describe(first))),
        title,
        status,
        instance: occasion.path.to_owned(),
        code: code.into_owned(),
        request_id: occasion.request_id.to_owned(),
        errors,
        required_scope: required_scope.map(std::borrow::Cow::into_owned),
    }
}

fn describe(fault: &FieldFault) -> String {
    let place = [&fault.pointer, &fault.parameter, &fault.header].into_iter().flatten().next();
    match place {
        Some(place) => format!("{place} {}", fault.detail),
        None => fault.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(header: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, header.parse().expect("a header"));
        Lang::of(&headers)
    }

    #[test]
    fn chinese_unless_english_is_preferred() {
        assert_eq!(Lang::of(&HeaderMap::new()), Lang::Zh);
        assert_eq!(lang("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
        assert_eq!(lang("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(lang("fr, en;q=0"), Lang::Zh);
    }
}
