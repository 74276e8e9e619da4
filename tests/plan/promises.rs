//! The design's promises in their own words and arithmetic: nothing here asks the planning rules. Of the program only the zone (which
//! wall-clock time an instant is) and the almanac (which days are holidays, as data) are used.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use soundings::base::clock::{DAY, Ts};
use soundings::rules::calendar::{Almanac, Zone};
use soundings::rules::message::{MessageKind, MessageState};
use soundings::rules::plan::{Facts, Reason, Scope};
use soundings::rules::round::{Audience, RoundSpec, Touch};

use super::lives::Departure;
use super::people::{self, PLACES};
use super::world::{DAYS_BETWEEN_ROUNDS, World};

/// Days without any hindrance in which an invitation must have gone, on either side of the gap.
const CLEAR_DAYS: usize = 4;

/// Withdrawn at the claim so often, a message is planned and withdrawn in a circle. What happens to one contact, and what operators
/// do, accounts for a few.
const MOST_WITHDRAWN: u32 = 12;

/// A message leaves for its server: everything that must be true at this moment.
pub fn departs(world: &mut World, person: usize, index: usize, now: Ts) {
    let wrong = wrong_with(world, person, index, now);
    let row = &world.lives[person].rows[index];
    let (kind, number, order) = (row.kind, row.number, row.decided.as_ref().unwrap().order);
    if !wrong.is_empty() {
        let p = &world.people[person];
        let local = people::zone(p.place, &world.rounds[p.round].spec.schedule.time_zone).local(now);
        world.broken.push(format!(
            "seed {}: {kind} {number} to contact {person} ({} {}) at {local}: {}",
            world.seed,
            p.is.country,
            p.is.time_zone,
            wrong.join(", ")
        ));
    }
    world.lives[person].departures.push(Departure { kind, number, at: now, order, refused: false });
}

fn wrong_with(world: &World, person: usize, index: usize, now: Ts) -> Vec<&'static str> {
    let (p, life) = (&world.people[person], &world.lives[person]);
    let (round, account, row) = (&world.rounds[p.round], &world.accounts[p.account], &life.rows[index]);
    let (schedule, decided) = (&round.spec.schedule, row.decided.as_ref().unwrap());
    let zone = people::zone(p.place, &schedule.time_zone);
    let local = zone.local(now);
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &'static str| {
        if !holds {
            wrong.push(what);
        }
    };

    must(account.signed, "1: not signed");
    must(!life.removed, "1: taken off the list");
    must(life.opted_out_at.is_none(), "2: after the opt-out");
    must(!life.left, "2: has left");
    must(!life.undeliverable, "2: the address bounced");
    must((row.kind == MessageKind::ThankYou) == life.completed_at.is_some(), "2: thanks for answers, all else before");
    must(round.running, "2: the round is paused");
    let in_force = |from: Ts, until: Option<Ts>| from <= now && until.is_none_or(|until| now < until);
    let paused = round.pauses.iter().filter(|pause| in_force(pause.from, pause.until));
    let message = Some((row.kind, row.number));
    must(!paused.into_iter().any(|pause| covers(&pause.scope, &p.is, message)), "2: while paused");

    let went: Vec<&Departure> = life.departures.iter().filter(|d| !d.refused).collect();
    let (again, others): (Vec<&Departure>, Vec<&Departure>) =
        went.into_iter().partition(|d| (d.kind, d.number) == (row.kind, row.number));
    let may_repeat = row.kind == MessageKind::Invitation && row.doubted;
    must(again.iter().all(|d| may_repeat && now.since(d.at) >= DAY), "3: twice");

    must(works(&Almanac::built_in(), p.place, &round.spec, local.date()), "4: not a working day");
    must(schedule.send_from <= local.time() && local.time() < schedule.send_until, "4: outside the sending hours");
    must(!schedule.quiet_hours.iter().any(|q| q.from <= local.time() && local.time() < q.until), "4: in quiet hours");
    must(local.date() <= schedule.closes, "4: after the close");
    let gap = i64::from(schedule.minimum_gap_days) * DAY;
    let thanks = row.kind == MessageKind::ThankYou;
    must(thanks || others.iter().all(|d| now.since(d.at) >= gap), "4: closer than the gap");
    must(messages(others.iter().copied()) < schedule.maximum_messages, "4: more than the maximum");
    must(life.absent_until.is_none_or(|back| back <= now), "4: while away");
    if let Some(most) = schedule.maximum_per_account_per_day {
        let colleagues = account.people.iter().flat_map(|p| &world.lives[*p].departures);
        // Whoever was decided on later knew of this one and counted it on a day of his own.
        let before = colleagues.filter(|d| !d.refused && d.order < decided.order);
        let today = before.filter(|d| zone.local(d.at).date() == local.date()).count();
        must(today < most as usize, "4: more than the account's day allows");
    }
    if let Some(twin) = p.twin.filter(|_| others.is_empty() && again.is_empty()) {
        // What left elsewhere in the moment between the decision and the dot was decided on at the same time.
        let elsewhere = world.lives[twin].departures.iter().filter(|d| !d.refused && d.at <= decided.at);
        must(elsewhere.map(|d| d.at).all(|at| now.since(at) >= DAYS_BETWEEN_ROUNDS * DAY), "4: asked elsewhere");
    }

    let since_planned = row.edition == round.edition;
    match touch_of(&round.spec, row.kind, row.number) {
        None => must(false, "5: no such touch"),
        Some(touch) => {
            must(touch.roles.is_empty() || touch.roles.contains(&p.is.role), "5: for another role");
            let for_them = match touch.audience {
                Audience::Everybody => true,
                Audience::NotStarted => life.started_at.is_none(),
                Audience::NotFinished => life.started_at.is_some_and(|at| !since_planned || now.since(at) >= DAY),
                Audience::AccountSilent => account.answered == 0,
            };
            must(for_them, "5: for others");
            if since_planned && row.kind != MessageKind::ThankYou {
                let own = own_date(&Almanac::built_in(), p.place, &round.spec, touch);
                must(own.is_none_or(|day| local.date() >= day), "5: before its day");
                let opened = row.kind == MessageKind::WarmUp || local.date() >= schedule.opens;
                must(opened, "5: before the opening");
                must(cron_fits(touch, zone.local(row.planned_for)), "5: not at a time of its expression");
            }
        }
    }
    if again.is_empty() {
        let done = life.rows.iter().filter(|r| r.state.may_have_arrived() || r.state == MessageState::Failed);
        let done: Vec<(MessageKind, u32)> = done.map(|r| (r.kind, r.number)).collect();
        must(done.iter().all(|other| *other < (row.kind, row.number)), "5: back in the sequence");
        // An invitation in doubt may be waiting to go once more.
        let had = |kind| done.iter().any(|(other, _)| *other == kind) || others.iter().any(|d| d.kind == kind);
        let warm_up = round.spec.touches.iter().any(|t| t.kind == MessageKind::WarmUp);
        match row.kind {
            MessageKind::Invitation => must(had(MessageKind::WarmUp) || !warm_up, "5: no warm-up before it"),
            MessageKind::Reminder => must(had(MessageKind::Invitation), "5: reminds of nothing"),
            _ => {}
        }
    }
    wrong
}

/// A copy that goes once more out of doubt is the same message.
fn messages<'a>(departures: impl Iterator<Item = &'a Departure>) -> u32 {
    departures.map(|d| (d.kind, d.number)).collect::<BTreeSet<_>>().len() as u32
}

/// Whether a pause of this scope is for the contact; with a message, whether it is for that one.
pub fn covers(scope: &Scope, who: &Facts, message: Option<(MessageKind, u32)>) -> bool {
    match scope {
        Scope::Account(account) => who.account == *account,
        Scope::Director(email) => who.director == *email,
        Scope::Country(country) => who.country == *country,
        Scope::Language(language) => who.language == *language,
        Scope::Touch(kind, number) => {
            message.is_none_or(|message| message.0 == *kind && number.is_none_or(|number| message.1 == number))
        }
    }
}

/// The entry of the sequence that the nth message of a kind belongs to.
fn touch_of(spec: &RoundSpec, kind: MessageKind, number: u32) -> Option<&Touch> {
    let mut before = 0;
    spec.touches.iter().filter(|touch| touch.kind == kind).find(|touch| {
        before += match (&touch.cron, kind) {
            (Some(_), MessageKind::Reminder) => touch.times.unwrap_or(spec.schedule.maximum_messages).max(1),
            _ => 1,
        };
        number <= before
    })
}

fn works(almanac: &Almanac, place: usize, spec: &RoundSpec, day: NaiveDate) -> bool {
    let (country, region, _, _, weekend) = PLACES[place];
    !weekend.contains(&day.weekday())
        && !spec.schedule.days_off.contains(&day)
        && almanac.days(almanac.key(country, region)).holiday(day).is_none()
}

/// The day that a dated touch names; none for cron.
fn own_date(almanac: &Almanac, place: usize, spec: &RoundSpec, touch: &Touch) -> Option<NaiveDate> {
    let n = touch.working_days.filter(|_| touch.cron.is_none() && touch.date.is_none());
    let Some(n) = n else { return touch.date };
    let mut day = spec.schedule.opens;
    while !works(almanac, place, spec, day) {
        day = day + Days::new(1);
    }
    for _ in 0..n.abs() {
        day = if n > 0 { day + Days::new(1) } else { day - Days::new(1) };
        while !works(almanac, place, spec, day) {
            day = if n > 0 { day + Days::new(1) } else { day - Days::new(1) };
        }
    }
    Some(day)
}

/// The weekdays that the expressions of [`people::REMINDERS`] name.
fn cron_fits(touch: &Touch, local: NaiveDateTime) -> bool {
    let Some(weekdays) = touch.cron.as_ref().and_then(|cron| cron.rsplit(' ').next()) else { return true };
    let today = local.weekday().to_string().to_uppercase();
    let by_month = touch.cron.as_ref().is_some_and(|cron| cron.contains("1,15"));
    weekdays == "*" || by_month || weekdays.split(',').any(|day| day == today)
}

/// When nothing is ahead any more: everything is settled, has its true reason, and nobody was forgotten.
pub fn at_the_end(world: &mut World, now: Ts) {
    let (mut broken, mut sure) = (Vec::new(), 0);
    for person in 0..world.people.len() {
        let life = &world.lives[person];
        let mut say = |what: String| broken.push(format!("seed {}: contact {person}: {what}", world.seed));
        for row in &life.rows {
            match row.state {
                MessageState::Withdrawn if row.reason.is_none() => say(format!("{} has no reason", row.kind)),
                MessageState::Planned | MessageState::Claimed | MessageState::Sending => {
                    say(format!("{} {} is {} for ever", row.kind, row.number, row.state.as_str()));
                }
                _ => {}
            }
        }
        if life.withdrawn > MOST_WITHDRAWN {
            say(format!("had {} messages withdrawn at their claim, one after the other", life.withdrawn));
        }
        match life.waiting_for {
            None => say("nothing says why nothing more goes".into()),
            Some(why) if !is_true(world, person, why) => say(format!("is said to have {why} and has not")),
            Some(_) => {}
        }
        let invited = life.rows.iter().any(|row| {
            let left = row.state.may_have_arrived() || row.doubted || row.state == MessageState::Failed;
            row.kind == MessageKind::Invitation && left
        });
        if must_be_invited(world, person, now) {
            sure += 1;
            if !invited {
                say("was forgotten: nothing stood in the way of the invitation".into());
            }
        }
    }
    for life in &world.lives {
        if let Some(why) = life.waiting_for {
            *world.tally.entry(format!("at the end: {why}")).or_default() += 1;
        }
    }
    *world.tally.entry("must be invited".into()).or_default() += sure;
    world.broken.append(&mut broken);
}

fn is_true(world: &World, person: usize, why: Reason) -> bool {
    let (p, life) = (&world.people[person], &world.lives[person]);
    let (round, account) = (&world.rounds[p.round], &world.accounts[p.account]);
    let arrived = messages(life.departures.iter().filter(|d| !d.refused));
    match why {
        Reason::Completed => life.completed_at.is_some(),
        Reason::OptedOut => life.opted_out_at.is_some(),
        Reason::NotSignedOff => !account.signed && account.signed_at.is_none(),
        Reason::ListChanged => !account.signed && account.signed_at.is_some(),
        Reason::Removed => life.removed,
        Reason::Undeliverable => life.undeliverable,
        Reason::HasLeft => life.left,
        Reason::Paused => {
            round.pauses.iter().any(|p| p.until.is_none() && covers(&p.scope, &world.people[person].is, None))
        }
        Reason::RoundClosed => !round.running,
        Reason::MaximumReached => arrived >= round.spec.schedule.maximum_messages,
        Reason::Absent => life.absent_until.is_some(),
        Reason::NotInAudience => {
            round.spec.touches.iter().any(|t| t.audience != Audience::Everybody || !t.roles.is_empty())
        }
        Reason::SequenceFinished => arrived > 0 || life.rows.iter().any(|row| row.state == MessageState::Failed),
        Reason::AfterClose => true,
        _ => false,
    }
}

/// Signed in good time, and nothing in the way any more: from then on enough working days without a stop of the daemon or the
/// round for a warm-up and, after the gap, for the invitation.
fn must_be_invited(world: &World, person: usize, now: Ts) -> bool {
    let (p, life) = (&world.people[person], &world.lives[person]);
    let (round, account) = (&world.rounds[p.round], &world.accounts[p.account]);
    let limited = round.editions.iter().any(|spec| spec.schedule.maximum_per_account_per_day.is_some());
    let stopped = life.removed || life.left || life.undeliverable || !account.signed;
    if limited || stopped || life.opted_out_at.or(life.completed_at).is_some() || p.twin.is_some() {
        return false;
    }
    let until = round.pauses.iter().filter(|pause| {
        [MessageKind::WarmUp, MessageKind::Invitation].iter().any(|kind| covers(&pause.scope, &p.is, Some((*kind, 1))))
    });
    let until: Vec<Option<Ts>> = until.map(|pause| pause.until).collect();
    if until.contains(&None) {
        return false;
    }
    let free = until.into_iter().chain([account.signed_at, life.freed_at, life.absent_until, Some(round.edited_at)]);
    let zone = people::zone(p.place, &round.spec.schedule.time_zone);
    let editions = || round.editions.iter();
    let invitation = |spec: &RoundSpec| {
        let touch = spec.touches.iter().find(|t| t.kind == MessageKind::Invitation).unwrap();
        own_date(&Almanac::built_in(), p.place, spec, touch).unwrap_or(spec.schedule.opens)
    };
    let named = editions().map(invitation).max().unwrap();
    let closes = editions().map(|spec| spec.schedule.closes).min().unwrap();
    let gap = editions().map(|spec| spec.schedule.minimum_gap_days).max().unwrap();
    let stops: Vec<(NaiveDate, NaiveDate)> =
        world.down.iter().chain(&round.stops).map(|(from, until)| days(&zone, *from, (*until).min(now))).collect();
    let clear = |day: &NaiveDate| {
        editions().all(|spec| works(&Almanac::built_in(), p.place, spec, *day))
            && !stops.iter().any(|(from, until)| from <= day && day <= until)
    };
    let after = |day: NaiveDate| (day + Days::new(1)).iter_days().take(400).filter(clear).nth(CLEAR_DAYS);
    let known = zone.local(free.max().flatten().unwrap_or(now)).date();
    let warmed_up = after(known).map(|day| day + Days::new(u64::from(gap)));
    let invited = warmed_up.and_then(|day| after(day.max(named)));
    invited.is_some_and(|day| day <= closes)
}

fn days(zone: &Zone, from: Ts, until: Ts) -> (NaiveDate, NaiveDate) {
    (zone.local(from).date(), zone.local(until).date())
}
