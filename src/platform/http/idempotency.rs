//! `Idempotency-Key`: a repeated POST gets the first answer. The answer is stored in the transaction of its effect.

use std::collections::HashSet;
use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Integer, Nullable, Text};
use serde::Serialize;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::body::BodyFingerprint;
use super::conditional::{Versioned, etag};
use crate::app::App;
use crate::auth::principal_of;
use crate::db::{Conn, Either, IdSql, Ts, WriteWork, fixed, shaped};
use crate::error::{At, Error, FieldError, Report, Result, wire};
use crate::history::ActorId;
use crate::schema::idempotency_keys as keys;
use crate::{in_runs, on_each};

pub(super) const HEADER: &str = "idempotency-key";
const MAX_KEY: usize = 255;
/// What the document says of the key.
pub const KEY_DESCRIPTION: &str = "幂等键 · The same key and body get the first answer, for a day";

/// How a POST is written: at most once per key.
pub struct Once {
    request: HttpRequest,
    key: Option<String>,
}

/// A POST with a key, of one caller.
#[derive(Debug, Clone)]
pub struct Call {
    principal: ActorId,
    path: String,
    key: String,
    fingerprint: String,
}

#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = keys, treat_none_as_default_value = false)]
struct KeyRow {
    principal_id: ActorId,
    path: String,
    key: String,
    fingerprint: String,
    status: i32,
    location: Option<String>,
    version: Option<i32>,
    body: String,
    created_at: Ts,
}

impl KeyRow {
    /// A call that has no answer yet.
    fn of(call: &Call, now: Ts) -> Self {
        Self {
            principal_id: call.principal,
            path: call.path.clone(),
            key: call.key.clone(),
            fingerprint: call.fingerprint.clone(),
            status: 0,
            location: None,
            version: None,
            body: String::new(),
            created_at: now,
        }
    }

    fn answered(call: &Call, answer: &Answer, now: Ts) -> Self {
        Self {
            status: i32::from(answer.status.as_u16()),
            location: answer.location.clone(),
            version: answer.version,
            body: answer.body.clone(),
            ..Self::of(call, now)
        }
    }

    fn key(&self) -> (ActorId, &str, &str) {
        (self.principal_id, &self.path, &self.key)
    }
}

/// What a POST made that has no version.
#[derive(Debug)]
pub struct Made<T> {
    /// Its path, `/v1/cases/…`.
    pub location: String,
    pub body: T,
}

/// The answer to a POST: fresh, or the stored one.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    location: Option<String>,
    version: Option<i32>,
    body: String,
    replayed: bool,
}

impl FromRequest for Once {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_key(request).map(|key| Self { request: request.clone(), key }))
    }
}

/// For `params(Once)` on steps and on what has no version; creations and uploads have it in any case.
impl utoipa::IntoParams for Once {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(257));
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(KEY_DESCRIPTION))
            .schema(Some(text));
        vec![parameter.build()]
    }
}

/// A structured-field string or, as Stripe has it, the bare token.
fn read_key(request: &HttpRequest) -> Result<Option<String>> {
    let mut values = request.headers().get_all(HEADER);
    let (Some(value), None) = (values.next(), values.next()) else {
        return if request.headers().contains_key(HEADER) { Err(bad_key()) } else { Ok(None) };
    };
    let text = value.to_str().map_err(|_| bad_key())?.trim();
    let key = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let visible = key.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    if key.is_empty() || key.len() > MAX_KEY || !visible { Err(bad_key()) } else { Ok(Some(key.to_owned())) }
}

fn bad_key() -> Error {
    let place = FieldError::new(
        At::Header("Idempotency-Key".into()),
        "invalid_value",
        "须为一个 1–255 个可见字符的值",
        "must be one value of 1–255 visible characters",
    );
    Error::Malformed(&wire::BAD_PARAMETER, vec![place])
}

impl Once {
    /// `None` where the caller sent no key.
    pub fn call(&self) -> Result<Option<Call>> {
        let Some(key) = self.key.clone() else { return Ok(None) };
        let principal = principal_of(&self.request).ok_or(Error::Unauthenticated)?;
        let extensions = self.request.extensions();
        let body = extensions.get::<BodyFingerprint>().map(|f| f.0.clone()).unwrap_or_default();
        let path = self.request.path().to_owned();
        let fingerprint = format!("{body}?{}", self.request.query_string());
        Ok(Some(Call { principal: ActorId(principal.id), path, key, fingerprint }))
    }

    /// What the same call was answered before, for who has much to do before they write.
    pub async fn answered(&self, app: &App) -> Result<Option<Answer>> {
        let Some(call) = self.call()? else { return Ok(None) };
        app.db.read(move |c| stored(c, &call)).await
    }

    /// Runs `work` in one write transaction and answers with what it made, or with what the same call made before.
    pub async fn write<T, F>(self, app: &App, work: F) -> Result<Answer>
    where
        T: Serialize + 'static,
        F: Fn(&mut Conn) -> Result<Versioned<T>> + Send + 'static,
    {
        self.answer(app, Box::new(move |c| Answer::fresh(&work(c)?))).await
    }

    /// The same for what has no version.
    pub async fn make<T, F>(self, app: &App, work: F) -> Result<Answer>
    where
        T: Serialize + 'static,
        F: Fn(&mut Conn) -> Result<Made<T>> + Send + 'static,
    {
        self.answer(app, Box::new(move |c| Answer::made(&work(c)?))).await
    }

    // The work comes without its type: what follows is long, and would be compiled for each handler that writes.
    async fn answer(self, app: &App, work: WriteWork<Answer>) -> Result<Answer> {
        let call = self.call()?;
        let now = app.clock.now();
        let (for_refusal, db) = (call.clone(), app.db.clone());
        let outcome = db
            .write(move |c| match &call {
                None => work(c),
                Some(call) => match claim(c, call, now)? {
                    Some(stored) => Ok(stored),
                    None => {
                        let answer = work(c)?;
                        keep(c, call, &answer, now)?;
                        Ok(answer)
                    }
                },
            })
            .await;
        if let (Err(refused @ Error::Rule(..)), Some(call)) = (&outcome, for_refusal) {
            // A refusal by a rule is an answer as well: the retry of a lost reply must not find another one.
            let refusal = Answer::refusal(&refused.report())?;
            db.write(move |c| match claim(c, &call, now)? {
                Some(_) => Ok(()),
                None => keep(c, &call, &refusal, now),
            })
            .await?;
        }
        outcome
    }
}

/// Takes the key for this transaction; `Some` is the answer that the same call had before. On PostgreSQL a second
/// caller waits here until the first commits; on SQLite there is no second while this one writes, and a look will do.
fn claim(c: &mut Conn, call: &Call, now: Ts) -> Result<Option<Answer>> {
    let Either::Postgres(pg) = c.either() else { return stored(c, call) };
    let empty = KeyRow::of(call, now);
    let taken = diesel::insert_into(keys::table).values(&empty).on_conflict_do_nothing().execute(pg)? == 0;
    if !taken {
        return Ok(None);
    }
    stored(c, call)?.ok_or(Error::Busy).map(Some)
}

fn stored(c: &mut Conn, call: &Call) -> Result<Option<Answer>> {
    let same = || keys::table.find((call.principal, &call.path, &call.key));
    let row: Option<KeyRow> = on_each!(c => fixed(same()).get_result(c)).optional()?;
    let Some(row) = row else { return Ok(None) };
    if row.fingerprint != call.fingerprint {
        return Err(Error::Malformed(&wire::KEY_REUSED, Vec::new()));
    }
    Answer::stored(row).map(Some)
}

/// Keeps the answer to a call that was claimed in this transaction.
fn keep(c: &mut Conn, call: &Call, answer: &Answer, now: Ts) -> Result<()> {
    let status = i32::from(answer.status.as_u16());
    match c.either() {
        Either::Postgres(c) => Kept { call, answer, status }.execute(c)?,
        Either::Sqlite(c) => {
            let row = KeyRow::answered(call, answer, now);
            fixed(diesel::insert_into(keys::table).values(&row)).execute(c)?
        }
    };
    Ok(())
}

/// Keeps the answers to calls that nobody made before, for those who know them before they write: of each call whether it
/// is new. Those that are not are for [`Once::write`] to answer, which is all of them on SQLite, where nobody is gathered.
pub fn keep_new(c: &mut Conn, answered: &[(&Call, &Answer)], now: Ts) -> Result<Vec<bool>> {
    let Either::Postgres(c) = c.either() else { return Ok(vec![false; answered.len()]) };
    let mut rows: Vec<KeyRow> = answered.iter().map(|(call, answer)| KeyRow::answered(call, answer, now)).collect();
    // In one order, so that two who keep several wait for each other the same way round.
    rows.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
    let rows: Vec<&KeyRow> = rows.iter().collect();
    let mut kept: HashSet<(ActorId, String, String)> = HashSet::new();
    in_runs!(rows, |key, run| {
        let new = diesel::insert_into(keys::table).values(run).on_conflict_do_nothing();
        let new = shaped(key, new.returning((keys::principal_id, keys::path, keys::key)));
        kept.extend(new.load::<(ActorId, String, String)>(c)?);
    });
    // Of two calls with one key the first is new; the second finds what it kept.
    let is_new = |(call, _): &(&Call, &Answer)| kept.remove(&(call.principal, call.path.clone(), call.key.clone()));
    Ok(answered.iter().map(is_new).collect())
}

/// What fills a claimed key, as a statement that is prepared once: diesel's own update would be for every call.
struct Kept<'a> {
    call: &'a Call,
    answer: &'a Answer,
    status: i32,
}

impl QueryId for Kept<'_> {
    type QueryId = Kept<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for Kept<'_> {}

impl QueryFragment<Pg> for Kept<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Self { call, answer, status } = self;
        out.push_sql("UPDATE idempotency_keys SET status = ");
        out.push_bind_param::<Integer, _>(status)?;
        out.push_sql(", location = ");
        out.push_bind_param::<Nullable<Text>, _>(&answer.location)?;
        out.push_sql(", version = ");
        out.push_bind_param::<Nullable<Integer>, _>(&answer.version)?;
        out.push_sql(", body = ");
        out.push_bind_param::<Text, _>(&answer.body)?;
        out.push_sql(" WHERE principal_id = ");
        out.push_bind_param::<IdSql, _>(&call.principal)?;
        out.push_sql(" AND path = ");
        out.push_bind_param::<Text, _>(&call.path)?;
        out.push_sql(" AND key = ");
        out.push_bind_param::<Text, _>(&call.key)?;
        Ok(())
    }
}

/// Forgets keys older than a day; called by the sweeper.
pub fn purge_keys(c: &mut Conn, now: Ts) -> Result<usize> {
    let yesterday = now.plus(-chrono::Duration::hours(24));
    Ok(diesel::delete(keys::table.filter(keys::created_at.lt(yesterday))).execute(c)?)
}

impl Answer {
    /// The answer that says what was made.
    pub fn fresh<T: Serialize>(made: &Versioned<T>) -> Result<Self> {
        Ok(Self {
            status: made.status,
            location: made.location.clone(),
            version: Some(made.version),
            body: serde_json::to_string(&made.body).map_err(Error::internal)?,
            replayed: false,
        })
    }

    fn made<T: Serialize>(made: &Made<T>) -> Result<Self> {
        Ok(Self {
            status: StatusCode::CREATED,
            location: Some(made.location.clone()),
            version: None,
            body: serde_json::to_string(&made.body).map_err(Error::internal)?,
            replayed: false,
        })
    }

    /// Whether it was made by an earlier call, and not by this one.
    pub fn is_replayed(&self) -> bool {
        self.replayed
    }

    /// The report is kept, not its text: it is rendered in the language of whoever asks again.
    fn refusal(report: &Report) -> Result<Self> {
        let status = StatusCode::from_u16(report.status).map_err(Error::internal)?;
        let body = serde_json::to_string(report).map_err(Error::internal)?;
        Ok(Self { status, location: None, version: None, body, replayed: false })
    }

    fn stored(row: KeyRow) -> Result<Self> {
        let status = u16::try_from(row.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
        let status = status.ok_or_else(|| Error::internal("a stored answer without a status"))?;
        Ok(Self { status, location: row.location, version: row.version, body: row.body, replayed: true })
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        if self.status.is_client_error() {
            let mut response = response.finish();
            if let Ok(report) = serde_json::from_str::<Report>(&self.body) {
                response.extensions_mut().insert(report);
            }
            return response;
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(version) = self.version {
            response.insert_header((header::ETAG, etag(version)));
        }
        response.content_type("application/json").body(self.body)
    }
}
