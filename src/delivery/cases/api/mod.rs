//! The operations of cases.

mod calls;
mod cases;
mod desk;
mod desk_queues;
mod dictionaries;
mod export;
mod figures;
mod files;
mod handling;
mod mine;
mod pauses;
mod story;
mod visits;

use platform::http::Mount;

pub fn routes(mount: &mut Mount) {
    export::routes(mount);
    cases::routes(mount);
    desk::routes(mount);
    desk_queues::routes(mount);
    dictionaries::routes(mount);
    handling::routes(mount);
    pauses::routes(mount);
    calls::routes(mount);
    visits::routes(mount);
    story::routes(mount);
    mine::routes(mount);
    files::routes(mount);
    figures::routes(mount);
}
