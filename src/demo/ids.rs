//! Ids that are the same in every load.

use platform::db::Ts;
use uuid::{Builder, Uuid};

/// The demo's "now", 2024-01-15T09:00+08:00.
pub const NOW_MICROS: i64 = 1_705_280_400_000_000;

/// What an id is for, so that each kind counts for itself and one more grid does not renumber the rooms.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Account = 1,
    Grant,
    Grid,
    Assignment,
    Compound,
    Building,
    Unit,
    Room,
    Organisation,
    CommitteeTerm,
    Contract,
    Coverage,
    Instruction,
    Person,
    Residency,
    Post,
    Appointment,
    Election,
    Checkin,
    PostArea,
    Consent,
    CalendarDay,
    Case,
    DeskCase,
    Notice,
    Publicity,
    AllianceGroup,
    AlliancePost,
    MeetingSeries,
    Meeting,
    MeetingSeat,
    AgendaItem,
    Resolution,
    RuleSet,
    RatingScheme,
    RatingCampaign,
    RatingProject,
    RatingResult,
    RatingFact,
    RatingAssessor,
    RatingSheet,
    Listing,
    CreditEvent,
    Ranking,
    Board,
    SurveyForm,
    SurveyRound,
    SurveyConsequence,
    Checklist,
    ChecklistItem,
    CheckRun,
    Promise,
    TargetContract,
    ReportedFigure,
    ApiClient,
    RepairRequest,
}

/// A UUIDv7 of the demo's "now": its random bits hold the kind and a number instead.
pub fn id(kind: Kind, number: usize) -> Uuid {
    id_at(kind, number, now())
}

/// The same of another moment, for what is listed by when it came.
pub fn id_at(kind: Kind, number: usize, at: Ts) -> Uuid {
    let millis = u64::try_from(at.micros() / 1000).unwrap_or_default();
    // The first two bits of the last eight bytes are the variant's; a count in a demo stays far below them.
    let [a, b, c, d, e, f, g, h] = (number as u64).to_be_bytes();
    Builder::from_unix_timestamp_millis(millis, &[0, kind as u8, a, b, c, d, e, f, g, h]).into_uuid()
}

/// The demo's "now".
pub fn now() -> Ts {
    Ts::from_micros(NOW_MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shape_of_version_7_and_follow_their_numbers() {
        let first = id(Kind::Room, 1);
        assert_eq!(first.get_version_num(), 7);
        assert_eq!(first, id(Kind::Room, 1));
        assert!(first < id(Kind::Room, 2) && id(Kind::Unit, 9) < first);
        assert_eq!(now().to_string(), "2024-01-15T01:00:00.000000Z");
    }
}
