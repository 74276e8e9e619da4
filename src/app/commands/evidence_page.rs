//! From the records of an evidence file to the page that is read and printed.

use crate::base::clock::Ts;
use crate::rules::evidence::{AccountRecord, Document, EntryRecord, Head, SignatureLine};
use crate::rules::signoff::{Listed, SignLevel, Standing};
use crate::web::kit::views::assets::STYLE;
use crate::web::kit::views::evidence::{EvidenceAccount, EvidenceEntry, EvidenceName, EvidencePage, EvidenceSignature};

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
        signatures: document.signatures.iter().map(signature).collect(),
        journal: document.journal.iter().map(|sealed| entry(&sealed.record, &sealed.sha256)).collect(),
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

fn signature(line: &SignatureLine) -> EvidenceSignature {
    let signed = &line.record;
    let how = match (signed.how.as_str(), signed.came_from.as_str()) {
        ("recorded", _) => {
            format!(
                "Given elsewhere; recorded by {}. Proof: {}.",
                signed.recorded_by,
                signed.evidence.trim_end_matches('.')
            )
        }
        ("link" | "count", from) => on_the_page(&format!("by typing the number of names ({})", signed.names), from),
        ("code", from) => on_the_page("by typing a code that was mailed to the signer", from),
        (how, from) => format!("{how} {from}").trim().into(),
    };
    EvidenceSignature {
        n: line.n,
        account: signed.account_name.clone(),
        level: match signed.level {
            SignLevel::Director => "account director",
            SignLevel::SalesDirector => "sales director",
        },
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

fn entry(e: &EntryRecord, sha256: &str) -> EvidenceEntry {
    EvidenceEntry {
        n: e.n,
        at: instant(e.at),
        actor: e.actor.clone(),
        action: e.action.clone(),
        detail: e.detail.clone(),
        hash: Head { entries: e.n, hash: sha256.into() }.shown(),
    }
}
