//! The rules of the bodies (domain B2, C2, C3, C10). Pure: rows and dates in, a verdict out.

pub mod clocks;
pub mod committee;
pub mod contract;
pub mod coverage;
pub mod lifecycle;
pub mod params;
pub mod uscc;

use chrono::NaiveDate;
use platform::Result;

platform::problems! {
    USCC_INVALID = 422 "organisations.uscc_invalid", "统一社会信用代码的校验位不符(GB 32100-2015)", "The credit code fails its check character (GB 32100-2015)";
    USCC_TAKEN = 409 "organisations.uscc_taken", "该统一社会信用代码已登记", "This credit code is registered already";
    NAME_KIND = 422 "organisations.party_kind", "党组织须且只有党组织须注明类别", "A Party organisation, and only that, names its sub-kind";
    DETAILS_UNFIT = 422 "organisations.details_unfit", "填写的详情与组织类型不符", "Those details do not belong to this kind of organisation";
    /// 红色物业服务站不以盈利为目的 (seed S0-17).
    STATION_FOR_PROFIT = 422 "organisations.station_for_profit", "红色物业服务站不得以盈利为目的", "A red service station is never run for profit";
    PARENT_MISSING = 422 "organisations.parent_missing", "上级组织不存在或已终止", "The parent does not exist or has ended";
    PARENT_AREA = 422 "organisations.parent_area", "上级组织的区域须包含下级", "The parent's area must cover the child's";
    CYCLE = 422 "organisations.cycle", "不能成为自己的下级", "An organisation cannot come to be below itself";
    TOO_DEEP = 422 "organisations.too_deep", "组织层级过深", "The tree is too deep there";
    ENDED = 409 "organisations.ended", "该组织已终止", "The organisation has ended";
    STEP = 409 "organisations.step", "当前状态不允许此变更", "Its state does not allow this step";
    FILE_FIRST = 422 "organisations.file_first", "业委会、自管委经备案后才能履职(物业管理条例第16条)", "A committee takes office by being filed (Property Management Regulation 16)";
    STILL_IN_USE = 409 "organisations.still_in_use", "其下仍有未终止的组织", "Organisations below it still stand";
    IN_THE_FUTURE = 422 "organisations.in_the_future", "日期不能晚于今天", "The date lies in the future";
    TOO_EARLY = 422 "organisations.too_early", "日期早于其起始日", "The date lies before it began";
    PERIOD = 422 "organisations.period", "结束日期早于开始日期", "The period ends before it begins";
    NOT_YOURS = 403 "organisations.not_yours", "您的角色不能登记或修改这类组织", "Your roles do not register or change this kind of organisation";
    BRANCH_BY_INDUSTRY_PARTY = 403 "organisations.branch_by_industry_party", "企业党支部由行业党委批准设立", "Branches of companies are founded by the industry's Party committee";
    NOT_A_COMPANY = 422 "organisations.not_a_company", "须为物业服务企业", "It must be a property company";
    NOT_A_PARTY_ORG = 422 "organisations.not_a_party_org", "须为相应类别的党组织", "It must be a Party organisation of the fitting kind";
    COMPANY_NOT_ACTIVE = 422 "organisations.company_not_active", "该企业当前不能承接项目", "The company is not active";
    AREA_UNKNOWN = 422 "organisations.area_unknown", "没有此区域,或已撤销", "No such area, or it is closed";
    COMPOUND_AREA = 422 "organisations.compound_area", "委员会的区域须为其小区", "A committee's area is its compound";

    COMMITTEE_NEEDED = 422 "organisations.committee_needed", "业委会、自管委须且只须填写届期", "A committee, and only that, comes with its term";
    COMMITTEE_EXISTS = 409 "organisations.committee_exists", "该小区已有业委会或自管委", "The compound has a committee already";
    COMMITTEE_EVEN = 422 "organisations.committee_even", "委员人数须为单数(建房〔2009〕274号第31条)", "A committee has an odd number of members (Jianfang [2009] 274, art. 31)";
    COMMITTEE_SIZE = 422 "organisations.committee_size", "委员人数须为5至11人(建房〔2009〕274号第31条;小型小区按当地规则)", "A committee has 5 to 11 members (Jianfang [2009] 274, art. 31; small compounds by local rule)";
    COMMITTEE_TERM = 422 "organisations.committee_term", "任期不超过五年(建房〔2009〕274号第32条)", "A term lasts five years at most (Jianfang [2009] 274, art. 32)";
    TERM_RUNNING = 409 "organisations.term_running", "新一届须晚于现届开始", "The new term must begin after the one that runs";
    TERM_FILED = 409 "organisations.term_filed", "该届已备案", "The term has been filed";

    CONTRACT_TERM = 422 "organisations.contract_term", "定期合同须有届满日且不早于起始日,不定期合同不填届满日", "A fixed term has a last day, not before its first; an indefinite one has none";
    CONTRACT_OVERLAP = 422 "organisations.contract_overlap", "一个物业管理区域由一个物业服务企业服务(物业管理条例第33条)", "One company serves a compound at a time (Property Management Regulation 33)";
    WHOLE_SUBCONTRACT = 422 "organisations.whole_subcontract", "不得将全部物业服务转委托(民法典第941条)", "The whole service may not be passed on (Civil Code 941)";
    COMMITMENTS_FULL = 409 "organisations.commitments_full", "合同所载承诺已达上限", "The contract holds as many commitments as it takes";
    CONTRACT_STEP = 409 "organisations.contract_step", "合同的当前状态不允许此操作", "The contract's state does not allow this step";
    OWN_FILING = 403 "organisations.own_filing", "提交人不能为自己的合同备案", "Who submitted a contract does not file it";
    COMPANY_FILES_ITSELF = 403 "organisations.company_files_itself", "物业企业不能为自己的合同备案", "A company does not file its own contract";
    NOT_FOR_THE_OTHER = 403 "organisations.not_for_the_other", "只能代表本方发出通知", "Notice is given for one's own side only";
    NOTICE_TOO_SHORT = 422 "organisations.notice_too_short", "通知期不足(民法典第946、947、948条)", "The notice is too short (Civil Code 946, 947, 948)";
    COMPANY_BOUND = 422 "organisations.company_bound", "定期合同期内企业不得单方退出,只能届满不续(民法典第947条)", "Within a fixed term the company cannot leave; it may refuse to renew (Civil Code 947)";
    ITEM_DONE = 409 "organisations.item_done", "该交接事项已完成", "The item has been handed over";
    HANDOVER_INCOMPLETE = 422 "organisations.handover_incomplete", "交接清单未完成(民法典第949条)", "The handover is not complete (Civil Code 949)";
    BEFORE_EFFECTIVE = 422 "organisations.before_effective", "终止日之前仍须服务(民法典第950条)", "The company serves on until that day (Civil Code 950)";
    STILL_SERVING = 422 "organisations.still_serving", "仍有未完成交接的服务合同", "It still has contracts that are not handed over";

    MEMBERS_TOO_FEW = 422 "organisations.members_too_few", "正式党员三人以上方可单独成立支部(支部工作条例第4条)", "An own branch needs three formal members (Branch Regulation 4)";
    JOINT_UNITS = 422 "organisations.joint_units", "联合党支部覆盖单位一般不超过5个(支部工作条例第5条)", "A joint branch covers five units at most (Branch Regulation 5)";
    PARTY_ORG_NEEDED = 422 "organisations.party_org_needed", "组织覆盖须且只须指明党组织", "Coverage by an organisation, and only that, names it";
    INSTRUCTOR_MISSING = 422 "organisations.instructor_missing", "仅由指导员覆盖须有在任指导员", "Coverage by an instructor needs an open instructor link";
    NOT_COVERABLE = 422 "organisations.not_coverable", "覆盖登记只适用于物业企业与业委会、自管委", "Coverage is kept for companies and committees";
    COVERAGE_TAKEN = 409 "organisations.coverage_taken", "该日已有覆盖登记", "Coverage was recorded for that day already";
    PERSON_CLOSED = 422 "organisations.person_closed", "该人员已注销登记", "The person is no longer on the register";
    LINK_TAKEN = 409 "organisations.link_taken", "已有同一未结束的记录", "The same link is open already";
    PARTIES_FEW = 422 "organisations.parties_few", "共建须有两个以上不同的单位", "A partnership has two or more different parties";
    SELF_SUPPLY = 422 "organisations.self_supply", "企业不能是自己的供应商", "A company does not supply itself";
}

/// 支部工作条例 art. 4: so many formal members are due a branch of their own. No place sets this for itself.
pub const BRANCH_MEMBERS: i32 = 3;

/// 期间不能早于起始日, 不能在未来.
pub fn may_end(from: NaiveDate, ended: Option<NaiveDate>, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if ended.is_some() {
        Err((&ENDED).into())
    } else if on > today {
        Err(IN_THE_FUTURE.at("/on"))
    } else if on < from {
        Err(TOO_EARLY.at("/on"))
    } else {
        Ok(())
    }
}

/// 起始日: today at the latest.
pub fn may_begin(on: NaiveDate, today: NaiveDate, pointer: &str) -> Result<()> {
    if on > today { Err(IN_THE_FUTURE.at(pointer)) } else { Ok(()) }
}
