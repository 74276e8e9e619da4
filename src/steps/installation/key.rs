//! Whose key it is. All links and return addresses are made with one key; with another one every link that was mailed is unknown, in
//! silence. So the database keeps a proof of the key it is used with, and nobody works on it with another (docs/decisions/0025).

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::base::seal::{SecretKey, same};
use crate::steps::context::{Ctx, Purpose};
use crate::store::contacts::link_id;
use crate::store::{Db, installation};

/// Of the contacts that came last, so many links are made again and compared.
const SAMPLE: i64 = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The key that the database is used with, since then.
    Known(Ts),
    /// The database knows another key, since then.
    Another(Ts),
}

/// What the database says of this key. One of an earlier version knows none yet and takes on the first that it is opened with.
pub async fn standing(db: &Db, key: &SecretKey, now: Ts) -> Result<Standing> {
    let proof = key.proof();
    let known = installation::proof(&mut db.read().await?).await?;
    let known = if let Some(known) = known {
        known
    } else {
        let ours = proof.clone();
        db.write(move |tx| {
            Box::pin(async move {
                installation::take_proof(tx, &ours, now).await?;
                // Another daemon may have been quicker.
                let taken = installation::proof(tx).await?;
                Ok(taken.unwrap_or(installation::KeyProof { proof: ours, taken_at: now }))
            })
        })
        .await?
    };
    Ok(if same(&known.proof, &proof) { Standing::Known(known.taken_at) } else { Standing::Another(known.taken_at) })
}

/// Why no new key may be drawn for this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It is used with a key, since then.
    Proven(Ts),
    /// People are in it: what was mailed to them was made with a key.
    ByPeople,
}

pub async fn needed(db: &Db) -> Result<Option<Needed>> {
    let mut tx = db.read().await?;
    if let Some(known) = installation::proof(&mut tx).await? {
        return Ok(Some(Needed::Proven(known.taken_at)));
    }
    Ok(installation::has_people(&mut tx).await?.then_some(Needed::ByPeople))
}

/// Of the links that were given out last: how many were looked at, and how many this key does not open. An earlier version let two daemons
/// give out links with a key each, and the proof says nothing about that.
pub async fn links_of_another(ctx: &Ctx) -> Result<(usize, usize)> {
    let made = installation::latest_links(&mut ctx.db.read().await?, SAMPLE).await?;
    let foreign =
        |m: &&installation::LinkMade| ctx.secret_hash(Purpose::Assessment, &link_id(&m.id, m.links)) != m.link_hash;
    Ok((made.len(), made.iter().filter(foreign).count()))
}
