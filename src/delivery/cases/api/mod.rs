//! The operations of cases.

mod cases;
mod desk;
mod figures;
mod handling;
mod mine;
mod visits;

use platform::http::Mount;

pub fn routes(mount: &mut Mount) {
    cases::routes(mount);
    desk::routes(mount);
    handling::routes(mount);
    visits::routes(mount);
    mine::routes(mount);
    figures::routes(mount);
}
