//! Handlers: extract, one door to the rows, a DTO.

mod buildings;
mod compounds;
mod contacts;
mod divisions;
mod export;
mod grids;
mod histories;
mod modes;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig) {
    divisions::routes(config);
    grids::routes(config);
    compounds::routes(config);
    modes::routes(config);
    buildings::routes(config);
    contacts::routes(config);
    histories::routes(config);
}
