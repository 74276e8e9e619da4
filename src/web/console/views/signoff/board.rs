//! The sign-off board: per account director what was asked, what came back and what is missing; and the form that records an
//! approval that was given elsewhere, with who gave it, when, and what proves it.

use askama::Template;

use crate::base::counted::form;
use crate::base::ids::AccountId;
use crate::web::kit::urls;
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::{ActionForm, Control, Field, Mistake};
use crate::web::kit::views::frame::{Bar, Console, Count, Mark, Rate, Status, When, plural};
use crate::web::kit::views::paging::Paging;

use crate::web::console::views::contacts::Filter;

/// GET `/rounds/{id}/sign-off`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/signoff/board.html")]
pub struct BoardPage {
    pub console: Console,
    pub signed: Rate,
    pub names_left: Count,
    /// " before the warm-up goes to the first of them on Fri 29 Jan": until when; may be empty.
    pub by_when: String,
    pub standing: RoundStanding,
    /// "Record 1f3a 90bc ..., entry 12": where the journal of the round ends, as directors have it; empty where it has no entry.
    pub record: String,
    /// Rows of a list that wait for a word, and how many more there are than are shown.
    pub asked: Vec<AskedRow>,
    pub more_asked: usize,
    /// Accounts that may be one.
    pub account_pairs: AccountPairs,
    /// Answers for many of them at once.
    pub asked_groups: Vec<AskedGroup>,
    pub filters: Vec<Filter>,
    /// What is looked for, and what is said where a word finds too many.
    pub q: String,
    pub vague: String,
    pub paging: Paging,
    /// What is left to sign first.
    pub directors: Vec<DirectorRow>,
    /// In another order than by director: all in one table.
    pub flat: Vec<BoardAccount>,
}

/// Who is late in a round, and what it loses.
#[derive(Default)]
pub struct RoundStanding {
    /// "Without them 40 people are not asked ..."; empty where nothing is missing.
    pub lost: String,
    /// Who has what to counter-sign, while that is not late.
    pub second: String,
    /// Where one person gives both signatures; empty where nobody does.
    pub both: String,
    /// "3 account directors are late."; empty where nobody is.
    pub late: String,
    pub ask_late: Option<ActionForm>,
    /// The page of all directors.
    pub directors: String,
    /// The page of the summary for a sponsor, while somebody is waited for.
    pub summary: Option<String>,
}

/// A known name under a new address: nothing goes there before somebody has answered.
pub struct AskedRow {
    /// Of the row on the page.
    pub place: String,
    pub name: String,
    pub account: String,
    pub email: String,
    /// The address that is known; with name and account where they differ.
    pub known: String,
    pub known_href: Option<String>,
    pub why: &'static str,
    pub answer: ActionForm,
}

/// What is asked about accounts and what was answered, and how many more there are than are shown.
#[derive(Default)]
pub struct AccountPairs {
    pub open: Vec<AccountPair>,
    pub more_open: usize,
    pub answered: Vec<AnsweredPair>,
    pub more_answered: usize,
}

impl AccountPairs {
    fn count_answered(&self) -> String {
        plural(self.answered.len() + self.more_answered, "answer", "answers")
    }
}

pub struct AnsweredPair {
    pub sentence: String,
    pub take_back: ActionForm,
}

/// Two accounts that may be one.
pub struct AccountPair {
    pub sentence: String,
    pub same: ActionForm,
    pub other: ActionForm,
}

pub struct AskedGroup {
    /// "93 people: @old.example is now @new.example".
    pub what: String,
    pub answer: ActionForm,
}

pub struct DirectorRow {
    pub name: String,
    pub email: String,
    /// These accounts are left to sign; else they are signed off, and stand further down.
    pub is_open: bool,
    pub state: Status,
    /// Not asked yet when absent.
    pub asked: Option<When>,
    /// "chased 2 of 4 times, last on Thu 4 Feb"; empty before the first.
    pub chased: String,
    pub next_chase: Option<When>,
    /// How long something waits for him; none where nothing does.
    pub waits: Option<Status>,
    /// "Without him 14 people are not asked ..."; may be empty.
    pub lost: String,
    /// Who signs for him, each in a sentence.
    pub stand_ins: Vec<String>,
    pub accounts: Vec<BoardAccount>,
    /// "Ask again now", where it is allowed.
    pub ask_again: Option<ActionForm>,
}

pub struct BoardAccount {
    pub id: AccountId,
    pub name: String,
    /// The account's own page, and that of its sign-off.
    pub href: String,
    pub sign_off: String,
    pub strategic: bool,
    /// Said where the order is another one.
    pub director: String,
    pub names: Count,
    /// Of them.
    pub left: Count,
    /// In a year, where the list says it.
    pub revenue: Option<Count>,
    /// How long it has waited for whoever is next to sign.
    pub waits: Option<Status>,
    /// Names with something to look at.
    pub findings: Count,
    pub state: Status,
    /// What is missing, or who signed and when: "Signed by Carol Reed, Tue 2 Feb, 14:05".
    pub note: String,
    pub record: Option<ActionForm>,
    /// Where the account is paused, while the round is open.
    pub pause: Option<String>,
}

impl BoardAccount {
    pub fn place(&self) -> String {
        format!("account-{}", self.id)
    }
}

impl BoardPage {
    fn headline(&self) -> String {
        if self.signed.base == 0 {
            "There is no account to sign off yet".into()
        } else if self.signed.part == self.signed.base {
            "Every account is signed off".into()
        } else {
            format!("{} {} signed off", self.signed.counts(), form(self.signed.base, "account is", "accounts are"))
        }
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let asked = self.asked_groups.iter().map(|g| &g.answer).chain(self.asked.iter().map(|row| &row.answer));
        let in_cards = self.directors.iter().flat_map(|d| &d.accounts);
        let accounts = in_cards.chain(&self.flat).filter_map(|a| a.record.as_ref());
        asked.chain(accounts).flat_map(ActionForm::mistakes).collect()
    }

    fn count_asked(&self) -> String {
        plural(self.asked.len() + self.more_asked, "name has", "names have")
    }

    /// Nothing is shown although the round has accounts.
    fn is_empty(&self) -> bool {
        self.directors.is_empty() && self.flat.is_empty()
    }

    fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || self.filters.iter().any(Filter::narrows)
    }

    /// What the filter asks for and nothing is, after "No account is".
    fn none(&self) -> &'static str {
        match self.filters.first().map_or("", |filter| filter.value.as_str()) {
            "late" => "late",
            "open" | "unsigned" => "waiting for its account director: all are signed",
            "counter_sign" => "waiting for the sales director",
            "signed" => "signed off yet",
            "asked" => "without an answer to a question of the list",
            "to_look_at" => "left with a name to look at",
            _ => "on this page",
        }
    }

    fn here(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::board(&r.id))
    }

    fn bar(&self) -> Bar {
        Bar { rate: self.signed, marks: Vec::<Mark>::new() }
    }
}

/// What was typed into the form that records an approval, and what is wrong with it.
#[derive(Default)]
pub struct Approval {
    pub who: String,
    pub when: String,
    pub evidence: String,
    pub who_error: Option<String>,
    pub when_error: Option<String>,
    pub evidence_error: Option<String>,
    pub confirm_error: Option<String>,
}

fn all_approved(names: u64, account: &str) -> String {
    match names {
        1 => format!("The one name at {account} was approved"),
        n => format!("All {} names at {account} were approved", Count(n)),
    }
}

/// An approval given by mail, on the phone or on paper, recorded by an operator: `act=record`.
pub fn record_approval(
    action: &str,
    csrf: &str,
    account: (&str, &str),
    names: u64,
    fingerprint: &str,
    typed: Approval,
) -> ActionForm {
    let (id, name) = account;
    ActionForm {
        id: format!("record-{id}"),
        action: action.into(),
        act: "record",
        csrf: csrf.into(),
        hidden: vec![("account", id.into()), ("fingerprint", fingerprint.into())],
        label: "Record an approval".into(),
        about: format!("for {name}"),
        explain: "For an approval that was given elsewhere. It is kept with your name and counts for exactly the list as it is now.".into(),
        fields: vec![
            Field::text("who", "Who approved", typed.who).error(typed.who_error),
            Field::text("when", "On which day", typed.when).control(Control::Date).error(typed.when_error),
            Field::text("evidence", "What proves it", typed.evidence)
                .hint("For example: mail of 2 February to the team, filed under Moore-Powell.")
                .control(Control::Area)
                .error(typed.evidence_error),
            Field::check("confirm", all_approved(names, name)).error(typed.confirm_error),
        ],
        button: "Record the approval".into(),
        ..ActionForm::default()
    }
}
