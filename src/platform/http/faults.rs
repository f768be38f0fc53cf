//! All that is wrong with a body, and not the first of it: a reader stops at the first member that is not what its type says.
//!
//! So that member is taken out and what is left is read again by the same reader, until nothing is wrong or what is left is
//! no whole value any more. Members of a derived struct do not look at one another, so a member that is refused in what is
//! left is refused in the whole as well; what taking out brings about itself is a missing member, and that is known by its
//! place. Faults inside lists are found one a list: taking an item out would give the others other numbers.

use serde_json::Value;

use super::body::{explain, make_whole};
use crate::error::{At, FieldError};

/// A body is read once more for each fault, so there are not many, and long ones are read once.
const MOST: usize = 20;
const LONGEST: usize = 32 * 1024;

/// What stopped a reader: where it was, and its own words.
pub(super) struct Misfit {
    pub pointer: String,
    pub message: String,
}

/// How reading again ended: with the faults of values that broken field rules made, or before that.
pub(super) type Reading = Result<Vec<FieldError>, Misfit>;

/// `first` and what else `read` is stopped by in the body.
pub(super) fn all_of(first: &Misfit, bytes: &[u8], read: &dyn Fn(&[u8]) -> Reading) -> Vec<FieldError> {
    let mut faults = vec![explain(first.pointer.clone(), &first.message)];
    let body = if bytes.len() > LONGEST { None } else { serde_json::from_slice::<Value>(bytes).ok() };
    let Some(mut body) = body else { return faults };
    make_whole(&mut body);
    let mut out: Vec<String> = Vec::new();
    let mut at = in_the_way(&faults, first.is_missing());
    while faults.len() < MOST {
        let Some(taken) = at.and_then(|at| take_out(&mut body, &at)) else { break };
        out.push(taken);
        match read(&serde_json::to_vec(&body).unwrap_or_default()) {
            Ok(broken) => {
                faults.extend(broken.into_iter().filter(|fault| is_own(fault, &out)));
                break;
            }
            Err(misfit) => {
                let fault = explain(misfit.pointer.clone(), &misfit.message);
                let place = pointer_of(&fault).to_owned();
                if misfit.is_missing() && out.contains(&place) {
                    // Only because it was taken out: what it lay in cannot be read without it and goes next.
                    at = Some(parent_of(&place).to_owned());
                } else {
                    faults.push(fault);
                    at = in_the_way(&faults, misfit.is_missing());
                }
            }
        }
    }
    faults
}

impl Misfit {
    fn is_missing(&self) -> bool {
        self.message.starts_with("missing field")
    }
}

/// What has to go for a reader to come past the last fault: the member itself, or what lacks one.
fn in_the_way(faults: &[FieldError], is_missing: bool) -> Option<String> {
    let place = pointer_of(faults.last()?);
    Some(if is_missing { parent_of(place) } else { place }.to_owned())
}

/// A rule over members that may have been taken out says nothing of the body as it was sent.
fn is_own(fault: &FieldError, out: &[String]) -> bool {
    let place = pointer_of(fault);
    let holds_a_gap =
        |taken: &String| taken.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !place.is_empty() && !out.iter().any(holds_a_gap)
}

fn pointer_of(fault: &FieldError) -> &str {
    match &fault.at {
        At::Pointer(pointer) => pointer,
        At::Parameter(_) | At::Header(_) => "",
    }
}

fn parent_of(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Takes out the member at `pointer`, or the list that it lies in, and says which; `None` where that would be everything.
fn take_out(body: &mut Value, pointer: &str) -> Option<String> {
    let (mut holder, mut place) = (body, String::new());
    let mut segments = pointer.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let Value::Object(members) = holder else { return None };
        let name = segment.replace("~1", "/").replace("~0", "~");
        place = format!("{place}/{segment}");
        let is_last = segments.peek().is_none() || !members.get(&name)?.is_object();
        if is_last {
            members.remove(&name)?;
            return Some(place);
        }
        holder = members.get_mut(&name)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use validator::Validate;

    use super::super::body::{invalid, parse};
    use super::*;
    use crate::error::Error;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read and checked, and nothing else")]
    struct Doc {
        n: i32,
        #[serde(default)]
        #[validate(length(max = 3))]
        name: String,
        #[serde(default)]
        #[validate(nested)]
        inner: Option<Inner>,
        #[serde(default)]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read and checked, and nothing else")]
    struct Inner {
        a: i32,
        #[serde(default)]
        #[validate(range(min = 1))]
        b: Option<i32>,
        #[serde(default)]
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        One,
    }

    /// All that is said of a body, by place.
    fn faults(text: &str) -> Vec<String> {
        match parse::<Doc>(text.as_bytes()).and_then(|doc| doc.validate().map_err(|e| invalid(&e))) {
            Err(Error::Invalid(faults)) => {
                let told = faults.iter().map(|fault| match &fault.at {
                    At::Pointer(at) => format!("{at} {}", fault.code),
                    other => panic!("{other:?}"),
                });
                let mut told: Vec<String> = told.collect();
                told.sort_unstable();
                told
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_is_named_and_none_that_is_none() {
        assert_eq!(
            faults(r#"{"x":1,"n":1,"name":7,"y":2,"inner":{"a":"1","z":0}}"#),
            [
                "/inner/a invalid_type",
                "/inner/z unknown_field",
                "/name invalid_type",
                "/x unknown_field",
                "/y unknown_field"
            ]
        );
        // Without `n` the rest is no whole value, but what stops the reader before it notices is told.
        assert_eq!(faults(r#"{"n":"x","name":7}"#), ["/n invalid_type", "/name invalid_type"]);
        assert_eq!(faults(r#"{"name":7}"#), ["/n missing_field", "/name invalid_type"]);
        assert_eq!(
            faults(r#"{"n":1,"inner":{"b":"x"},"name":7}"#),
            ["/inner/a missing_field", "/inner/b invalid_type", "/name invalid_type"]
        );
        // What can be read is checked as well; a value that is well only without a member is not blamed.
        assert_eq!(faults(r#"{"n":1,"x":1,"name":"four"}"#), ["/name length", "/x unknown_field"]);
        assert_eq!(
            faults(r#"{"n":1,"inner":{"a":1,"b":0,"kind":"two"}}"#),
            ["/inner/b range", "/inner/kind unknown_value"]
        );
        assert_eq!(faults(r#"{"n":190.0,"inner":{"a":1.5}}"#), ["/inner/a invalid_type"]);
        // One a list, so that the numbers of the others stay what they are.
        assert_eq!(
            faults(r#"{"n":1,"list":[{"a":1},{"a":"x"},{"a":"y"}],"x":1}"#),
            ["/list/1/a invalid_type", "/x unknown_field"]
        );
        assert_eq!(faults(r#"{"n":1,"a/b~c":1,"x":2}"#), ["/a~1b~0c unknown_field", "/x unknown_field"]);
    }

    #[test]
    fn of_very_many_faults_the_first_are_named() {
        let members = |count: usize| (0..count).map(|i| format!(",\"x{i}\":1")).collect::<String>();
        assert_eq!(faults(&format!("{{\"n\":1{}}}", members(100))).len(), 20);
        assert_eq!(faults(&format!("{{\"n\":1{}}}", members(10_000))).len(), 1, "a long one is read once");
    }

    proptest::proptest! {
        /// Whatever is wrong together is what is wrong alone, where nothing required is.
        #[test]
        fn faults_together_are_the_faults_apart(bad in proptest::collection::vec(proptest::bool::ANY, 4)) {
            let members = [
                ("name", "7", "\"ok\""), ("inner", "{\"a\":1,\"kind\":\"two\"}", "{\"a\":1}"), ("list", "{}", "[]"),
                ("extra", "1", ""),
            ];
            let body = |is_bad: &dyn Fn(usize) -> bool| {
                let all = members.iter().enumerate().map(|(i, (name, wrong, right))| {
                    let value = if is_bad(i) { wrong } else { right };
                    if value.is_empty() { String::new() } else { format!(",\"{name}\":{value}") }
                });
                format!("{{\"n\":1{}}}", all.collect::<String>())
            };
            let mut apart: Vec<String> =
                (0..4).filter(|i| bad[*i]).flat_map(|i| faults(&body(&|j| j == i))).collect();
            apart.sort_unstable();
            if !apart.is_empty() {
                proptest::prop_assert_eq!(faults(&body(&|i| bad[i])), apart);
            }
        }
    }
}
