//! Assembles the HTTP application and runs it.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use delivery::cases::Intake;
use gateway::feed::Feed;
use oversight::statistics::Boards;
use oversight::surveys::BallotBox;
use platform::http::{Edge, Fresh, Limiter, Metrics, Mount, admit, endpoint, guard};
use registry::identity::Catalogue;
use utoipa_swagger_ui::SwaggerUi;

use crate::config::Config;
use crate::cors::{cors, name_refusal};
use crate::routes::no_such_route;
use crate::{openapi, ops};

/// Everything that the workers share.
#[derive(Clone)]
pub struct Shared {
    pub app: Data<platform::App>,
    edge: Data<Edge>,
    catalogue: Data<Catalogue>,
    feed: Data<Feed>,
    intake: Data<Intake>,
    ballots: Data<BallotBox>,
    boards: Data<Boards>,
    origins: Vec<String>,
}

impl Shared {
    pub fn new(app: platform::App, config: &Config) -> Result<Self, String> {
        let edge = Edge {
            limiter: Limiter::new(
                config.rate_limit_per_minute,
                config.credentials_limit_per_minute,
                config.screen_limit_per_minute,
            ),
            metrics: Metrics::new().map_err(|e| format!("cannot set up the metrics: {e}"))?,
            trusted_proxies: config.trusted_proxies.clone(),
            routes: openapi::routes()?,
            unnamed: delivery::UNNAMED,
            fresh: Fresh::default(),
        };
        Ok(Self {
            intake: Data::new(Intake::new(app.db.clone(), app.secrets.clone())),
            ballots: Data::new(BallotBox::new(app.db.clone())),
            boards: Data::new(Boards::default()),
            app: Data::new(app),
            edge: Data::new(edge),
            catalogue: Data::new(Catalogue(crate::scopes())),
            feed: Data::new(Feed::new(config.feed(), crate::scopes(), crate::OPENERS)),
            origins: config.cors_origins.clone(),
        })
    }

    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    pub fn limiter(&self) -> &Limiter {
        &self.edge.limiter
    }
}

/// Every route of the product; the document is made from the same lines.
pub fn mount(mount: &mut Mount) {
    ops::routes(mount);
    registry::well_known(mount);
    mount.under("/v1", |mount| {
        registry::routes(mount);
        roster::routes(mount);
        delivery::routes(mount);
        deliberation::routes(mount);
        oversight::routes(mount);
        gateway::routes(mount);
        platform::routes(mount);
    });
}

fn is_documentation(context: &GuardContext<'_>) -> bool {
    context.head().uri.path().starts_with("/docs/")
}

fn documentation() -> SwaggerUi {
    SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json"))
}

/// The API on an open listener.
pub fn serve(shared: Shared, config: &Config, listener: TcpListener) -> std::io::Result<Server> {
    let workers = config.worker_count();
    // As many blocking threads as connections: more would wait for one, fewer would leave one idle.
    let blocking = (config.database_pool as usize).div_ceil(workers).max(2);
    let server = HttpServer::new(move || {
        let handlers = Mount::handlers(shared.edge.routes, mount).or_else(endpoint(no_such_route));
        App::new()
            .app_data(shared.app.clone())
            .app_data(shared.edge.clone())
            .app_data(shared.catalogue.clone())
            .app_data(shared.feed.clone())
            .app_data(shared.intake.clone())
            .app_data(shared.ballots.clone())
            .app_data(shared.boards.clone())
            .service(web::redirect("/docs", "/docs/"))
            .service(web::scope("").guard(fn_guard(is_documentation)).service(documentation()))
            .default_service(handlers)
            .wrap(from_fn(admit))
            .wrap(Condition::new(!shared.origins.is_empty(), cors(&shared.origins)))
            .wrap(from_fn(name_refusal))
            .wrap(from_fn(guard))
    });
    Ok(server
        .workers(workers)
        .worker_max_blocking_threads(blocking)
        .shutdown_timeout(config.shutdown_seconds)
        .listen(listener)?
        .run())
}

/// Prometheus's address, apart from the API's.
pub fn serve_metrics(shared: Shared, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.app.clone())
            .app_data(shared.edge.clone())
            .route("/metrics", web::get().to(render_metrics))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn render_metrics(app: Data<platform::App>, edge: Data<Edge>) -> HttpResponse {
    match edge.metrics.render(&app.db) {
        Ok(text) => HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text),
        Err(error) => {
            log::error!("metrics: {error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}
