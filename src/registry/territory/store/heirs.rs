//! Where that lies now which lay in an area once: compounds move, and communities get other codes.

use std::collections::BTreeSet;

use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Range};

use crate::schema::{compound_placements as placements, compounds, divisions};

/// The communities, for a code above them the areas of its level, in which things lie now that lay under this code at any
/// time; the code itself first of all.
pub fn heirs(c: &mut Conn, code: &str) -> Result<BTreeSet<String>> {
    let range = Range::under(code);
    let mut heirs: BTreeSet<String> = BTreeSet::new();
    let mut next = Some(code.to_owned());
    while let Some(code) = next.take().filter(|code| heirs.insert(code.clone())) {
        let successor = divisions::table.find(&code).select(divisions::successor_code);
        next = successor.first::<Option<String>>(c).optional()?.flatten();
    }
    let moved: Vec<String> = placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .filter(placements::community_code.eq(code))
        .filter(compounds::area_code.lt(&range.from).or(compounds::area_code.ge(&range.to)))
        .select(compounds::community_code)
        .distinct()
        .load(c)?;
    heirs.extend(moved);
    Ok(heirs)
}

/// The codes in an area under which compounds have ever lain, and those of divisions that have a successor.
pub fn testators(c: &mut Conn, range: &Range) -> Result<BTreeSet<String>> {
    let mut codes: BTreeSet<String> = placements::table
        .filter(placements::area_code.ge(&range.from).and(placements::area_code.lt(&range.to)))
        .select(placements::community_code)
        .distinct()
        .load(c)?
        .into_iter()
        .collect();
    let closed: Vec<String> = divisions::table
        .filter(divisions::code.ge(&range.from).and(divisions::code.lt(&range.to)))
        .filter(divisions::successor_code.is_not_null())
        .select(divisions::code)
        .load(c)?;
    codes.extend(closed);
    Ok(codes)
}
