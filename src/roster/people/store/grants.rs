//! The role that a verified residency brings to the account of whoever lives there, and takes back when it ends.

use platform::Result;
use platform::auth::AreaCode;
use platform::db::Conn;
use registry::identity::{self, AccountId, GrantId, NewGrantSpec};

use super::By;
use super::persons::PersonRow;
use super::residencies::{self, ResidencyRow};
use crate::people::rules;

const REASON: &str = "居住关系已核实";
const OVER: &str = "居住关系终止";

/// Grants the role over the room; `None` where there is no account, or where it holds the role there already.
pub fn bring(c: &mut Conn, account: Option<AccountId>, row: &ResidencyRow, by: &By) -> Result<Option<GrantId>> {
    let Some(account) = account else { return Ok(None) };
    let area: AreaCode = row.area_code.parse().map_err(|e: String| platform::Error::internal(e))?;
    let role = rules::role_of(row.kind);
    if identity::standing_grant(c, account, role, &area, None)?.is_some() {
        return Ok(None);
    }
    let spec = NewGrantSpec {
        id: GrantId::fresh(),
        account,
        role,
        area,
        organisation: None,
        valid_from: by.today,
        valid_to: None,
        reason: REASON.to_owned(),
        actor: by.actor,
        at: by.at,
    };
    identity::grant_role(c, spec).map(Some)
}

/// Ends the grant of a residency that is over, unless another one of the same person in the same room still brings it.
pub fn take_back(c: &mut Conn, ended: &ResidencyRow, by: &By) -> Result<()> {
    let Some(grant) = ended.grant_id else { return Ok(()) };
    let role = rules::role_of(ended.kind);
    let others = residencies::in_force(c, ended.person_id)?;
    let heir = others.iter().find(|row| {
        row.id != ended.id && row.room_id == ended.room_id && rules::role_of(row.kind) == role && row.grant_id.is_none()
    });
    match heir {
        Some(heir) => residencies::set_grant(c, heir.id, Some(grant)),
        None => identity::end_grant_by_id(c, grant, by.actor, OVER, by.at),
    }
}

/// A person's record has got another account, or none: the roles of its residencies go with it.
pub fn follow_account(c: &mut Conn, before: Option<AccountId>, after: &PersonRow, by: &By) -> Result<()> {
    for row in residencies::in_force(c, after.id)? {
        if let (Some(_), Some(grant)) = (before, row.grant_id) {
            identity::end_grant_by_id(c, grant, by.actor, OVER, by.at)?;
        }
        let grant = bring(c, after.account_id, &row, by)?;
        residencies::set_grant(c, row.id, grant)?;
    }
    Ok(())
}
