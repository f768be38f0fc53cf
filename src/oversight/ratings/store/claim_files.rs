//! 佐证材料 of a claim: the rows; the bytes are in the storage under keys that the rows name.

use diesel::prelude::*;
use platform::Result;
use platform::attachments::{Named, Size, Stored};
use platform::db::{Backend, Conn, Ts};
use platform::history::{ActorId, By};
use platform::media::MediaKind;
use platform::storage;

use super::rows::ClaimRow;
use super::{campaigns, indicators};
use crate::ratings::dto::{RatingCampaignStatus, RatingClaimFileId, RatingClaimId, RatingClaimStatus};
use crate::ratings::rules::{CLAIM_WITHDRAWN, INDICATOR_UNKNOWN, NOT_CLAIMING, TOO_MANY_FILES};
use crate::schema::rating_claim_files as files;

/// The most files of one claim: some for each of forty indicators.
const MOST: i64 = 200;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
pub struct ClaimFileRow {
    pub id: RatingClaimFileId,
    pub claim_id: RatingClaimId,
    pub indicator_code: String,
    pub media: MediaKind,
    pub storage_key: String,
    pub thumbnail_key: Option<String>,
    pub bytes: i32,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub sha256: String,
    pub added_by: Option<ActorId>,
    pub created_at: Ts,
}

impl ClaimFileRow {
    /// As far as its bytes are told apart.
    pub fn named(&self) -> Named {
        Named {
            media: self.media,
            storage_key: self.storage_key.clone(),
            thumbnail_key: self.thumbnail_key.clone(),
            sha256: self.sha256.clone(),
        }
    }
}

pub fn check_standing(claim: &ClaimRow) -> Result<()> {
    if claim.status == RatingClaimStatus::Submitted { Ok(()) } else { Err((&CLAIM_WITHDRAWN).into()) }
}

fn row_of(claim: &ClaimRow, code: &str, stored: &Stored, by: &By) -> Result<ClaimFileRow> {
    let Stored { media, key, thumbnail } = stored;
    let Size { bytes, width, height } = stored.size()?;
    Ok(ClaimFileRow {
        id: RatingClaimFileId::fresh(),
        claim_id: claim.id,
        indicator_code: code.to_owned(),
        media: media.kind,
        storage_key: key.as_str().to_owned(),
        thumbnail_key: thumbnail.as_ref().map(|key| key.as_str().to_owned()),
        bytes,
        width,
        height,
        sha256: media.sha256.clone(),
        added_by: by.actor.map(ActorId),
        created_at: by.at,
    })
}

/// Writes a file down, for an indicator of the scheme. Sent again, because an answer was lost, it is the one that is there.
pub fn add(c: &mut Conn, claim: &ClaimRow, code: &str, stored: &Stored, by: &By) -> Result<ClaimFileRow> {
    check_standing(claim)?;
    // Held, so that claims do not end meanwhile.
    let campaign = campaigns::hold(c, claim.campaign_id)?;
    if campaign.status != RatingCampaignStatus::Claiming {
        return Err((&NOT_CLAIMING).into());
    }
    if !indicators::of_scheme(c, campaign.scheme_id)?.iter().any(|row| row.code == code) {
        return Err(INDICATOR_UNKNOWN.at("/indicator_code"));
    }
    let new = row_of(claim, code, stored, by)?;
    let same = files::table
        .filter(files::claim_id.eq(claim.id).and(files::indicator_code.eq(code)).and(files::sha256.eq(&new.sha256)));
    if let Some(there) = same.select(ClaimFileRow::as_select()).first(c).optional()? {
        return Ok(there);
    }
    if count(c, claim.id)? >= MOST {
        return Err((&TOO_MANY_FILES).into());
    }
    storage::settle(c, &stored.keys())?;
    diesel::insert_into(files::table).values(&new).execute(c)?;
    Ok(new)
}

/// The files of a claim, oldest first.
pub fn list(
    c: &mut Conn,
    claim: RatingClaimId,
    (after, fetch): (Option<RatingClaimFileId>, i64),
) -> Result<Vec<ClaimFileRow>> {
    let mut query = files::table.into_boxed::<Backend>().filter(files::claim_id.eq(claim));
    if let Some(after) = after {
        query = query.filter(files::id.gt(after));
    }
    Ok(query.order(files::id.asc()).limit(fetch).select(ClaimFileRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, claim: RatingClaimId) -> Result<i64> {
    Ok(files::table.filter(files::claim_id.eq(claim)).count().get_result(c)?)
}

/// One file of a claim.
pub fn find(c: &mut Conn, claim: RatingClaimId, id: RatingClaimFileId) -> Result<ClaimFileRow> {
    let one = files::table.find(id).filter(files::claim_id.eq(claim));
    Ok(one.select(ClaimFileRow::as_select()).first(c)?)
}
