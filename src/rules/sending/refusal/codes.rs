//! The numbers in what a server said (RFC 5321 replies, RFC 3463 codes), and how far the conversation had come.

pub type Status = (u8, u16, u16);

/// How far the conversation was when the answer came. An address that was taken and a mail refused afterwards is no dead address, whatever
/// the refusal says; nor is one that was never asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedAt {
    Unknown,
    Greeting,
    Sender,
    Recipient,
    Content,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    pub reply: Option<u16>,
    /// Without doubles, in order.
    pub statuses: Vec<Status>,
}

/// All codes that a text of a server has in it.
pub fn read(text: &str) -> Codes {
    let mut codes = Codes::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'.') {
            at += 1;
        }
        let before = start.checked_sub(1).map_or(b' ', |i| bytes[i]);
        let after = bytes.get(at).copied().unwrap_or(b' ');
        // A version, a path, a host name, a part of a word.
        if before.is_ascii_alphanumeric()
            || b"/@._".contains(&before)
            || after.is_ascii_alphanumeric()
            || b"@_".contains(&after)
        {
            continue;
        }
        let run = text[start..at].trim_end_matches('.');
        if let Some(status) = status(run) {
            if !codes.statuses.contains(&status) && codes.statuses.len() < 8 {
                codes.statuses.push(status);
            }
        } else if codes.reply.is_none() && run.len() == 3 && b" -:,;)]'\"<\n\r".contains(&after) {
            codes.reply = run.parse().ok().filter(|n| is_refusal(*n));
        }
    }
    codes
}

/// `5.1.1` and nothing longer.
pub fn status(text: &str) -> Option<Status> {
    let mut parts = text.split('.');
    let class = parts.next()?.parse().ok().filter(|c| matches!(c, 2 | 4 | 5))?;
    let subject = parts.next().filter(|p| p.len() <= 2)?.parse().ok().filter(|s| *s <= 7)?;
    let detail = parts.next().filter(|p| p.len() <= 3)?.parse().ok()?;
    parts.next().is_none().then_some((class, subject, detail))
}

/// Replies that SMTP servers refuse with; other numbers of three digits are ports, sizes and parts of addresses.
fn is_refusal(n: u16) -> bool {
    matches!(n, 420..=422 | 431 | 432 | 441 | 442 | 447 | 449..=455 | 459 | 471 | 500..=504 | 510..=515 | 521..=523 | 530..=535 | 538 | 541 | 542 | 550..=557 | 571)
}

const STAGES: &[(&str, RefusedAt)] = &[
    ("reply to rcpt", RefusedAt::Recipient),
    ("after rcpt", RefusedAt::Recipient),
    ("[rcpt_to]", RefusedAt::Recipient),
    ("rcpt to generated", RefusedAt::Recipient),
    ("our rcpt", RefusedAt::Recipient),
    ("for rcpt", RefusedAt::Recipient),
    ("rcpt command", RefusedAt::Recipient),
    ("rcpt to command", RefusedAt::Recipient),
    ("does not like recipient", RefusedAt::Recipient),
    ("sent: rcpt", RefusedAt::Recipient),
    (">>> rcpt", RefusedAt::Recipient),
    ("error in rcpt", RefusedAt::Recipient),
    ("reply to end of data", RefusedAt::Content),
    ("reply to data", RefusedAt::Content),
    ("after end of data", RefusedAt::Content),
    ("after data", RefusedAt::Content),
    ("end of data", RefusedAt::Content),
    ("our data", RefusedAt::Content),
    ("final data", RefusedAt::Content),
    ("for text command", RefusedAt::Content),
    ("data command", RefusedAt::Content),
    ("[data]", RefusedAt::Content),
    ("failed after i sent the message", RefusedAt::Content),
    (">>> data", RefusedAt::Content),
    ("reply to mail from", RefusedAt::Sender),
    ("after mail from", RefusedAt::Sender),
    ("our mail from", RefusedAt::Sender),
    ("mail from command", RefusedAt::Sender),
    ("[mail_from]", RefusedAt::Sender),
    ("sender was rejected", RefusedAt::Sender),
    (">>> mail from", RefusedAt::Sender),
    ("but greeting failed", RefusedAt::Greeting),
    ("initial server greeting", RefusedAt::Greeting),
    (">>> helo", RefusedAt::Greeting),
];

/// The command that was answered. `text` is in lower case; of a transcript the last command before the first refusal counts.
pub fn stage(text: &str) -> RefusedAt {
    // With pipelining the refused recipient is told after the next command, which then has nobody to go to.
    if text.contains("no valid recipients")
        || text.contains("need rcpt")
        || text.contains("rcpt command must precede data")
    {
        return RefusedAt::Recipient;
    }
    let refused = text.find("<<< 5").or_else(|| text.find("<<< 4")).unwrap_or(text.len());
    let named = |text: &str| {
        STAGES.iter().filter_map(|(words, stage)| text.rfind(words).map(|at| (at, *stage))).max_by_key(|(at, _)| *at)
    };
    named(&text[..refused]).or_else(|| named(text)).map_or(RefusedAt::Unknown, |(_, stage)| stage)
}
