//! The walls of the house, read off the source: who may name whom, and how long a file may be.

use std::path::{Path, PathBuf};

use crate::contract::rust_files;

const WINGS: [&str; 6] = ["registry", "roster", "delivery", "deliberation", "oversight", "gateway"];
const MOST_LINES: usize = 400;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn wings() -> Vec<&'static str> {
    WINGS.into_iter().filter(|wing| root().join("src").join(wing).is_dir()).collect()
}

/// The contexts of a wing, in the order of the `mod` lines of its `lib.rs`.
fn contexts(wing: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("src").join(wing).join("lib.rs")).expect("a lib.rs");
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.filter(|name| *name != "schema").map(str::to_owned).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a source file")
}

#[test]
fn platform_names_no_context() {
    let manifest = read(&root().join("src/platform/Cargo.toml"));
    for wing in WINGS {
        assert!(!manifest.contains(&format!("\n{wing}.workspace")), "platform depends on {wing}");
    }
    let names: Vec<String> = wings().into_iter().flat_map(contexts).collect();
    for file in rust_files(&root().join("src/platform")) {
        let text = read(&file);
        for name in &names {
            for mention in [format!("{name}::"), format!("\"{name}.")] {
                assert!(!text.contains(&mention), "{} names {mention}", file.display());
            }
        }
    }
}

#[test]
fn a_wing_depends_only_on_those_before_it() {
    for wing in wings() {
        let at = WINGS.iter().position(|name| *name == wing).expect("a wing");
        let manifest = read(&root().join("src").join(wing).join("Cargo.toml"));
        for later in &WINGS[at..] {
            assert!(!manifest.contains(&format!("\n{later}.workspace")), "{wing} depends on {later}");
        }
    }
}

#[test]
fn a_context_names_only_those_above_it_in_its_wing() {
    for wing in wings() {
        let contexts = contexts(wing);
        for (at, context) in contexts.iter().enumerate() {
            for file in rust_files(&root().join("src").join(wing).join(context)) {
                let text = read(&file);
                for later in &contexts[at + 1..] {
                    assert!(!text.contains(&format!("crate::{later}")), "{} names {later}", file.display());
                }
            }
        }
    }
}

#[test]
fn a_context_is_touched_from_outside_only_through_its_door() {
    for wing in wings() {
        let contexts = contexts(wing);
        for context in &contexts {
            for file in rust_files(&root().join("src").join(wing)) {
                let inside = file.starts_with(root().join("src").join(wing).join(context));
                let text = read(&file);
                for inner in ["store", "api", "rules"] {
                    let mention = format!("crate::{context}::{inner}");
                    assert!(inside || !text.contains(&mention), "{} reaches into {mention}", file.display());
                }
            }
        }
    }
}

#[test]
fn every_context_has_its_tests() {
    for context in wings().into_iter().flat_map(contexts) {
        assert!(
            root().join("tests/api").join(format!("{context}.rs")).is_file(),
            "{context} has no tests/api/{context}.rs"
        );
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let folders = ["src", "tests", "bench"].map(|folder| root().join(folder));
    for file in folders.iter().flat_map(|folder| rust_files(folder)) {
        let lines = read(&file).lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines", file.display());
    }
}

/// `docs/mechanisms.md` names the test of each mechanism; a renamed test must not leave it behind.
#[test]
fn the_tests_that_the_mechanisms_name_exist() {
    let files = ["src", "tests"].map(|folder| rust_files(&root().join(folder))).concat();
    let source: String = files.iter().map(|file| read(file)).collect();
    let page = read(&root().join("docs/mechanisms.md"));
    let named: Vec<&str> = page.split('`').filter(|word| word.contains("::") && !word.contains(' ')).collect();
    assert!(named.len() > 20, "only {} tests are named", named.len());
    for name in named {
        let function = name.rsplit("::").next().expect("a last part");
        assert!(source.contains(&format!("fn {function}(")), "{name} is no test");
    }
}

#[test]
fn rules_do_no_io() {
    for file in rust_files(&root().join("src")) {
        let is_rules = file.components().any(|part| part.as_os_str() == "rules" || part.as_os_str() == "rules.rs");
        let text = read(&file);
        for banned in ["diesel::prelude", "actix_web::", "&mut Conn"] {
            assert!(!is_rules || !text.contains(banned), "{} uses {banned}", file.display());
        }
    }
}
