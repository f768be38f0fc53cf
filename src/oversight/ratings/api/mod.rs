//! Handlers: extract, one door to the rows, a DTO.

mod appeals;
mod assessors;
mod campaigns;
mod claim_files;
mod claims;
mod facts;
mod results;
mod schemes;
mod sheets;
mod steps;

use platform::Result;
use platform::http::{Cut, Mount};

pub(super) fn routes(mount: &mut Mount) {
    schemes::routes(mount);
    campaigns::routes(mount);
    steps::routes(mount);
    claims::routes(mount);
    claim_files::routes(mount);
    assessors::routes(mount);
    sheets::routes(mount);
    facts::routes(mount);
    results::routes(mount);
    appeals::routes(mount);
}

/// A page whose rows hold documents of ours that have to be read.
fn told<R, T>(cut: Cut<R>) -> Result<Cut<T>>
where
    T: TryFrom<R, Error = platform::Error>,
{
    let rows = cut.rows.into_iter().map(T::try_from).collect::<Result<Vec<T>>>()?;
    Ok(Cut { rows, next_cursor: cut.next_cursor, link: cut.link })
}
