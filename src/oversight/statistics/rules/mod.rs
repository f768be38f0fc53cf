//! What may be asked and how it is put together. Pure: the store brings the counts.

pub mod asked;
pub mod catalogue;
mod entries;
pub mod published;
pub mod series;
pub mod tables;

platform::problems! {
    REPORTED_PARTS = 422 "statistics.reported_parts", "请填写分子与分母,或公布的数值,不能都填", "Give both parts, or the value that was published, and not both";
    REPORTED_PERIOD = 422 "statistics.reported_period", "时段须已开始,且末日不早于首日", "The period has begun, and does not end before it begins";
    REPORTED_PART = 422 "statistics.reported_part", "只有分布类指标有分项", "Only a figure that is a distribution has parts";
    REPORTED_AREA = 422 "statistics.reported_area", "公布值属于区划或小区", "A published figure is of a division or a compound";
}
