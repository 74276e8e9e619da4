//! What waits for somebody in a round, what costs most first: the part of the overview that asks for an act. Each item says what waiting
//! costs, and leads to the very place where it is settled.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::base::sentence::capitalised;
use crate::rules::completion::Status as Figures;
use crate::rules::completion::today::{Urgency, Waiting, in_order};
use crate::rules::round::RoundState;
use crate::rules::sending::standstill::Standstill;
use crate::steps::Live;
use crate::steps::duties::round_names::titled;
use crate::steps::sending::held::{Stop, Why};
use crate::store::Tx;
use crate::store::sending::outbox::Message;
use crate::web::console::views::rounds::completion::ToDo;
use crate::web::kit::anchors;
use crate::web::kit::forms::query::with;
use crate::web::kit::state::Web;
use crate::web::kit::times::day;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, Tone, plural};

use super::waits::{Open, Signing};

/// As many mails stand on the first page of the desk.
const ON_THE_DESK: i64 = 20;

/// Something to do, with what decides on its place.
pub struct Task {
    pub urgency: Urgency,
    tone: Tone,
    text: String,
    link: Link,
}

impl Task {
    pub(super) fn new(what: Waiting, tone: Tone, text: String, link: (&str, String)) -> Task {
        Task { urgency: Urgency::of(what), tone, text, link: Link::new(link.0, link.1) }
    }

    /// It no longer helps after this instant.
    pub(super) fn until(self, until: Option<Ts>) -> Task {
        Task { urgency: Urgency { until, ..self.urgency }, ..self }
    }
}

/// As the page shows it: what waiting costs most first, today as it is at the round's own place.
pub fn ordered(live: &Live, tasks: Vec<Task>, now: Ts) -> Vec<ToDo> {
    let end_of_today = live.sequence.home().end_of_day(now);
    let told = |task: Task| ToDo {
        tone: task.tone,
        text: task.text,
        costs: task.urgency.costs(end_of_today).into(),
        link: task.link,
    };
    in_order(tasks, |task| task.urgency, end_of_today).into_iter().map(told).collect()
}

/// Nothing leaves until a person has acted. Incidents have a line of their own.
pub(super) fn held_up(stop: &Stop) -> Option<Task> {
    let there = ("See why and decide", anchors::holds());
    (stop.why != Why::Incident).then(|| Task::new(Waiting::AllMail, Tone::Wrong, stop.what.clone(), there))
}

/// Nothing leaves: nothing else is as urgent.
pub(super) fn stands_still(still: Standstill) -> Task {
    let text = format!("{} {}", still.what, still.next);
    Task::new(Waiting::AllMail, Tone::Wrong, text, ("See what the server answers", anchors::server()))
}

/// What of the program's own work fails, whichever round it belongs to.
pub(super) async fn failing(web: &Web, tx: &mut Tx, now: Ts) -> Result<Vec<Task>> {
    let mut all = Vec::new();
    for t in web.ctx.failures.now(now) {
        let text = format!("{}: {}", capitalised(&titled(tx, &t.name).await?), t.what);
        let there = ("See since when, and whether it works again", anchors::failing());
        all.push(Task::new(Waiting::OwnWork, Tone::Wrong, text, there));
    }
    Ok(all)
}

/// "Mail to a gateway is held", each where it is released.
fn gateways(open: &Open) -> impl Iterator<Item = Task> {
    open.held.iter().map(|gateway| {
        let there = ("See what it says and release it", anchors::gateway(gateway));
        Task::new(Waiting::SomeMail, Tone::Wrong, format!("Mail to {gateway} is held"), there)
    })
}

/// What the first letter goes without.
fn signatures(live: &Live, f: &Figures, signing: &Signing) -> Vec<Task> {
    let board = urls::board(&live.slug);
    let is_asked = live.state == RoundState::Running && signing.late > 0;
    let there = match is_asked {
        true => ("Ask who is late again", format!("{board}#ask-late")),
        false => ("See who signs", format!("{}#accounts", with(board.clone(), "show", "open"))),
    };
    let until = signing.letter.and_then(|letter| letter.before());
    let mut all = Vec::new();
    if signing.late_of_strategic > 0 {
        let n = signing.late_of_strategic as usize;
        let who =
            plural(n, "account director of a strategic account is", "account directors of strategic accounts are");
        all.push(Task::new(Waiting::StrategicLate, Tone::Attention, format!("{who} late"), there.clone()));
    }
    let accounts = f.accounts.listed - f.accounts.signed;
    if accounts > 0 {
        let names = f.individual.listed - f.individual.signed;
        let people = plural(names.max(0) as usize, "person", "people");
        let what = plural(accounts as usize, "account is", "accounts are");
        let text = format!("{what} not signed off: {people} cannot be written to");
        all.push(Task::new(Waiting::Unsigned, Tone::Waiting, text, there));
    }
    all.into_iter().map(|task| task.until(until)).collect()
}

/// Addresses that the warm-up has found dead, while a repair is in time for the invitation; once that has gone, it follows the repair.
fn before_invitation(live: &Live, open: &Open) -> Option<Task> {
    let in_time = match open.invitation {
        Some(at) => {
            format!("repaired before {}, the invitation still arrives", day(live.sequence.home().local(at).date()))
        }
        None => "repaired now, the invitation follows".into(),
    };
    let text = format!("{} back: {in_time}", plural(open.before_invitation as usize, "warm-up came", "warm-ups came"));
    let task = Task::new(Waiting::Repair, Tone::Attention, text, ("See who is asked", urls::repairs(&live.slug)));
    (open.before_invitation > 0).then(|| task.until(open.invitation))
}

/// What somebody has to do. `doubts`: messages in doubt to be named, as far as they are known.
pub fn to_do(live: &Live, f: &Figures, open: &Open, doubts: &[Message]) -> Vec<Task> {
    let trouble = |(id, title): &(_, String)| {
        let text = format!("{title}: the same refusal came for many addresses");
        Task::new(Waiting::SomeMail, Tone::Wrong, text, ("See why and decide", anchors::incident(id)))
    };
    let mut all: Vec<Task> = open.trouble.iter().map(trouble).chain(gateways(open)).collect();
    let round = live.slug.as_str();
    let mut add = |n: i64, (what, tone), text: &dyn Fn(usize) -> String, link: &str, href: String| {
        if n > 0 {
            all.push(Task::new(what, tone, text(n as usize), (link, href)));
        }
    };
    add(
        f.handoff.failed,
        (Waiting::HandOver, Tone::Wrong),
        &|n| format!("{} not taken by the scoring module", plural(n, "response was", "responses were")),
        "See why",
        format!("{}#responses", with(urls::hand_over(round), "state", "failed")),
    );
    let its_mail = open.complaint.as_ref().filter(|_| open.replies <= ON_THE_DESK);
    add(
        open.complaints,
        (Waiting::Complaint, Tone::Wrong),
        &|n| format!("{} a mail of ours unwanted", plural(n, "person has called", "people have called")),
        "Read why",
        its_mail.map_or_else(|| urls::replies(round), |id| format!("{}#reply-{id}", urls::replies(round))),
    );
    let replies = open.replies - open.complaints;
    add(
        replies,
        (Waiting::Reply, Tone::Attention),
        &|n| format!("{} to be read", plural(n, "reply waits", "replies wait")),
        if replies == 1 { "Read it" } else { "Read them" },
        urls::replies(round),
    );
    let named: Vec<&str> = doubts.iter().map(|m| m.to_name.as_str()).collect();
    let names = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
    add(
        f.outbox.in_doubt,
        (Waiting::Doubt, Tone::Attention),
        &|n| format!("{} may not have arrived{names}", plural(n, "message", "messages")),
        "Settle it",
        format!("{}#doubts", with(urls::outbox(round), "state", "in_doubt")),
    );
    add(
        f.outbox.failed,
        (Waiting::Refused, Tone::Attention),
        &|n| format!("{} refused by a mail server", plural(n, "message was", "messages were")),
        "See why",
        format!("{}#messages", with(urls::outbox(round), "state", "failed")),
    );
    if live.state == RoundState::Closed {
        return all;
    }
    add(
        open.asked,
        (Waiting::WhoIsIt, Tone::Attention),
        &|n| {
            let who = plural(n, "name has", "names have");
            format!("{who} a new address and nothing goes to it: the same person, or somebody else?")
        },
        "Say who it is",
        format!("{}#asked", urls::board(round)),
    );
    add(
        open.left_out,
        (Waiting::List, Tone::Attention),
        &|n| format!("{} left out of the last list", plural(n, "row was", "rows were")),
        "See which",
        format!("{}#left-out", urls::contacts(round)),
    );
    for list in &open.uploads {
        add(
            1,
            (Waiting::List, Tone::Attention),
            &|_| format!("{} is uploaded and not loaded yet", list.file_name),
            "Go on with it",
            urls::upload(round, &list.id),
        );
    }
    add(
        open.to_repair,
        (Waiting::Repair, Tone::Attention),
        &|n| {
            let since = open.oldest.as_ref().map(|at| format!(", the oldest since {at}")).unwrap_or_default();
            format!("{} cannot be reached{since}", plural(n, "contact", "contacts"))
        },
        "See who is asked",
        urls::repairs(round),
    );
    add(
        open.pauses.len() as i64,
        (Waiting::Pause, Tone::Waiting),
        &|n| plural(n, "pause holds messages", "pauses hold messages"),
        "See why",
        match open.pauses.as_slice() {
            [only] => format!("{}#pause-{only}", urls::plan(round)),
            _ => format!("{}#pauses-title", urls::plan(round)),
        },
    );
    all.extend(before_invitation(live, open));
    all.extend(open.signing.iter().flat_map(|signing| signatures(live, f, signing)));
    all
}
