//! What lies on the desks of 15 January 2024: cases that have each come so far, for every persona something to do.

use delivery::cases::dto::{CaseKind, Channel, Identity, Tier};

use super::words;

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 待受理
    Reported,
    /// 待派单
    Accepted,
    /// 待签收
    Dispatched,
    /// 待联系
    Signed,
    /// 处理中
    Started,
    /// 待核实、回访
    Done,
    /// 已归档
    Closed,
}

/// Who has it in hand.
#[derive(Debug, Clone, Copy)]
pub enum To {
    /// 新东名都物业, which serves three compounds of Tongdexiang
    Company,
    /// 南巷院服务站
    Station,
    Person(&'static str),
}

/// What is out of the ordinary about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    None,
    /// 上交到某一层级
    Raised(Tier),
    /// 挂起
    Held,
    /// 申请延期
    Asked,
    /// 并入前一件
    Merged,
    /// 回访不满意,重开
    Reopened,
}

#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Below the demo's divisions: a compound or a place in one.
    pub place: &'static str,
    pub kind: CaseKind,
    pub category: &'static str,
    pub channel: Channel,
    /// Day of January 2024, hour, minute.
    pub at: (u32, i64, i64),
    pub stage: Stage,
    pub to: To,
    pub reporter: Option<&'static str>,
    pub identity: Option<Identity>,
    pub twist: Twist,
}

impl Scene {
    pub fn words(&self) -> (&'static str, &'static str) {
        words::about(self.category)
    }

    /// 管道漏水, which somebody reported in the alliance group.
    pub fn is_of_the_group(&self) -> bool {
        self.channel == Channel::Alliance && self.reporter.is_some()
    }

    const fn by(self, reporter: &'static str) -> Self {
        Self { reporter: Some(reporter), ..self }
    }

    const fn as_(self, identity: Identity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    const fn with(self, twist: Twist) -> Self {
        Self { twist, ..self }
    }
}

const fn scene(
    place: &'static str,
    (kind, category): (CaseKind, &'static str),
    channel: Channel,
    at: (u32, i64, i64),
    (stage, to): (Stage, To),
) -> Scene {
    Scene { place, kind, category, channel, at, stage, to, reporter: None, identity: None, twist: Twist::None }
}

const KANGSHENG: &str = "620902005003-0001-001";
const KANGSHENG_2: &str = "620902005003-0001-002";
const OWN_ROOM: &str = "620902005003-0001-001-01-0001";
const DIHAO: &str = "620902005003-0002-003";
const JINSHUI: &str = "620902005003-0003-005";
const YARD: &str = "620902005003-0006";
const EIGHT: &str = "620902005003-0007";
const STREETSIDE: &str = "620902005003";
const JUYA: &str = "620902004007-0001";
const GUANGSHA: &str = "620902004002-0001";
const NANXIANG: &str = "130402010014-0001";

const WORKER: To = To::Person("worker.tongdexiang");
const SECRETARY: To = To::Person("secretary.tongdexiang");
const PATROL: To = To::Person("grid.fulltime");
const SECOND_PATROL: To = To::Person("grid.parttime");
const MEDIATOR: To = To::Person("mediator.tongdexiang");

/// A normal repair of Wednesday at ten is due on Monday at ten.
pub fn scenes() -> Vec<Scene> {
    use CaseKind::*;
    use Channel::*;
    use Stage::*;
    use To::{Company, Station};
    let owner = "owner.kangsheng";
    vec![
        // To be accepted, two of them by the community since the weekend.
        scene(OWN_ROOM, (Repair, "heating"), App, (15, 8, 20), (Reported, Company)).by(owner),
        scene(DIHAO, (Repair, "pipe_leak"), Alliance, (15, 8, 35), (Reported, Company)),
        scene(YARD, (Help, "elderly_help"), HomeVisit, (15, 8, 40), (Reported, WORKER)).by("tenant.tongdexiang"),
        scene(STREETSIDE, (Report, "waste"), App, (14, 16, 10), (Reported, WORKER)).as_(Identity::Anonymous),
        scene(EIGHT, (Suggestion, "improvement"), Window, (14, 10, 5), (Reported, WORKER)),
        scene(KANGSHENG_2, (Complaint, "service_quality"), App, (15, 8, 50), (Reported, Company)).by(owner),
        // To be given to somebody.
        scene(JINSHUI, (Repair, "lighting"), Phone, (15, 8, 31), (Accepted, Company)),
        scene(YARD, (Report, "corridor_clutter"), GridPatrol, (12, 16, 30), (Accepted, WORKER)),
        scene(KANGSHENG, (Enquiry, "fee_enquiry"), Phone, (12, 17, 0), (Accepted, SECRETARY)),
        // To be signed.
        scene(KANGSHENG, (Repair, "lighting"), App, (12, 16, 40), (Dispatched, Company)).by(owner),
        scene(DIHAO, (Repair, "fitness_kit"), Alliance, (15, 8, 32), (Dispatched, Company)),
        scene(KANGSHENG, (Report, "fly_wire_charging"), GridPatrol, (15, 8, 33), (Dispatched, PATROL)),
        scene(EIGHT, (Complaint, "noise_complaint"), Hotline12345, (12, 15, 20), (Dispatched, MEDIATOR)),
        scene(YARD, (Help, "hardship"), Window, (12, 15, 50), (Dispatched, SECRETARY)),
        // Signed, and the reporter is to be spoken to.
        scene(KANGSHENG_2, (Complaint, "fee_complaint"), App, (12, 11, 0), (Signed, Company))
            .by(owner)
            .as_(Identity::Hidden),
        scene(JINSHUI, (Service, "housekeeping"), App, (12, 10, 30), (Signed, Company)),
        scene(KANGSHENG, (Report, "corridor_clutter"), GridPatrol, (12, 9, 40), (Signed, PATROL)),
        scene(EIGHT, (Enquiry, "policy_enquiry"), Window, (12, 11, 20), (Signed, WORKER)),
        // At work: due today, overdue, put off, standing still.
        scene(KANGSHENG, (Repair, "road_damage"), App, (10, 10, 0), (Started, Company)).by(owner),
        scene(DIHAO, (Repair, "fitness_kit"), Phone, (10, 15, 0), (Started, Company)),
        scene(JINSHUI, (Repair, "road_damage"), Hotline12345, (8, 9, 30), (Started, Company)),
        scene(DIHAO, (Repair, "lighting"), Alliance, (11, 9, 10), (Started, Company)).with(Twist::Asked),
        scene(KANGSHENG_2, (Repair, "fitness_kit"), Window, (9, 14, 40), (Started, Company)).with(Twist::Held),
        scene(KANGSHENG, (Complaint, "staff_conduct"), Phone, (11, 10, 20), (Started, Company)).as_(Identity::Hidden),
        scene(YARD, (Report, "illegal_addition"), GridPatrol, (9, 9, 0), (Started, WORKER))
            .with(Twist::Raised(Tier::Street)),
        scene(EIGHT, (Report, "waste"), HomeVisit, (11, 15, 0), (Started, SECRETARY)),
        scene(KANGSHENG, (Report, "fly_wire_charging"), GridPatrol, (12, 14, 40), (Started, PATROL)),
        scene(YARD, (Report, "corridor_clutter"), GridPatrol, (11, 16, 0), (Started, SECOND_PATROL)),
        scene(EIGHT, (Complaint, "noise_complaint"), Alliance, (10, 16, 30), (Started, MEDIATOR)),
        // Above the community.
        scene(STREETSIDE, (Report, "other"), Meeting, (8, 10, 0), (Accepted, WORKER))
            .with(Twist::Raised(Tier::District)),
        scene(STREETSIDE, (Report, "waste"), Meeting, (10, 9, 30), (Accepted, WORKER))
            .with(Twist::Raised(Tier::Street)),
        // Done: to be verified and visited by the community.
        scene(OWN_ROOM, (Repair, "pipe_leak"), Alliance, (11, 9, 0), (Done, Company)).by(owner),
        scene(DIHAO, (Repair, "lift_fault"), Phone, (11, 14, 40), (Done, Company)),
        scene(JINSHUI, (Repair, "lighting"), Alliance, (10, 9, 0), (Done, Company)),
        scene(KANGSHENG, (Repair, "lighting"), SmartDevice, (11, 8, 40), (Done, Company)),
        scene(YARD, (Help, "elderly_help"), Window, (11, 9, 20), (Done, SECRETARY)).by("tenant.tongdexiang"),
        scene(EIGHT, (Enquiry, "fee_enquiry"), Phone, (11, 16, 20), (Done, SECRETARY)),
        // Not satisfied, opened again; reported twice.
        scene(JINSHUI, (Repair, "heating"), App, (10, 8, 40), (Done, Company)).with(Twist::Reopened),
        scene(DIHAO, (Repair, "pipe_leak"), App, (15, 8, 36), (Reported, Company)).with(Twist::Merged),
        // Lately closed.
        scene(OWN_ROOM, (Repair, "lighting"), App, (9, 9, 30), (Closed, Company)).by(owner),
        scene(DIHAO, (Service, "booking"), App, (9, 10, 20), (Closed, Company)),
        scene(YARD, (Praise, "thanks"), App, (10, 11, 0), (Closed, WORKER)).by("tenant.tongdexiang"),
        // Elsewhere.
        scene(JUYA, (Repair, "pipe_leak"), App, (15, 8, 45), (Reported, WORKER)),
        scene(JUYA, (Enquiry, "fee_enquiry"), Phone, (12, 10, 0), (Done, To::Person("secretary.guanbeigou"))),
        scene(JUYA, (Report, "illegal_addition"), GridPatrol, (9, 10, 0), (Accepted, WORKER))
            .with(Twist::Raised(Tier::Street)),
        scene(GUANGSHA, (Repair, "lighting"), Alliance, (15, 8, 42), (Reported, WORKER)),
        scene(NANXIANG, (Repair, "pipe_leak"), Alliance, (15, 8, 48), (Reported, Station)),
        scene(NANXIANG, (Repair, "lighting"), Window, (15, 8, 31), (Dispatched, Station)),
        scene(NANXIANG, (Repair, "road_damage"), Phone, (11, 10, 0), (Started, Station)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tongdexiang_has_some_forty_cases_on_its_desks() {
        let here: Vec<Scene> = scenes()
            .into_iter()
            .filter(|scene| scene.place.starts_with("620902005003") && scene.stage < Stage::Closed)
            .collect();
        assert!((35..=45).contains(&here.len()), "{}", here.len());
    }
}
