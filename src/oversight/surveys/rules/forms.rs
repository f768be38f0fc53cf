//! Which questions a form may have, and which answers fit them.

use std::collections::{BTreeMap, HashSet};

use platform::Result;
use serde_json::{Value, json};

use super::{ANSWER_EMPTY, ANSWER_SHAPE, ANSWER_UNKNOWN, CHOICES, NO_SCALE, QUESTION_CODE, QUESTION_KIND, SENSES};
use crate::surveys::dto::{SurveyAnswer, SurveyKind, SurveyQuestion, SurveyQuestionKind};

/// 四感 (S2): gain, happiness, safety, liveability.
pub const FOUR_SENSES: [&str; 4] = ["gain", "happiness", "safety", "liveability"];

/// Whether a form of this kind may have these questions.
pub fn check_questions(kind: SurveyKind, questions: &[SurveyQuestion]) -> Result<()> {
    let mut codes = HashSet::new();
    for (at, question) in questions.iter().enumerate() {
        if !codes.insert(question.code.as_str()) {
            return Err(QUESTION_CODE.at(format!("/questions/{at}/code")));
        }
        if kind != SurveyKind::Demand && question.kind != SurveyQuestionKind::Scale {
            return Err(QUESTION_KIND.at(format!("/questions/{at}/kind")));
        }
        if !has_fitting_choices(question) {
            return Err(CHOICES.at(format!("/questions/{at}/choices")));
        }
    }
    match kind {
        SurveyKind::Satisfaction if questions.is_empty() => Err(NO_SCALE.at("/questions")),
        SurveyKind::FourSenses if !covers_the_senses(questions) => Err(SENSES.at("/questions")),
        _ => Ok(()),
    }
}

fn has_fitting_choices(question: &SurveyQuestion) -> bool {
    let codes: HashSet<&str> = question.choices.iter().map(|choice| choice.code.as_str()).collect();
    match question.kind {
        SurveyQuestionKind::Choice => codes.len() >= 2 && codes.len() == question.choices.len(),
        SurveyQuestionKind::Scale | SurveyQuestionKind::Text => codes.is_empty(),
    }
}

fn covers_the_senses(questions: &[SurveyQuestion]) -> bool {
    let asked: HashSet<&str> = questions.iter().map(|question| question.dimension.as_str()).collect();
    asked == HashSet::from(FOUR_SENSES)
}

/// An answer as it is kept: marks and options by their question, and apart from them the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub answers: Value,
    /// By question.
    pub words: Vec<(String, String)>,
}

/// What somebody answered, where it fits the questions. A question may be left out.
pub fn check_answers(questions: &[SurveyQuestion], given: &[SurveyAnswer]) -> Result<Sheet> {
    let (mut kept, mut words, mut seen) = (BTreeMap::new(), Vec::new(), HashSet::new());
    for (at, answer) in given.iter().enumerate() {
        let question = questions.iter().find(|question| question.code == answer.question);
        let question = question.filter(|question| seen.insert(question.code.as_str()));
        let question = question.ok_or_else(|| ANSWER_UNKNOWN.at(format!("/answers/{at}/question")))?;
        match fitting(question, answer) {
            Some(Fitting::Kept(value)) => drop(kept.insert(question.code.clone(), value)),
            Some(Fitting::Words(text)) => words.push((question.code.clone(), text)),
            None => return Err(ANSWER_SHAPE.at(format!("/answers/{at}"))),
        }
    }
    if kept.is_empty() { Err(ANSWER_EMPTY.at("/answers")) } else { Ok(Sheet { answers: json!(kept), words }) }
}

enum Fitting {
    Kept(Value),
    Words(String),
}

/// The one value that the question asks for.
fn fitting(question: &SurveyQuestion, answer: &SurveyAnswer) -> Option<Fitting> {
    match (question.kind, answer.score, &answer.choice, &answer.text) {
        (SurveyQuestionKind::Scale, Some(score @ 1..=5), None, None) => Some(Fitting::Kept(json!(score))),
        (SurveyQuestionKind::Choice, None, Some(code), None) => {
            let known = question.choices.iter().any(|choice| choice.code == *code);
            known.then(|| Fitting::Kept(json!(code)))
        }
        (SurveyQuestionKind::Text, None, None, Some(text)) if !text.trim().is_empty() => {
            Some(Fitting::Words(text.clone()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use platform::Error;

    use super::*;
    use crate::surveys::dto::SurveyChoice;

    fn question(code: &str, dimension: &str, kind: SurveyQuestionKind) -> SurveyQuestion {
        let options: &[&str] = if kind == SurveyQuestionKind::Choice { &["a", "b"] } else { &[] };
        let choices = options.iter().map(|code| SurveyChoice { code: (*code).into(), text: "选项".into() }).collect();
        SurveyQuestion { code: code.into(), dimension: dimension.into(), text: "问".into(), kind, choices }
    }

    fn answer(question: &str, score: Option<i32>, choice: Option<&str>, text: Option<&str>) -> SurveyAnswer {
        let own = |word: Option<&str>| word.map(str::to_owned);
        SurveyAnswer { question: question.into(), score, choice: own(choice), text: own(text) }
    }

    fn code_of<T>(result: Result<T>) -> Option<&'static str> {
        result.err().map(|error: Error| error.problem().code)
    }

    use SurveyQuestionKind::{Choice, Scale, Text};

    #[test]
    fn each_kind_of_form_has_its_questions() {
        let satisfaction = |questions: &[SurveyQuestion]| check_questions(SurveyKind::Satisfaction, questions);
        assert!(satisfaction(&[question("q1", "保洁", Scale)]).is_ok());
        assert_eq!(code_of(satisfaction(&[question("q1", "保洁", Text)])), Some(QUESTION_KIND.code));
        let twice = [question("q1", "保洁", Scale), question("q1", "秩序", Scale)];
        assert_eq!(code_of(satisfaction(&twice)), Some(QUESTION_CODE.code));
        let demand = |questions: &[SurveyQuestion]| check_questions(SurveyKind::Demand, questions);
        assert!(demand(&[question("q1", "养老", Choice), question("q2", "其他", Text)]).is_ok());
        let one_option = SurveyQuestion { choices: Vec::new(), ..question("q1", "养老", Choice) };
        assert_eq!(code_of(demand(&[one_option])), Some(CHOICES.code));
    }

    #[test]
    fn the_four_senses_are_four() {
        let asked = |dimensions: &[&str]| {
            let questions: Vec<_> =
                dimensions.iter().enumerate().map(|(at, name)| question(&format!("q{at}"), name, Scale)).collect();
            check_questions(SurveyKind::FourSenses, &questions)
        };
        assert!(asked(&FOUR_SENSES).is_ok());
        assert!(asked(&["gain", "gain", "happiness", "safety", "liveability"]).is_ok());
        assert_eq!(code_of(asked(&FOUR_SENSES[..3])), Some(SENSES.code));
        assert_eq!(code_of(asked(&["gain", "happiness", "safety", "liveability", "pride"])), Some(SENSES.code));
    }

    #[test]
    fn an_answer_has_the_shape_that_its_question_asks_for() {
        let questions = [question("q1", "保洁", Scale), question("q2", "养老", Choice), question("q3", "其他", Text)];
        let check = |answers: &[SurveyAnswer]| check_answers(&questions, answers);
        let whole = [
            answer("q1", Some(4), None, None),
            answer("q2", None, Some("b"), None),
            answer("q3", None, None, Some("增设座椅")),
        ];
        let sheet = check(&whole).expect("it fits");
        assert_eq!(sheet.answers, json!({ "q1": 4, "q2": "b" }));
        assert_eq!(sheet.words, [("q3".to_owned(), "增设座椅".to_owned())]);
        for wrong in [
            answer("q1", Some(0), None, None),
            answer("q1", Some(6), None, None),
            answer("q1", None, Some("a"), None),
            answer("q1", Some(3), None, Some("好")),
            answer("q2", None, Some("c"), None),
            answer("q3", None, None, Some("  ")),
        ] {
            assert_eq!(code_of(check(std::slice::from_ref(&wrong))), Some(ANSWER_SHAPE.code), "{wrong:?}");
        }
        assert_eq!(code_of(check(&[answer("q9", Some(3), None, None)])), Some(ANSWER_UNKNOWN.code));
        let twice = [answer("q1", Some(3), None, None), answer("q1", Some(4), None, None)];
        assert_eq!(code_of(check(&twice)), Some(ANSWER_UNKNOWN.code));
        assert_eq!(code_of(check(&whole[2..])), Some(ANSWER_EMPTY.code));
    }
}
