//! How phones are kept: sealed for one person each, with a mask to show and a keyed mark to know them again by.

use platform::secrets::{Secrets, hex};
use platform::{Error, Result};

use crate::people::dto::PersonId;
use crate::people::rules;

/// What the keys of phones are derived for.
const PHONES: &str = "phones";

/// A phone as it is kept.
#[derive(Default)]
pub struct SealedPhone {
    pub sealed: Option<Vec<u8>>,
    pub masked: Option<String>,
    pub mark: Option<String>,
}

/// Seals a phone for one person; a number that is none was refused before.
pub fn seal_phone(secrets: &Secrets, of: PersonId, typed: Option<&str>) -> Result<SealedPhone> {
    let Some(phone) = typed.and_then(rules::parse_phone) else { return Ok(SealedPhone::default()) };
    let mark = secrets.mark(PHONES, phone.as_bytes());
    Ok(SealedPhone {
        sealed: Some(secrets.seal(PHONES, of.0.as_bytes(), phone.as_bytes())?),
        masked: Some(rules::mask(&phone)),
        mark: Some(hex(&mark)),
    })
}

/// The phone in clear. Whoever calls has the right to it and has written down that it was opened.
pub fn open_phone(secrets: &Secrets, of: PersonId, sealed: &[u8]) -> Result<String> {
    String::from_utf8(secrets.open(PHONES, of.0.as_bytes(), sealed)?).map_err(Error::internal)
}
