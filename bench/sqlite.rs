//! SQLite through rusqlite: one connection a thread, statements prepared once.

use std::cell::RefCell;
use std::sync::{Mutex, OnceLock};

use chrono::{DateTime, Utc};
use platform::clock::Clock;
use rusqlite::{Connection, Row};

use crate::case_row::{self, Case, Columns, Item};
use crate::graph::{Edge, Node, edges_sql, nodes_sql};
use crate::meetings::{self, Meeting, MeetingSource};
use crate::overview::{self, Group};
use crate::row::{CaseSource, Compound, NewCase, Source, by_id_sql, list_sql, ranking_sql};

pub static PATH: OnceLock<String> = OnceLock::new();

const PRAGMAS: &str = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; \
    PRAGMA mmap_size=268435456; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY";

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

pub struct Sqlite;

fn with<T>(work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, String> {
    CONNECTION.with_borrow_mut(|slot| {
        if slot.is_none() {
            let path = PATH.get().ok_or("no path")?;
            let opened = Connection::open(path).map_err(|e| e.to_string())?;
            opened.execute_batch(PRAGMAS).map_err(|e| e.to_string())?;
            *slot = Some(opened);
        }
        let connection = slot.as_ref().ok_or("no connection")?;
        work(connection).map_err(|e| e.to_string())
    })
}

fn compound(row: &Row<'_>, with_name: bool) -> rusqlite::Result<Compound> {
    let id: [u8; 16] = row.get(0)?;
    let micros: i64 = row.get(19)?;
    let pilots: String = row.get(12)?;
    Ok(Compound {
        id: uuid::Uuid::from_bytes(id).to_string(),
        area_code: row.get(1)?,
        community_code: row.get(2)?,
        grid_code: row.get(3)?,
        name: row.get(4)?,
        kind: row.get(5)?,
        address: row.get(6)?,
        built_year: row.get(7)?,
        floor_area: row.get(8)?,
        households: row.get(9)?,
        residents: row.get(10)?,
        management_mode: row.get(11)?,
        pilots: serde_json::from_str(&pilots).unwrap_or_default(),
        plan: row.get(13)?,
        brand: row.get(14)?,
        opened_on: row.get(15)?,
        closed_on: row.get(16)?,
        serving_contract_id: row.get::<_, Option<[u8; 16]>>(17)?.map(|id| uuid::Uuid::from_bytes(id).to_string()),
        version: row.get(18)?,
        updated_at: chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default().to_rfc3339(),
        community_name: if with_name { row.get(20)? } else { None },
    })
}

impl Source for Sqlite {
    fn by_id(id: uuid::Uuid) -> Result<Option<Compound>, String> {
        with(|c| {
            let mut statement = c.prepare_cached(&by_id_sql("?1"))?;
            let mut rows = statement.query([id.as_bytes().as_slice()])?;
            rows.next()?.map(|row| compound(row, false)).transpose()
        })
    }

    fn list(from: &str, to: &str) -> Result<Vec<Compound>, String> {
        with(|c| {
            let mut statement = c.prepare_cached(&list_sql("?1", "?2"))?;
            let rows = statement.query_map([from, to], |row| compound(row, true))?;
            rows.collect()
        })
    }

    fn graph(from: &str, to: &str, on: chrono::NaiveDate) -> Result<(Vec<Node>, Vec<Edge>), String> {
        let on = on.to_string();
        with(|c| {
            let mut statement = c.prepare_cached(&edges_sql())?;
            let edges = statement.query_map([from, to, &on], edge)?.collect::<rusqlite::Result<_>>()?;
            let mut statement = c.prepare_cached(&nodes_sql())?;
            let nodes = statement.query_map([from, to, &on], node)?.collect::<rusqlite::Result<_>>()?;
            Ok((nodes, edges))
        })
    }

    fn ranking(id: uuid::Uuid) -> Result<Option<(String, String)>, String> {
        with(|c| {
            let mut statement = c.prepare_cached(&ranking_sql("?1"))?;
            let mut rows = statement.query([id.as_bytes().as_slice()])?;
            rows.next()?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
        })
    }
}

impl CaseSource for Sqlite {
    fn case(id: uuid::Uuid) -> Result<Option<Case>, String> {
        with(|c| {
            let mut statement = c.prepare_cached(&case_row::by_id_sql("?1"))?;
            let mut rows = statement.query([id.as_bytes().as_slice()])?;
            rows.next()?.map(|row| Case::read(row).map_err(faulty)).transpose()
        })
    }

    fn cases(community: &str) -> Result<Vec<Item>, String> {
        items(&case_row::list_sql(), (community, uuid::Uuid::max().as_bytes().as_slice()))
    }

    fn counted((from, to): (&str, &str), since: DateTime<Utc>) -> Result<Vec<Group>, String> {
        with(|c| {
            let mut statement = c.prepare_cached(overview::sql())?;
            let group = |row: &Row<'_>| {
                let (reported, closed, on_time) = (row.get(2)?, row.get(3)?, row.get(4)?);
                Ok(Group { kind: row.get(0)?, category: row.get(1)?, reported, closed, on_time })
            };
            statement.query_map((from, to, since.timestamp_micros()), group)?.collect()
        })
    }

    fn desk(community: &str, status: &str) -> Result<Vec<Item>, String> {
        items(&case_row::desk_sql(), (community, status, 0_i64, uuid::Uuid::nil().as_bytes().as_slice()))
    }

    fn insert(new: &NewCase) -> Result<String, String> {
        // Writers that compete for one file are no measure of anything: they queue here.
        static WRITER: Mutex<()> = Mutex::new(());
        let (id, at) = (uuid::Uuid::now_v7(), Clock::System.now().micros());
        let community = new.area_code.get(..12).unwrap_or_default();
        let _turn = WRITER.lock().map_err(|e| e.to_string())?;
        with(|c| {
            let mut statement = c.prepare_cached(&case_row::insert_sql())?;
            let (number, kind, category) = (id.simple().to_string(), &new.kind, &new.category);
            let key = id.as_bytes().as_slice();
            statement.execute((key, number, &new.area_code, community, kind, category, &new.channel, &new.title, at))
        })?;
        Ok(id.to_string())
    }

    fn answer(_: &serde_json::Value) -> Result<(), String> {
        Err("only on PostgreSQL".into())
    }
}

impl MeetingSource for Sqlite {
    fn meetings(area: (&str, &str), time: (DateTime<Utc>, DateTime<Utc>)) -> Result<Vec<Meeting>, String> {
        let time = (time.0.timestamp_micros(), time.1.timestamp_micros());
        with(|c| {
            let mut statement = c.prepare_cached(meetings::list_sql())?;
            let rows =
                statement.query_map((area.0, area.1, time.0, time.1), |row| Meeting::read(row).map_err(faulty))?;
            rows.collect()
        })
    }

    fn keep(document: &str) -> Result<(), String> {
        with(|c| {
            let mut statement = c.prepare_cached(meetings::KEEP)?;
            statement.execute((uuid::Uuid::now_v7().as_bytes().as_slice(), document)).map(|_| ())
        })
    }
}

fn items(sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Item>, String> {
    with(|c| {
        let mut statement = c.prepare_cached(sql)?;
        let rows = statement.query_map(parameters, |row| Item::read(row).map_err(faulty))?;
        rows.collect()
    })
}

fn faulty(what: String) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(what.into())
}

fn moment(micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default().to_rfc3339()
}

impl Columns for Row<'_> {
    fn text(&self, at: usize) -> Result<String, String> {
        self.get(at).map_err(|e| e.to_string())
    }

    fn some_text(&self, at: usize) -> Result<Option<String>, String> {
        self.get(at).map_err(|e| e.to_string())
    }

    fn id(&self, at: usize) -> Result<String, String> {
        text_id(self, at).map_err(|e| e.to_string())
    }

    fn some_id(&self, at: usize) -> Result<Option<String>, String> {
        let bytes: Option<[u8; 16]> = self.get(at).map_err(|e| e.to_string())?;
        Ok(bytes.map(|bytes| uuid::Uuid::from_bytes(bytes).to_string()))
    }

    fn int(&self, at: usize) -> Result<i32, String> {
        self.get(at).map_err(|e| e.to_string())
    }

    fn some_int(&self, at: usize) -> Result<Option<i32>, String> {
        self.get(at).map_err(|e| e.to_string())
    }

    fn moment(&self, at: usize) -> Result<String, String> {
        self.get(at).map(moment).map_err(|e| e.to_string())
    }

    fn some_moment(&self, at: usize) -> Result<Option<String>, String> {
        let micros: Option<i64> = self.get(at).map_err(|e| e.to_string())?;
        Ok(micros.map(moment))
    }

    fn json(&self, at: usize) -> Result<serde_json::Value, String> {
        serde_json::from_str(&self.text(at)?).map_err(|e| e.to_string())
    }
}

fn text_id(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(uuid::Uuid::from_bytes(row.get(at)?).to_string())
}

fn edge(row: &Row<'_>) -> rusqlite::Result<Edge> {
    Ok(Edge {
        appointment_id: text_id(row, 0)?,
        from: text_id(row, 1)?,
        to: text_id(row, 2)?,
        direction: row.get(3)?,
        seat_kind: row.get(4)?,
        area_code: row.get(5)?,
    })
}

fn node(row: &Row<'_>) -> rusqlite::Result<Node> {
    Ok(Node { id: text_id(row, 0)?, kind: row.get(1)?, name: row.get(2)?, area_code: row.get(3)? })
}
