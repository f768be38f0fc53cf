use proptest::prelude::*;
use serde_json::json;

use super::*;

fn question(code: &str) -> SurveyQuestion {
    SurveyQuestion {
        code: code.into(),
        dimension: "服务".into(),
        text: "问".into(),
        kind: SurveyQuestionKind::Scale,
        choices: Vec::new(),
    }
}

fn answer(party: SurveyParty, stratum: &str, marks: &[Option<i64>]) -> Answer {
    let given = marks.iter().enumerate().filter_map(|(at, mark)| Some((format!("q{at}"), (*mark)?)));
    let answers: BTreeMap<String, i64> = given.collect();
    Answer { party, stratum: stratum.into(), channel: SurveyChannel::Web, answers: json!(answers) }
}

/// Everything anew, in fractions that are compared and never divided but at the end.
fn plain_score(all: &[Answer], party: SurveyParty) -> Option<i64> {
    let mut marks = Vec::new();
    for answer in all.iter().filter(|answer| answer.party == party) {
        for value in answer.answers.as_object().expect("an object").values() {
            marks.push(i128::from(value.as_i64().expect("a mark")));
        }
    }
    let (sum, count) = (marks.iter().sum::<i128>(), i128::try_from(marks.len()).expect("few"));
    // The score nearest to sum / count / 5, the greater of two that are as near.
    (0..=10_000_i128)
        .rev()
        .min_by_key(|bp| (5 * bp * count - 10_000 * sum).abs())
        .filter(|_| count > 0)
        .map(|bp| i64::try_from(bp).expect("small"))
}

fn plain_weighted(weights: [i64; 3], scores: [Option<i64>; 3]) -> Option<i64> {
    let mut sum = 0_i128;
    for (weight, score) in weights.into_iter().zip(scores) {
        if weight > 0 {
            sum += i128::from(weight) * i128::from(score?);
        }
    }
    (0..=10_000_i128).rev().min_by_key(|bp| (bp * 10_000 - sum).abs()).map(|bp| i64::try_from(bp).expect("small"))
}

fn asked<'a>(
    respondents: SurveyRespondents,
    questions: &'a [SurveyQuestion],
    rules: &'a SurveyRules,
    households: i64,
) -> Asked<'a> {
    Asked { kind: SurveyKind::Satisfaction, respondents, questions, rules, strata: &[], households }
}

fn owners(count: usize, marks: &[Option<i64>]) -> Vec<Answer> {
    vec![answer(SurveyParty::Owners, "001", marks); count]
}

prop_compose! {
    fn some_marks()(marks in prop::collection::vec(prop::option::of(1i64..=5), 3)) -> Vec<Option<i64>> { marks }
}

prop_compose! {
    fn answers()(
        owners in prop::collection::vec(some_marks(), 0..60),
        community in prop::collection::vec(some_marks(), 0..6),
        committee in prop::collection::vec(some_marks(), 0..6),
    ) -> Vec<Answer> {
        let of = |party, marks: Vec<Vec<Option<i64>>>| {
            marks.into_iter().map(move |marks| answer(party, "001", &marks)).collect::<Vec<_>>()
        };
        [of(SurveyParty::Owners, owners), of(SurveyParty::Community, community), of(SurveyParty::Committee, committee)]
            .concat()
    }
}

proptest! {
    #[test]
    fn three_parties_weigh_as_the_plain_reckoning_says(all in answers(), owners in 0i32..=10_000, rest in 0i32..=10_000) {
        let community = (10_000 - owners) * rest / 10_000;
        let weights =
            SurveyWeights { owners_bp: owners, community_bp: community, committee_bp: 10_000 - owners - community };
        let rules = SurveyRules { weights, ..SurveyRules::default() };
        let questions = ["q0", "q1", "q2"].map(question);
        let found = result(&asked(SurveyRespondents::ThreeParty, &questions, &rules, 100), &all);
        let three = [SurveyParty::Owners, SurveyParty::Community, SurveyParty::Committee];
        let scores = three.map(|party| plain_score(&all, party));
        let told: Vec<Option<i64>> = found.parties.iter().map(|party| party.score_bp).collect();
        prop_assert_eq!(told, scores.to_vec());
        let plain = plain_weighted(three.map(|party| weight_of(&rules.weights, party)), scores);
        prop_assert_eq!(found.score_bp, plain);
        let counted = i64::try_from(all.iter().filter(|a| a.party == SurveyParty::Owners).count()).expect("few");
        let expected = match plain {
            Some(score) if counted >= 30 && score >= 6000 => SurveyOutcome::Pass,
            Some(_) if counted >= 30 => SurveyOutcome::Fail,
            _ => SurveyOutcome::Insufficient,
        };
        prop_assert_eq!(found.outcome, expected);
        prop_assert_eq!(found.score_bp.is_none(), !found.missing.is_empty());
    }

    /// At the fewest answers less one, exactly, and one more, whatever the households.
    #[test]
    fn too_few_say_nothing(households in 0i64..200_000, off in -1i64..=1) {
        let rules = SurveyRules::default();
        let fewest = least(&rules, households);
        // The plain words: thirty, and a tenth of the households.
        let says = |n: i64| n >= 30 && n * 10 >= households;
        prop_assert!(says(fewest) && !says(fewest - 1));
        let found = outcome(SurveyKind::Satisfaction, fewest + off >= fewest, Some(9000), 6000);
        prop_assert_eq!(found == SurveyOutcome::Pass, says(fewest + off));
    }

    /// At the pass line less one basis point, exactly, and one more.
    #[test]
    fn the_pass_line_passes(pass_bp in 1i64..=9_999, off in -1i64..=1) {
        let found = outcome(SurveyKind::Satisfaction, true, Some(pass_bp + off), pass_bp);
        prop_assert_eq!(found, if off < 0 { SurveyOutcome::Fail } else { SurveyOutcome::Pass });
    }

    /// What each question, each stratum and the whole say agree, and nothing is counted twice.
    #[test]
    fn the_parts_are_the_whole(all in prop::collection::vec((0usize..4, some_marks()), 0..80)) {
        let strata = ["001", "002", "003", "004"];
        let all: Vec<Answer> =
            all.iter().map(|(at, marks)| answer(SurveyParty::Owners, strata[*at], marks)).collect();
        let (questions, rules) = (["q0", "q1", "q2"].map(question), SurveyRules::default());
        let found = result(&asked(SurveyRespondents::Owners, &questions, &rules, 80), &all);
        prop_assert_eq!(found.strata.iter().map(|stratum| stratum.n).sum::<i64>(), found.n);
        prop_assert_eq!(found.n, i64::try_from(all.len()).expect("few"));
        let marks: i64 = found.questions.iter().flat_map(|q| &q.distribution).map(|value| value.n).sum();
        prop_assert_eq!(marks, found.satisfied.as_ref().map_or(0, |ratio| ratio.denominator));
        for question in &found.questions {
            prop_assert_eq!(question.distribution.iter().map(|value| value.n).sum::<i64>(), question.n);
        }
        prop_assert_eq!(found.score_bp, plain_score(&all, SurveyParty::Owners));
    }
}

/// Domain D5, scenario 8: 58.70 and, asked again, 57.90.
#[test]
fn the_scores_of_scenario_8() {
    let weights = SurveyRules::default().weights;
    let of = |scores: [i64; 3]| {
        let three = [SurveyParty::Owners, SurveyParty::Community, SurveyParty::Committee];
        let parts: Vec<_> = three.map(|party| weight_of(&weights, party)).into_iter().zip(scores.map(Some)).collect();
        weighted(&parts)
    };
    assert_eq!(of([6200, 5000, 6000]), Some(5870));
    assert_eq!(of([5650, 6000, 6000]), Some(5790));
}

#[test]
fn nobody_answered_is_no_score_and_no_consequence() {
    let (questions, rules) = ([question("q0")], SurveyRules::default());
    for respondents in SurveyRespondents::ALL {
        let found = result(&asked(*respondents, &questions, &rules, 100), &[]);
        assert_eq!((found.score_bp, found.outcome, found.n), (None, SurveyOutcome::Insufficient, 0));
        assert_eq!(found.satisfied.and_then(|ratio| ratio.percent), None);
    }
    // Answers without a single mark are as many, and say as little.
    let found = result(&asked(SurveyRespondents::Owners, &questions, &rules, 100), &owners(40, &[None]));
    assert_eq!((found.n, found.score_bp, found.outcome), (40, None, SurveyOutcome::Insufficient));
}

#[test]
fn a_silent_party_leaves_nothing_to_find() {
    let (questions, rules) = ([question("q0")], SurveyRules::default());
    let found = result(&asked(SurveyRespondents::ThreeParty, &questions, &rules, 100), &owners(40, &[Some(1)]));
    assert_eq!(found.missing, [SurveyParty::Community, SurveyParty::Committee]);
    assert_eq!((found.score_bp, found.outcome), (None, SurveyOutcome::Insufficient));
}

#[test]
fn a_demand_is_counted_and_not_judged() {
    let options = ["a", "b"].map(|code| crate::surveys::dto::SurveyChoice { code: code.into(), text: "项".into() });
    let choice = SurveyQuestion { kind: SurveyQuestionKind::Choice, choices: options.to_vec(), ..question("q0") };
    let rules = SurveyRules::default();
    let asked = Asked {
        kind: SurveyKind::Demand,
        respondents: SurveyRespondents::Residents,
        questions: &[choice],
        rules: &rules,
        strata: &[("001".into(), 50)],
        households: 50,
    };
    let one = |code: &str| Answer {
        party: SurveyParty::Residents,
        stratum: "001".into(),
        channel: SurveyChannel::Phone,
        answers: json!({ "q0": code }),
    };
    let answers: Vec<Answer> = std::iter::repeat_n(one("a"), 20).chain(std::iter::repeat_n(one("b"), 12)).collect();
    let found = result(&asked, &answers);
    assert_eq!((found.outcome, found.score_bp, found.pass_bp), (SurveyOutcome::NoVerdict, None, None));
    let counts: Vec<i64> = found.questions[0].distribution.iter().map(|value| value.n).collect();
    assert_eq!((counts, found.missing.len()), (vec![20, 12], 0));
}
