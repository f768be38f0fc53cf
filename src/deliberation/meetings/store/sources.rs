//! 议题来源: verified to exist, and to be the proposer's to see.

use delivery::cases;
use platform::Result;
use platform::auth::Principal;
use platform::db::Conn;
use platform::publicity;
use uuid::Uuid;

use super::sight::Sight;
use crate::meetings::dto::SourceKind;
use crate::meetings::rules::SOURCE_UNKNOWN;

/// Whether there is such a source where the proposer may look. Surveys and owners' motions have no register yet, so that
/// none is found.
pub fn check(c: &mut Conn, who: &Principal, sight: &Sight, kind: SourceKind, id: Uuid) -> Result<()> {
    let found = match kind {
        SourceKind::Case => sees_case(c, who, id)?,
        SourceKind::Finding => sees_case(c, who, id)? && cases::was_found_on_patrol(c, cases::dto::CaseId(id))?,
        SourceKind::Objection => publicity::find_objection(c, &sight.areas, publicity::ObjectionId(id)).is_ok(),
        SourceKind::Survey | SourceKind::Motion => false,
        SourceKind::Legacy => true,
    };
    if found { Ok(()) } else { Err(SOURCE_UNKNOWN.at("/source_id")) }
}

fn sees_case(c: &mut Conn, who: &Principal, id: Uuid) -> Result<bool> {
    let id = id.to_string();
    Ok(cases::visible_cases(c, who, std::slice::from_ref(&id))?.contains(&id))
}
