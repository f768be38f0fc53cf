//! The wire: bodies, queries, pages, conditional requests, idempotency, and the edge that every request passes.

mod body;
mod conditional;
mod download;
mod edge;
mod faults;
mod fresh;
mod handlers;
mod idempotency;
mod limiter;
mod metrics;
mod mount;
mod page;
mod path;
mod problems;
mod query;
mod room;
mod routes;
mod upload;

pub use body::{Valid, check_date, check_not_blank, invalid, not_null, present, read_inside};
pub use conditional::{IfMatch, Versioned, Whole, etag};
pub use download::{Download, IfNoneMatch};
pub use edge::{ClientAddress, Edge, admit, guard, is_head};
pub use fresh::Fresh;
pub use handlers::{Endpoint, Handlers, endpoint};
pub use idempotency::{Answer, Call, KEY_DESCRIPTION, Made, Once, keep_new, purge_keys};
pub use limiter::{Limiter, Policy};
pub use metrics::Metrics;
pub use mount::Mount;
pub use page::{Cut, MAX_LIMIT, PageRequest, list_response};
pub use path::Path;
pub use problems::{FieldFault, Lang, ProblemBody};
pub use query::{NoFilter, PageParams, Paged, ValidQuery};
pub use room::UploadRoom;
pub use routes::{Found, Route, Routes};
pub use upload::{Binary, Upload, UploadedFile};
