//! 评定说明: a result is computed again from the JSON alone, by plain fractions.

use serde_json::{Value, json};

use super::{RESULTS, Rating, red_line};

/// The nearest whole number, the larger of two.
fn nearest(n: i64, d: i64) -> i64 {
    (2 * n + d) / (2 * d)
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn sheet_score(sheet: &Value, weights: &Value) -> Option<i64> {
    let (mut sum, mut of) = (0, 0);
    for (dimension, weight) in weights.as_object().expect("weights") {
        let here = sheet["points"].as_array().expect("points").iter();
        let here: Vec<&Value> =
            here.filter(|point| point["dimension"] == json!(dimension) && !point["points"].is_null()).collect();
        if here.is_empty() {
            continue;
        }
        let points: i64 = here.iter().map(|point| number(&point["points"])).sum();
        let max: i64 = here.iter().map(|point| number(&point["max_points"])).sum();
        sum += number(weight) * nearest(10_000 * points, max);
        of += number(weight);
    }
    (of > 0).then(|| nearest(sum, of))
}

/// From the sheets and the facts to score and star, with nothing but what the explanation says.
pub fn computed_again(explanation: &Value) -> (i64, i64) {
    let terms = &explanation["terms"];
    let counted: Vec<&Value> =
        explanation["sheets"].as_array().expect("sheets").iter().filter(|sheet| sheet["counts"] == true).collect();
    let mut sum = 0;
    for (panel, weight) in terms["panels"].as_object().expect("weights") {
        let score = if panel == "satisfaction" {
            number(&explanation["satisfaction"]["score"])
        } else {
            let sheets = counted.iter().filter(|sheet| sheet["panel"] == json!(panel));
            let scores: Vec<i64> = sheets.filter_map(|sheet| sheet_score(sheet, &terms["dimensions"])).collect();
            nearest(scores.iter().sum(), i64::try_from(scores.len()).expect("a number"))
        };
        sum += number(weight) * score;
    }
    let score = nearest(sum, 10_000);
    let cutoffs = terms["cutoffs"].as_object().expect("cutoffs").values();
    let mut star = i64::try_from(cutoffs.filter(|least| score >= number(least)).count()).expect("a number");
    let caps = &terms["caps"];
    let standing = |kind: &str| {
        let facts = explanation["facts"].as_array().expect("facts");
        facts.iter().any(|fact| fact["kind"] == json!(kind) && fact["struck_at"].is_null())
    };
    let vetoed = counted
        .iter()
        .any(|sheet| sheet["points"].as_array().expect("points").iter().any(|point| point["vetoed"] == true));
    if standing("red_line") || vetoed {
        star = star.min(number(&caps["red_line_star"]));
    }
    if standing("disclosures_incomplete") {
        star = star.min(number(&caps["disclosures_star"]));
    }
    if number(&explanation["satisfaction"]["score"]) < number(&caps["satisfaction_below"]) {
        star = star.min(number(&caps["satisfaction_star"]));
    }
    (score, star)
}

async fn explained(rating: &Rating) -> Value {
    let path = format!("{RESULTS}/{}/explanation", rating.result().await.id);
    rating.district().get(&path).await.expect(200).value()
}

/// Points that are no round figures, and some that do not apply.
fn uneven(seed: i32) -> Value {
    let point = |(at, indicator): (i32, Value)| {
        let points = (at % 4 != seed % 4).then_some(61 + (at * 7 + seed * 5) % 37);
        json!({ "code": indicator["code"], "points": points })
    };
    json!({ "points": (0..).zip(super::indicators()).map(point).collect::<Vec<_>>() })
}

#[actix_web::test]
async fn a_result_is_computed_again_from_the_json_alone() {
    let mut rating = Rating::assessing().await;
    for (seed, assessor) in (1..).zip(&rating.assessors) {
        rating.submitted(assessor, uneven(seed)).await;
    }
    rating.fact(super::satisfaction(7333)).await.expect(201);
    rating.advance("collate", Value::Null).await;
    let told = explained(&rating).await;
    let result = &told["result"];
    assert_eq!(computed_again(&told), (number(&result["score"]), number(&result["star"])));
    // What is shown between is what it was computed by.
    for sheet in told["sheets"].as_array().expect("sheets") {
        assert_eq!(sheet["score"].as_i64(), sheet_score(sheet, &told["terms"]["dimensions"]));
    }
    let weighted: i64 = told["panels"].as_array().expect("panels").iter().map(|panel| number(&panel["weighted"])).sum();
    assert_eq!(number(&told["weighted_sum"]), weighted);
    assert_eq!(nearest(weighted, 10_000), number(&result["score"]));
    assert_eq!(told["sheets"].as_array().expect("sheets").len(), 3);
}

#[actix_web::test]
async fn caps_facts_and_claims_are_told() {
    let rating = Rating::claiming().await;
    let claim = json!({ "project_id": rating.project.id, "target_star": 5, "charged_fen": 85,
        "self_points": [{ "code": "image-1", "points": 100 }] });
    rating.company.post(&rating.at("claims"), claim).await.expect(201);
    let mut rating = rating;
    for assessor in &rating.assessors {
        rating.assign(assessor.on(&rating.project)).await.expect(201);
    }
    rating.advance("assess", Value::Null).await;
    for assessor in &rating.assessors {
        rating.submitted(assessor, super::points(93)).await;
    }
    rating.fact(super::satisfaction(5999)).await.expect(201);
    let incomplete = json!({ "kind": "disclosures_incomplete", "occurred_on": "2024-01-10", "source": "公示栏检查" });
    let fact = rating.fact(incomplete).await.expect(201).value();
    let struck = format!("/v1/rating-facts/{}/strike", fact["id"].as_str().expect("an id"));
    let reason = json!({ "reason": "次日已补齐" });
    rating.town.authority.post_with(&struck, &[("If-Match", "\"v1\"")], reason).await.expect(200);
    rating.fact(red_line()).await.expect(201);
    rating.advance("collate", Value::Null).await;
    let told = explained(&rating).await;
    let result = &told["result"];
    assert_eq!(computed_again(&told), (number(&result["score"]), number(&result["star"])));
    let reasons: Vec<&str> =
        result["caps"].as_array().expect("caps").iter().filter_map(|cap| cap["reason"].as_str()).collect();
    assert_eq!((number(&result["star"]), reasons), (1, vec!["red_line", "low_satisfaction"]));
    assert_eq!(told["facts"].as_array().expect("facts").len(), 3, "the struck one as well");
    assert_eq!((&told["claim"]["target_star"], &told["claim"]["self_score"]), (&json!(5), &json!(10_000)));
}
