//! What the feed decides by itself: the order of events, which kinds are opened by what, when a reader must begin anew.

mod lens;
mod position;
mod ring;

use platform::problems;

pub use lens::{Lens, NEVER_SENT, OPENED_BY, Sight};
pub use position::{Place, Position, Resume, resume};
pub use ring::{Ring, Thin};

problems! {
    TOO_MANY_STREAMS = 429 "feed.too_many_streams", "您打开的事件流过多, 请先关闭一个", "You have too many streams open; close one first";
}
