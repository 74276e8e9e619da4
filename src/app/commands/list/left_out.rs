//! How commands say which rows of a list are not in the round, in the same words everywhere.

use crate::app::cli::{HowToLoad, HowToRead};
use crate::app::output;
use crate::base::problem::Result;
use crate::intake::list::{CheckedList, Choice};
use crate::rules::contacts::Severity;
use crate::rules::contacts::left_out;
pub use crate::rules::contacts::left_out::added;
use crate::steps::Ctx;
use crate::steps::contacts::{self, Allowed, Changes};
use crate::web::kit::views::frame::plural;

/// What the person at the terminal has said about how the list is to be read.
pub fn choice(how: &HowToRead) -> Result<Choice> {
    let mut choice = Choice { encoding: how.encoding.clone(), sheet: how.sheet.clone(), ..Choice::default() };
    choice.charset()?;
    how.column.iter().try_for_each(|said| choice.say(said))?;
    Ok(choice)
}

/// What the person at the terminal has said that the list may do.
pub fn allowed(how: &HowToLoad) -> Allowed {
    Allowed {
        removing_everybody: how.remove_everybody,
        losing_owners: how.confirm,
        keeping_others: how.keep_others,
        taking_off: how.whole,
    }
}

/// Every row that cannot be used, with all that is wrong with it, and what there is to ask about the list as a whole.
pub fn name_rows(list: &CheckedList) {
    let about_all = |code: &str| {
        matches!(
            code,
            "encoding_guessed" | "report_footer" | "preamble" | "sheet_chosen" | "column_guessed" | "column_twice"
        )
    };
    for f in list.findings.iter().filter(|f| f.severity == Severity::Error || about_all(&f.code)) {
        output::line(&f.message);
    }
}

/// Whether the letters of the list may be others than they were read as.
pub fn doubt(list: &CheckedList) {
    for f in list.findings.iter().filter(|f| f.code == "encoding_guessed") {
        output::line(&f.message);
    }
}

/// The last line: how many rows were left out and why.
pub fn tell(list: &CheckedList) {
    let sentence = left_out::sentence(list);
    if !sentence.is_empty() {
        output::line(&sentence);
    }
}

/// What the list of a folder would do to the people of a round, said before it is done. Changes nothing.
pub async fn trial(ctx: &Ctx, slug: &str, list: &CheckedList, how: &HowToLoad) -> Result<Changes> {
    // A folder is the whole of its round.
    let allowed = Allowed { taking_off: true, ..allowed(how) };
    contacts::preview(ctx, slug, list.accepted.clone(), allowed).await
}

/// The lines of [`trial`].
pub fn tell_trial(changes: &Changes, list: &CheckedList) {
    let c = changes;
    let mut line = format!(
        "Its list adds {}, changes {}, leaves {} unchanged and removes {}",
        plural(c.added as usize, "contact", "contacts"),
        c.changed,
        c.unchanged,
        c.removed
    );
    for (n, what) in [(c.kept_as_edited, "as edited here"), (c.not_on_the_list, "no longer on the list, and kept")] {
        if n > 0 {
            line.push_str(&format!("; {n} {what}"));
        }
    }
    output::line(&format!("{line}."));
    doubt(list);
    tell(list);
}
