//! 分类字典: what a case may be about and what each category asks for beside the words. A version of the rule set is a
//! version of the dictionary; a case pins the one that it was reported under.

use std::collections::BTreeSet;

use platform::rule_sets::{Params, RuleKey};
use platform::{Error, FieldError, Result, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::{FIELD_INVALID, FIELD_MISSING, FIELD_UNKNOWN, UNKNOWN_CATEGORY};
use crate::cases::dto::{CaseKind, Urgency};

text_enum! {
    /// 附加项类型
    FieldType {
        /// 文字
        Text = "text",
        /// 整数
        Number = "number",
        /// 是否
        Flag = "flag",
        /// 单选
        Choice = "choice",
    }
}

/// 附加项: one more thing that a category asks for
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    #[validate(length(min = 1, max = 40), custom(function = check_code))]
    #[schema(example = "floor", min_length = 1, max_length = 40)]
    pub code: String,
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "楼层", min_length = 1, max_length = 40)]
    pub zh: String,
    #[validate(length(min = 1, max = 60))]
    #[schema(example = "Floor", min_length = 1, max_length = 60)]
    pub en: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    pub required: bool,
    /// 选项, of a choice
    #[serde(default)]
    #[validate(length(max = 30), custom(function = check_options))]
    #[schema(max_items = 30)]
    pub options: Vec<FieldOption>,
}

/// 选项
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 40, example = "楼道")]
pub struct FieldOption(pub String);

/// 分类
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    #[validate(length(min = 1, max = 40), custom(function = check_code))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub code: String,
    pub kind: CaseKind,
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "管道漏水", min_length = 1, max_length = 40)]
    pub zh: String,
    #[validate(length(min = 1, max = 80))]
    #[schema(example = "Leaking pipe", min_length = 1, max_length = 80)]
    pub en: String,
    /// 默认紧急程度
    pub urgency: Urgency,
    /// 针对物业企业: the reporter is hidden from the company unless they say otherwise
    #[serde(default)]
    pub against_company: bool,
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub fields: Vec<Field>,
}

/// 分类字典
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Categories {
    #[validate(length(min = 1, max = 200), nested, custom(function = check_codes))]
    pub categories: Vec<Category>,
}

fn check_code(code: &str) -> std::result::Result<(), ValidationError> {
    let fits = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits { Ok(()) } else { Err(ValidationError::new("invalid_value")) }
}

/// Options are short, and each is there once.
fn check_options(options: &[FieldOption]) -> std::result::Result<(), ValidationError> {
    if !options.iter().all(|option| (1..=40).contains(&option.0.trim().chars().count())) {
        let mut fault = ValidationError::new("length");
        fault.add_param("min".into(), &1);
        fault.add_param("max".into(), &40);
        return Err(fault);
    }
    let unique = options.iter().collect::<BTreeSet<_>>().len() == options.len();
    if unique { Ok(()) } else { Err(ValidationError::new("duplicate")) }
}

/// Codes are unique, among the categories and among the fields of each; a choice has options and nothing else has.
fn check_codes(categories: &[Category]) -> std::result::Result<(), ValidationError> {
    let unique = |codes: Vec<&String>| codes.iter().collect::<BTreeSet<_>>().len() == codes.len();
    let choices = |field: &Field| (field.kind == FieldType::Choice) != field.options.is_empty();
    let whole = unique(categories.iter().map(|category| &category.code).collect())
        && categories.iter().all(|category| {
            unique(category.fields.iter().map(|field| &field.code).collect()) && category.fields.iter().all(choices)
        });
    if whole { Ok(()) } else { Err(ValidationError::new("duplicate")) }
}

impl Params for Categories {}

pub const CATEGORIES: RuleKey = RuleKey::new::<Categories>(
    "cases.categories",
    "事件分类字典",
    "Categories of cases",
    "种子区实践:管道漏水、路面坑洼、健身器材损坏、楼道杂物、飞线充电等 · the seed districts' practice",
);

const MAX_TEXT: usize = 200;

impl Categories {
    /// The category of a kind, or the problem that names the member.
    pub fn find(&self, kind: CaseKind, code: &str) -> Result<&Category> {
        let found = self.categories.iter().find(|category| category.kind == kind && category.code == code);
        found.ok_or_else(|| UNKNOWN_CATEGORY.at("/category"))
    }
}

impl Category {
    /// Whether the fields given are those that the category asks for; every fault is named.
    pub fn check_fields(&self, given: &Map<String, Value>) -> Result<()> {
        let mut faults: Vec<Error> = Vec::new();
        let fault = |problem: &'static platform::Problem, code: &str| problem.at(format!("/fields/{code}"));
        for field in &self.fields {
            match given.get(&field.code) {
                None | Some(Value::Null) if field.required => faults.push(fault(&FIELD_MISSING, &field.code)),
                None | Some(Value::Null) => {}
                Some(value) if field.takes(value) => {}
                Some(_) => faults.push(fault(&FIELD_INVALID, &field.code)),
            }
        }
        let known = |code: &&String| self.fields.iter().any(|field| field.code == **code);
        faults.extend(given.keys().filter(|code| !known(code)).map(|code| fault(&FIELD_UNKNOWN, code)));
        merged(faults)
    }
}

/// All the faults in one problem: that of the first, with every place.
fn merged(faults: Vec<Error>) -> Result<()> {
    let mut first = None;
    let mut places: Vec<FieldError> = Vec::new();
    for fault in faults {
        if let Error::Rule(problem, at) = fault {
            first = first.or(Some(problem));
            places.extend(at);
        }
    }
    first.map_or(Ok(()), |problem| Err(Error::Rule(problem, places)))
}

impl Field {
    fn takes(&self, value: &Value) -> bool {
        match self.kind {
            FieldType::Text => value.as_str().is_some_and(|text| text.chars().count() <= MAX_TEXT),
            FieldType::Number => value.as_i64().is_some(),
            FieldType::Flag => value.is_boolean(),
            FieldType::Choice => value.as_str().is_some_and(|text| self.options.iter().any(|option| option.0 == text)),
        }
    }
}

fn category(code: &str, kind: CaseKind, zh: &str, en: &str, urgency: Urgency) -> Category {
    Category {
        code: code.into(),
        kind,
        zh: zh.into(),
        en: en.into(),
        urgency,
        against_company: kind == CaseKind::Complaint,
        fields: Vec::new(),
    }
}

fn field(code: &str, zh: &str, en: &str, kind: FieldType, options: &[&str]) -> Field {
    let options = options.iter().map(|option| FieldOption((*option).to_owned())).collect();
    Field { code: code.into(), zh: zh.into(), en: en.into(), kind, required: false, options }
}

impl Default for Categories {
    fn default() -> Self {
        use CaseKind::*;
        use Urgency::*;
        let with = |mut category: Category, fields: Vec<Field>| {
            category.fields = fields;
            category
        };
        Self {
            categories: vec![
                with(
                    category("pipe_leak", Repair, "管道漏水", "Leaking pipe", Urgent),
                    vec![
                        field("floor", "楼层", "Floor", FieldType::Number, &[]),
                        field("indoors", "是否户内", "Inside the flat", FieldType::Flag, &[]),
                    ],
                ),
                category("burst_pipe", Repair, "爆管跑水", "Burst pipe", Emergency),
                category("power_cut", Repair, "停电", "Power cut", Emergency),
                category("lift_trapped", Repair, "电梯困人", "Trapped in a lift", Emergency),
                category("lift_fault", Repair, "电梯故障", "Lift out of order", Urgent),
                category("road_damage", Repair, "路面坑洼", "Broken road", Normal),
                category("fitness_kit", Repair, "健身器材损坏", "Broken fitness kit", Normal),
                category("lighting", Repair, "楼道照明", "Stairwell lighting", Normal),
                category("heating", Repair, "供暖不热", "Heating fault", Urgent),
                category("fee_enquiry", Enquiry, "物业费咨询", "Question about fees", Normal),
                category("policy_enquiry", Enquiry, "政策咨询", "Question about rules", Normal),
                category("elderly_help", Help, "助老服务", "Help for elders", Normal),
                category("hardship", Help, "困难求助", "Help in hardship", Normal),
                category("service_quality", Complaint, "服务质量投诉", "Poor service", Normal),
                category("fee_complaint", Complaint, "收费投诉", "Complaint about charges", Normal),
                category("staff_conduct", Complaint, "人员态度投诉", "Conduct of staff", Normal),
                // Of the neighbours, and not of those who run the compound.
                Category {
                    against_company: false,
                    ..category("noise_complaint", Complaint, "噪音扰民", "Noise", Normal)
                },
                category("corridor_clutter", Report, "楼道杂物", "Cluttered corridor", Normal),
                with(
                    category("fly_wire_charging", Report, "飞线充电", "Charging by a hung wire", Urgent),
                    vec![field("vehicle", "车辆", "Vehicle", FieldType::Choice, &["电动自行车", "电动三轮车", "其他"])],
                ),
                category("fire_lane", Report, "占用消防通道", "Blocked fire lane", Emergency),
                category("illegal_addition", Report, "私搭乱建", "Illegal addition", Normal),
                category("waste", Report, "垃圾堆放", "Dumped waste", Normal),
                category("improvement", Suggestion, "改进建议", "Suggestion", Normal),
                category("thanks", Praise, "表扬", "Praise", Normal),
                category("housekeeping", Service, "家政预约", "Housekeeping", Normal),
                category("payment", Service, "网上缴费", "Online payment", Normal),
                category("booking", Service, "预约办理", "Appointment at a window", Normal),
                category("other", Report, "其他", "Other", Normal),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn given(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn fields_are_those_of_the_template() {
        let dictionary = Categories::default();
        let leak = dictionary.find(CaseKind::Repair, "pipe_leak").expect("in the dictionary");
        assert!(leak.check_fields(&given(json!({ "floor": 3, "indoors": true }))).is_ok());
        assert!(leak.check_fields(&Map::new()).is_ok());
        let Err(Error::Rule(problem, faults)) = leak.check_fields(&given(json!({ "floor": "3", "colour": 1 }))) else {
            panic!("accepted");
        };
        assert_eq!((problem.code, faults.len()), (FIELD_INVALID.code, 2));
    }

    #[test]
    fn a_category_belongs_to_its_kind() {
        assert!(Categories::default().find(CaseKind::Praise, "pipe_leak").is_err());
    }

    #[test]
    fn codes_are_unique_and_choices_have_options() {
        let mut params = CATEGORIES.default();
        assert!(CATEGORIES.check(&params).is_ok());
        params["categories"][1]["code"] = json!("pipe_leak");
        assert!(CATEGORIES.check(&params).is_err());
    }

    #[test]
    fn options_are_short_and_each_is_there_once() {
        let of = |options: &[&str]| {
            let options: Vec<FieldOption> = options.iter().map(|option| FieldOption((*option).to_owned())).collect();
            check_options(&options).map_err(|fault| fault.code.into_owned())
        };
        assert_eq!(of(&["楼道", "电梯"]), Ok(()));
        assert_eq!(of(&["楼道", "楼道"]), Err("duplicate".into()));
        assert_eq!(of(&[" "]), Err("length".into()));
        assert_eq!(of(&["长".repeat(41).as_str()]), Err("length".into()));
    }
}
