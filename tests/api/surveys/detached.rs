//! Nothing that is kept puts a name to an answer: no column, no time, no order, no event, no stored reply.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use oversight::schema::{survey_answers, survey_claims, survey_comments};
use oversight::surveys::dto::SurveyCommentId;
use platform::db::Either;
use platform::schema::{history, idempotency_keys, outbox};
use serde_json::json;
use uuid::Uuid;

use super::{Ground, answer, answer_as, at, sheet};
use crate::support::TestApp;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    told: String,
}

/// The columns of a table, each with its type.
async fn columns(app: &TestApp, table: &'static str) -> BTreeSet<(String, String)> {
    let sqlite = format!("SELECT name || ' ' || type AS told FROM pragma_table_info('{table}')");
    let postgres = format!(
        "SELECT column_name || ' ' || data_type AS told FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = '{table}'"
    );
    let read = app.app.db.read(move |c| {
        let rows: Vec<Column> = match c.either() {
            Either::Sqlite(c) => diesel::sql_query(sqlite.clone()).load(c)?,
            Either::Postgres(c) => diesel::sql_query(postgres.clone()).load(c)?,
        };
        Ok(rows)
    });
    let split = |column: Column| {
        let (name, kind) = column.told.split_once(' ').expect("two words");
        (name.to_owned(), kind.to_lowercase())
    };
    read.await.expect("columns").into_iter().map(split).collect()
}

#[actix_web::test]
async fn no_column_joins_who_answered_with_what_was_answered() {
    let g = Ground::new(1, 0).await;
    let claims = columns(g.app(), "survey_claims").await;
    let (answers, comments) = (columns(g.app(), "survey_answers").await, columns(g.app(), "survey_comments").await);
    let names = |columns: &BTreeSet<(String, String)>| -> BTreeSet<String> {
        columns.iter().map(|(name, _)| name.clone()).collect()
    };
    let shared: BTreeSet<String> = names(&claims).intersection(&names(&answers)).cloned().collect();
    assert_eq!(shared, ["party", "round_id"].map(str::to_owned).into());
    let shared: BTreeSet<String> = names(&comments).intersection(&names(&answers)).cloned().collect();
    assert_eq!(shared, ["id", "round_id"].map(str::to_owned).into(), "and the ids are two that were drawn");
    assert_eq!(names(&claims), ["party", "round_id", "subject_id"].map(str::to_owned).into());
    for (name, kind) in claims.iter().chain(&answers).chain(&comments) {
        let timed = kind.contains("time") || kind.contains("date") || kind.contains("int");
        assert!(!timed, "{name} is of a kind that could hold when");
    }
}

#[actix_web::test]
async fn nothing_that_is_kept_tells_when_or_in_which_order() {
    let mut g = Ground::new(4, 0).await;
    let round = g.open("owners").await;
    let tokens = g.tokens(&round).await;
    answer(g.app(), &tokens[1], sheet(3, 3)).await.expect(204);
    let before = traces(g.app()).await;
    let mut spoken = sheet(1, 1);
    spoken["comment"] = json!("灯不亮");
    answer(g.app(), &tokens[2], spoken).await.expect(204);
    answer_as(&g.t.owner.client, &round, "owners", sheet(5, 5)).await.expect(204);
    let called = json!({ "room_id": g.rooms[3], "sheet": sheet(2, 2) });
    let keyed = [("Idempotency-Key", "a-key-of-the-caller")];
    g.worker().post_with(&at(&round, "calls"), &keyed, called).await.expect(204);
    assert_eq!(traces(g.app()).await, before, "no event, no outbox row and no stored reply tells of an answer");
    let rows = g.app().app.db.read(|c| {
        let answers: Vec<SurveyCommentId> = survey_answers::table.select(survey_answers::id).load(c)?;
        let comments: Vec<SurveyCommentId> = survey_comments::table.select(survey_comments::id).load(c)?;
        let claims: i64 = survey_claims::table.count().get_result(c)?;
        Ok((answers, comments, claims))
    });
    let (answers, comments, claims) = rows.await.expect("rows");
    assert_eq!((answers.len(), comments.len(), claims), (4, 1, 4));
    let ids: Vec<Uuid> = answers.into_iter().map(|id| id.0).chain(comments.into_iter().map(|id| id.0)).collect();
    assert!(ids.iter().all(|id| id.get_version_num() == 4), "an id of version 7 would tell its time: {ids:?}");
    has_no_row_order(g.app()).await;
}

/// How many rows tell of what happened.
async fn traces(app: &TestApp) -> (i64, i64, i64) {
    let counted = app.app.db.read(|c| {
        Ok((
            history::table.count().get_result(c)?,
            outbox::table.count().get_result(c)?,
            idempotency_keys::table.filter(idempotency_keys::path.like("%surve%")).count().get_result(c)?,
        ))
    });
    counted.await.expect("counted")
}

/// SQLite numbers rows as they come, unless it is told not to.
async fn has_no_row_order(app: &TestApp) {
    for table in ["survey_claims", "survey_answers", "survey_comments"] {
        let numbered = app.app.db.read(move |c| {
            let query = format!("SELECT CAST(rowid AS TEXT) AS told FROM {table}");
            Ok(match c.either() {
                Either::Sqlite(c) => diesel::sql_query(query).load::<Column>(c).is_ok(),
                Either::Postgres(_) => false,
            })
        });
        assert!(!numbered.await.expect("asked"), "{table}");
    }
}
