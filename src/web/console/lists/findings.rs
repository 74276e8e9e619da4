//! What is wrong with the rows of a list, what keeps a row out first; what only wants a look is folded where there is much.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::in_a_browser::in_a_browser;
use crate::base::problem::Kind;
use crate::intake::list::CheckedList;
use crate::intake::template;
use crate::rules::contacts::titles::title;
use crate::rules::contacts::{Finding, REPAIRED, Severity};
use crate::steps::Live;
use crate::steps::contacts::quality::{self, RoundQuality};
use crate::steps::contacts::upload::Upload;
use crate::steps::contacts::upload::upload_choice::{self, MadeRepair, ReadAs, RepairRows, TakeBackRepairs};
use crate::web::console::views::lists::{FindingGroup, FindingRow, FindingsPage, discard};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Count, Status, plural};
use crate::web::kit::views::page::respond;

use super::columns::{self, Said, steps};
use super::reading;
use super::repairs::Repairs;
use super::worth;

/// More findings than these are grouped by code.
const FEW: usize = 10;
/// So many rows of a code that keeps rows out stand open.
const FIRST: usize = 5;
/// As many of a code stand on the page.
const SHOWN: usize = 200;

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let upload = reading::find(&web, &live, &id).await?;
    let (by, words) = (Arc::new(by), Arc::new(words));
    let (whose, said) = (by.clone(), words.clone());
    let shown = reading::with_list(&web, &live, &upload, move |web, live, upload, read| async move {
        let (list, worth) = quality::of_list_by_row(&web.ctx, &live.slug, read.list).await?;
        let page = show(&web, &live, &whose, &said, (&upload, &read.read_as, read.other_sheets), (&list, &worth));
        Ok(respond(StatusCode::OK, &page))
    });
    match shown.await {
        Ok(page) => Ok(page),
        Err(problem) if problem.kind == Kind::Unusable => {
            columns::show(&web, &live, &by, &upload, &words, Said::of(&problem)).await
        }
        Err(problem) => Err(problem.into()),
    }
}

fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    (upload, read_as, other_sheets): (&Upload, &ReadAs, String),
    (list, worth): (&CheckedList, &RoundQuality),
) -> FindingsPage {
    let here = urls::findings(&live.slug, &upload.id);
    let whole = read_as.whole();
    let repairs = Repairs::of(list, &here, &by.csrf).seen_as(&whole);
    FindingsPage {
        console: console(web, by, Some(live), "contacts", words),
        steps: steps(live, upload, "Findings"),
        name: upload.file_name.clone(),
        rows: Count(list.rows),
        usable: Count(list.accepted.len() as u64),
        score: worth::score(&worth.quality),
        coverage: worth::coverage(worth),
        other_sheets,
        otherwise: otherwise(upload_choice::made_otherwise(upload, read_as)),
        groups: groups(&list.findings, &upload_choice::made(upload, read_as), &repairs),
        all: repairs.all(),
        directors: worth::directors(live, upload, list),
        difference: urls::difference(&live.slug, &upload.id),
        discard: discard(&urls::upload(&live.slug, &upload.id), &by.csrf, &upload.file_name),
    }
}

fn otherwise(repairs: usize) -> String {
    match repairs {
        0 => String::new(),
        n => format!(
            "{} made while this list was read otherwise. They hold again when sheet, letters and columns are chosen as they were then.",
            plural(n, "repair was", "repairs were")
        ),
    }
}

/// Repairs one row, or all rows of one code; or takes that back. Its reader stands at the row afterwards, which stays in its place.
pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let upload = reading::find(&web, &live, &id).await?;
    match fields.get("act") {
        "repair" => repair(&web, &live, &by, upload, fields).await,
        "take_back" => take_back(&web, &live, &by, upload, &fields).await,
        _ => Err(Failure::unknown()),
    }
}

async fn repair(web: &Web, live: &Arc<Live>, by: &Operator, upload: Upload, fields: Fields) -> Answer {
    let there = urls::findings(&live.slug, &upload.id);
    let of_a_row = !fields.get("row").is_empty();
    let pressed = (fields.get("row").parse().ok(), fields.get("code").to_string(), fields.get("field").to_string());
    let made = reading::with_list(web, live, &upload, move |_, _, upload, read| async move {
        if fields.get("read_as") != read.read_as.whole() {
            return Err(reading::read_otherwise());
        }
        let repairs = Repairs::of(&read.list, "", "").chosen(&fields)?;
        Ok(RepairRows { upload, read_as: read.read_as, repairs })
    });
    let made = made.await?;
    let before = upload_choice::made(&made.upload, &made.read_as);
    let done = if made.repairs.is_empty() { "repaired_before" } else { "repair_rows" };
    let is_pressed =
        |of: &&MadeRepair| (Some(of.row), of.code.as_str(), of.field.as_str()) == (pressed.0, &*pressed.1, &*pressed.2);
    let stands = made.repairs.iter().chain(&before).find(is_pressed).filter(|_| of_a_row).map(place);
    // A second press: it is repaired already.
    if !made.repairs.is_empty() {
        web.ctx.order(&by.actor(), made).await?;
    }
    Ok(back_to(&there, done, stands))
}

async fn take_back(web: &Web, live: &Live, by: &Operator, upload: Upload, fields: &Fields) -> Answer {
    let there = urls::findings(&live.slug, &upload.id);
    let row = match fields.get("row") {
        "" => None,
        row => Some(row.parse::<u64>().map_err(|_| Failure::unknown())?),
    };
    let (_, look) = reading::look(web, live, &upload, upload_choice::choice(&upload)).await?;
    let read_as = ReadAs::of(&look);
    if fields.get("read_as") != read_as.whole() {
        return Err(reading::read_otherwise().into());
    }
    let before = upload_choice::made(&upload, &read_as);
    let stands = before.iter().find(|of| Some(of.row) == row).map(place);
    let done = match web.ctx.order(&by.actor(), TakeBackRepairs { upload, read_as, row }).await? {
        0 => "taken_back_before",
        _ => "take_back_repairs",
    };
    Ok(back_to(&there, done, stands))
}

/// Where the finding stands that a repair answers, before and after.
fn place(made: &MadeRepair) -> String {
    anchor(made.row, &made.code, &made.field)
}

fn anchor(row: u64, code: &str, field: &str) -> String {
    format!("row-{row}-{code}-{field}")
}

fn back_to(there: &str, done: &str, place: Option<String>) -> Response {
    let place = place.unwrap_or_else(|| "findings".into());
    Redirect::to(&format!("{there}{}#{place}", query(&[("done", done)]))).into_response()
}

/// The rows of one director, or all, as a workbook to send back.
pub async fn corrections(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    _: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let upload = reading::find(&web, &live, &id).await?;
    let director = Some(words.get("director").to_string()).filter(|key| !key.is_empty());
    let local = director.as_deref().and_then(|key| key.split('@').next()).unwrap_or("all");
    let plain: String = local.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let name = format!("attachment; filename=\"{}-{plain}.xlsx\"", live.slug);
    // With what earlier rounds say, as the page counts it.
    let bytes = reading::with_list(&web, &live, &upload, move |web, live, _, read| async move {
        let (list, _) = quality::of_list_by_row(&web.ctx, &live.slug, read.list).await?;
        template::corrected(&template::rows(&list, director.as_deref()))
    });
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_string();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes.await?).into_response())
}

pub fn state(severity: Severity) -> Status {
    match severity {
        Severity::Error => Status::wrong("left out"),
        Severity::Warning => Status::attention("look"),
    }
}

/// A finding in its place: a row that was repaired stays where the finding stood that the repair answers.
struct Placed<'l> {
    finding: &'l Finding,
    code: &'l str,
    field: &'l str,
    warning: bool,
}

impl<'l> Placed<'l> {
    fn of(finding: &'l Finding, made: &HashMap<u64, &'l MadeRepair>) -> Placed<'l> {
        if let Some(of) = made.get(&finding.line).filter(|_| finding.code == REPAIRED) {
            return Placed { finding, code: &of.code, field: &of.field, warning: !of.error };
        }
        let warning = finding.severity != Severity::Error;
        Placed { finding, code: &finding.code, field: &finding.field, warning }
    }

    fn row(&self, repairs: &Repairs<'_>, taken: &mut HashSet<String>) -> FindingRow {
        let place = anchor(self.finding.line, self.code, self.field);
        FindingRow {
            place: if taken.insert(place.clone()) { place } else { String::new() },
            state: state(self.finding.severity),
            message: in_a_browser(&self.finding.message),
            repair: repairs.one(self.finding),
        }
    }
}

/// Few stand one by one, what keeps a row out first; many stand by code, those of most rows first. Neither that nor the order is other after
/// a repair.
fn groups(findings: &[Finding], made: &[MadeRepair], repairs: &Repairs<'_>) -> Vec<FindingGroup> {
    let mut of_row: HashMap<u64, &MadeRepair> = HashMap::new();
    for made in made {
        of_row.entry(made.row).or_insert(made);
    }
    let mut all: Vec<Placed<'_>> = findings.iter().map(|finding| Placed::of(finding, &of_row)).collect();
    all.sort_by_key(|placed| (placed.warning, placed.finding.line));
    let mut taken = HashSet::new();
    if all.is_empty() {
        return Vec::new();
    }
    let told_once = made.len() - of_row.len();
    if all.len() + told_once <= FEW {
        return vec![FindingGroup {
            title: String::new(),
            state: state(Severity::Warning),
            folded: false,
            first: all.iter().map(|placed| placed.row(repairs, &mut taken)).collect(),
            rest: Vec::new(),
            more: Count(0),
        }];
    }
    let mut by_code: BTreeMap<(bool, &str), Vec<Placed<'_>>> = BTreeMap::new();
    for placed in all {
        by_code.entry((placed.warning, placed.code)).or_default().push(placed);
    }
    let mut groups: Vec<_> = by_code.into_iter().collect();
    groups.sort_by_key(|((warning, code), of)| (*warning, usize::MAX - of.len(), *code));
    let shown = |((warning, code), of): ((bool, &str), Vec<Placed<'_>>)| {
        let mut rows: Vec<FindingRow> = of.iter().take(SHOWN).map(|placed| placed.row(repairs, &mut taken)).collect();
        let rest = if warning || rows.len() <= FIRST + 1 { Vec::new() } else { rows.split_off(FIRST) };
        FindingGroup {
            title: format!("{}: {}", title(code), plural(of.len(), "row", "rows")),
            state: state(if warning { Severity::Warning } else { Severity::Error }),
            folded: warning,
            first: rows,
            rest,
            more: Count(of.len().saturating_sub(SHOWN) as u64),
        }
    };
    groups.into_iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(code: &str, severity: Severity, n: u64) -> Vec<Finding> {
        let one = |line| Finding {
            line,
            code: code.into(),
            severity,
            field: "email".into(),
            value: String::new(),
            message: format!("Row {line}: {code}."),
        };
        (2..n + 2).map(one).collect()
    }

    fn made(row: u64, code: &str, error: bool) -> MadeRepair {
        MadeRepair {
            row,
            code: code.into(),
            field: "email".into(),
            fields: BTreeMap::new(),
            error,
            read_as: String::new(),
        }
    }

    /// Title, places and messages of a group.
    type Told = (String, Vec<(String, String)>);

    fn told(findings: &[Finding], made: &[MadeRepair]) -> Vec<Told> {
        let list = CheckedList::default();
        let row = |row: FindingRow| (row.place, row.message);
        let group = |g: FindingGroup| (g.title, g.first.into_iter().chain(g.rest).map(row).collect());
        groups(findings, made, &Repairs::of(&list, "", "")).into_iter().map(group).collect()
    }

    #[test]
    fn few_findings_stand_by_row_and_what_keeps_a_row_out_first() {
        let all = [findings("role_unknown", Severity::Warning, 3), findings("address_missing", Severity::Error, 2)];
        let list = CheckedList::default();
        let groups = groups(&all.concat(), &[], &Repairs::of(&list, "", ""));
        let said: Vec<&str> = groups[0].first.iter().map(|f| f.message.as_str()).collect();
        assert_eq!((groups.len(), groups[0].title.as_str(), groups[0].folded), (1, "", false));
        assert_eq!(
            (said[0], said[1], said[2]),
            ("Row 2: address_missing.", "Row 3: address_missing.", "Row 2: role_unknown.")
        );
    }

    #[test]
    fn many_stand_by_code_the_first_of_what_keeps_rows_out_are_open_and_the_rest_is_folded() {
        let all = [
            findings("role_unknown", Severity::Warning, 300),
            findings("address_missing", Severity::Error, 51),
            findings("name_missing", Severity::Error, 6),
        ];
        let list = CheckedList::default();
        let groups = groups(&all.concat(), &[], &Repairs::of(&list, "", ""));
        let said: Vec<_> =
            groups.iter().map(|g| (g.title.as_str(), g.folded, g.first.len(), g.rest.len(), g.more.0)).collect();
        assert_eq!(
            said,
            [
                ("No e-mail address: 51 rows", false, 5, 46, 0),
                ("No name: 6 rows", false, 6, 0, 0),
                ("Contact role that is not known: 300 rows", true, 200, 0, 100)
            ]
        );
    }

    #[test]
    fn a_repaired_row_stays_where_its_finding_stood_whether_few_or_many() {
        for (warnings, errors) in [(3, 2), (4, 6), (5, 6), (60, 7)] {
            let before = [
                findings("role_unknown", Severity::Warning, warnings),
                findings("address_missing", Severity::Error, errors),
            ]
            .concat();
            let was = told(&before, &[]);
            for (row, code, error) in [(3, "address_missing", true), (2, "role_unknown", false)] {
                let is_it = |f: &Finding| f.line == row && f.code == code;
                let repaired = |f: &Finding| match is_it(f) {
                    true => Finding { code: REPAIRED.into(), severity: Severity::Warning, ..f.clone() },
                    false => f.clone(),
                };
                // A check tells it where it likes.
                let mut after: Vec<Finding> = before.iter().map(repaired).collect();
                after.reverse();
                after.sort_by_key(|f| f.line);
                assert_eq!(told(&after, &[made(row, code, error)]), was, "{warnings} {errors} {code}");
            }
        }
    }
}
