//! The ways by which a caller comes to see cases: a place, what an organisation has or answers for, what is in one's own
//! hands. Each is read in the order of an index of its own, a page at a time, and the pages are put together: one statement
//! with all of them as alternatives would read everything that they lead to, and sort it.

use diesel::expression::BoxableExpression;
use diesel::sql_types::{Bool, Nullable};
use platform::auth::AreaCode;
use registry::identity::AccountId;
use roster::organisations::OrganisationId;

use super::sight::Sight;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    Place(AreaCode),
    /// In hand.
    Handled(OrganisationId),
    /// Answered for, until a new handler signs.
    Answered(OrganisationId),
    ByName(AccountId),
    AnsweredByName(AccountId),
}

/// A condition that may be unknown where a column is empty.
pub type Condition<T, DB> = Box<dyn BoxableExpression<T, DB, SqlType = Nullable<Bool>>>;

impl Sight {
    /// Every way of the caller's; of those by place, what lies in `area`. What was given to somebody by name lies where they
    /// oversee, unless they hold a role of another kind as well.
    pub fn ways(&self, area: Option<&AreaCode>) -> Vec<Way> {
        let places = self.areas.areas().iter().filter_map(|own| match area {
            Some(asked) if own.covers(asked.as_str()) => Some(asked.clone()),
            Some(asked) if !asked.covers(own.as_str()) => None,
            _ => Some(own.clone()),
        });
        let mut ways: Vec<Way> = places.map(Way::Place).collect();
        for organisation in &self.organisations {
            ways.extend([Way::Handled(*organisation), Way::Answered(*organisation)]);
        }
        if self.named {
            ways.extend([Way::ByName(self.account), Way::AnsweredByName(self.account)]);
        }
        ways
    }
}

/// Digits of a community's code.
const COMMUNITY: usize = 12;

/// The community that a code lies in; itself where it lies in none.
pub fn community_of(code: &AreaCode) -> &str {
    code.as_str().get(..COMMUNITY).unwrap_or(code.as_str())
}

/// The cases of a place, as a condition that leaves the order to another index: a community's cases are read in the order
/// of the community's, a larger area's in the order of all. SQLite knows nothing of how many there are and would sort a
/// district; a pattern keeps it from the range, which PostgreSQL is free to choose where it is short.
macro_rules! within {
    ($place:expr, $sqlite:expr) => {{
        let place: &platform::auth::AreaCode = $place;
        let pattern = format!("{place}%");
        let range = platform::db::Range::under(place.as_str());
        let inside = cases::area_code.ge(range.from).and(cases::area_code.lt(range.to));
        let community = cases::community_code.eq($crate::cases::store::ways::community_of(place).to_owned());
        let condition: $crate::cases::store::ways::Condition<_, _> = match place.level() {
            platform::auth::AreaLevel::Community => Box::new(community.nullable()),
            platform::auth::AreaLevel::Compound => Box::new(community.and(cases::area_code.like(pattern)).nullable()),
            platform::auth::AreaLevel::Grid => {
                let either = cases::area_code.like(pattern.clone()).or(cases::grid_code.like(pattern));
                Box::new(community.and(either))
            }
            level if level > platform::auth::AreaLevel::Compound => Box::new(inside.nullable()),
            _ if $sqlite => Box::new(cases::area_code.like(pattern).nullable()),
            _ => Box::new(inside.nullable()),
        };
        condition
    }};
}

/// What a way leads to; of what is in hand, what lies in the area that is asked for.
macro_rules! reached {
    ($way:expr, $area:expr, $sqlite:expr) => {{
        let area: Option<&platform::auth::AreaCode> = $area;
        let all: $crate::cases::store::ways::Condition<_, _> = match $way {
            Way::Place(place) => within!(place, $sqlite),
            Way::Handled(id) => Box::new(cases::handler_org_id.eq(*id)),
            Way::Answered(id) => Box::new(cases::responsible_org_id.eq(*id)),
            Way::ByName(id) => Box::new(cases::handler_id.eq(*id)),
            Way::AnsweredByName(id) => Box::new(cases::responsible_id.eq(*id)),
        };
        match (area, $way) {
            (None, _) | (_, Way::Place(_)) => all,
            (Some(area), _) => {
                let here = cases::area_code.like(format!("{area}%"));
                let condition: $crate::cases::store::ways::Condition<_, _> =
                    Box::new(all.and(here.or(cases::grid_code.like(format!("{area}%")))));
                condition
            }
        }
    }};
}

pub(super) use {reached, within};
