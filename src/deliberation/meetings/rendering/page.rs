//! 纪要打印页: a version as it was published or, marked as a draft, as it stands.

use maud::{DOCTYPE, Markup, html};
use platform::db::Ts;
use serde_json::Value;

use crate::meetings::dto::{MinutesStatus, Standing};
use crate::meetings::rules::labels;
use crate::meetings::store::rows::{MeetingRow, MinutesRow};

/// For paper and for PDF: the serif of Chinese offices first, and no rule or signature torn apart by a page.
pub const STYLE: &str = "@page{size:A4;margin:20mm}body{font-family:\"Source Han Serif SC\",\"Noto Serif CJK SC\",\
    \"Songti SC\",STSong,SimSun,serif;font-size:12pt;line-height:1.7;color:#000;max-width:170mm;margin:0 auto}\
    h1{font-size:18pt;text-align:center}h2{font-size:13pt;margin:1em 0 .3em}table{border-collapse:collapse;width:100%}\
    th,td{border:1px solid #444;padding:.2em .5em;text-align:left;vertical-align:top}tr,li{break-inside:avoid}\
    h2{break-after:avoid}.draft{color:#a00;text-align:center;font-weight:bold}pre{white-space:pre-wrap;font:inherit;margin:0}\
    footer{margin-top:2em;font-size:9pt;word-break:break-all}";

/// A page around a body.
pub fn page(title: &str, body: Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    whole.into_string()
}

/// 2024年1月20日 09:00, in Asia/Shanghai.
pub fn moment(at: Ts) -> String {
    let day = platform::clock::date_in_shanghai(at);
    let minutes = (at.seconds() - platform::clock::midnight_in_shanghai(day).seconds()) / 60;
    format!("{} {:02}:{:02}", day.format("%Y年%-m月%-d日"), minutes / 60, minutes % 60)
}

/// A text member of what was published.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The words of a closed set, as a reader knows them.
fn zh(code: &str) -> &str {
    match code {
        "community" => "居委会",
        "owners" => "业委会",
        "company" => "物业",
        "co_located" => "共驻共建单位",
        "authority" => "政府部门",
        "party_organisation" => "党组织",
        "residents" => "居民代表",
        "present" => "出席",
        "proxy" => "委托代理人",
        "excused" => "请假",
        "recorded" => "出席(据原纪要)",
        "signed" => "签署",
        "dissent" => "保留意见",
        "deemed" => "逾期视为同意",
        "report" => "通报",
        "deliberation" => "协商",
        "vote" => "表决",
        "adopted" | "effective" | "in_execution" | "done" | "reviewed" => "通过",
        "rejected" => "未通过",
        "deferred" => "暂缓",
        other => other,
    }
}

pub fn minutes(meeting: &MeetingRow, row: &MinutesRow, snapshot: &Value) -> String {
    let (name, _) = labels::of(meeting.kind);
    let standing = match meeting.standing {
        Some(Standing::Consultation) => "(仅为协商)",
        _ => "",
    };
    let is_final = matches!(row.status, MinutesStatus::Published | MinutesStatus::Superseded);
    let body = html! {
        h1 { (meeting.title) "纪要" }
        @if !is_final { p.draft { "草稿,未发布" } }
        @if row.status == MinutesStatus::Superseded { p.draft { "已由更正版本取代" } }
        p { (name) (standing) " · " (moment(meeting.starts_at)) " · " (meeting.place) " · 第" (row.number) "版" }
        @if let Some(reason) = &row.reason { p { "更正原因: " (reason) } }
        h2 { "参会单位" }
        table {
            tr { th { "单位" } th { "一方" } th { "职务" } th { "出席" } }
            @for seat in list(snapshot, "seats") {
                tr {
                    td { (text(seat, "organisation")) }
                    td { (zh(text(seat, "party"))) }
                    td { (text(seat, "title")) }
                    td { (zh(text(seat, "attendance"))) }
                }
            }
        }
        h2 { "概况" }
        pre { (text(snapshot, "summary")) }
        h2 { "议题" }
        ol {
            @for item in list(snapshot, "agenda") {
                li {
                    strong { (text(item, "title")) } " [" (zh(text(item, "kind"))) "]"
                    @if item.get("impromptu").and_then(Value::as_bool) == Some(true) { " 临时动议" }
                    pre { (text(item, "words")) }
                }
            }
        }
        @if !list(snapshot, "resolutions").is_empty() {
            h2 { "决议" }
            table {
                tr { th { "编号" } th { "内容" } th { "结果" } }
                @for resolution in list(snapshot, "resolutions") {
                    tr {
                        td { (text(resolution, "number")) }
                        td { (text(resolution, "title")) ": " (text(resolution, "words")) }
                        td { (zh(text(resolution, "status"))) }
                    }
                }
            }
        }
        h2 { "会签" }
        table {
            tr { th { "单位" } th { "意见" } }
            @for signature in list(snapshot, "signatures") {
                tr {
                    td { (seat_name(snapshot, text(signature, "seat_id"))) }
                    td { (zh(text(signature, "kind"))) " " (text(signature, "note")) }
                }
            }
        }
        @if let Some(hash) = &row.content_hash { footer { "内容哈希 SHA-256: " (hash) } }
    };
    page(&meeting.title, body)
}

fn seat_name<'a>(snapshot: &'a Value, id: &str) -> &'a str {
    list(snapshot, "seats")
        .iter()
        .find(|seat| text(seat, "seat_id") == id)
        .map_or("", |seat| text(seat, "organisation"))
}
