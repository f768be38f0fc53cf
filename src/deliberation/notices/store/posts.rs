//! 群内发言: what each party says, and how the group reads it.

use delivery::cases::dto::CaseId;
use diesel::dsl::count_star;
use diesel::prelude::*;
use platform::db::{Backend, Conn, Either, Ts};
use platform::history::{By, record, record_first};
use platform::quantity::Ratio;
use platform::{Error, Result};
use registry::identity::AccountId;
use serde_json::{Value, json};

use super::groups::{self, GroupRow};
use super::sight::Circle;
use crate::names::account_names;
use crate::notices::dto::{
    AllianceGroupId, AllianceParty, AlliancePostId, AlliancePostIn, AlliancePostKind, AlliancePostQuery, HideReason,
    PostCount, PostFiguresOut,
};
use crate::notices::rules::PARENT_UNKNOWN;
use crate::notices::rules::alliance::{Said, check_post};
use crate::schema::alliance_posts as posts;

/// The entity of a post's events.
pub const ENTITY: &str = "alliance_post";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = posts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PostRow {
    pub id: AlliancePostId,
    pub group_id: AllianceGroupId,
    pub area_code: String,
    pub parent_id: Option<AlliancePostId>,
    pub kind: AlliancePostKind,
    pub party: AllianceParty,
    pub author_id: AccountId,
    pub body: String,
    pub pinned: bool,
    pub expires_at: Option<Ts>,
    /// The case that it became.
    pub case_id: Option<CaseId>,
    /// The case that another report had become before.
    pub linked_case_id: Option<CaseId>,
    pub hidden_at: Option<Ts>,
    pub hide_reason: Option<HideReason>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl PostRow {
    /// The case that has in hand what is reported.
    pub fn case(&self) -> Option<CaseId> {
        self.case_id.or(self.linked_case_id)
    }
}

/// A post as one reader has it. The author's name is masked where it goes out.
#[derive(Debug)]
pub struct Told {
    pub row: PostRow,
    pub author: String,
    pub own: bool,
    /// Whether the reader is of the community, which has the case in hand.
    pub by_community: bool,
    pub expired: bool,
}

impl Told {
    fn to(circle: &Circle, (row, author): (PostRow, String), now: Ts) -> Self {
        Self {
            own: row.author_id == circle.account,
            by_community: circle.party(&row.area_code) == Some(AllianceParty::Community),
            expired: row.expires_at.is_some_and(|at| at <= now),
            author,
            row,
        }
    }
}

/// Says something in a group, as the party that the caller is of there.
pub fn say(c: &mut Conn, circle: &Circle, group: &GroupRow, new: &AlliancePostIn, by: &By) -> Result<PostRow> {
    let group = groups::hold_open(c, group.id)?;
    // Who only reads along has no voice, and to them there is nothing to post to.
    let party = circle.party(&group.area_code).ok_or(Error::NotFound)?;
    let pinned = new.pinned.unwrap_or(false);
    let is_reply = new.parent_id.is_some();
    check_post(Said { kind: new.kind, party, is_reply, pinned, expires_at: new.expires_at }, by.at)?;
    if let Some(parent) = new.parent_id {
        let standing = posts::id.eq(parent).and(posts::group_id.eq(group.id)).and(posts::hidden_at.is_null());
        let found: i64 = posts::table.filter(standing).count().get_result(c)?;
        if found == 0 {
            return Err(PARENT_UNKNOWN.at("/parent_id"));
        }
    }
    let row = PostRow {
        parent_id: new.parent_id,
        pinned,
        expires_at: new.expires_at,
        ..fresh(AlliancePostId::fresh(), &group, (new.kind, party, circle.account), &new.body, by)
    };
    insert(c, &row, by)?;
    Ok(row)
}

pub fn fresh(
    id: AlliancePostId,
    group: &GroupRow,
    (kind, party, author_id): (AlliancePostKind, AllianceParty, AccountId),
    body: &str,
    by: &By,
) -> PostRow {
    PostRow {
        id,
        group_id: group.id,
        area_code: group.area_code.clone(),
        parent_id: None,
        kind,
        party,
        author_id,
        body: body.to_owned(),
        pinned: false,
        expires_at: None,
        case_id: None,
        linked_case_id: None,
        hidden_at: None,
        hide_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// Writes a post down. Who said it is in the row, where a name can be taken back, and not in the history.
pub fn insert(c: &mut Conn, row: &PostRow, by: &By) -> Result<()> {
    diesel::insert_into(posts::table).values(row).execute(c)?;
    let data = json!({ "group_id": row.group_id, "kind": row.kind, "party": row.party, "parent_id": row.parent_id });
    let by = By { actor: None, ..*by };
    record_first(c, by.event(ENTITY, row.id, 1, "alliance_post.said", &row.area_code, data))
}

/// A post, whoever asks.
pub fn get(c: &mut Conn, id: AlliancePostId) -> Result<PostRow> {
    Ok(posts::table.find(id).select(PostRow::as_select()).first(c)?)
}

/// The same, kept as it is until the transaction ends: of two who do something to a post at once the second sees what the
/// first has done. SQLite has one writer.
pub fn hold(c: &mut Conn, id: AlliancePostId) -> Result<PostRow> {
    match c.either() {
        Either::Sqlite(c) => Ok(posts::table.find(id).select(PostRow::as_select()).first(c)?),
        Either::Postgres(c) => Ok(posts::table.find(id).select(PostRow::as_select()).for_update().first(c)?),
    }
}

/// What was hidden is there for those only who moderate.
fn shows(circle: &Circle, row: &PostRow) -> bool {
    circle.reads(&row.area_code) && (row.hidden_at.is_none() || circle.moderates(&row.area_code))
}

/// A post of a group that the caller is in.
pub fn find(c: &mut Conn, circle: &Circle, id: AlliancePostId, now: Ts) -> Result<Told> {
    let found = told(c, circle, id, now)?;
    if shows(circle, &found.row) { Ok(found) } else { Err(Error::NotFound) }
}

/// A post as who has just done something to it is told of it.
pub fn told(c: &mut Conn, circle: &Circle, id: AlliancePostId, now: Ts) -> Result<Told> {
    let one = posts::table.inner_join(account_names::table).filter(posts::id.eq(id));
    let found = one.select((PostRow::as_select(), account_names::display_name)).first(c)?;
    Ok(Told::to(circle, found, now))
}

/// What a reader of a group asks for; what was hidden only where they moderate.
macro_rules! filtered {
    ($query:expr, ($circle:expr, $group:expr), $filter:expr) => {{
        let mut query = $query.into_boxed::<Backend>().filter(posts::group_id.eq($group.id));
        if !$circle.moderates(&$group.area_code) {
            query = query.filter(posts::hidden_at.is_null());
        }
        if let Some(kind) = $filter.kind {
            query = query.filter(posts::kind.eq(kind));
        }
        if let Some(parent) = $filter.parent_id {
            query = query.filter(posts::parent_id.eq(parent));
        }
        if let Some(pinned) = $filter.pinned {
            query = query.filter(posts::pinned.eq(pinned));
        }
        query
    }};
}

/// What was said in a group, the newest first, in one statement.
pub fn list(
    c: &mut Conn,
    of: (&Circle, &GroupRow),
    (before, fetch): (Option<AlliancePostId>, i64),
    filter: &AlliancePostQuery,
    now: Ts,
) -> Result<Vec<Told>> {
    let (circle, group) = of;
    let mut query = filtered!(posts::table.inner_join(account_names::table), (circle, group), filter);
    if let Some(before) = before {
        query = query.filter(posts::id.lt(before));
    }
    let rows: Vec<(PostRow, String)> = query
        .order(posts::id.desc())
        .limit(fetch)
        .select((PostRow::as_select(), account_names::display_name))
        .load(c)?;
    Ok(rows.into_iter().map(|found| Told::to(circle, found, now)).collect())
}

pub fn count(c: &mut Conn, (circle, group): (&Circle, &GroupRow), filter: &AlliancePostQuery) -> Result<i64> {
    Ok(filtered!(posts::table, (circle, group), filter).count().get_result(c)?)
}

/// What is shown in a group, by kind, and how many of its problems are in hand as a case.
pub fn figures(c: &mut Conn, group: &GroupRow) -> Result<PostFiguresOut> {
    let shown = posts::group_id.eq(group.id).and(posts::hidden_at.is_null());
    let counted: Vec<(AlliancePostKind, i64)> =
        posts::table.filter(shown).group_by(posts::kind).select((posts::kind, count_star())).load(c)?;
    let is_case = posts::case_id.is_not_null().or(posts::linked_case_id.is_not_null());
    let converted: i64 = posts::table.filter(shown.and(is_case)).count().get_result(c)?;
    let of = |kind| counted.iter().find(|(found, _)| *found == kind).map_or(0, |(_, posts)| *posts);
    let by_kind = AlliancePostKind::ALL.iter().map(|kind| PostCount { kind: *kind, posts: of(*kind) });
    Ok(PostFiguresOut { posts: by_kind.collect(), conversion: Ratio::of(converted, of(AlliancePostKind::Problem)) })
}

/// Compare-and-set on the version, and the event.
pub fn save(
    c: &mut Conn,
    before: &PostRow,
    mut after: PostRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<PostRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = posts::table.filter(posts::id.eq(before.id).and(posts::version.eq(before.version)));
    if diesel::update(target).set(&after).execute(c)? != 1 {
        return Err(Error::Stale { current: before.version + 1 });
    }
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}
