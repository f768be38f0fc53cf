//! Half-open ranges of codes: how a subtree of the area tree is read off one index.

diesel::define_sql_function! {
    /// The text from the `start`th character on, counted from 1; the same on both engines.
    fn substr(text: diesel::sql_types::Text, start: diesel::sql_types::Integer) -> diesel::sql_types::Text;
}

/// Sorts after every code: codes are digits and hyphens.
pub const LAST: &str = "~";

/// `from <= code < to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    pub from: String,
    pub to: String,
}

impl Range {
    /// All codes that begin with `prefix`.
    pub fn under(prefix: &str) -> Self {
        Self { from: prefix.to_owned(), to: after(prefix) }
    }

    /// What is left of the range behind `code`, the last one a reader has seen.
    pub fn behind(mut self, code: Option<&str>) -> Self {
        // No code holds a control character, so this is the smallest text after `code`.
        if let Some(next) = code.map(|code| format!("{code}\u{1}")).filter(|next| *next > self.from) {
            self.from = next;
        }
        self
    }
}

/// Gives everything below one code the other's prefix, in each table's `area_code`: `recode!(c, from, to, buildings, units)`.
/// The subtree is one range of codes. Another code is another representation, so versions go up with it; the event is
/// that of what was moved. Both areas look different afterwards.
#[macro_export]
macro_rules! recode {
    ($c:expr, $from:expr, $to:expr, $($table:ident),+ $(,)?) => {{
        let (from, to): (&str, &str) = ($from, $to);
        let range = $crate::db::Range::under(from);
        let keep = i32::try_from(from.len() + 1).map_err($crate::Error::internal)?;
        $crate::rollups::touch($c, from);
        $crate::rollups::touch($c, to);
        $(
            let inside = $table::area_code.ge(range.from.clone()).and($table::area_code.lt(range.to.clone()));
            let code = to.to_owned().into_sql::<diesel::sql_types::Text>();
            diesel::update($table::table.filter(inside))
                .set((
                    $table::area_code.eq(code.concat($crate::db::substr($table::area_code, keep))),
                    $table::version.eq($table::version + 1),
                ))
                .execute($c)?;
        )+
    }};
}

/// The smallest text after everything that begins with `prefix`.
fn after(prefix: &str) -> String {
    let mut chars: Vec<char> = prefix.chars().collect();
    match chars.pop().and_then(|last| char::from_u32(last as u32 + 1)) {
        Some(next) => {
            chars.push(next);
            chars.into_iter().collect()
        }
        None => LAST.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_ends_where_the_next_begins() {
        assert_eq!(Range::under("620902"), Range { from: "620902".into(), to: "620903".into() });
        assert_eq!(Range::under("620909").to, "62090:");
        assert_eq!(Range::under(""), Range { from: String::new(), to: LAST.into() });
    }

    proptest::proptest! {
        #[test]
        fn a_range_holds_exactly_the_codes_with_its_prefix(prefix in "[0-9]{0,12}", code in "[0-9]{1,15}(-[0-9]{4})?") {
            let range = Range::under(&prefix);
            let inside = range.from.as_str() <= code.as_str() && code.as_str() < range.to.as_str();
            proptest::prop_assert_eq!(inside, code.starts_with(&prefix));
        }
    }
}
