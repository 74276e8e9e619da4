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

/// The sheet that is read, and what is to be said about the others. `score` counts how many of our columns a sheet names.
pub fn pick(
    sheets: &[Sheet],
    chosen: Option<&str>,
    name: &str,
    score: &mut dyn FnMut(usize) -> Result<usize, Problem>,
) -> Result<(usize, Option<Finding>), Problem> {
    let listed = |wanted: &dyn Fn(&Sheet) -> bool| {
        let names: Vec<String> =
            sheets.iter().filter(|s| wanted(s)).take(20).map(|s| format!("“{}”", quoted(&s.name))).collect();
        names.join(", ")
    };
    if let Some(chosen) = chosen {
        let same = |s: &Sheet| s.name == chosen;
        let alike = |s: &Sheet| s.name.trim().to_lowercase() == chosen.trim().to_lowercase();
        return match sheets.iter().position(same).or_else(|| sheets.iter().position(alike)) {
            Some(at) => Ok((at, None)),
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
        [only] => return Ok((only, None)),
        _ => {}
    }
    let mut scores = Vec::with_capacity(visible.len());
    for at in visible {
        scores.push((at, score(at)?));
    }
    let most = scores.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let Some((best, _)) = scores.iter().find(|(_, n)| *n == most).filter(|_| most > 0) else {
        return Err(Problem::unusable(
            format!("No sheet of {name} names a column that is known: {}.", listed(&|s| !s.hidden)),
            "Put a header row above the contacts: account, first_name, last_name, email, account_director, \
             account_director_email and so on.",
        ));
    };
    let others: Vec<usize> = scores.iter().filter(|(at, n)| at != best && *n >= CLEAR).map(|(at, _)| *at).collect();
    let Some(other) = others.first() else { return Ok((*best, None)) };
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
    Ok((*best, Some(finding)))
}
