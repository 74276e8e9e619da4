//! What an operator can do with a mail, as forms: what it says or proposes, and what is done with it on the desk.

use crate::base::ids::ReplyId;
use crate::rules::calling::Outcome;
use crate::rules::replies::desk::Amiss;
use crate::rules::round::{RoundState, Sender};
use crate::steps::Live;
use crate::steps::replies::desk::{Colleague, Unarrived};
use crate::store::contacts::Person;
use crate::store::replies::Reply;
use crate::store::sending::outbox::Message;
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field};

use super::presses::{ARRIVED, NOBODY, NOT_ARRIVED};
use super::proposal;

/// What was typed into a form that was refused, and why.
pub(super) struct Refused<'f> {
    pub reply: &'f ReplyId,
    pub act: &'f str,
    pub typed: &'f Fields,
    pub field: &'static str,
    pub why: String,
}

/// What is offered beside a mail that can be worked on.
#[derive(Default)]
pub(super) struct Offers<'o> {
    /// In whose name it is answered; none where it cannot be.
    pub sender: Option<&'o Sender>,
    /// To whom it may be forwarded.
    pub colleagues: Vec<Colleague>,
    /// How often the contact was called, where he may be.
    pub calls: Option<usize>,
    /// What was answered, and forwarded, and has not arrived.
    pub answer: Option<Unarrived<'o>>,
    pub forward: Option<Unarrived<'o>>,
}

/// Said before what may go twice.
const MAY_GO_TWICE: &str = "What was sent before may have arrived all the same: ask before it goes again.";

/// With what is to be known before it is sent again.
fn again(explain: &str, before: Option<&Unarrived<'_>>) -> String {
    match before.map(|before| before.amiss) {
        None => explain.to_string(),
        Some(Amiss::InDoubt) => format!("{MAY_GO_TWICE} {explain}"),
        Some(_) => format!("What was written before has not arrived; it stands here, to be sent again. {explain}"),
    }
}

pub(super) struct Forms<'a> {
    pub live: &'a Live,
    pub by: &'a Operator,
    pub here: &'a str,
    pub operators: &'a [String],
    pub refused: Option<&'a Refused<'a>>,
}

/// The outcomes of a call, as buttons of the call list have them.
const OUTCOMES: [(Outcome, &str); 6] = [
    (Outcome::Called, "called"),
    (Outcome::WillAnswer, "will answer"),
    (Outcome::OnLeave, "on leave until a day"),
    (Outcome::WrongPerson, "wrong person"),
    (Outcome::HasLeft, "has left"),
    (Outcome::NotChased, "do not chase"),
];

impl Forms<'_> {
    pub(super) fn of(&self, reply: &Reply, person: Option<&Person>, offers: &Offers<'_>) -> Vec<ActionForm> {
        let mut all = self.mails(reply, person, offers);
        all.extend(self.said(reply, person));
        all.extend(self.passing(reply, person));
        all
    }

    fn form(
        &self,
        reply: &Reply,
        person: Option<&Person>,
        act: &'static str,
        (label, explain, button): (&str, &str, &str),
    ) -> ActionForm {
        ActionForm {
            id: format!("{act}-{}", reply.id),
            action: self.here.into(),
            act,
            csrf: self.by.csrf.clone(),
            hidden: vec![("reply", reply.id.to_string()), ("known", reply.version.to_string())],
            label: label.into(),
            about: person.map_or_else(|| "of this mail".into(), Person::full_name),
            explain: explain.into(),
            button: button.into(),
            ..ActionForm::default()
        }
    }

    /// Of a mail written here of which nobody knows whether it has arrived: what a person who has asked can say.
    pub(super) fn doubt(&self, reply: &Reply, person: Option<&Person>, message: &Message) -> [ActionForm; 2] {
        let whom = &message.to_email;
        let form = |act: &'static str, label: &str, explain: &str, button: &str| {
            let mut form = self.form(reply, person, act, (label, explain, button));
            form.id = format!("{act}-{}", message.id);
            form.about = format!("the mail to {whom}");
            form.hidden.push(("message", message.id.to_string()));
            form
        };
        let explain = format!(
            "If it did arrive, {whom} gets it a second time: the same mail, which most mail programs show once."
        );
        [form(ARRIVED, "It arrived", "", ""), form(NOT_ARRIVED, "It did not arrive", &explain, "Send it once more")]
    }

    /// With what was typed before it was refused.
    fn field(&self, reply: &Reply, act: &str, name: &'static str, label: &str) -> Field {
        let refused = self.refused.filter(|r| *r.reply == reply.id && r.act == act);
        let error = refused.filter(|r| r.field == name).map(|r| r.why.clone());
        Field::text(name, label, refused.map_or("", |r| r.typed.get(name))).error(error)
    }

    /// Answer, forward, call.
    fn mails(&self, reply: &Reply, person: Option<&Person>, offers: &Offers<'_>) -> Vec<ActionForm> {
        let mut all = Vec::new();
        if let Some(from) = offers.sender {
            let explain = format!(
                "Leaves at once, in the name of {} <{}>, to {}. What you write is kept with the mail.",
                from.name, from.email, reply.from_email
            );
            let explain = again(&explain, offers.answer.as_ref());
            let keep =
                Field { value: self.typed(reply, "answer", "keep"), ..Field::check("keep", "Keep it on the desk") };
            let words = self.field(reply, "answer", "words", "Your answer").control(Control::Letter);
            let words = self.or_before(reply, "answer", words, offers.answer.as_ref().map(|b| b.act.words.as_str()));
            all.push(ActionForm {
                fields: vec![words, keep],
                ..self.form(reply, person, "answer", ("Answer", &explain, "Send the answer"))
            });
        }
        if !offers.colleagues.is_empty() {
            let choices = offers.colleagues.iter().map(|c| {
                let name = if c.name.is_empty() { c.email.as_str() } else { &c.name };
                Choice::new(c.who.as_str(), format!("{name}, {}", c.who.label()))
            });
            let to = Field { control: Control::Select(choices.collect()), ..self.field(reply, "forward", "to", "To") };
            let explain =
                "The mail leaves at once, with what was written and answered so far, and says that you forward it.";
            let explain = again(explain, offers.forward.as_ref());
            let words = self.field(reply, "forward", "words", "What you add").control(Control::Area).optional();
            let before = offers.forward.as_ref().map(|b| b.act);
            let words = self.or_before(reply, "forward", words, before.map(|act| act.words.as_str()));
            let whom = before.and_then(|act| offers.colleagues.iter().find(|c| c.email.as_str() == act.to_email));
            let to = self.or_before(reply, "forward", to, whom.map(|c| c.who.as_str()));
            all.push(ActionForm {
                fields: vec![to, words],
                ..self.form(reply, person, "forward", ("Forward", &explain, "Forward it"))
            });
        }
        if let Some(calls) = offers.calls {
            let choices = OUTCOMES.iter().map(|(outcome, label)| Choice::new(outcome.as_str(), *label)).collect();
            let what = Field {
                control: Control::Select(choices),
                ..self.field(reply, "call", "outcome", "What became of it")
            };
            let day = self.field(reply, "call", "day", "Day").control(Control::Date).optional();
            let day = day.hint("The last day of a leave, or the day by which the answers come.");
            let note = self.field(reply, "call", "note", "Note").optional();
            let explain = "As on the call list: reminders wait, and nobody else is told to call.";
            let mut form = self.form(reply, person, "call", ("Call", explain, "Note the call"));
            form.hidden.push(("calls", calls.to_string()));
            all.push(ActionForm { fields: vec![what, day, note], ..form });
        }
        all
    }

    /// What was typed before it was refused; else what was written before.
    fn or_before(&self, reply: &Reply, act: &str, field: Field, before: Option<&str>) -> Field {
        let is_refused = self.refused.is_some_and(|r| *r.reply == reply.id && r.act == act);
        match before.filter(|_| !is_refused) {
            Some(before) => Field { value: before.into(), ..field },
            None => field,
        }
    }

    fn typed(&self, reply: &Reply, act: &str, name: &str) -> String {
        let refused = self.refused.filter(|r| *r.reply == reply.id && r.act == act);
        refused.map_or_else(String::new, |r| r.typed.get(name).to_string())
    }

    /// What the mail says or proposes, and that it is seen to.
    fn said(&self, reply: &Reply, person: Option<&Person>) -> Vec<ActionForm> {
        let form =
            |act, label: &str, explain: &str, button: &str| self.form(reply, person, act, (label, explain, button));
        let stays = match person {
            Some(_) => "It leaves this list and stays on the contact’s page.",
            None => "It leaves this list and stands under “done”. It belongs to nobody on the list.",
        };
        let mut all = vec![ActionForm {
            fields: vec![self.field(reply, "handled", "note", "What was done").optional()],
            ..form("handled", "Seen to", stays, "It is seen to")
        }];
        if proposal::is_in(reply) {
            all = vec![form("ignore", "Ignore it", "", "")];
        }
        let Some(p) = person.filter(|p| p.removed_at.is_none() && self.live.state != RoundState::Closed) else {
            return all;
        };
        if p.left_at.is_none() {
            let accepts = proposal::accepts(reply).into_iter();
            all.splice(0..0, accepts.map(|(act, label)| form(act, &label, "", "")));
            let away = if reply.away_until.is_some() { "Away until another day" } else { "Away until" };
            all.push(ActionForm {
                fields: vec![self.field(reply, "away", "until", "Last day away").control(Control::Date)],
                ..form("away", away, "The next message waits for the first working day after it.", "Note the absence")
            });
            let explain = "Nothing more is sent, and a successor is to be found.";
            all.push(ActionForm {
                danger: true,
                ..form("left", "Has left", explain, &format!("{} has left", p.full_name()))
            });
        }
        if p.objected_at.is_none() {
            let explain = "For somebody who asks us not to write again.";
            all.push(ActionForm {
                danger: true,
                ..form("opt_out", "Opted out", explain, &format!("Never write to {} again", p.full_name()))
            });
        }
        all
    }

    /// Whose it is, a note, and until when it rests.
    fn passing(&self, reply: &Reply, person: Option<&Person>) -> Vec<ActionForm> {
        let form =
            |act, label: &str, explain: &str, button: &str| self.form(reply, person, act, (label, explain, button));
        let owner = reply.owner.as_deref().unwrap_or_default();
        let mut all = Vec::new();
        if owner != self.by.email {
            all.push(form("take", "Take it", "", ""));
        }
        let others = self.operators.iter().filter(|email| *email != owner && **email != self.by.email);
        let nobody = Choice::new(NOBODY, "nobody: it is everybody’s again");
        let mut choices: Vec<Choice> = others.map(|email| Choice::new(email, email)).collect();
        choices.extend(Some(nobody).filter(|_| !owner.is_empty()));
        if !choices.is_empty() {
            let to = Field { control: Control::Select(choices), ..self.field(reply, "give", "to", "To") };
            all.push(ActionForm {
                fields: vec![to],
                ..form("give", "Give it to", "It is theirs from then on.", "Give it")
            });
        }
        all.push(ActionForm {
            fields: vec![self.field(reply, "note", "note", "Note")],
            ..form("note", "Note", "It stays with the mail, for whoever works on it.", "Keep the note")
        });
        let day = self.field(reply, "put_off", "until", "Day").control(Control::Date);
        all.push(ActionForm {
            fields: vec![day],
            ..form("put_off", "Remind on a day", "It comes back on that day to whoever has it.", "Put it off")
        });
        if reply.rests_until.is_some() {
            all.push(form("put_on", "Look at it now", "", ""));
        }
        all
    }
}
