//! The story of a case, what is said about it, and others like it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Answer, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler, text};
use registry::identity::AccountId;

use crate::cases::dto::{
    CaseId, CaseItem, CommentIn, CommentOut, JoinIn, MyCaseOut, MyCommentIn, SimilarCaseOut, SimilarCasesOut,
    SimilarIn, SimilarsOut, TimelinePage,
};
use crate::cases::store::comments::{self, Audience, StandsFor};
use crate::cases::store::places::{self, Place};
use crate::cases::store::sight::{SeenAs, Sight, find};
use crate::cases::store::similar::{self, Subject};
use crate::cases::store::steps::unnamed;
use crate::cases::store::timeline::{self, Reader};
use crate::cases::store::{By, intake, joins, mine, single};
use crate::cases::{CasesComment, CasesRead, CasesReport};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_case_timeline))
        .service(handler!(get_my_case_timeline))
        .service(handler!(comment_case))
        .service(handler!(comment_my_case))
        .service(handler!(list_similar_cases))
        .service(handler!(find_similar_cases))
        .service(handler!(join_case))
        .service(handler!(leave_case));
}

/// 时间线 · Steps, words, visits and alarms of a case as one story, oldest first
#[utoipa::path(get, path = "/cases/{id}/timeline", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页时间线 · One page", body = TimelinePage)))]
pub async fn get_case_timeline(
    who: Actor<CasesRead>,
    app: Data<App>,
    id: Path<CaseId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<TimelinePage> {
    let sight = Sight::of(&who);
    let story = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            timeline::of_case(c, row.id, Reader::Staff)
        })
        .await?;
    let total = page.with_total.then_some(i64::try_from(story.len()).unwrap_or(i64::MAX));
    let rows = timeline::behind(story, page.after.as_deref(), page.fetch());
    Ok(TimelinePage::of(page.cut(rows, |moment| moment.key.clone()), total))
}

/// 我的事件时间线 · The same for who reported or joined it
#[utoipa::path(get, path = "/me/cases/{id}/timeline", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页时间线 · One page", body = TimelinePage)))]
pub async fn get_my_case_timeline(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<TimelinePage> {
    let story = app
        .db
        .read(move |c| {
            // What the reporter and the handler say to each other is not for those who only joined.
            let own = mine::reported(c, AccountId(who.id()), *id)?;
            timeline::of_mine(c, *id, if own { Reader::Reporter } else { Reader::Joiner })
        })
        .await?;
    let total = page.with_total.then_some(i64::try_from(story.len()).unwrap_or(i64::MAX));
    let rows = timeline::behind(story, page.after.as_deref(), page.fetch());
    Ok(TimelinePage::of(page.cut(rows, |moment| moment.key.clone()), total))
}

/// 备注 · Say something about a case, to all parties or among those who work on it; its state stays
#[utoipa::path(post, path = "/cases/{id}/comments", tag = "cases", security(("bearer" = ["cases:comment"])),
    request_body = CommentIn,
    params(("id" = CaseId, Path), Once),
    responses((status = 201, description = "已备注 · Said", body = CommentOut)))]
pub async fn comment_case(
    who: Actor<CasesComment>,
    app: Data<App>,
    id: Path<CaseId>,
    once: Once,
    Valid(body): Valid<CommentIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, seen) = find(c, &sight, *id)?;
        let stands_for = if seen == SeenAs::Handler { StandsFor::Handler } else { StandsFor::Desk };
        let said = comments::add(c, &row, (stands_for, body.audience), &body.body, &by)?;
        Ok(Versioned::created(format!("/v1/cases/{}/timeline", row.id), row.version, CommentOut::from(said)))
    })
    .await
}

/// 补充说明 · The reporter adds something to their own case
#[utoipa::path(post, path = "/me/cases/{id}/comments", tag = "cases", security(("bearer" = ["cases:report"])),
    request_body = MyCommentIn,
    params(("id" = CaseId, Path), Once),
    responses((status = 201, description = "已补充 · Said", body = CommentOut)))]
pub async fn comment_my_case(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    once: Once,
    Valid(body): Valid<MyCommentIn>,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    once.write(&app, move |c| {
        let row = single::find_own(c, AccountId(who.id()), *id)?;
        let said = comments::add(c, &row, (StandsFor::Reporter, Audience::Parties), &body.body, &by)?;
        Ok(Versioned::created(format!("/v1/me/cases/{}/timeline", row.id), row.version, CommentOut::from(said)))
    })
    .await
}

/// 疑似重复 · Open cases that this one may be a duplicate of, the likest first
#[utoipa::path(get, path = "/cases/{id}/similar", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "疑似重复 · The likest", body = SimilarCasesOut)))]
pub async fn list_similar_cases(
    who: Actor<CasesRead>,
    app: Data<App>,
    id: Path<CaseId>,
) -> Result<Json<SimilarCasesOut>> {
    let (sight, now) = (Sight::of(&who), app.clock.now());
    let found = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            let details = single::details(c, row.id)?;
            let place = Place::of(&row);
            let subject = Subject {
                place: &place,
                category: &row.category,
                asset: details.asset.as_deref(),
                words: &details.search_text,
            };
            let found = similar::of(c, &subject, Some(row.id), false, now)?;
            // Nobody is shown by way of a likeness what they do not see otherwise.
            let found = found.into_iter().filter(|((row, _), ..)| sight.sees(row).is_some());
            let told = found.map(|((row, compound), score, joined)| SimilarCaseOut {
                case: CaseItem::of(sight.veiled_item(row.into()), compound),
                joined,
                score,
            });
            Ok(told.collect())
        })
        .await?;
    Ok(Json(SimilarCasesOut { items: found }))
}

/// 报事查重 · Before one reports: open cases of the community that are like it, to be joined instead
#[utoipa::path(post, path = "/me/similar-cases", tag = "cases", security(("bearer" = ["cases:report"])),
    request_body = SimilarIn,
    responses((status = 200, description = "疑似相同 · The likest", body = SimilarsOut)))]
pub async fn find_similar_cases(
    who: Actor<CasesReport>,
    app: Data<App>,
    Valid(body): Valid<SimilarIn>,
) -> Result<Json<SimilarsOut>> {
    let now = app.clock.now();
    let found = app
        .db
        .read(move |c| {
            let place = places::find(c, Some(&body.area_code), None)?.place;
            intake::may_report_at(c, &who.visible(), AccountId(who.id()), &place)?;
            let words = text::for_search(&format!("{}{}", body.title, body.body.as_deref().unwrap_or_default()));
            let subject =
                Subject { place: &place, category: &body.category, asset: body.asset.as_deref(), words: &words };
            similar::of(c, &subject, None, true, now)
        })
        .await?;
    Ok(Json(SimilarsOut { items: found.into_iter().map(Into::into).collect() }))
}

/// 我也遇到 · Join an open public case instead of reporting it again; it is then among one's own
#[utoipa::path(post, path = "/me/joined-cases", tag = "cases", security(("bearer" = ["cases:report"])),
    request_body = JoinIn,
    responses((status = 201, description = "已加入 · Joined", body = MyCaseOut)))]
pub async fn join_case(
    who: Actor<CasesReport>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<JoinIn>,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    once.write(&app, move |c| {
        let me = AccountId(who.id());
        let row = crate::cases::store::sight::get(c, body.case_id)?;
        intake::may_report_at(c, &who.visible(), me, &Place::of(&row)).map_err(|_| platform::Error::NotFound)?;
        joins::join(c, me, row.id, &by)?;
        let whole = mine::whole(c, row.id, false)?;
        Ok(Versioned::created(format!("/v1/me/cases/{}", row.id), whole.row.version, MyCaseOut::from(whole)))
    })
    .await
}

/// 退出一同报事 · Leave a case that one joined
#[utoipa::path(post, path = "/me/joined-cases/{id}/leave", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path)),
    responses((status = 204, description = "已退出 · Left")))]
pub async fn leave_case(who: Actor<CasesReport>, app: Data<App>, id: Path<CaseId>) -> Result<HttpResponse> {
    app.db.write(move |c| joins::leave(c, AccountId(who.id()), *id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
