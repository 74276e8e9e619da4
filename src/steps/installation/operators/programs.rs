//! Keys for other programs: made with what they may do, shown by name, taken back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::KeyId;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::rules::access::{Reach, Rights};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::installation::programs as store;
use crate::store::installation::programs::Key;
use crate::store::round::rounds;

use super::in_passing::in_passing;

/// Makes a key for another program, which reads everything. It is shown once; the database keeps its hash.
pub struct AddKey {
    pub name: String,
}

impl Order for AddKey {
    type Done = String;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<String> {
        AddKeyThatMay { name: self.name, rights: Rights::default() }.run(ctx, tx, by).await
    }
}

/// The same with what it may do, and of which rounds.
pub struct AddKeyThatMay {
    pub name: String,
    pub rights: Rights,
}

impl Order for AddKeyThatMay {
    type Done = String;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<String> {
        let name = self.name.trim();
        if name.is_empty() || name.len() > 80 {
            return Err(Problem::unusable(
                "The key has no name, or a very long one.",
                "Name it after the program that will use it.",
            ));
        }
        fitting(tx, &self.rights).await?;
        let now = ctx.clock.now();
        let secret = format!("snd_{}", URL_SAFE_NO_PAD.encode(ctx.ids.bytes::<32>()));
        let id: KeyId = ctx.ids.id(now);
        if !store::add_key(tx, &id, name, &sha256(&secret), &self.rights, now).await? {
            return Err(Problem::refused(
                format!("There is a key named {name} already."),
                "Choose another name, or remove that key first.",
            ));
        }
        ctx.journal(tx, by, Action::AddedKey, None, name, &told(name, &self.rights)).await?;
        Ok(secret)
    }
}

/// A key that can do nothing, or is for rounds that are not there, is a slip of whoever makes it.
async fn fitting(tx: &mut Tx, rights: &Rights) -> Result<()> {
    if rights.scopes.is_empty() {
        return Err(Problem::unusable("The key may do nothing.", "Name what it may: read, lists, orders or marks."));
    }
    match &rights.reach {
        Reach::Everything => Ok(()),
        Reach::Rounds(rounds) => {
            for round in rounds {
                rounds::brief_by_slug(tx, round).await?.ok_or_else(|| unknown(round))?;
            }
            Ok(())
        }
        Reach::Client(client) => {
            let all = rounds::list(tx).await?;
            // Written down, a client without a name would read as no limit.
            if !client.is_empty() && all.iter().any(|round| rights.reaches(&round.slug, &round.client)) {
                return Ok(());
            }
            let what = format!("There is no round of a client named {client}.");
            Err(Problem::not_found(what, "Write the client as the list of rounds has it."))
        }
    }
}

/// For the journal.
fn told(name: &str, rights: &Rights) -> String {
    let of = match &rights.reach {
        Reach::Everything => String::new(),
        Reach::Rounds(rounds) => format!(", of {}", rounds.join(", ")),
        Reach::Client(client) => format!(", of {client}"),
    };
    format!("{name}: {}{of}", rights.words(", "))
}

pub async fn keys(ctx: &Ctx) -> Result<Vec<Key>> {
    store::keys(&mut ctx.db.read().await?).await
}

/// Takes a key back: the next request with it is refused.
pub struct RemoveKey {
    pub name: String,
}

impl Order for RemoveKey {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let name = self.name.trim();
        if !store::remove_key(tx, name).await? {
            return Err(Problem::not_found(
                format!("There is no key named {name}."),
                "`soundings key list` names them all.",
            )
            .on_page("The page “Operators and keys” names those that there are."));
        }
        store::forget_all(tx, name).await?;
        ctx.journal(tx, by, Action::RemovedKey, None, name, name).await
    }
}

struct NoteUseOfKey {
    name: String,
    at: Ts,
}

impl Order for NoteUseOfKey {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::touch_key(tx, &self.name, self.at).await
    }
}

/// The key, if it is one of ours. Notes that it was used.
pub async fn key_of(ctx: &Ctx, secret: &str) -> Result<Option<Key>> {
    let key = {
        let mut tx = ctx.db.read().await?;
        store::key_by_hash(&mut tx, &sha256(secret)).await?
    };
    let Some(key) = key else { return Ok(None) };
    let now = ctx.clock.now();
    if key.used_at.is_none_or(|at| at.plus(MINUTE) < now) {
        in_passing(ctx, "noting the last use of a key", NoteUseOfKey { name: key.name.clone(), at: now }).await;
    }
    Ok(Some(key))
}

/// The name of the same.
pub async fn key_name(ctx: &Ctx, secret: &str) -> Result<Option<String>> {
    Ok(key_of(ctx, secret).await?.map(|key| key.name))
}
