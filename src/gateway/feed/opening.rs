//! Kinds whose rows are not opened by their area alone.

use std::collections::HashSet;

use platform::Result;
use platform::auth::Principal;
use platform::db::Conn;

/// Decides for one kind of entity which of some rows a caller sees: a case is the desk's, its handlers' and its reporter's.
/// It is asked for all ids of a run of events at once and answers with one or a few statements.
#[derive(Clone, Copy)]
pub struct Opener {
    pub entity: &'static str,
    /// Who does not carry it sees none and is not asked for.
    pub scope: &'static str,
    pub visible: fn(&mut Conn, &Principal, &[String]) -> Result<HashSet<String>>,
}
