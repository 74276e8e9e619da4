//! What is wrong now, as pages, `/readyz` and the log know it already, and how much working time is left until rounds need it.
//!
//! Each is one small read or none: what is asked here every minute costs the same however large the database is.

use crate::base::clock::{DAY, Ts};
use crate::base::problem::{Kind, Result};
use crate::base::sentence::{capitalised, one_stop, with_stop};
use crate::rules::alarm::room::{Room, short_of_room};
use crate::rules::alarm::{Ahead, AlarmKind};
use crate::rules::handover::HandoffState;
use crate::rules::round::RoundState;
use crate::rules::sending::pace::NEVER_HELD;
use crate::steps::context::Ctx;
use crate::steps::duties::failures::{Failing, Reach};
use crate::steps::duties::round_names::{quoted, titled};
use crate::steps::sending::{standstill, trouble};
use crate::store::alarm::Alarm;
use crate::store::handover::events::{self, Event};
use crate::store::round::rounds;
use crate::store::sending::{due, gateways, senders};
use crate::store::{Tx, handover};

/// The duties that read what comes back.
pub const READING: &str = "reading the mailbox";
pub const TAKING: &str = "taking mails that come back";

/// What was given up before that, somebody has decided to leave.
const GIVEN_UP: i64 = 30 * DAY;

/// Something that is wrong now.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub kind: AlarmKind,
    /// Which gateway, incident, disk or duty; empty where there is one only.
    pub about: String,
    /// The sender whose program sees it; empty: all see it.
    pub instance: String,
    pub since: Ts,
    /// One sentence.
    pub what: String,
    /// What somebody can do about it; may be empty.
    pub advice: String,
}

impl Seen {
    /// Whether this is what an alarm is about.
    pub fn is(&self, alarm: &Alarm) -> bool {
        (self.kind, self.about.as_str(), self.instance.as_str())
            == (alarm.kind, alarm.about.as_str(), alarm.instance.as_str())
    }
}

/// What this program alone can tell. It is asked outside every transaction: a disk may take its time to answer.
#[derive(Clone, Debug)]
pub(super) struct Here {
    pub damage: Option<String>,
    /// Duties of the program, for all rounds or for one.
    pub failing: Vec<Failing>,
    /// What is free on the disks on which something of ours is written, as far as it is known.
    pub rooms: Vec<Room>,
}

pub(super) fn here(ctx: &Ctx) -> Here {
    let failing = ctx.failures.now(ctx.clock.now()).into_iter().filter(|failing| failing.reach != Reach::Piece);
    let disk = ctx.alarms.disk.as_ref();
    let rooms = disk.into_iter().flat_map(|disk| disk.places.iter().filter_map(move |place| (disk.room)(place)));
    Here { damage: ctx.db.damage(), failing: failing.collect(), rooms: rooms.collect() }
}

/// The name of this program among the senders of the database; empty where it is none.
pub(super) fn instance(ctx: &Ctx) -> &str {
    ctx.outbound.as_ref().map_or("", |outbound| &outbound.instance)
}

/// All that is wrong now. `open`: the alarms that are not over.
pub(super) async fn all(ctx: &Ctx, tx: &mut Tx, here: &Here, open: &[Alarm]) -> Result<Vec<Seen>> {
    let now = ctx.clock.now();
    let seen = |kind: AlarmKind, about: &str, since: Ts, what: &str, advice: &str| Seen {
        kind,
        about: about.into(),
        instance: if kind.is_seen_by_one_program() { instance(ctx).into() } else { String::new() },
        since,
        what: one_stop(with_stop(what)),
        advice: advice.into(),
    };
    let mut all = Vec::new();
    if let Some(damage) = &here.damage {
        all.push(seen(AlarmKind::Damage, "", now, damage, ""));
    }
    for hold in senders::holds(tx).await? {
        let (what, advice) = match hold.instance.is_empty() {
            true => (
                format!("Sending is held. {}", hold.why),
                "The page \u{201c}Sending\u{201d} names the messages; nothing leaves until somebody has confirmed it there.",
            ),
            false => (
                format!("One sender of this database is held. {}", hold.why),
                "The page \u{201c}Sending\u{201d} says more; this sender waits until somebody has confirmed it there, others go on.",
            ),
        };
        all.push(seen(AlarmKind::Hold, hold.id.as_str(), hold.at, &what, advice));
    }
    for incident in trouble::holding(tx).await? {
        let advice = trouble::advice(&incident);
        all.push(seen(AlarmKind::Incident, incident.id.as_str(), incident.at, &trouble::in_short(&incident), advice));
    }
    for gateway in gateways::held(tx, now).await?.into_iter().filter(|gateway| gateway.held_by == NEVER_HELD) {
        let name = &gateway.name;
        let what = format!("{name} refuses our mail, so nothing more goes there for now. It said: {}", gateway.said);
        let advice = "Look up what it names, mend it or ask its postmaster, then release it in the outbox.";
        all.push(seen(AlarmKind::Gateway, name, gateway.held_at.unwrap_or(now), &what, advice));
    }
    if let Some(still) = standstill::now(ctx, tx).await? {
        all.push(seen(AlarmKind::MailServer, "", still.since, &still.what, still.next));
    }
    if let Some((what, advice)) = not_handed_over(tx, now).await? {
        all.push(seen(AlarmKind::Handover, "", now, &what, advice));
    }
    if let Some((what, advice)) = not_told(ctx, tx).await? {
        all.push(seen(AlarmKind::Events, "", now, &what, advice));
    }
    let is_open = |kind: AlarmKind, about: &str, of: &str| {
        open.iter().any(|alarm| alarm.kind == kind && alarm.about == about && alarm.instance == of)
    };
    for failing in &here.failing {
        let what = format!("{}: {}", capitalised(&titled(tx, &failing.name).await?), failing.what);
        let of = if failing.reach == Reach::Round { "" } else { instance(ctx) };
        if [READING, TAKING].contains(&failing.name.as_str()) {
            let advice = "Until it is read, absences, opt-outs and dead addresses are not heard of. Check [replies] in the settings.";
            all.push(seen(AlarmKind::Mailbox, &failing.name, failing.since, &what, advice));
        } else if failing.lasts() || is_open(AlarmKind::Duty, &failing.name, of) {
            let advice = match failing.reach {
                Reach::Round => "The other rounds go on; it is tried again and again. The log names the cause.",
                _ => "It is tried again and again; the log names the cause.",
            };
            // A round that cannot be worked on is the same for every program that works on it.
            let one = seen(AlarmKind::Duty, &failing.name, failing.since, &what, advice);
            all.push(Seen { instance: of.into(), ..one });
        }
    }
    if let Some(disk) = &ctx.alarms.disk {
        for room in short_of_room(&here.rooms, disk.least, |place| is_open(AlarmKind::Disk, place, instance(ctx))) {
            let what = format!("The disk that holds {} has {} MB left.", room.place, room.free / 1_000_000);
            let advice = "Make room on it: when it is full, nothing is sent and no answer can be kept.";
            all.push(seen(AlarmKind::Disk, &room.place, now, &what, advice));
        }
    }
    Ok(all)
}

/// Since when is not known: responses come and go, and what counts is that none is taken.
async fn not_handed_over(tx: &mut Tx, now: Ts) -> Result<Option<(String, &'static str)>> {
    if let Some(given_up) = handover::given_up(tx, now.plus(-GIVEN_UP)).await? {
        let said = given_up.answer.unwrap_or_default();
        let advice = "Mend it there, then hand over again what was given up, on the page \u{201c}Hand-over\u{201d} of its round.";
        let round = quoted(tx, &given_up.round_id).await?;
        let what = format!("Responses of {round} were given up that the scoring module did not take. {said}");
        return Ok(Some((what, advice)));
    }
    let Some(refused) = handover::not_taken(tx).await? else { return Ok(None) };
    // It rests until its next try; whatever was taken since says that the module works.
    if handover::last_taken(tx).await?.is_some_and(|taken| taken >= refused.refused_at) {
        return Ok(None);
    }
    let said = refused.answer.unwrap_or_default();
    let advice = "They are kept and tried again by themselves. Ask whoever runs the scoring module, or check [scoring] in the settings.";
    let round = quoted(tx, &refused.round_id).await?;
    Ok(Some((format!("The scoring module does not take a response of {round}. {said}"), advice)))
}

/// Events are told one after the other, so the one that waits says how all of them stand.
async fn not_told(ctx: &Ctx, tx: &mut Tx) -> Result<Option<(String, &'static str)>> {
    if ctx.events.kinds.is_empty() {
        return Ok(None);
    }
    let Some(first) = events::first(tx).await?.filter(Event::is_refused) else { return Ok(None) };
    let advice = match first.state {
        HandoffState::Stopped => {
            "Nothing is told until somebody has it told again, under Events on the page \u{201c}Sending\u{201d}."
        }
        _ => {
            "They are kept and tried again by themselves. Ask whoever runs the webhook, or check [events] in the settings."
        }
    };
    let said = first.answer.unwrap_or_default();
    Ok(Some((format!("The webhook does not take an event, and those behind it wait. {said}"), advice)))
}

/// How much working time is left until the running rounds send something, and until the first of them closes: of each in its own hours.
pub(super) async fn ahead(ctx: &Ctx, tx: &mut Tx) -> Result<Ahead> {
    let now = ctx.clock.now();
    let mut ahead = Ahead::default();
    for brief in rounds::in_state(tx, RoundState::Running).await? {
        let live = match ctx.live(tx, &brief).await {
            Ok(live) => live,
            Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
            // It is a trouble of its own.
            Err(_) => continue,
        };
        let home = live.sequence.home();
        let sooner = |known: Option<i64>, at: Ts| Some(home.working_time(now, at)).into_iter().chain(known).min();
        if let Some(due) = due::next(tx, &live.lane()).await? {
            ahead.next_message = sooner(ahead.next_message, due);
        }
        ahead.close = sooner(ahead.close, home.closes_at());
    }
    Ok(ahead)
}
