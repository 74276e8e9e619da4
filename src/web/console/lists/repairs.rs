//! What can be repaired with one press: in one row, or in all rows of one kind of finding; and taken back the same way.
//!
//! An address decides who gets a letter: several are changed with one press only where each of them stands beside the button, old and new.

use std::collections::{BTreeMap, HashMap};

use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::intake::list::CheckedList;
use crate::rules::contacts::quality::repair::{Repair, is_of_address, of_left_out, repair};
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::titles::title;
use crate::rules::contacts::together::homes::Homes;
use crate::rules::contacts::{Finding, ListedContact, REPAIRED, Severity};
use crate::steps::contacts::upload::upload_choice::MadeRepair;
use crate::web::console::views::lists::RepairOfAll;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::plural;

/// More addresses than these nobody reads before a press.
const ADDRESSES: usize = 50;

/// The list's own proposals.
pub struct Repairs<'l> {
    rows: HashMap<u64, &'l ListedContact>,
    left_out: HashMap<u64, &'l Row>,
    homes: Homes<'l>,
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
        Repairs { rows, left_out, homes: Homes::of(&list.accepted), findings: &list.findings, here, csrf, read_as: "" }
    }

    fn proposed(&self, finding: &Finding) -> Option<Repair> {
        if let Some(row) = self.rows.get(&finding.line) {
            return repair(finding, row, self.homes.at(&row.account));
        }
        let row = self.left_out.get(&finding.line)?;
        of_left_out(finding, row, self.homes.at(row.get(Field::Account)))
    }

    /// What stands there now.
    fn now(&self, line: u64, column: &str) -> String {
        let field = Field::ALL.into_iter().find(|field| field.as_str() == column);
        let contact = self.rows.get(&line).map(|contact| contact.email.to_string());
        let row = || Some(self.left_out.get(&line)?.get(field?).to_owned());
        contact.or_else(row).unwrap_or_default()
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
    fn by_code(&self) -> BTreeMap<&'l str, Vec<(&'l Finding, Repair)>> {
        let mut codes: BTreeMap<&str, Vec<(&Finding, Repair)>> = BTreeMap::new();
        for finding in self.findings {
            if let Some(proposed) = self.proposed(finding) {
                codes.entry(&finding.code).or_default().push((finding, proposed));
            }
        }
        codes
    }

    /// For every code of which more than one row can be repaired; and for all that was.
    pub fn all(&self) -> Vec<RepairOfAll> {
        let many = self.by_code().into_iter().filter(|(_, of)| of.len() > 1);
        let mut all: Vec<RepairOfAll> = many.filter_map(|(code, of)| self.all_of(code, &of)).collect();
        let repaired = self.findings.iter().filter(|finding| finding.code == REPAIRED).count();
        if repaired > 1 {
            let label = format!("Take back all {}", plural(repaired, "repair", "repairs"));
            let form = self.form("take_back", Vec::new(), label, String::new());
            all.push(RepairOfAll { title: String::new(), changes: Vec::new(), form });
        }
        all
    }

    fn all_of(&self, code: &str, of: &[(&Finding, Repair)]) -> Option<RepairOfAll> {
        let said = ("code", code.to_owned());
        if !of.iter().any(|(_, repair)| is_of_address(repair)) {
            let label = format!("Repair all {}", plural(of.len(), "row", "rows"));
            let form = self.form("repair", vec![said], label, format!(": {}", title(code)));
            return Some(RepairOfAll { title: title(code), changes: Vec::new(), form });
        }
        let changes = self.changes(of);
        (of.len() <= ADDRESSES).then(|| {
            let hidden = vec![said, ("shown", digest(&changes))];
            let form = self.form("repair", hidden, format!("Use these {} addresses", of.len()), String::new());
            RepairOfAll {
                title: format!("{}: {} with a proposal", title(code), plural(of.len(), "row", "rows")),
                changes,
                form,
            }
        })
    }

    /// Row, what stands there, and what is proposed.
    fn changes(&self, of: &[(&Finding, Repair)]) -> Vec<(u64, String, String)> {
        let pairs =
            of.iter().flat_map(|(finding, repair)| repair.iter().map(move |(column, text)| (finding, column, text)));
        pairs.map(|(finding, column, text)| (finding.line, self.now(finding.line, column), text.clone())).collect()
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
        let addresses = of.iter().any(|(_, repair)| is_of_address(repair));
        if addresses && (of.len() > ADDRESSES || digest(&self.changes(&of)) != fields.get("shown")) {
            return Err(Problem::refused(
                "These are other addresses than the page has shown.",
                "Go back, look at the list again, and repair what is right.",
            ));
        }
        Ok(of.into_iter().map(|(finding, repair)| made(finding, repair)).collect())
    }
}

fn digest(changes: &[(u64, String, String)]) -> String {
    sha256(format!("{changes:?}"))
}

/// The new texts, as one reads them: first name, then last name.
fn shown(repair: &Repair) -> Vec<&str> {
    Field::ALL.iter().filter_map(|field| repair.get(field.as_str())).map(String::as_str).collect()
}
