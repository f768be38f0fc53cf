//! PostgreSQL through the blocking client: one connection a thread, statements prepared once, binary on the wire.

use std::cell::RefCell;
use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use platform::clock::Clock;
use postgres::{Client, NoTls, Row, Statement};

use crate::case_row::{self, Case, Columns, Item};
use crate::graph::{Edge, Node, edges_sql, nodes_sql};
use crate::meetings::{self, Meeting, MeetingSource};
use crate::overview::{self, Group};
use crate::row::{CaseSource, Compound, NewCase, Source, by_id_sql, list_sql, ranking_sql};

pub static URL: OnceLock<String> = OnceLock::new();

struct Prepared {
    client: Client,
    by_id: Statement,
    list: Statement,
    edges: Statement,
    nodes: Statement,
    case: Statement,
    cases: Statement,
    counted: Statement,
    desk: Statement,
    insert: Statement,
    meetings: Statement,
    ranking: Statement,
    answer: Statement,
}

thread_local! {
    static CONNECTION: RefCell<Option<Prepared>> = const { RefCell::new(None) };
}

pub struct Postgres;

fn open() -> Result<Prepared, String> {
    let url = URL.get().ok_or("no URL")?;
    let mut client = Client::connect(url, NoTls).map_err(|e| e.to_string())?;
    // As the server has them, or plans would be compared.
    client.batch_execute("SET jit=off; SET random_page_cost=1.1").map_err(|e| e.to_string())?;
    let mut prepared = |sql: &str| client.prepare(sql).map_err(|e| e.to_string());
    let (by_id, list) = (prepared(&by_id_sql("$1"))?, prepared(&list_sql("$1", "$2"))?);
    let (edges, nodes) = (prepared(&edges_sql())?, prepared(&nodes_sql())?);
    let (case, cases) = (prepared(&case_row::by_id_sql("$1"))?, prepared(&case_row::list_sql())?);
    let (desk, insert) = (prepared(&case_row::desk_sql())?, prepared(&case_row::insert_sql())?);
    let (meetings, counted) = (prepared(meetings::list_sql())?, prepared(overview::sql())?);
    let ranking = prepared(&ranking_sql("$1"))?;
    let answer = prepared(
        "INSERT INTO survey_answers (round_id, id, party, stratum, channel, answers) \
         VALUES ($1, $2, 'owners', '0001', 'web', $3)",
    )?;
    Ok(Prepared { client, by_id, list, edges, nodes, case, cases, counted, desk, insert, meetings, ranking, answer })
}

fn with<T, E: ToString>(work: impl FnOnce(&mut Prepared) -> Result<T, E>) -> Result<T, String> {
    CONNECTION.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(open()?);
        }
        let prepared = slot.as_mut().ok_or("no connection")?;
        work(prepared).map_err(|e| e.to_string())
    })
}

fn compound(row: &Row, with_name: bool) -> Result<Compound, postgres::Error> {
    let id: uuid::Uuid = row.try_get(0)?;
    let opened: NaiveDate = row.try_get(15)?;
    let closed: Option<NaiveDate> = row.try_get(16)?;
    let updated: DateTime<Utc> = row.try_get(19)?;
    Ok(Compound {
        id: id.to_string(),
        area_code: row.try_get(1)?,
        community_code: row.try_get(2)?,
        grid_code: row.try_get(3)?,
        name: row.try_get(4)?,
        kind: row.try_get(5)?,
        address: row.try_get(6)?,
        built_year: row.try_get(7)?,
        floor_area: row.try_get(8)?,
        households: row.try_get(9)?,
        residents: row.try_get(10)?,
        management_mode: row.try_get(11)?,
        pilots: row.try_get(12)?,
        plan: row.try_get(13)?,
        brand: row.try_get(14)?,
        opened_on: opened.to_string(),
        closed_on: closed.map(|day| day.to_string()),
        serving_contract_id: row.try_get::<_, Option<uuid::Uuid>>(17)?.map(|id| id.to_string()),
        version: row.try_get(18)?,
        updated_at: updated.to_rfc3339(),
        community_name: if with_name { Some(row.try_get(20)?) } else { None },
    })
}

impl Source for Postgres {
    fn by_id(id: uuid::Uuid) -> Result<Option<Compound>, String> {
        with(|p| {
            let row = p.client.query_opt(&p.by_id, &[&id])?;
            row.map(|row| compound(&row, false)).transpose()
        })
    }

    fn list(from: &str, to: &str) -> Result<Vec<Compound>, String> {
        with(|p| {
            let rows = p.client.query(&p.list, &[&from, &to])?;
            rows.iter().map(|row| compound(row, true)).collect()
        })
    }

    fn graph(from: &str, to: &str, on: NaiveDate) -> Result<(Vec<Node>, Vec<Edge>), String> {
        with(|p| {
            let edges = p.client.query(&p.edges, &[&from, &to, &on])?.iter().map(edge).collect::<Result<_, _>>()?;
            let nodes = p.client.query(&p.nodes, &[&from, &to, &on])?.iter().map(node).collect::<Result<_, _>>()?;
            Ok::<_, postgres::Error>((nodes, edges))
        })
    }

    fn ranking(id: uuid::Uuid) -> Result<Option<(String, String)>, String> {
        with(|p| {
            let row = p.client.query_opt(&p.ranking, &[&id])?;
            row.map(|row| Ok::<_, postgres::Error>((row.try_get(0)?, row.try_get(1)?))).transpose()
        })
    }
}

impl CaseSource for Postgres {
    fn case(id: uuid::Uuid) -> Result<Option<Case>, String> {
        with(|p| {
            let row = p.client.query_opt(&p.case, &[&id]).map_err(|e| e.to_string())?;
            row.map(|row| Case::read(&row)).transpose()
        })
    }

    fn cases(community: &str) -> Result<Vec<Item>, String> {
        with(|p| items(p.client.query(&p.cases, &[&community, &uuid::Uuid::max()])))
    }

    fn counted((from, to): (&str, &str), since: DateTime<Utc>) -> Result<Vec<Group>, String> {
        with(|p| {
            let group = |row: &Row| {
                let (reported, closed, on_time) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
                Ok(Group { kind: row.try_get(0)?, category: row.try_get(1)?, reported, closed, on_time })
            };
            p.client.query(&p.counted, &[&from, &to, &since])?.iter().map(group).collect::<Result<_, postgres::Error>>()
        })
    }

    fn desk(community: &str, status: &str) -> Result<Vec<Item>, String> {
        with(|p| items(p.client.query(&p.desk, &[&community, &status, &DateTime::UNIX_EPOCH, &uuid::Uuid::nil()])))
    }

    fn insert(new: &NewCase) -> Result<String, String> {
        let (id, at) = (uuid::Uuid::now_v7(), Clock::System.now().utc());
        let community = new.area_code.get(..12).unwrap_or_default();
        with(|p| {
            let (number, kind, category) = (id.simple().to_string(), &new.kind, &new.category);
            p.client.execute(
                &p.insert,
                &[&id, &number, &new.area_code, &community, kind, category, &new.channel, &new.title, &at],
            )
        })?;
        Ok(id.to_string())
    }

    fn answer(answers: &serde_json::Value) -> Result<(), String> {
        let id = uuid::Uuid::new_v4();
        with(|p| p.client.execute(&p.answer, &[&crate::answers::ROUND, &id, answers]))?;
        Ok(())
    }
}

impl MeetingSource for Postgres {
    fn meetings(area: (&str, &str), time: (DateTime<Utc>, DateTime<Utc>)) -> Result<Vec<Meeting>, String> {
        with(|p| {
            let rows = p.client.query(&p.meetings, &[&area.0, &area.1, &time.0, &time.1]).map_err(|e| e.to_string())?;
            rows.iter().map(Meeting::read).collect()
        })
    }

    fn keep(document: &str) -> Result<(), String> {
        // The table is there only where minutes are measured, so its statement is not prepared with the others.
        with(|p| {
            let document: serde_json::Value = serde_json::from_str(document).map_err(|e| e.to_string())?;
            let done = p.client.execute(meetings::KEEP, &[&uuid::Uuid::now_v7(), &document]);
            done.map(|_| ()).map_err(|e| e.to_string())
        })
    }
}

fn items(rows: Result<Vec<Row>, postgres::Error>) -> Result<Vec<Item>, String> {
    rows.map_err(|e| e.to_string())?.iter().map(Item::read).collect()
}

impl Columns for Row {
    fn text(&self, at: usize) -> Result<String, String> {
        self.try_get(at).map_err(|e| e.to_string())
    }

    fn some_text(&self, at: usize) -> Result<Option<String>, String> {
        self.try_get(at).map_err(|e| e.to_string())
    }

    fn id(&self, at: usize) -> Result<String, String> {
        text_id(self, at).map_err(|e| e.to_string())
    }

    fn some_id(&self, at: usize) -> Result<Option<String>, String> {
        let id: Option<uuid::Uuid> = self.try_get(at).map_err(|e| e.to_string())?;
        Ok(id.map(|id| id.to_string()))
    }

    fn int(&self, at: usize) -> Result<i32, String> {
        self.try_get(at).map_err(|e| e.to_string())
    }

    fn some_int(&self, at: usize) -> Result<Option<i32>, String> {
        self.try_get(at).map_err(|e| e.to_string())
    }

    fn moment(&self, at: usize) -> Result<String, String> {
        self.try_get::<_, DateTime<Utc>>(at).map(|at| at.to_rfc3339()).map_err(|e| e.to_string())
    }

    fn some_moment(&self, at: usize) -> Result<Option<String>, String> {
        let moment: Option<DateTime<Utc>> = self.try_get(at).map_err(|e| e.to_string())?;
        Ok(moment.map(|at| at.to_rfc3339()))
    }

    fn json(&self, at: usize) -> Result<serde_json::Value, String> {
        self.try_get(at).map_err(|e| e.to_string())
    }
}

fn text_id(row: &Row, at: usize) -> Result<String, postgres::Error> {
    Ok(row.try_get::<_, uuid::Uuid>(at)?.to_string())
}

fn edge(row: &Row) -> Result<Edge, postgres::Error> {
    Ok(Edge {
        appointment_id: text_id(row, 0)?,
        from: text_id(row, 1)?,
        to: text_id(row, 2)?,
        direction: row.try_get(3)?,
        seat_kind: row.try_get(4)?,
        area_code: row.try_get(5)?,
    })
}

fn node(row: &Row) -> Result<Node, postgres::Error> {
    Ok(Node { id: text_id(row, 0)?, kind: row.try_get(1)?, name: row.try_get(2)?, area_code: row.try_get(3)? })
}
