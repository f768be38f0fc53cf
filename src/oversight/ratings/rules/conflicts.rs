//! 回避: what binds an assessor to whom they would score.

use platform::error::At;
use platform::{Error, FieldError, text_enum};

use super::CONFLICT_OF_INTEREST;

text_enum! {
    /// 回避原因
    RatingConflict {
        /// 在被评企业或其母公司有角色
        Role = "role",
        /// 在被评企业有任职、原单位关系或申报的利害关系
        Interest = "interest",
        /// 是该小区业主、住户或业委会成员
        Home = "home",
    }
}

impl RatingConflict {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            RatingConflict::Role => ("在被评企业或其母公司有角色", "holds a role of the company or of its parent"),
            RatingConflict::Interest => {
                ("在被评企业任职或有利害关系", "holds a post there or has an interest in the company")
            }
            RatingConflict::Home => ("是该小区业主、住户或业委会成员", "owns or lives in the compound"),
        }
    }

    /// The refusal, at the place in the body that names the project.
    pub fn fault(self, at: impl Into<String>) -> FieldError {
        let (zh, en) = self.words();
        FieldError::new(At::Pointer(at.into()), self.as_str(), zh, en)
    }
}

/// All of them at once; `Ok` where there is none.
pub fn refuse(faults: Vec<FieldError>) -> platform::Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Rule(&CONFLICT_OF_INTEREST, faults)) }
}
