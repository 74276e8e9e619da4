//! From the records of an evidence file to the page that is read and printed.

use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::rules::evidence::{AccountRecord, DelegationLine, Document, EntryLine, Head, Sealed, SignatureLine};
use crate::rules::signoff::delegation::Why;
use crate::rules::signoff::{Listed, SignLevel, Standing};
use crate::web::kit::views::assets::STYLE;
use crate::web::kit::views::evidence::{
    EvidenceAccount, EvidenceDelegation, EvidenceEntry, EvidenceName, EvidencePage, EvidenceSignature, EvidenceTold,
};

pub fn page(document: &Document, sha256: &str) -> EvidencePage {
    let round = &document.round.record;
    let day = |date: chrono::NaiveDate| date.format("%-d %B %Y");
    EvidencePage {
        style: STYLE,
        client: round.client.clone(),
        title: round.title.clone(),
        round: round.name.clone(),
        dates: format!("{} to {}", day(round.opens), day(round.closes)),
        as_of: instant(round.as_of),
        record: Head { entries: round.entries, hash: round.head.clone() }.sentence("en"),
        sha256: sha256.into(),
        accounts: document.accounts.iter().map(|sealed| account(&sealed.record)).collect(),
        delegations: document.delegations.iter().map(|line| delegation(line, &document.accounts)).collect(),
        signatures: document.signatures.iter().map(|line| signature(line, &document.accounts)).collect(),
        withheld: document.journal.iter().filter(|line| line.told.is_none()).count(),
        journal: document.journal.iter().map(entry).collect(),
    }
}

fn instant(at: Ts) -> String {
    at.utc().format("%-d %B %Y, %H:%M:%S").to_string()
}

fn account(a: &AccountRecord) -> EvidenceAccount {
    EvidenceAccount {
        name: a.name.clone(),
        director: a.director.clone(),
        director_email: a.director_email.clone(),
        strategic: a.strategic,
        standing: match a.standing {
            Standing::Unsigned => "not signed",
            Standing::CounterSign => "waits for the sales director",
            Standing::Signed => "signed",
        },
        names: a.names,
    }
}

/// `step`: by which human step; `from`: network address and browser, where they were kept.
fn on_the_page(step: &str, from: &str) -> String {
    let from = if from.is_empty() { String::new() } else { format!(", from {from}") };
    format!("On the page behind the mailed link, {step}{from}.")
}

fn delegation(line: &DelegationLine, accounts: &[Sealed<AccountRecord>]) -> EvidenceDelegation {
    let d = &line.record;
    let called = |id: &AccountId| accounts.iter().find(|a| a.record.id == *id).map(|a| a.record.name.clone());
    let why = match d.why {
        Why::Colleague => "",
        Why::Deputy => ", as his or her deputy",
        Why::RegionalHead => ", as the regional head",
    };
    let from = if d.came_from.is_empty() { String::new() } else { format!(", from {}", d.came_from) };
    EvidenceDelegation {
        n: line.n,
        to: format!("{} <{}>", d.to_name, d.to_email),
        of: format!("{}, {}{why}", d.of, level(d.level)),
        accounts: match &d.account {
            Some(id) => called(id).unwrap_or_default(),
            None => "all accounts, also those to come".into(),
        },
        asked: format!("{} by {}{from}", instant(d.at), d.by),
        ended: line
            .ended
            .as_ref()
            .map_or_else(String::new, |end| format!("{} by {}", instant(end.record.at), end.record.by)),
    }
}

fn level(level: SignLevel) -> &'static str {
    match level {
        SignLevel::Director => "account director",
        SignLevel::SalesDirector => "sales director",
    }
}

fn signature(line: &SignatureLine, accounts: &[Sealed<AccountRecord>]) -> EvidenceSignature {
    let signed = &line.record;
    let now = || accounts.iter().find(|account| account.record.id == signed.account).map(|now| &now.record.name);
    let account = match &signed.account_name {
        Some(called) => called.clone(),
        None => format!("{} (renamed since)", now().map_or("an account", String::as_str)),
    };
    let how = match (signed.how.as_str(), signed.came_from.as_str()) {
        ("recorded", _) => {
            format!(
                "Given elsewhere; recorded by {}. Proof: {}.",
                signed.recorded_by,
                signed.evidence.trim_end_matches('.')
            )
        }
        ("carried", _) => {
            format!(
                "In the round before: {}. Decided by {}.",
                signed.evidence.trim_end_matches('.'),
                signed.recorded_by
            )
        }
        ("link" | "count", from) => on_the_page(&format!("by typing the number of names ({})", signed.names), from),
        ("code", from) => on_the_page("by typing a code that was mailed to the signer", from),
        (how, from) => format!("{how} {from}").trim().into(),
    };
    EvidenceSignature {
        n: line.n,
        account,
        level: level(signed.level),
        by: signed.signed_by.clone(),
        at: instant(signed.at),
        how,
        fingerprint: signed.fingerprint.clone(),
        since: line.since,
        changes: line.changes.clone(),
        names: signed.list.as_ref().map(|list| list.iter().map(name).collect()),
        count: signed.names,
    }
}

fn name(listed: &Listed) -> EvidenceName {
    let n = &listed.name;
    let place = [&n.language, &n.country, &n.region, &n.time_zone].map(String::as_str);
    EvidenceName {
        name: format!("{} {}", n.first_name, n.last_name).trim().to_string(),
        email: n.email.clone(),
        job_title: n.job_title.clone(),
        role: n.role.label(),
        place: place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
    }
}

fn entry(line: &EntryLine) -> EvidenceEntry {
    let at = &line.record;
    EvidenceEntry {
        n: at.n,
        at: instant(at.at),
        told: line.told.as_ref().map(|told| EvidenceTold {
            actor: told.entry.actor.clone(),
            action: told.entry.action.clone(),
            detail: told.entry.detail.clone(),
        }),
        hash: Head { entries: at.n, hash: line.sha256.clone() }.shown(),
    }
}
