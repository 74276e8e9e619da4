//! What can be repaired with one press: in one row, or in all rows of one kind of finding.

use std::collections::{BTreeMap, HashMap};

use crate::intake::list::CheckedList;
use crate::rules::contacts::account::key;
use crate::rules::contacts::quality::repair::{Repair, repair};
use crate::rules::contacts::row::Field;
use crate::rules::contacts::{Finding, ListedContact};
use crate::steps::contacts::upload_choice::MadeRepair;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::plural;

/// The list's own proposals.
pub struct Repairs<'l> {
    rows: HashMap<u64, &'l ListedContact>,
    /// Of the rows of each account.
    domains: HashMap<String, Vec<&'l str>>,
    findings: &'l [Finding],
    here: &'l str,
    csrf: &'l str,
}

impl<'l> Repairs<'l> {
    pub fn of(list: &'l CheckedList, here: &'l str, csrf: &'l str) -> Repairs<'l> {
        let mut domains: HashMap<String, Vec<&str>> = HashMap::new();
        for contact in &list.accepted {
            domains.entry(key(&contact.account)).or_default().push(contact.email.domain());
        }
        let rows = list.accepted.iter().map(|contact| (contact.line, contact)).collect();
        Repairs { rows, domains, findings: &list.findings, here, csrf }
    }

    fn proposed(&self, finding: &Finding) -> Option<Repair> {
        let row = self.rows.get(&finding.line)?;
        let domains = self.domains.get(&key(&row.account)).map(Vec::as_slice).unwrap_or_default();
        repair(finding, row, domains)
    }

    fn form(&self, hidden: Vec<(&'static str, String)>, label: String, about: String) -> ActionForm {
        ActionForm {
            action: self.here.into(),
            act: "repair",
            csrf: self.csrf.into(),
            hidden,
            label,
            about,
            places: vec!["findings".into()],
            ..ActionForm::default()
        }
    }

    pub fn one(&self, finding: &Finding) -> Option<ActionForm> {
        let proposed = self.proposed(finding)?;
        let texts: Vec<&str> = shown(&proposed);
        let hidden = vec![("row", finding.line.to_string()), ("code", finding.code.clone())];
        Some(self.form(hidden, format!("Use {}", texts.join(" ")), format!("in row {}", finding.line)))
    }

    /// For every code of which more than one row can be repaired.
    pub fn all(&self) -> Vec<ActionForm> {
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| self.proposed(finding).is_some()) {
            *codes.entry(&finding.code).or_default() += 1;
        }
        let many = codes.into_iter().filter(|(_, n)| *n > 1);
        many.map(|(code, n)| {
            let label = format!("Repair all {}: {}", plural(n, "row", "rows"), code.replace('_', " "));
            self.form(vec![("code", code.to_string())], label, String::new())
        })
        .collect()
    }
}

/// The new texts, as one reads them: first name, then last name.
fn shown(repair: &Repair) -> Vec<&str> {
    Field::ALL.iter().filter_map(|field| repair.get(field.as_str())).map(String::as_str).collect()
}

/// What a press asks for: the row's repair of this code, or that of all rows.
pub fn chosen(list: &CheckedList, fields: &Fields) -> Vec<MadeRepair> {
    let repairs = Repairs::of(list, "", "");
    let row: Option<u64> = fields.get("row").parse().ok();
    let meant = |f: &&Finding| f.code == fields.get("code") && (fields.get("row").is_empty() || row == Some(f.line));
    let made = |f: &Finding| Some(MadeRepair { row: f.line, code: f.code.clone(), fields: repairs.proposed(f)? });
    list.findings.iter().filter(meant).filter_map(made).collect()
}
