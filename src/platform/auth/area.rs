//! Area codes: one tree from the country down to a room, in which a subtree is one range of codes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 层级. How deep in the area tree a code lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaLevel {
    /// The whole country: the empty code.
    Country,
    /// 省, 2 digits
    Province,
    /// 市, 4 digits
    City,
    /// 区县, 6 digits
    District,
    /// 街道/乡镇, 9 digits
    Street,
    /// 社区/村, 12 digits
    Community,
    /// 网格, the community's code and 3 digits
    Grid,
    /// 小区/楼院, the community's code, a hyphen and 4 digits
    Compound,
    /// 楼栋, the compound's code, a hyphen and 3 digits
    Building,
    /// 单元, the building's code, a hyphen and 2 digits
    Unit,
    /// 房屋, the unit's code, a hyphen and 4 digits
    Room,
}

/// A well-formed area code; whether the area exists is for the register to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(String);

/// Digits of each hyphenated part behind the community's twelve.
const TAIL: [usize; 4] = [4, 3, 2, 4];
const COMMUNITY_DIGITS: usize = 12;
/// The community's digits, a hyphen and four more.
const COMPOUND_LENGTH: usize = 17;

impl AreaCode {
    /// The whole country.
    pub fn country() -> Self {
        Self(String::new())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn level(&self) -> AreaLevel {
        let hyphens = self.0.matches('-').count();
        match (self.0.len(), hyphens) {
            (0, _) => AreaLevel::Country,
            (2, _) => AreaLevel::Province,
            (4, _) => AreaLevel::City,
            (6, _) => AreaLevel::District,
            (9, _) => AreaLevel::Street,
            (12, _) => AreaLevel::Community,
            (_, 0) => AreaLevel::Grid,
            (_, 1) => AreaLevel::Compound,
            (_, 2) => AreaLevel::Building,
            (_, 3) => AreaLevel::Unit,
            _ => AreaLevel::Room,
        }
    }

    /// Whether `code` lies in this area, or is this area.
    pub fn covers(&self, code: &str) -> bool {
        code.starts_with(&self.0)
    }

    /// The codes of this area and of every area above it, the country first: all its prefixes that are codes.
    pub fn and_above(&self) -> Vec<&str> {
        let lengths = 0..=self.0.len();
        lengths.filter_map(|length| self.0.get(..length)).filter(|code| well_formed(code)).collect()
    }

    /// The same of several areas, each code once.
    pub fn all_and_above<'a>(areas: impl IntoIterator<Item = &'a Self>) -> Vec<&'a str> {
        let mut all: Vec<&str> = areas.into_iter().flat_map(Self::and_above).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The compound that this area lies in, or the area itself where it lies in none.
    pub fn compound(&self) -> Self {
        match self.level() {
            AreaLevel::Building | AreaLevel::Unit | AreaLevel::Room => {
                Self(self.0.get(..COMPOUND_LENGTH).unwrap_or_default().to_owned())
            }
            _ => self.clone(),
        }
    }
}

fn well_formed(text: &str) -> bool {
    let mut parts = text.split('-');
    let head = parts.next().unwrap_or_default();
    let tail: Vec<&str> = parts.collect();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match (head.len(), tail.len()) {
        (0 | 2 | 4 | 6 | 9 | 12 | 15, 0) => digits(head),
        (COMMUNITY_DIGITS, 1..=4) => {
            digits(head) && tail.iter().zip(TAIL).all(|(part, width)| part.len() == width && digits(part))
        }
        _ => false,
    }
}

impl FromStr for AreaCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if well_formed(text) { Ok(Self(text.to_owned())) } else { Err(format!("{text:?} is no area code")) }
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AreaCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The words "invalid value" are what the body extractor recognises as a wrong value of the right type.
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|e| serde::de::Error::custom(format!("invalid value: {e}")))
    }
}

impl utoipa::PartialSchema for AreaCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(29))
            .pattern(Some(r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15}|[0-9]{12}-[0-9]{4}(-[0-9]{3}(-[0-9]{2}(-[0-9]{4})?)?)?)?$"))
            .description(Some("区域代码: 省2 市4 区县6 街道9 社区12 位, 网格为社区代码加3位, 小区、楼栋、单元、房屋依次以连字符延长; 空串为全国"))
            .examples(["620902005003"])
            .into()
    }
}
impl utoipa::ToSchema for AreaCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_follow_the_shape() {
        let levels = [
            ("", AreaLevel::Country),
            ("62", AreaLevel::Province),
            ("620902", AreaLevel::District),
            ("620902005003", AreaLevel::Community),
            ("620902005003001", AreaLevel::Grid),
            ("620902005003-0001", AreaLevel::Compound),
            ("620902005003-0001-002-03-0004", AreaLevel::Room),
        ];
        for (code, level) in levels {
            assert_eq!(code.parse::<AreaCode>().map(|a| a.level()), Ok(level), "{code}");
        }
    }

    #[test]
    fn what_lies_above_is_every_prefix_that_is_a_code() {
        let above =
            |code: &str| code.parse::<AreaCode>().map(|a| a.and_above().into_iter().map(str::len).collect::<Vec<_>>());
        assert_eq!(above(""), Ok(vec![0]));
        assert_eq!(above("620902005003001"), Ok(vec![0, 2, 4, 6, 9, 12, 15]));
        assert_eq!(above("620902005003-0001-002"), Ok(vec![0, 2, 4, 6, 9, 12, 17, 21]));
    }

    #[test]
    fn what_lies_above_several_is_named_once() {
        let areas = ["620902", "620902005"].map(|code| code.parse::<AreaCode>().expect("a code"));
        assert_eq!(AreaCode::all_and_above(&areas), ["", "62", "6209", "620902", "620902005"]);
    }

    #[test]
    fn other_shapes_are_refused() {
        for code in ["6", "620", "62090200", "62090a", "620902-0001", "620902005003-1", "620902005003-0001-", "-"] {
            assert!(code.parse::<AreaCode>().is_err(), "{code}");
        }
    }
}
