//! What a list is worth, in sentences; and whose rows go back to whom.

use std::collections::{BTreeMap, HashMap};

use crate::intake::list::CheckedList;
use crate::rules::contacts::quality::Quality;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::together::directors::Directors;
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
        None if c.client_revenue.is_some() => {
            "What share of the client’s revenue it stands for is not known: the list does not say what its accounts bring.".into()
        }
        None => "What share of the client’s revenue it stands for is not known: the settings of the round do not say what all of them bring.".into(),
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
    let here = urls::corrections(&live.slug, &upload.id);
    let file = |(key, (name, n)): (String, (String, u64))| DirectorFile {
        file: Link::new(name, with(here.clone(), "director", &key)),
        findings: Count(n),
    };
    by_director(list).into_iter().filter(|(_, (_, n))| *n > 0).map(file).collect()
}

/// By the key of the director: how she is called, and how many findings her rows have. Every row is whose its file is.
fn by_director(list: &CheckedList) -> BTreeMap<String, (String, u64)> {
    let directors = Directors::of(list);
    let mut of_row: HashMap<u64, String> = HashMap::new();
    let mut names: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for contact in &list.accepted {
        let key = contact.director.email.key();
        let (name, address) = (contact.director.name.as_str(), contact.director.email.as_str());
        let shown = if name.is_empty() { address } else { name };
        names.entry(key.clone()).or_insert_with(|| (shown.to_string(), 0));
        of_row.insert(contact.line, key);
    }
    let refused = list.refused.iter().map(|r| (r.line, r.get(Field::Account), r.get(Field::DirectorEmail)));
    let unread = list.unread.iter().map(|u| (u.line, u.account.as_str(), u.director.as_str()));
    for (line, account, named) in unread.chain(refused) {
        if let Some(key) = directors.whose(account, named) {
            names.entry(key.clone()).or_insert_with(|| (key.clone(), 0));
            of_row.insert(line, key);
        }
    }
    for finding in &list.findings {
        if let Some((_, n)) = of_row.get(&finding.line).and_then(|key| names.get_mut(key)) {
            *n += 1;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{list, template};

    #[test]
    fn every_finding_that_is_counted_stands_in_the_file_of_its_director() {
        let text = "account,last_name,email,account_director,account_director_email\n\
            Acme,Lee,a@acme.example,Dora Dean,dora@client.example\n\
            Acme,Ray,b@acme,Dora Dean,dora@client.example\n\
            ACME,Kay,c@acme.example,,\n\
            Acme,May,a@acme.example,Dora Dean,dora@client.example\n\
            Acme,Fox,d@acme.example,Dora Dean,dora@client\n\
            Bolt,Roe,info@bolt.example,Rachel,rachel@client.example\n\
            Core,Dow,e@core,Eva,eva@client.example\n\
            None,Hay,f@none.example,,\n";
        let list = list::read(text.as_bytes(), "x.csv").unwrap();
        let counted = by_director(&list);
        let keys: Vec<&str> = counted.keys().map(String::as_str).collect();
        assert_eq!(keys, ["dora@client.example", "eva@client.example", "rachel@client.example"]);
        for (key, (name, n)) in &counted {
            let lines: Vec<u64> = template::rows(&list, Some(key)).iter().map(|row| row.line).collect();
            let inside = list.findings.iter().filter(|finding| lines.contains(&finding.line)).count() as u64;
            assert_eq!((inside, *n > 0), (*n, true), "{name}");
        }
    }
}
