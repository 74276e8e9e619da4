//! Other people's mails with other people's verdicts (`SOUNDINGS_CORPORA`, or `../shared/corpora` beside the checkout).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::read;
use crate::rules::replies::{Class, Incoming};

pub struct Labelled {
    pub label: Label,
    pub bytes: Vec<u8>,
}

#[derive(Deserialize)]
pub struct Label {
    pub file: String,
    pub accept: Vec<Class>,
    recipients: Vec<Named>,
    message_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Named {
    address: Option<String>,
}

pub fn corpus() -> Vec<Labelled> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
    let folder =
        std::env::var_os("SOUNDINGS_CORPORA").map_or_else(|| PathBuf::from(beside), PathBuf::from).join("mail");
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.jsonl")) else {
        println!("skipped: no corpora beside the checkout and SOUNDINGS_CORPORA is not set");
        return Vec::new();
    };
    let labels = labels.lines().map(|line| serde_json::from_str::<Label>(line).unwrap());
    labels.map(|label| Labelled { bytes: std::fs::read(folder.join(&label.file)).unwrap(), label }).collect()
}

#[derive(Default)]
struct Score {
    mails: usize,
    right: usize,
    named: usize,
    named_right: usize,
    known: usize,
    known_right: usize,
    misses: Vec<String>,
}

impl Score {
    fn add(&mut self, label: &Label, read: &Incoming) {
        self.mails += 1;
        self.right += usize::from(label.accept.contains(&read.class));
        if !label.accept.contains(&read.class) {
            self.misses.push(format!("{}: {:?}, not {:?}: {}", label.file, read.class, label.accept, read.reason));
        }
        let wanted: BTreeSet<String> =
            label.recipients.iter().filter_map(|r| r.address.as_ref()).map(|a| a.to_lowercase()).collect();
        if !wanted.is_empty() && read.class != Class::AutoReply {
            let found: BTreeSet<String> = read.recipients.iter().map(|r| r.address.clone()).collect();
            self.named += 1;
            self.named_right += usize::from(found == wanted);
            if found != wanted {
                self.misses.push(format!("{}: {found:?}, not {wanted:?}", label.file));
            }
        }
        if !label.message_ids.is_empty() {
            self.known += 1;
            self.known_right += usize::from(label.message_ids.iter().all(|id| read.message_ids.contains(id)));
        }
    }
}

fn share(right: usize, all: usize) -> f64 {
    f64::from(u32::try_from(right).unwrap()) / f64::from(u32::try_from(all).unwrap())
}

#[test]
fn m07_reports_of_others_are_understood_as_their_owners_understand_them() {
    let mails = corpus();
    if mails.is_empty() {
        return;
    }
    let mut score = Score::default();
    let (mut dead_by_mistake, mut bounced_by_mistake) = (Vec::new(), Vec::new());
    for Labelled { label, bytes } in &mails {
        let read = read(bytes);
        score.add(label, &read);
        if label.accept == [Class::SoftBounce] && read.class == Class::HardBounce {
            dead_by_mistake.push(&label.file);
        }
        let bounce = |class: &Class| matches!(class, Class::HardBounce | Class::SoftBounce);
        if !label.accept.iter().any(bounce) && bounce(&read.class) {
            bounced_by_mistake.push(&label.file);
        }
    }
    score.misses.iter().for_each(|miss| println!("{miss}"));
    println!(
        "{} mails, class {:.3}, recipients {:.3} of {}, Message-IDs {:.3} of {}",
        score.mails,
        share(score.right, score.mails),
        share(score.named_right, score.named),
        score.named,
        share(score.known_right, score.known),
        score.known,
    );
    assert!(dead_by_mistake.is_empty(), "temporary failures taken for dead addresses: {dead_by_mistake:?}");
    assert!(bounced_by_mistake.is_empty(), "taken for bounces: {bounced_by_mistake:?}");
    assert!(share(score.right, score.mails) >= 0.95, "classes");
    assert!(share(score.named_right, score.named) >= 0.95, "recipients");
    assert!(share(score.known_right, score.known) >= 0.95, "Message-IDs");
}

/// 5 ms a mail are promised for a release; a debug build on a shared machine gets forty times that, on average.
#[test]
fn reading_is_quick() {
    let mails = corpus();
    let started = Instant::now();
    for mail in &mails {
        read(&mail.bytes);
    }
    let each = started.elapsed().checked_div(u32::try_from(mails.len()).unwrap()).unwrap_or_default();
    println!("{each:?} a mail");
    assert!(each < Duration::from_millis(200), "{each:?} a mail");
}

#[test]
fn nothing_of_the_corpus_is_answered() {
    for Labelled { label, bytes } in corpus() {
        let read = read(&bytes);
        let machine = !label.accept.contains(&Class::Other);
        assert!(!machine || read.automatic || read.class == Class::Other, "M06: {}", label.file);
    }
}
