//! A table as a file: CSV as every other export of the house, or a workbook. A figure's table is small (some thousand lines at
//! the most), so it is written whole.

use actix_web::HttpResponse;
use actix_web::http::header;
use platform::aside::Aside;
use platform::table::defused;
use platform::{Error, Result};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::dto::SheetFormat;
use super::rules::tables::{Cell, Table};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Putting a workbook together takes some milliseconds that requests do not have to wait for.
static WRITER: std::sync::LazyLock<Aside> = std::sync::LazyLock::new(|| Aside::new("sheets", 1));

/// The table as a file of its format.
pub async fn answer(format: SheetFormat, name: &str, table: &Table) -> Result<HttpResponse> {
    let (kind, bytes) = match format {
        SheetFormat::Csv => ("text/csv; charset=utf-8", csv(table)?),
        SheetFormat::Xlsx => {
            let table = table.clone();
            (XLSX, WRITER.run(move || workbook(&table).map_err(Error::internal)).await?)
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{format}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

/// Only texts may be taken for formulas; a number below nothing is none.
fn csv(table: &Table) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(table.header).map_err(Error::internal)?;
    for row in &table.rows {
        out.write_record(row.iter().map(written)).map_err(Error::internal)?;
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => defused(text).into_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Decimal(decimal) => decimal.clone(),
        Cell::Empty => String::new(),
    }
}

/// One sheet under a row of headings that stays in sight. A text is written as one, so none is taken for a formula.
fn workbook(table: &Table) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (heading, places) = (Format::new().set_bold(), Format::new().set_num_format("0.00"));
    for (column, name) in (0u16..).zip(table.header) {
        sheet.write_string_with_format(0, column, *name, &heading)?;
    }
    for (row, cells) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) => drop(sheet.write_string(row, column, text)?),
                Cell::Number(number) => drop(sheet.write_number(row, column, as_number(*number))?),
                Cell::Decimal(decimal) => match decimal.parse::<f64>() {
                    Ok(number) => drop(sheet.write_number_with_format(row, column, number, &places)?),
                    Err(_) => drop(sheet.write_string(row, column, decimal)?),
                },
                Cell::Empty => {}
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

/// What a workbook calls a number. Counts are far below the 2^53 up to which it is exact.
#[expect(clippy::cast_precision_loss, reason = "a workbook knows no other numbers")]
fn as_number(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let rows = vec![vec![
            Cell::Text("=1+1".to_owned()),
            Cell::Number(-981),
            Cell::Decimal("-32.70".to_owned()),
            Cell::Empty,
        ]];
        Table { header: &["指标", "分子", "同比", "分母"], rows }
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_none() {
        let text = String::from_utf8(csv(&table()).expect("written")).expect("UTF-8");
        assert_eq!(text, "指标,分子,同比,分母\n'=1+1,-981,-32.70,\n");
        let book = workbook(&table()).expect("a workbook");
        assert_eq!(book.get(..4), Some(b"PK\x03\x04".as_slice()));
    }
}
