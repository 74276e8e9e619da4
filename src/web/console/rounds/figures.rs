//! The figures of a round as its overview shows them, each with its base and leading to its people.

use crate::rules::completion::{Accounts, Individual, RoleCount, Status as Figures, TargetStatus, target_status};
use crate::rules::contacts::Role;
use crate::rules::round::{Level, RoundState, Target};
use crate::steps::Live;
use crate::web::console::views::completion::*;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Tone, plural};

/// `when`: on which day a target is met, in words.
pub(super) fn targets(live: &Live, f: &Figures, when: impl Fn(&TargetStatus) -> String) -> Vec<TargetRow> {
    let left = if live.state == RoundState::Closed { "short" } else { "to go" };
    let row = |t: &TargetStatus| {
        let (level, one, many) = match t.level {
            Level::Individual => (INDIVIDUAL, "answer", "answers"),
            Level::Accounts => (ACCOUNTS, "account", "accounts"),
        };
        let missing = if t.missing == 0 { "all".into() } else { plural(t.missing.max(0) as usize, one, many) };
        let href = match t.level {
            Level::Individual => with(urls::contacts(&live.slug), "stage", "not_answered"),
            Level::Accounts => "#silent".into(),
        };
        let percent = (t.target * 100.0).round().max(0.0) as u64;
        TargetRow { level, percent, met: t.met, missing, left, href, when: when(t) }
    };
    f.targets.iter().map(row).collect()
}

pub(super) fn funnel(live: &Live, f: &Figures) -> Vec<Step> {
    let step = |s: crate::rules::completion::FunnelStep| Step {
        label: s.label,
        count: count(s.count),
        share: s.share_of.map(|(of, base)| (rate(s.count, base), of)),
        href: with(urls::contacts(&live.slug), "stage", s.stage),
    };
    f.individual.steps().map(step).into()
}

fn number(label: &str, n: i64, href: String, tone: Option<Tone>) -> Number {
    Number { label: label.into(), count: count(n), href, tone: tone.filter(|_| n > 0) }
}

pub(super) fn lost(live: &Live, f: &Figures, kept_out: i64, away: i64) -> Vec<Number> {
    let i = &f.individual;
    let contacts = |stage| with(urls::contacts(&live.slug), "stage", stage);
    let mut all = vec![
        number("opted out", i.opted_out, contacts("opted_out"), None),
        number("undeliverable", i.undeliverable, contacts("undeliverable"), Some(Tone::Attention)),
        number("away until the close", away, contacts("away_until_the_close"), Some(Tone::Attention)),
    ];
    if kept_out > 0 {
        all.push(number("kept out by an earlier round", kept_out, contacts("kept_out"), None));
    }
    all
}

/// Each role, and how many of its answers are missing to the next target of contacts that the role misses.
pub(super) fn roles(live: &Live, f: &Figures) -> Vec<RoleRow> {
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
    let row = |role: &Role| {
        let of = f.roles.get(role.as_str()).copied().unwrap_or_default();
        RoleRow {
            label: role.label().into(),
            rate: rate(of.completed, of.reachable),
            short: short(of),
            href: format!(
                "{}{}",
                urls::contacts(&live.slug),
                query(&[("stage", "reachable"), ("role", role.as_str())])
            ),
        }
    };
    Role::ALL.iter().filter(|r| f.roles.contains_key(r.as_str())).map(row).collect()
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
    vec![
        number("planned", o.planned, outbox("planned"), None),
        number("due", o.due, outbox("due"), None),
        number("sent", o.sent, outbox("sent"), None),
        number("in doubt", o.in_doubt, outbox("in_doubt"), Some(Tone::Attention)),
        number("held", o.held, outbox("held"), None),
        number("failed", o.failed, outbox("failed"), Some(Tone::Wrong)),
    ]
}

pub(super) fn handed(live: &Live, f: &Figures) -> Vec<Number> {
    let h = &f.handoff;
    let handed = |state| with(urls::hand_over(&live.slug), "state", state);
    vec![
        number("completed", h.completed, urls::hand_over(&live.slug), None),
        number("confirmed", h.confirmed, handed("confirmed"), None),
        number("pending", h.pending, handed("pending"), None),
        number("failed", h.failed, handed("failed"), Some(Tone::Wrong)),
    ]
}
