//! What a list is worth, in sentences; and whose rows go back to whom.

use std::collections::{BTreeMap, HashMap};

use crate::intake::list::CheckedList;
use crate::rules::contacts::quality::Quality;
use crate::steps::Live;
use crate::steps::contacts::quality::RoundQuality;
use crate::steps::contacts::upload::Upload;
use crate::web::console::views::lists::{DirectorFile, Score};
use crate::web::kit::forms::query::with;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Count, Link, Rate, plural};

/// As many accounts, and accounts without anyone, are named.
const NAMED: usize = 10;

pub fn score(quality: &Quality) -> Option<Score> {
    let weak = quality.accounts.iter().filter(|account| account.score < 100).take(NAMED);
    let accounts = weak.map(|account| {
        let why = account.reasons.first().map_or(String::new(), |reason| reason.sentence.clone());
        (account.account.clone(), account.score, why)
    });
    Some(Score {
        points: quality.score,
        reasons: quality.reasons.iter().map(|reason| (reason.points, reason.sentence.clone())).collect(),
        accounts: accounts.collect(),
    })
}

pub fn coverage(worth: &RoundQuality) -> Vec<String> {
    let c = &worth.quality.coverage;
    let mut all = vec![match c.revenue_share {
        Some(share) => format!("Its accounts stand for {share} % of the client’s revenue; half at least is wanted."),
        None => "What share of the client’s revenue it stands for is not known: the list does not say what accounts bring, or the settings what all of them do.".into(),
    }];
    let of = |n: u64| Rate::new(n, c.accounts).counts();
    if c.accounts > 0 {
        all.push(format!(
            "{} accounts have a key decision maker; {} have contacts of several roles.",
            of(c.with_key_decision_maker),
            of(c.with_several_roles)
        ));
    }
    all.extend(c.without_anyone.iter().take(NAMED).map(|account| format!("{} {}.", account.account, account.why)));
    if c.without_anyone.len() > NAMED {
        let more = plural(c.without_anyone.len() - NAMED, "more account has", "more accounts have");
        all.push(format!("{more} nobody who would be asked."));
    }
    all.extend(worth.dropped.iter().filter(|dropped| dropped.rate.dropped > 0).map(|dropped| dropped.sentence()));
    all
}

/// Everybody of whose rows something is to be corrected, by name.
pub fn directors(live: &Live, upload: &Upload, list: &CheckedList) -> Vec<DirectorFile> {
    let mut of_row: HashMap<u64, String> = HashMap::new();
    let mut names: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for contact in &list.accepted {
        let key = contact.director.email.key();
        let (name, address) = (contact.director.name.as_str(), contact.director.email.as_str());
        let shown = if name.is_empty() { address } else { name };
        names.entry(key.clone()).or_insert_with(|| (shown.to_string(), 0));
        of_row.insert(contact.line, key);
    }
    for unread in list.unread.iter().filter(|unread| !unread.director.is_empty()) {
        names.entry(unread.director.clone()).or_insert_with(|| (unread.director.clone(), 0));
        of_row.insert(unread.line, unread.director.clone());
    }
    for finding in &list.findings {
        if let Some((_, n)) = of_row.get(&finding.line).and_then(|key| names.get_mut(key)) {
            *n += 1;
        }
    }
    let here = urls::corrections(&live.slug, &upload.id);
    let file = |(key, (name, n)): (String, (String, u64))| DirectorFile {
        file: Link::new(name, with(here.clone(), "director", &key)),
        findings: Count(n),
    };
    names.into_iter().filter(|(_, (_, n))| *n > 0).map(file).collect()
}
