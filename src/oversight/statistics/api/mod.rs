//! Handlers: extract, one door to the rows, a DTO.

mod exports;
mod figures;
mod overview;
mod reported;

use platform::http::Mount;

pub(super) fn routes(mount: &mut Mount) {
    figures::routes(mount);
    exports::routes(mount);
    overview::routes(mount);
    reported::routes(mount);
}
