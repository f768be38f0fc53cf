//! Handlers: extract, one door to the rows, a DTO.

mod checkins;
mod consents;
mod me;
mod persons;
mod requests;
mod residencies;
mod stages;
mod unmask;

use platform::http::Mount;

pub fn routes(mount: &mut Mount) {
    persons::routes(mount);
    unmask::routes(mount);
    residencies::routes(mount);
    stages::routes(mount);
    checkins::routes(mount);
    consents::routes(mount);
    requests::routes(mount);
    me::routes(mount);
}
