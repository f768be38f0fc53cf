//! 隐名: what is not shown of a case whose reporter keeps out of the handler's sight. A flat is as good as a name, so whoever
//! works on such a case is told of no place finer than the building, in any answer.

use super::places::building_of;
use super::rows::{CaseRow, ListedRow, SaidRow};
use super::sight::{SeenAs, Sight};
use crate::cases::dto::Identity;

/// The place up to the building.
fn up_to_building(code: &str) -> &str {
    building_of(code).unwrap_or(code)
}

impl CaseRow {
    /// Where its events happened, as far as everybody may know whom they are told to: the feed is read by the handler and by
    /// neighbours who joined.
    pub fn told_at(&self) -> &str {
        up_to_building(&self.area_code)
    }
}

impl Sight {
    /// A case as the caller may be shown it. It is not for computing with any more.
    pub fn veiled(&self, (row, said): (CaseRow, SaidRow)) -> (CaseRow, SaidRow) {
        if row.identity == Identity::Open || self.sees(&row) == Some(SeenAs::Overseer) {
            return (row, said);
        }
        let said = SaidRow { place: None, lat_e6: None, lon_e6: None, ..said };
        (CaseRow { area_code: up_to_building(&row.area_code).to_owned(), ..row }, said)
    }

    /// The same of a case in a list.
    pub fn veiled_item(&self, row: ListedRow) -> ListedRow {
        if row.identity == Identity::Open || self.sees(&row) == Some(SeenAs::Overseer) {
            return row;
        }
        ListedRow { area_code: up_to_building(&row.area_code).to_owned(), ..row }
    }
}

/// Leaves out of what is asked for by a place finer than the building whatever the caller is not told that fine a place of:
/// who may ask flat by flat would find it out.
macro_rules! told_apart {
    ($query:expr, $sight:expr, $area:expr) => {{
        let (sight, area): (&Sight, Option<&platform::auth::AreaCode>) = ($sight, $area);
        match area.filter(|area| area.level() > platform::auth::AreaLevel::Building) {
            None => $query,
            Some(_) => {
                let not_me = cases::handler_id.is_null().or(cases::handler_id.assume_not_null().ne(sight.account));
                let never_me =
                    cases::responsible_id.is_null().or(cases::responsible_id.assume_not_null().ne(sight.account));
                let ours = &sight.organisations;
                let not_ours =
                    cases::handler_org_id.is_null().or(cases::handler_org_id.assume_not_null().ne_all(ours.clone()));
                let never_ours = cases::responsible_org_id
                    .is_null()
                    .or(cases::responsible_org_id.assume_not_null().ne_all(ours.clone()));
                let in_other_hands = not_me.and(never_me).and(not_ours).and(never_ours);
                let open = cases::identity.eq($crate::cases::dto::Identity::Open);
                $query.filter(open.or(in_other_hands))
            }
        }
    }};
}

pub(super) use told_apart;
