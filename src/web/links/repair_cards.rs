//! From a task to its card on the page of an account manager, and from a settled one to what happens next.

use crate::base::clock::Ts;
use crate::rules::calendar::human;
use crate::rules::journal::Actor;
use crate::rules::repair::{TaskKind, in_plain_words};
use crate::rules::signoff::Standing;
use crate::steps::Live;
use crate::steps::repair::ContactTask;
use crate::store::contacts::Person;
use crate::web::kit::forms::repair_forms::{Typed, forms};
use crate::web::kit::frames::home;

use super::views::repair::RepairCard;

pub fn card(live: &Live, now: Ts, broken: &ContactTask, action: &str, typed: Option<&Typed<'_>>) -> RepairCard {
    let (task, p) = (&broken.task, &broken.person);
    let what = match task.kind {
        TaskKind::Correct => in_plain_words(&task.why),
        TaskKind::Replace if p.left_at.is_none() => "We were told that this person is not whom to ask.",
        TaskKind::Replace if Actor::Program.is(&task.opened_by) => {
            "An automatic reply says that this person has left the company."
        }
        TaskKind::Replace => "We heard that this person has left the company.",
    };
    RepairCard {
        id: p.id.clone(),
        name: p.full_name(),
        job_title: p.job_title.clone(),
        role: p.role.label().into(),
        account: p.account.clone(),
        email: p.email.as_str().into(),
        since: human(task.opened_at, now, &home(live)),
        what: what.into(),
        said: task.why.clone(),
        proposed: task.proposed.lines().map(Into::into).collect(),
        forms: forms(p, task.kind, task.proposed.lines().next().unwrap_or(""), action, "", typed),
    }
}

/// Who does what next, once a task is settled. `successor`: who stands in the place of the contact now.
pub fn next(live: &Live, person: &Person, successor: Option<&Person>, director: &str) -> String {
    let on_the_list = Some(person).filter(|p| p.removed_at.is_none());
    let Some(now) = successor.filter(|s| s.removed_at.is_none()).or(on_the_list) else {
        return "Nobody is asked in this place.".into();
    };
    let has_answered = now.completed_at.is_some() && live.spec.participation.names();
    if has_answered || now.opted_out_at.is_some() {
        return String::new();
    }
    let name = now.full_name();
    let gets = if now.sent_count == 0 && now.joined_at.is_some() {
        format!("{name} gets a short introduction and some days later the invitation")
    } else if now.invited_at.is_none() {
        format!("{name} gets the letters, the invitation among them,")
    } else {
        format!("{name} gets what is still to come")
    };
    match now.standing {
        Standing::Unsigned => format!("{gets} after {director} has signed the changed list."),
        Standing::CounterSign => {
            format!("{gets} after {} has signed the changed list.", live.spec.signoff.sales_director)
        }
        Standing::Signed => format!("The list is signed: {gets} as planned."),
    }
}
