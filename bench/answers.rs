//! A round that is open, invitations to it whose tokens follow from their numbers, and what is posted to answer by one.

use std::net::SocketAddr;

use chrono::Duration;
use diesel::prelude::*;
use oversight::schema::survey_invitations as invitations;
use oversight::surveys::dto::{
    SurveyFormId, SurveyInvitationId, SurveyInvitationWay, SurveyKind, SurveyParty, SurveyQuestion, SurveyQuestionKind,
    SurveyRespondents, SurveyRoundId,
};
use oversight::surveys::past::{self, PastForm, PastRound};
use platform::clock::Clock;
use platform::db::Db;
use platform::secrets::fingerprint;
use platform::{Result, on_each};
use serde_json::json;
use uuid::Uuid;

use crate::post::Request;

const BATCH: usize = 1000;
const AREA: &str = "110101001001";
/// The round that both servers write to.
pub const ROUND: Uuid = Uuid::from_u128(0x018d_0000_0000_7000_8000_0000_0000_0001);

/// What is answered: two marks.
pub fn body() -> String {
    json!({ "answers": [{ "question": "q1", "score": 4 }, { "question": "q2", "score": 5 }] }).to_string()
}

fn token(number: usize) -> String {
    format!("bench-{number:026}")
}

/// The `nth` answer of a connection, each token once.
pub fn request(
    address: SocketAddr,
    (first, count, connections): (usize, usize, usize),
    connection: usize,
    nth: usize,
) -> Option<Request> {
    let number = Some(nth * connections + connection).filter(|number| *number < count)?;
    let (token, body) = (token(first + number), body());
    let text = format!(
        "POST /v1/survey-invitations/{token}/answers HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    Some(Request { text, status: 204 })
}

fn question(code: &str) -> SurveyQuestion {
    SurveyQuestion {
        code: code.to_owned(),
        dimension: "服务".to_owned(),
        text: "您是否满意?".to_owned(),
        kind: SurveyQuestionKind::Scale,
        choices: Vec::new(),
    }
}

/// So many invitations to one round.
pub fn run(db: &Db, wanted: usize) -> Result<()> {
    if wanted == 0 {
        return Ok(());
    }
    let now = Clock::System.now();
    let form = PastForm {
        id: SurveyFormId::fresh(),
        area_code: AREA.to_owned(),
        code: "bench".to_owned(),
        kind: SurveyKind::Demand,
        title: "问卷".to_owned(),
        questions: vec![question("q1"), question("q2")],
        made_at: now,
        frozen_at: Some(now),
    };
    let round = PastRound {
        id: SurveyRoundId(ROUND),
        respondents: SurveyRespondents::Owners,
        title: "测评".to_owned(),
        area_code: AREA.to_owned(),
        compound: None,
        company: None,
        opens_at: now,
        closes_at: now.plus(Duration::days(30)),
        households: i64::try_from(wanted).unwrap_or(i64::MAX),
        strata: Vec::new(),
        recheck_of: None,
        answers: Vec::new(),
    };
    db.write_now(|c| {
        past::form(c, &form)?;
        past::publish(c, &form, &round)
    })?;
    for start in (0..wanted).step_by(BATCH) {
        let row = |number: usize| {
            (
                invitations::id.eq(SurveyInvitationId::fresh()),
                invitations::round_id.eq(SurveyRoundId(ROUND)),
                invitations::party.eq(SurveyParty::Owners),
                invitations::subject_id.eq(SurveyInvitationId::fresh()),
                invitations::stratum.eq("0001"),
                invitations::channel.eq(SurveyInvitationWay::Web),
                invitations::token_hash.eq(fingerprint(token(number).as_bytes())),
                invitations::created_at.eq(now),
            )
        };
        let rows: Vec<_> = (start..(start + BATCH).min(wanted)).map(row).collect();
        db.write_now(|c| Ok(on_each!(c => diesel::insert_into(invitations::table).values(&rows).execute(c))?))?;
    }
    Ok(())
}
