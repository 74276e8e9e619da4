//! The log of a relay that speaks Postfix: what became of a message, by its Message-ID.
//!
//! `cleanup` names the Message-ID of a queue id, the delivery agents name what became of the queue id. A message that is handed on to
//! another queue (a content filter) has several queue ids under one Message-ID; the last word on any of them counts.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::base::problem::{Problem, Result};

/// What the relay says became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relayed {
    /// `sent`, `bounced`, `deferred`, `expired`; `queued` as long as nothing else is known.
    pub status: String,
    /// What the next server said.
    pub said: String,
}

/// By Message-ID, without its angle brackets.
pub fn read(path: &Path) -> Result<HashMap<String, Relayed>> {
    let unreadable = |e: std::io::Error| {
        Problem::unusable(
            format!("The log {} cannot be read.", path.display()),
            "Name the relay's mail log, such as /var/log/mail.log, in a place that you may read.",
        )
        .because(e)
    };
    let mut reader = BufReader::new(File::open(path).map_err(unreadable)?);
    let (mut ids, mut known, mut line) = (HashMap::<String, String>::new(), HashMap::new(), Vec::new());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            return Ok(known);
        }
        take_in(&String::from_utf8_lossy(&line), &mut ids, &mut known);
    }
}

fn take_in(line: &str, ids: &mut HashMap<String, String>, known: &mut HashMap<String, Relayed>) {
    // Whatever stands before (date, host) differs from one syslog to the next.
    let Some((_, rest)) = line.split_once("postfix") else { return };
    let Some((process, rest)) = rest.split_once("]: ") else { return };
    let Some((queue_id, rest)) = rest.split_once(": ") else { return };
    if !queue_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return;
    }
    if process.contains("/cleanup[") {
        if let Some(id) = rest.trim_end().strip_prefix("message-id=<").and_then(|id| id.strip_suffix('>')) {
            ids.insert(queue_id.into(), id.into());
            known.entry(id.into()).or_insert_with(|| Relayed { status: "queued".into(), said: String::new() });
        }
        return;
    }
    let Some((_, status)) = rest.trim_end().split_once(" status=").or_else(|| rest.trim_end().split_once("status="))
    else {
        return;
    };
    let (status, said) = status.split_once(' ').unwrap_or((status, ""));
    if let Some(relayed) = ids.get(queue_id).and_then(|id| known.get_mut(id)) {
        // Sent is the last word: a later bounce is a message of its own.
        if relayed.status != "sent" {
            let said = said.trim_start_matches('(').trim_end_matches(')');
            *relayed = Relayed { status: status.trim_end_matches(',').into(), said: said.chars().take(300).collect() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_followed_from_its_id_to_the_last_word() {
        let log = "\
Feb  8 09:00:01 relay postfix/smtpd[811]: 4F1A2: client=localhost[127.0.0.1]
Feb  8 09:00:01 relay postfix/cleanup[815]: 4F1A2: message-id=<one@client.example>
Feb  8 09:00:01 relay postfix/qmgr[700]: 4F1A2: from=<team@client.example>, size=9000, nrcpt=1 (queue active)
Feb  8 09:00:02 relay postfix/smtp[820]: 4F1A2: to=<ann@a.example>, relay=mx.a.example[192.0.2.1]:25, delay=1, dsn=4.2.0, status=deferred (host mx.a.example said: 450 later)
Feb  8 09:05:02 relay postfix/smtp[820]: 4F1A2: to=<ann@a.example>, relay=mx.a.example[192.0.2.1]:25, delay=301, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued)
2027-02-08T09:00:03+00:00 relay postfix/submission/cleanup[815]: 4F1A3: message-id=<two@client.example>
2027-02-08T09:00:04+00:00 relay postfix/smtp[821]: 4F1A3: to=<ben@b.example>, relay=none, delay=1, dsn=5.1.1, status=bounced (550 5.1.1 no such user)
Feb  8 09:00:05 relay postfix/cleanup[815]: 4F1A4: message-id=<three@client.example>
Feb  8 09:00:05 relay postfix/smtp[820]: NOQUEUE: status=sent (not ours)
Feb  8 09:00:05 relay dovecot: something else entirely
";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail.log");
        std::fs::write(&path, log).unwrap();
        let known = read(&path).unwrap();
        let of = |id: &str| (known[id].status.as_str(), known[id].said.as_str());
        assert_eq!(known.len(), 3);
        assert_eq!(of("one@client.example"), ("sent", "250 2.0.0 Ok: queued"));
        assert_eq!(of("two@client.example"), ("bounced", "550 5.1.1 no such user"));
        assert_eq!(of("three@client.example"), ("queued", ""));
    }
}
