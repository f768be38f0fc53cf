//! 导入计数: counts that were taken over as counts, with nothing here that they could be counted anew from: what a district
//! had written down before, or what was published of a year. They stand beside the others with where they are from, and in
//! the sums like all others.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Count, add_all, summed, touch};
use crate::db::Conn;
use crate::error::Result;
use crate::on_each;
use crate::schema::imported_counts;

#[derive(Insertable)]
#[diesel(table_name = imported_counts, treat_none_as_default_value = false)]
struct NewImported<'a> {
    metric: &'a str,
    area_code: &'a str,
    day: NaiveDate,
    dimension: &'a str,
    n: i64,
    source: &'a str,
}

impl<'a> NewImported<'a> {
    fn of(count: &'a Count, source: &'a str) -> Self {
        let Count { metric, area_code, day, dimension, n } = count;
        Self { metric, area_code, day: *day, dimension, n: *n, source }
    }
}

/// Takes counts over. `source` says where they are from, in words for who asks; a source is taken over once.
pub fn import(c: &mut Conn, source: &str, counts: impl IntoIterator<Item = Count>) -> Result<()> {
    const BATCH: usize = 1000;
    let counts = summed(counts);
    for batch in counts.chunks(BATCH) {
        let rows: Vec<NewImported<'_>> = batch.iter().map(|count| NewImported::of(count, source)).collect();
        on_each!(c => diesel::insert_into(imported_counts::table).values(&rows).execute(c))?;
    }
    counts.iter().for_each(|count| touch(c, &count.area_code));
    add_all(c, &counts)
}
