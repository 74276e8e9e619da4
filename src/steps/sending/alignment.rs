//! Whether receivers can believe our mail: the sender domains of rounds examined for `doctor`, and a live round that does not start
//! from a domain that is not aligned unless somebody says why it should (M10).

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::base::address::EmailAddress;
use crate::base::counted::counted;
use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::mail::domains::published;
use crate::rules::journal::{Action, Actor};
use crate::rules::round::{Author, RoundState};
use crate::rules::sending::alignment::tags::is_reserved;
use crate::rules::sending::alignment::{self, CheckResult, Finding};
use crate::steps::context::{self, Ctx, Giver, Live};
use crate::steps::round::lifecycle::{RoundOrder, TellRound};
use crate::steps::round::starting::StartAsSeen;
use crate::store::Tx;
use crate::store::contacts::accounts;
use crate::store::round::rounds;

/// The domains in whose names a round writes.
#[derive(Debug, Default)]
struct Senders {
    own: BTreeSet<String>,
    /// Of account managers, where a message goes in their names.
    managers: BTreeSet<String>,
}

async fn senders(ctx: &Ctx, live: &Live) -> Result<Senders> {
    let spec = &live.spec;
    let all = [&spec.senders.team, &spec.senders.warm_up].into_iter().chain(spec.senders.country.values());
    let own: BTreeSet<String> = all.map(|sender| sender.email.domain().to_string()).collect();
    let mut managers = BTreeSet::new();
    if spec.touches.iter().any(|touch| touch.from == Some(Author::AccountManager)) {
        let addresses = accounts::manager_addresses(&mut ctx.db.read().await?, &live.id).await?;
        let domains =
            addresses.iter().filter_map(|(text,)| EmailAddress::parse(text).ok().map(|a| a.domain().to_string()));
        managers = domains.filter(|domain| !own.contains(domain)).collect();
    }
    Ok(Senders { own, managers })
}

fn asked(ctx: &Ctx, domain: &str) -> bool {
    ctx.senders.reserved_too || !is_reserved(domain)
}

/// The findings about one domain. Of names that nobody can own nothing is asked.
async fn about(ctx: &Ctx, domain: &str) -> Result<Vec<Finding>> {
    if !asked(ctx, domain) {
        let says = format!("{domain} is a name for examples, which nobody can own: nothing is asked about it.");
        return Ok(vec![Finding::new("sender's domain", domain, CheckResult::Unknown, says)]);
    }
    let envelope = ctx.replies.as_ref().map(EmailAddress::domain);
    Ok(alignment::judge(&published::ask(&ctx.dns, &ctx.signer, domain, envelope, &ctx.senders.outgoing).await?))
}

/// About every domain of the rounds that are not over, of the installation itself, and of the addresses from which mail leaves.
pub async fn examine(ctx: &Ctx) -> Result<Vec<Finding>> {
    let (mut own, mut managers) = (BTreeSet::new(), BTreeSet::new());
    let all = rounds::list(&mut ctx.db.read().await?).await?;
    for brief in all.iter().filter(|round| round.state != RoundState::Closed) {
        let live = ctx.live(&mut ctx.db.read().await?, brief).await?;
        let senders = senders(ctx, &live).await?;
        own.extend(senders.own);
        managers.extend(senders.managers);
    }
    own.insert(ctx.own_domain().to_string());
    let mut findings = Vec::new();
    for of_domain in join_all(own.iter().map(|domain| about(ctx, domain))).await {
        for finding in of_domain? {
            // One key can sign for several domains.
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    if let Some(domain) = ctx.replies.as_ref().map(EmailAddress::domain).filter(|d| asked(ctx, d) && !own.contains(*d))
    {
        findings.push(alignment::replies(domain, &published::replies(&ctx.dns, domain).await));
    }
    let managers: Vec<String> = managers.into_iter().filter(|domain| !own.contains(domain)).collect();
    if !managers.is_empty() {
        let not = not_aligned(ctx, &managers).await?;
        let verdict = not.iter().map(|f| f.verdict).max().unwrap_or(CheckResult::Pass);
        let says = match not.as_slice() {
            [] => format!(
                "Mail in the names of account managers is aligned, for {}.",
                counted(managers.len(), "domain", "domains")
            ),
            some => some.iter().map(|f| f.says.as_str()).collect::<Vec<_>>().join(" "),
        };
        findings.push(Finding::new("alignment", "account managers", verdict, says));
    }
    findings.extend(join_all(ctx.senders.outgoing.iter().map(|ip| published::reverse_name(&ctx.dns, *ip))).await);
    if ctx.senders.outgoing.is_empty() {
        let says = "Whether the addresses from which mail leaves have names is unknown; list them in delivery.outgoing_addresses.";
        findings.push(Finding::new("reverse name", "outgoing addresses", CheckResult::Unknown, says));
    }
    Ok(findings)
}

/// What is said about the alignment of those that are not, or not surely, aligned.
async fn not_aligned(ctx: &Ctx, domains: &[String]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for findings in join_all(domains.iter().map(|domain| about(ctx, domain))).await {
        found.extend(findings?.into_iter().filter(|f| f.check == "alignment" && f.verdict != CheckResult::Pass));
    }
    Ok(found)
}

/// Starts a round, from aligned domains only, or with the reason why from others all the same.
pub async fn start(ctx: &Ctx, slug: &str, actor: &Actor, anyway: Option<&str>) -> Result<()> {
    begin(ctx, slug, actor, anyway, None).await
}

/// The same with the open points of which somebody has said that it starts with them (`round::starting`).
pub async fn start_as_seen(ctx: &Ctx, slug: &str, actor: &Actor, anyway: &str, seen: &str) -> Result<()> {
    begin(ctx, slug, actor, Some(anyway), Some(seen)).await
}

async fn begin(ctx: &Ctx, slug: &str, actor: &Actor, anyway: Option<&str>, seen: Option<&str>) -> Result<()> {
    let live = ctx.live_by_slug(&mut ctx.db.read().await?, slug).await?;
    if ctx.senders.before_start && live.state == RoundState::Draft {
        let senders = senders(ctx, &live).await?;
        let domains: Vec<String> = senders.own.into_iter().chain(senders.managers).collect();
        let not = not_aligned(ctx, &domains).await?;
        let says = not.iter().map(|f| f.says.as_str()).collect::<Vec<_>>().join(" ");
        match anyway.map(str::trim).filter(|reason| !reason.is_empty()) {
            _ if not.is_empty() => {}
            Some(reason) => {
                let detail = format!("{reason} ({says})");
                ctx.order(actor, AcceptUnalignedSenders { round: live.id.clone(), detail }).await?;
            }
            None => {
                // Whoever has seen the open points has a form before him, not a terminal.
                let next = match seen {
                    Some(_) => {
                        "Ask whoever keeps these domains to publish what is missing, or write in the form why it starts all the same."
                    }
                    None => {
                        "`soundings doctor` says what to publish. To start it all the same give the reason: --anyway REASON."
                    }
                };
                let what =
                    format!("Round {slug} was not started, because receivers could not believe its mail. {says}");
                return Err(Problem::refused(what, next));
            }
        }
    }
    let slug = slug.to_string();
    match seen {
        Some(seen) => ctx.order(actor, StartAsSeen { slug, seen: seen.to_string() }).await,
        None => ctx.order(actor, TellRound { slug, order: RoundOrder::Start }).await,
    }
}

/// Somebody starts the round although receivers may not believe its mail, and has said why.
struct AcceptUnalignedSenders {
    round: RoundId,
    detail: String,
}

impl context::Order for AcceptUnalignedSenders {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let round = &self.round;
        ctx.journal(tx, by, Action::AcceptedUnalignedSenders, Some(round), round, &self.detail).await
    }
}
