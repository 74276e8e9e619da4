//! Asking somebody else as well where a director does not sign, and doing what the round says of names that nobody signs.
//!
//! Each request says when it is to be looked at; what is due costs its accounts and nothing else. A look is done whole or not at all, and
//! one that is done twice does nothing twice: who was asked and what was decided is on record, and the rule is asked again
//! (`rules::signoff::ladder`).

use std::collections::HashMap;
use std::sync::Arc;

use tracing::{Instrument, Span, info_span};

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::Result;
use crate::rules::calendar::Calendar;
use crate::rules::journal::{Action, Actor};
use crate::rules::round::WhenNobodySigns;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::Why;
use crate::rules::signoff::ladder::{self as rule, Asked, Ladder, Next, Rung, Step};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::duties::failures::{ROW_REST, Reach};
use crate::store::contacts::accounts::Account;
use crate::store::sending::outbox;
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::signoff::{Request, decisions, looks};
use crate::store::{Part, Tx, signoff as requests};

use super::absences::{back_at, calendar_of};
use super::requests::{asked_about, own_address};
use super::unreachable::unreachable;
use super::waiting::waiting_for;
use crate::steps::signoff::deciding;
use crate::steps::signoff::delegating::appointing::{appoint, dismiss};

/// By whose word somebody else is asked.
pub const BY_THE_RULE: &str = "the round\u{2019}s rule";
/// As many requests are looked at in one transaction.
const AT_ONCE: i64 = 200;
/// More steps than one account has at once.
const MOST_STEPS: usize = 4;

/// Looks at everything whose time has come. How much was done.
pub(in crate::signoff) async fn escalate(ctx: &Ctx) -> Result<u64> {
    let rounds = looks::rounds_due(&mut ctx.db.read().await?, ctx.clock.now()).await?;
    let mut done = 0;
    for round in rounds {
        let span = info_span!("round", id = round.as_str());
        let looked = ctx.order(&Actor::Program, LookAtRound { round: round.clone(), span }).await;
        done += ctx.alone(Reach::Round, &format!("round {round}: asking somebody else"), looked)?.unwrap_or(0);
    }
    Ok(done)
}

/// Looks at those of one round whose time has come.
struct LookAtRound {
    round: RoundId,
    span: Span,
}

impl Order for LookAtRound {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        look_at_round(ctx, tx, &self.round).instrument(self.span).await
    }
}

async fn look_at_round(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<u64> {
    const NAME: &str = "look at a request for a signature";
    let live = ctx.live_by_id(tx, round).await?;
    tx.in_round(&live.id);
    let now = ctx.clock.now();
    let (due, unreadable) = ctx.readable(NAME, looks::due(tx, &live.id, now, AT_ONCE).await?);
    for id in unreadable {
        looks::set(tx, &RequestId::from(id), Some(now.plus(ROW_REST))).await?;
    }
    let mut done = 0;
    for request in due {
        let part = Part::begin(tx).await?;
        let looked = look(ctx, tx, &live, &request).await;
        match ctx.alone(Reach::Piece, &format!("{NAME} {}", request.id), part.end(tx, looked).await?)? {
            Some(n) => done += n,
            None => looks::set(tx, &request.id, Some(now.plus(ROW_REST))).await?,
        }
    }
    Ok(done)
}

/// Does what is due at the accounts about which one person is mailed, and sets when to look again.
async fn look(ctx: &Ctx, tx: &mut Tx, live: &Live, request: &Request) -> Result<u64> {
    let now = ctx.clock.now();
    looks::set(tx, &request.id, None).await?;
    end_what_is_named_no_more(ctx, tx, live, request).await?;
    if !live.spec.signoff.has_ladder() {
        return Ok(0);
    }
    let mut done = 0;
    let mut mails = Mails::default();
    for account in asked_about(tx, request).await? {
        for _ in 0..MOST_STEPS {
            let Some(known) = known(ctx, tx, live, request, &account, &mut mails).await? else { break };
            match known.next(live, now) {
                Next::Now(Step::Ask(why)) => ask_as_well(ctx, tx, live, request, &account, &known, why).await?,
                Next::Now(Step::End(end)) => end_it(ctx, tx, live, (&account, request.level), end).await?,
                Next::At(at) => {
                    looks::plan(tx, &request.id, at).await?;
                    break;
                }
                // A mail of his that is still to leave says nothing when it does.
                Next::AfterMail if request.next_ask_at.is_none() => {
                    let home = live.sequence.home();
                    looks::plan(tx, &request.id, rule::look_after_mail(&home, &live.spec.signoff, now)).await?;
                    break;
                }
                Next::AfterMail | Next::Over => break,
            }
            done += 1;
        }
    }
    Ok(done)
}

/// Whoever was asked because the round named him signs no more when it names somebody else.
async fn end_what_is_named_no_more(ctx: &Ctx, tx: &mut Tx, live: &Live, request: &Request) -> Result<()> {
    for d in delegations::given(tx, &live.id, request.level, &[request.email.as_str()]).await? {
        let is_named = || named(live, &d.of_email, d.why).is_some_and(|(_, email)| email.key() == d.to_email.key());
        if d.why != Why::Colleague && !is_named() {
            dismiss(ctx, tx, &d, "the program: the round names somebody else", &Actor::Program).await?;
        }
    }
    Ok(())
}

/// When mails about requests left, read once for all accounts of a person.
#[derive(Default)]
struct Mails(HashMap<RequestId, Vec<Ts>>);

impl Mails {
    async fn about(&mut self, tx: &mut Tx, request: &Request, since: Ts) -> Result<Vec<Ts>> {
        if !self.0.contains_key(&request.id) {
            let left = outbox::left_about(tx, &request.round_id, &request.id).await?;
            self.0.insert(request.id.clone(), left.into_iter().map(|(_, at)| at).collect());
        }
        let all = self.0.get(&request.id).map(Vec::as_slice).unwrap_or_default();
        Ok(all.iter().copied().filter(|at| *at >= since).collect())
    }
}

/// One person who is asked about an account.
struct Signer {
    calendar: Arc<Calendar>,
    left: Vec<Ts>,
    back_at: Option<Ts>,
    takes_no_mail: bool,
}

impl Signer {
    fn asked(&self) -> Asked<'_> {
        let Signer { calendar, left, back_at, takes_no_mail } = self;
        Asked { calendar, left, back_at: *back_at, takes_no_mail: *takes_no_mail }
    }
}

enum Place {
    Nobody,
    Named,
    Asked(Signer),
}

impl Place {
    fn rung(&self) -> Rung<'_> {
        match self {
            Place::Nobody => Rung::Nobody,
            Place::Named => Rung::Named,
            Place::Asked(signer) => Rung::Asked(signer.asked()),
        }
    }
}

/// Everything that the rule asks about one account.
struct Known {
    own: EmailAddress,
    own_name: String,
    first: Vec<Signer>,
    deputy: Place,
    regional_head: Place,
    ended: bool,
}

impl Known {
    /// What the rule says now.
    fn next(&self, live: &Live, now: Ts) -> Next {
        let first: Vec<Asked<'_>> = self.first.iter().map(Signer::asked).collect();
        let (deputy, regional_head) = (self.deputy.rung(), self.regional_head.rung());
        rule::next(&live.spec.signoff, &Ladder { first: &first, deputy, regional_head, ended: self.ended }, now)
    }

    /// "asked 3 times since Mon 11 Jan", "away until Fri 15 Jan".
    fn why(&self, live: &Live, now: Ts) -> String {
        let day = |at: Ts| live.sequence.home().local(at).date().format("%a %-d %b %Y").to_string();
        let mails: usize = self.first.iter().map(|one| one.left.len()).sum();
        let since = self.first.iter().filter_map(|one| one.left.first()).min();
        let away = self.first.iter().filter_map(|one| one.back_at).max().filter(|back| *back > now);
        let away = away.map(|back| format!("away until {}", day(back.plus(-1))));
        let asked = since.map(|since| format!("asked {} since {}", counted(mails, "time", "times"), day(*since)));
        let dead = self.first.iter().any(|one| one.takes_no_mail).then(|| "takes no mail".to_string());
        [asked, away, dead].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// `request`: of anybody who is asked about the account. None: nothing waits there any more.
async fn known(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    request: &Request,
    account: &Account,
    mails: &mut Mails,
) -> Result<Option<Known>> {
    let level = request.level;
    let own = own_address(ctx, tx, account, level).await?;
    let dead = unreachable(tx, live, &own).await?;
    let given = delegations::given(tx, &live.id, level, &[own.as_str()]).await?;
    let given: Vec<&Delegation> = given.iter().filter(|d| d.stand_in().covers(&account.id)).collect();
    let emails: Vec<&str> = given.iter().map(|d| d.to_email.as_str()).chain([own.as_str()]).collect();
    let all = requests::of_people(tx, &live.id, level, &emails).await?;
    let of = |email: &EmailAddress| all.iter().find(|r| r.email == *email);
    let waiting = waiting_for(tx, of(&own).unwrap_or(request), vec![account.clone()]).await?;
    let Some(since) = waiting.first().filter(|w| w.names > 0).map(|w| w.since) else { return Ok(None) };

    let asked_by = |why: Why| given.iter().filter(move |d| d.why == why);
    let mut first = Vec::new();
    for d in asked_by(Why::Colleague) {
        if let Some(r) = of(&d.to_email) {
            first.push(signer(ctx, tx, live, r, since.max(d.at), mails).await?);
        }
    }
    if first.is_empty()
        && let Some(r) = of(&own)
    {
        let takes_no_mail = dead.contains(&own.key());
        first.push(Signer { takes_no_mail, ..signer(ctx, tx, live, r, since, mails).await? });
    }
    let mut places = [Place::Nobody, Place::Nobody];
    for (place, why) in places.iter_mut().zip([Why::Deputy, Why::RegionalHead]) {
        let stands_in = asked_by(why).next_back().copied();
        *place = match stands_in.and_then(|d| of(&d.to_email).map(|r| (d, r))) {
            Some((d, r)) => Place::Asked(signer(ctx, tx, live, r, since.max(d.at), mails).await?),
            // Whoever signs it already is not asked for a second reason.
            None => match named(live, &own, why).filter(|(_, email)| !emails.contains(&email.as_str())) {
                Some((_, email)) if dead.contains(&email.key()) => Place::Nobody,
                Some((_, email)) if why == Why::RegionalHead && is_the_deputy(live, &own, email) => Place::Nobody,
                Some(_) => Place::Named,
                None => Place::Nobody,
            },
        };
    }
    let [deputy, regional_head] = places;
    let decided = decisions::of_account(tx, &account.id).await?;
    let ended = decided.iter().any(|d| d.at >= since && Actor::Program.is(&d.by_whom));
    let own_name = of(&own).map_or_else(|| account.director_name.clone(), |r| r.name.clone());
    Ok(Some(Known { own, own_name, first, deputy, regional_head, ended }))
}

async fn signer(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    request: &Request,
    since: Ts,
    mails: &mut Mails,
) -> Result<Signer> {
    Ok(Signer {
        calendar: calendar_of(live, &request.email),
        left: mails.about(tx, request, since).await?,
        back_at: back_at(tx, &live.id, &request.email, ctx.clock.now()).await?,
        takes_no_mail: false,
    })
}

/// Whom the round names for one who signs: name and address.
fn named<'l>(live: &'l Live, own: &EmailAddress, why: Why) -> Option<(&'l str, &'l EmailAddress)> {
    let of = live.spec.signoff.signer(own)?;
    match why {
        Why::Colleague => None,
        Why::Deputy => of.deputy(),
        Why::RegionalHead => of.regional_head(),
    }
}

fn is_the_deputy(live: &Live, own: &EmailAddress, email: &EmailAddress) -> bool {
    named(live, own, Why::Deputy).is_some_and(|(_, deputy)| deputy.key() == email.key())
}

async fn ask_as_well(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    request: &Request,
    account: &Account,
    known: &Known,
    why: Why,
) -> Result<()> {
    let now = ctx.clock.now();
    let Some((name, email)) = named(live, &known.own, why) else { return Ok(()) };
    let d = Delegation {
        id: ctx.ids.id(now),
        round_id: live.id.clone(),
        level: request.level,
        of_email: known.own.clone(),
        account_id: Some(account.id.clone()),
        to_name: name.into(),
        to_email: email.folded(),
        why,
        by_whom: BY_THE_RULE.into(),
        came_from: String::new(),
        at: now,
        ended_at: None,
        ended_by: None,
    };
    let at = rule::first_asked(&calendar_of(live, email), back_at(tx, &live.id, email, now).await?, now);
    appoint(ctx, tx, &d, at).await?;
    let action = if why == Why::RegionalHead { Action::AskedRegionalHead } else { Action::AskedDeputy };
    let detail = format!("{name} <{email}> for {} <{}>: {}", known.own_name, known.own, known.why(live, now));
    ctx.journal(tx, &Actor::Program, action, Some(&live.id), &account.id, &detail).await
}

async fn end_it(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    (account, level): (&Account, SignLevel),
    end: WhenNobodySigns,
) -> Result<()> {
    let by = &Actor::Program;
    match end {
        WhenNobodySigns::Wait => Ok(()),
        WhenNobodySigns::LeaveOut => {
            deciding::leave_out(ctx, tx, account, Some(level), "nobody has signed it", by).await.map(drop)
        }
        WhenNobodySigns::LastYear => {
            deciding::let_last_year_stand(ctx, tx, live, account, "nobody has signed it", by).await.map(drop)
        }
    }
}
