//! The pages and mails of one played round, as they are collected: whoever opens or presses something may keep what came under a name.

use chrono::DateTime;

use crate::base::address::EmailAddress;
use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::base::seal::SecretKey;
use crate::rehearsal::mailbox::Received;
use crate::rehearsal::play::OPERATOR;
use crate::rehearsal::world::World;
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::installation::operators;
use crate::web::{self, Web};

use super::visitor::{Seen, Visitor};

/// Not kept.
pub const UNSEEN: &str = "";

/// What is written down of one page or mail.
#[derive(Clone, Debug)]
pub struct Page {
    pub name: String,
    /// When in the round, for the index.
    pub moment: String,
    /// Where it is served; empty for a mail.
    pub path: String,
    /// What the server said on the way to it; nothing for a mail.
    pub statuses: Vec<u16>,
    pub text: String,
}

impl Page {
    /// Mails name what kind of file they are.
    pub fn file(&self) -> String {
        if self.path.is_empty() { self.name.clone() } else { format!("{}.html", self.name) }
    }
}

pub struct Book {
    pub world: World,
    operator: Visitor,
    /// Directors, managers, contacts, the client: whoever has a link.
    reader: Visitor,
    moment: String,
    pub pages: Vec<Page>,
}

/// A link that is whole and was never sent.
pub fn nobodys(page: &str) -> String {
    format!("/{page}/{}", SecretKey::draw(&Ids::seeded(2)).link(page, "nobody"))
}

fn visitors(ctx: &Ctx) -> (Visitor, Visitor) {
    let visitor = || Visitor::new(web::router(Web::new(ctx.clone(), 0)), &ctx.base_url);
    (visitor(), visitor())
}

impl Book {
    pub fn new(world: World) -> Book {
        let (operator, reader) = visitors(&world.ctx);
        Book { world, operator, reader, moment: String::new(), pages: Vec::new() }
    }

    /// From now on, in browsers that nobody is logged in with.
    pub fn serve(&mut self, ctx: &Ctx) {
        (self.operator, self.reader) = visitors(ctx);
    }

    /// Plays on to this instant, and logs in anew: sessions end over night.
    pub async fn at(&mut self, instant: &str, moment: &str) -> Result<()> {
        let parsed = DateTime::parse_from_rfc3339(instant);
        let until = Ts(parsed.map_err(|why| Problem::internal(format!("{instant}: {why}.")))?.timestamp_millis());
        while self.world.now() < until {
            self.play(until).await?;
        }
        self.world.settle_down().await?;
        self.begins(moment).await
    }

    /// Plays on until a mail of this kind has come to this address.
    pub async fn when_comes(&mut self, kind: &str, to: &str, moment: &str) -> Result<()> {
        let closes = self.world.closes_at().await?;
        while self.mailed(kind, to).is_none() && self.world.now() < closes {
            self.play(closes).await?;
        }
        self.begins(moment).await
    }

    async fn play(&mut self, until: Ts) -> Result<()> {
        let next = self.world.settle_down().await?;
        let soonest = self.world.now().plus(MINUTE);
        self.world.ctx.clock.turn_to(next.unwrap_or(until).max(soonest).min(until.max(soonest)));
        Ok(())
    }

    pub async fn begins(&mut self, moment: &str) -> Result<()> {
        self.moment = moment.into();
        self.log_in().await
    }

    /// By a link as the terminal shows it.
    pub async fn log_in(&mut self) -> Result<()> {
        let address = EmailAddress::parse(OPERATOR).map_err(Problem::internal)?;
        let link = self
            .world
            .ctx
            .order(&Actor::CommandLine, operators::IssueLink { email: address })
            .await?
            .unwrap_or_default();
        let path = self.path(&link).to_string();
        let page = self.operator.open(&path).await?;
        self.operator.press(&page, "<main", "", &[("email", OPERATOR)]).await?;
        Ok(())
    }

    fn path<'l>(&self, link: &'l str) -> &'l str {
        link.strip_prefix(&*self.world.ctx.base_url).unwrap_or(link)
    }

    /// The last mail of this kind to this address.
    pub fn mailed(&self, kind: &str, to: &str) -> Option<Received> {
        self.world.mailbox.all().into_iter().rev().find(|mail| mail.kind == kind && mail.recipient() == to)
    }

    /// The same, where there must be one.
    pub fn sent(&self, kind: &str, to: &str) -> Result<Received> {
        self.mailed(kind, to).ok_or_else(|| Problem::internal(format!("No {kind} has come to {to}.")))
    }

    /// The path behind the link of the last mail of this kind to this address.
    pub fn door(&self, kind: &str, to: &str, page: &str) -> Result<String> {
        let mail = self.sent(kind, to)?;
        let link = mail.link(page).map(|link| self.path(link).to_string());
        link.ok_or_else(|| Problem::internal(format!("No {kind} to {to} has a link to {page}.")))
    }

    /// Opens a page: of the console as the operator, behind a link as who got it.
    pub async fn open(&mut self, name: &str, path: &str) -> Result<Seen> {
        let seen = self.visitor(path).open(path).await?;
        self.keep(name, seen)
    }

    /// Fills in the form near these words on a page, and presses its button.
    pub async fn press(
        &mut self,
        name: &str,
        on: &Seen,
        near: &str,
        act: &str,
        typed: &[(&str, &str)],
    ) -> Result<Seen> {
        let seen = self.visitor(&on.path).press(on, near, act, typed).await?;
        self.keep(name, seen)
    }

    /// Chooses a file on a page that takes one, and presses its button.
    pub async fn send_file(&mut self, name: &str, on: &Seen, file: &str, content: &str) -> Result<Seen> {
        let seen = self.visitor(&on.path).send_file(on, file, content).await?;
        self.keep(name, seen)
    }

    fn visitor(&mut self, path: &str) -> &mut Visitor {
        let mailed = ["/sign-off/", "/repair/", "/team/", "/plan/", "/assessment/", "/opt-out/", "/log-in", "/login/"];
        if mailed.iter().any(|door| path.starts_with(door)) { &mut self.reader } else { &mut self.operator }
    }

    fn keep(&mut self, name: &str, seen: Seen) -> Result<Seen> {
        if name != UNSEEN {
            let (path, statuses, text) = (seen.path.clone(), seen.statuses.clone(), seen.html.clone());
            self.pages.push(Page { name: name.into(), moment: self.moment.clone(), path, statuses, text });
        }
        Ok(seen)
    }
}
