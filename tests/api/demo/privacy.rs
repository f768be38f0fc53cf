//! Numbers of the demo's persons: sealed, masked, and published only by whoever has agreed to it. And what is left when
//! the clock goes on.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::history::By;
use platform::schema::{history, outbox};
use roster::appointments;
use roster::people::dto::DirectoryPage;
use roster::schema::persons;
use serde_json::Value;

use super::{demo_app, loaded, log_in};
use crate::support::TestDatabase;
use crate::support::actors::TONGDEXIANG;

#[actix_web::test]
async fn of_two_volunteers_the_directory_has_the_one_who_agreed() {
    let app = demo_app().await;
    for reader in ["owner.kangsheng", "worker.tongdexiang"] {
        let who = log_in(&app, reader).await;
        let page: DirectoryPage = who.get(&format!("/v1/areas/{TONGDEXIANG}/directory")).await.expect(200).json();
        let [entry] = &page.items[..] else { panic!("one entry: {:?}", page.items) };
        assert_eq!(entry.name.as_deref(), Some("测试·志愿者甲"));
        assert!(entry.phone.as_deref().is_some_and(|phone| phone.starts_with("1990937") && phone.len() == 11));
        assert_eq!(entry.door_no, None, "which has not been agreed to");
    }
    // The other one is in the register, with a number that only its mask is shown of.
    let worker = log_in(&app, "worker.tongdexiang").await;
    let second = worker.get("/v1/persons?q=志愿者乙").await.expect(200).value();
    let masked = second["items"][0]["phone_masked"].as_str();
    assert!(masked.is_some_and(|phone| phone.starts_with("199****")), "{second}");

    let first = log_in(&app, "volunteer.first").await;
    let consents = first.get("/v1/me/consents").await.expect(200).value();
    assert_eq!(consents["items"].as_array().map(Vec::len), Some(3));
    let second = log_in(&app, "volunteer.second").await;
    let consents = second.get("/v1/me/consents").await.expect(200).value();
    assert_eq!(consents["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_the_demo_leaves_behind() {
    let database = loaded();
    no_number_and_no_name_is_in_the_history(&database);
    the_sweeper_ends_nothing(&database);
}

/// Every number is sealed, and neither numbers nor persons' names are in what outlives the persons' wishes.
fn no_number_and_no_name_is_in_the_history(database: &TestDatabase) {
    type Rows = (Vec<(String, bool, Vec<u8>)>, Vec<Value>, Vec<Value>);
    let read = database.open().with_writer(|c| -> QueryResult<Rows> {
        let columns = (persons::name, persons::synthetic, persons::phone_sealed.assume_not_null());
        let people = persons::table.select(columns).load(c)?;
        let told: Vec<platform::db::Json> = history::table.select(history::data).load(c)?;
        let sent: Vec<platform::db::Json> = outbox::table.select(outbox::data).load(c)?;
        Ok((people, told.into_iter().map(|row| row.0).collect(), sent.into_iter().map(|row| row.0).collect()))
    });
    let (people, told, sent) = read.expect("a writer").expect("the rows");
    assert!(people.len() > 900 && people.iter().all(|(_, synthetic, _)| *synthetic), "{} people", people.len());
    let all: String = told.iter().chain(&sent).map(|data| format!("{data}\n")).collect();
    assert!(!all.contains("1990937"));
    for (name, _, sealed) in &people {
        assert!(name.starts_with("测试·") && !all.contains(name.as_str()), "{name}");
        assert!(!String::from_utf8_lossy(sealed).contains("1990937"));
    }
}

/// Terms that are published as running to 2025 are over by the clock of whoever tries the demo; who holds them stays on,
/// and the sweeper ends none.
fn the_sweeper_ends_nothing(database: &TestDatabase) {
    let today: NaiveDate = "2030-01-15".parse().expect("a day");
    let at = platform::db::Ts::from_micros(1_894_669_200_000_000);
    let settled = database.open().write_now(|c| appointments::settle_all(c, &By { actor: None, at, today }));
    assert_eq!(settled.expect("a sweep"), 0);
}
