//! The figures of a round as its overview shows them, each with its base and leading to its people.

use crate::rules::completion::told::Whole;
use crate::rules::completion::{Accounts, Individual, RoleCount, Status as Figures, TargetStatus, target_status};
use crate::rules::contacts::Role;
use crate::rules::round::{Level, RoundState, Target};
use crate::steps::Live;
use crate::web::console::contacts::part::at_stage;
use crate::web::console::sending::part::{DUE, how_many_due};
use crate::web::console::views::rounds::completion::*;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Tone, plural};

/// `when`: on which day a target is met, in words.
pub(super) fn targets(live: &Live, f: &Figures, when: impl Fn(&TargetStatus) -> String) -> Vec<TargetRow> {
    let whole = Whole::of(f, live.spec.participation);
    let left = if live.state == RoundState::Closed { "short" } else { "to go" };
    let row = |t: &TargetStatus| {
        let is_told = whole.level(t.level);
        let (level, one, many) = match t.level {
            Level::Individual => (INDIVIDUAL, "answer", "answers"),
            Level::Accounts => (ACCOUNTS, "account", "accounts"),
        };
        let missing = if t.missing == 0 { "all".into() } else { plural(t.missing.max(0) as usize, one, many) };
        let href = match t.level {
            Level::Individual => at_stage(live, "not_answered"),
            Level::Accounts => "#silent".into(),
        };
        let percent = (t.target * 100.0).round().max(0.0) as u64;
        let when = if is_told { when(t) } else { String::new() };
        TargetRow { level, percent, met: t.met && is_told, told: is_told, missing, left, href, when }
    };
    f.targets.iter().map(row).collect()
}

/// Without the steps of which it is not told how many have come so far. Where no names are told also without who could be reached: all
/// shares are of those who were invited.
pub(super) fn funnel(live: &Live, f: &Figures) -> Vec<Step> {
    let (names, whole) = (live.spec.participation.names(), Whole::of(f, live.spec.participation));
    let whom = |of: &'static str| if of == "reachable" && !names { "invited" } else { of };
    let step = |s: crate::rules::completion::FunnelStep| Step {
        label: s.label,
        count: count(s.count),
        share: s.share_of.map(|(of, base)| (rate(s.count, base), whom(of))),
        href: at_stage(live, s.stage),
    };
    let told = |s: &crate::rules::completion::FunnelStep| match s.stage {
        "started" => whole.started,
        "completed" => whole.answers,
        "reachable" => names,
        _ => true,
    };
    f.individual.steps().into_iter().filter(told).map(step).collect()
}

fn number(label: &str, n: i64, href: String, tone: Option<Tone>) -> Number {
    Number { label: label.into(), count: count(n), href, tone: tone.filter(|_| n > 0) }
}

/// `away`: of those who have not answered, so it would fall with whoever answers; told where names are.
pub(super) fn lost(live: &Live, f: &Figures, kept_out: i64, away: i64) -> Vec<Number> {
    let i = &f.individual;
    let contacts = |stage| at_stage(live, stage);
    let mut all = vec![
        number("opted out", i.opted_out, contacts("opted_out"), None),
        number("undeliverable", i.undeliverable, contacts("undeliverable"), Some(Tone::Attention)),
    ];
    if live.spec.participation.names() {
        all.push(number("away until the close", away, contacts("away_until_the_close"), Some(Tone::Attention)));
    }
    if kept_out > 0 {
        all.push(number("kept out by an earlier round", kept_out, contacts("kept_out"), None));
    }
    all
}

/// Each role, and how many of its answers are missing to the next target of contacts that the role misses. Nothing of a round that tells
/// numbers only: with its accounts beside them, people of one role at one account could be worked out.
pub(super) fn roles(live: &Live, f: &Figures) -> Vec<RoleRow> {
    if !live.spec.participation.names() {
        return Vec::new();
    }
    let of_contacts = live.spec.targets.iter().filter(|t| t.level == Level::Individual);
    let mut targets: Vec<Target> = of_contacts.copied().collect();
    targets.sort_by(|a, b| a.target.total_cmp(&b.target));
    let short = |of: RoleCount| {
        let alone = Individual { completed: of.completed, reachable: of.reachable, ..Individual::default() };
        let mut all = targets.iter().map(|t| target_status(*t, &alone, &Accounts::default()));
        let next = all.find(|t| !t.met && t.missing > 0);
        let than = if live.state == RoundState::Closed { "short of" } else { "more for" };
        next.map(|t| format!("{} {than} {}\u{a0}%", count(t.missing), (t.target * 100.0).round())).unwrap_or_default()
    };
    let all: Vec<Role> = Role::ALL.into_iter().filter(|r| f.roles.contains_key(r.as_str())).collect();
    let of = |role: &Role| f.roles.get(role.as_str()).copied().unwrap_or_default();
    let row = |role: &Role| {
        let (of, narrowed) = (of(role), query(&[("stage", "reachable"), ("role", role.as_str())]));
        RoleRow {
            label: role.label().into(),
            rate: rate(of.completed, of.reachable),
            short: short(of),
            href: format!("{}{narrowed}", urls::contacts(&live.slug)),
        }
    };
    all.iter().map(row).collect()
}

/// What accounts are worth that have answered; nothing before anybody was invited.
pub(super) fn worth(f: &Figures) -> Option<Worth> {
    let of = &f.revenue;
    (f.accounts.invited > 0).then(|| Worth {
        rate: rate(of.answered, of.invited),
        without: count(of.accounts_without),
        is_known: of.invited > 0,
    })
}

pub(super) fn sent(live: &Live, f: &Figures) -> Vec<Number> {
    let o = &f.outbox;
    let outbox = |state| with(urls::outbox(&live.slug), "state", state);
    let (due, due_now) = how_many_due(o.due);
    vec![
        number("planned", o.planned, outbox("planned"), None),
        number(due, due_now, outbox(DUE), None),
        number("sent", o.sent, outbox("sent"), None),
        number("in doubt", o.in_doubt, outbox("in_doubt"), Some(Tone::Attention)),
        number("held", o.held, outbox("held"), None),
        number("failed", o.failed, outbox("failed"), Some(Tone::Wrong)),
    ]
}

pub(super) fn handed(live: &Live, f: &Figures) -> Vec<Number> {
    if !Whole::of(f, live.spec.participation).answers {
        return Vec::new();
    }
    let h = &f.handoff;
    let handed = |state| with(urls::hand_over(&live.slug), "state", state);
    vec![
        number("completed", h.completed, urls::hand_over(&live.slug), None),
        number("confirmed", h.confirmed, handed("confirmed"), None),
        number("pending", h.pending, handed("pending"), None),
        number("failed", h.failed, handed("failed"), Some(Tone::Wrong)),
    ]
}
