//! From a task to its card on the page of an account manager, and from a settled one to what happens next.

use crate::base::sentence::capitalised;
use crate::rules::contacts::Finding;
use crate::rules::contacts::spoken::spoken;
use crate::rules::journal::Actor;
use crate::rules::repair::{Refusal, TaskKind};
use crate::rules::signoff::Standing;
use crate::steps::Live;
use crate::steps::repair::ContactTask;
use crate::store::contacts::Person;
use crate::web::kit::forms::repair_forms::{DROP_REASONS, Typed, drop_reason, forms, in_words, role};
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::repair_phrases::RepairPhrases;

use super::here::Here;
use super::views::repair::RepairCard;

pub fn card(here: &Here<RepairPhrases>, broken: &ContactTask, action: &str, typed: Option<&Typed<'_>>) -> RepairCard {
    let (task, p, w) = (&broken.task, &broken.person, here.words);
    let what = match task.kind {
        TaskKind::Correct => match Refusal::of(&task.why) {
            Refusal::NoDomain => w.no_domain,
            Refusal::MailboxClosed => w.mailbox_closed,
            Refusal::NotKnown => w.not_known,
        },
        TaskKind::Replace if p.left_at.is_none() => w.not_whom,
        TaskKind::Replace if Actor::Program.is(&task.opened_by) => w.reply_left,
        TaskKind::Replace => w.heard_left,
    };
    let proposed: Vec<&str> = task.proposed.lines().collect();
    RepairCard {
        id: p.id.clone(),
        name: p.full_name(),
        job_title: p.job_title.clone(),
        role: role(w, p.role).into(),
        account: p.account.clone(),
        email: p.email.as_str().into(),
        since: here.moment(task.opened_at),
        what: what.into(),
        said: task.why.clone(),
        proposed: match proposed.as_slice() {
            [] => String::new(),
            some => fill(w.asks_to_write, &[("addresses", &some.join(", "))]),
        },
        forms: forms(w, (p, task.kind, proposed.first().copied().unwrap_or_default()), action, "", typed),
    }
}

/// What became of a task: as it was kept, in the words of the page as far as it was not typed by somebody.
pub fn became(w: &RepairPhrases, outcome: &str) -> String {
    let told = |phrase: &str, name: &str, rest: &str| fill(phrase, &[(name, rest.trim_end_matches('.'))]);
    if let Some(who) = outcome.strip_prefix("corrected: ") {
        return told(w.became_corrected, "who", who);
    }
    if let Some(who) = outcome.strip_prefix("replaced by ") {
        return told(w.became_replaced, "who", who);
    }
    if let Some(why) = outcome.strip_prefix("taken off the list: ") {
        let chosen = DROP_REASONS.iter().find_map(|(value, label)| Some((*value, why.strip_prefix(label)?)));
        let why = chosen.map(|(value, rest)| format!("{}{rest}", drop_reason(w, value)));
        return told(w.became_removed, "why", why.as_deref().unwrap_or(outcome_of(outcome)));
    }
    match outcome {
        "opted out" => w.became_opted_out.into(),
        other => format!("{}.", capitalised(other).trim_end_matches('.')),
    }
}

/// What stands behind the colon.
fn outcome_of(outcome: &str) -> &str {
    outcome.split_once(": ").map_or(outcome, |(_, rest)| rest)
}

/// What is asked about an address before it is taken.
pub fn question(w: &RepairPhrases, asked: &Finding) -> String {
    in_words(w, asked.message.clone(), spoken(asked, w.code))
}

/// Who does what next, once a task is settled. `successor`: who stands in the place of the contact now; `director`: where one is known.
pub fn next(
    live: &Live,
    w: &RepairPhrases,
    person: &Person,
    successor: Option<&Person>,
    director: Option<&str>,
) -> String {
    let on_the_list = Some(person).filter(|p| p.removed_at.is_none());
    let Some(now) = successor.filter(|s| s.removed_at.is_none()).or(on_the_list) else {
        return w.nobody_asked.into();
    };
    let has_answered = now.completed_at.is_some() && live.spec.participation.names();
    if has_answered || now.opted_out_at.is_some() {
        return String::new();
    }
    let phrase = if now.sent_count == 0 && now.joined_at.is_some() {
        w.gets_introduction
    } else if now.invited_at.is_none() {
        w.gets_letters
    } else {
        w.gets_rest
    };
    let gets = fill(phrase, &[("name", &now.full_name())]);
    let after = |who: &str| fill(w.after_signature, &[("gets", &gets), ("director", who)]);
    match now.standing {
        Standing::Unsigned => after(director.unwrap_or(w.the_director)),
        Standing::CounterSign => after(&live.spec.signoff.sales_director),
        Standing::Signed => fill(w.is_signed, &[("gets", &gets)]),
    }
}
