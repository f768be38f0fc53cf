//! The rules of the register (domain B1, C4). Pure: rows and dates in, a verdict out.

use chrono::NaiveDate;
use platform::auth::{AreaCode, Role};
use platform::{Error, Result};

use super::dto::{
    AssignmentKind, DivisionLevel, EvidenceKind, GridKind, GridSizeWarning, ManagementMode, ModeChangeStatus,
};
use super::params::GridSize;

platform::problems! {
    CODE_TAKEN = 409 "territory.code_taken", "代码已存在,且代码不得重复使用", "The code exists already; codes are never used twice";
    CODE_SHAPE = 422 "territory.code_shape", "代码位数与层级不符", "The code does not have its level's number of digits";
    PARENT_PREFIX = 422 "territory.parent_prefix", "下级代码必须以上级代码开头", "A code must begin with its parent's code";
    PARENT_MISSING = 422 "territory.parent_missing", "上级区划不存在或已撤销", "The parent does not exist or is closed";
    NOT_A_COMMUNITY = 422 "territory.not_a_community", "须为有效的社区代码", "Must be the code of an open community";
    ALREADY_CLOSED = 409 "territory.already_closed", "已撤销,不能再修改", "It is closed and can no longer be changed";
    STILL_IN_USE = 409 "territory.still_in_use", "其下仍有未撤销的区划、网格或小区", "Open divisions, grids or compounds still lie in it";
    CLOSED_TOO_EARLY = 422 "territory.closed_too_early", "结束日期不能早于开始日期", "It cannot end before it began";
    IN_THE_FUTURE = 422 "territory.in_the_future", "日期不能晚于今天", "The date lies in the future";
    SAME_PLACE = 409 "territory.same_place", "已在该处", "It lies there already";
    GRID_PARENT = 422 "territory.grid_parent", "上级网格须属同一社区且级别更高", "The parent grid must be of the same community and a higher tier";
    GRID_OF_OTHER_COMMUNITY = 422 "territory.grid_of_other_community", "网格不属于该小区所在社区", "The grid is not one of the compound's community";
    POLYGON_INVALID = 422 "territory.polygon_invalid", "不是有效的闭合多边形", "Not a valid closed polygon";
    POLYGON_OVERLAP = 422 "territory.polygon_overlap", "与同级网格或其他社区的网格重叠", "It overlaps a grid of its tier, or one of another community";
    EVIDENCE_MISSING = 422 "territory.evidence_missing", "须提供管理模式的依据", "The management mode needs evidence";
    EVIDENCE_UNFIT = 422 "territory.evidence_unfit", "依据种类与管理模式不符", "That kind of evidence cannot establish this mode";
    MODE_UNCHANGED = 409 "territory.mode_unchanged", "已是该管理模式", "The compound is managed that way already";
    MODE_BEFORE_CURRENT = 422 "territory.mode_before_current", "生效日须晚于现行模式的起始日", "It must take effect after the current mode did";
    CHANGE_OPEN = 409 "territory.change_open", "该小区已有待确认的模式变更", "A mode change of this compound is waiting already";
    CHANGE_DECIDED = 409 "territory.change_decided", "该申请已有结论", "The proposal has been decided";
    OWN_PROPOSAL = 403 "territory.own_proposal", "提出人不能确认自己的申请", "The proposer may not decide their own proposal";
    NOT_THE_PROPOSER = 403 "territory.not_the_proposer", "只有提出人可以撤回", "Only the proposer may withdraw it";
    LEADER_BY_DISTRICT = 403 "territory.leader_by_district", "领导与部门包抓由区级安排", "Leaders and departments are assigned by the district";
    ASSIGNMENT_TAKEN = 409 "territory.assignment_taken", "该责任人已包联此处", "They answer for this place already";
    ACCOUNT_UNKNOWN = 422 "territory.account_unknown", "没有此账号", "No such account";
    ONE_TARGET = 422 "territory.one_target", "须且只能指定一个网格或小区", "Name exactly one grid or compound";
    NUMBER_TAKEN = 409 "territory.number_taken", "编号已被使用", "The number is taken";
    CELL_COUNT = 422 "territory.cell_count", "该行的单元格数与表头不符", "The line has more or fewer cells than the header";
    BAD_CELL = 422 "territory.bad_cell", "单元格内容无法识别", "The cell cannot be read";
    NUL_CHARACTER = 422 "territory.nul_character", "不能包含空字符", "It must not contain the character U+0000";
    NAME_LENGTH = 422 "territory.name_length", "名称须为 1–80 个字符", "The name must have 1–80 characters";
    TWICE = 422 "territory.row_twice", "同一代码在文件中出现两次且内容不同", "The code stands in the file twice, with different content";
    GONE = 422 "territory.code_gone", "该代码已撤销,不再启用", "The code was closed and is not used again";
    FIXED_IN_GRID = 422 "territory.grid_fixed", "网格的级别、上级与起始日不能通过导入修改", "A grid's tier, parent and first day are not changed by an import";
    GRID_CLOSED = 422 "territory.grid_closed", "该网格已撤销", "The grid was closed";
    FIXED_IN_COMPOUND = 422 "territory.compound_fixed", "所属社区与登记日不能通过导入修改,划转请用划转操作", "The community and the first day are not changed by an import; use move";
    MODE_BY_WORKFLOW = 422 "territory.mode_by_workflow", "管理模式须经申请与确认变更", "The management mode is changed by proposal and confirmation";
    COMPOUND_CLOSED = 422 "territory.compound_closed", "该小区已撤销", "The compound was closed";
    /// 专业物业须有有效的物业服务合同 (民法典 937–938, domain B1).
    CONTRACT_REQUIRED = 422 "territory.contract_required", "专业物业须先有有效的物业服务合同(民法典第937条)", "Professional management needs a property-service contract in force first (Civil Code 937)";
    PERIOD = 422 "territory.period", "结束日期早于开始日期", "The period ends before it begins";
}

/// 分界年: a compound built before 2000 is "old" (老旧小区, the cutoff of the national renovation programme).
pub const OLD_BEFORE: i32 = 2000;

impl DivisionLevel {
    pub fn digits(self) -> usize {
        match self {
            DivisionLevel::Province => 2,
            DivisionLevel::City => 4,
            DivisionLevel::District => 6,
            DivisionLevel::Street => 9,
            DivisionLevel::Community => 12,
        }
    }

    /// The level of a code by its length; `None` where no division has such codes.
    pub fn of_code(code: &str) -> Option<Self> {
        let digits = code.bytes().all(|b| b.is_ascii_digit());
        Self::ALL.iter().copied().find(|level| digits && level.digits() == code.len())
    }

    fn above(self) -> Option<Self> {
        match self {
            DivisionLevel::Province => None,
            DivisionLevel::City => Some(DivisionLevel::Province),
            DivisionLevel::District => Some(DivisionLevel::City),
            DivisionLevel::Street => Some(DivisionLevel::District),
            DivisionLevel::Community => Some(DivisionLevel::Street),
        }
    }
}

/// The parent of a well-formed code: its prefix of the next level up.
pub fn parent_of(code: &str) -> Option<&str> {
    code.get(..DivisionLevel::of_code(code)?.above()?.digits())
}

/// All the ancestors of a code, nearest last.
pub fn ancestors_of(code: &str) -> Vec<String> {
    let levels = DivisionLevel::ALL.iter().map(|level| level.digits());
    levels.filter(|digits| *digits < code.len()).filter_map(|digits| code.get(..digits)).map(str::to_owned).collect()
}

/// 撤销日: not before the row began, not in the future.
pub fn may_close(from: NaiveDate, closed: Option<NaiveDate>, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if closed.is_some() {
        Err((&ALREADY_CLOSED).into())
    } else if on > today {
        Err(IN_THE_FUTURE.at("/on"))
    } else if on < from {
        Err(CLOSED_TOO_EARLY.at("/on"))
    } else {
        Ok(())
    }
}

/// A community's new code after a move: well-formed, and of another street.
pub fn may_recode(old: &str, new: &str) -> Result<()> {
    match DivisionLevel::of_code(new) {
        Some(DivisionLevel::Community) if parent_of(old) == parent_of(new) => Err((&SAME_PLACE).into()),
        Some(DivisionLevel::Community) => Ok(()),
        _ => Err(CODE_SHAPE.at("/new_code")),
    }
}

/// 依据: which evidence can establish a mode. A contract for who is hired, a resolution of the owners or residents for
/// who they choose, a decision of the station where a red station takes over (local rule of the seed district).
pub fn evidence_fits(mode: ManagementMode, evidence: EvidenceKind) -> bool {
    use EvidenceKind::*;
    match mode {
        ManagementMode::Professional => evidence == Contract,
        ManagementMode::SocialOrgAgency => matches!(evidence, Contract | Resolution),
        ManagementMode::CommunityCustody => matches!(evidence, Resolution | StationDecision),
        ManagementMode::RedStation => evidence == StationDecision,
        ManagementMode::SelfManaged => evidence == Resolution,
        ManagementMode::None => true,
    }
}

/// How a compound is first registered, by hand or by a file: any mode but none needs its evidence. Nobody has a contract
/// for it yet, so no company manages it yet: it is registered as it is without one, the contract is filed, and the mode
/// changed (domain B1).
pub fn may_register_mode(mode: ManagementMode, evidence: Option<EvidenceKind>) -> Result<()> {
    match evidence {
        None if mode == ManagementMode::None => Ok(()),
        None => Err(EVIDENCE_MISSING.at("/evidence")),
        Some(kind) if !evidence_fits(mode, kind) => Err(EVIDENCE_UNFIT.at("/evidence/kind")),
        Some(_) if mode == ManagementMode::Professional => Err(CONTRACT_REQUIRED.at("/management_mode")),
        Some(_) => Ok(()),
    }
}

/// 专业物业: put in force only where a contract is (domain B1).
pub fn may_put_in_force(mode: ManagementMode, has_contract: bool) -> Result<()> {
    if mode == ManagementMode::Professional && !has_contract { Err((&CONTRACT_REQUIRED).into()) } else { Ok(()) }
}

/// A change of mode: another mode, fit evidence, and a day after the current mode began and not in the future.
pub fn may_change_mode(
    current: (ManagementMode, NaiveDate),
    to: ManagementMode,
    evidence: EvidenceKind,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<()> {
    let (mode, since) = current;
    if to == mode {
        Err((&MODE_UNCHANGED).into())
    } else if !evidence_fits(to, evidence) {
        Err(EVIDENCE_UNFIT.at("/evidence/kind"))
    } else if on > today {
        Err(IN_THE_FUTURE.at("/effective_on"))
    } else if on <= since {
        Err(MODE_BEFORE_CURRENT.at("/effective_on"))
    } else {
        Ok(())
    }
}

/// The edges of a mode change (from, to); only the proposer withdraws, only somebody else decides (domain B20).
pub fn may_decide(
    from: ModeChangeStatus,
    to: ModeChangeStatus,
    proposed_by: uuid::Uuid,
    decided_by: uuid::Uuid,
) -> Result<()> {
    use ModeChangeStatus::*;
    match (from, to) {
        (Proposed, Confirmed | Rejected) if proposed_by == decided_by => Err((&OWN_PROPOSAL).into()),
        (Proposed, Withdrawn) if proposed_by != decided_by => Err((&NOT_THE_PROPOSER).into()),
        (Proposed, Confirmed | Rejected | Withdrawn) => Ok(()),
        _ => Err((&CHANGE_DECIDED).into()),
    }
}

/// 上级网格: same community, a higher tier (a smaller number), open.
pub fn may_nest(parent: (&str, i32, bool), child: (&str, i32)) -> Result<()> {
    let (community, level, open) = parent;
    if community == child.0 && level < child.1 && open { Ok(()) } else { Err(GRID_PARENT.at("/parent_code")) }
}

/// 网格规模: a hint and never a refusal. It is about the grids that patrol, of tiers 1–3 and with households to count: those
/// of tiers 4 and 5 act for a building or a yard, and an exclusive one has no households.
pub fn size_warning(
    size: &GridSize,
    (kind, level): (GridKind, i32),
    households: Option<i32>,
) -> Option<GridSizeWarning> {
    let households = households.filter(|_| kind == GridKind::Basic && level <= 3)?;
    if households < size.min_households {
        Some(GridSizeWarning::TooSmall)
    } else if households > size.max_households {
        Some(GridSizeWarning::TooLarge)
    } else {
        None
    }
}

/// 包抓 by leaders and departments is the district's to assign (domain B1); the rest is the street's and the community's.
pub fn may_assign(roles: &[Role], kind: AssignmentKind) -> Result<()> {
    let by_district = matches!(kind, AssignmentKind::Leader | AssignmentKind::Department);
    if by_district && !roles.contains(&Role::DistrictCoord) { Err((&LEADER_BY_DISTRICT).into()) } else { Ok(()) }
}

/// The code that follows the last one given in a parent area; codes of closed and moved rows count, none comes twice.
pub fn next_code(parent: &str, last: Option<&str>, width: usize) -> Result<String> {
    let serial = last.and_then(|code| code.get(parent.len() + 1..)).map_or(Ok(0), str::parse::<u32>);
    let next = serial.map_err(Error::internal)? + 1;
    let code = format!("{parent}-{next:0width$}");
    // A parent that is full would get a code of another shape.
    code.parse::<AreaCode>().map(|_| code).map_err(|_| (&CODE_TAKEN).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn parents_are_prefixes() {
        assert_eq!(parent_of("620902005003"), Some("620902005"));
        assert_eq!(parent_of("620902"), Some("6209"));
        assert_eq!(parent_of("62"), None);
        assert_eq!(parent_of("620902005003001"), None, "a grid is no division");
        assert_eq!(ancestors_of("620902005003"), ["62", "6209", "620902", "620902005"]);
    }

    #[test]
    fn professional_management_stands_on_a_contract_only() {
        let fits = |kind| evidence_fits(ManagementMode::Professional, kind);
        assert!(
            fits(EvidenceKind::Contract) && !fits(EvidenceKind::Resolution) && !fits(EvidenceKind::StationDecision)
        );
        assert!(may_register_mode(ManagementMode::SelfManaged, None).is_err());
        assert!(may_register_mode(ManagementMode::None, None).is_ok());
        let professional = |evidence| may_register_mode(ManagementMode::Professional, evidence).err();
        for (evidence, code) in [
            (None, EVIDENCE_MISSING.code),
            (Some(EvidenceKind::Resolution), EVIDENCE_UNFIT.code),
            (Some(EvidenceKind::Contract), CONTRACT_REQUIRED.code),
        ] {
            assert_eq!(professional(evidence).map(|error| error.problem().code), Some(code));
        }
    }

    #[test]
    fn a_mode_takes_effect_after_the_one_before() {
        let change = |on: &str| {
            let current = (ManagementMode::None, day("2020-03-06"));
            may_change_mode(current, ManagementMode::SelfManaged, EvidenceKind::Resolution, day(on), day("2024-01-15"))
        };
        assert!(change("2023-06-30").is_ok());
        assert!(change("2020-03-06").is_err());
        assert!(change("2024-01-16").is_err());
    }

    #[test]
    fn nobody_decides_their_own_proposal_and_nothing_is_decided_twice() {
        use ModeChangeStatus::*;
        let (a, b) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        for from in ModeChangeStatus::ALL {
            for to in ModeChangeStatus::ALL {
                let by_self = may_decide(*from, *to, a, a).is_ok();
                let by_other = may_decide(*from, *to, a, b).is_ok();
                assert_eq!(by_self, (*from, *to) == (Proposed, Withdrawn), "{from} -> {to}");
                assert_eq!(by_other, *from == Proposed && matches!(to, Confirmed | Rejected), "{from} -> {to}");
            }
        }
    }

    #[test]
    fn a_grid_outside_its_places_size_is_told_so() {
        use GridSizeWarning::{TooLarge, TooSmall};
        let warns = |size: &GridSize, households| size_warning(size, (GridKind::Basic, 3), households);
        let (national, local) = (GridSize::default(), GridSize { min_households: 100, max_households: 500 });
        for (households, by_default, by_local) in [
            (Some(0), Some(TooSmall), Some(TooSmall)),
            (Some(100), Some(TooSmall), None),
            (Some(299), Some(TooSmall), None),
            (Some(300), None, None),
            (Some(500), None, None),
            (Some(501), Some(TooLarge), Some(TooLarge)),
            (None, None, None),
        ] {
            assert_eq!((warns(&national, households), warns(&local, households)), (by_default, by_local));
        }
        assert_eq!(size_warning(&national, (GridKind::Exclusive, 3), Some(7)), None);
        assert_eq!(size_warning(&national, (GridKind::Basic, 4), Some(7)), None);
    }

    #[test]
    fn codes_go_on_where_they_stopped() {
        let next = |last| next_code("620902005003", last, 4).expect("a code");
        assert_eq!(next(None), "620902005003-0001");
        assert_eq!(next(Some("620902005003-0021")), "620902005003-0022");
        assert!(next_code("620902005003", Some("620902005003-9999"), 4).is_err());
    }
}
