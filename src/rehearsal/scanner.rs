//! A mail scanner: follows every link of every mail at once, as those of large companies do, and checks that nothing moved.
//!
//! Promise 5. "Nothing" is a digest of counts and versions taken before and after; where others may act at the same time (a
//! demo with people on its pages) a difference counts only when it comes again.

use crate::base::problem::Result;
use crate::rehearsal::mailbox::received::Received;
use crate::steps::audit::promises;
use crate::steps::completion::team;
use crate::steps::installation::operators;
use crate::steps::{Ctx, repair, response, signoff};

use super::findings::Findings;

/// How often others may be in the way before a difference is ours.
const TRIES: u32 = 4;

/// GETs all links of these mails. `alone`: nobody else can be acting.
pub async fn scan(ctx: &Ctx, mails: &[Received], alone: bool, findings: &mut Findings) -> Result<()> {
    let mut links: Vec<String> = mails.iter().flat_map(|m| m.links.iter().cloned()).collect();
    links.extend(mails.iter().filter_map(|m| m.header("list-unsubscribe")).map(|l| l.trim_matches(['<', '>']).into()));
    links.retain(|link| link.starts_with(&*ctx.base_url));
    links.sort_unstable();
    links.dedup();
    if links.is_empty() {
        return Ok(());
    }
    for attempt in 1.. {
        let before = promises::digest(ctx).await?;
        for link in &links {
            let known = get(ctx, link).await?;
            findings.must(5, known, || format!("A link in a mail leads nowhere: {}.", without_secret(link)));
        }
        if promises::digest(ctx).await? == before {
            return Ok(());
        }
        if alone || attempt >= TRIES {
            break;
        }
    }
    let kinds: Vec<String> = links.iter().map(|l| without_secret(l)).collect();
    findings.broken(5, format!("Opening links has changed something: {}.", kinds.join(", ")));
    Ok(())
}

/// What the page behind a link reads. Whether the link is known.
async fn get(ctx: &Ctx, link: &str) -> Result<bool> {
    let path = link.strip_prefix(&*ctx.base_url).unwrap_or(link);
    let Some((page, secret)) = path.trim_start_matches('/').split_once('/') else { return Ok(true) };
    Ok(match page {
        "sign-off" => signoff::sheet(ctx, secret).await?.is_some(),
        "repair" => repair::sheet(ctx, secret).await?.is_some(),
        "team" => team::sheet(ctx, secret).await?.is_some(),
        "assessment" => response::open(ctx, secret).await?.is_some(),
        "opt-out" => response::opt_out_page(ctx, secret).await?.is_some(),
        "login" => {
            operators::link_is_good(ctx, secret).await?;
            true
        }
        _ => true,
    })
}

fn without_secret(link: &str) -> String {
    link.rsplit_once('/').map_or(link, |(page, _)| page).to_owned()
}
