//! What a rule is, and when a version may follow another. Pure.

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::Validate;

use crate::error::{At, Error, FieldError, Result};
use crate::http::read_inside;

crate::problems! {
    UNKNOWN_KEY = 422 "rule_sets.unknown_key", "没有这项规则", "There is no such rule";
    PARAMS = 422 "rule_sets.params", "规则参数不符合该项规则的要求", "The parameters are not what this rule takes";
    RETROACTIVE = 422 "rule_sets.retroactive", "规则不得溯及既往,生效日不能早于今天", "A rule does not reach back: it takes effect today at the earliest";
    LATER_EXISTS = 409 "rule_sets.later_exists", "已有同日或更晚生效的版本", "A version that takes effect on that day or later exists already";
}

/// The parameters of a rule: the type is the contract, `Default` is what holds where no place has set anything.
pub trait Params: DeserializeOwned + Serialize + Validate + Default {}

/// One rule that places may set for themselves, declared by the context that it is about.
pub struct RuleKey {
    /// `context.what`
    pub key: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// Where the default comes from: an article of a law, or the seed district's own rule.
    pub source: &'static str,
    default: fn() -> Value,
    check: fn(&Value) -> Result<()>,
}

impl RuleKey {
    pub const fn new<T: Params>(key: &'static str, zh: &'static str, en: &'static str, source: &'static str) -> Self {
        Self { key, zh, en, source, default: default_of::<T>, check: check_of::<T> }
    }

    pub fn default(&self) -> Value {
        (self.default)()
    }

    /// Whether `params` are parameters of this rule; each fault is placed below `/params`.
    pub fn check(&self, params: &Value) -> Result<()> {
        (self.check)(params)
    }
}

fn default_of<T: Params>() -> Value {
    serde_json::to_value(T::default()).unwrap_or_default()
}

fn check_of<T: Params>(params: &Value) -> Result<()> {
    if !params.is_object() {
        return Err(PARAMS.at("/params"));
    }
    match read_inside::<T>(params, "/params") {
        Ok(_) => Ok(()),
        Err(Error::Invalid(faults)) => Err(Error::Rule(&PARAMS, faults)),
        Err(other) => Err(other),
    }
}

/// A new version begins today at the earliest, and after the one that it ends began.
pub fn may_follow(before: Option<NaiveDate>, from: NaiveDate, today: NaiveDate) -> Result<()> {
    if from < today {
        Err(RETROACTIVE.at("/effective_from"))
    } else if before.is_some_and(|before| before >= from) {
        let at = At::Pointer("/effective_from".into());
        let fault = FieldError::new(at, LATER_EXISTS.code, LATER_EXISTS.zh, LATER_EXISTS.en);
        Err(Error::Rule(&LATER_EXISTS, vec![fault]))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Serialize, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Days {
        #[validate(range(min = 3, max = 90))]
        days: i32,
    }

    impl Default for Days {
        fn default() -> Self {
            Self { days: 5 }
        }
    }

    impl Params for Days {}

    const DAYS: RuleKey = RuleKey::new::<Days>("x.days", "天数", "Days", "本地规则");

    fn fault(params: Value) -> String {
        match DAYS.check(&params).expect_err("refused") {
            Error::Rule(problem, faults) => match faults.first().map(|fault| &fault.at) {
                Some(At::Pointer(at)) => format!("{} {at}", problem.code),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_default_passes_its_own_check_and_each_fault_is_named() {
        assert!(DAYS.check(&DAYS.default()).is_ok());
        assert_eq!(fault(json!({ "days": 2 })), "rule_sets.params /params/days");
        assert_eq!(fault(json!({ "days": "5" })), "rule_sets.params /params/days");
        assert_eq!(fault(json!({ "days": 5, "hours": 1 })), "rule_sets.params /params/hours");
        assert_eq!(fault(json!({})), "rule_sets.params /params/days");
        assert_eq!(fault(json!([5])), "rule_sets.params /params");
    }

    #[test]
    fn versions_follow_one_another_and_do_not_reach_back() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let today = day("2024-01-15");
        assert!(may_follow(None, today, today).is_ok());
        assert!(may_follow(None, day("2024-01-14"), today).is_err());
        assert!(may_follow(Some(today), today, today).is_err());
        assert!(may_follow(Some(today), day("2024-01-16"), today).is_ok());
    }
}
