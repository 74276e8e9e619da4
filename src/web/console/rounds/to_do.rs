//! What waits for somebody in a round, most urgent first: the part of the overview that asks for an act.

use crate::base::clock::Ts;
use crate::base::sentence::capitalised;
use crate::rules::calendar::Locality;
use crate::rules::completion::Status as Figures;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::rules::sending::standstill::Standstill;
use crate::steps::Live;
use crate::steps::sending::held::{Stop, Why};
use crate::steps::sending::pace::alarms;
use crate::steps::sending::trouble;
use crate::store::contacts::uploads::{self, Upload};
use crate::store::contacts::{self, identity, left_out};
use crate::store::plan::pauses as stopped;
use crate::store::repair::tasks;
use crate::store::sending::outbox::Message;
use crate::store::{Tx, replies};
use crate::web::console::views::rounds::completion::*;
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::home;
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, Tone, plural};

/// What waits for somebody beside the figures.
pub struct Open {
    /// Contacts who cannot be reached, and since when the oldest is known.
    to_repair: i64,
    oldest: Option<String>,
    /// Pauses that hold something now.
    pauses: i64,
    /// Gateways to which nothing goes.
    held: Vec<String>,
    /// Refusals that many share, each in a line.
    trouble: Vec<String>,
    /// Replies that nobody has seen to, and the complaints among them.
    replies: i64,
    complaints: i64,
    /// Addresses that the warm-up has found dead, while the invitation is still to come.
    before_invitation: i64,
    /// Until when such a repair helps.
    in_time: String,
    /// Lists that are uploaded and not loaded yet.
    uploads: Vec<Upload>,
    /// Rows that the last list had and the round has not.
    left_out: i64,
    /// Rows of a list that are held until somebody says who they are.
    asked: i64,
    /// People for whom an absence leaves no time before the close.
    pub(super) away: i64,
}

/// Until when a repair is in time for the invitation; once that has gone to the others, it follows the repair.
fn in_time(live: &Live, now: Ts) -> String {
    let invitation = live.sequence.own_time(Locality::default(), MessageKind::Invitation, 1);
    match invitation.filter(|at| *at > now) {
        Some(at) => {
            format!("repaired before {}, the invitation still arrives", day(live.sequence.home().local(at).date()))
        }
        None => "repaired now, the invitation follows".into(),
    }
}

pub async fn open(tx: &mut Tx, live: &Live, now: Ts) -> crate::base::problem::Result<Open> {
    let waiting = tasks::waiting(tx, &live.id).await?;
    let pauses = stopped::not_lifted(tx, &live.id).await?.into_iter();
    let holding = pauses.filter(|p| p.from_at <= now && p.until_at.is_none_or(|until| until > now));
    let held = alarms(tx, now).await?.into_iter().map(|alarm| alarm.gateway).collect();
    let trouble = trouble::titles(tx).await?;
    Ok(Open {
        trouble,
        to_repair: waiting.tasks,
        oldest: waiting.oldest.map(|at| exact(at, now, &home(live))),
        pauses: holding.count() as i64,
        held,
        replies: replies::open_in_round(tx, &live.id, now).await?,
        complaints: replies::open_complaints(tx, &live.id).await?,
        in_time: in_time(live, now),
        before_invitation: replies::to_repair_before_invitation(tx, &live.id).await?,
        uploads: uploads::of_round(tx, &live.id).await?,
        left_out: left_out::count(tx, &live.id).await?,
        asked: identity::open_count(tx, &live.id).await?,
        away: contacts::away_until_the_close(tx, &live.id).await?,
    })
}

/// Nothing leaves until a person has acted. Incidents have a line of their own.
pub(super) fn held_up(stop: &Stop) -> Option<ToDo> {
    (stop.why != Why::Incident).then(|| ToDo {
        tone: Tone::Wrong,
        text: stop.what.clone(),
        link: Link::new("See why and decide", urls::SENDING),
    })
}

/// Nothing leaves: nothing else is as urgent.
pub(super) fn stands_still(still: Standstill) -> ToDo {
    ToDo {
        tone: Tone::Wrong,
        text: format!("{} {}", still.what, still.next),
        link: Link::new("See what waits to be sent", urls::SENDING),
    }
}

/// What of the program's own work fails, whichever round it belongs to.
pub(super) fn failing(web: &Web, now: Ts) -> impl Iterator<Item = ToDo> {
    let all = web.ctx.failures.now(now).into_iter();
    all.map(|t| ToDo {
        tone: Tone::Wrong,
        text: format!("{}: {}", capitalised(&t.name), t.what),
        link: Link::new("See whether it works again", urls::READYZ),
    })
}

/// What somebody has to do, most urgent first. `doubts`: messages in doubt to be named, as far as they are known.
pub fn to_do(live: &Live, f: &Figures, open: &Open, doubts: &[Message]) -> Vec<ToDo> {
    let trouble = |title: &String| ToDo {
        tone: Tone::Wrong,
        text: format!("{title}: the same refusal came for many addresses"),
        link: Link::new("See why and decide", urls::SENDING),
    };
    let mut all: Vec<ToDo> = open.trouble.iter().map(trouble).collect();
    let round = live.slug.as_str();
    let mut add = |n: i64, tone, text: &dyn Fn(usize) -> String, link: &str, href: String| {
        if n > 0 {
            all.push(ToDo { tone, text: text(n as usize), link: Link::new(link, href) });
        }
    };
    add(
        f.handoff.failed,
        Tone::Wrong,
        &|n| format!("{} not taken by the scoring module", plural(n, "response was", "responses were")),
        "See why",
        with(urls::hand_over(round), "state", "failed"),
    );
    add(
        open.held.len() as i64,
        Tone::Wrong,
        &|_| format!("Mail to {} is held", open.held.join(", ")),
        "See why",
        urls::outbox(round),
    );
    add(
        open.complaints,
        Tone::Wrong,
        &|n| format!("{} a mail of ours unwanted", plural(n, "person has called", "people have called")),
        "Read why",
        urls::replies(round),
    );
    add(
        open.replies - open.complaints,
        Tone::Attention,
        &|n| format!("{} to be read", plural(n, "reply waits", "replies wait")),
        if open.replies - open.complaints == 1 { "Read it" } else { "Read them" },
        urls::replies(round),
    );
    let named: Vec<&str> = doubts.iter().map(|m| m.to_name.as_str()).collect();
    let names = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
    add(
        f.outbox.in_doubt,
        Tone::Attention,
        &|n| format!("{} may not have arrived{names}", plural(n, "message", "messages")),
        "Settle it",
        with(urls::outbox(round), "state", "in_doubt"),
    );
    add(
        f.outbox.failed,
        Tone::Attention,
        &|n| format!("{} refused by a mail server", plural(n, "message was", "messages were")),
        "See why",
        with(urls::outbox(round), "state", "failed"),
    );
    if live.state == RoundState::Closed {
        return all;
    }
    add(
        open.asked,
        Tone::Attention,
        &|n| {
            format!(
                "{} a new address and nothing goes to it: the same person, or somebody else?",
                plural(n, "name has", "names have")
            )
        },
        "Say who it is",
        format!("{}#asked", urls::board(round)),
    );
    add(
        open.left_out,
        Tone::Attention,
        &|n| format!("{} left out of the last list", plural(n, "row was", "rows were")),
        "See which",
        format!("{}#left-out", urls::contacts(round)),
    );
    for list in &open.uploads {
        add(
            1,
            Tone::Attention,
            &|_| format!("{} is uploaded and not loaded yet", list.file_name),
            "Go on with it",
            urls::upload(round, &list.id),
        );
    }
    add(
        open.before_invitation,
        Tone::Attention,
        &|n| format!("{} back: {}", plural(n, "warm-up came", "warm-ups came"), open.in_time),
        "See who is asked",
        urls::repairs(round),
    );
    add(
        open.to_repair,
        Tone::Attention,
        &|n| {
            let since = open.oldest.as_ref().map(|at| format!(", the oldest since {at}")).unwrap_or_default();
            format!("{} cannot be reached{since}", plural(n, "contact", "contacts"))
        },
        "See who is asked",
        urls::repairs(round),
    );
    add(
        open.pauses,
        Tone::Waiting,
        &|n| plural(n, "pause holds messages", "pauses hold messages"),
        "See why",
        urls::plan(round),
    );
    if live.state != RoundState::Draft {
        let names = f.individual.listed - f.individual.signed;
        add(
            f.accounts.listed - f.accounts.signed,
            Tone::Waiting,
            &|n| {
                let people = plural(names.max(0) as usize, "person", "people");
                format!("{} not signed off: {people} cannot be written to", plural(n, "account is", "accounts are"))
            },
            "Ask again",
            urls::board(round),
        );
    }
    all
}
