//! The operations of cases.

mod cases;
mod desk;
mod dictionaries;
mod handling;
mod mine;
mod pauses;
mod visits;

use platform::http::Mount;

pub fn routes(mount: &mut Mount) {
    cases::routes(mount);
    desk::routes(mount);
    dictionaries::routes(mount);
    handling::routes(mount);
    pauses::routes(mount);
    visits::routes(mount);
    mine::routes(mount);
}
