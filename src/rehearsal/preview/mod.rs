//! Every page and mail of a round, as the program really serves and sends them: the demo round is played with a fixed seed, stopped at
//! telling moments, and asked through the router as its readers ask.
//!
//! Nothing that is shown is invented: what a page says came about by orders, forms and mails. The same program writes the same bytes.

mod before;
mod book;
mod during;
mod events;
mod forms;
mod lists;
mod mails;
mod making;
mod numbers;
mod scripts;
mod visitor;
mod written;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use crate::base::address::EmailAddress;
use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::base::seal::SecretKey;
use crate::config;
use crate::handover::Scoring;
use crate::intake::folder::RoundFolder;
use crate::rehearsal::mailbox::Mailbox;
use crate::rehearsal::play::{self, DEMO_SEED, OPERATOR, Setup};
use crate::rehearsal::world::{Parts, World};
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::installation::operators;
use crate::store::Db;

use self::book::Book;
use self::written::Files;

const HOST: &str = "https://soundings.example";

/// Files by their names, an index among them. The databases are made in the folder `place`.
pub async fn files(folder: &RoundFolder, place: &Path) -> Result<Files> {
    let database = |name: &str| format!("sqlite:{}", place.join(name).display());
    let start = play::starts_at(&folder.spec)?;
    let mut nothing = Book::new(empty(&database("empty.db"), Clock::hand(start)).await?);
    before::nothing(&mut nothing).await?;
    events::not_taken(&mut nothing).await?;
    let mut first = Book::new(empty(&database("first.db"), Clock::hand(start)).await?);
    making::round(&mut first).await?;
    lists::loaded(&mut first).await?;

    let mut setup = Setup::new(folder.clone(), DEMO_SEED, &database("round.db"), place.join("responses.jsonl"));
    setup.base_url = HOST.into();
    let mut world = play::prepare(setup).await?;
    world.ctx.replies = Some(EmailAddress::parse("replies@northwind.example").map_err(Problem::internal)?);
    let mut book = Book::new(world);
    before::asked(&mut book, folder).await?;
    before::signing(&mut book, folder).await?;
    before::repairs(&mut book).await?;
    during::opened(&mut book).await?;
    during::in_trouble(&mut book).await?;
    during::succeeded(&mut book).await?;
    during::closed(&mut book).await?;
    let sent = book.world.mailbox.all();
    let mails = mails::mails(&sent, |to| book.world.accounts.contains_key(to));
    let mut counted = one_more(numbers::folder(folder), place, "numbers").await?;
    numbers::read(&mut counted).await?;
    let mut named = one_more(scripts::folder(folder)?, place, "scripts").await?;
    scripts::read(&mut named).await?;
    let mut pages = std::mem::take(&mut nothing.pages);
    pages.append(&mut first.pages);
    pages.append(&mut book.pages);
    pages.append(&mut counted.pages);
    pages.append(&mut named.pages);
    pages.extend(mails);
    pages.extend(mails::mails(&numbers::mails(&counted), |_| true));
    // The log of the hand-over names the file; every run has a folder of its own.
    for page in &mut pages {
        page.text = page.text.replace(&place.display().to_string(), "/var/lib/soundings");
    }
    written::files(&mut book, pages).await
}

/// A round in a database of its own.
async fn one_more(folder: RoundFolder, place: &Path, name: &str) -> Result<Book> {
    let database = format!("sqlite:{}", place.join(format!("{name}.db")).display());
    let mut setup = Setup::new(folder, DEMO_SEED, &database, place.join(format!("{name}.jsonl")));
    setup.base_url = HOST.into();
    Ok(Book::new(play::prepare(setup).await?))
}

/// An installation with an operator and no round.
async fn empty(database: &str, clock: Clock) -> Result<World> {
    let ids = Ids::seeded(DEMO_SEED);
    let ctx = Ctx::new(Db::open(database, "off").await?, clock.clone(), ids.clone(), SecretKey::draw(&ids), HOST);
    ctx.order(
        &Actor::operator(OPERATOR),
        operators::AddOperator { email: EmailAddress::parse(OPERATOR).map_err(Problem::internal)? },
    )
    .await?;
    let parts = Parts {
        mailbox: Mailbox::start_with((Ipv4Addr::LOCALHOST, 0).into(), clock).await?,
        scoring: Scoring::new(&config::ScoringSettings::default())?,
        hand_over: PathBuf::default(),
        seed: DEMO_SEED,
        slug: String::new(),
        server_faults: Vec::new(),
        copies: None,
        alone: true,
        accounts: BTreeMap::new(),
    };
    Ok(World::new(ctx, parts))
}
