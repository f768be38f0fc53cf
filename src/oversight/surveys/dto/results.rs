use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SurveyChannel, SurveyOutcome, SurveyParty, SurveyQuestionKind, SurveyRoundId, SurveyStatus};

/// 一方的得分
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyPartyResult {
    pub party: SurveyParty,
    /// 答卷份数
    #[schema(minimum = 0)]
    pub n: i64,
    /// 得分, in basis points: the mean of all marks by five; `null` where there is none, or where it is withheld
    #[schema(required = true, minimum = 0, maximum = 10000, example = 5900)]
    pub score_bp: Option<i64>,
    /// 满意率: marks of 4 and 5 among all marks
    #[schema(required = true)]
    pub satisfied: Option<Ratio>,
    /// 权重, where there are three parties
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub weight_bp: Option<i64>,
}

/// 一个取值的份数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyValueCount {
    /// A mark, or the code of an option
    #[schema(max_length = 20, example = "5")]
    pub value: String,
    #[schema(minimum = 0)]
    pub n: i64,
}

/// 一道题的结果, of those who are asked in great number
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyQuestionResult {
    #[schema(max_length = 20)]
    pub code: String,
    #[schema(max_length = 30)]
    pub dimension: String,
    #[schema(max_length = 200)]
    pub text: String,
    pub kind: SurveyQuestionKind,
    #[schema(minimum = 0)]
    pub n: i64,
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub score_bp: Option<i64>,
    #[schema(required = true)]
    pub satisfied: Option<Ratio>,
    /// 分布
    #[schema(max_items = 20)]
    pub distribution: Vec<SurveyValueCount>,
}

/// 一个维度的得分
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyDimensionResult {
    #[schema(max_length = 30)]
    pub dimension: String,
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub score_bp: Option<i64>,
    pub satisfied: Ratio,
}

/// 一栋楼(社区范围的为一个小区)的结果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyStratumResult {
    /// 楼栋 in a compound, the compound in a community, by the last digits of its code
    #[schema(max_length = 4, example = "001")]
    pub stratum: String,
    #[schema(minimum = 0)]
    pub households: i64,
    #[schema(minimum = 0)]
    pub n: i64,
    pub response_rate: Ratio,
    /// `null` below ten answers, and where it would tell what is withheld elsewhere
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub score_bp: Option<i64>,
    #[schema(required = true)]
    pub satisfied: Option<Ratio>,
}

/// 一个渠道的份数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyChannelCount {
    pub channel: SurveyChannel,
    #[schema(minimum = 0)]
    pub n: i64,
}

/// 测评结果: computed once and frozen; every figure follows from those above it
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyResult {
    /// 业主或居民的答卷份数
    #[schema(minimum = 0)]
    pub n: i64,
    /// 户数
    #[schema(minimum = 0)]
    pub households: i64,
    pub response_rate: Ratio,
    /// 最少份数: the rule's number, or its share of the households where that is more
    #[schema(minimum = 0, example = 30)]
    pub least: i64,
    /// 没有答卷的一方, where its weight is not nothing
    #[schema(max_items = 4)]
    pub missing: Vec<SurveyParty>,
    #[schema(max_items = 4)]
    pub parties: Vec<SurveyPartyResult>,
    /// 得分, in basis points; of three parties the sum of weight and score
    #[schema(required = true, minimum = 0, maximum = 10000, example = 5870)]
    pub score_bp: Option<i64>,
    /// 满意率 of the owners or residents
    #[schema(required = true)]
    pub satisfied: Option<Ratio>,
    /// 及格线; `null` where there is no verdict
    #[schema(required = true, minimum = 0, maximum = 10000, example = 6000)]
    pub pass_bp: Option<i64>,
    pub outcome: SurveyOutcome,
    #[schema(max_items = 40)]
    pub questions: Vec<SurveyQuestionResult>,
    #[schema(max_items = 40)]
    pub dimensions: Vec<SurveyDimensionResult>,
    #[schema(max_items = 1000)]
    pub strata: Vec<SurveyStratumResult>,
    #[schema(max_items = 4)]
    pub channels: Vec<SurveyChannelCount>,
}

/// 测评结果, as far as the caller may read it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyResultsOut {
    pub round_id: SurveyRoundId,
    pub status: SurveyStatus,
    /// `null` before it is computed; for all but overseers before it is posted
    #[schema(required = true)]
    pub result: Option<SurveyResult>,
    /// 内容哈希, SHA-256 of the whole result in canonical JSON
    #[schema(required = true, max_length = 64)]
    pub result_hash: Option<String>,
    /// 是否隐去了不足十份的部分
    pub withheld: bool,
}

/// 答卷进度, without a word of what was answered
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyProgressOut {
    pub round_id: SurveyRoundId,
    pub response_rate: Ratio,
    /// 三方中单位的份数
    #[schema(max_items = 4)]
    pub parties: Vec<SurveyPartyCount>,
    #[schema(max_items = 1000)]
    pub strata: Vec<SurveyStratumCount>,
    #[schema(max_items = 4)]
    pub channels: Vec<SurveyChannelCount>,
    /// 已发邀请
    #[schema(minimum = 0)]
    pub invited: i64,
}

/// 一方的份数
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyPartyCount {
    pub party: SurveyParty,
    #[schema(minimum = 0)]
    pub n: i64,
}

/// 一栋楼的份数
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyStratumCount {
    #[schema(max_length = 4)]
    pub stratum: String,
    pub response_rate: Ratio,
}
