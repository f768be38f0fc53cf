//! Handlers: extract, one door to the rows, a DTO.

mod checkins;
mod consents;
mod me;
mod persons;
mod requests;
mod residencies;
mod stages;
mod unmask;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    persons::routes(config);
    unmask::routes(config);
    residencies::routes(config);
    stages::routes(config);
    checkins::routes(config);
    consents::routes(config);
    requests::routes(config);
    me::routes(config);
}
