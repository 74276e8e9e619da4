//! The versions of a text: every change of it that was saved, in the console or by a folder, by whom and when. They are read out of the
//! versions of the round, which are kept anyway, so nothing can be changed without one.

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::round::{MailText, Words};
use crate::steps::context::{Ctx, Live};
use crate::store::round::rounds;

/// One of them.
#[derive(Clone, Debug)]
pub struct TextVersion {
    pub at: Ts,
    /// None where it was not kept yet.
    pub by: Option<String>,
    /// None where the text was taken away.
    pub text: Option<MailText>,
    /// What it was before; none of the first.
    pub before: Option<MailText>,
}

/// The newest first.
pub async fn versions(ctx: &Ctx, live: &Live, language: &str, name: &str) -> Result<Vec<TextVersion>> {
    let kept = {
        let mut tx = ctx.db.read().await?;
        rounds::versions(&mut tx, &live.id).await?
    };
    let (mut all, mut before) = (Vec::new(), None);
    for version in kept {
        let Some(words) = version.words else { continue };
        let words: Words = serde_json::from_str(&words)
            .map_err(|why| Problem::internal("The words of an earlier version cannot be read.").because(why))?;
        let text = words.get(language).and_then(|texts| texts.get(name)).cloned();
        if text != before {
            all.push(TextVersion { at: version.since, by: version.actor, text: text.clone(), before });
            before = text;
        }
    }
    all.reverse();
    Ok(all)
}
