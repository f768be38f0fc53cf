use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use crate::territory::dto::{
    BuildingId, BuildingIn, BuildingOut, BuildingPage, BuildingPatch, CloseIn, CompoundId, InsideQuery, RoomId, RoomIn,
    RoomOut, RoomPage, RoomPatch, UnitId, UnitIn, UnitOut, UnitPage, UnitPatch,
};
use crate::territory::store::{By, buildings as store, compounds};
use crate::territory::{CompoundsRead, CompoundsWrite, RoomsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_buildings))
        .service(handler!(create_building))
        .service(handler!(get_building))
        .service(handler!(update_building))
        .service(handler!(close_building))
        .service(handler!(list_units))
        .service(handler!(create_unit))
        .service(handler!(get_unit))
        .service(handler!(update_unit))
        .service(handler!(close_unit))
        .service(handler!(list_rooms))
        .service(handler!(create_room))
        .service(handler!(get_room))
        .service(handler!(update_room))
        .service(handler!(close_room));
}

/// A list, a finder and a closing operation of one kind of leaf, alike but for their types.
macro_rules! leaf_reads {
    ($(#[$list_doc:meta])* $list:ident, $(#[$get_doc:meta])* $get:ident, $scope:ty, $scope_name:literal, $path:literal,
        $one:literal, $id:ty, $out:ty, $page:ty, $list_rows:ident, $count_rows:ident, $find_row:ident) => {
        $(#[$list_doc])*
        #[utoipa::path(get, path = $path, tag = "territory", security(("bearer" = [$scope_name])),
            params(PageParams, InsideQuery),
            responses((status = 200, description = "一页 · One page", body = $page)))]
        pub async fn $list(
            who: Actor<$scope>,
            app: Data<App>,
            Paged(filter, page): Paged<InsideQuery>,
        ) -> Result<$page> {
            let visible = who.visible().narrow(filter.area.as_ref())?;
            let asked = page.clone();
            let (rows, total) = app
                .db
                .read(move |c| {
                    let rows = store::$list_rows(c, &visible, (asked.after.as_deref(), asked.fetch()), &filter)?;
                    let total = if asked.with_total { Some(store::$count_rows(c, &visible, &filter)?) } else { None };
                    Ok((rows, total))
                })
                .await?;
            Ok(<$page>::of(page.cut(rows, |row| row.area_code.clone()), total))
        }

        $(#[$get_doc])*
        #[utoipa::path(get, path = $one, tag = "territory", security(("bearer" = [$scope_name])),
            params(("id" = $id, Path)),
            responses((status = 200, description = "详情 · The row", body = $out)))]
        pub async fn $get(who: Actor<$scope>, app: Data<App>, id: Path<$id>) -> Result<Versioned<$out>> {
            let row = app.db.glance(move |c| store::$find_row(c, &who.visible(), *id)).await?;
            Ok(Versioned::ok(row.version, row.into()))
        }
    };
}

leaf_reads!(
    /// 楼栋列表 · Buildings in the caller's areas, by area code
    list_buildings,
    /// 楼栋详情 · One building
    get_building,
    CompoundsRead, "compounds:read", "/buildings", "/buildings/{id}", BuildingId, BuildingOut, BuildingPage,
    list_buildings, count_buildings, find_building
);
leaf_reads!(
    /// 单元列表 · Units in the caller's areas, by area code
    list_units,
    /// 单元详情 · One unit
    get_unit,
    CompoundsRead, "compounds:read", "/units", "/units/{id}", UnitId, UnitOut, UnitPage, list_units, count_units,
    find_unit
);
leaf_reads!(
    /// 房屋列表 · Rooms in the caller's areas, by area code
    list_rooms,
    /// 房屋详情 · One room
    get_room,
    RoomsRead, "rooms:read", "/rooms", "/rooms/{id}", RoomId, RoomOut, RoomPage, list_rooms, count_rooms, find_room
);

/// 新增楼栋 · Register a building of a compound
#[utoipa::path(post, path = "/compounds/{id}/buildings", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = BuildingIn,
    params(("id" = CompoundId, Path)),
    responses((status = 201, description = "已登记 · Registered", body = BuildingOut)))]
pub async fn create_building(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<CompoundId>,
    once: Once,
    Valid(body): Valid<BuildingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let compound = compounds::find(c, &who.visible(), *id)?;
        let row = store::insert_building(c, &compound, &body, &by)?;
        Ok(Versioned::created(format!("/v1/buildings/{}", row.id), row.version, BuildingOut::from(row)))
    })
    .await
}

/// 修改楼栋 · Change a building
#[utoipa::path(patch, path = "/buildings/{id}", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = BuildingPatch,
    params(("id" = BuildingId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = BuildingOut)))]
pub async fn update_building(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<BuildingId>,
    version: IfMatch,
    Valid(body): Valid<BuildingPatch>,
) -> Result<Versioned<BuildingOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find_building(c, &who.visible(), *id)?;
            version.check(row.version)?;
            store::update_building(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 注销楼栋 · Close a building that holds no open unit
#[utoipa::path(post, path = "/buildings/{id}/close", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = CloseIn,
    params(("id" = BuildingId, Path)),
    responses((status = 200, description = "已注销 · Closed", body = BuildingOut)))]
pub async fn close_building(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<BuildingId>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_building(c, &who.visible(), *id)?;
        let row = store::close_building(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, BuildingOut::from(row)))
    })
    .await
}

/// 新增单元 · Register a unit of a building
#[utoipa::path(post, path = "/buildings/{id}/units", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = UnitIn,
    params(("id" = BuildingId, Path)),
    responses((status = 201, description = "已登记 · Registered", body = UnitOut)))]
pub async fn create_unit(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<BuildingId>,
    once: Once,
    Valid(body): Valid<UnitIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let building = store::find_building(c, &who.visible(), *id)?;
        let row = store::insert_unit(c, &building, &body, &by)?;
        Ok(Versioned::created(format!("/v1/units/{}", row.id), row.version, UnitOut::from(row)))
    })
    .await
}

/// 修改单元 · Correct a unit's number
#[utoipa::path(patch, path = "/units/{id}", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = UnitPatch,
    params(("id" = UnitId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = UnitOut)))]
pub async fn update_unit(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<UnitId>,
    version: IfMatch,
    Valid(body): Valid<UnitPatch>,
) -> Result<Versioned<UnitOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find_unit(c, &who.visible(), *id)?;
            version.check(row.version)?;
            store::update_unit(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 注销单元 · Close a unit that holds no open room
#[utoipa::path(post, path = "/units/{id}/close", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = CloseIn,
    params(("id" = UnitId, Path)),
    responses((status = 200, description = "已注销 · Closed", body = UnitOut)))]
pub async fn close_unit(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<UnitId>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_unit(c, &who.visible(), *id)?;
        let row = store::close_unit(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, UnitOut::from(row)))
    })
    .await
}

/// 新增房屋 · Register a room of a unit, with its exclusive area
#[utoipa::path(post, path = "/units/{id}/rooms", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = RoomIn,
    params(("id" = UnitId, Path)),
    responses((status = 201, description = "已登记 · Registered", body = RoomOut)))]
pub async fn create_room(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<UnitId>,
    once: Once,
    Valid(body): Valid<RoomIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let unit = store::find_unit(c, &who.visible(), *id)?;
        let row = store::insert_room(c, &unit, &body, &by)?;
        Ok(Versioned::created(format!("/v1/rooms/{}", row.id), row.version, RoomOut::from(row)))
    })
    .await
}

/// 修改房屋 · Change a room
#[utoipa::path(patch, path = "/rooms/{id}", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = RoomPatch,
    params(("id" = RoomId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = RoomOut)))]
pub async fn update_room(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<RoomId>,
    version: IfMatch,
    Valid(body): Valid<RoomPatch>,
) -> Result<Versioned<RoomOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find_room(c, &who.visible(), *id)?;
            version.check(row.version)?;
            store::update_room(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 注销房屋 · Close a room
#[utoipa::path(post, path = "/rooms/{id}/close", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = CloseIn,
    params(("id" = RoomId, Path)),
    responses((status = 200, description = "已注销 · Closed", body = RoomOut)))]
pub async fn close_room(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<RoomId>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_room(c, &who.visible(), *id)?;
        let row = store::close_room(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, RoomOut::from(row)))
    })
    .await
}
