//! The shapes that division registers come in: a table with a header, a JSON list, or nested JSON lists.

use std::io::{BufRead, BufReader, Read};

use platform::{Error, Result};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::territory::dto::DivisionLevel;

/// What a file is, by its name's ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

impl Format {
    pub fn of(file_name: &str) -> Option<Self> {
        match file_name.rsplit('.').next() {
            Some("csv") => Some(Format::Csv),
            Some("json") => Some(Format::Json),
            _ => None,
        }
    }
}

/// A row as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawDivision {
    pub code: String,
    pub name: String,
    /// The parent that the file names, where it does.
    pub parent: Option<String>,
    /// For a street that nested lists hang straight under a city, that city's name: a few have no districts, and such a
    /// file leaves out the one that their codes go by (东莞市 4419, its streets 441900…).
    pub city: Option<String>,
    /// Whether a table's line has as many cells as its header: of one that has not, no cell is sure to be where it should.
    pub whole: bool,
}

/// The parent's column, nearest level first: of the several that a row has, the longest code is its parent.
const PARENT_COLUMNS: [&str; 4] = ["streetCode", "areaCode", "cityCode", "provinceCode"];

/// What is read of a table of divisions.
pub fn division_columns() -> impl Iterator<Item = &'static str> {
    ["code", "name"].into_iter().chain(PARENT_COLUMNS)
}

/// Skips the mark that some programs put in front of UTF-8.
pub(super) fn without_bom(reader: impl Read) -> impl Read {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    if reader.fill_buf().is_ok_and(|start| start.starts_with(b"\xef\xbb\xbf")) {
        reader.consume(3);
    }
    reader
}

/// Hands on every row of the file, one at a time.
pub(super) fn each_division(
    reader: impl Read,
    format: Format,
    each: &mut dyn FnMut(RawDivision) -> Result<()>,
) -> Result<()> {
    match format {
        Format::Csv => each_in_csv(reader, each),
        Format::Json => each_in_json(reader, each),
    }
}

fn each_in_csv(reader: impl Read, each: &mut dyn FnMut(RawDivision) -> Result<()>) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(without_bom(reader));
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(code), Some(name)) = (column("code"), column("name")) else {
        return Err(Error::internal("the file has no columns \"code\" and \"name\""));
    };
    let parent = PARENT_COLUMNS.iter().find_map(|name| column(name));
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let whole = record.len() == header.len();
        each(RawDivision { code: cell(code), name: cell(name), parent: parent.map(cell), city: None, whole })?;
    }
    Ok(())
}

fn unreadable(error: csv::Error) -> Error {
    Error::internal(format!("the table cannot be read: {error}"))
}

fn each_in_json(reader: impl Read, each: &mut dyn FnMut(RawDivision) -> Result<()>) -> Result<()> {
    let mut failure = None;
    let mut deserializer = serde_json::Deserializer::from_reader(without_bom(reader));
    let read = List { city: None, each, failure: &mut failure }.deserialize(&mut deserializer);
    match (failure, read) {
        (Some(error), _) => Err(error),
        (None, Err(e)) => Err(Error::internal(format!("not a JSON list of objects with code and name: {e}"))),
        (None, Ok(())) => deserializer.end().map_err(|e| Error::internal(format!("text after the JSON list: {e}"))),
    }
}

/// A list of divisions, read without keeping it. `failure` carries our own error past serde's.
struct List<'a> {
    /// Code and name of the city that it hangs under, where that is what it hangs under.
    city: Option<(&'a str, &'a str)>,
    each: &'a mut dyn FnMut(RawDivision) -> Result<()>,
    failure: &'a mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // Any, and not a list alone, so that what is no list is told why it will not do.
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of divisions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let List { city, each, failure } = self;
        while items.next_element_seed(Node { city, each: &mut *each, failure: &mut *failure })?.is_some() {}
        Ok(())
    }

    /// What a file of names alone begins with (`pca.json`, `HK-MO-TW.json`).
    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(serde::de::Error::custom(
            "it is an object of names without codes, and many places share a name; take the file that has the codes, such \
             as pca-code.json",
        ))
    }
}

/// One division, with or without a list of those below it.
struct Node<'a> {
    city: Option<(&'a str, &'a str)>,
    each: &'a mut dyn FnMut(RawDivision) -> Result<()>,
    failure: &'a mut Option<Error>,
}

impl Node<'_> {
    fn hand_on<E: serde::de::Error>(&mut self, code: &str, name: &str, parent: Option<String>) -> Result<(), E> {
        let is_street = DivisionLevel::of_code(code) == Some(DivisionLevel::Street);
        let city = self.city.filter(|(above, _)| is_street && code.starts_with(above)).map(|(_, name)| name.to_owned());
        let row = RawDivision { code: code.to_owned(), name: name.to_owned(), parent, city, whole: true };
        (self.each)(row).map_err(|error| {
            *self.failure = Some(error);
            E::custom("stopped")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with code and name")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let (mut code, mut name, mut parent) = (String::new(), String::new(), None::<String>);
        let mut handed_on = false;
        while let Some(member) = members.next_key::<String>()? {
            match member.as_str() {
                "code" => code = members.next_value()?,
                "name" => name = members.next_value()?,
                "children" if code.is_empty() => {
                    // Read on, they would lose their parent; kept until the code comes, a whole country would be in memory.
                    return Err(serde::de::Error::custom("\"code\" must stand before \"children\""));
                }
                "children" => {
                    // Parents go before their children, or the children would have none.
                    self.hand_on(&code, &name, parent.take())?;
                    handed_on = true;
                    let is_city = DivisionLevel::of_code(&code) == Some(DivisionLevel::City);
                    let city = is_city.then_some((code.as_str(), name.as_str()));
                    members.next_value_seed(List { city, each: &mut *self.each, failure: &mut *self.failure })?;
                }
                column if PARENT_COLUMNS.contains(&column) => {
                    let value: String = members.next_value()?;
                    if parent.as_ref().is_none_or(|known| known.len() < value.len()) {
                        parent = Some(value);
                    }
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        if handed_on { Ok(()) } else { self.hand_on(&code, &name, parent) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, format: Format) -> Result<Vec<(String, String, Option<String>)>> {
        let mut rows = Vec::new();
        each_division(text.as_bytes(), format, &mut |row| {
            rows.push((row.code, row.name, row.parent));
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn a_table_names_its_nearest_parent() {
        let text = "\u{feff}code,name,streetCode,provinceCode,cityCode,areaCode\r\n620902005003,\"同德巷社区居委会\",620902005,62,6209,620902\r\n";
        let expected = ("620902005003".to_owned(), "同德巷社区居委会".to_owned(), Some("620902005".to_owned()));
        assert_eq!(rows(text, Format::Csv).expect("read"), [expected]);
    }

    #[test]
    fn nested_lists_give_parents_before_children() {
        let text = r#"[{"code":"62","name":"甘肃省","children":[{"code":"6209","name":"酒泉市","children":[]}]}]"#;
        let codes: Vec<String> = rows(text, Format::Json).expect("read").into_iter().map(|row| row.0).collect();
        assert_eq!(codes, ["62", "6209"]);
    }

    #[test]
    fn flat_lists_name_their_parents() {
        let text =
            r#"[{"code":"620902005","name":"西北街街道","areaCode":"620902","cityCode":"6209","provinceCode":"62"}]"#;
        assert_eq!(rows(text, Format::Json).expect("read")[0].2.as_deref(), Some("620902"));
    }

    #[test]
    fn a_street_straight_under_a_city_tells_whose_it_is() {
        let text = r#"[{"code":"44","name":"广东省","children":[{"code":"4419","name":"东莞市","children":[
            {"code":"441900003","name":"东城街道"}]}]}]"#;
        let mut cities = Vec::new();
        let read = each_division(text.as_bytes(), Format::Json, &mut |row| {
            cities.push(row.city);
            Ok(())
        });
        assert!(read.is_ok());
        assert_eq!(cities, [None, None, Some("东莞市".to_owned())]);
    }

    #[test]
    fn names_without_codes_are_no_register() {
        let said = rows(r#"{"香港特别行政区":{}}"#, Format::Json).map_err(|error| error.to_string());
        assert!(said.is_err_and(|said| said.contains("names without codes")));
        assert!(rows("name\n甘肃省\n", Format::Csv).is_err());
        let late = r#"[{"children":[{"code":"6209","name":"酒泉市"}],"code":"62","name":"甘肃省"}]"#;
        assert!(rows(late, Format::Json).is_err_and(|error| error.to_string().contains("before")));
    }
}
