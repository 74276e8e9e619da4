//! What a form of a director's page asks for: read, done, and what is wrong with it in the words of the page.

use crate::base::ids::{AccountId, ContactId, NameChangeId};
use crate::rules::contacts::Role;
use crate::rules::journal::Actor;
use crate::rules::text::typed::{LONGEST_LINE, one_line};
use crate::steps::repair::successors::Successor;
use crate::steps::signoff::names::asking_operations::{AskOperations, LONGEST_QUESTION, NotAsked, OPEN_QUESTIONS};
use crate::steps::signoff::names::editing::Edit;
use crate::steps::signoff::names::{ChangeNames, NameChange, NotDone};
use crate::steps::signoff::signing::human_step::SendCode;
use crate::steps::signoff::signing::withdrawing::WithdrawSignature;
use crate::steps::signoff::signing::{ShownList, SignLists};
use crate::web::kit::forms::corrections::corrected;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::form::LINES;
use crate::web::kit::views::frame::Letter;
use crate::web::kit::views::phrases::fill;

use super::human_step::{not_sent, not_signed, not_to_sign};
use super::signoff_cards::kept_reason;
use super::signoff_refusals::{Reader, Wrong};
use super::views::human_step::TakingBack;
use super::views::signoff::AccountCard;
use super::views::signoff_forms::topic;

/// What was corrected, as it is kept.
const CORRECTED_JOB: &str = "Job title or role";
const CORRECTED_SEVERAL: &str = "Several things";

/// One form as it came.
pub struct Posted<'a> {
    pub secret: &'a str,
    pub fields: &'a Fields,
    pub card: &'a AccountCard,
    pub words: &'static DirectorPhrases,
    pub letter: &'a Letter,
    pub came_from: String,
}

/// What became of a form: the name to look at now, if there is one; or by field why nothing was done.
pub type Outcome = Result<Option<ContactId>, Wrong>;

pub fn wrong(field: &'static str, sentence: impl Into<String>) -> Outcome {
    Err(vec![(field, sentence.into())])
}

impl Posted<'_> {
    pub async fn act(&self, web: &Web) -> Result<Outcome, Failure> {
        match self.fields.get("act") {
            "sign" | "counter_sign" => self.sign(web).await,
            "send_code" => {
                let order = SendCode { secret: self.secret.into() };
                let sent = web.ctx.order(&Actor::Visitor, order).await;
                let sent = self.reader().told(sent, ("code", self.words.code_none_waits))?;
                Ok(sent.and_then(|sent| match sent {
                    Ok(()) => Ok(None),
                    Err(why) => wrong("code", not_sent(self.words, &self.card.step.email, why)),
                }))
            }
            "take_back" => self.take_back(web).await,
            "ask" => self.ask(web).await,
            "add" => self.add(web).await,
            "keep" => self.keep(web).await,
            "undo" => self.undo(web).await,
            "correct" | "replace" | "remove" | "restore" => self.edit(web).await,
            _ => Err(self.reader().unknown()),
        }
    }

    fn reader(&self) -> Reader<'_> {
        Reader { words: self.words, letter: self.letter }
    }

    async fn sign(&self, web: &Web) -> Result<Outcome, Failure> {
        let (w, card, typed) = (self.words, self.card, self.fields.get(self.card.step.field()));
        if let Some(why) = not_to_sign(w, card, self.fields.get("fingerprint")) {
            return Ok(wrong(card.step.field(), why));
        }
        let order = SignLists {
            secret: self.secret.into(),
            lists: vec![ShownList { account: card.id.clone(), fingerprint: self.fields.get("fingerprint").into() }],
            step: card.step.step,
            typed: typed.into(),
            came_from: self.came_from.clone(),
        };
        let signed = web.ctx.order(&Actor::Visitor, order).await;
        let signed = self.reader().told(signed, (card.step.field(), w.meanwhile))?;
        Ok(signed.and_then(|signed| match signed {
            Ok(_) => Ok(None),
            Err(why) => wrong(card.step.field(), not_signed(w, Some(&card.name), &card.step.email, &why)),
        }))
    }

    async fn take_back(&self, web: &Web) -> Result<Outcome, Failure> {
        if self.fields.get("confirm") != "yes" {
            return Ok(wrong("confirm", self.words.tick_take_back));
        }
        if self.card.taking_back == TakingBack::TooLate {
            return Ok(wrong("confirm", format!("{} {}", self.words.stays_signed, self.words.stays_next)));
        }
        let order = WithdrawSignature { secret: self.secret.into(), account: self.account() };
        let back = web.ctx.order(&Actor::Visitor, order).await;
        let sentence = fill(self.words.not_taken_back, &[("account", &self.card.name)]);
        Ok(self.reader().told(back, ("confirm", &sentence))?.map(|_| None))
    }

    async fn ask(&self, web: &Web) -> Result<Outcome, Failure> {
        let w = self.words;
        let Some(topic) = topic(DirectorPhrases::of("en"), self.fields.get("topic")) else {
            return Ok(wrong("topic", w.choose_topic));
        };
        let words = self.fields.get("question").into();
        let order = AskOperations { secret: self.secret.into(), account: self.account(), topic, words };
        let asked = web.ctx.order(&Actor::Visitor, order).await;
        let asked = match self.reader().told(asked, ("question", w.meanwhile))? {
            Ok(asked) => asked,
            Err(wrong) => return Ok(Err(wrong)),
        };
        Ok(match asked {
            Ok(()) => Ok(None),
            Err(NotAsked::Nothing) => wrong("question", w.ask_nothing),
            Err(NotAsked::TooLong(n)) => wrong(
                "question",
                fill(w.ask_too_long, &[("n", &n.to_string()), ("most", &LONGEST_QUESTION.to_string())]),
            ),
            Err(NotAsked::TooMany) => wrong("question", fill(w.ask_too_many, &[("n", &OPEN_QUESTIONS.to_string())])),
        })
    }

    async fn add(&self, web: &Web) -> Result<Outcome, Failure> {
        match self.without_role() {
            errors if errors.is_empty() => self.change(web, NameChange::Add(self.person())).await,
            errors => Ok(Err(errors)),
        }
    }

    /// Somebody new has a role that was chosen, which no robot does.
    fn without_role(&self) -> Vec<(&'static str, String)> {
        let missing = self.fields.get("role").is_empty().then(|| ("role", self.words.choose_role.into()));
        self.too_long().chain(missing).collect()
    }

    /// Roles that were chosen at their rows, and what was found right: one press, one change.
    async fn keep(&self, web: &Web) -> Result<Outcome, Failure> {
        let ticked = self.fields.pairs().filter(|(name, _)| *name == "right").map(|(_, value)| value);
        let on_page = |id: &&str| self.card.names().any(|row| row.id == *id);
        let right: Vec<ContactId> = ticked.filter(on_page).map(ContactId::from).collect();
        // By the form, not by the page, whose rows stand elsewhere at the second press.
        let chosen = self.fields.under("role").into_iter().filter(|(id, _)| on_page(&id.as_str()));
        let role = |(id, text): (String, String)| Some((ContactId::from(id), Role::parse(&text)?));
        let roles: Vec<_> = chosen.filter_map(role).filter(|(_, role)| *role != Role::Unknown).collect();
        if roles.is_empty() && right.is_empty() {
            return Ok(wrong("right", self.words.tick_right));
        }
        self.change(web, NameChange::Review { roles, right }).await
    }

    async fn undo(&self, web: &Web) -> Result<Outcome, Failure> {
        if self.fields.get("confirm") != "yes" {
            return Ok(wrong("confirm", self.words.tick_undo));
        }
        self.change(web, NameChange::TakeBack(NameChangeId::from(self.fields.get("change")))).await
    }

    /// What is done to one name that is on the page.
    async fn edit(&self, web: &Web) -> Result<Outcome, Failure> {
        let (w, contact) = (self.words, ContactId::from(self.fields.get("contact")));
        let gone = self.card.removed.iter().find(|n| n.id == contact);
        let name = |phrase: &str, who: &str| fill(phrase, &[("name", who)]);
        let change = match (self.fields.get("act"), gone) {
            ("restore", Some(gone)) if self.fields.get("confirm") != "yes" => {
                return Ok(wrong("confirm", name(w.tick_restore, &gone.full_name)));
            }
            ("restore", _) => NameChange::Edit(contact, Edit::PutBack),
            // The second tap of two hears what the first one did.
            ("remove", Some(_)) => return Ok(Ok(Some(contact))),
            ("remove", None) => match kept_reason(self.fields.get("reason")) {
                Some(reason) => NameChange::Edit(contact, Edit::Remove { reason: reason.into() }),
                None => return Ok(wrong("reason", w.choose_reason)),
            },
            ("replace", _) => match self.without_role() {
                errors if errors.is_empty() => NameChange::Replace(contact, self.person()),
                errors => return Ok(Err(errors)),
            },
            (_, Some(gone)) => return Ok(wrong("confirm", name(w.put_back_first, &gone.full_name))),
            (_, None) => {
                let mut errors: Vec<_> = self.too_long().collect();
                let is_ticked = self.fields.get("confirm") == "yes";
                errors.extend((!is_ticked).then(|| ("confirm", w.tick_correct.into())));
                if !errors.is_empty() {
                    return Ok(Err(errors.into_iter().chain(self.wrong_address()).collect()));
                }
                let mut edit = corrected(self.fields);
                if let Edit::Correct(c) | Edit::CorrectSame(c) = &mut edit {
                    c.reason = self.what_is_corrected(&contact).into();
                }
                NameChange::Edit(contact, edit)
            }
        };
        self.change(web, change).await
    }

    /// What differs from the row, as it is kept with the correction.
    fn what_is_corrected(&self, contact: &ContactId) -> &'static str {
        let Some(row) = self.card.names().find(|row| row.id == *contact) else { return CORRECTED_SEVERAL };
        let differs = |name: &str, own: &str| one_line(self.fields.get(name)) != own;
        let name = differs("first_name", &row.first_name) || differs("last_name", &row.last_name);
        let job = differs("job_title", &row.job_title) || differs("role", row.role.as_str());
        match (name, job, differs("email", &row.email)) {
            (true, false, false) => "The name",
            (false, true, false) => CORRECTED_JOB,
            (false, false, true) => "The e-mail address",
            _ => CORRECTED_SEVERAL,
        }
    }

    fn person(&self) -> Successor {
        let get = |name: &str| self.fields.get(name).to_string();
        Successor {
            first_name: get("first_name"),
            last_name: get("last_name"),
            email: get("email"),
            job_title: get("job_title"),
            role: get("role"),
        }
    }

    fn wrong_address(&self) -> Option<(&'static str, String)> {
        let typed = self.fields.get("email");
        let wrong = crate::base::address::EmailAddress::parse(typed).is_err();
        wrong.then(|| ("email", self.sentence(&NotDone::NoAddress(typed.chars().take(80).collect())).1))
    }

    fn too_long(&self) -> impl Iterator<Item = (&'static str, String)> {
        LINES.into_iter().filter_map(|name| {
            let n = one_line(self.fields.get(name)).chars().count();
            (n > LONGEST_LINE).then(|| (name, self.sentence(&NotDone::TooLong(n)).1))
        })
    }

    async fn change(&self, web: &Web, change: NameChange) -> Result<Outcome, Failure> {
        let order = ChangeNames { secret: self.secret.into(), account: self.account(), change };
        let done = web.ctx.order(&Actor::Visitor, order).await;
        let done = self.reader().told(done, (self.field("email"), self.words.meanwhile))?;
        Ok(done.and_then(|done| {
            done.or_else(|why| {
                let (field, sentence) = self.sentence(&why);
                wrong(self.field(field), sentence)
            })
        }))
    }

    fn account(&self) -> AccountId {
        self.card.id.clone()
    }

    /// The field of this form beside which a refusal stands.
    fn field(&self, meant: &'static str) -> &'static str {
        match self.fields.get("act") {
            "remove" => "reason",
            "restore" | "undo" => "confirm",
            "keep" => "right",
            _ => meant,
        }
    }

    /// Why nothing was done, in a sentence, and the field that it is about.
    fn sentence(&self, why: &NotDone) -> (&'static str, String) {
        let w = self.words;
        let of = |email: &str, who: &Option<(String, String)>, (known, other): (&str, &str)| match who {
            Some((who, account)) => fill(known, &[("email", email), ("who", who), ("account", account)]),
            None => fill(other, &[("email", email)]),
        };
        match why {
            NotDone::NoName => ("last_name", w.no_name.into()),
            NotDone::NobodysName(typed) => ("last_name", fill(w.nobodys_name, &[("typed", typed)])),
            NotDone::TooLong(n) => {
                ("last_name", fill(w.too_long, &[("n", &n.to_string()), ("most", &LONGEST_LINE.to_string())]))
            }
            NotDone::NoAddress(typed) => ("email", fill(w.no_address, &[("typed", typed)])),
            NotDone::OnTheList { email, who } => ("email", of(email, who, (w.on_list_who, w.on_list))),
            NotDone::TakenOff { email, who } => ("email", of(email, who, (w.taken_off_who, w.taken_off))),
            NotDone::Objected(email) => ("email", fill(w.objected, &[("email", email)])),
            NotDone::HasLeft(email) => ("email", fill(w.has_left, &[("email", email)])),
            NotDone::Dead(email) => ("email", fill(w.dead, &[("email", email)])),
            NotDone::KeepsPlace(name) => ("email", fill(w.keeps_place, &[("name", name)])),
            NotDone::HasAnswered(name) => ("email", fill(w.has_answered, &[("name", name)])),
            NotDone::NotOnTheList(name) => ("email", fill(w.not_on_list, &[("name", name)])),
            NotDone::NothingDiffers => ("confirm", w.nothing_differs.into()),
            NotDone::WrittenTo(name) => ("confirm", fill(w.written_to, &[("name", name)])),
            NotDone::NothingToTakeBack => ("confirm", w.nothing_back.into()),
        }
    }
}
