//! What the demo's cases are about, and what is said of them. All made up, and nobody's name.

use delivery::cases::dto::{CaseKind, Channel};

use super::plan::{Planned, Subject};

const REPAIRS: [&str; 5] = ["road_damage", "pipe_leak", "lighting", "fitness_kit", "lift_fault"];
const ENQUIRIES: [&str; 2] = ["fee_enquiry", "policy_enquiry"];
const COMPLAINTS: [&str; 3] = ["service_quality", "fee_complaint", "staff_conduct"];
pub const ROAD: &str = "road_damage";
const CHANNELS: [Channel; 7] = [
    Channel::App,
    Channel::App,
    Channel::Phone,
    Channel::Window,
    Channel::Alliance,
    Channel::Hotline12345,
    Channel::GridPatrol,
];

fn one_of<T: Copy>(all: &[T], draw: u64, otherwise: T) -> T {
    let at = usize::try_from(draw % all.len().max(1) as u64).unwrap_or_default();
    all.get(at).copied().unwrap_or(otherwise)
}

/// 类型与分类
pub fn class_of(event: &Planned) -> (CaseKind, &'static str) {
    match event.subject {
        Subject::Repair => (CaseKind::Repair, one_of(&REPAIRS, event.draw, ROAD)),
        Subject::Enquiry => (CaseKind::Enquiry, one_of(&ENQUIRIES, event.draw, "policy_enquiry")),
        Subject::Complaint if event.against_company => {
            (CaseKind::Complaint, one_of(&COMPLAINTS, event.draw, "service_quality"))
        }
        Subject::Complaint => (CaseKind::Complaint, "noise_complaint"),
        Subject::Booking => (CaseKind::Service, "booking"),
        Subject::Payment => (CaseKind::Service, "payment"),
        Subject::Housekeeping => (CaseKind::Service, "housekeeping"),
    }
}

pub fn channel_of(event: &Planned) -> Channel {
    one_of(&CHANNELS, event.draw / 7, Channel::App)
}

/// A title and a line.
pub fn about(category: &str) -> (&'static str, &'static str) {
    match category {
        "pipe_leak" => ("管道漏水", "楼道管道接头处漏水,地面有积水。"),
        "road_damage" => ("路面坑洼", "小区主路有坑洼,骑车不安全。"),
        "lighting" => ("楼道灯不亮", "楼道声控灯不亮,夜间上下楼不便。"),
        "fitness_kit" => ("健身器材损坏", "漫步机踏板松动,存在隐患。"),
        "lift_fault" => ("电梯异响", "电梯运行时有异响,偶尔不平层。"),
        "heating" => ("暖气不热", "家中暖气片温度偏低。"),
        "fee_enquiry" => ("咨询物业费标准", "想了解物业费收费标准和构成。"),
        "policy_enquiry" => ("咨询办事流程", "想了解所需材料和办理流程。"),
        "elderly_help" => ("老人需要帮助", "独居老人需要代买生活用品。"),
        "service_quality" => ("保洁不及时", "楼道多日未清扫,请督促整改。"),
        "fee_complaint" => ("收费项目不清", "收费单上有一项不清楚,请说明。"),
        "staff_conduct" => ("门岗态度生硬", "进出登记时门岗态度生硬。"),
        "noise_complaint" => ("噪音扰民", "楼上夜间装修,影响休息。"),
        "corridor_clutter" => ("楼道堆放杂物", "楼道堆放纸箱,影响通行。"),
        "fly_wire_charging" => ("飞线充电", "有人从窗口拉线给电动车充电。"),
        "waste" => ("垃圾堆放", "垃圾桶旁堆放装修垃圾。"),
        "improvement" => ("建议增设座椅", "建议在小广场增设几把座椅。"),
        "thanks" => ("感谢维修师傅", "维修师傅冒雪抢修,特此感谢。"),
        "housekeeping" => ("预约家政", "预约周末家政保洁两小时。"),
        "payment" => ("网上缴费", "通过小程序缴纳本季度物业费。"),
        "booking" => ("预约窗口办理", "预约到社区窗口办理证明。"),
        _ => ("其他事项", "其他需要协助的事项。"),
    }
}

/// 处理情况
pub fn result_of(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Repair => "已到场维修,恢复正常。",
        CaseKind::Enquiry => "已当面答复,并告知所需材料。",
        CaseKind::Complaint => "已核实并督促整改,结果已告知。",
        CaseKind::Service => "已按预约办理。",
        _ => "已处理。",
    }
}
