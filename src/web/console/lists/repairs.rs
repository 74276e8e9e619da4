//! What can be repaired with one press: in one row, or in all rows of one kind of finding; and taken back the same way.
//!
//! Many rows are changed with one press only as the page has shown them, old and new beside the button. An address decides who gets a
//! letter: of addresses each one stands there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::intake::list::CheckedList;
use crate::rules::contacts::quality::repair::{Repair, is_of_address, of_left_out, of_list, repair};
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::titles::title;
use crate::rules::contacts::together::directors::Directors;
use crate::rules::contacts::together::homes::Homes;
use crate::rules::contacts::{Finding, ListedContact, REPAIRED, Severity};
use crate::steps::contacts::upload::upload_choice::MadeRepair;
use crate::web::console::views::lists::RepairOfAll;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Count, plural};

/// More addresses than these nobody reads before a press.
const ADDRESSES: usize = 50;
/// As many changes of other cells stand on the page.
const SHOWN: usize = 200;

/// What is proposed for a row.
struct Proposed<'l> {
    line: u64,
    finding: &'l Finding,
    repair: Repair,
}

/// The list's own proposals.
pub struct Repairs<'l> {
    accepted: &'l [ListedContact],
    rows: HashMap<u64, &'l ListedContact>,
    left_out: HashMap<u64, &'l Row>,
    homes: Homes<'l>,
    directors: Directors,
    findings: &'l [Finding],
    here: &'l str,
    csrf: &'l str,
    read_as: &'l str,
}

impl<'l> Repairs<'l> {
    /// As what the list is read on the page of these forms.
    pub fn seen_as(self, read_as: &'l str) -> Repairs<'l> {
        Repairs { read_as, ..self }
    }

    pub fn of(list: &'l CheckedList, here: &'l str, csrf: &'l str) -> Repairs<'l> {
        let rows = list.accepted.iter().map(|contact| (contact.line, contact)).collect();
        let left_out = list.refused.iter().map(|row| (row.line, row)).collect();
        let (homes, directors) = (Homes::of(&list.accepted), Directors::of(list));
        Repairs {
            accepted: &list.accepted,
            rows,
            left_out,
            homes,
            directors,
            findings: &list.findings,
            here,
            csrf,
            read_as: "",
        }
    }

    fn proposed(&self, finding: &Finding) -> Option<Repair> {
        if let Some(row) = self.rows.get(&finding.line) {
            return repair(finding, row, self.homes.at(&row.account));
        }
        let row = self.left_out.get(&finding.line)?;
        let (account, name) = (row.get(Field::Account), row.get(Field::Director));
        of_left_out(finding, row, self.homes.at(account), self.directors.only(account, name))
    }

    /// What stands in a column now; in one that a check has changed, what the finding quotes of it.
    fn now(&self, of: &Proposed<'_>, column: &str) -> String {
        let field = Field::ALL.into_iter().find(|field| field.as_str() == column);
        let text = match (self.rows.get(&of.line), field) {
            (Some(contact), Some(Field::FirstName)) => contact.first_name.clone(),
            (Some(contact), Some(Field::LastName)) => contact.last_name.clone(),
            (Some(contact), Some(Field::Email)) => contact.email.to_string(),
            (Some(_), _) => of.finding.value.clone(),
            (None, field) => {
                field.and_then(|field| Some(quoted(self.left_out.get(&of.line)?.get(field)))).unwrap_or_default()
            }
        };
        if text.is_empty() { "empty".into() } else { text }
    }

    fn form(
        &self,
        act: &'static str,
        mut hidden: Vec<(&'static str, String)>,
        label: String,
        about: String,
    ) -> ActionForm {
        hidden.push(("read_as", self.read_as.to_string()));
        ActionForm {
            action: self.here.into(),
            act,
            csrf: self.csrf.into(),
            hidden,
            label,
            about,
            ..ActionForm::default()
        }
    }

    pub fn one(&self, finding: &Finding) -> Option<ActionForm> {
        let (row, about) = (("row", finding.line.to_string()), format!("in row {}", finding.line));
        if finding.code == REPAIRED {
            return Some(self.form("take_back", vec![row], "Take it back".into(), about));
        }
        let proposed = self.proposed(finding)?;
        let hidden = vec![row, ("code", finding.code.clone()), ("field", finding.field.clone())];
        Some(self.form("repair", hidden, format!("Use {}", shown(&proposed).join(" ")), about))
    }

    /// By code, what is proposed for it.
    fn by_code(&self) -> BTreeMap<&'l str, Vec<Proposed<'l>>> {
        let mut codes: BTreeMap<&str, Vec<Proposed<'_>>> = BTreeMap::new();
        for finding in self.findings {
            let one = self.proposed(finding).map(|repair| (finding.line, repair));
            let all = one.into_iter().chain(of_list(finding, self.accepted));
            for (line, repair) in all {
                codes.entry(&finding.code).or_default().push(Proposed { line, finding, repair });
            }
        }
        codes
    }

    /// For every code of which more than one row can be repaired; and for all that was.
    pub fn all(&self) -> Vec<RepairOfAll> {
        let many = self.by_code().into_iter().filter(|(_, of)| rows_of(of) > 1);
        let mut all: Vec<RepairOfAll> = many.filter_map(|(code, of)| self.all_of(code, &of)).collect();
        let repaired = self.findings.iter().filter(|finding| finding.code == REPAIRED).count();
        if repaired > 1 {
            let label = format!("Take back all {}", plural(repaired, "repair", "repairs"));
            let form = self.form("take_back", Vec::new(), label, String::new());
            all.push(RepairOfAll { title: String::new(), changes: Vec::new(), more: Count(0), form });
        }
        all
    }

    fn all_of(&self, code: &str, of: &[Proposed<'_>]) -> Option<RepairOfAll> {
        let mut changes = self.changes(of);
        if has_addresses(of) && changes.len() > ADDRESSES {
            return None;
        }
        let rows = plural(rows_of(of), "row", "rows");
        let label = match of.iter().all(|proposed| is_of_address(&proposed.repair)) {
            true => format!("Use these {}", plural(changes.len(), "address", "addresses")),
            false => format!("Repair all {rows}"),
        };
        let hidden = vec![("code", code.to_owned()), ("shown", digest(&changes))];
        let form = self.form("repair", hidden, label, format!(": {}", title(code)));
        let more = Count(changes.len().saturating_sub(SHOWN) as u64);
        changes.truncate(SHOWN);
        Some(RepairOfAll { title: format!("{}: {rows} with a proposal", title(code)), changes, more, form })
    }

    /// Row, what stands there, and what is proposed.
    fn changes(&self, of: &[Proposed<'_>]) -> Vec<(u64, String, String)> {
        let change = |proposed: &Proposed<'_>| {
            let columns = Field::ALL.iter().filter(|field| proposed.repair.contains_key(field.as_str()));
            let now: Vec<String> = columns.map(|field| self.now(proposed, field.as_str())).collect();
            (proposed.line, now.join(" "), shown(&proposed.repair).join(" "))
        };
        of.iter().map(change).collect()
    }

    /// What a press asks for: the repair of one finding, or of all of its code.
    pub fn chosen(&self, fields: &Fields) -> Result<Vec<MadeRepair>> {
        let code = fields.get("code");
        let made = |finding: &Finding, fields: Repair| MadeRepair {
            row: finding.line,
            code: finding.code.clone(),
            field: finding.field.clone(),
            fields,
            error: finding.severity == Severity::Error,
            read_as: String::new(),
        };
        if !fields.get("row").is_empty() {
            let row: Option<u64> = fields.get("row").parse().ok();
            let meant = |f: &&Finding| Some(f.line) == row && f.code == code && f.field == fields.get("field");
            let found = self.findings.iter().filter(meant);
            return Ok(found.filter_map(|finding| Some(made(finding, self.proposed(finding)?))).collect());
        }
        let of = self.by_code().remove(code).unwrap_or_default();
        let changes = self.changes(&of);
        if has_addresses(&of) && changes.len() > ADDRESSES || digest(&changes) != fields.get("shown") {
            return Err(Problem::refused(
                "These are other rows than the page has shown.",
                "Go back, look at the list again, and repair what is right.",
            ));
        }
        let made = |proposed: Proposed<'_>| MadeRepair {
            row: proposed.line,
            code: proposed.finding.code.clone(),
            field: proposed.finding.field.clone(),
            fields: proposed.repair,
            error: proposed.finding.severity == Severity::Error,
            read_as: String::new(),
        };
        Ok(of.into_iter().map(made).collect())
    }
}

fn has_addresses(of: &[Proposed<'_>]) -> bool {
    of.iter().any(|proposed| is_of_address(&proposed.repair))
}

/// A row with two findings of a code is one row.
fn rows_of(of: &[Proposed<'_>]) -> usize {
    of.iter().map(|proposed| proposed.line).collect::<BTreeSet<u64>>().len()
}

/// Of all changes, those that do not stand on the page too.
fn digest(changes: &[(u64, String, String)]) -> String {
    changes.chunks(1_000).fold(String::new(), |before, some| sha256(format!("{before}{some:?}")))
}

/// The new texts, as one reads them: first name, then last name.
fn shown(repair: &Repair) -> Vec<&str> {
    Field::ALL.iter().filter_map(|field| repair.get(field.as_str())).map(String::as_str).collect()
}
