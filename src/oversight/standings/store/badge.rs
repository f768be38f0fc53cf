//! 星级徽章: the confirmed star of a compound as a picture that any page may embed.

use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::Conn;
use platform::secrets::fingerprint;
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds;

use crate::ratings::dto::RatingResultId;
use crate::schema::rating_results as results;
use crate::standings::rules::badge::{Rated, draw};

/// The picture with its tag.
#[derive(Debug)]
pub struct Badge {
    pub svg: String,
    pub tag: String,
}

/// Two reads by key: the star that was written down to the compound, and of which quarter the result is that it rests on.
pub fn of(c: &mut Conn, id: CompoundId) -> Result<Badge> {
    let compound = compounds::find(c, &Visible::everything(), id)?;
    let rated = match compound.confirmed_star.zip(compound.star_result_id) {
        Some((star, result)) => {
            let of_quarter: Option<(i32, i16)> = results::table
                .find(RatingResultId(result.0))
                .select((results::year, results::quarter))
                .first(c)
                .optional()?;
            of_quarter.map(|(year, quarter)| Rated { star, year, quarter })
        }
        None => None,
    };
    let svg = draw(&compound.name, rated);
    Ok(Badge { tag: fingerprint(svg.as_bytes()), svg })
}
