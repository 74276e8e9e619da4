//! The versions of a text: every change of it that was saved, in the console or by a folder, by whom and when. They are read out of the
//! versions of the round, which are kept anyway, so nothing can be changed without one.

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::round::{MailText, Words};
use crate::steps::context::{Ctx, Live};
use crate::steps::plan::change::changed_texts;
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

/// A version of the words of a round that changed some of them.
#[derive(Clone, Debug)]
pub struct WordsVersion {
    pub at: Ts,
    /// None where it was not kept yet.
    pub by: Option<String>,
    /// "en/reminder".
    pub texts: Vec<String>,
}

/// Every change of words, the newest first. The first version of a round is none.
pub async fn all(ctx: &Ctx, live: &Live) -> Result<Vec<WordsVersion>> {
    let (mut all, mut before): (Vec<WordsVersion>, Option<Words>) = (Vec::new(), None);
    for (at, by, words) in kept(ctx, live).await? {
        let texts = before.as_ref().map_or_else(Vec::new, |before| changed_texts(before, &words));
        if !texts.is_empty() {
            all.push(WordsVersion { at, by, texts });
        }
        before = Some(words);
    }
    all.reverse();
    Ok(all)
}

async fn kept(ctx: &Ctx, live: &Live) -> Result<Vec<(Ts, Option<String>, Words)>> {
    let kept = {
        let mut tx = ctx.db.read().await?;
        rounds::versions(&mut tx, &live.id).await?
    };
    let read = |version: rounds::Version| {
        let words = serde_json::from_str(&version.words?)
            .map_err(|why| Problem::internal("The words of an earlier version cannot be read.").because(why));
        Some(words.map(|words| (version.since, version.actor, words)))
    };
    kept.into_iter().filter_map(read).collect()
}

/// Of one text, the newest first.
pub async fn versions(ctx: &Ctx, live: &Live, language: &str, name: &str) -> Result<Vec<TextVersion>> {
    let (mut all, mut before) = (Vec::new(), None);
    for (at, by, words) in kept(ctx, live).await? {
        let text = words.get(language).and_then(|texts| texts.get(name)).cloned();
        if text != before {
            all.push(TextVersion { at, by, text: text.clone(), before });
            before = text;
        }
    }
    all.reverse();
    Ok(all)
}
