//! Handlers: extract, one door to the rows, a DTO.

mod assessments;
mod checklists;
mod commitments;
mod evidence;
mod figures;
mod histories;
mod red_lines;
mod runs;
mod targets;
mod weekly;

use platform::http::Mount;

pub(super) fn routes(mount: &mut Mount) {
    checklists::routes(mount);
    runs::routes(mount);
    evidence::routes(mount);
    figures::routes(mount);
    histories::routes(mount);
    commitments::routes(mount);
    weekly::routes(mount);
    assessments::routes(mount);
    red_lines::routes(mount);
    targets::routes(mount);
}
