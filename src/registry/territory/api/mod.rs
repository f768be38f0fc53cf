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
    compounds::routes(config);
    grids::routes(config);
    buildings::routes(config);
    divisions::routes(config);
    modes::routes(config);
    contacts::routes(config);
    histories::routes(config);
}
