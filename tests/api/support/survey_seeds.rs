//! One row of each kind of the context `surveys`.

use oversight::surveys::dto::{
    SurveyChannel, SurveyConsequenceId, SurveyFormId, SurveyKind, SurveyParty, SurveyQuestion, SurveyQuestionKind,
    SurveyRespondents, SurveyRoundId,
};
use oversight::surveys::past::{self, PastAnswers, PastConsequence, PastForm, PastRound};
use platform::db::Ts;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::json;

use super::actors::TONGDEXIANG;
use super::{Client, TestApp};

/// Ids, as they stand in paths.
pub struct SurveySeeds {
    pub form: String,
    pub round: String,
    pub consequence: String,
}

impl SurveySeeds {
    pub async fn plant(app: &TestApp, worker: &Client, compound: &str) -> Self {
        let area = worker.get(&format!("/v1/compounds/{compound}")).await.expect(200).value()["area_code"].clone();
        let question = json!({ "code": "q1", "dimension": "养老", "text": "您最需要什么?", "kind": "choice",
            "choices": [{ "code": "canteen", "text": "老年食堂" }, { "code": "clinic", "text": "卫生站" }] });
        let form = json!({ "area_code": TONGDEXIANG, "code": "needs", "kind": "demand", "title": "需求调查",
            "questions": [question] });
        let form = worker.post("/v1/survey-forms", form).await.expect(201).value();
        let id = |value: &serde_json::Value| value["id"].as_str().expect("an id").to_owned();
        let round = json!({ "form_id": form["id"], "area_code": area, "respondents": "residents",
            "title": "一季度需求调查", "opens_at": "2024-01-16T00:00:00Z", "closes_at": "2024-01-26T00:00:00Z" });
        let round = worker.post("/v1/survey-rounds", round).await.expect(201).value();
        let consequence = failed(app, area.as_str().expect("a code"), compound).await;
        Self { form: id(&form), round: id(&round), consequence }
    }
}

/// A round of last year that failed, and what the street is to confirm.
async fn failed(app: &TestApp, area: &str, compound: &str) -> String {
    let compound = CompoundId(compound.parse().expect("an id"));
    let (company, id) = (OrganisationId::fresh(), SurveyConsequenceId::fresh());
    let days = |days: i64| Ts::from_micros(app.clock.now().micros() + days * 86_400_000_000);
    let question = SurveyQuestion {
        code: "q1".into(),
        dimension: "保洁".into(),
        text: "您对保洁是否满意?".into(),
        kind: SurveyQuestionKind::Scale,
        choices: Vec::new(),
    };
    let form = PastForm {
        id: SurveyFormId::fresh(),
        area_code: TONGDEXIANG.into(),
        code: "satisfaction".into(),
        kind: SurveyKind::Satisfaction,
        title: "满意度问卷".into(),
        questions: vec![question],
        made_at: days(-60),
        frozen_at: Some(days(-40)),
    };
    let answers = PastAnswers {
        party: SurveyParty::Owners,
        stratum: "001".into(),
        channel: SurveyChannel::Web,
        marks: vec![2],
        count: 40,
    };
    let round = PastRound {
        id: SurveyRoundId::fresh(),
        respondents: SurveyRespondents::Owners,
        title: "去年测评".into(),
        area_code: area.into(),
        compound: Some(compound),
        company: Some(company),
        opens_at: days(-41),
        closes_at: days(-30),
        households: 100,
        strata: vec![("001".into(), 100)],
        recheck_of: None,
        answers: vec![answers],
    };
    let consequence = PastConsequence {
        id,
        round: round.id,
        area_code: area.into(),
        compound,
        company,
        proposed_at: days(-20),
        confirmed: None,
    };
    let written = app.app.db.write(move |c| {
        past::form(c, &form)?;
        past::take_over(c, &form, std::slice::from_ref(&round))?;
        past::consequence(c, &consequence)
    });
    written.await.expect("written");
    id.to_string()
}
