//! What a public screen calls a meeting: from this dictionary, never in anybody's words.

use crate::meetings::dto::MeetingKind;

/// 会议名称, in Chinese and English.
pub fn of(kind: MeetingKind) -> (&'static str, &'static str) {
    match kind {
        MeetingKind::FourPartyJoint => ("四方联席会议", "Four-party joint meeting"),
        MeetingKind::MonthlyJoint => ("月度联席会议", "Monthly joint meeting"),
        MeetingKind::RedCouncilHall => ("红色议事厅", "Red Council Hall"),
        MeetingKind::OpinionMeeting => ("民情恳谈会", "Opinion meeting"),
        MeetingKind::Coordination => ("事务协调会", "Coordination meeting"),
        MeetingKind::Appraisal => ("成效评议会", "Appraisal meeting"),
        MeetingKind::NeighboursCouncil => ("邻里议事会", "Neighbours' council"),
        MeetingKind::SmallStool => ("小板凳议事会", "Small-stool council"),
        MeetingKind::PropertyJoint => ("物业联席会", "Property joint meeting"),
        MeetingKind::DeploymentAssessment => ("工作推进会", "Deployment and assessment"),
        MeetingKind::Training => ("专题培训", "Training"),
        MeetingKind::ObservationExchange => ("观摩交流会", "Observation and exchange"),
        MeetingKind::OnsiteOffice => ("现场办公", "On-site office"),
        MeetingKind::BranchElection => ("党支部选举大会", "MeetingParty branch election"),
        MeetingKind::OwnersAssembly => ("业主大会会议", "Owners' assembly"),
        MeetingKind::OcMeeting => ("业委会会议", "Owners' committee meeting"),
        MeetingKind::ResidentsAssembly => ("居民会议", "Residents' assembly"),
        MeetingKind::PartyMassCouncil => ("党群议事会", "MeetingParty-mass council"),
        MeetingKind::MoralAppraisal => ("道德评议", "Moral appraisal"),
    }
}
