//! Which sheet of a workbook holds the contacts.

use crate::base::problem::Problem;
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::{Finding, Severity};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// Where its part is, in a workbook that is a zip.
    pub path: String,
}

/// So many sheets are looked at.
const LOOKED_AT: usize = 60;

/// A header of contacts names at least so many columns.
const CLEAR: usize = 3;

/// The sheet that is read.
#[derive(Debug)]
pub struct Picked {
    pub at: usize,
    /// What is to be said about the others, where nobody has chosen.
    pub doubt: Option<Finding>,
    /// Those that have a header of contacts, too.
    pub others: Vec<usize>,
}

/// How many of our columns a sheet names.
type Score<'s> = &'s mut dyn FnMut(usize) -> Result<usize, Problem>;

fn scored(sheets: &[Sheet], score: Score<'_>) -> Result<Vec<(usize, usize)>, Problem> {
    let visible = (0..sheets.len()).filter(|at| !sheets[*at].hidden).take(LOOKED_AT);
    visible.map(|at| Ok((at, score(at)?))).collect()
}

fn others(scores: &[(usize, usize)], picked: usize) -> Vec<usize> {
    scores.iter().filter(|(at, n)| *at != picked && *n >= CLEAR).map(|(at, _)| *at).collect()
}

/// The sheet that is chosen, or the first of those that name the most columns.
pub fn pick(sheets: &[Sheet], chosen: Option<&str>, name: &str, score: Score<'_>) -> Result<Picked, Problem> {
    let listed = |wanted: &dyn Fn(&Sheet) -> bool| {
        let names: Vec<String> =
            sheets.iter().filter(|s| wanted(s)).take(20).map(|s| format!("“{}”", quoted(&s.name))).collect();
        names.join(", ")
    };
    if let Some(chosen) = chosen {
        let same = |s: &Sheet| s.name == chosen;
        let alike = |s: &Sheet| s.name.trim().to_lowercase() == chosen.trim().to_lowercase();
        return match sheets.iter().position(same).or_else(|| sheets.iter().position(alike)) {
            Some(at) if sheets.len() == 1 => Ok(Picked { at, doubt: None, others: Vec::new() }),
            Some(at) => Ok(Picked { at, doubt: None, others: others(&scored(sheets, score)?, at) }),
            None => Err(Problem::unusable(
                format!("{name} has no sheet “{}”.", quoted(chosen)),
                format!("Name one of {}.", listed(&|_| true)),
            )),
        };
    }
    let visible: Vec<usize> = (0..sheets.len()).filter(|at| !sheets[*at].hidden).take(LOOKED_AT).collect();
    match visible[..] {
        [] => {
            return Err(Problem::unusable(
                format!("{name} has no sheet that can be seen."),
                match listed(&|s| s.hidden) {
                    hidden if hidden.is_empty() => "Save the contacts in a new workbook.".into(),
                    hidden => format!("If a hidden one is meant, name it: {hidden}."),
                },
            ));
        }
        [at] => return Ok(Picked { at, doubt: None, others: Vec::new() }),
        _ => {}
    }
    let scores = scored(sheets, score)?;
    let most = scores.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let Some((best, _)) = scores.iter().find(|(_, n)| *n == most).filter(|_| most > 0) else {
        return Err(Problem::unusable(
            format!("No sheet of {name} names a column that is known: {}.", listed(&|s| !s.hidden)),
            "Put a header row above the contacts: account, first_name, last_name, email, account_director, \
             account_director_email and so on.",
        ));
    };
    let others = others(&scores, *best);
    let Some(other) = others.first() else { return Ok(Picked { at: *best, doubt: None, others }) };
    let also: Vec<String> = others.iter().map(|at| format!("“{}”", quoted(&sheets[*at].name))).collect();
    let taken = quoted(&sheets[*best].name);
    let finding = Finding {
        line: 1,
        code: "sheet_chosen".into(),
        severity: Severity::Warning,
        field: String::new(),
        value: taken.clone(),
        message: format!(
            "Of {name} the sheet “{taken}” is read. There is a header of contacts in {} too; if that is meant, choose it on the page “Columns” or with --sheet \"{}\".",
            also.join(", "),
            quoted(&sheets[*other].name)
        ),
    };
    Ok(Picked { at: *best, doubt: Some(finding), others })
}
