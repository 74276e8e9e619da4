//! Logging in by a link, which comes by mail or is shown on the terminal.
//!
//! Asking only notes who asked, the same for every address; whether somebody is an operator is looked up later, by a duty of the daemon, so
//! that the time of the answer tells nothing (S20). What was noted is on disk: a stop or a crash loses no mail. A link opens a page; only
//! the button on it logs in (S21), once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;

use crate::base::address::EmailAddress;
use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::{LoginId, LoginRequestId};
use crate::base::problem::{Kind, Problem, Result};
use crate::base::seal::sha256;
use crate::base::tokens;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind};
use crate::steps::context::{Ctx, Giver, Order, Purpose};
use crate::steps::duties::failures::Reach;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::installation::operators as store;
use crate::store::installation::operators::{Login, Operator, Request, Session};
use crate::store::sending::outbox;

use super::sessions::LONGEST;

/// A link to log in is good for this long.
pub const LINK_LASTS: i64 = 15 * MINUTE;
/// Mails per operator and quarter of an hour, so that nobody's mailbox is flooded.
const MAILS_AT_ONCE: i64 = 5;
/// Looked at together. Whoever fills the row with more than this in a second waits himself.
const AT_ONCE: i64 = 200;
/// As it is shown and logged.
const DROPPED: &str = "answering everybody who asks for a log-in link";

/// Notes that somebody asked for a link. Reads nothing that depends on the address; anybody may ask.
pub struct AskForLink {
    pub email: EmailAddress,
}

impl Order for AskForLink {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let now = ctx.clock.now();
        let request = Request { id: ctx.ids.id(now), email: self.email.key(), asked_at: now };
        store::add_request(tx, &request).await
    }
}

/// What became of somebody who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Answered,
    /// Nobody's, or somebody else's work by now.
    Nobody,
    /// The link would be of no use any more.
    TooLate,
    /// This operator has been sent as many as are sent at once.
    Enough,
}

/// Plans the mails for those who asked and are operators; forgets the others. How many it looked at. One who cannot be answered ends alone,
/// and whose request is dropped is said (by number: whoever asked need not be anybody).
pub async fn answer_requests(ctx: &Ctx) -> Result<usize> {
    let read = store::requests(&mut ctx.db.read().await?, AT_ONCE).await?;
    let (requests, unreadable) = ctx.readable("log-in request", read);
    let looked_at = requests.len() + unreadable.len();
    if looked_at == 0 {
        say(ctx, Ok(()));
        return Ok(0);
    }
    // Handed to the writer one by one: each is undone alone, and all that wait share a commit.
    let answers = join_all(requests.into_iter().map(|request| async move {
        let id = request.id.clone();
        (id, ctx.order(&Actor::Program, AnswerRequest { request }).await)
    }));
    let (mut lost, mut became) = (unreadable.into_iter().map(LoginRequestId::from).collect::<Vec<_>>(), Vec::new());
    for (id, answered) in answers.await {
        match ctx.alone(Reach::Piece, &format!("log-in request {id}"), answered)? {
            Some(what) => became.push(what),
            None => lost.push(id),
        }
    }
    let failed = lost.len();
    if failed > 0 {
        // Tried again, it would fail again, in front of all others.
        ctx.order(&Actor::Program, DropRequests { ids: lost }).await?;
    }
    let number = |of: Became| became.iter().filter(|what| **what == of).count();
    say(ctx, dropped(failed, number(Became::TooLate), number(Became::Enough)));
    Ok(looked_at)
}

/// It is over when for as long as a link lasts nobody has waited in vain.
fn say(ctx: &Ctx, dropped: Result<()>) {
    let is_recent = |at: Ts| ctx.clock.now().since(at) < LINK_LASTS;
    if dropped.is_err() || !ctx.failures.last(DROPPED).is_some_and(is_recent) {
        ctx.unhurried(DROPPED, dropped);
    }
}

/// Nobody waits for a mail without its being said somewhere.
fn dropped(failed: usize, too_late: usize, enough: usize) -> Result<()> {
    let mut why = Vec::new();
    for (n, reason) in [
        (failed, "could not be answered"),
        (too_late, "had waited longer than a link lasts"),
        (enough, "were for an operator who has just been sent several"),
    ] {
        if n > 0 {
            why.push(format!("{n} {reason}"));
        }
    }
    match why.is_empty() {
        true => Ok(()),
        false => Err(Problem::new(
            Kind::Refused,
            format!("Requests for log-in links were dropped: {}.", why.join(", ")),
            "Whoever waits asks again; `soundings user add ADDRESS` shows a link on the terminal at once.",
        )
        .on_page("Whoever waits asks again for a link.")),
    }
}

struct AnswerRequest {
    request: Request,
}

impl Order for AnswerRequest {
    type Done = Became;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Became> {
        let (now, request) = (ctx.clock.now(), self.request);
        if !store::take_request(tx, &request.id).await? {
            return Ok(Became::Nobody);
        }
        // Whoever has waited for longer than a link lasts has gone.
        if request.asked_at.plus(LINK_LASTS) < now {
            return Ok(Became::TooLate);
        }
        let Ok(email) = EmailAddress::parse(&request.email) else { return Ok(Became::Nobody) };
        let Some(operator) = store::by_email(tx, &email).await? else { return Ok(Became::Nobody) };
        if store::mailed_since(tx, &operator.id, now.plus(-LINK_LASTS)).await? >= MAILS_AT_ONCE {
            return Ok(Became::Enough);
        }
        let id = issue(ctx, tx, &operator, true, now).await?;
        let to = Addressee { subject: id.as_str(), name: "", email: &operator.email };
        let message = message_to(ctx, &Lane::System, to, MessageKind::Login, 1, now);
        outbox::enqueue(tx, &message, now).await.map(|_| Became::Answered)
    }
}

struct DropRequests {
    ids: Vec<LoginRequestId>,
}

impl Order for DropRequests {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        for id in &self.ids {
            store::take_request(tx, id).await?;
        }
        Ok(())
    }
}

async fn issue(ctx: &Ctx, tx: &mut Tx, operator: &Operator, by_mail: bool, now: Ts) -> Result<LoginId> {
    let login = Login {
        id: ctx.ids.id(now),
        operator_id: operator.id.clone(),
        expires_at: now.plus(LINK_LASTS),
        used_at: None,
    };
    store::add_login(tx, &login, &ctx.secret_hash(Purpose::Login, &login.id), by_mail, now).await?;
    Ok(login.id)
}

/// A link to log in, for the one who runs the program and sees its terminal, however many have gone by mail. `None` when the address is not
/// an operator's.
pub struct IssueLink {
    pub email: EmailAddress,
}

impl Order for IssueLink {
    type Done = Option<String>;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Option<String>> {
        let Some(operator) = store::by_email(tx, &self.email).await? else { return Ok(None) };
        let id = issue(ctx, tx, &operator, false, ctx.clock.now()).await?;
        Ok(Some(ctx.link(Purpose::Login, &id)))
    }
}

/// Whether a log-in link would still work. Changes nothing.
pub async fn link_is_good(ctx: &Ctx, secret: &str) -> Result<bool> {
    Ok(link_is_for(ctx, secret).await?.is_some())
}

/// Whose link this is, while it would still work. Changes nothing.
pub async fn link_is_for(ctx: &Ctx, secret: &str) -> Result<Option<EmailAddress>> {
    let mut tx = ctx.db.read().await?;
    let login = store::login_by_link(&mut tx, &tokens::hash(secret)).await?;
    let Some(login) = login.filter(|l| l.used_at.is_none() && l.expires_at > ctx.clock.now()) else { return Ok(None) };
    Ok(store::by_id(&mut tx, &login.operator_id).await?.map(|o| o.email))
}

/// Uses a log-in link up and begins a session. Returns the session's secret, for the cookie.
pub struct LogIn {
    pub secret: String,
    pub came_from: String,
}

impl Order for LogIn {
    type Done = String;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<String> {
        let now = ctx.clock.now();
        let spent = || {
            Problem::new(
                Kind::Gone,
                "This link has been used or has expired.",
                "Ask for a new one; it comes by mail within a minute.",
            )
        };
        let login = store::login_by_link(tx, &tokens::hash(&self.secret)).await?.ok_or_else(spent)?;
        let operator = store::by_id(tx, &login.operator_id).await?.ok_or_else(spent)?;
        if !store::use_login(tx, &login.id, now).await? {
            return Err(spent());
        }
        let random = || URL_SAFE_NO_PAD.encode(ctx.ids.bytes::<32>());
        let cookie = random();
        let session = Session {
            hash: sha256(&cookie),
            operator_id: operator.id,
            email: operator.email,
            csrf: random(),
            created_at: now,
            seen_at: now,
            expires_at: now.plus(LONGEST),
            came_from: self.came_from,
        };
        store::add_session(tx, &session).await?;
        let who = Actor::operator(session.email.as_str());
        ctx.journal(tx, &who, Action::LoggedIn, None, who.as_str(), &session.came_from).await?;
        Ok(cookie)
    }
}
