//! What this module refuses.

crate::problems! {
    TAKEN = 409 "calendar.taken", "该区域已有工作周,请修改原有的", "The area has a week of its own already; change that one";
    DAY_TAKEN = 409 "calendar.day_taken", "该区域当日已有安排,请修改原有的", "The area has set that day already; change that entry";
    NOT_A_DIVISION = 422 "calendar.not_a_division", "工作日历只能为社区及以上区域设置", "A calendar is set for a community or an area above it";
    FILE = 422 "calendar.file", "节假日文件有误", "The file of holidays is wrong";
    NEVER = 422 "calendar.never", "五年内没有足够的工作时间", "There is not so much working time within five years";
    ONE_BUDGET = 422 "calendar.one_budget", "分钟数与工作日数须且只能给出一个", "Give either minutes or working days";
    WALL_DAYS = 422 "calendar.wall_days", "自然时间不能按工作日计", "Working days are not counted by the wall clock";
}
