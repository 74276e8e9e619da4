//! What is wrong with the rows of a list, what keeps a row out first; a code with many findings is folded.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::base::problem::Kind;
use crate::intake::list::CheckedList;
use crate::intake::template;
use crate::rules::contacts::titles::title;
use crate::rules::contacts::{Finding, Severity};
use crate::steps::Live;
use crate::steps::contacts::quality::{self, RoundQuality};
use crate::steps::contacts::upload::Upload;
use crate::steps::contacts::upload::upload_choice::{RepairRows, TakeBackRepairs};
use crate::web::console::views::lists::{FindingGroup, FindingRow, FindingsPage, discard};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Count, Status, plural};
use crate::web::kit::views::page::respond;

use super::columns::{self, Said, steps};
use super::reading;
use super::repairs::Repairs;
use super::worth;

/// More findings than these are grouped by code, and a code with more is folded.
const OPEN: usize = 50;
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
        Ok(respond(StatusCode::OK, &show(&web, &live, &whose, &said, &upload, (&list, &worth))))
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
    upload: &Upload,
    (list, worth): (&CheckedList, &RoundQuality),
) -> FindingsPage {
    let here = urls::findings(&live.slug, &upload.id);
    let repairs = Repairs::of(list, &here, &by.csrf);
    FindingsPage {
        console: console(web, by, Some(live), "contacts", words),
        steps: steps(live, upload, "Findings"),
        name: upload.file_name.clone(),
        rows: Count(list.rows),
        usable: Count(list.accepted.len() as u64),
        score: worth::score(&worth.quality),
        coverage: worth::coverage(worth),
        groups: groups(&list.findings, &repairs),
        all: repairs.all(),
        directors: worth::directors(live, upload, list),
        difference: urls::difference(&live.slug, &upload.id),
        discard: discard(&urls::upload(&live.slug, &upload.id), &by.csrf, &upload.file_name),
    }
}

/// Repairs one row, or all rows of one code; or takes that back.
pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let upload = reading::find(&web, &live, &id).await?;
    let there = urls::findings(&live.slug, &upload.id);
    match fields.get("act") {
        "repair" => {
            let made = reading::with_list(&web, &live, &upload, move |_, _, upload, read| async move {
                let repairs = Repairs::of(&read.list, "", "").chosen(&fields)?;
                Ok(RepairRows { upload, read_as: read.read_as, repairs })
            });
            let made = made.await?;
            // A second press: it is repaired already.
            if !made.repairs.is_empty() {
                web.ctx.order(&by.actor(), made).await?;
            }
            Ok(back(&there, "repair_rows"))
        }
        "take_back" => {
            let row = match fields.get("row") {
                "" => None,
                row => Some(row.parse().map_err(|_| Failure::unknown())?),
            };
            web.ctx.order(&by.actor(), TakeBackRepairs { upload, row }).await?;
            Ok(back(&there, "take_back_repairs"))
        }
        _ => Err(Failure::unknown()),
    }
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

fn row(finding: &Finding, repairs: &Repairs<'_>) -> FindingRow {
    FindingRow { state: state(finding.severity), message: finding.message.clone(), repair: repairs.one(finding) }
}

/// Few stand one by one, what keeps a row out first; many stand by code, those of most rows first.
fn groups(findings: &[Finding], repairs: &Repairs<'_>) -> Vec<FindingGroup> {
    let mut all: Vec<&Finding> = findings.iter().collect();
    all.sort_by_key(|f| (f.severity != Severity::Error, f.line));
    if all.is_empty() {
        return Vec::new();
    }
    if all.len() <= OPEN {
        return vec![FindingGroup {
            title: String::new(),
            state: state(Severity::Warning),
            folded: false,
            findings: all.into_iter().map(|finding| row(finding, repairs)).collect(),
            more: Count(0),
        }];
    }
    let mut by_code: BTreeMap<(bool, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in all {
        by_code.entry((finding.severity != Severity::Error, finding.code.as_str())).or_default().push(finding);
    }
    let mut groups: Vec<_> = by_code.into_iter().collect();
    groups.sort_by_key(|((warning, code), of)| (*warning, usize::MAX - of.len(), *code));
    groups.into_iter().map(|((warning, code), of)| group(warning, code, &of, repairs)).collect()
}

fn group(warning: bool, code: &str, of: &[&Finding], repairs: &Repairs<'_>) -> FindingGroup {
    FindingGroup {
        title: format!("{}: {}", title(code), plural(of.len(), "row", "rows")),
        state: state(if warning { Severity::Warning } else { Severity::Error }),
        folded: of.len() > OPEN,
        findings: of.iter().take(SHOWN).map(|finding| row(finding, repairs)).collect(),
        more: Count(of.len().saturating_sub(SHOWN) as u64),
    }
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

    #[test]
    fn few_findings_stand_by_row_and_what_keeps_a_row_out_first() {
        let all = [findings("role_unknown", Severity::Warning, 3), findings("address_missing", Severity::Error, 2)];
        let list = CheckedList::default();
        let groups = groups(&all.concat(), &Repairs::of(&list, "", ""));
        let said: Vec<&str> = groups[0].findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!((groups.len(), groups[0].title.as_str(), groups[0].folded), (1, "", false));
        assert_eq!(
            (said[0], said[1], said[2]),
            ("Row 2: address_missing.", "Row 3: address_missing.", "Row 2: role_unknown.")
        );
    }

    #[test]
    fn many_stand_by_code_and_more_than_fifty_of_a_code_are_folded() {
        let all = [
            findings("role_unknown", Severity::Warning, 300),
            findings("address_missing", Severity::Error, 51),
            findings("name_missing", Severity::Error, 50),
        ];
        let list = CheckedList::default();
        let groups = groups(&all.concat(), &Repairs::of(&list, "", ""));
        let said: Vec<_> = groups.iter().map(|g| (g.title.as_str(), g.folded, g.findings.len(), g.more.0)).collect();
        assert_eq!(
            said,
            [
                ("No e-mail address: 51 rows", true, 51, 0),
                ("No name: 50 rows", false, 50, 0),
                ("Contact role that is not known: 300 rows", true, 200, 100)
            ]
        );
    }
}
