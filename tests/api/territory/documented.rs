//! What docs/imports.md and `--help` say of the files that an import reads is what is read.

use registry::territory::import::{CompoundRecord, GridRecord, division_columns};

use super::registers::{compounds, divisions, grids};
use super::town;
use crate::cli::red_steward;

const GUIDE: &str = include_str!("../../../docs/imports.md");

/// The part of the guide under a heading.
fn section(heading: &str) -> &'static str {
    let (_, behind) = GUIDE.split_once(&format!("## {heading}\n")).expect("the heading");
    behind.split("\n## ").next().expect("a section")
}

/// The first cell of each row of its table.
fn columns(heading: &str) -> Vec<&'static str> {
    let rows = section(heading).lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().expect("a column")).collect()
}

fn example(heading: &str) -> &'static str {
    let (_, fenced) = section(heading).split_once("```csv\n").expect("an example");
    fenced.split("```").next().expect("its end")
}

fn registers() -> [(&'static str, Vec<&'static str>); 3] {
    let divisions = division_columns().collect();
    [("Divisions", divisions), ("Grids", GridRecord::HEADER.to_vec()), ("Compounds", CompoundRecord::HEADER.to_vec())]
}

#[test]
fn every_column_is_documented_with_an_example() {
    for (heading, read) in registers() {
        assert_eq!(columns(heading), read, "{heading}");
        let rows = section(heading).lines().filter(|line| line.starts_with("| `"));
        assert!(rows.into_iter().all(|row| row.split(" | ").count() == 3 && row.ends_with("` |")), "{heading}");
    }
}

#[test]
fn the_command_line_names_every_column_and_the_guide() {
    for (heading, read) in registers() {
        let output = red_steward("nonsense", &["import", &heading.to_lowercase(), "--help"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("docs/imports.md"), "{said}");
        let words: Vec<&str> = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        assert!(read.iter().all(|column| words.contains(column)), "{heading}: {said}");
    }
}

#[actix_web::test]
async fn the_examples_are_taken_as_they_stand() {
    let app = town().await;
    let taken = [
        divisions(&app, &[("divisions.csv", example("Divisions"))]),
        grids(&app, example("Grids")),
        compounds(&app, example("Compounds")),
    ];
    for outcome in taken {
        assert_eq!(outcome.errors, []);
        assert_eq!(outcome.counts().inserted, outcome.counts().read);
    }
}
