//! The document as text, as it is committed and served.

use serde_json::Value;

/// Members of so many levels stand on lines of their own: an operation or a model is one line.
const LINES_DOWN_TO: usize = 3;

/// One line for each operation and each model, so that a diff says which changed and the file is no longer than it must be;
/// with a final line end.
pub fn text_of(document: &Value) -> String {
    let mut text = String::new();
    write(document, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(_) => write_members(&members(value), depth, text),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                text.push(if at == 0 { '[' } else { ',' });
                // Within a line there are no more lines.
                write(item, LINES_DOWN_TO, text);
            }
            text.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        _ => text.push_str(&value.to_string()),
    }
}

fn write_members(members: &[(&String, &Value)], depth: usize, text: &mut String) {
    if members.is_empty() {
        return text.push_str("{}");
    }
    let lines = depth < LINES_DOWN_TO;
    let colon = if lines { ": " } else { ":" };
    for (at, (name, member)) in members.iter().enumerate() {
        text.push(if at == 0 { '{' } else { ',' });
        if lines {
            new_line(depth + 1, text);
        }
        text.push_str(&Value::String((*name).clone()).to_string());
        text.push_str(colon);
        write(member, depth + 1, text);
    }
    if lines {
        new_line(depth, text);
    }
    text.push('}');
}

fn new_line(depth: usize, text: &mut String) {
    text.push('\n');
    text.push_str(&" ".repeat(depth));
}

/// By name, but of the forms of one answer JSON is the first: generators take the first for the one to read.
fn members(value: &Value) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = value.as_object().into_iter().flatten().collect();
    members.sort_by_key(|(name, _)| (*name != "application/json", *name));
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_says_what_the_document_says() {
        let document =
            json!({ "a": { "b": { "c": { "d": [1, { "e": "\"\n" }, [], {}], "f": null } } }, "g": {}, "h": [] });
        let text = text_of(&document);
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(document));
        assert!(text.contains("\n   \"c\": {\"d\":[1,{\"e\""), "one line for each: {text}");
    }

    #[test]
    fn json_is_the_first_form_of_an_answer() {
        let text = text_of(&json!({ "content": { "application/geo+json": 1, "text/csv": 3, "application/json": 2 } }));
        let place = |name: &str| text.find(name);
        assert!(place("application/json") < place("application/geo+json"), "{text}");
        assert!(place("application/geo+json") < place("text/csv"), "{text}");
    }
}
