//! The letters that the client approves with the plan: every one that a contact of the round may get, in every language that the round has
//! words in, for a reader who is invented; and by what it is known whether they are still the same.

use std::collections::BTreeMap;

use crate::base::problem::Result;
use crate::base::seal::sha256;
use crate::mail::letters::{invented, usual};
use crate::rules::message::MessageKind;
use crate::rules::round::MailText;
use crate::steps::context::Live;

use super::preview::{Written, somebody};
use super::wording::{self, Reader};

/// One letter as the client sees it.
#[derive(Clone, Debug)]
pub struct LetterToApprove {
    pub kind: MessageKind,
    /// The first that reads so: reminders share their words until another has its own.
    pub number: u32,
    pub language: String,
    /// To somebody who was named when the others had theirs.
    pub introduction: bool,
    pub from: String,
    /// Whom it names as the CEO, in one country or another; empty where it names nobody.
    ceos: String,
    pub letter: Written,
    /// As it is kept: other readers may have sentences of it that this one has not.
    pub text: MailText,
}

impl LetterToApprove {
    /// "en/reminder/2".
    fn key(&self) -> String {
        let kind = if self.introduction { usual::INTRODUCTION } else { self.kind.as_str() };
        format!("{}/{kind}/{}", self.language, self.number)
    }
}

const KINDS: [MessageKind; 4] =
    [MessageKind::WarmUp, MessageKind::Invitation, MessageKind::Reminder, MessageKind::ThankYou];

/// In the order in which they go, the round's own language first.
pub fn letters(live: &Live, base_url: &str) -> Result<Vec<LetterToApprove>> {
    let mut all = Vec::new();
    for language in languages(live) {
        for kind in KINDS {
            let mut before = None;
            for number in (1..=99).take_while(|number| live.sequence.touch(kind, *number).is_some()) {
                let letter = one(live, base_url, language, (kind, number), false)?;
                let said = (letter.from.clone(), letter.letter.clone(), letter.text.clone());
                if before.as_ref() != Some(&said) {
                    before = Some(said);
                    all.push(letter);
                }
            }
        }
        if live.sequence.touch(MessageKind::WarmUp, 1).is_some() {
            all.push(one(live, base_url, language, (MessageKind::WarmUp, 1), true)?);
        }
    }
    // Who reads a language in which the round says nothing is introduced in the usual words of that language.
    let shown = languages(live);
    let usual = usual::texts()
        .iter()
        .filter(|(language, texts)| texts.contains_key(usual::INTRODUCTION) && !shown.contains(&language.as_str()));
    for (language, _) in usual.filter(|_| live.sequence.touch(MessageKind::WarmUp, 1).is_some()) {
        all.push(one(live, base_url, language, (MessageKind::WarmUp, 1), true)?);
    }
    Ok(all)
}

/// Those in which a contact may be written to in words of the round.
fn languages(live: &Live) -> Vec<&str> {
    let own = live.spec.language.as_str();
    let to_contacts = |name: &String| {
        let usual = MessageKind::parse(name.split('-').next().unwrap_or(name));
        usual.is_some_and(MessageKind::to_contact)
            || live.spec.touches.iter().any(|touch| touch.words.as_ref() == Some(name))
    };
    let others = live.words.iter().filter(|(language, texts)| *language != own && texts.keys().any(to_contacts));
    [own].into_iter().chain(others.map(|(language, _)| language.as_str())).collect()
}

fn one(
    live: &Live,
    base_url: &str,
    language: &str,
    (kind, number): (MessageKind, u32),
    introduction: bool,
) -> Result<LetterToApprove> {
    let predecessor = if introduction { invented::PREDECESSOR.to_owned() } else { String::new() };
    let reader = Reader { language: language.to_owned(), introduced: introduction, predecessor, ..somebody() };
    let link = |page: &str| format!("{base_url}/{page}/personal-link");
    let made = wording::to_contact(live, &reader, kind, number, link("assessment"), &link("opt-out"))?;
    let occasion = introduction.then_some(usual::INTRODUCTION);
    let (_, text) = wording::text(live, kind, number, language, occasion)?;
    Ok(LetterToApprove {
        kind,
        number,
        language: language.to_owned(),
        introduction,
        from: wording::senders(live, kind, number),
        ceos: if text.body.contains("ceo_name") { wording::ceos(live) } else { String::new() },
        letter: Written { subject: made.subject, text: made.text, html: made.html },
        text: text.clone(),
    })
}

/// What letters say, by key: fingerprints of both parts, the subject and the sender, and of the text with what it says to others alone
/// (whoever has begun, whoever follows somebody).
pub type Fingerprints = BTreeMap<String, String>;

pub fn fingerprints(letters: &[LetterToApprove]) -> Fingerprints {
    let of = |l: &LetterToApprove| {
        let (made, kept) = (&l.letter, &l.text);
        let parts = [&l.from, &l.ceos, &made.subject, &made.text, &made.html, &kept.subject, &kept.body];
        sha256(parts.map(String::as_str).join("\n"))
    };
    letters.iter().map(|letter| (letter.key(), of(letter))).collect()
}

/// One for all of them, to be named in the journal.
pub fn fingerprint(all: &Fingerprints) -> String {
    let lines: Vec<String> = all.iter().map(|(key, hash)| format!("{key} {hash}")).collect();
    sha256(lines.join("\n"))
}

/// The letters that are others than were approved, come to them or gone from them: "en/reminder/2".
pub fn differences(approved: &Fingerprints, now: &Fingerprints) -> Vec<String> {
    let changed = now.iter().filter(|(key, hash)| approved.get(*key) != Some(*hash)).map(|(key, _)| key.clone());
    let gone = approved.keys().filter(|key| !now.contains_key(*key)).cloned();
    let mut all: Vec<String> = changed.chain(gone).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_what_went_and_what_reads_differently_is_named() {
        let of = |all: &[(&str, &str)]| all.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let before: Fingerprints = of(&[("en/invitation/1", "a"), ("en/reminder/1", "b"), ("de/invitation/1", "c")]);
        let after: Fingerprints = of(&[("en/invitation/1", "a"), ("en/reminder/1", "x"), ("fr/invitation/1", "d")]);
        assert_eq!(differences(&before, &after), ["de/invitation/1", "en/reminder/1", "fr/invitation/1"]);
        assert_eq!(differences(&before, &before), Vec::<String>::new());
        assert_ne!(fingerprint(&before), fingerprint(&after));
    }
}
