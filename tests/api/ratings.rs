//! ratings over HTTP: schemes, campaigns, claims, sheets, results with their explanation, appeals and stars.

mod claims;
mod conflicts;
pub mod explanation;
mod quarters;
mod scenario;
mod schemes;
mod sheets;
mod speed;
mod taken;
mod visibility;

use oversight::ratings::dto::{
    RatingAssessorOut, RatingCampaignOut, RatingProjectOut, RatingProjectPage, RatingResultOut, RatingResultPage,
    RatingSchemeOut, RatingSheetOut,
};
use platform::auth::Role;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::cases::support::account_of;
use crate::organisations::{Town, step, taken};
use crate::support::actors::DISTRICT;
use crate::support::{Client, Reply, TestApp};
use crate::territory::made;

pub const SCHEMES: &str = "/v1/rating-schemes";
pub const CAMPAIGNS: &str = "/v1/rating-campaigns";
pub const RESULTS: &str = "/v1/rating-results";
pub const PANELS: [&str; 3] = ["authority", "association", "peer"];

pub fn terms() -> Value {
    json!({
        "dimensions": { "organisation": 2000, "team": 1500, "service": 3500, "operation": 2000, "image": 1000 },
        "panels": { "authority": 5000, "association": 2500, "peer": 1000, "satisfaction": 1500 },
        "cutoffs": { "five": 9000, "four": 8000, "three": 7000, "two": 6000, "one": 5000 },
        "caps": { "red_line_star": 1, "disclosures_star": 3, "satisfaction_below": 6000, "satisfaction_star": 2 },
        "tiers": [
            { "star": 1, "base_fen": 60, "float_bp": 1000 }, { "star": 2, "base_fen": 90, "float_bp": 1000 },
            { "star": 3, "base_fen": 120, "float_bp": 1000 }, { "star": 4, "base_fen": 150, "float_bp": 1000 },
            { "star": 5, "base_fen": 190, "float_bp": 1000 }
        ]
    })
}

/// Two indicators of each dimension, a hundred points each; the first of the service is a veto.
pub fn indicators() -> Vec<Value> {
    let of = |dimension: &str| {
        let one = |at: u8| {
            json!({ "code": format!("{dimension}-{at}"), "dimension": dimension, "words": "测试指标",
                "max_points": 100, "evidence": "record", "veto": dimension == "service" && at == 1, "scorers": PANELS })
        };
        [one(1), one(2)]
    };
    ["organisation", "team", "service", "operation", "image"].iter().flat_map(|dimension| of(dimension)).collect()
}

pub fn scheme_in(area: &str) -> Value {
    json!({ "area_code": area, "title": "测试·星级评定办法", "source": "本地规则", "demo": true, "terms": terms(),
        "indicators": indicators() })
}

/// Every indicator with so many points.
pub fn points(points: i32) -> Value {
    let point = |indicator: &Value| json!({ "code": indicator["code"], "points": points });
    json!({ "points": indicators().iter().map(point).collect::<Vec<_>>() })
}

pub fn campaign_in(scheme: &RatingSchemeOut, quarter: i16) -> Value {
    json!({ "scheme_id": scheme.scheme.id, "area_code": DISTRICT, "year": 2024, "quarter": quarter,
        "title": "2024年星级评定" })
}

pub async fn published(district: &Client) -> RatingSchemeOut {
    let draft: RatingSchemeOut = made(district.post(SCHEMES, scheme_in(DISTRICT)).await);
    taken(district, &format!("{SCHEMES}/{}/publish", draft.scheme.id), Value::Null).await
}

pub struct Assessor {
    pub client: Client,
    pub account: String,
    pub panel: &'static str,
}

impl Assessor {
    pub async fn new(app: &TestApp, panel: &'static str) -> Self {
        let client = app.actor(Role::Assessor, DISTRICT).await;
        let account = account_of(&client).await;
        Self { client, account, panel }
    }

    pub fn on(&self, project: &RatingProjectOut) -> Value {
        json!({ "account_id": self.account, "panel": self.panel, "project_ids": [project.id] })
    }
}

/// A compound that a company serves, rated in a campaign of the district, with an assessor on each panel.
pub struct Rating {
    pub town: Town,
    pub company: Client,
    pub assessors: Vec<Assessor>,
    pub scheme: RatingSchemeOut,
    pub campaign: RatingCampaignOut,
    pub project: RatingProjectOut,
}

impl Rating {
    /// Claims are taken.
    pub async fn claiming() -> Self {
        let town = Town::new().await;
        town.filed().await;
        let scheme = published(&town.district).await;
        let campaign: RatingCampaignOut = made(town.district.post(CAMPAIGNS, campaign_in(&scheme, 1)).await);
        let campaign: RatingCampaignOut =
            taken(&town.district, &format!("{CAMPAIGNS}/{}/open", campaign.id), Value::Null).await;
        let projects: RatingProjectPage =
            town.district.get(&format!("{CAMPAIGNS}/{}/projects", campaign.id)).await.expect(200).json();
        assert_eq!(projects.items.len(), 1);
        let project = projects.items[0].clone();
        let company = town.app.actor_for(Role::ProjectManager, town.company.id.0).await;
        let mut assessors = Vec::new();
        for panel in PANELS {
            assessors.push(Assessor::new(&town.app, panel).await);
        }
        Self { town, company, assessors, scheme, campaign, project }
    }

    /// Sheets are taken, from an assessor on each panel.
    pub async fn assessing() -> Self {
        let mut rating = Self::claiming().await;
        for assessor in &rating.assessors {
            rating.assign(assessor.on(&rating.project)).await.expect(201);
        }
        rating.advance("assess", Value::Null).await;
        rating
    }

    /// Every panel has given so many of a hundred points for everything, and the owners are as satisfied.
    pub async fn scored(all: i32) -> Self {
        let rating = Self::assessing().await;
        for assessor in &rating.assessors {
            rating.submitted(assessor, points(all)).await;
        }
        rating.fact(satisfaction(all * 100)).await.expect(201);
        rating
    }

    /// Posted, and its days are over: appeals are taken.
    pub async fn appealable(mut self) -> Self {
        for (verb, body) in [("collate", Value::Null), ("publicise", posting())] {
            self.advance(verb, body).await;
        }
        self.days_later(8).await;
        self.advance("open-appeals", Value::Null).await;
        self
    }

    pub fn app(&self) -> &TestApp {
        &self.town.app
    }

    pub fn district(&self) -> &Client {
        &self.town.district
    }

    pub fn at(&self, verb: &str) -> String {
        format!("{CAMPAIGNS}/{}/{verb}", self.campaign.id)
    }

    pub async fn take(&self, verb: &str, body: Value) -> Reply {
        step(self.district(), &self.at(verb), body).await
    }

    pub async fn advance(&mut self, verb: &str, body: Value) {
        self.campaign = self.take(verb, body).await.expect(200).json();
    }

    pub async fn assign(&self, body: Value) -> Reply {
        self.district().post(&self.at("assessors"), body).await
    }

    pub async fn fact(&self, body: Value) -> Reply {
        self.town.authority.post(&format!("/v1/rating-projects/{}/facts", self.project.id), body).await
    }

    pub async fn begin(&self, who: &Client, body: Value) -> Reply {
        who.post(&format!("/v1/rating-projects/{}/sheets", self.project.id), body).await
    }

    pub async fn submitted(&self, assessor: &Assessor, body: Value) -> RatingSheetOut {
        let sheet: RatingSheetOut = made(self.begin(&assessor.client, body).await);
        taken(&assessor.client, &format!("/v1/rating-sheets/{}/submit", sheet.sheet.id), Value::Null).await
    }

    pub async fn result(&self) -> RatingResultOut {
        let path = format!("{RESULTS}?campaign_id={}", self.campaign.id);
        let page: RatingResultPage = self.district().get(&path).await.expect(200).json();
        page.items.into_iter().next().expect("a result")
    }

    pub async fn appeal<T: DeserializeOwned>(&self) -> T {
        let path = format!("{RESULTS}/{}/appeals", self.result().await.id);
        made(self.company.post(&path, json!({ "grounds": "与事实不符" })).await)
    }

    /// Puts a new assessor on the review.
    pub async fn reviewer(&self, appeal: &str) -> Assessor {
        let reviewer = Assessor::new(self.app(), "authority").await;
        let body = json!({ "account_id": reviewer.account, "panel": reviewer.panel });
        let path = format!("/v1/rating-appeals/{appeal}/reviewers");
        let _: RatingAssessorOut = made(self.district().post(&path, body).await);
        reviewer
    }

    pub async fn days_later(&mut self, days: i64) {
        self.town.days_later(days).await;
        self.company = self.town.app.actor_for(Role::ProjectManager, self.town.company.id.0).await;
    }
}

pub fn posting() -> Value {
    json!({ "places": ["区政府网站"] })
}

pub fn satisfaction(score: i32) -> Value {
    json!({ "kind": "satisfaction", "occurred_on": "2024-01-10", "score": score, "responses": 120,
        "source": "2024年第一季度满意度测评" })
}

pub fn red_line() -> Value {
    json!({ "kind": "red_line", "ground": "fire_safety_accident", "occurred_on": "2024-01-08", "source": "消防认定书" })
}
