//! What is printed, and what calendars take over: pages that need nothing from elsewhere, with the fonts that Chinese offices
//! have, laid out for A4.

mod calendar;
mod page;
mod sheet;

pub use calendar::feed;
pub use page::minutes;
pub use sheet::attendance;
