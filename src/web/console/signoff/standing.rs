//! Who is late and what is lost, in the sentences of the board; and the press that asks everybody again who is late.

use crate::base::counted::form;
use crate::base::sentence::capitalised;
use crate::rules::round::{Level, RoundState, Target};
use crate::rules::signoff::late::{Missed, Waits};
use crate::rules::signoff::loss::{AtStake, Listed};
use crate::steps::Live;
use crate::steps::signoff::progress::Progress;
use crate::store::signoff::delegations::Delegation;
use crate::web::console::views::signoff::board::RoundStanding;
use crate::web::kit::figures::count;
use crate::web::kit::forms::query::query;
use crate::web::kit::times::day;
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::Status;

/// What stands on top of the board and of its directors. `here`: where the form is posted to.
pub fn of_round(live: &Live, progress: &Progress, here: &str, csrf: &str) -> RoundStanding {
    let is_late = progress.late.directors > 0 || progress.second.waits.is_some_and(|w| w.late.is_some());
    let asks = is_late && live.state == RoundState::Running;
    RoundStanding {
        lost: match progress.late_before {
            Some(_) => lost("the missing signatures", live, &progress.listed, &progress.left),
            None => String::new(),
        },
        second: second(live, progress),
        both: String::new(),
        late: late(live, progress),
        ask_late: asks.then(|| ActionForm {
            id: "ask-late".into(),
            action: here.into(),
            act: "ask_late",
            csrf: csrf.into(),
            hidden: vec![("late", "all".into())],
            label: "Ask all who are late again".into(),
            explain: "Everybody who is late, and whoever signs for them, gets the request once more with the same link. Whoever was asked today is left out.".into(),
            button: "Ask again".into(),
            places: vec!["ask-late".into(), "main".into()],
            ..ActionForm::default()
        }),
        directors: urls::directors(&live.slug),
        summary: progress.late_before.map(|_| urls::signing_summary(&live.slug)),
    }
}

/// Who counter-signs what, and when that is asked for; empty where nothing waits for it or it is late.
fn second(live: &Live, progress: &Progress) -> String {
    let waits = progress.second.waits.is_some_and(|w| w.late.is_none());
    if !waits || live.state != RoundState::Running {
        return String::new();
    }
    format!(
        "{} has {} to counter-sign. What becomes ready on a working day is asked for together, towards its end.",
        live.spec.signoff.sales_director,
        count(progress.second.accounts).of("account", "accounts")
    )
}

/// That one person gives both signatures of so many accounts, so that nobody else looks at their names; empty of none.
pub fn both(live: &Live, accounts: i64) -> String {
    if accounts == 0 || live.state == RoundState::Closed {
        return String::new();
    }
    format!(
        "{} is account director and counter-signs at {}: both signatures would come from one person. Name somebody else for one of them, \
         in the list or in the settings.",
        live.spec.signoff.sales_director,
        count(accounts).of("account", "accounts")
    )
}

fn late(live: &Live, progress: &Progress) -> String {
    let mut said = Vec::new();
    let late = &progress.late;
    if late.directors > 0 {
        let stake = late.at_stake();
        let deciders = deciders(&stake).map(|d| format!(", {d} among them")).unwrap_or_default();
        said.push(format!(
            "{} late, with {} to sign{deciders}.",
            count(late.directors).of("account director is", "account directors are"),
            count(stake.names).of("name", "names")
        ));
    }
    if let Some(second) = progress.second.waits.and_then(|w| w.late) {
        let accounts = count(progress.second.accounts).of("account", "accounts");
        said.push(format!("{} is {} with {accounts}.", live.spec.signoff.sales_director, late_by(second.days)));
    }
    said.join(" ")
}

fn deciders(stake: &AtStake) -> Option<String> {
    (stake.deciders > 0).then(|| count(stake.deciders).of("key decision maker", "key decision makers"))
}

/// "Without this director, 14 names are not asked, 2 key decision makers among them; nobody is asked at 3 accounts, which are worth 4,100,000
/// a year (12 % of the client's revenue). Answers from 90 % of accounts are then out of reach."; empty where nothing is missing.
pub fn lost(without: &str, live: &Live, listed: &Listed, stake: &AtStake) -> String {
    if stake.names == 0 {
        return String::new();
    }
    let verb = form(stake.names, "is", "are");
    let mut said = format!("Without {without}, {} {verb} not asked", count(stake.names).of("name", "names"));
    if let Some(deciders) = deciders(stake) {
        said.push_str(&format!(", {deciders} among them"));
    }
    if stake.accounts > 0 {
        said.push_str(&format!("; nobody is asked at {}", count(stake.accounts).of("account", "accounts")));
        if stake.revenue > 0 {
            let which = form(stake.accounts, "which is", "which are");
            said.push_str(&format!(", {which} worth {} a year", count(stake.revenue)));
            if let Some(share) = listed.share(stake) {
                let whole = if share.of_the_client { "the client’s revenue" } else { "the revenue on the list" };
                said.push_str(&format!(" ({} % of {whole})", share.percent));
            }
        }
        if stake.without_revenue > 0 && stake.without_revenue < stake.accounts {
            let others = count(stake.without_revenue).of("account", "accounts");
            said.push_str(&format!(", not counting {others} whose revenue is not known"));
        }
    }
    said.push('.');
    let targets = out_of_reach(&listed.out_of_reach(&live.spec.targets, stake));
    if !targets.is_empty() {
        said.push_str(&format!(" {} are then out of reach.", capitalised(&targets)));
    }
    said
}

/// "answers from 90 % of accounts".
pub fn out_of_reach(targets: &[Target]) -> String {
    let of = |target: &Target| {
        let whom = match target.level {
            Level::Accounts => "accounts",
            Level::Individual => "names",
        };
        format!("{} % of {whom}", (target.target * 100.0).round())
    };
    let all: Vec<String> = targets.iter().map(of).collect();
    if all.is_empty() { String::new() } else { format!("answers from {}", all.join(", ")) }
}

fn working_days(n: u32) -> String {
    format!("{n} working {}", form(n, "day", "days"))
}

fn late_by(days: u32) -> String {
    if days == 0 { "late as of today".into() } else { format!("late by {}", working_days(days)) }
}

fn waited(waits: &Waits) -> String {
    let waited = match waits.days {
        0 => "waiting since today".to_string(),
        n => format!("waiting for {}", working_days(n)),
    };
    match waits.late {
        None => waited,
        Some(late) => {
            let why = if late.missed == Missed::Letter { ": the first letter could have left" } else { "" };
            format!("{waited}, {}{why}", late_by(late.days))
        }
    }
}

/// How long something waits, in a word.
pub fn waiting(waits: Option<Waits>) -> Option<Status> {
    let waits = waits?;
    let word = waited(&waits);
    Some(if waits.late.is_some() { Status::attention(word) } else { Status::waiting(word) })
}

/// Who signs for somebody, each in a sentence. `called`: the accounts of which only one is given, by their ids.
pub fn stand_ins<'a>(
    live: &Live,
    given: impl IntoIterator<Item = &'a Delegation>,
    called: impl Fn(&Delegation) -> Option<String>,
) -> Vec<String> {
    let home = live.sequence.home();
    let sentence = |d: &Delegation| {
        let since = day(home.local(d.at).date());
        let which = match (&d.account_id, called(d)) {
            (None, _) => String::new(),
            (Some(_), Some(name)) => format!(" at {name}"),
            (Some(_), None) => " at one account".into(),
        };
        format!("Since {since}, {} may sign for this director{which}.", d.to_name)
    };
    given.into_iter().map(sentence).collect()
}

/// The board with what a name or an address finds.
pub fn found(live: &Live, words: &str) -> String {
    format!("{}{}", urls::board(&live.slug), query(&[("q", words)]))
}
