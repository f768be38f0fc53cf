//! What may happen to a case, by whom and by when. Pure: the store brings the facts.

pub mod counting;
pub mod figures;
pub mod files;
pub mod ladder;
pub mod likeness;
pub mod machine;
pub mod params;
pub mod parties;
pub mod places;
pub mod visits;

pub use machine::{Step, edge_of, next_steps};

platform::problems! {
    WRONG_STATE = 409 "cases.wrong_state", "当前状态下不能执行此步骤", "This step cannot be taken in the present state";
    NOT_YOUR_TIER = 403 "cases.not_your_tier", "该事件由更高层级办理", "The case is with a higher tier";
    NOT_HANDLER = 403 "cases.not_handler", "您不是该事件的承办方", "You are not the handler of this case";
    NOT_REPORTER = 403 "cases.not_reporter", "只有报事人本人可以这样做", "Only who reported the case may do this";
    NOT_ABOVE = 403 "cases.not_above", "须由上一层级批准", "The next tier decides this";
    HANDLER_VISITS = 403 "cases.handler_visits", "承办方不得核实或回访自己办理的事件", "Who handled a case neither verifies nor visits it";
    OWN_REQUEST = 403 "cases.own_request", "申请人不能批准自己的申请", "Nobody approves their own request";
    UNKNOWN_CATEGORY = 422 "cases.unknown_category", "该类型下没有此分类", "There is no such category of this kind";
    FIELD_MISSING = 422 "cases.field_missing", "该分类要求填写此项", "The category asks for this field";
    FIELD_UNKNOWN = 422 "cases.field_unknown", "该分类没有此项", "The category has no such field";
    FIELD_INVALID = 422 "cases.field_invalid", "此项的值不符合分类的要求", "The value is not what the category asks for";
    NO_PLACE = 422 "cases.no_place", "请给出区域代码或坐标", "Give an area code or a point";
    HALF_POINT = 422 "cases.half_point", "坐标须同时有经度和纬度", "A point has both a latitude and a longitude";
    PLACE_UNKNOWN = 422 "cases.place_unknown", "没有此地点,或该坐标不在任何网格内", "There is no such place, or no grid covers the point";
    PLACE_TOO_WIDE = 422 "cases.place_too_wide", "地点须在一个社区之内", "The place must lie in one community";
    NO_TARGET = 422 "cases.no_target", "没有匹配的派单规则,请指定承办方", "No rule names a handler; name one";
    TARGET_INVALID = 422 "cases.target_invalid", "该承办方不存在、已停止服务或不服务于此处", "The handler is unknown, no longer active or does not serve this place";
    ONE_TARGET = 422 "cases.one_target", "承办方须为一个组织或一个人", "The handler is one organisation or one person";
    RETURNED_TWICE = 422 "cases.returned_twice", "已退单两次,须由上一层级指定承办方", "Returned twice; the tier above names the handler";
    RETURNED_BEFORE = 422 "cases.returned_before", "该承办方已退单,不能再次派给它", "This handler has returned the case before";
    SIGN_WINDOW = 422 "cases.sign_window", "签收期限已过,不能退单", "The time for signing is over; it can no longer be returned";
    NO_EVIDENCE = 422 "cases.no_evidence", "办结须有处理后照片,或说明没有照片的原因", "Finishing needs a photo of after, or the reason why there is none";
    OUTCOME_NOT_YOURS = 422 "cases.outcome_not_yours", "重复事件请并案", "A duplicate is merged, not finished";
    MERGE_TARGET = 422 "cases.merge_target", "只能并入同一区县内另一未结事件", "Merge into another open case of the same district";
    MERGE_LATE = 422 "cases.merge_late", "并案超过30日,不能撤销", "A merge is undone within 30 days";
    REOPEN_LATE = 422 "cases.reopen_late", "归档超过15日,报事人不能再要求重开", "Reporters reopen within 15 days";
    TOP_TIER = 422 "cases.top_tier", "已在最高层级", "It is at the highest tier";
    BOTTOM_TIER = 422 "cases.bottom_tier", "已在该层级或更低层级", "It is at that tier or below";
    HAS_DUPLICATES = 422 "cases.has_duplicates", "有事件并入本事件,不能再并入其他事件", "Cases were merged into this one; it cannot be merged itself";
    ALREADY_JOINED = 409 "cases.already_joined", "您已加入或就是报事人", "You joined it, or reported it, already";
    HOLD_TOO_LONG = 422 "cases.hold_too_long", "挂起时间须在将来,且不超过规定的工作日", "A hold ends in the future and within the days that the rule allows";
    HOLDS_TOO_LONG = 422 "cases.holds_too_long", "本轮挂起合计超过规定的工作日", "The holds of this round are longer together than the rule allows";
    HOLD_OVER = 422 "cases.hold_over", "申请的挂起时间已过", "The time that was asked for is over";
    HOLD_OPEN = 409 "cases.hold_open", "已有一次挂起申请或正在挂起", "A hold is asked for or running already";
    NOT_REQUESTED = 409 "cases.not_requested", "该申请已有决定", "The request has been decided";
    EXTENSION_LATE = 422 "cases.extension_late", "延期须在到期前申请", "An extension is asked for before the case is due";
    EXTENSION_TOO_LONG = 422 "cases.extension_too_long", "延期超过规定的工作日", "Longer than the rule allows";
    EXTENDED_ALREADY = 409 "cases.extended_already", "已申请过延期,每件只能延期一次", "An extension is asked for or was given; there is one at most";
    NOT_JOINABLE = 409 "cases.not_joinable", "该事件已结束", "The case is over";
    VISIT_TOO_SOON = 422 "cases.visit_too_soon", "距上次无人接听时间太短,请稍后再试", "The last attempt without an answer was too short a time ago";
    REASON_MISSING = 422 "cases.reason_missing", "不满意须注明原因", "Dissatisfaction has a reason";
    REASON_EXTRA = 422 "cases.reason_extra", "只有不满意才填写原因", "Only dissatisfaction has a reason";
    FILES_CLOSED = 409 "cases.files_closed", "事件已结束,不能再上传文件", "The case is over and takes no more files";
    TOO_MANY_FILES = 422 "cases.too_many_files", "本轮文件已达上限", "There are as many files in this round as it takes";
    NOT_A_PICTURE = 422 "cases.not_a_picture", "处理前后须为照片", "Before and after are shown by a picture";
    NUMBER_TAKEN = 409 "cases.number_taken", "编号冲突,请重试", "The number is taken; try again";
}
