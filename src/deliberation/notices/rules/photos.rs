//! Which photos a notice takes, and how many.

use platform::Result;
use platform::media::MediaKind;

use super::{NOT_A_PICTURE, TOO_MANY_PHOTOS};

/// As many as a mini-program lets one choose, twice: when it is put up, and on its last day.
const MOST: i64 = 18;

pub fn check_kind(media: MediaKind) -> Result<()> {
    if media.is_picture() { Ok(()) } else { Err(NOT_A_PICTURE.at("/file")) }
}

pub fn check_room(there: i64) -> Result<()> {
    if there < MOST { Ok(()) } else { Err((&TOO_MANY_PHOTOS).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighteen_pictures_and_nothing_else() {
        assert!(check_room(17).is_ok() && check_room(18).is_err());
        assert!(check_kind(MediaKind::Webp).is_ok() && check_kind(MediaKind::Pdf).is_err());
    }
}
