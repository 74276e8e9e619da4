//! Who is to be called, who was called and who could answer, as rows of the page of the account team.

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::calling::Outcome;
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::steps::calling::{self, Place, Wanted};
use crate::steps::letters::ready::ready_text;
use crate::store::Tx;
use crate::store::calling::Lately;
use crate::store::contacts::Person;
use crate::store::sending::outbox::{self, Message};
use crate::web::kit::forms::query::{mail_to, query};
use crate::web::kit::paging;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, FormWords, in_rows};
use crate::web::kit::views::frame::Status;
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::team_phrases::TeamPhrases;

use super::team_page::{Asked, Refused, form_of};
use super::views::team::{Ready, TeamCall, TeamCalled, TeamPage, TeamPerson};

/// As many people as one calls between two other things.
const CALLS: i64 = 10;

impl Asked<'_> {
    pub(super) async fn calls(&self, tx: &mut Tx, page: TeamPage) -> Result<TeamPage> {
        let (ctx, live, w) = (&self.web.ctx, &self.sheet.live, self.w());
        let is_open = matches!(live.state, RoundState::Running | RoundState::Paused);
        let number = paging::number(self.words);
        let wanted = Wanted { manager: self.email().into(), silent_only: false };
        let places = if is_open { calling::call_list(ctx, tx, live, &wanted).await?.places } else { Vec::new() };
        let total = places.len() as i64;
        let skipped = usize::try_from((number - 1) * CALLS).unwrap_or(usize::MAX);
        let mut calls: Vec<TeamCall> = Vec::new();
        for place in places.into_iter().skip(skipped).take(CALLS as usize) {
            calls.push(self.call(tx, place, is_open).await?);
        }
        in_rows("main", calls.iter_mut().map(|row| (row.place(), &mut row.form)));
        let lately = calling::lately_of(ctx, tx, live, self.email()).await?;
        let mut lately: Vec<TeamCalled> = lately.into_iter().map(|call| self.called(call, is_open)).collect();
        in_rows("main", lately.iter_mut().map(|row| (row.place.clone(), &mut row.take_back)));
        let headline = match total {
            0 => w.nobody_to_call.to_string(),
            n => w.counted(n as usize, w.to_call_one, w.to_call_many),
        };
        let nobody = match total {
            0 if is_open => w.rests,
            0 => w.not_running,
            _ => "",
        };
        let paging = (total > CALLS).then(|| paging::by(CALLS, number, calls.len(), total, &self.address(), &[]));
        Ok(TeamPage { headline, calls, nobody, lately, paging, ..page })
    }

    async fn call(&self, tx: &mut Tx, place: Place, is_open: bool) -> Result<TeamCall> {
        let (live, w) = (&self.sheet.live, self.w());
        let Place { person: p, ranked, calls, reserved_by } = place;
        let details = calling::details(tx, live, &p).await?;
        let messages = outbox::of_contact(tx, &p.id).await?;
        let last = messages.iter().rev().find(|message| message.state.may_have_arrived());
        let is_mine = reserved_by.as_deref().is_some_and(|caller| self.sheet.actor().is(caller));
        let caller = reserved_by.filter(|_| !is_mine);
        let before = match calls {
            ..=0 => None,
            1 => Some(w.called_once.to_string()),
            n => Some(fill(w.called_often, &[("n", &n.to_string())])),
        };
        let said = before.into_iter().chain(is_mine.then(|| w.you_call.to_string()));
        Ok(TeamCall {
            name: p.full_name(),
            role: role(w, p.role),
            why: calling::why(w.code, &ranked, &p.account, details.stopped.as_ref()),
            telephones: details.telephones,
            last: last.map_or(w.no_message.to_string(), |message| self.last(message)),
            said: said.collect(),
            form: (is_open && caller.is_none()).then(|| self.form(&p.id, &p.full_name(), calls, is_mine)),
            caller: caller.map(|who| fill(w.calls_today, &[("who", &who)])),
            ready: self.ready(&p),
            email: p.email.as_str().into(),
            job_title: p.job_title,
            account: p.account,
            id: p.id,
        })
    }

    /// "Last message: reminder 1, Thu 11 Feb, 11:11."
    fn last(&self, message: &Message) -> String {
        let w = self.w();
        let letter = match message.kind {
            MessageKind::WarmUp => w.letter_warm_up.to_string(),
            MessageKind::Invitation => w.letter_invitation.to_string(),
            MessageKind::ThankYou => w.letter_thanks.to_string(),
            _ => fill(w.letter_reminder, &[("n", &message.number.to_string())]),
        };
        let when = self.here.moment(message.settled_at.unwrap_or(message.due_at));
        fill(w.last_message, &[("letter", &letter), ("when", &when)])
    }

    /// Words to send, where there are any.
    fn ready(&self, person: &Person) -> Option<Ready> {
        let (w, name) = (self.w(), person.full_name());
        let words = ready_text(&self.sheet.live, person, &self.sheet.link).ok()?;
        Some(Ready {
            href: mail_to(person.email.as_str(), &words.subject, &words.text),
            to: fill(w.write_to, &[("name", &name)]),
            of: fill(w.words_for, &[("name", &name)]),
            subject: words.subject,
            text: words.text,
            lang: words.language,
        })
    }

    /// What was typed into this form, where it was refused.
    fn refused_in(&self, form: &str) -> Option<&Refused<'_>> {
        self.refused.as_ref().filter(|refused| refused.form == form)
    }

    fn form_words(&self) -> FormWords {
        FormWords { error: self.w().error, optional: self.w().optional }
    }

    fn form(&self, contact: &ContactId, name: &str, calls: i64, is_mine: bool) -> ActionForm {
        let (id, w) = (form_of(contact), self.w());
        let refused = self.refused_in(&id);
        let typed = |field: &str| refused.map_or("", |refused| refused.typed.get(field)).to_string();
        let error =
            |field: &str| refused.filter(|refused| refused.field == Some(field)).map(|refused| refused.why.clone());
        let page = self.words.get("page");
        ActionForm {
            action: format!("{}{}", self.address(), query(&[("page", page)])),
            act: "note",
            hidden: vec![("contact", contact.to_string()), ("calls", calls.to_string())],
            label: w.became.into(),
            about: fill(w.about_to, &[("name", name)]),
            fields: vec![
                Field::select("outcome", w.became_of, typed("outcome"), choices(w, is_mine)).error(error("outcome")),
                Field::text("day", w.day, typed("day"))
                    .control(Control::Date)
                    .hint(w.day_hint)
                    .optional()
                    .error(error("day")),
                Field::text("note", w.note, typed("note")).optional().error(error("note")),
            ],
            button: w.save.into(),
            opened: refused.is_some(),
            id,
            ..ActionForm::default()
        }
        .in_words(self.form_words())
    }

    fn called(&self, call: Lately, is_open: bool) -> TeamCalled {
        let (name, place, w) = (call.full_name(), format!("called-{}", call.id), self.w());
        let id = format!("back-{}", call.id);
        let of_name = |phrase: &str| fill(phrase, &[("name", &name)]);
        let tick = Field::check("confirm", of_name(w.take_back_tick));
        let error = self.refused_in(&id).map(|refused| refused.why.clone());
        let take_back = ActionForm {
            action: self.address(),
            act: "take_back_call",
            hidden: vec![("call", call.id.to_string())],
            label: w.take_back.into(),
            about: of_name(w.take_back_about),
            fields: vec![tick.error(error)],
            button: w.take_back_button.into(),
            id,
            ..ActionForm::default()
        }
        .in_words(self.form_words());
        let is_own = self.sheet.actor().is(&call.made_by);
        TeamCalled {
            place,
            said: self.heard(&call),
            when: self.here.moment(call.at),
            answered: call.completed_at.map(|_| Status::good(w.has_answered)),
            take_back: (is_open && is_own && call.latest == 1).then_some(take_back),
            name,
            account: call.account,
            note: call.note,
            by: call.made_by,
        }
    }

    fn heard(&self, call: &Lately) -> String {
        let w = self.w();
        let day = call.day().map(|day| self.here.day(day));
        match (call.outcome, day) {
            (Outcome::Called, _) => w.heard_called.into(),
            (Outcome::WillAnswer, Some(day)) => fill(w.heard_will_by, &[("day", &day)]),
            (Outcome::WillAnswer, None) => w.heard_will.into(),
            (Outcome::OnLeave, Some(day)) => fill(w.heard_leave_until, &[("day", &day)]),
            (Outcome::OnLeave, None) => w.heard_leave.into(),
            (Outcome::WrongPerson, _) => w.heard_wrong.into(),
            (Outcome::HasLeft, _) => w.heard_left.into(),
            (Outcome::NotChased, _) => w.heard_not.into(),
        }
    }

    pub(super) fn person(&self, person: Person) -> TeamPerson {
        let (w, role) = (self.w(), role(self.w(), person.role));
        let has_begun = self.names() && person.started_at.is_some();
        TeamPerson {
            place: format!("person-{}", person.id),
            name: person.full_name(),
            stands: if has_begun { fill(w.begun, &[("role", role)]) } else { role.into() },
            ready: self.ready(&person),
            email: person.email.as_str().into(),
            job_title: person.job_title,
            account: person.account,
        }
    }
}

fn role(w: &TeamPhrases, role: Role) -> &'static str {
    match role {
        Role::KeyDecisionMaker => w.role_decider,
        Role::Influencer => w.role_influencer,
        Role::OperationalContact => w.role_operational,
        Role::Unknown => w.role_unknown,
    }
}

/// None is chosen beforehand.
fn choices(w: &TeamPhrases, is_mine: bool) -> Vec<Choice> {
    let said = |outcome: Outcome| match outcome {
        Outcome::Called => w.choose_called,
        Outcome::WillAnswer => w.choose_will,
        Outcome::OnLeave => w.choose_leave,
        Outcome::WrongPerson => w.choose_wrong,
        Outcome::HasLeft => w.choose_left,
        Outcome::NotChased => w.choose_not,
    };
    let later = if is_mine { Choice::new("release_call", w.release) } else { Choice::new("reserve", w.reserve) };
    let none = Choice::new("", w.choose);
    [none]
        .into_iter()
        .chain(Outcome::ALL.map(|outcome| Choice::new(outcome.as_str(), said(outcome))))
        .chain([later])
        .collect()
}
