//! The rules of posts and appointments (domain B4, governance b2). Pure: facts and dates in, a verdict out.

pub mod directions;
pub mod facts;
#[cfg(test)]
mod guard_tests;
pub mod guards;
pub mod params;
pub mod seats;
pub mod states;

use std::collections::HashSet;

use crate::organisations::OrganisationId;

platform::problems! {
    POST_TAKEN = 409 "appointments.post_taken", "该席位已设岗", "The seat has a post already";
    POST_CLOSED = 409 "appointments.post_closed", "岗位已撤销", "The post is closed";
    POST_OCCUPIED = 409 "appointments.post_occupied", "岗位上仍有人在任或有未结的任职程序", "Somebody holds the post or is on the way to it";
    ORGANISATION_ENDED = 409 "appointments.organisation_ended", "该组织已撤销或退出", "The organisation has ended";
    SEAT_UNFIT = 422 "appointments.seat_unfit", "该类组织没有这种席位", "That kind of organisation has no such seat";
    SEAT_AREA = 422 "appointments.seat_area", "席位的区域与其种类不符,或不在该组织的区域内", "The seat's area does not fit its kind, or lies outside its organisation's";
    SEATS_EXCEEDED = 422 "appointments.seats_exceeded", "委员席位数超过本届席位(建房〔2009〕274号第31条)", "More seats than the committee's size (Jianfang [2009] 274 art. 31)";
    ROUTE_UNFIT = 422 "appointments.route_unfit", "该席位不能以此方式任职", "The seat cannot be filled that way";
    TERM_LIMIT = 422 "appointments.term_limit", "任期上限不能超过五年(建房〔2009〕274号第32条)", "No term is longer than five years (Jianfang [2009] 274 art. 32)";
    REGARDING = 422 "appointments.regarding", "监督、考评岗位须指明所涉企业,其他岗位不得指明", "A post that supervises or assesses names the company, and no other does";
    ROLE_BEYOND_OWN = 403 "appointments.role_beyond_own", "该岗位附带的角色超出您可授予的范围", "The role that comes with the post is beyond what you may hand on";
    NOT_YOUR_ORGANISATION = 403 "appointments.not_your_organisation", "不能代其他组织登记或同意任职", "Not for another organisation";
    NOT_YOURS = 403 "appointments.not_yours", "此环节不由您的角色办理", "This step is not your role's to take";
    WRONG_STATE = 409 "appointments.wrong_state", "当前状态不允许此操作", "Not in this state";
    NOT_THE_PROPOSER = 403 "appointments.not_the_proposer", "只有提名人可以撤回", "Only the proposer withdraws it";
    CROSS_ONLY = 409 "appointments.cross_only", "该操作只适用于交叉任职", "Only for cross-appointments";
    ORDINARY_ONLY = 409 "appointments.ordinary_only", "交叉任职须经审查、公示与批准", "A cross-appointment is checked, posted and approved";
    OBJECTION_UPHELD = 409 "appointments.objection_upheld", "公示期间有异议成立,不能批准", "An objection was upheld: it cannot be approved";
    REPOST_REASON = 422 "appointments.repost_reason", "重新公示须说明更正原因", "Posting again needs the reason of the correction";
    IN_THE_FUTURE = 422 "appointments.in_the_future", "日期不能晚于今天", "The date lies in the future";
    BEFORE_IT_BEGAN = 422 "appointments.before_it_began", "终止日期不能早于任期开始", "It cannot end before it began";
    NOT_RENEWABLE = 409 "appointments.not_renewable", "只能续任在任且六十日内届满的任职", "Only what runs out within sixty days is renewed";
    ELECTION_TWICE = 422 "appointments.election_twice", "同一岗位在一次选举中只能有一名当选人", "One seat has one elected person";
    ELECTION_POST = 422 "appointments.election_post", "当选岗位不属于该组织", "The post is not one of that organisation's";
    DECLARATION_TAKEN = 409 "appointments.declaration_taken", "该关系已申报", "It is declared already";
    DECLARATION_ENDED = 409 "appointments.declaration_ended", "该申报已解除", "The declaration has ended";

    // What the guards say.
    PERSON_CLOSED = 422 "appointments.person_closed", "人员档案已关闭", "The person's record is closed";
    ELECTED_ONLY = 422 "appointments.elected_only", "该席位须经选举产生,不能委派或聘用(物业管理条例第16条)", "The seat is filled by election only (Property Management Regulation art. 16)";
    ROUTE_NOT_ALLOWED = 422 "appointments.route_not_allowed", "该岗位不允许这种任职方式", "The post does not take this route";
    NO_ELECTION = 422 "appointments.no_election", "没有该人当选此席位的选举记录(物业管理条例第15、16条)", "No election record names this person for this seat (Property Management Regulation art. 15, 16)";
    NO_DIRECTION = 422 "appointments.no_direction", "不属于允许的交叉任职方向", "Not one of the allowed directions of cross-appointment";
    HOME_POST = 422 "appointments.home_post", "原任职务须为本人在其他组织的现任职务", "The base post must be one that this person holds in another organisation";
    NOT_AN_OWNER = 422 "appointments.not_an_owner", "业委会委员须为本小区业主(物业管理条例第16条)", "A member of the committee must be an owner there (Property Management Regulation art. 16)";
    NOT_A_RESIDENT = 422 "appointments.not_a_resident", "须居住在该岗位的楼栋、单元或小区", "Must live where the post is";
    COMPANY_CONFLICT = 422 "appointments.company_conflict", "本人或近亲属在服务该小区的物业企业或其供应商任职、持股的,不得任业委会委员(北京市物业管理条例第39条、杭州市第25条)", "Who works for, owns or is close kin in the company serving the compound, or its supplier, does not sit on its committee (Beijing art. 39(4), Hangzhou art. 25(4))";
    SEAT_TAKEN = 422 "appointments.seat_taken", "该席位在任期内已有人任职", "Somebody holds the seat in that term";
    PARTY_MEMBER = 422 "appointments.party_member", "党内职务须由党员担任(中国共产党支部工作条例)", "A Party post is held by a Party member (Regulations on Party Branches)";
    TERM_ORDER = 422 "appointments.term_order", "任期截止日须晚于开始日", "The term must end after it begins";
    TERM_MISSING = 422 "appointments.term_missing", "除聘用外须有任期截止日", "Every term but an employment has a last day";
    TERM_TOO_LONG = 422 "appointments.term_too_long", "任期不得超过该岗位的上限,业委会最长五年(建房〔2009〕274号第32条)", "Longer than the post allows; five years at most for a committee (Jianfang [2009] 274 art. 32)";
    DUPLICATE = 422 "appointments.duplicate", "该人在此岗位已有未结或重叠的任职", "The person has an open or overlapping appointment to this post";
    BOTH_DUTIES = 422 "appointments.both_duties", "同一人不得既监督又考评同一物业企业", "Nobody both supervises and assesses the same company";
    OWN_APPOINTMENT = 422 "appointments.own_appointment", "不得办理本人的任职(回避)", "Nobody decides on their own appointment";
    OWN_PROPOSAL = 422 "appointments.own_proposal", "提名人不得批准自己的提名", "The proposer does not approve their own proposal";
    NOT_A_BRANCH_OFFICER = 422 "appointments.not_a_branch_officer", "红色物业服务站站长宜由支部委员会成员兼任", "The head of a red service station should be a branch officer";
}

/// 有来有往: pairs of organisations with somebody of each in the other.
pub fn two_way_pairs(edges: &[(OrganisationId, OrganisationId)]) -> i64 {
    let directed: HashSet<_> = edges.iter().copied().collect();
    let both = directed.iter().filter(|(from, to)| from < to && directed.contains(&(*to, *from)));
    i64::try_from(both.count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{OrganisationId, two_way_pairs};

    #[test]
    fn a_pair_is_two_way_where_each_has_somebody_in_the_other() {
        let org = |n| OrganisationId(uuid::Uuid::from_u128(n));
        let edges = [(org(1), org(2)), (org(2), org(1)), (org(1), org(2)), (org(1), org(3))];
        assert_eq!(two_way_pairs(&edges), 1);
        assert_eq!(two_way_pairs(&edges[2..]), 0);
    }
}
