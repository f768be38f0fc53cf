//! Entries: proposed, read, and their history.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::{self, EventPage};
use platform::http::{Answer, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned, Whole};
use platform::{App, Result, handler};

use crate::standings::dto::{ListingId, ListingItem, ListingOut, ListingPage, ListingQuery, ProposeListingIn};
use crate::standings::store::listings::{self as store, ENTITY};
use crate::standings::store::sight::Sight;
use crate::standings::store::{By, after_id};
use crate::standings::{ListingsRead, ListingsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(propose_listing))
        .service(handler!(list_listings))
        .service(handler!(get_listing))
        .service(handler!(list_listing_history));
}

/// 提出列入名单 · Propose that a company or a station be put on the red, the watch or the black list
#[utoipa::path(post, path = "/listings", tag = "standings", security(("bearer" = ["listings:write"])),
    request_body = ProposeListingIn,
    responses((status = 201, description = "已提出 · Proposed", body = ListingOut)))]
pub async fn propose_listing(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<ProposeListingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::propose(c, &who.visible(), &body, &by)?;
        let whole = store::whole(c, row)?;
        let location = format!("/v1/listings/{}", whole.row.id);
        Ok(Versioned::created(location, whole.row.version, ListingOut::of(whole, by.today)))
    })
    .await
}

/// 名单条目列表 · Entries of the caller's area, or of the caller's own organisation, the newest first
#[utoipa::path(get, path = "/listings", tag = "standings", security(("bearer" = ["listings:read"])),
    params(PageParams, ListingQuery),
    responses((status = 200, description = "一页条目 · One page", body = ListingPage)))]
pub async fn list_listings(
    who: Actor<ListingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ListingQuery>,
) -> Result<ListingPage> {
    let (sight, asked, today) = (Sight::of(&who), page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), ListingId)?;
            let rows = store::list(c, &sight, (before, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter, today)?) } else { None };
            Ok((rows.into_iter().map(|row| ListingItem::of(row, today)).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(ListingPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 名单条目详情 · One entry with what was said to it. How it stands goes by the day, so it is sent whole each time
#[utoipa::path(get, path = "/listings/{id}", tag = "standings", security(("bearer" = ["listings:read"])),
    params(("id" = ListingId, Path)),
    responses((status = 200, description = "条目 · The entry", body = ListingOut)))]
pub async fn get_listing(who: Actor<ListingsRead>, app: Data<App>, id: Path<ListingId>) -> Result<Whole<ListingOut>> {
    let (sight, today) = (Sight::of(&who), app.clock.today());
    let whole = app
        .db
        .read(move |c| {
            let row = store::find(c, &sight, *id)?;
            store::whole(c, row)
        })
        .await?;
    Ok(Whole { version: whole.row.version, body: ListingOut::of(whole, today) })
}

/// 名单条目历史 · The hash-chained history of an entry
#[utoipa::path(get, path = "/listings/{id}/history", tag = "standings", security(("bearer" = ["listings:read"])),
    params(("id" = ListingId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_listing_history(
    who: Actor<ListingsRead>,
    app: Data<App>,
    id: Path<ListingId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let (sight, asked) = (Sight::of(&who), page.clone());
    let found = app
        .db
        .read(move |c| {
            let row = store::find(c, &sight, *id)?;
            history::page(c, ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}
