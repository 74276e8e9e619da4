//! What a list has asked, on the sign-off board, the overview and a contact's page: the same person under a new address, or somebody else?
//!
//! Nothing is chosen beforehand: an answer is a choice, then a press.

use std::collections::BTreeMap;

use crate::base::ids::AccountId;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::people::identity::{self, Answer as Word, Contradiction, OpenQuestion, Which};
use crate::web::console::views::signoff::board::{AskedGroup, AskedRow};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::back;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice, Field, in_rows};
use crate::web::kit::views::frame::plural;

/// As many questions have a form on the page; the others come when these are answered.
const SHOWN: usize = 50;

/// The head of the questions on the board.
const HEAD: &str = "asked";

/// As many questions are read for a page.
pub const READ: i64 = 1_000;

/// The questions one by one, and how many more there are; `open`: how many there are in all.
/// `empty`: the place of a form that was sent without a choice.
pub fn rows(
    live: &Live,
    (here, csrf): (&str, &str),
    all: &[OpenQuestion],
    open: i64,
    empty: &str,
) -> (Vec<AskedRow>, usize) {
    // A closed round asks nothing any more.
    let all = if live.state == RoundState::Closed { &[] } else { all };
    let shown = all.iter().take(SHOWN).map(|asked| AskedRow {
        place: format!("question-{}", asked.question.id),
        name: asked.name(),
        account: asked.question.account.clone(),
        email: asked.listed.email.to_string(),
        known: known(asked),
        known_href: (asked.question.known_round == live.id)
            .then(|| urls::contact(&live.slug, &asked.question.contact_id)),
        why: why(asked),
        answer: unanswered(form(here, csrf, asked), empty),
    });
    let mut shown: Vec<AskedRow> = shown.collect();
    in_rows(HEAD, shown.iter_mut().map(|row| (row.place.clone(), [&mut row.answer])));
    let more = if all.is_empty() { 0 } else { (open.max(0) as usize).saturating_sub(shown.len()) };
    (shown, more)
}

/// Says at its field that nothing was chosen.
fn unanswered(mut form: ActionForm, empty: &str) -> ActionForm {
    if form.id == empty {
        form.fields.iter_mut().for_each(|field| field.error = Some("Choose who it is.".into()));
    }
    form
}

/// The place of the form that was sent.
pub fn place(fields: &Fields) -> Option<String> {
    match which(fields)? {
        Which::One(question) => Some(format!("asked-{question}")),
        Which::Domain(old, new) => Some(format!("domain-{old}-{new}")),
        _ => Some(fields.get("id").to_string()),
    }
}

fn known(asked: &OpenQuestion) -> String {
    let q = &asked.question;
    let name = if asked.known_name() == asked.name() { String::new() } else { format!("{}, ", asked.known_name()) };
    let place = if q.known_account == q.account { String::new() } else { format!(" at {}", q.known_account) };
    format!("{name}{}{place}", q.known_email)
}

fn why(asked: &OpenQuestion) -> &'static str {
    match asked.contradiction() {
        None => {}
        Some(Contradiction::Twice) => return "The list has both addresses.",
        Some(Contradiction::FormerAddress) => return "An address that this person had before, under another name.",
        Some(Contradiction::Key | Contradiction::Address) => {
            return "The client’s key and the address say two different things.";
        }
    }
    match asked.question.why.as_str() {
        "twice" => "The list has both addresses.",
        "opted_out" => "Asked in an earlier round not to be written to.",
        "complained" => "Called a mail of an earlier round unwanted.",
        "left" => "Had left, as an earlier round heard.",
        _ => "The list has a new address for a name that is known.",
    }
}

fn choice(same: String, other: String) -> Field {
    let choices = vec![Choice::new("", "Choose"), Choice::new("same", same), Choice::new("other", other)];
    Field::select("answer", "Who is it?", "", choices)
}

fn form(here: &str, csrf: &str, asked: &OpenQuestion) -> ActionForm {
    let name = asked.name();
    let shown = asked.shown();
    let somebody_else = if asked.known_name() == name { "Somebody else of that name" } else { "Somebody else" };
    ActionForm {
        id: format!("asked-{}", asked.question.id),
        action: here.into(),
        act: "answer",
        csrf: csrf.into(),
        hidden: vec![("question", asked.question.id.to_string()), ("shown", shown.clone())],
        label: "Answer".into(),
        about: format!("for {name}"),
        explain: format!("{shown} Whoever is new or changed is to be signed off."),
        fields: vec![choice("The same person".into(), somebody_else.into())],
        button: "Save the answer".into(),
        ..ActionForm::default()
    }
}

/// As many are named who are not answered for with the others.
const NAMED: usize = 5;

/// Who is answered for at once, and who is not: an answer about him may take somebody else off the list.
#[derive(Default)]
struct Group<'a> {
    people: usize,
    apart: Vec<&'a OpenQuestion>,
}

impl<'a> Group<'a> {
    fn take(&mut self, asked: &'a OpenQuestion) {
        match asked.contradiction() {
            None => self.people += 1,
            Some(_) => self.apart.push(asked),
        }
    }

    fn one_by_one(&self) -> String {
        let mut names: Vec<String> = self.apart.iter().take(NAMED).map(|asked| asked.name()).collect();
        if self.apart.len() > NAMED {
            names.push(format!("{} more", self.apart.len() - NAMED));
        }
        match names.is_empty() {
            true => String::new(),
            false => format!(" Not among them, and answered one by one: {}.", names.join(", ")),
        }
    }
}

/// Answers for many at once: everybody whose mail domain has changed and nothing else; and whole accounts. `more`: there are others of whom
/// this page has not read.
pub fn groups(
    live: &Live,
    (here, csrf): (&str, &str),
    all: &[OpenQuestion],
    more: bool,
    empty: &str,
) -> Vec<AskedGroup> {
    let people = |n| format!("{}{}", if more { "at least " } else { "" }, plural(n, "person", "people"));
    if live.state == RoundState::Closed {
        return Vec::new();
    }
    let mut domains: BTreeMap<(String, String), Group<'_>> = BTreeMap::new();
    let mut accounts: BTreeMap<(&str, &AccountId), Group<'_>> = BTreeMap::new();
    for asked in all {
        if let Some(change) = asked.domains() {
            domains.entry(change).or_default().take(asked);
        }
        accounts.entry((&asked.question.account, &asked.question.account_id)).or_default().take(asked);
    }
    let group = |id: String, what: String, one_by_one: String, hidden: Vec<(&'static str, String)>| AskedGroup {
        what: what.clone(),
        answer: unanswered(
            ActionForm {
                places: vec![id.clone(), HEAD.into()],
                id,
                action: here.into(),
                act: "answer",
                csrf: csrf.into(),
                hidden,
                label: "Answer for all of them".into(),
                about: what,
                explain: format!(
                    "The same persons get their new addresses and keep what is known: answers, opt-outs, history. \
                      Other people are new names, and nobody leaves the list for them. \
                      All names that change are signed again.{one_by_one}"
                ),
                fields: vec![choice("All are the same persons".into(), "All are other people".into())],
                button: "Save the answer for all of them".into(),
                ..ActionForm::default()
            },
            empty,
        ),
    };
    let changed = domains.into_iter().filter(|(_, g)| g.people > 1).map(|((old, new), g)| {
        let what = format!("{}: @{old} is now @{new}", people(g.people));
        group(format!("domain-{old}-{new}"), what, g.one_by_one(), vec![("old", old), ("new", new)])
    });
    let mut groups: Vec<AskedGroup> = changed.collect();
    // Where one change of domain says it all, accounts would only say it again.
    if groups.is_empty() {
        let of_account = accounts.into_iter().filter(|(_, g)| g.people > 1).map(|((name, id), g)| {
            let what = format!("{} at {name}", people(g.people));
            let place = format!("asked-of-{id}");
            group(place.clone(), what, g.one_by_one(), vec![("account", name.to_string()), ("id", place)])
        });
        groups.extend(of_account);
    }
    groups
}

pub fn word(fields: &Fields) -> Option<Word> {
    match fields.get("answer") {
        "same" => Some(Word::SamePerson),
        "other" => Some(Word::SomebodyElse),
        _ => None,
    }
}

fn which(fields: &Fields) -> Option<Which> {
    match (fields.get("question"), fields.get("old"), fields.get("new"), fields.get("account")) {
        ("", "", "", "") => None,
        ("", "", "", account) => Some(Which::Account(account.into())),
        ("", old, new, _) => Some(Which::Domain(old.into(), new.into())),
        (question, ..) => Some(Which::One(question.into())),
    }
}

/// Takes an answer from the board.
pub async fn answer(web: &Web, live: &Live, by: &Operator, fields: &Fields) -> Answer {
    let (which, word) = which(fields).zip(word(fields)).ok_or_else(Failure::unknown)?;
    // Of many, nobody is answered for about whom more was to be said.
    let shown = matches!(which, Which::One(_)).then(|| fields.get("shown").to_owned());
    let settled = identity::answer_as_shown(&web.ctx, &live.slug, which, (word, shown), &by.actor()).await?;
    let asks_more = !settled.asked_again.is_empty();
    let said = match word {
        _ if !settled.refused.is_empty() => "some_answered",
        Word::SamePerson => "same_person",
        Word::SomebodyElse if !settled.left.is_empty() && asks_more => "left_and_asked_again",
        Word::SomebodyElse if !settled.left.is_empty() => "left_the_list",
        Word::SomebodyElse if asks_more => "asked_again",
        Word::SomebodyElse if !settled.holders.is_empty() => "who_has_the_key",
        Word::SomebodyElse => "somebody_else",
    };
    Ok(back(&urls::board(&live.slug), said))
}
