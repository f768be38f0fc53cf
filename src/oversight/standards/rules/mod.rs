//! What a check comes to, what is promised and kept, and how months become a year. Pure: the store brings the facts.

pub mod checklists;
pub mod params;
pub mod parties;
pub mod periods;
pub mod score;
pub mod targets;

platform::problems! {
    COMPOUND_UNKNOWN = 422 "standards.compound_unknown", "小区不存在或不在您的范围内", "There is no such compound in your area";
    NOT_SERVING = 422 "standards.not_serving", "该组织当日没有在此小区提供物业服务", "The organisation does not serve this compound on that day";
    NO_COMPANY = 422 "standards.no_company", "该小区当日没有物业服务企业", "No company serves this compound on that day";
    IN_THE_FUTURE = 422 "standards.in_the_future", "日期不能晚于今天", "The day is not later than today";
    OWN_COMPANY = 403 "standards.own_company", "考评者不得是被考评企业的人员", "Nobody judges the company that they work for";
    NOT_COMPANY = 403 "standards.not_company", "只有该企业的管理员或项目经理可以这样做", "Only the company's own administrator or manager may do this";
    ITEM_REPEATED = 422 "standards.item_repeated", "清单项编号重复", "The code of an item is given twice";
    ITEM_COUNT = 422 "standards.item_count", "清单项数与该类标准不符", "The checklist has not as many items as its kind asks for";
    NOT_DRAFT = 409 "standards.not_draft", "已发布的内容不可更改", "What is published is not changed";
    DRAFT_EXISTS = 409 "standards.draft_exists", "该清单已有一份草稿", "There is a draft of this checklist already";
    NEWER_EXISTS = 409 "standards.newer_exists", "该清单已有更新的版本", "A newer version of this checklist is published";
    KIND_DIFFERS = 422 "standards.kind_differs", "同一清单的各版本须为同一类", "The versions of one checklist are of one kind";
    CHECKLIST_UNKNOWN = 422 "standards.checklist_unknown", "该清单不存在、未在用或不适用于此小区", "The checklist is unknown, not in force or not of this place";
    ITEM_UNKNOWN = 422 "standards.item_unknown", "清单中没有此项", "The checklist has no such item";
    RUN_SUBMITTED = 409 "standards.run_submitted", "检查已提交,不可更改", "The check is submitted and fixed";
    RESULTS_MISSING = 422 "standards.results_missing", "仍有清单项没有结果", "An item has no result yet";
    EVIDENCE_MISSING = 422 "standards.evidence_missing", "该项须有佐证才能判定符合", "This item passes with evidence only";
    NOT_A_PICTURE = 422 "standards.not_a_picture", "佐证须为照片", "Evidence is a picture";
    TOO_MANY_PICTURES = 422 "standards.too_many_pictures", "照片已达上限", "There are as many pictures as a check takes";
    MEASURE_MISSING = 422 "standards.measure_missing", "可衡量的承诺须写明衡量标准,不可衡量的不写", "What is measurable says by what, and nothing else does";
    DUE_PAST = 422 "standards.due_past", "完成期限不能早于今天", "It is due today at the earliest";
    NOT_PUBLISHED = 409 "standards.not_published", "该承诺未在履行中", "The commitment is not one that is being kept";
    NOT_REPORTED = 409 "standards.not_reported", "企业尚未报告完成", "The company has not reported it as done";
    MONTH_CLOSED = 409 "standards.month_closed", "该月已评比,不能再增改", "The month is rated, and nothing is added to it";
    ALREADY_ANSWERED = 409 "standards.already_answered", "该反馈已答复", "It is answered already";
    ITEMS_UNANSWERED = 409 "standards.items_unanswered", "当月仍有未答复的周反馈", "A weekly item of the month waits for its answer";
    PERIOD_INVALID = 422 "standards.period_invalid", "没有这样的期次", "There is no such period";
    PERIOD_RUNNING = 422 "standards.period_running", "该期尚未结束", "The period is not over";
    SCORE_EXPECTED = 422 "standards.score_expected", "月评比须给出得分,季、年得分由系统计算", "A month is given a score; a quarter and a year are computed";
    PARTS_MISSING = 422 "standards.parts_missing", "缺少下级期次的得分,不能汇总", "A part has no score, and nothing is computed without it";
    ALREADY_ASSESSED = 409 "standards.already_assessed", "该期已有结果,须先撤回", "The period has a result, which is withdrawn first";
    RESTS_ON_IT = 409 "standards.rests_on_it", "已有汇总依据此结果,须先撤回汇总", "A result that rests on it stands, and is withdrawn first";
    WITHDRAWN = 409 "standards.withdrawn", "该结果已撤回", "The result is withdrawn";
    NOT_POSTED = 409 "standards.not_posted", "该结果不在公示", "The result is not posted";
    OBJECTION_UPHELD = 409 "standards.objection_upheld", "有异议成立,请撤回后重新考核", "An objection was upheld; withdraw it and assess anew";
    YEAR_CLOSED = 409 "standards.year_closed", "该年度已考核,不能再增改", "The year is assessed, and nothing is added to it";
    RED_LINE_EXISTS = 409 "standards.red_line_exists", "该事项已登记扣分", "The deduction is on record already";
    RED_LINE_REVOKED = 409 "standards.red_line_revoked", "该扣分已撤销", "The deduction is revoked already";
    CONTRACT_EXISTS = 409 "standards.contract_exists", "该企业在此小区的当年责任书已存在", "The company has a contract for this compound and year";
    NOT_A_PARTY = 403 "standards.not_a_party", "只有社区与该企业可以签署", "Only the community and this company sign";
    ALREADY_SIGNED = 409 "standards.already_signed", "本方已签署", "This party has signed already";
    NOT_SIGNED = 409 "standards.not_signed", "双方签署后才能登记结果", "Results are recorded once both have signed";
    SETTLED = 409 "standards.settled", "责任书已结算", "The contract is settled";
    INDICATOR_UNKNOWN = 422 "standards.indicator_unknown", "没有此项指标", "There is no such indicator";
    TARGET_RANGE = 422 "standards.target_range", "比率目标以万分之一计,不超过 10000", "A share's target is in basis points, 10000 at the most";
    COUNT_DENOMINATOR = 422 "standards.count_denominator", "数量指标的分母为 1;比率的分子不大于分母", "A number has 1 below it; a share has no more above than below";
}
