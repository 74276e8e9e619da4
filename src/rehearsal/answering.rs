//! What contacts do with the links in their letters: look, answer, stop half-way, come back, press twice, ask to be left alone.

use std::collections::BTreeMap;

use futures_util::future::join;

use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::rules::questionnaire::Item;
use crate::rules::response::{Answers, read_answer};
use crate::steps::Ctx;
use crate::steps::installation::operators;
use crate::steps::response::{self, Opened, SaveAnswers, SendAnswers, Sent, Standing};

use super::findings::Findings;
use super::personas;
use super::refusals::told;

/// Opens the page, fills in `share` percent of the items page by page, and sends when that is all of them.
pub async fn answer(seed: u64, ctx: &Ctx, who: &str, secret: &str, share: u32, findings: &mut Findings) -> Result<()> {
    let persona = personas::contact(seed, who);
    let Some(opened) = opened(ctx, who, secret, findings).await? else { return Ok(()) };
    for _ in 0..persona.looks {
        response::open(ctx, secret).await?;
    }
    if opened.standing != Standing::Open {
        return Ok(());
    }
    let language = opened.person.language.clone();
    let items: Vec<&Item> = opened.questionnaire.items().collect();
    let upto = (items.len() * share as usize).div_ceil(100);
    let mut expected: Answers = opened.answers.clone();
    for page in items[..upto.min(items.len())].chunks(4) {
        let fields: BTreeMap<String, String> =
            page.iter().map(|item| (item.id.clone(), personas::answer(seed, who, item))).collect();
        let save = SaveAnswers { secret: secret.into(), fields: fields.clone(), language: language.clone() };
        let Some(saved) = told(ctx.order(&Actor::Visitor, save).await)? else {
            return Ok(());
        };
        findings.must(6, saved.errors.is_empty(), || format!("An answer of {who} was not taken: {:?}.", saved.errors));
        for item in page {
            if let Some(Ok(Some(value))) = fields.get(&item.id).map(|text| read_answer(item, text)) {
                expected.insert(item.id.clone(), value);
            }
        }
    }
    // What the page said it saved is there when the person comes back.
    if let Some(again) = response::open(ctx, secret).await? {
        findings.must(6, again.answers == expected, || format!("Answers of {who} that were saved are not there."));
    }
    if share >= 100 {
        send(ctx, who, secret, &language, persona.double_click, findings).await?;
    }
    Ok(())
}

async fn opened(ctx: &Ctx, who: &str, secret: &str, findings: &mut Findings) -> Result<Option<Opened>> {
    let opened = response::open(ctx, secret).await?;
    findings.must(6, opened.is_some(), || format!("The link in a letter to {who} leads nowhere."));
    Ok(opened)
}

async fn send(ctx: &Ctx, who: &str, secret: &str, language: &str, twice: bool, findings: &mut Findings) -> Result<()> {
    let send = || ctx.order(&Actor::Visitor, SendAnswers { secret: secret.into(), language: language.into() });
    if !twice {
        if let Some((_, sent)) = told(send().await)? {
            findings.must(6, sent == Sent::Complete, || format!("{who} answered everything and was told {sent:?}."));
        }
        return Ok(());
    }
    let (first, second) = join(send(), send()).await;
    if let (Some((_, first)), Some((_, second))) = (told(first)?, told(second)?) {
        let once = matches!((&first, &second), (Sent::Complete, Sent::Already) | (Sent::Already, Sent::Complete));
        findings.must(6, once, || format!("{who} pressed twice and was told {first:?} and {second:?}."));
    }
    Ok(())
}

/// Opts out by the page or by the mail program's own button.
pub async fn opt_out(ctx: &Ctx, who: &str, secret: &str, one_click: bool, findings: &mut Findings) -> Result<()> {
    if !one_click {
        let page = response::opt_out_page(ctx, secret).await?;
        findings.must(5, page.is_some_and(|p| p.person.opted_out_at.is_none()), || {
            format!("The opt-out page of {who} is not there, or had opted out by itself.")
        });
    }
    let found = ctx
        .order(
            &Actor::Visitor,
            response::OptOut {
                secret: secret.to_string(),
                length: response::Length::NeverAgain,
                how: if one_click { "one click" } else { "on the page" },
            },
        )
        .await?;
    findings.must(2, found, || format!("The opt-out link of {who} leads nowhere."));
    Ok(())
}

/// The operator's link opens a page, logs in once, and never again.
pub async fn log_in(ctx: &Ctx, secret: &str, findings: &mut Findings) -> Result<()> {
    if !operators::link_is_good(ctx, secret).await? {
        return Ok(());
    }
    let log_in = || operators::LogIn { secret: secret.into(), came_from: "the rehearsal".into() };
    let session = told(ctx.order(&Actor::Visitor, log_in()).await)?;
    findings.must(5, session.is_some(), || "A log-in link that was good did not log in.".into());
    let again = told(ctx.order(&Actor::Visitor, log_in()).await)?;
    findings.must(5, again.is_none(), || "A log-in link logged in twice.".into());
    Ok(())
}
