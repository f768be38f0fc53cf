//! 工作台: what waits for the caller, queue by queue, by when it is due. A queue is made of runs, each of which an index has
//! in order: of a community's desk one run for each state, so that a page costs a page however many cases there are.

mod counts;
mod runs;

pub use counts::{counts, length};
pub use runs::list;

use platform::db::Ts;
use platform::text_enum;

use crate::cases::dto::{Status, Tier};

text_enum! {
    /// 工作队列
    Queue {
        /// 待受理
        ToAccept = "to_accept",
        /// 待派单: accepted or returned
        ToDispatch = "to_dispatch",
        /// 待签收
        ToSign = "to_sign",
        /// 待办理: signed or in progress
        ToHandle = "to_handle",
        /// 待批准: pauses and extensions of the tier below
        ToApprove = "to_approve",
        /// 待核实与回访
        ToVisit = "to_visit",
        /// 已逾期
        Overdue = "overdue",
        /// 今日到期
        DueToday = "due_today",
    }
}

/// The moments that queues go by.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub at: Ts,
    /// The first moment of tomorrow in Asia/Shanghai.
    pub day_ends: Ts,
}

/// States in which the work is done and a visit is to come.
const TO_VISIT: [Status; 2] = [Status::Done, Status::ReturnVisit];

/// The community's desk looks after the branch's as well: many compounds have no branch yet.
fn own_tiers(own: Tier) -> &'static [Tier] {
    match own {
        Tier::Branch => &[Tier::Branch],
        Tier::Community => &[Tier::Branch, Tier::Community],
        Tier::Street => &[Tier::Street],
        Tier::District => &[Tier::District],
    }
}

/// Those whose requests a desk decides: the tier below, and at the top its own.
fn tiers_below(own: Tier) -> &'static [Tier] {
    match own {
        Tier::Branch => &[],
        Tier::Community => &[Tier::Branch],
        Tier::Street => &[Tier::Community],
        Tier::District => &[Tier::Street, Tier::District],
    }
}

/// Visits are the community's and the street's, whatever the tier.
pub fn visited_tiers(own: Tier) -> &'static [Tier] {
    match own {
        Tier::Community | Tier::Street => Tier::ALL,
        Tier::Branch | Tier::District => &[],
    }
}

/// Whether all of these are tiers that few cases ever come to; they have an index of their own.
fn are_high(tiers: &[Tier]) -> bool {
    tiers.iter().all(|tier| matches!(tier, Tier::Street | Tier::District))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tiers_of_the_index_of_high_ones_are_high() {
        assert!(are_high(own_tiers(Tier::Street)) && are_high(own_tiers(Tier::District)));
        assert!(!are_high(own_tiers(Tier::Branch)) && !are_high(own_tiers(Tier::Community)));
        assert!(!are_high(visited_tiers(Tier::Street)));
    }
}
