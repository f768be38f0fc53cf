//! Tables: what is exported, streamed in keyset pages, so that memory stays the same however long the list, and written so
//! that no spreadsheet takes a cell for a formula.
//!
//! A name that begins with `=` is a program to a spreadsheet (CSV injection, OWASP). Such a cell goes out with an
//! apostrophe before it, which a spreadsheet takes for the mark of a text; an import takes it off again.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use csv::{ReaderBuilder, StringRecord, Writer, WriterBuilder};
use futures_util::{Stream, stream};
use serde::Serialize;

use crate::app::App;
use crate::db::Conn;
use crate::error::{Error, Result};

/// Rows read at a time.
pub const CHUNK: i64 = 500;

/// What a formula begins with, or what is passed over on the way to one; full-width as ordinary.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const TEXT_MARK: char = '\'';

/// With the marks before it, so that a cell that was marked already can be told from one that we marked.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(TEXT_MARK).starts_with(FORMULA)
}

/// The cell as it goes out.
pub fn defused(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("{TEXT_MARK}{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before it went out.
pub fn restored(cell: &str) -> &str {
    cell.strip_prefix(TEXT_MARK).filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Every cell of a line that was read, as it was before it went out.
pub fn restored_line(line: StringRecord) -> StringRecord {
    if line.iter().any(|cell| restored(cell).len() < cell.len()) { line.iter().map(restored).collect() } else { line }
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().has_headers(false).from_writer(Vec::new())
}

fn written(writer: Writer<Vec<u8>>) -> Result<Vec<u8>> {
    writer.into_inner().map_err(|e| Error::internal(e.to_string()))
}

/// CSV rows, with the header in front of the first.
pub fn csv_rows<T: Serialize>(first: bool, header: &[&str], rows: impl Iterator<Item = T>) -> Result<Vec<u8>> {
    let mut plain = writer();
    for row in rows {
        plain.serialize(row).map_err(Error::internal)?;
    }
    let plain = written(plain)?;
    let mut out = writer();
    if first {
        out.write_record(header).map_err(Error::internal)?;
    }
    // The cells are known only once a row has been laid out.
    for line in ReaderBuilder::new().has_headers(false).flexible(true).from_reader(plain.as_slice()).records() {
        let line = line.map_err(Error::internal)?;
        out.write_record(line.iter().map(|cell| defused(cell).into_owned())).map_err(Error::internal)?;
    }
    written(out)
}

/// What has been sent so far.
enum At {
    Start,
    Behind(String),
    End,
}

/// A stream of chunks: `read` fetches the rows behind a key, `write` turns them into bytes (the flag marks the first
/// chunk), and `last` follows the last row.
pub fn chunks<R, F, W>(app: Data<App>, read: F, write: W, last: &'static str) -> impl Stream<Item = Result<Bytes>>
where
    R: Send + 'static,
    F: Fn(&mut Conn, Option<&str>) -> Result<Vec<(String, R)>> + Clone + Send + 'static,
    W: Fn(bool, &[(String, R)]) -> Result<Vec<u8>> + Clone + 'static,
{
    stream::try_unfold(At::Start, move |at| {
        let (app, read, write) = (app.clone(), read.clone(), write.clone());
        async move {
            let (first, after) = match at {
                At::Start => (true, None),
                At::Behind(key) => (false, Some(key)),
                At::End => return Ok(None),
            };
            let rows = app.db.read(move |c| read(c, after.as_deref())).await?;
            let mut bytes = write(first, &rows)?;
            let next = match rows.into_iter().next_back() {
                Some((key, _)) => At::Behind(key),
                None => {
                    bytes.extend_from_slice(last.as_bytes());
                    At::End
                }
            };
            Ok(Some((Bytes::from(bytes), next)))
        }
    })
}

/// The answer that carries such a stream as a file.
pub fn download(kind: &str, name: &str, body: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind.to_owned()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(body)
}

/// A table as a file.
pub fn csv_download(name: &str, body: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    download("text/csv; charset=utf-8", name, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_goes_out_as_a_text() {
        for cell in ["=1+1", "+86 937", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(defused(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "康盛花园", "0937-2600001", "a=b", "'引号", "{\"a\":-1}", " =1"] {
            assert_eq!(defused(cell), cell);
            assert_eq!(restored(cell), cell);
        }
    }

    #[test]
    fn rows_are_laid_out_and_defused() {
        let rows = [("=HYPERLINK(\"http://x\")", Some(5), "一,\n二"), ("康盛花园", None, "-")];
        let text = csv_rows(true, &["name", "n", "note"], rows.iter()).expect("written");
        let text = String::from_utf8(text).expect("UTF-8");
        assert_eq!(text, "name,n,note\n\"'=HYPERLINK(\"\"http://x\"\")\",5,\"一,\n二\"\n康盛花园,,'-\n");
        assert_eq!(csv_rows(false, &["name"], std::iter::empty::<(i32,)>()).expect("written"), b"");
    }

    proptest::proptest! {
        #[test]
        fn whatever_goes_out_comes_in_as_it_was(cell in "['=+@\\-\t\ra一＝]{0,6}") {
            let out = defused(&cell).into_owned();
            proptest::prop_assert!(!out.starts_with(FORMULA));
            proptest::prop_assert_eq!(restored(&out), cell.as_str());
            let line = restored_line(StringRecord::from(vec![out.as_str(), "x"]));
            proptest::prop_assert_eq!(line.get(0), Some(cell.as_str()));
        }
    }
}
