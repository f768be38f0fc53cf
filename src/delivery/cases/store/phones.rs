//! 查看报事人号码: every opening of a number that a case was reported with, written down in the transaction that answers with
//! it. The reporter reads it: with their record where they have one, else in the story of their case.

use platform::auth::Grant;
use platform::db::Conn;
use platform::history::By;
use platform::secrets::Secrets;
use platform::{Error, Result};
use roster::people::dto::UnmaskIn;
use roster::people::{self, NO_PHONE, Opened, SourceId};

use super::rows::CaseRow;
use super::single;
use crate::cases::dto::{CaseId, Identity, ReporterPhoneOut};

/// What the phones of reporters are sealed for.
pub const PHONES: &str = "case_reporters";

/// Opens the number under which a reporter is reached, for a caller who acts by `grant`: that which came with the case, else
/// that of their record. Nobody is known who reported without a name.
pub fn unmask(
    c: &mut Conn,
    row: &CaseRow,
    grant: &Grant,
    asked: &UnmaskIn,
    secrets: &Secrets,
    by: &By,
) -> Result<ReporterPhoneOut> {
    if row.identity == Identity::Anonymous {
        return Err(Error::NotFound);
    }
    let reporter = single::reporter(c, row.id)?.ok_or(Error::NotFound)?;
    let person = match reporter.account_id {
        Some(account) => people::person_of_account(c, account.0)?,
        None => None,
    };
    let (phone, access_id) = match (&reporter.phone_sealed, person) {
        (Some(sealed), Some(person)) => {
            let access = people::note_opening(c, Opened::Of(person), grant, asked, by)?;
            (open(secrets, row.id, sealed)?, access.id)
        }
        (None, Some(person)) => {
            let (phone, access) = people::unmask_person(c, person, grant, asked, secrets, by)?;
            (phone, access.id)
        }
        (Some(sealed), None) => {
            let access = people::note_opening(c, Opened::With(SourceId(row.id.0)), grant, asked, by)?;
            (open(secrets, row.id, sealed)?, access.id)
        }
        (None, None) => return Err((&NO_PHONE).into()),
    };
    Ok(ReporterPhoneOut { phone, access_id, at: by.at })
}

fn open(secrets: &Secrets, of: CaseId, sealed: &[u8]) -> Result<String> {
    String::from_utf8(secrets.open(PHONES, of.0.as_bytes(), sealed)?).map_err(Error::internal)
}
