//! A case as the bare handlers send it: the server's members, its statements, and one insert of a row.

use std::collections::HashMap;
use std::sync::OnceLock;

use delivery::cases::dto::StepsOut;
use serde::Serialize;
use serde_json::Value;

/// The columns of a row, in the order in which it is read.
const ROW: [&str; 32] = [
    "id",
    "number",
    "area_code",
    "community_code",
    "grid_code",
    "compound_id",
    "kind",
    "category",
    "channel",
    "urgency",
    "title",
    "status",
    "tier",
    "round",
    "outcome",
    "visibility",
    "identity",
    "handler_org_id",
    "handler_id",
    "responsible_org_id",
    "responsible_id",
    "due_at",
    "returns",
    "merged_into",
    "reported_at",
    "accepted_at",
    "signed_at",
    "done_at",
    "closed_at",
    "version",
    "created_at",
    "updated_at",
];
const WIDTH: usize = ROW.len();

/// Those that a list sends, and that the server reads for one.
const LISTED: [&str; 24] = [
    "id",
    "number",
    "area_code",
    "community_code",
    "compound_id",
    "kind",
    "category",
    "channel",
    "urgency",
    "title",
    "status",
    "tier",
    "round",
    "outcome",
    "handler_org_id",
    "handler_id",
    "due_at",
    "returns",
    "reported_at",
    "accepted_at",
    "signed_at",
    "done_at",
    "closed_at",
    "version",
];

/// One row of either engine.
pub trait Columns {
    fn text(&self, at: usize) -> Result<String, String>;
    fn some_text(&self, at: usize) -> Result<Option<String>, String>;
    fn id(&self, at: usize) -> Result<String, String>;
    fn some_id(&self, at: usize) -> Result<Option<String>, String>;
    fn int(&self, at: usize) -> Result<i32, String>;
    fn some_int(&self, at: usize) -> Result<Option<i32>, String>;
    fn moment(&self, at: usize) -> Result<String, String>;
    fn some_moment(&self, at: usize) -> Result<Option<String>, String>;
    fn json(&self, at: usize) -> Result<Value, String>;
}

#[derive(Serialize)]
pub struct Case {
    id: String,
    number: String,
    area_code: String,
    community_code: String,
    grid_code: Option<String>,
    compound_id: Option<String>,
    kind: String,
    category: String,
    channel: String,
    urgency: String,
    title: String,
    body: String,
    fields: Value,
    place: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    asset: Option<String>,
    status: String,
    tier: String,
    round: i32,
    outcome: Option<String>,
    visibility: String,
    identity: String,
    handler_org_id: Option<String>,
    handler_id: Option<String>,
    responsible_org_id: Option<String>,
    responsible_id: Option<String>,
    due_at: Option<String>,
    returns: i32,
    merged_into: Option<String>,
    reported_at: String,
    accepted_at: Option<String>,
    signed_at: Option<String>,
    done_at: Option<String>,
    closed_at: Option<String>,
    resolution: Option<String>,
    evidence_waiver: Option<String>,
    next_steps: &'static [&'static str],
    version: i32,
    updated_at: String,
}

/// What may be done next, by state.
fn next_steps(status: &str) -> &'static [&'static str] {
    static STEPS: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let steps = STEPS.get_or_init(|| {
        let mut steps = HashMap::<_, Vec<_>>::new();
        for edge in StepsOut::table().edges {
            for from in &edge.from {
                steps.entry(from.as_str()).or_default().push(edge.step.as_str());
            }
        }
        steps
    });
    steps.get(status).map_or(&[], Vec::as_slice)
}

impl Case {
    pub fn read(row: &impl Columns) -> Result<Self, String> {
        let status = row.text(11)?;
        let degrees = |at| Ok::<_, String>(row.some_int(at)?.map(|micro| f64::from(micro) / 1e6));
        Ok(Self {
            id: row.id(0)?,
            number: row.text(1)?,
            area_code: row.text(2)?,
            community_code: row.text(3)?,
            grid_code: row.some_text(4)?,
            compound_id: row.some_id(5)?,
            kind: row.text(6)?,
            category: row.text(7)?,
            channel: row.text(8)?,
            urgency: row.text(9)?,
            title: row.text(10)?,
            body: row.text(WIDTH)?,
            fields: row.json(WIDTH + 1)?,
            place: row.some_text(WIDTH + 2)?,
            lat: degrees(WIDTH + 3)?,
            lon: degrees(WIDTH + 4)?,
            asset: row.some_text(WIDTH + 5)?,
            next_steps: next_steps(&status),
            status,
            tier: row.text(12)?,
            round: row.int(13)?,
            outcome: row.some_text(14)?,
            visibility: row.text(15)?,
            identity: row.text(16)?,
            handler_org_id: row.some_id(17)?,
            handler_id: row.some_id(18)?,
            responsible_org_id: row.some_id(19)?,
            responsible_id: row.some_id(20)?,
            due_at: row.some_moment(21)?,
            returns: row.int(22)?,
            merged_into: row.some_id(23)?,
            reported_at: row.moment(24)?,
            accepted_at: row.some_moment(25)?,
            signed_at: row.some_moment(26)?,
            done_at: row.some_moment(27)?,
            closed_at: row.some_moment(28)?,
            resolution: row.some_text(WIDTH + 6)?,
            evidence_waiver: row.some_text(WIDTH + 7)?,
            version: row.int(29)?,
            updated_at: row.moment(31)?,
        })
    }
}

#[derive(Serialize)]
pub struct Item {
    id: String,
    number: String,
    area_code: String,
    compound_name: Option<String>,
    kind: String,
    category: String,
    channel: String,
    urgency: String,
    title: String,
    status: String,
    tier: String,
    round: i32,
    outcome: Option<String>,
    handler_org_id: Option<String>,
    handler_id: Option<String>,
    due_at: Option<String>,
    reported_at: String,
    done_at: Option<String>,
    closed_at: Option<String>,
    version: i32,
}

impl Item {
    pub fn read(row: &impl Columns) -> Result<Self, String> {
        Ok(Self {
            id: row.id(0)?,
            number: row.text(1)?,
            area_code: row.text(2)?,
            compound_name: row.some_text(LISTED.len())?,
            kind: row.text(5)?,
            category: row.text(6)?,
            channel: row.text(7)?,
            urgency: row.text(8)?,
            title: row.text(9)?,
            status: row.text(10)?,
            tier: row.text(11)?,
            round: row.int(12)?,
            outcome: row.some_text(13)?,
            handler_org_id: row.some_id(14)?,
            handler_id: row.some_id(15)?,
            due_at: row.some_moment(16)?,
            reported_at: row.moment(18)?,
            done_at: row.some_moment(21)?,
            closed_at: row.some_moment(22)?,
            version: row.int(23)?,
        })
    }
}

#[derive(Serialize)]
pub struct Items {
    items: Vec<Item>,
    next_cursor: Option<String>,
    has_more: bool,
}

impl Items {
    /// The rows of a page and one more.
    pub fn of(mut items: Vec<Item>) -> Self {
        let has_more = items.len() > 20;
        items.truncate(20);
        let next_cursor = items.last().filter(|_| has_more).map(|last| last.id.clone());
        Self { items, next_cursor, has_more }
    }

    /// The first of two runs of the same order.
    pub fn of_both(mut one: Vec<Item>, other: Vec<Item>) -> Self {
        one.extend(other);
        one.sort_by(|a, b| (&a.due_at, &a.id).cmp(&(&b.due_at, &b.id)));
        one.truncate(21);
        Self::of(one)
    }
}

fn columns(of: &[&str]) -> String {
    of.iter().map(|column| format!("c.{column}")).collect::<Vec<_>>().join(", ")
}

pub fn by_id_sql(bind: &str) -> String {
    format!(
        "SELECT {}, d.body, d.fields, d.place, d.lat_e6, d.lon_e6, d.asset, d.resolution, d.evidence_waiver FROM cases c \
         INNER JOIN case_details d ON d.case_id = c.id WHERE c.id = {bind}",
        columns(&ROW)
    )
}

fn listed(condition: &str) -> String {
    format!(
        "SELECT {}, n.name FROM cases c LEFT JOIN compounds n ON c.compound_id = n.id WHERE {condition} LIMIT 21",
        columns(&LISTED)
    )
}

/// The newest of a community: its code, and an id behind all.
pub fn list_sql() -> String {
    listed("c.community_code = $1 AND c.id < $2 ORDER BY c.id DESC")
}

/// What waits at a community's desk in one state, by due date: the code, the state, and a moment and an id before all.
pub fn desk_sql() -> String {
    listed(
        "c.community_code = $1 AND c.status = $2 AND c.closed_at IS NULL AND (c.tier = 'branch' OR c.tier = 'community') \
         AND c.due_at >= $3 AND (c.due_at > $3 OR c.id > $4) ORDER BY c.due_at ASC, c.id ASC",
    )
}

/// A row as it is reported, and nothing beside it: no details, clocks, history, outbox, counts or key.
pub fn insert_sql() -> String {
    format!(
        "INSERT INTO cases ({}) VALUES ($1, $2, $3, $4, NULL, NULL, $5, $6, $7, 'normal', $8, 'submitted', 'branch', 1, \
         NULL, 'public', 'open', NULL, NULL, NULL, NULL, $9, 0, NULL, $9, NULL, NULL, NULL, NULL, 1, $9, $9)",
        ROW.join(", ")
    )
}
