//! Which files a case takes, and how many.

use platform::Result;
use platform::media::MediaKind;

use super::{FILES_CLOSED, NOT_A_PICTURE, TOO_MANY_FILES};
use crate::cases::dto::{FilePurpose, Status};

/// As many as a mini-program lets one choose.
const MOST_BY_REPORTER: i64 = 9;
/// More than any work has shown so far; a list is for looking at.
const MOST_BY_STAFF: i64 = 60;

/// Before and after are shown; a report or a visit may be a paper as well.
pub fn check_kind(purpose: FilePurpose, media: MediaKind) -> Result<()> {
    let shows = matches!(purpose, FilePurpose::Before | FilePurpose::After);
    if shows && !media.is_picture() { Err(NOT_A_PICTURE.at("/file")) } else { Ok(()) }
}

/// A case that is over stays as it was shown.
pub fn check_open(status: Status) -> Result<()> {
    if status.is_open() { Ok(()) } else { Err((&FILES_CLOSED).into()) }
}

/// `there`: those of the same side in the same round.
pub fn check_room(by_reporter: bool, there: i64) -> Result<()> {
    let most = if by_reporter { MOST_BY_REPORTER } else { MOST_BY_STAFF };
    if there < most { Ok(()) } else { Err((&TOO_MANY_FILES).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_of_the_work_are_pictures() {
        assert!(check_kind(FilePurpose::After, MediaKind::Pdf).is_err());
        assert!(check_kind(FilePurpose::Before, MediaKind::Pdf).is_err());
        assert!(check_kind(FilePurpose::Visit, MediaKind::Pdf).is_ok());
        assert!(check_kind(FilePurpose::After, MediaKind::Webp).is_ok());
    }

    #[test]
    fn nine_by_the_reporter_and_none_to_a_case_that_is_over() {
        assert!(check_room(true, 8).is_ok() && check_room(true, 9).is_err());
        assert!(check_room(false, 59).is_ok() && check_room(false, 60).is_err());
        assert!(check_open(Status::ReturnVisit).is_ok() && check_open(Status::Closed).is_err());
    }
}
