//! What a report says: the figures of the overview, the outcome rates, the accounts as the table to take away has them, and what the list
//! is worth, all read at one instant, and no more of anybody than pages tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::base::sentence::capitalised;
use crate::rules::calendar::zone::Zone;
use crate::rules::completion::Individual;
use crate::rules::completion::aapor::{Disposition, OutcomeRate};
use crate::rules::completion::course::Day;
use crate::rules::completion::told::Whole;
use crate::rules::export::accounts::AccountRow;
use crate::rules::message::MessageKind;
use crate::rules::participation::Participation;
use crate::steps::completion::aapor::aapor_of;
use crate::steps::completion::{last_year, missing, outlook, status_of};
use crate::steps::contacts::quality::{self, RoundQuality};
use crate::steps::export::Accounts;
use crate::steps::{Ctx, Live};
use crate::store::contacts::{self, objections};
use crate::web::console::lists::worth;
use crate::web::console::rounds::aapor::{disposition, rate_row};
use crate::web::console::rounds::course::Known;
use crate::web::console::rounds::figures::{funnel, lost, roles, targets, worth as revenue};
use crate::web::console::rounds::missing::director;
use crate::web::console::rounds::overview::stands;
use crate::web::console::views::rounds::report::{AccountLine, LetterLine, ListQuality, Report};
use crate::web::kit::figures::{as_told, count};
use crate::web::kit::frames::home;
use crate::web::kit::times::days_of;

/// Account directors, where names are told.
const DIRECTORS: i64 = 200;
/// Accounts one by one.
const MOST_ACCOUNTS: i64 = 500;
/// People of a list that is judged: it is read whole for it, which a page of a larger one cannot wait for.
const JUDGED: i64 = 20_000;

pub(super) async fn report(ctx: &Ctx, live: &Arc<Live>) -> Result<Report> {
    let now = ctx.clock.now();
    let rule = live.spec.participation;
    let (figures, read, last_year, away, kept_out, directors, found, accounts) = {
        let mut tx = ctx.db.read().await?;
        let figures = status_of(ctx, &mut tx, live).await?;
        let read = outlook::read(ctx, &mut tx, live).await?;
        let last_year = last_year::of_round(ctx, &mut tx, live).await?;
        let away = contacts::away_until_the_close(&mut tx, &live.id).await?;
        let kept_out = objections::kept_out(&mut tx, &live.id).await?;
        let directors = missing::directors(&mut tx, live, DIRECTORS).await?;
        let found = aapor_of(ctx, &mut tx, live).await?;
        let accounts = Accounts::open(None).rows(&mut tx, live, MOST_ACCOUNTS).await?;
        (figures, read, last_year, away, kept_out, directors, found, accounts)
    };
    let outlook = outlook::worked_out(ctx, live, read).await;
    let zone = home(live);
    let today = zone.local(now).date();
    let whole = Whole::of(&figures, rule);
    let known = Known { live, figures: &figures, whole, outlook: &outlook, last_year: last_year.as_ref(), today };
    Ok(Report {
        client: live.spec.client.clone(),
        title: live.spec.title.clone(),
        period: format!("{} to {}", day(live.spec.schedule.opens), day(live.spec.schedule.closes)),
        stands: stands(live, today),
        as_of: as_of(now, &zone),
        zone: zone.city(),
        names: rule.names(),
        told_from: if let Participation::CountsFrom(n) = rule { n } else { 0 },
        individual: as_told(Some(figures.individual.completed).filter(|_| whole.answers), figures.individual.reachable),
        accounts_rate: as_told(Some(figures.accounts.completed).filter(|_| whole.accounts), figures.accounts.invited),
        targets: targets(live, &figures, |t| known.when(t)),
        worth: revenue(&figures).filter(|_| whole.revenue),
        course: known.part().filter(|_| whole.answers),
        funnel: funnel(live, &figures),
        lost: lost(live, &figures, kept_out, away),
        roles: roles(live, &figures),
        more_directors: rule.names() && directors.len() as i64 >= DIRECTORS,
        directors: directors.iter().map(|of| director(live, of)).collect(),
        more_accounts: accounts.len() as i64 >= MOST_ACCOUNTS,
        accounts: accounts.iter().map(account).collect(),
        dispositions: Disposition::ALL.into_iter().map(|one| disposition(&found, one)).collect(),
        rates: OutcomeRate::ALL.into_iter().map(|of| rate_row(&found, of)).collect(),
        quality: list_quality(ctx, live, &figures.individual).await?,
        letters: letters(&outlook.days, rule, whole.answers, today),
    })
}

/// "8 February 2027".
fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// With the zone by its name: a report is read far from here, and long after.
fn as_of(now: Ts, zone: &Zone) -> String {
    let local = zone.local(now);
    format!("{}, {} in {} ({})", day(local.date()), local.format("%H:%M"), zone.city(), zone.name())
}

fn account(a: &AccountRow) -> AccountLine {
    let state = match (a.invited, a.completed, a.silent) {
        (0, None | Some(0), _) => "nobody was invited",
        (_, None, _) => "not told",
        (_, _, Some(true)) => "silent",
        _ => "answered",
    };
    AccountLine {
        name: a.name.clone(),
        strategic: a.strategic,
        director: a.director.clone(),
        people: as_told(a.completed, a.reachable.unwrap_or(a.invited)),
        state,
    }
}

/// Nothing of a list without anybody, and of one that is too long. Whom directors left out is between them and whoever approves the plan.
async fn list_quality(ctx: &Ctx, live: &Live, people: &Individual) -> Result<Option<ListQuality>> {
    if people.listed == 0 || people.listed > JUDGED {
        return Ok(None);
    }
    let found = RoundQuality { dropped: Vec::new(), ..quality::of_round(ctx, &live.slug).await? };
    let score = worth::score(&found.quality);
    Ok(score.map(|of| ListQuality { score: of.points, reasons: of.reasons, coverage: worth::coverage(&found) }))
}

/// Each letter with the days on which it left first and last. A reminder goes to those who have not answered: to how many, says how many
/// have. Where not even that is told (`is_told`), that a letter of thanks has left would say that somebody has answered, and when.
fn letters(days: &[Day], rule: Participation, is_told: bool, today: NaiveDate) -> Vec<LetterLine> {
    let mut left: BTreeMap<(MessageKind, i64), (NaiveDate, NaiveDate, i64)> = BTreeMap::new();
    for of in days {
        for (kind, number, sent) in of.letters.iter().filter(|(kind, ..)| is_told || rule.letter(*kind)) {
            let line = left.entry((*kind, *number)).or_insert((of.date, of.date, 0));
            (line.1, line.2) = (of.date, line.2 + sent);
        }
    }
    let told = days_of(today, left.values().flat_map(|(from, until, _)| [*from, *until]));
    let line =
        |((kind, number), (from, until, sent)): (&(MessageKind, i64), &(NaiveDate, NaiveDate, i64))| LetterLine {
            label: capitalised(&kind.numbered(*number)),
            from: told(*from),
            until: told(*until),
            sent: rule.letter(*kind).then(|| count(*sent)),
        };
    left.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(date: &str, letters: &[(MessageKind, i64, i64)]) -> Day {
        Day { date: date.parse().unwrap(), answers: 0, accounts: 0, revenue: 0, letters: letters.to_vec() }
    }

    #[test]
    fn a_letter_has_its_days_and_how_many_only_where_that_tells_of_nobody() {
        let (invitation, reminder) = (MessageKind::Invitation, MessageKind::Reminder);
        let days =
            [on("2027-02-08", &[(invitation, 1, 10)]), on("2027-02-09", &[(invitation, 1, 2), (reminder, 1, 7)])];
        let said = |rule, is_told| {
            let all = letters(&days, rule, is_told, "2027-02-10".parse().unwrap());
            all.into_iter().map(|l| (l.label, l.from, l.until, l.sent.map(|n| n.0))).collect::<Vec<_>>()
        };
        let line = |label: &str, from: &str, sent| (label.into(), from.into(), "Tue 9 Feb".into(), sent);
        let names = [line("Invitation", "Mon 8 Feb", Some(12)), line("Reminder 1", "Tue 9 Feb", Some(7))];
        assert_eq!(said(Participation::Names, true), names);
        assert_eq!(said(Participation::Counts, true)[1], line("Reminder 1", "Tue 9 Feb", None));
        assert_eq!(said(Participation::Counts, false), names[..1]);
    }

    #[test]
    fn a_report_says_when_it_was_so_and_in_which_zone() {
        let zone = Zone::find("Europe/Dublin").unwrap();
        assert_eq!(as_of(Ts(1_802_000_000_000), &zone), "7 February 2027, 11:33 in Dublin (Europe/Dublin)");
    }
}
