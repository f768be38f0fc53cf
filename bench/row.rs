//! A compound as the bare handlers send it: the same members as the server's, from plain columns.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::case_row::{Case, Item};
use crate::graph::{Edge, Node};
use crate::overview::Group;

/// What is sent, in the order in which a row is read.
const SENT: &str = "c.id, c.area_code, c.community_code, c.grid_code, c.name, c.kind, c.address, c.built_year, \
    c.floor_area, c.households, c.residents, c.management_mode, c.pilots, c.plan, c.brand, c.opened_on, c.closed_on, \
    c.serving_contract_id, c.version, c.updated_at";

#[derive(Serialize)]
pub struct Compound {
    pub id: String,
    pub area_code: String,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub built_year: Option<i32>,
    pub floor_area: Option<i64>,
    pub households: Option<i32>,
    pub residents: Option<i32>,
    pub management_mode: String,
    pub pilots: serde_json::Value,
    pub plan: Option<String>,
    pub brand: Option<String>,
    pub opened_on: String,
    pub closed_on: Option<String>,
    pub serving_contract_id: Option<String>,
    pub version: i32,
    pub updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub community_name: Option<String>,
}

#[derive(Serialize)]
pub struct Page {
    pub items: Vec<Compound>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

impl Page {
    /// The rows of a page and one more.
    pub fn of(mut items: Vec<Compound>) -> Self {
        let has_more = items.len() > 20;
        items.truncate(20);
        let next_cursor = items.last().filter(|_| has_more).map(|last| last.area_code.clone());
        Self { items, next_cursor, has_more }
    }
}

/// What is read of a report.
#[derive(Deserialize)]
pub struct NewCase {
    pub area_code: String,
    pub kind: String,
    pub category: String,
    pub channel: String,
    pub title: String,
}

/// What both engines can do with cases.
pub trait CaseSource: 'static {
    fn case(id: uuid::Uuid) -> Result<Option<Case>, String>;
    /// The newest of a community.
    fn cases(community: &str) -> Result<Vec<Item>, String>;
    /// Those that were reported below an area since, counted.
    fn counted(area: (&str, &str), since: DateTime<Utc>) -> Result<Vec<Group>, String>;
    /// What waits at a community's desk in one state, by due date.
    fn desk(community: &str, status: &str) -> Result<Vec<Item>, String>;
    /// One row in one statement; answers its id.
    fn insert(new: &NewCase) -> Result<String, String>;
    /// One answer of a survey, with its marks as they came.
    fn answer(answers: &serde_json::Value) -> Result<(), String>;
}

/// What both engines can do.
pub trait Source: 'static {
    fn by_id(id: uuid::Uuid) -> Result<Option<Compound>, String>;
    fn list(from: &str, to: &str) -> Result<Vec<Compound>, String>;
    /// Organisations and the cross-appointments between them below an area on a day.
    fn graph(from: &str, to: &str, on: chrono::NaiveDate) -> Result<(Vec<Node>, Vec<Edge>), String>;
    /// The hash and the document of a ranking.
    fn ranking(id: uuid::Uuid) -> Result<Option<(String, String)>, String>;
}

pub fn ranking_sql(bind: &str) -> String {
    format!("SELECT content_hash, document FROM rankings WHERE id = {bind}")
}

pub fn by_id_sql(bind: &str) -> String {
    format!("SELECT {SENT}, c.search_name, c.close_reason, c.created_at FROM compounds c WHERE c.id = {bind} LIMIT 1")
}

pub fn list_sql(from: &str, to: &str) -> String {
    format!(
        "SELECT {SENT}, d.name FROM compounds c INNER JOIN divisions d ON c.community_code = d.code \
         WHERE c.area_code >= {from} AND c.area_code < {to} AND c.closed_on IS NULL ORDER BY c.area_code ASC LIMIT 21"
    )
}
