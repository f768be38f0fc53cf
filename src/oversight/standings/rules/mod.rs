//! What may be listed, ranked and counted. Pure: the store brings the facts.

pub mod badge;
pub mod board;
pub mod credit;
pub mod listing;
pub mod params;
pub mod ranking;
pub mod states;

platform::problems! {
    NOT_A_SUBJECT = 422 "standings.not_a_subject", "只有物业服务企业和红色物业服务站可以列入或计分", "Only property companies and service stations are listed or scored";
    AREA_LEVEL = 422 "standings.area_level", "范围须为区县或街道", "The area is a district or a street";
    GROUND_UNKNOWN = 422 "standings.ground_unknown", "该名单没有这一列入情形", "The list has no such ground";
    MEASURE_UNKNOWN = 422 "standings.measure_unknown", "该名单公布的措施中没有这一项", "It is not among the measures that are published for the list";
    ALREADY_LISTED = 409 "standings.already_listed", "该组织在此名单上已有办理中或有效的条目", "The organisation has an entry on this list that is under way or in force";
    WRONG_STATE = 409 "standings.wrong_state", "当前状态下不能执行此步骤", "This step cannot be taken in the present state";
    SAME_PERSON = 403 "standings.same_person", "提出人不能决定自己提出的条目", "Who proposed an entry does not decide on it";
    NOT_PROPOSER = 403 "standings.not_proposer", "只有提出人可以撤回", "Only who proposed it takes it back";
    NOT_HEARD = 422 "standings.not_heard", "列入关注或黑名单前须书面告知并听取陈述申辩", "Before it is put on the watch or black list the organisation is told in writing and heard";
    HEARING_RUNS = 409 "standings.hearing_runs", "陈述申辩期未满,最后一日届满后方可决定", "The time to be heard is not over; it is decided once its last day has passed";
    HEARING_SHORT = 422 "standings.hearing_short", "陈述申辩期短于规定的工作日数(告知当日不计入)", "The time to be heard is shorter than the rule's working days, the day of the notice not counted";
    HEARING_OVER = 409 "standings.hearing_over", "陈述申辩期已满", "The time to be heard is over";
    VALIDITY_LONG = 422 "standings.validity_long", "有效期超过规定的最长期限", "It is valid for longer than the rule allows";
    VALIDITY_SHORT = 422 "standings.validity_short", "有效期须晚于异议期末日", "It is valid beyond the last day of objections";
    OBJECTION_LATE = 409 "standings.objection_late", "异议期已满", "The time for objections is over";
    EXTENDED = 409 "standings.extended", "该异议已延长过一次", "The objection's time has been extended once already";
    EXTENSION_LATE = 409 "standings.extension_late", "办理期限已满,不能延长", "The time is over and is not extended any more";
    REPAIR_EARLY = 422 "standings.repair_early", "公布后未满规定的月数,不能修复", "It is not repaired before the rule's months since the publication have passed";
    REPAIR_REQUESTED = 409 "standings.repair_requested", "已有修复申请在办理", "A request for repair waits for its answer";
    NO_REPAIR_REQUEST = 409 "standings.no_repair_request", "没有待办理的修复申请", "No request for repair waits";
    REPAIR_RED = 422 "standings.repair_red", "红名单条目没有修复", "There is nothing to repair on the red list";
    CORRECTED_WHEN = 422 "standings.corrected_when", "整改完成日须在公布之后、今日之前(含今日)", "It was corrected after the publication, and not later than today";
    PHOTO_STATE = 409 "standings.photo_state", "当前状态下不再补充照片", "No photo is added in the present state";
    TOO_MANY_PHOTOS = 422 "standings.too_many_photos", "照片已达上限", "There are as many photos as it takes";
    NOT_A_PICTURE = 422 "standings.not_a_picture", "证据照片须为图片", "A photo is a picture";
    TOO_MANY_STATEMENTS = 422 "standings.too_many_statements", "陈述与听证记录已达上限", "There are as many statements as an entry takes";
    HELD_WHEN = 422 "standings.held_when", "听证须在告知之后、今日之前(含今日)举行", "The hearing was held after the notice, and not later than today";
    POINTS_MANY = 422 "standings.points_many", "分值超过规则的单次上限", "More points than the rule allows for one event";
    EVENT_FUTURE = 422 "standings.event_future", "发生日不能晚于今天", "It has not happened yet";
    EVENT_LONG = 422 "standings.event_long", "有效期超过规定的最长期限", "It counts for longer than the rule allows";
    EVENT_ENDS = 422 "standings.event_ends", "有效期末日不能早于发生日", "It counts to no day before it happened";
    EVENT_REVOKED = 409 "standings.event_revoked", "该信用事件已撤销", "The credit event has been revoked";
    NO_RESULTS = 422 "standings.no_results", "该季度没有已确认的评定结果", "The quarter has no confirmed results";
    RANKED = 409 "standings.ranked", "该区域该季度已有排名快照", "The quarter has a ranking in this area already";
    QUARTER_RUNS = 422 "standings.quarter_runs", "该季度尚未结束", "The quarter is not over";
    SUPERSEDED = 409 "standings.superseded", "该快照已被更正", "The snapshot has been superseded";
    POSTED = 409 "standings.board_exists", "该排名已有红黑榜", "The ranking has a board already";
}
