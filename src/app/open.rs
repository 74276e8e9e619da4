//! Opening an installation: settings, log, database, key, clock.

use std::path::Path;
use std::sync::Arc;

use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::base::seal::SecretKey;
use crate::config::Settings;
use crate::intake;
use crate::mail::dkim::{self, Signer};
use crate::mail::domains::dns::Dns;
use crate::rules::calendar::Almanac;
use crate::steps::Ctx;
use crate::steps::context::event_setup::EventSetup;
use crate::steps::sending::sender_checks::SenderChecks;
use crate::store::Db;

use super::{key, put_back};

/// The settings in force.
pub fn settings(file: Option<&Path>) -> Result<Settings> {
    let settings = Settings::load(file, std::env::vars())?;
    super::logging::start(&settings.log);
    Ok(settings)
}

/// The installation that the settings describe. Refused where its key is not the one that the database is used with.
pub async fn installation(settings: &Settings) -> Result<Ctx> {
    let ids = Ids::system()?;
    let db = database(settings).await?;
    let key = key::of(&db, &settings.secret_key_path(), &ids).await?;
    with_key(settings, db, ids, key)
}

/// The same for `doctor`, who names what is wrong with the key.
pub async fn for_doctor(settings: &Settings) -> Result<(Ctx, Option<Problem>)> {
    let ids = Ids::system()?;
    let db = database(settings).await?;
    let (key, wrong) = key::or_why_not(&db, &settings.secret_key_path(), &ids).await?;
    Ok((with_key(settings, db, ids, key)?, wrong))
}

async fn database(settings: &Settings) -> Result<Db> {
    put_back::check(settings)?;
    Db::open(&settings.database.url, settings.database.synchronous.as_str()).await
}

fn with_key(settings: &Settings, db: Db, ids: Ids, key: SecretKey) -> Result<Ctx> {
    let mut ctx = Ctx::new(db, Clock::system(), ids, key, &settings.server.base_url);
    ctx.days_between_rounds = settings.limits.days_between_rounds;
    ctx.call_pause_days = settings.calling.pause_days;
    ctx.signer = Arc::new(signer(settings)?);
    ctx.dns = Dns::new(&settings.dns);
    ctx.senders = SenderChecks {
        before_start: settings.delivery.check_domains,
        outgoing: settings.delivery.outgoing_addresses.clone().into(),
        reserved_too: !settings.dns.servers.is_empty(),
    };
    ctx.replies = settings.replies.return_address();
    ctx.events = Arc::new(EventSetup { kinds: settings.events.kinds().unwrap_or_default(), webhook: None });
    ctx.almanac = almanac(settings)?;
    ctx.pace = settings.pace.policy()?.map(Arc::new);
    Ok(ctx)
}

/// What signs mail. No folder where none is named means no keys.
pub fn signer(settings: &Settings) -> Result<Signer> {
    let folder = settings.dkim_folder();
    if settings.dkim.folder.is_none() && !folder.is_dir() { Ok(Signer::default()) } else { dkim::read(&folder) }
}

/// Public holidays and working weeks: the built-in ones, or with the operator's own over them.
pub fn almanac(settings: &Settings) -> Result<Arc<Almanac>> {
    settings.calendar.file.as_deref().map_or_else(|| Ok(Almanac::built_in()), intake::almanac::read)
}
