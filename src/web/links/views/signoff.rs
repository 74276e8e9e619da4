//! The page on which an account director signs the names of his accounts, and the sales director counter-signs; read on
//! a phone, once a year, in the language of the round.
//!
//! The first line says what to do. Signing needs the number of names that wait to be typed; so no scanner that presses buttons signs
//! anything. Every other form needs a tick, a choice or something typed before it does something (decision 0051).

use askama::Template;

use crate::base::ids::{AccountId, ContactId, NameChangeId};
use crate::rules::contacts::Role;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::form::Mistake;
use crate::web::kit::views::frame::{Letter, Status};
use crate::web::kit::views::phrases::fill;

use super::card_state::CardState;
use super::delegation::{CardColleagues, Colleagues};
use super::human_step::{SigningStep, TakingBack};
use super::together::{PLACE, Together};

/// GET and POST `/sign-off/{token}`.
#[derive(Template)]
#[template(path = "pages/signoff/director.html")]
pub struct SignoffPage {
    pub letter: Letter,
    /// Its own words, in the language of the round or in English.
    pub words: &'static DirectorPhrases,
    pub action: String,
    /// What the assessment is called.
    pub title: String,
    /// Of the person who opened the page, and where we answer.
    pub director: String,
    pub email: String,
    /// This is the sales director's page: every list has been signed by its account director already.
    pub counter: bool,
    /// In which language what is known of the round before is said.
    pub language: &'static str,
    /// What hangs on the signature and until when, in a sentence.
    pub by_when: String,
    /// What the people get whose names are signed, in a sentence.
    pub letters: String,
    /// In the order of their names.
    pub accounts: Vec<AccountCard>,
    /// Signing several of them at one press; none where fewer than two wait.
    pub together: Option<Together>,
    /// Who has accounts now that were the reader's, and which.
    pub handed_over: Vec<(String, String)>,
    pub colleagues: Colleagues,
    /// Who stands in the list and could not be read, one a line.
    pub left_out: Vec<String>,
    /// "Record 1f3a 90bc ..., entry 12": where the journal of the round ends; empty before the first signature.
    pub record: String,
    /// What the last POST did.
    pub done: Option<Done>,
    /// The form that was refused, with what was typed.
    pub typed: Option<Typed>,
}

/// What was done, said where its reader stands: the id of a row, of a form or of an account.
pub struct Done {
    pub text: String,
    pub place: String,
}

/// A form that was refused: which one, what was typed, and by field what is wrong.
pub struct Typed {
    pub act: String,
    /// Of the contact or the account that it is about.
    pub id: String,
    /// Whose name it is about; empty where it is about an account.
    pub who: String,
    pub fields: Fields,
    pub errors: Vec<(&'static str, String)>,
}

pub struct AccountCard {
    pub id: AccountId,
    pub name: String,
    pub strategic: bool,
    pub state: CardState,
    /// Of the exact list shown: a signature under another list is refused.
    pub fingerprint: String,
    /// What is typed to sign it.
    pub step: SigningStep,
    pub taking_back: TakingBack,
    /// The reader was its account director when it was signed, so another one counter-signs it.
    pub is_first_by_himself: bool,
    /// Its list as it is now was signed at the level of the reader.
    pub is_signed_as_shown: bool,
    pub colleagues: CardColleagues,
    /// Who waits for the reader's signature: those with something to look at, and the others.
    pub to_look: Vec<NameRow>,
    pub clean: Vec<NameRow>,
    /// Who does not wait: signed, or not yet signed by the account director (whom only the sales director meets).
    pub signed: Vec<NameRow>,
    pub early: Vec<NameRow>,
    pub removed: Vec<RemovedName>,
    /// Shown whole where there are several.
    pub is_open: bool,
    /// What can be taken back: the change, and which one it is in words.
    pub undo: Option<(NameChangeId, String)>,
    /// What was asked about it and waits for an answer.
    pub asked: Vec<String>,
}

pub struct NameRow {
    pub id: ContactId,
    pub first_name: String,
    pub last_name: String,
    pub job_title: String,
    pub role: Role,
    pub email: String,
    /// In plain words: "The address anna@gmail.com is a private one."
    pub findings: Vec<String>,
    /// "German, Austria"; empty when not known.
    pub place: String,
    /// "Corrected since the list was signed."; empty when nothing is different.
    pub changed: String,
    /// What came of him in the round before, in the language of the round; empty where there was none.
    pub last_time: String,
    /// Something was answered by the link of this name, or may have been where that is not told.
    pub answered: bool,
    /// Its forms are shown.
    pub is_open: bool,
}

pub struct RemovedName {
    pub id: ContactId,
    pub full_name: String,
    /// "Left the company; removed Tue 2 Feb."
    pub why: String,
}

/// The values of the reasons for which a name is removed.
pub const REMOVAL_REASONS: [&str; 5] = ["left_company", "wrong_person", "not_now", "duplicate", "other"];

impl NameRow {
    pub fn place(&self) -> String {
        format!("name-{}", self.id)
    }

    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_string()
    }

    /// Where its forms are shown.
    fn change(&self, page: &SignoffPage) -> String {
        format!("{}?open={}#{}", page.action, self.id, self.place())
    }
}

impl AccountCard {
    /// Whether names can be changed here.
    pub fn open(&self, page: &SignoffPage) -> bool {
        !page.counter
    }

    pub fn waiting(&self) -> usize {
        self.to_look.len() + self.clean.len()
    }

    pub fn to_sign(&self) -> bool {
        self.waiting() > 0
    }

    /// Nobody stands on it, and nobody ever signed that.
    fn is_empty(&self) -> bool {
        self.names().next().is_none()
    }

    /// Everybody on the list.
    pub fn names(&self) -> impl Iterator<Item = &NameRow> {
        self.to_look.iter().chain(&self.clean).chain(&self.signed).chain(&self.early)
    }

    pub fn place(&self) -> String {
        format!("account-{}", self.id)
    }

    /// The id of the form by which operations are asked.
    pub fn ask_place(&self) -> String {
        format!("ask-{}", self.id)
    }

    /// The id of the form that signs, or that mails the code to sign with; of the account where there is none.
    pub fn sign_place(&self) -> String {
        match (self.to_sign(), self.step.waits_for_code()) {
            (true, false) => format!("sign-{}", self.id),
            (true, true) => self.code_place(),
            (false, _) => self.place(),
        }
    }

    /// Of the form that mails a code.
    pub fn code_place(&self) -> String {
        format!("code-{}", self.id)
    }

    /// Of the field in which the human step is typed.
    pub fn typed_place(&self) -> String {
        format!("{}-{}", if self.step.is_code() { "digits" } else { "count" }, self.id)
    }

    fn is_signed_for_good(&self) -> bool {
        self.taking_back == TakingBack::TooLate
    }

    /// One of the places of this account that is no row.
    pub fn place_of(&self, wanted: &str) -> String {
        match wanted {
            _ if wanted == format!("sign-{}", self.id) || wanted == self.code_place() => self.sign_place(),
            _ if wanted == self.ask_place() => wanted.into(),
            _ => self.place(),
        }
    }

    fn status(&self, page: &SignoffPage) -> Status {
        let w = page.words;
        match &self.state {
            CardState::ToSign => Status::attention(w.to_sign),
            CardState::Changed(_) => Status::attention(w.to_sign_again),
            CardState::ToCounterSign { .. } => Status::attention(w.to_counter),
            CardState::WaitingCounter(_) => Status::waiting(w.waiting_counter),
            CardState::Signed(_) => Status::good(w.signed),
        }
    }

    pub(super) fn count(&self, page: &SignoffPage) -> String {
        page.words.names(self.names().count())
    }

    /// How many of those that wait there is something to say about.
    pub(super) fn count_to_look(&self, page: &SignoffPage) -> String {
        page.words.counted(self.to_look.len(), page.words.to_look_one, page.words.to_look_many)
    }

    fn count_clean(&self, page: &SignoffPage) -> String {
        page.words.counted(self.clean.len(), page.words.clean_one, page.words.clean_many)
    }

    fn count_signed(&self, page: &SignoffPage) -> String {
        page.words.counted(self.signed.len(), page.words.signed_one, page.words.signed_many)
    }

    fn count_early(&self, page: &SignoffPage) -> String {
        page.words.counted(self.early.len(), page.words.early_one, page.words.early_many)
    }

    fn count_removed(&self, page: &SignoffPage) -> String {
        page.words.counted(self.removed.len(), page.words.removed_one, page.words.removed_many)
    }

    /// Open where there is nothing else to look at, or something in it was asked for.
    fn clean_open(&self, page: &SignoffPage) -> bool {
        self.to_look.is_empty() || page.stands_in(&self.clean)
    }

    /// The same for those who were taken off.
    fn removed_open(&self, page: &SignoffPage) -> bool {
        page.typed.as_ref().is_some_and(|t| t.act == "restore" && self.removed.iter().any(|n| n.id == t.id.as_str()))
    }

    /// Whether a remark stands at any name that waits.
    fn has_findings(&self) -> bool {
        self.to_look.iter().any(|row| !row.findings.is_empty())
    }

    fn sign_label(&self, page: &SignoffPage) -> String {
        let phrase = if page.counter { page.words.counter_button } else { page.words.sign_button };
        fill(phrase, &[("names", &page.words.names(self.waiting())), ("account", &self.name)])
    }
}

impl SignoffPage {
    pub(super) fn several(&self) -> bool {
        self.accounts.len() > 1
    }

    #[expect(clippy::unused_self, reason = "a template calls methods of its page")]
    fn said(&self, phrase: &str, values: &[(&str, &str)]) -> String {
        fill(phrase, values)
    }

    /// Whether one of these rows was asked for, or something was done or refused there.
    fn stands_in(&self, rows: &[NameRow]) -> bool {
        let at = |row: &NameRow| {
            row.is_open
                || self.done.as_ref().is_some_and(|done| done.place == row.place())
                || self.typed.as_ref().is_some_and(|typed| row.id == typed.id.as_str())
        };
        rows.iter().any(at)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let Some(typed) = &self.typed else { return Vec::new() };
        let told = |message: &str| match typed.who.as_str() {
            "" => message.to_string(),
            who => format!("{who}: {message}"),
        };
        let field = |name: &str| match typed.act.as_str() {
            "sign" => {
                let card = self.accounts.iter().find(|a| a.id == typed.id.as_str());
                card.map_or_else(String::new, AccountCard::typed_place)
            }
            "send_code" => format!("code-{}", typed.id),
            "sign_together" => self.together.as_ref().map_or_else(String::new, |all| match name {
                // The first of the ticks.
                "lists" => format!("{PLACE}-lists"),
                _ if all.step.waits_for_code() => format!("{PLACE}-code"),
                _ => format!("{PLACE}-{}", all.field()),
            }),
            "keep" | "undo" => format!("{}-{}", typed.act, typed.id),
            act => format!("{act}-{}-{name}", typed.id),
        };
        typed.errors.iter().map(|(name, message)| Mistake { field: field(name), message: told(message) }).collect()
    }

    /// Why the form that does this to this one was refused, where it has one field only.
    fn refusal(&self, act: &str, id: &str) -> Option<&str> {
        let typed = self.typed.as_ref().filter(|typed| typed.act == act && typed.id == id)?;
        typed.errors.first().map(|(_, message)| message.as_str())
    }

    /// What was typed as the number of names; a code is not shown again.
    fn count_typed(&self, account: &AccountId) -> &str {
        self.typed
            .as_ref()
            .filter(|t| t.act == "sign" && *account == t.id.as_str())
            .map_or("", |t| t.fields.get("count"))
    }

    /// What was done, where it was done.
    fn done_at(&self, place: &str) -> Option<&str> {
        self.done.as_ref().filter(|done| done.place == place).map(|done| done.text.as_str())
    }

    /// Those to sign first. The accounts themselves stay in their order, so that a page that was signed does not move.
    fn tasks(&self) -> Vec<&AccountCard> {
        let mut all: Vec<&AccountCard> = self.accounts.iter().collect();
        all.sort_by_key(|a| !a.to_sign());
        all
    }

    /// Where an account is shown open.
    fn task(&self, account: &AccountCard) -> String {
        format!("{}?open={}#{}", self.action, account.id, account.place())
    }

    /// "2 people could not be read, so they are not asked:".
    fn unread(&self) -> String {
        self.words.counted(self.left_out.len(), self.words.left_out_one, self.words.left_out_many)
    }

    fn left(&self) -> Vec<&AccountCard> {
        self.accounts.iter().filter(|a| a.to_sign()).collect()
    }

    fn names_left(&self) -> String {
        self.words.names(self.left().iter().map(|a| a.waiting()).sum())
    }

    /// "2 of 3 accounts signed, 14 names left."
    fn progress(&self) -> String {
        let (left, all) = (self.left().len(), self.accounts.len());
        let accounts = self.words.counted(all, self.words.account_one, self.words.account_many);
        let phrase = if self.counter { self.words.progress_counter } else { self.words.progress };
        let done = (all - left).to_string();
        fill(phrase, &[("done", &done), ("accounts", &accounts), ("names", &self.names_left())])
    }

    fn headline(&self) -> String {
        let w = self.words;
        if let (true, [first, others @ ..]) = (self.accounts.is_empty(), self.handed_over.as_slice()) {
            return match others {
                [] => fill(w.handed_to, &[("who", &first.0)]),
                _ => w.handed_to_others.into(),
            };
        }
        match (self.left().is_empty(), self.counter) {
            (true, _) => fill(w.all_done, &[("director", &self.director)]),
            (false, false) => fill(w.headline_sign, &[("names", &self.names_left())]),
            (false, true) => fill(w.headline_counter, &[("names", &self.names_left())]),
        }
    }
}
