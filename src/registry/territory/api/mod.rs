//! Handlers: extract, one door to the rows, a DTO.

mod buildings;
mod compounds;
mod contacts;
mod divisions;
mod export;
mod grids;
mod histories;
mod modes;

use platform::http::Mount;

pub(super) fn routes(mount: &mut Mount) {
    compounds::routes(mount);
    grids::routes(mount);
    buildings::routes(mount);
    divisions::routes(mount);
    modes::routes(mount);
    contacts::routes(mount);
    histories::routes(mount);
}
