//! The divisions of domain D1: the seed district whole, the other seeds' places with what lies above them. Codes and
//! names are those of the National Bureau of Statistics, 2023.

use chrono::NaiveDate;
use platform::db::Conn;
use platform::{Error, Result};
use registry::territory::dto::DivisionLevel;
use registry::territory::store::By;
use registry::territory::store::divisions::{self, DivisionRow};

use super::dates::day;

/// From when on the demo's divisions are registered.
pub const REGISTERED: NaiveDate = day(2019, 1, 1);

pub const DISTRICT: &str = "620902";
pub const TONGDEXIANG: &str = "620902005003";
pub const GUANGSHA: &str = "620902004002";
pub const GUANBEIGOU: &str = "620902004007";
pub const FEITIANLU: &str = "620902007001";
/// 飞机场社区 in Handan, where 南巷院 lies.
pub const FEIJICHANG: &str = "130402010014";
const CANGHOUJIE: &str = "620902005002";

const STREET_DIGITS: usize = 9;

/// Parents before children.
const ABOVE: &[(&str, &str)] = &[
    ("62", "甘肃省"),
    ("6209", "酒泉市"),
    (DISTRICT, "肃州区"),
    ("620902001", "东北街街道"),
    ("620902002", "东南街街道"),
    ("620902003", "工业园街道"),
    ("620902004", "新城街道"),
    ("620902005", "西北街街道"),
    ("620902006", "西南街街道"),
    ("620902007", "玉门油田生活基地街道"),
];

/// 21 个社区: the code and the place's name, which compounds and grids are called after.
pub const COMMUNITIES: &[(&str, &str)] = &[
    ("620902001002", "民主街"),
    ("620902001003", "北新街"),
    ("620902001004", "汉唐街北"),
    ("620902002003", "东文化街"),
    ("620902002007", "东关苑"),
    ("620902002009", "汉唐街南"),
    ("620902002010", "金泉路"),
    ("620902003003", "解放路"),
    ("620902003004", "祁连路"),
    ("620902003005", "南苑"),
    (GUANGSHA, "广厦"),
    ("620902004003", "中深沟"),
    ("620902004004", "阳关路"),
    (GUANBEIGOU, "官北沟"),
    (CANGHOUJIE, "仓后街"),
    (TONGDEXIANG, "同德巷"),
    ("620902005004", "金河"),
    ("620902006004", "富康路"),
    ("620902006005", "西文化街"),
    (FEITIANLU, "飞天路"),
    ("620902007003", "肃州路"),
];

/// The places of the other seeds: Handan, Jiaozuo, Foshan, Nanning, Chengdu.
const ELSEWHERE: &[(&str, &str)] = &[
    ("13", "河北省"),
    ("1304", "邯郸市"),
    ("130402", "邯山区"),
    ("130402006", "渚河路街道"),
    ("130402006014", "农林二社区居民委员会"),
    ("130402007", "浴新南街道"),
    ("130402007010", "邯峰社区居民委员会"),
    ("130402010", "贸西街道"),
    (FEIJICHANG, "飞机场社区居民委员会"),
    ("130402011", "盛和路街道"),
    ("130402011007", "惠文社区居民委员会"),
    ("41", "河南省"),
    ("4108", "焦作市"),
    ("410802", "解放区"),
    ("410811", "山阳区"),
    ("44", "广东省"),
    ("4406", "佛山市"),
    ("440605", "南海区"),
    ("440605011", "桂城街道"),
    ("45", "广西壮族自治区"),
    ("4501", "南宁市"),
    ("51", "四川省"),
    ("5101", "成都市"),
    ("510116", "双流区"),
    ("510116017", "怡心街道"),
    ("510116017006", "长顺社区居委会"),
];

/// The street that a community belongs to, and its name.
pub fn street_of(community: &str) -> (&'static str, &'static str) {
    streets().find(|(code, _)| community.starts_with(code)).unwrap_or_default()
}

/// 7 个街道
pub fn streets() -> impl Iterator<Item = (&'static str, &'static str)> {
    ABOVE.iter().copied().filter(|(code, _)| code.len() == STREET_DIGITS)
}

/// Where a community stands among the district's; one elsewhere comes behind them.
pub fn index_of(community: &str) -> usize {
    COMMUNITIES.iter().position(|(code, _)| *code == community).unwrap_or(COMMUNITIES.len())
}

pub fn load(c: &mut Conn, by: &By) -> Result<()> {
    for (code, name) in ABOVE {
        divisions::insert_row(c, &row(code, name, by)?, by)?;
    }
    for (code, place) in COMMUNITIES {
        let mut community = row(code, &format!("{place}社区居委会"), by)?;
        add_reported(&mut community);
        divisions::insert_row(c, &community, by)?;
    }
    for (code, name) in ELSEWHERE {
        divisions::insert_row(c, &row(code, name, by)?, by)?;
    }
    Ok(())
}

fn row(code: &str, name: &str, by: &By) -> Result<DivisionRow> {
    let level = DivisionLevel::of_code(code).ok_or_else(|| Error::internal(format!("{code} is no division code")))?;
    Ok(DivisionRow::fresh(code, level, name, REGISTERED, by.at))
}

/// What two communities' seeds tell beyond the code table.
fn add_reported(community: &mut DivisionRow) {
    match community.code.as_str() {
        TONGDEXIANG => {
            community.households = Some(5180);
            community.residents = Some(18_519);
            community.land_area = Some(110_000_000);
        }
        // A picture's caption places it in 东北街街道, the code table in 西北街街道: the code stands.
        CANGHOUJIE => community.alias = Some("仓后街社区 (报道图注: 东北街街道)".to_owned()),
        _ => {}
    }
}
