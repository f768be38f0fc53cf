//! What may be told to whom, and what may be said in a group. Pure: the store brings the facts.

pub mod alliance;
pub mod notices;
pub mod photos;

platform::problems! {
    LEVEL = 422 "notices.level", "范围须为区县、街道、社区或小区", "The place is a district, a street, a community or a compound";
    LEGAL_NOT_YOURS = 403 "notices.legal_not_yours", "法定公告由社区及以上发布", "Legal notices are published by the community or above";
    NOT_YOURS = 403 "notices.not_yours", "业委会只处理自己发布的通知", "An owners' committee takes back only what it published";
    OWN_COMPOUND = 403 "notices.own_compound", "业委会只在本小区发布通知", "An owners' committee publishes in its own compound only";
    LEGAL_FOR_EVERYBODY = 422 "notices.legal_for_everybody", "法定公告面向范围内全体,不能限定角色", "A legal notice is for everybody in its area";
    POSTING_MISSING = 422 "notices.posting_missing", "法定公告须有公示安排", "A legal notice says where it is posted";
    POSTING_EXTRA = 422 "notices.posting_extra", "只有法定公告才有公示安排", "Only a legal notice is posted";
    EXPIRES_PAST = 422 "notices.expires_past", "失效时间须在将来", "It expires in the future";
    EXPIRES_IN_PERIOD = 422 "notices.expires_in_period", "法定公告不能在公示期内失效", "A legal notice does not expire within its period";
    IN_PERIOD = 409 "notices.in_period", "公示期未满,不能撤回", "Its period has not passed; it cannot be withdrawn";
    NOT_PUBLISHED = 409 "notices.not_published", "该通知已撤回或已被更正", "The notice was withdrawn or superseded";
    ONLY_LEGAL = 409 "notices.only_legal", "普通通知没有公示,撤回后重新发布即可", "A general notice is not posted; withdraw it and publish another";
    POSTING_ENDED = 409 "notices.posting_ended", "公示已结束", "The posting has ended";
    OBJECTION_UPHELD = 409 "notices.objection_upheld", "有异议成立,请更正后重新公示", "An objection was upheld; correct the notice";
    TOO_MANY_PHOTOS = 422 "notices.too_many_photos", "照片已达上限", "There are as many photos as it takes";
    NOT_A_PICTURE = 422 "notices.not_a_picture", "张贴情况须为照片", "That it was posted is shown by a picture";
    GROUP_LEVEL = 422 "notices.group_level", "联盟群设在社区或小区", "A group is of a community or of a compound";
    GROUP_CLOSED = 409 "notices.group_closed", "该群已关闭", "The group is closed";
    COMMUNITY_ONLY = 403 "notices.community_only", "群通知与警示由社区一方发布", "Notices and warnings in a group are the community's";
    PARENT_MISSING = 422 "notices.parent_missing", "回复须指明所回复的发言", "A reply says what it replies to";
    PARENT_EXTRA = 422 "notices.parent_extra", "只有回复才指明所回复的发言", "Only a reply replies to something";
    PARENT_UNKNOWN = 422 "notices.parent_unknown", "群内没有此发言", "There is no such post in the group";
    PINNED_EXTRA = 422 "notices.pinned_extra", "只有群通知可以置顶或设失效时间", "Only a notice is pinned or expires";
    NOT_A_PROBLEM = 409 "notices.not_a_problem", "只有报事可以转为事件", "Only a problem becomes a case";
    ALREADY_CASE = 409 "notices.already_case", "该报事已转为事件", "It has become a case already";
    CASE_UNKNOWN = 422 "notices.case_unknown", "群所在范围内没有此公开未结事件", "There is no such open public case in the group's place";
    POST_HIDDEN = 409 "notices.post_hidden", "该发言已隐藏", "The post is hidden";
    POST_SHOWN = 409 "notices.post_shown", "该发言未隐藏", "The post is not hidden";
    OUTSIDE_GROUP = 422 "notices.outside_group", "地点不在该群范围内", "The place lies outside of the group's";
}
