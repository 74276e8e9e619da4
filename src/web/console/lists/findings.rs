//! What is wrong with the rows of a list, what keeps a row out first; a code with many findings is folded.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::intake::list::CheckedList;
use crate::rules::contacts::{Finding, Severity};
use crate::steps::Live;
use crate::steps::contacts::uploads::Upload;
use crate::web::console::views::lists::{FindingGroup, FindingRow, FindingsPage, discard};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Count, Status, plural};
use crate::web::kit::views::page::respond;

use super::columns::{self, Said, steps};
use super::reading;

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
    match reading::read(&web, &live, &upload).await {
        Ok(list) => Ok(respond(StatusCode::OK, &show(&web, &live, &by, &words, &upload, &list))),
        Err(problem) if problem.kind == Kind::Unusable => {
            columns::show(&web, &live, &by, &upload, &words, Said::of(&problem)).await
        }
        Err(problem) => Err(problem.into()),
    }
}

fn show(web: &Web, live: &Live, by: &Operator, words: &Fields, upload: &Upload, list: &CheckedList) -> FindingsPage {
    FindingsPage {
        console: console(web, by, Some(live), "contacts", words),
        steps: steps(live, upload, "Findings"),
        name: upload.file_name.clone(),
        rows: Count(list.rows),
        usable: Count(list.accepted.len() as u64),
        score: None,
        coverage: Vec::new(),
        groups: groups(&list.findings),
        directors: Vec::new(),
        difference: urls::difference(&live.slug, &upload.id),
        discard: discard(&urls::upload(&live.slug, &upload.id), &by.csrf, &upload.file_name),
    }
}

pub fn state(severity: Severity) -> Status {
    match severity {
        Severity::Error => Status::wrong("left out"),
        Severity::Warning => Status::attention("look"),
    }
}

fn row(finding: &Finding) -> FindingRow {
    FindingRow { state: state(finding.severity), message: finding.message.clone() }
}

/// Few stand one by one, what keeps a row out first; many stand by code, those of most rows first.
fn groups(findings: &[Finding]) -> Vec<FindingGroup> {
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
            findings: all.into_iter().map(row).collect(),
            more: Count(0),
        }];
    }
    let mut by_code: BTreeMap<(bool, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in all {
        by_code.entry((finding.severity != Severity::Error, finding.code.as_str())).or_default().push(finding);
    }
    let mut groups: Vec<_> = by_code.into_iter().collect();
    groups.sort_by_key(|((warning, code), of)| (*warning, usize::MAX - of.len(), *code));
    groups.into_iter().map(|((warning, code), of)| group(warning, code, &of)).collect()
}

fn group(warning: bool, code: &str, of: &[&Finding]) -> FindingGroup {
    FindingGroup {
        title: format!("{}: {}", capitalised(&code.replace('_', " ")), plural(of.len(), "row", "rows")),
        state: state(if warning { Severity::Warning } else { Severity::Error }),
        folded: of.len() > OPEN,
        findings: of.iter().take(SHOWN).map(|finding| row(finding)).collect(),
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
        let all = [findings("role_unknown", Severity::Warning, 3), findings("email_missing", Severity::Error, 2)];
        let groups = groups(&all.concat());
        let said: Vec<&str> = groups[0].findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!((groups.len(), groups[0].title.as_str(), groups[0].folded), (1, "", false));
        assert_eq!(
            (said[0], said[1], said[2]),
            ("Row 2: email_missing.", "Row 3: email_missing.", "Row 2: role_unknown.")
        );
    }

    #[test]
    fn many_stand_by_code_and_more_than_fifty_of_a_code_are_folded() {
        let all = [
            findings("role_unknown", Severity::Warning, 300),
            findings("email_missing", Severity::Error, 51),
            findings("name_missing", Severity::Error, 50),
        ];
        let groups = groups(&all.concat());
        let said: Vec<_> = groups.iter().map(|g| (g.title.as_str(), g.folded, g.findings.len(), g.more.0)).collect();
        assert_eq!(
            said,
            [
                ("Email missing: 51 rows", true, 51, 0),
                ("Name missing: 50 rows", false, 50, 0),
                ("Role unknown: 300 rows", true, 200, 100)
            ]
        );
    }
}
