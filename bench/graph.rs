//! The two-way graph of an area as the bare handlers send it: the server's two statements and its members.

use std::collections::HashSet;

use serde::Serialize;

#[derive(Serialize)]
pub struct Edge {
    pub appointment_id: String,
    pub from: String,
    pub to: String,
    pub direction: String,
    pub seat_kind: String,
    pub area_code: String,
}

#[derive(Serialize)]
pub struct Node {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub area_code: String,
}

#[derive(Serialize)]
pub struct Graph {
    area: String,
    as_of: String,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    two_way_pairs: usize,
}

impl Graph {
    pub fn of(area: String, as_of: String, nodes: Vec<Node>, edges: Vec<Edge>) -> Self {
        let directed: HashSet<(&str, &str)> = edges.iter().map(|e| (e.from.as_str(), e.to.as_str())).collect();
        let two_way_pairs = directed.iter().filter(|(from, to)| from < to && directed.contains(&(to, from))).count();
        Self { area, as_of, nodes, edges, two_way_pairs }
    }
}

const FROM_WHERE: &str = "FROM appointments a INNER JOIN posts p ON a.post_id = p.id \
    WHERE a.area_code >= $1 AND a.area_code < $2 AND a.home_appointment_id IS NOT NULL \
    AND a.status IN ('approved', 'active', 'renewed', 'expired', 'ended') AND a.term_from <= $3 \
    AND (a.ended_on IS NULL OR a.ended_on > $3) \
    AND (a.last_day IS NULL OR a.last_day >= $3 OR (a.carry_over AND a.status <> 'renewed'))";

pub fn edges_sql() -> String {
    format!(
        "SELECT a.id, a.home_organisation_id, p.organisation_id, a.direction, p.seat_kind, a.area_code {FROM_WHERE} \
         ORDER BY a.id"
    )
}

/// One text for any number of organisations, where the server names them one by one.
pub fn nodes_sql() -> String {
    format!(
        "SELECT o.id, o.kind, o.name, o.area_code FROM organisations o WHERE o.id IN \
         (SELECT a.home_organisation_id {FROM_WHERE} UNION SELECT p.organisation_id {FROM_WHERE}) ORDER BY o.id"
    )
}
