use platform::auth::ScopeInfo;
use platform::history::Event;
use platform::http::Mount;
use platform::rule_sets::RuleKey;
use platform::db::Conn;
use platform::{Problem, Result};

pub const SCOPES: &[ScopeInfo] = &[];
pub const PROBLEMS: &[&Problem] = &[];
pub const RULES: &[&RuleKey] = &[];

pub fn react(_: &mut Conn, _: &Event) -> Result<()> {
    Ok(())
}

pub fn routes(_: &mut Mount) {}
