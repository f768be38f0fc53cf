//! 合批登记: what several callers report at the same moment, written down together ([`platform::db::Gather`]).

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::calendar::Calendars;
use platform::db::{Conn, Db, Gather, Together};
use platform::history::By;
use platform::http::{Answer, Call, Once, keep_new};
use platform::rule_sets::{RuleSetId, Versions};
use platform::secrets::Secrets;
use platform::{Error, Result};

use super::clocks::days_around;
use super::draft::Draft;
use super::intake::{is_near_a_role, may_write_down_at, write};
use super::places::{Place, Register};
use super::prescribed::Prescribed;
use crate::cases::dto::NewCase;
use crate::cases::rules::params::RULES;

/// The desk at which all reports of the process come in.
#[derive(Clone)]
pub struct Intake(Gather<Reports>);

/// By what right somebody reports.
#[derive(Debug, Clone, Copy)]
pub enum Right {
    /// For others, where they may see.
    WritesDown,
    /// For themselves, near where they hold a role.
    Reports,
}

/// One report.
pub struct Report {
    pub new: Arc<NewCase>,
    pub by: By,
    pub visible: Visible,
    pub right: Right,
    /// What its caller is told.
    pub tell: fn(&Draft) -> Result<Answer>,
}

struct Called {
    call: Call,
    report: Report,
}

struct Reports {
    secrets: Secrets,
}

impl Intake {
    pub fn new(db: Db, secrets: Secrets) -> Self {
        Self(Gather::new(db, Reports { secrets }))
    }

    /// The short way; `None` where the ordinary one is to be taken, which is always open. Only who sends a key can be sure
    /// to be written down once, so nobody else is let in.
    pub async fn take(&self, once: &Once, report: impl FnOnce() -> Report) -> Result<Option<Answer>> {
        if !self.0.helps() {
            return Ok(None);
        }
        match once.call()? {
            Some(call) => self.0.write(Called { call, report: report() }).await,
            None => Ok(None),
        }
    }
}

impl Together for Reports {
    type Item = Called;
    type Made = Answer;

    fn write(&self, c: &mut Conn, items: &[Called]) -> Result<Vec<Option<Answer>>> {
        let Some(first) = items.first() else { return Ok(Vec::new()) };
        let drafts = self.drafts(c, &first.report.by, items)?;
        let told = |(at, draft): (usize, Option<Draft>)| {
            let (item, draft) = (items.get(at)?, draft?);
            let answer = (item.report.tell)(&draft).ok()?;
            Some((at, &item.call, draft, answer))
        };
        let told: Vec<(usize, &Call, Draft, Answer)> = drafts.into_iter().enumerate().filter_map(told).collect();
        let calls: Vec<(&Call, &Answer)> = told.iter().map(|(_, call, _, answer)| (*call, answer)).collect();
        let new = keep_new(c, &calls, first.report.by.at)?;
        let new: Vec<_> = told.into_iter().zip(new).filter(|(_, new)| *new).map(|(told, _)| told).collect();
        write(c, &new.iter().map(|(_, _, draft, _)| draft).collect::<Vec<_>>())?;
        let mut made: Vec<Option<Answer>> = items.iter().map(|_| None).collect();
        for (at, _, _, answer) in new {
            if let Some(place) = made.get_mut(at) {
                *place = Some(answer);
            }
        }
        Ok(made)
    }
}

/// What the rules and calendars of several places say, worked out once for those who go by the same.
struct Prescriptions<'a> {
    versions: Versions,
    calendars: Calendars,
    known: HashMap<(Vec<RuleSetId>, Vec<&'a str>), Rc<Prescribed>>,
}

impl<'a> Prescriptions<'a> {
    fn of(c: &mut Conn, areas: &[&AreaCode], first: &By, items: &[Called]) -> Result<Self> {
        let (from, to) = items.iter().fold(days_around(first.at), |(from, to), item| {
            let own = days_around(item.report.new.reported_at.unwrap_or(item.report.by.at));
            (from.min(own.0), to.max(own.1))
        });
        Ok(Self {
            versions: Versions::in_force(c, RULES, areas.iter().copied(), first.today)?,
            calendars: Calendars::in_force(c, areas.iter().copied(), (from, to))?,
            known: HashMap::new(),
        })
    }

    fn at(&mut self, area: &'a AreaCode) -> Result<Rc<Prescribed>> {
        let binding = (self.versions.binding(area), self.calendars.binding(area));
        if let Some(known) = self.known.get(&binding) {
            return Ok(known.clone());
        }
        let new = Rc::new(Prescribed::of(&self.versions.at(area), self.calendars.at(area)?)?);
        self.known.insert(binding, new.clone());
        Ok(new)
    }
}

impl Reports {
    /// Each report worked out; `None` where it goes the ordinary way, which says what is wrong with it.
    fn drafts(&self, c: &mut Conn, first: &By, items: &[Called]) -> Result<Vec<Option<Draft>>> {
        let areas: Vec<&AreaCode> = items.iter().filter_map(|item| plain_area(&item.report)).collect();
        let register = Register::of(c, &areas)?;
        let mut prescriptions = Prescriptions::of(c, &areas, first, items)?;
        let mut draft = |report: &Report, area| {
            let found = register.find(area).ok_or(Error::NotFound)?;
            report.right.check(&report.visible, &found.place)?;
            let prescribed = prescriptions.at(area)?;
            Draft::of(&report.new, &found, &prescribed, &self.secrets, &report.by)
        };
        let drafts = items.iter().map(|Called { report, .. }| {
            let area = plain_area(report).filter(|_| report.by.today == first.today)?;
            draft(report, area).ok()
        });
        Ok(drafts.collect())
    }
}

/// The place of a report that names it.
fn plain_area(report: &Report) -> Option<&AreaCode> {
    report.new.area_code.as_ref().filter(|area| area.level() >= AreaLevel::Community)
}

impl Right {
    fn check(self, visible: &Visible, place: &Place) -> Result<()> {
        match self {
            Self::WritesDown => may_write_down_at(visible, place),
            Self::Reports if is_near_a_role(visible, &place.area_code) => Ok(()),
            Self::Reports => Err(Error::NotFound),
        }
    }
}
