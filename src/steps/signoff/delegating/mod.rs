//! Somebody who signs asks a colleague to do it for him, on his page: for one account, or for all of his, also those to come.
//!
//! It asks for the human step of the accounts that wait, so whoever was only sent on the link, and a robot, let nobody in. What the reader can
//! mend himself is a value ([`NotDelegated`]), for his page speaks his language.

pub(crate) mod on_behalf;
pub(crate) mod appointing;
pub(in crate::signoff) mod colleagues;

use crate::base::address::EmailAddress;
use crate::base::ids::{AccountId, DelegationId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::row::name::{NameKind, verdict};
use crate::rules::journal::Actor;
use crate::rules::round::{HumanStep, SignoffSpec};
use crate::rules::signoff::delegation::{Signer, Why, is_at_a_known_domain};
use crate::rules::signoff::human_step::NotTyped;
use crate::rules::text::typed::{LONGEST_LINE, one_line};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::addresses;
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::signoff::{self as requests, Request};

use self::appointing::{appoint, dismiss};
use self::on_behalf::is_own;
use crate::steps::signoff::asking::requests::{accounts_of, to_sign};
use crate::steps::signoff::signing::human_step::{look_at, step_of};
use crate::steps::signoff::signing::opening::request_of;
use crate::steps::signoff::signing::receipt;

/// Why nobody was asked.
#[derive(Debug)]
pub enum NotDelegated {
    NoName,
    /// What was typed is nobody's name.
    NobodysName(String),
    /// How many characters the name has.
    TooLong(usize),
    NoAddress(String),
    /// At no mail domain of the round.
    OtherDomain(String),
    /// His own address.
    Himself(String),
    /// Takes no mail.
    Dead(String),
    /// Who signs this already.
    Already(String),
    /// He was asked himself to sign it.
    NotHis,
    NothingWaits,
    /// All accounts cannot be given by counting where some of them ask for a code.
    OneByOne,
    /// The human step was not taken.
    Typed(NotTyped),
}

/// Lets a colleague sign. A wrong code is counted, so what is written then stays.
#[derive(Clone, Debug)]
pub struct Delegate {
    pub secret: String,
    /// None: all accounts of his.
    pub account: Option<AccountId>,
    pub name: String,
    pub email: String,
    /// The number of names that wait, or the code.
    pub typed: String,
    /// Network address and browser, for the record.
    pub came_from: String,
}

impl Order for Delegate {
    type Done = Result<DelegationId, NotDelegated>;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Self::Done> {
        let request = request_of(tx, &self.secret).await?;
        tx.in_round(&request.round_id);
        let live = ctx.live_by_id(tx, &request.round_id).await?;
        let all = accounts_of(tx, &request).await?;
        if let Some(id) = &self.account
            && !all.iter().any(|a| a.id == *id)
        {
            return Err(Problem::not_found("There is no such account on this page.", "Reload the page."));
        }
        let (own, others): (Vec<Account>, Vec<Account>) = all.into_iter().partition(|a| is_own(&request, a));
        let meant = |a: &&Account| self.account.as_ref().is_none_or(|only| *only == a.id);
        if !own.iter().any(|a| meant(&a)) && others.iter().any(|a| meant(&a)) {
            return Ok(Err(NotDelegated::NotHis));
        }
        let whom = match self.whom(tx, &request, &live).await? {
            Ok(whom) => whom,
            Err(why) => return Ok(Err(why)),
        };
        let waiting = to_sign(&request, &own);
        if let Err(why) = self.human_step(ctx, tx, &request, &live.spec.signoff, (&own, &waiting)).await? {
            return Ok(Err(why));
        }
        let now = ctx.clock.now();
        let by_whom = Signer { name: &request.name, email: request.email.as_str(), on_behalf_of: None }.written();
        let delegation = Delegation {
            id: ctx.ids.id(now),
            round_id: request.round_id.clone(),
            level: request.level,
            of_email: request.email.clone(),
            account_id: self.account,
            to_name: clean(&self.name),
            to_email: whom,
            why: Why::Colleague,
            by_whom,
            came_from: self.came_from,
            at: now,
            ended_at: None,
            ended_by: None,
        };
        appoint(ctx, tx, &delegation, now).await?;
        receipt::tell_who_may_sign(ctx, tx, &request, delegation.at).await?;
        Ok(Ok(delegation.id))
    }
}

impl Delegate {
    /// The address of the colleague, as the round spells it.
    async fn whom(&self, tx: &mut Tx, request: &Request, live: &Live) -> Result<Result<EmailAddress, NotDelegated>> {
        let length = one_line(&self.name).chars().count();
        if length > LONGEST_LINE {
            return Ok(Err(NotDelegated::TooLong(length)));
        }
        let name = clean(&self.name);
        match verdict("", &name) {
            NameKind::Name | NameKind::Half => {}
            NameKind::Missing => return Ok(Err(NotDelegated::NoName)),
            NameKind::Placeholder => return Ok(Err(NotDelegated::NobodysName(name))),
        }
        let Ok(email) = EmailAddress::parse(self.email.trim()) else {
            return Ok(Err(NotDelegated::NoAddress(clean(&self.email).chars().take(80).collect())));
        };
        if email.key() == request.email.key() {
            return Ok(Err(NotDelegated::Himself(email.to_string())));
        }
        let mut known = delegations::colleagues(tx, &request.round_id).await?;
        known.push(live.spec.signoff.sales_director_email.clone());
        if !is_at_a_known_domain(&email, &known) {
            return Ok(Err(NotDelegated::OtherDomain(email.to_string())));
        }
        if !addresses::dead(tx, &[email.key()]).await?.is_empty() {
            return Ok(Err(NotDelegated::Dead(email.to_string())));
        }
        let given = delegations::given(tx, &request.round_id, request.level, &[request.email.as_str()]).await?;
        let covers = |d: &&Delegation| d.account_id.is_none() || d.account_id == self.account;
        if let Some(d) = given.iter().filter(covers).find(|d| d.to_email.key() == email.key()) {
            return Ok(Err(NotDelegated::Already(d.to_name.clone())));
        }
        let asked = requests::of_round(tx, &request.round_id).await?.into_iter().filter(|r| r.level == request.level);
        let spelled = asked.map(|r| r.email).chain(known).find(|other| other.key() == email.key());
        Ok(Ok(spelled.unwrap_or_else(|| email.folded())))
    }

    /// Whether the human step of the accounts was taken: the code where any that waits asks for one.
    async fn human_step(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        request: &Request,
        spec: &SignoffSpec,
        (own, waiting): (&[Account], &[Account]),
    ) -> Result<Result<(), NotDelegated>> {
        let mut meant: Vec<Account> =
            waiting.iter().filter(|a| self.account.as_ref().is_none_or(|only| *only == a.id)).cloned().collect();
        if meant.is_empty() {
            return Ok(Err(NotDelegated::NothingWaits));
        }
        let step = step_of_page(spec, waiting);
        // Counting lets nobody in where a code is asked for, now or when the list changes.
        if self.account.is_none() && step == HumanStep::Count && own.iter().any(|a| step_of(spec, a) == HumanStep::Code)
        {
            return Ok(Err(NotDelegated::OneByOne));
        }
        let asks_for_code = |a: &Account| step_of(spec, a) == HumanStep::Code;
        if step == HumanStep::Code && !meant.iter().any(asks_for_code) {
            meant = waiting.iter().filter(|a| asks_for_code(a)).cloned().collect();
        }
        let looked = look_at(ctx, tx, request, &meant, step, &self.typed).await?;
        Ok(looked.map_err(NotDelegated::Typed))
    }
}

/// What asking a colleague wants typed, by the accounts that wait.
pub(in crate::signoff) fn step_of_page(spec: &SignoffSpec, waiting: &[Account]) -> HumanStep {
    let coded = waiting.iter().any(|a| step_of(spec, a) == HumanStep::Code);
    if coded { HumanStep::Code } else { HumanStep::Count }
}

/// Ends what somebody has let a colleague do for him.
#[derive(Clone, Debug)]
pub struct EndDelegation {
    pub secret: String,
    pub delegation: DelegationId,
}

impl Order for EndDelegation {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let request = request_of(tx, &self.secret).await?;
        tx.in_round(&request.round_id);
        let his = |d: &Delegation| {
            let of = (&d.round_id, d.level, &d.of_email, d.why);
            of == (&request.round_id, request.level, &request.email, Why::Colleague)
        };
        let found = delegations::by_id(tx, &self.delegation).await?.filter(his);
        let delegation = found.ok_or_else(|| Problem::not_found("You have asked nobody there.", "Reload the page."))?;
        // The second tap of two.
        if delegation.ended_at.is_some() {
            return Ok(());
        }
        let by = Signer { name: &request.name, email: request.email.as_str(), on_behalf_of: None }.written();
        dismiss(ctx, tx, &delegation, &by, &Actor::signer(request.level, &request.email)).await
    }
}
