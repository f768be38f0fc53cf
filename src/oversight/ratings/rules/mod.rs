//! What a scheme may say, who may score whom, and how points become a star. Pure: the store brings the facts.

pub mod claims;
pub mod conflicts;
pub mod facts;
pub mod outcome;
pub mod params;
pub mod quarters;
pub mod score;
#[cfg(test)]
mod score_tests;
pub mod sheets;
pub mod states;
pub mod terms;

platform::problems! {
    LEVEL = 422 "ratings.level", "评定办法与评定批次设在区县或街道", "Schemes and campaigns are of a district or a street";
    WEIGHTS_SUM = 422 "ratings.weights_sum", "权重之和须为10000", "The weights are 10000 together";
    CUTOFFS_ORDER = 422 "ratings.cutoffs_order", "星级分数线须逐级升高", "Each star has a higher cutoff than the one below it";
    TIERS = 422 "ratings.tiers", "每个星级须有一档价格,且星级高者不低于星级低者", "Each star has one price, and none is lower than that of the star below it";
    INDICATOR_TWICE = 422 "ratings.indicator_twice", "指标代码重复", "The code of the indicator is taken";
    SCHEME_FROZEN = 409 "ratings.scheme_frozen", "评定办法已发布,不能修改,请另立新版", "The scheme is published and never changed; make another version";
    SCHEME_INCOMPLETE = 409 "ratings.scheme_incomplete", "有维度或评分主体没有指标", "A dimension or a scorer has no indicator";
    SCHEME_UNKNOWN = 422 "ratings.scheme_unknown", "本区域没有此已发布的评定办法", "There is no such published scheme for the area";
    CAMPAIGN_EXISTS = 409 "ratings.campaign_exists", "本区域本季度已有评定批次", "The area has a campaign for the quarter already";
    ALREADY_RATED = 409 "ratings.already_rated", "有项目本季度已在其他批次中参评", "A project is rated in another campaign of the quarter";
    NO_PROJECTS = 409 "ratings.no_projects", "本区域没有在管项目", "No compound of the area is served by a company";
    WRONG_STATE = 409 "ratings.wrong_state", "当前状态不能执行此步骤", "The state does not allow this step";
    NOT_CLAIMING = 409 "ratings.not_claiming", "不在认领期内", "Claims are not taken now";
    PRICE_ABOVE_TIER = 422 "ratings.price_above_tier", "现行收费高于所认领星级的指导价上限(质价不符)", "The price charged is above the guide price of the star that is claimed";
    PRICE_NOT_FILED = 422 "ratings.price_not_filed", "现行收费与备案的物业服务合同单价不符", "The price is not that of the service contract on file";
    CLAIM_EXISTS = 409 "ratings.claim_exists", "该项目本批次已认领", "The project has a claim in this campaign";
    CLAIM_WITHDRAWN = 409 "ratings.claim_withdrawn", "认领已撤回", "The claim was withdrawn";
    NOT_YOUR_COMPANY = 403 "ratings.not_your_company", "只能为本企业的项目办理", "Only for projects of one's own company";
    PROJECT_UNKNOWN = 422 "ratings.project_unknown", "本批次没有此参评项目", "There is no such project in the campaign";
    INDICATOR_UNKNOWN = 422 "ratings.indicator_unknown", "没有此指标,或不由该评分主体评分", "There is no such indicator, or it is not this scorer's";
    ANSWERED_TWICE = 422 "ratings.answered_twice", "同一指标评分两次", "The indicator is answered twice";
    POINTS_BEYOND = 422 "ratings.points_beyond", "得分高于该指标满分", "More points than the indicator has";
    POINTS_MISSING = 422 "ratings.points_missing", "有指标未评分", "An indicator is not answered";
    NOT_A_VETO = 422 "ratings.not_a_veto", "该指标不是一票否决指标", "The indicator is no veto";
    VETO_WITHOUT_NOTE = 422 "ratings.veto_without_note", "一票否决须说明理由", "A veto says why";
    NOTHING_SCORED = 422 "ratings.nothing_scored", "全部不适用,没有得分", "Nothing applies, so there is no score";
    NOT_ASSESSING = 409 "ratings.not_assessing", "不在评分期内", "Sheets are not taken now";
    NOT_ASSESSOR = 422 "ratings.not_assessor", "该账号在项目所在区域没有考评员身份", "The account is no assessor where the project lies";
    ALREADY_ON_PANEL = 409 "ratings.already_on_panel", "该账号已在其他评分主体中", "The account is on another panel of the campaign";
    CONFLICT_OF_INTEREST = 422 "ratings.conflict_of_interest", "评分人与被评企业或小区有利害关系,须回避", "The assessor is bound to the company or the compound";
    NOT_ON_PANEL = 422 "ratings.not_on_panel", "本批次没有此评分人,或未分配该项目", "The campaign has no such assessor, or the project is not theirs to score";
    RELEASED_LATE = 409 "ratings.released_late", "已提交评分或复核已办结,不能解除", "What is scored stays scored; nobody is released from it";
    NOT_ASSIGNED = 403 "ratings.not_assigned", "未分配由您评分", "The project is not yours to score";
    SHEET_EXISTS = 409 "ratings.sheet_exists", "该项目已有您的评分表", "You have a sheet for the project";
    SHEET_FROZEN = 409 "ratings.sheet_frozen", "评分表已提交,不能修改", "The sheet is submitted and never changed";
    SCORER_MISSING = 409 "ratings.scorer_missing", "有项目缺少评分主体,不能汇总", "A project lacks a scorer; it cannot be collated";
    WINDOW_OPEN = 409 "ratings.window_open", "申诉期未满", "The time for appeals is not over";
    WINDOW_OVER = 409 "ratings.window_over", "不在申诉期内", "Appeals are not taken now";
    APPEAL_EXISTS = 409 "ratings.appeal_exists", "该结果已申诉", "The result has been appealed against";
    APPEAL_OPEN = 409 "ratings.appeal_open", "有申诉未复核完毕", "An appeal waits for its review";
    APPEAL_DECIDED = 409 "ratings.appeal_decided", "该申诉已有结论", "The appeal has been decided";
    NO_OBJECTION_UPHELD = 409 "ratings.no_objection_upheld", "没有成立的异议,不能依职权提起复核", "No objection was upheld, so there is no review ex officio";
    SCORED_BEFORE = 422 "ratings.scored_before", "初评人不得复核", "Who scored it first does not review it";
    NOT_REVIEWER = 403 "ratings.not_reviewer", "您不是该申诉的复核人", "You are no reviewer of the appeal";
    NOTHING_REVISED = 422 "ratings.nothing_revised", "没有复核评分,也没有撤销的事实,不能改判", "There is no sheet of the review and no fact was struck out";
    FACT_PARTS = 422 "ratings.fact_parts", "事实要素与种类不符", "The parts do not fit the kind of fact";
    FACT_FUTURE = 422 "ratings.fact_future", "发生日不能晚于今天", "It does not happen in the future";
    FACT_EXISTS = 409 "ratings.fact_exists", "该项目已有此事实", "The project has this fact already";
    FACT_STRUCK = 409 "ratings.fact_struck", "该事实已撤销", "The fact was struck out";
    FACT_LATE = 409 "ratings.fact_late", "批次已汇总,不能再增减事实", "The campaign is collated; facts stay as they are";
    FACT_UNKNOWN = 422 "ratings.fact_unknown", "该项目没有此有效事实", "The project has no such fact";
    NOT_CONFIRMED = 409 "ratings.not_confirmed", "星级未确认,或动态管理已结束", "The star is not confirmed, or its monitoring is over";
}
