// What the API's stable codes are called. A code that is not here is shown as what it belongs to, or as it is.

import { language } from './words.js';

const STATUS = {
    submitted: ['待受理', 'Submitted'],
    accepted: ['已受理', 'Accepted'],
    dispatched: ['已派单', 'Dispatched'],
    returned: ['已退单', 'Returned'],
    signed: ['已签收', 'Signed for'],
    in_progress: ['处理中', 'In progress'],
    suspended: ['已挂起', 'On hold'],
    done: ['待核实', 'To be verified'],
    return_visit: ['待回访', 'Return visit'],
    closed: ['已归档', 'Closed'],
    rejected: ['不予受理', 'Not accepted'],
    cancelled: ['已撤回', 'Withdrawn'],
    merged: ['已并案', 'Merged'],
    // Of meetings and notices, on public screens.
    planned: ['筹备', 'Planned'],
    notified: ['已通知', 'Called'],
    in_session: ['进行中', 'In session'],
    postponed: ['已延期', 'Postponed'],
    published: ['已发布', 'Published'],
};

/** A meeting's `closed` is not a case's. */
const STATUS_OF = {
    'minutes.published': ['纪要已公布', 'Minutes published'],
    'resolution.effective': ['决议生效', 'Resolution in force'],
    'meeting.notified': ['会议通知', 'Meeting called'],
};

const CASE = {
    enquiry: ['咨询', 'Enquiry'],
    help: ['求助', 'Help'],
    repair: ['报修', 'Repair'],
    complaint: ['投诉', 'Complaint'],
    suggestion: ['建议', 'Suggestion'],
    praise: ['表扬', 'Praise'],
    report: ['上报问题', 'Report'],
    service: ['预约服务', 'Service'],
};

const CLOCK = {
    accept: ['受理时限', 'to accept'],
    sign: ['签收时限', 'to sign for'],
    contact: ['首次联系', 'to call'],
    resolve: ['办结时限', 'to resolve'],
    visit: ['回访时限', 'to visit'],
};

/** The dictionary that places have where they set none of their own (`cases.categories`). */
const CATEGORY = {
    pipe_leak: ['管道漏水', 'Leaking pipe'],
    burst_pipe: ['爆管跑水', 'Burst pipe'],
    power_cut: ['停电', 'Power cut'],
    lift_trapped: ['电梯困人', 'Trapped in a lift'],
    lift_fault: ['电梯故障', 'Lift out of order'],
    road_damage: ['路面坑洼', 'Broken road'],
    fitness_kit: ['健身器材损坏', 'Broken fitness kit'],
    lighting: ['楼道照明', 'Stairwell lighting'],
    heating: ['供暖不热', 'Heating fault'],
    fee_enquiry: ['物业费咨询', 'Question about fees'],
    policy_enquiry: ['政策咨询', 'Question about rules'],
    elderly_help: ['助老服务', 'Help for elders'],
    hardship: ['困难求助', 'Help in hardship'],
    service_quality: ['服务质量投诉', 'Poor service'],
    fee_complaint: ['收费投诉', 'Complaint about charges'],
    staff_conduct: ['人员态度投诉', 'Conduct of staff'],
    noise_complaint: ['噪音扰民', 'Noise'],
    corridor_clutter: ['楼道杂物', 'Cluttered corridor'],
    fly_wire_charging: ['飞线充电', 'Charging by a hung wire'],
    fire_lane: ['占用消防通道', 'Blocked fire lane'],
    illegal_addition: ['私搭乱建', 'Illegal addition'],
    waste: ['垃圾堆放', 'Dumped waste'],
    improvement: ['改进建议', 'Suggestion'],
    thanks: ['表扬', 'Praise'],
    housekeeping: ['家政预约', 'Housekeeping'],
    payment: ['网上缴费', 'Online payment'],
    booking: ['预约办理', 'Appointment at a window'],
    other: ['其他', 'Other'],
};

/** Who closed a case. */
const LEVEL = {
    branch: ['党支部', 'Party branch'],
    community: ['社区', 'Community'],
    street: ['街道', 'Street'],
    district: ['区级', 'District'],
};

const pick = (pair) => pair && pair[language() === 'zh' ? 0 : 1];

export const statusName = (code) => pick(STATUS[code]) ?? code;
export const feedStatusName = (kind, code) => pick(STATUS_OF[kind]) ?? statusName(code);
export const clockName = (code) => pick(CLOCK[code]) ?? code;
export const levelName = (code) => pick(LEVEL[code]) ?? code;
/** A category of a place's own dictionary is called after its kind. */
export const categoryName = (code, kind) => pick(CATEGORY[code]) ?? pick(CASE[kind]) ?? code;
