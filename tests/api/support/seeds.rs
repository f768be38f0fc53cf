//! One row of every kind in the seed district, made through the API by those who may.

use platform::auth::{Role, Visible};
use platform::publicity;
use registry::territory::dto::DivisionLevel;
use registry::territory::store::By;
use registry::territory::store::divisions::{DivisionRow, insert_row};
use serde_json::{Value, json};

use super::actors::{DISTRICT, STREET, TONGDEXIANG};
use super::photos::photo;
use super::{Client, MeetingSeeds, RatingSeeds, SentFile, StandardSeeds, StandingSeeds, SurveySeeds, TestApp};

/// Ids, as they stand in paths.
pub struct Seeds {
    pub community: String,
    pub grid: String,
    pub compound: String,
    pub mode_change: String,
    pub building: String,
    pub unit: String,
    pub room: String,
    pub contact: String,
    pub account: String,
    pub grant: String,
    pub api_client: String,
    pub session: String,
    pub rule_set: String,
    pub calendar: String,
    pub calendar_day: String,
    pub publicity: String,
    pub objection: String,
    /// A committee, so that there is a term as well.
    pub organisation: String,
    pub committee_term: String,
    pub service_contract: String,
    pub party_coverage: String,
    pub instructor_link: String,
    pub partnership: String,
    pub post_area: String,
    pub supplier_link: String,
    pub people: PeopleSeeds,
    pub tenures: TenureSeeds,
    /// A case in the compound, as it was reported.
    pub case: String,
    /// A photo of it.
    pub case_file: String,
    pub meetings: MeetingSeeds,
    pub notices: NoticeSeeds,
    pub ratings: RatingSeeds,
    pub standings: StandingSeeds,
    pub surveys: SurveySeeds,
    pub standards: StandardSeeds,
    pub reported_figure: String,
}

/// One row of each kind of the context `notices`.
pub struct NoticeSeeds {
    pub notice: String,
    pub photo: String,
    pub group: String,
    pub post: String,
}

impl NoticeSeeds {
    async fn plant(worker: &Client) -> Self {
        let notice = json!({ "class": "general", "area_code": TONGDEXIANG, "title": "停水通知", "body": "周六停水" });
        let notice = made(worker, "/v1/notices", notice).await;
        let bytes = photo(3);
        let file = SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes };
        let photo = worker.post_file(&format!("/v1/notices/{notice}/photos"), file, &[]).await;
        let photo = photo.expect(201).value()["id"].as_str().expect("an id").to_owned();
        let group = json!({ "area_code": TONGDEXIANG, "name": "联盟群" });
        let group = made(worker, "/v1/alliance-groups", group).await;
        let post = json!({ "kind": "problem", "body": "路灯不亮" });
        let post = made(worker, &format!("/v1/alliance-groups/{group}/posts"), post).await;
        Self { notice, photo, group, post }
    }
}

/// One row of each kind of the context `appointments`.
pub struct TenureSeeds {
    pub post: String,
    pub appointment: String,
    pub election: String,
    pub declaration: String,
}

impl TenureSeeds {
    async fn plant(worker: &Client, person: &str) -> Self {
        let body = json!({ "kind": "residents_committee", "name": "同德巷居委会", "area_code": TONGDEXIANG,
            "founded_on": "2023-01-01" });
        let body = made(worker, "/v1/organisations", body).await;
        let post = json!({ "organisation_id": body, "seat_kind": "director", "seat_no": 1, "title": "居委会主任",
            "opened_on": "2023-12-01" });
        let post = made(worker, "/v1/posts", post).await;
        let election = json!({ "organisation_id": body, "held_on": "2023-12-20", "document": "选举结果公告",
            "electees": [{ "person_id": person, "post_id": post }] });
        let election = made(worker, "/v1/election-records", election).await;
        let appointment = json!({ "person_id": person, "post_id": post, "route": "elected", "legal_basis": "选举",
            "term_from": "2024-01-01", "term_to": "2028-12-31" });
        let appointment = made(worker, "/v1/appointments", appointment).await;
        let declaration = json!({ "person_id": person, "organisation_id": body, "relation": "employee",
            "declared_on": "2024-01-10" });
        let declaration = made(worker, "/v1/interest-declarations", declaration).await;
        Self { post, appointment, election, declaration }
    }
}

/// One row of each kind of the context `people`.
pub struct PeopleSeeds {
    pub person: String,
    pub residency: String,
    pub checkin: String,
    pub consent: String,
    pub data_request: String,
}

impl PeopleSeeds {
    async fn plant(app: &TestApp, worker: &Client, room: &str) -> Self {
        let subject = app.actor(Role::Volunteer, TONGDEXIANG).await;
        let account = subject.get("/v1/me").await.expect(200).value()["account"]["id"].clone();
        let person = json!({ "area_code": TONGDEXIANG, "name": "测试·张明", "phone": "19909370001",
            "account_id": account });
        let person = made(worker, "/v1/persons", person).await;
        let residency = json!({ "person_id": person, "room_id": room, "kind": "owner", "since": "2020-06-01" });
        let residency = made(worker, "/v1/residencies", residency).await;
        let checkin = json!({ "community_code": TONGDEXIANG, "employer_unit": "测试·区水务局", "headcount": 12,
            "since": "2023-03-01" });
        let checkin = made(worker, "/v1/checkins", checkin).await;
        let consent = json!({ "area_code": TONGDEXIANG, "field": "skills", "purpose": "便民志愿服务联系" });
        let consent = made(&subject, "/v1/me/consents", consent).await;
        let wish = json!({ "kind": "copy", "text": "请提供我的信息" });
        let data_request = made(&subject, "/v1/me/data-requests", wish).await;
        Self { person, residency, checkin, consent, data_request }
    }
}

/// The divisions down to three communities, two of one street, and a district of another city.
pub async fn plant_divisions(app: &TestApp) {
    let divisions = [
        ("62", "甘肃省"),
        ("6209", "酒泉市"),
        (DISTRICT, "肃州区"),
        ("620902001", "东北街街道"),
        ("620902001002", "民主街社区居委会"),
        (STREET, "西北街街道"),
        ("620902005002", "仓后街社区居委会"),
        (TONGDEXIANG, "同德巷社区居委会"),
        ("13", "河北省"),
        ("1304", "邯郸市"),
        ("130402", "邯山区"),
    ];
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let planted = app.app.db.write(move |c| {
        for (code, name) in divisions {
            let level = DivisionLevel::of_code(code).expect("a level");
            insert_row(c, &DivisionRow::fresh(code, level, name, by.today, by.at), &by)?;
        }
        registry::territory::store::divisions::find(c, &Visible::everything(), DISTRICT)
    });
    planted.await.expect("the divisions are planted");
}

async fn made(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201).value()["id"].as_str().expect("an id").to_owned()
}

/// What is posted is posted by the context that it is about; here it is about nothing.
async fn posted(app: &TestApp) -> String {
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let made = app.app.db.write(move |c| publicity::open(c, crate::publicity::posting(TONGDEXIANG), &by));
    made.await.expect("posted").id.to_string()
}

impl Seeds {
    pub async fn plant(app: &TestApp) -> Self {
        plant_divisions(app).await;
        let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
        let grid = json!({ "community_code": TONGDEXIANG, "level": 3, "kind": "basic", "name": "同德巷第1网格" });
        let grid = made(&worker, "/v1/grids", grid).await;
        let compound = json!({ "community_code": TONGDEXIANG, "name": "康盛花园", "kind": "managed",
            "address": "西环北路 1 号", "management_mode": "none", "opened_on": "2020-01-01" });
        let compound = made(&worker, "/v1/compounds", compound).await;
        let change = json!({ "mode": "self_managed", "effective_on": "2023-06-30", "reason": "居民会议通过自管",
            "evidence": { "kind": "resolution", "reference": "居民会议决议 2023-06-20" } });
        let mode_change = made(&worker, &format!("/v1/compounds/{compound}/mode-changes"), change).await;
        let building = json!({ "no": "1", "floors": 6, "has_elevator": false });
        let building = made(&worker, &format!("/v1/compounds/{compound}/buildings"), building).await;
        let unit = made(&worker, &format!("/v1/buildings/{building}/units"), json!({ "no": "1" })).await;
        let room = json!({ "no": "101", "exclusive_area": 10_000, "use_kind": "residential" });
        let room = made(&worker, &format!("/v1/units/{unit}/rooms"), room).await;
        let contact =
            json!({ "kind": "leader", "grid_id": grid, "assignee": "测试·包抓领导", "valid_from": "2024-01-01" });
        let contact = made(&district, "/v1/contact-assignments", contact).await;
        let admin = app.actor(Role::PlatformAdmin, DISTRICT).await;
        let account = json!({ "username": "wang.fang", "display_name": "测试·王芳", "area_code": TONGDEXIANG });
        let reply = admin.post("/v1/accounts", account).await.expect(201).value();
        let account = reply["account"]["id"].as_str().or(reply["id"].as_str()).expect("an id").to_owned();
        let grant = json!({ "account_id": account, "role": "community_worker", "area_code": TONGDEXIANG,
            "valid_from": "2024-01-15", "reason": "到岗" });
        let grant = made(&admin, "/v1/grants", grant).await;
        let api_client = json!({ "name": "区级大屏", "area_code": DISTRICT, "scopes": ["grids:read"] });
        let reply = district.post("/v1/api-clients", api_client).await.expect(201).value();
        let api_client = reply["client"]["id"].as_str().or(reply["id"].as_str()).expect("an id").to_owned();
        let sessions = admin.get("/v1/me/sessions").await.expect(200).value();
        let session = sessions["items"][0]["id"].as_str().expect("a session").to_owned();
        let rule = json!({ "key": "publicity.days", "area_code": TONGDEXIANG, "params": { "days": 7 },
            "legal_basis": "同德巷社区公示办法", "effective_from": "2024-01-15" });
        let rule_set = made(&district, "/v1/rule-sets", rule).await;
        let week = json!({ "monday": [{ "from": "09:00", "to": "17:00" }], "tuesday": [], "wednesday": [],
            "thursday": [], "friday": [], "saturday": [], "sunday": [] });
        let calendar = made(&district, "/v1/calendars", json!({ "area_code": STREET, "week": week })).await;
        let day = json!({ "area_code": STREET, "day": "2024-03-01", "hours": [], "name": "停电检修",
            "source": "街道通知" });
        let calendar_day = made(&district, "/v1/calendar-days", day).await;
        let publicity = posted(app).await;
        let objection = json!({ "content": "不在本小区居住" });
        let objection = made(&worker, &format!("/v1/publicities/{publicity}/objections"), objection).await;
        let people = PeopleSeeds::plant(app, &worker, &room).await;
        let bodies = Bodies::plant(&district, &worker, &compound, &people.person).await;
        let tenures = TenureSeeds::plant(&worker, &people.person).await;
        let area = worker.get(&format!("/v1/compounds/{compound}")).await.value()["area_code"].clone();
        let case = json!({ "area_code": area, "kind": "repair", "category": "road_damage", "channel": "window",
            "title": "路面坑洼", "body": "大门口路面破损" });
        let case = made(&worker, "/v1/cases", case).await;
        let bytes = photo(2);
        let file = SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes };
        let case_file = worker.post_file(&format!("/v1/cases/{case}/files"), file, &[("purpose", "before")]).await;
        let case_file = case_file.expect(201).value()["id"].as_str().expect("an id").to_owned();
        let meetings = MeetingSeeds::plant(app, &district, &worker).await;
        let notices = NoticeSeeds::plant(&worker).await;
        let ratings = RatingSeeds::plant(app, &compound, &bodies.committee).await;
        let standings = StandingSeeds::plant(app, &district, &compound).await;
        let surveys = SurveySeeds::plant(app, &worker, &compound).await;
        let standards = StandardSeeds::plant(app, &district, &worker).await;
        let published = json!({ "area_code": TONGDEXIANG, "figure": "service_coverage", "from": "2023-12-31",
            "to": "2023-12-31", "hundredths": 9237, "source": "工作总结" });
        let reported_figure = made(&district, "/v1/reported-figures", published).await;
        Self {
            community: TONGDEXIANG.into(),
            grid,
            compound,
            mode_change,
            building,
            unit,
            room,
            contact,
            account,
            grant,
            api_client,
            session,
            rule_set,
            calendar,
            calendar_day,
            publicity,
            objection,
            organisation: bodies.committee,
            committee_term: bodies.term,
            service_contract: bodies.contract,
            party_coverage: bodies.coverage,
            instructor_link: bodies.instructor,
            partnership: bodies.partnership,
            post_area: bodies.post_area,
            supplier_link: bodies.supplier_link,
            people,
            tenures,
            case,
            case_file,
            meetings,
            notices,
            ratings,
            standings,
            surveys,
            standards,
            reported_figure,
        }
    }
}

/// A committee of the compound, a company of the district, and what is kept of them.
struct Bodies {
    committee: String,
    term: String,
    contract: String,
    coverage: String,
    instructor: String,
    partnership: String,
    post_area: String,
    supplier_link: String,
}

impl Bodies {
    async fn plant(district: &Client, worker: &Client, compound: &str, person: &str) -> Self {
        let area = worker.get(&format!("/v1/compounds/{compound}")).await.value()["area_code"].clone();
        let committee = json!({ "kind": "self_management_committee", "name": "康盛花园自管委", "area_code": area,
            "founded_on": "2023-12-20", "committee": { "compound_id": compound, "seats": 5, "elected_on": "2023-12-20",
            "term_from": "2024-01-01", "term_to": "2028-12-31" } });
        let reply = worker.post("/v1/organisations", committee).await.expect(201).value();
        let id = |value: &Value| value.as_str().expect("an id").to_owned();
        let (committee, term) = (id(&reply["id"]), id(&reply["term"]["id"]));
        let body = |kind: &str, name: &str, area: &str| json!({ "kind": kind, "name": name, "area_code": area, "founded_on": "2023-01-01" });
        let company = made(district, "/v1/organisations", body("property_company", "测试·第一物业", DISTRICT)).await;
        let supplier = made(district, "/v1/organisations", body("supplier", "测试·电梯维保", DISTRICT)).await;
        let contract = json!({ "company_id": company, "compound_id": compound, "term_kind": "indefinite",
            "starts_on": "2024-01-01" });
        let contract = made(worker, "/v1/service-contracts", contract).await;
        let coverage = json!({ "formal_members": 1, "coverage": "none", "valid_from": "2024-01-01" });
        let coverage = made(district, &format!("/v1/organisations/{company}/party-coverage"), coverage).await;
        let instructor = json!({ "person_id": person, "company_id": company, "valid_from": "2024-01-01" });
        let instructor = made(district, "/v1/instructor-links", instructor).await;
        let partnership = json!({ "area_code": DISTRICT, "title": "共建", "parties": [company, supplier],
            "topics": ["共享停车"], "starts_on": "2024-01-01" });
        let partnership = made(district, "/v1/partnerships", partnership).await;
        let post_area = json!({ "kind": "pioneer_post", "name": "先锋岗", "area_code": TONGDEXIANG,
            "opened_on": "2024-01-01" });
        let post_area = made(district, "/v1/post-areas", post_area).await;
        let link = json!({ "company_id": company, "supplier_id": supplier, "services": "电梯维保",
            "valid_from": "2024-01-01" });
        let supplier_link = made(district, "/v1/supplier-links", link).await;
        Self { committee, term, contract, coverage, instructor, partnership, post_area, supplier_link }
    }
}
