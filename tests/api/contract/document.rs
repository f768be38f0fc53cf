//! The committed documents are what the code generates, and the document keeps its own rules.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use red_steward::openapi;
use serde_json::Value;

use super::sample::{document, operations};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_committed_documents_are_fresh() {
    for (name, text) in openapi::generated() {
        let committed = std::fs::read_to_string(root().join("openapi").join(name)).expect("a committed document");
        assert!(committed == text, "openapi/{name} is stale: run `just openapi` and read the difference");
    }
}

#[test]
fn every_operation_is_named_described_and_has_one_scope_or_is_public() {
    let document = document();
    let mut ids = HashSet::new();
    for operation in operations(&document) {
        let spec = &operation.spec;
        assert!(ids.insert(operation.id.clone()), "{} twice", operation.id);
        assert!(spec["summary"].as_str().is_some_and(|s| s.contains('·')), "{}: both languages", operation.id);
        assert_eq!(spec["tags"].as_array().map(Vec::len), Some(1), "{}", operation.id);
        let requirements = spec["security"].as_array().expect("security");
        let scopes: Vec<_> = requirements.iter().filter_map(|r| r["bearer"].as_array()).flatten().collect();
        let expected = usize::from(operation.scope.is_some());
        assert_eq!((requirements.len(), scopes.len()), (expected, expected), "{}", operation.id);
        if let Some(scope) = &operation.scope {
            assert!(red_steward::scopes().iter().any(|s| s.name == scope), "{}: unknown {scope}", operation.id);
        }
    }
}

#[test]
fn lists_have_concrete_pages_and_no_model_is_anonymous() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        assert!(!name.contains("Inner") && !name.contains("OneOf") && !name.contains('_'), "{name}");
        if name.ends_with("Page") {
            assert!(schema["properties"]["items"]["items"]["$ref"].is_string(), "{name} inlines its items");
        }
    }
}

/// Stored and never shown under this name.
const NOT_SHOWN: &str = "src/roster/appointments/dto/kinds.rs";

/// The names that the types of a source file have in the document.
fn models_of(text: &str) -> Vec<&str> {
    let (mut shown, mut closed_set, mut names) = (false, false, Vec::new());
    for line in text.lines() {
        shown |= line.contains("ToSchema") && !line.starts_with("use ");
        closed_set |= line.trim_end().ends_with("text_enum! {");
        if let Some(name) = line.strip_prefix("pub struct ").filter(|_| shown) {
            names.extend(name.split(|c: char| !c.is_alphanumeric()).next());
            shown = false;
        }
        if let Some(name) = line.strip_prefix("    ").and_then(|line| line.strip_suffix(" {")).filter(|_| closed_set) {
            names.push(name);
            closed_set = false;
        }
    }
    names
}

/// Two models of one name would be one in the document, and one of them described as the other.
#[test]
fn no_two_models_share_a_name() {
    let mut seen: HashMap<String, PathBuf> = HashMap::new();
    for file in super::rust_files(&root().join("src")) {
        if file.ends_with(NOT_SHOWN) {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a source file");
        for name in models_of(&text) {
            let other = seen.insert(name.to_owned(), file.clone());
            assert!(other.is_none(), "{name} in {} and {}", file.display(), other.expect("one").display());
        }
    }
    assert!(seen.len() > 300, "only {} models were found", seen.len());
}

#[test]
fn every_scope_is_asked_for_by_some_operation() {
    let document = document();
    let asked: HashSet<String> = operations(&document).into_iter().filter_map(|o| o.scope).collect();
    for scope in red_steward::scopes() {
        assert!(asked.contains(scope.name), "{} opens nothing", scope.name);
    }
}

/// A handler is public, so no warning tells that it is never registered.
#[test]
fn every_handler_in_the_source_is_in_the_document() {
    let document = document();
    let ids: HashSet<String> = operations(&document).into_iter().map(|o| o.id).collect();
    let mut handlers = 0;
    for file in rust_files(&root().join("src")) {
        let text = std::fs::read_to_string(&file).expect("a source file");
        let mut is_handler = false;
        for line in text.lines().map(str::trim) {
            is_handler |= line.starts_with("#[utoipa::path(");
            let Some(name) = line.strip_prefix("pub async fn ").filter(|_| is_handler) else { continue };
            is_handler = false;
            let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                handlers += 1;
                assert!(ids.contains(&name), "{name} in {} is not registered", file.display());
            }
        }
    }
    assert!(handlers > 50, "only {handlers} handlers were found: has their form changed?");
}

/// POSTs without an `Idempotency-Key`, each for a reason.
const WITHOUT_KEY: &[(&str, &[&str])] = &[
    (
        "logs in or out, or changes what one logs in with",
        &["log_in", "refresh_tokens", "issue_client_token", "log_out", "change_my_password", "revoke_my_session"],
    ),
    (
        "answers a secret or a number, which is stored nowhere",
        &[
            "create_account",
            "reset_password",
            "create_api_client",
            "rotate_client_secret",
            "unmask_phone",
            "unmask_reporter",
            "create_survey_invitations",
            "reissue_survey_invitation",
        ],
    ),
    (
        "asks, and writes nothing",
        &["check_appointment", "compute_deadline", "match_case_policy", "match_case_routing", "find_similar_cases"],
    ),
    (
        "says again what is so already",
        &[
            "import_holidays",
            "leave_case",
            "mark_notice_read",
            "remove_case_file",
            "remove_check_evidence",
            "remove_notice_photo",
        ],
    ),
    (
        "counts once by itself, and a kept answer would say whose it is",
        &["answer_invited_survey", "answer_survey", "enter_survey_call"],
    ),
    ("makes another key, which is as good as one", &["rotate_signing_key"]),
];

#[test]
fn every_post_takes_a_key_or_has_a_reason_not_to() {
    let document = document();
    let excused: Vec<&str> = WITHOUT_KEY.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    for operation in operations(&document).into_iter().filter(|o| o.method == "post" && !o.id.ends_with("_by_post")) {
        let parameters = operation.spec["parameters"].as_array();
        let takes = parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "Idempotency-Key"));
        assert_ne!(takes, excused.contains(&operation.id.as_str()), "{}", operation.id);
    }
}

/// What the document says of the key is what the handlers do.
#[test]
fn the_key_is_documented_where_it_is_taken_and_nowhere_else() {
    let document = document();
    let documented: HashSet<String> = operations(&document)
        .into_iter()
        .filter(|o| {
            o.spec["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "Idempotency-Key"))
        })
        .map(|o| o.id)
        .collect();
    let mut taken = HashSet::new();
    for file in rust_files(&root().join("src")) {
        let text = std::fs::read_to_string(&file).expect("a source file");
        for handler in text.split("#[utoipa::path(").skip(1) {
            let signature = handler.split_once("pub async fn ").map_or("", |(_, rest)| rest);
            let signature = signature.split_once(") -> ").map_or("", |(arguments, _)| arguments);
            let name = signature.split(['(', '<']).next().unwrap_or_default();
            if signature.contains(": Once") {
                taken.insert(name.to_owned());
            }
        }
    }
    let differ: Vec<&String> = documented.symmetric_difference(&taken).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn problem_codes_are_unique_and_begin_with_their_context() {
    let mut codes = HashSet::new();
    for problem in red_steward::problems() {
        assert!(codes.insert(problem.code), "{} twice", problem.code);
        assert!((400..600).contains(&problem.status), "{}", problem.code);
    }
    let contexts = [
        ("identity", registry::identity::PROBLEMS),
        ("territory", registry::territory::PROBLEMS),
        ("people", roster::people::PROBLEMS),
        ("organisations", roster::organisations::PROBLEMS),
        ("appointments", roster::appointments::PROBLEMS),
        ("rule_sets", platform::rule_sets::PROBLEMS),
        ("calendar", platform::calendar::PROBLEMS),
        ("publicity", platform::publicity::PROBLEMS),
        ("notices", deliberation::notices::PROBLEMS),
        ("surveys", oversight::surveys::PROBLEMS),
    ];
    for (context, problems) in contexts {
        for problem in problems {
            assert!(problem.code.starts_with(&format!("{context}.")), "{}", problem.code);
        }
    }
}

#[test]
fn every_reference_in_the_document_resolves() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target} dangles");
                }
                members.values().for_each(|inner| walk(document, inner));
            }
            Value::Array(items) => items.iter().for_each(|inner| walk(document, inner)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}
