//! 签到表: whom the convener expects, with a line to sign on.

use maud::html;

use super::page::{moment, page};
use crate::meetings::dto::{Attendance, SeatRole};
use crate::meetings::store::meetings::Whole;

pub fn attendance(whole: &Whole) -> String {
    let row = &whole.row;
    let body = html! {
        h1 { (row.title) "签到表" }
        p { (moment(row.starts_at)) " · " (row.place) }
        table {
            tr { th { "单位" } th { "席位" } th { "职务" } th { "姓名" } th { "情况" } th { "签名" } }
            @for seat in &whole.seats {
                tr {
                    td { (seat.organisation_name) }
                    td { (role(seat.row.role)) @if seat.row.votes { "·表决" } }
                    td { (seat.title.as_deref().unwrap_or_default()) }
                    td { (seat.person_name.as_deref().unwrap_or_default()) }
                    td { (seat.row.attendance.map_or("", there)) }
                    td { " " }
                }
            }
        }
        p { "应到表决席位 " (whole.count.voting) ",实到 " (whole.count.present) "。" }
    };
    page(&row.title, body)
}

fn role(role: SeatRole) -> &'static str {
    match role {
        SeatRole::Convener => "召集人",
        SeatRole::Member => "成员",
        SeatRole::Observer => "列席",
    }
}

fn there(attendance: Attendance) -> &'static str {
    match attendance {
        Attendance::Present => "出席",
        Attendance::Proxy => "委托",
        Attendance::Excused => "请假",
        Attendance::Recorded => "据原纪要",
    }
}
