//! What an answer of a mail server means, in a sentence beside its own words, for whoever has to decide what to do about it.
//!
//! It reads codes alone (RFC 5321, RFC 3463) and proves nothing: what an answer proves about an address is decided in `refusal`.

use super::refusal::codes::{Codes, Status, read};

/// Of what was said, from its most telling code.
pub fn meaning(said: &str) -> &'static str {
    let Codes { reply, statuses } = read(said);
    statuses
        .iter()
        .find_map(|status| of_status(*status))
        .or_else(|| reply.and_then(of_reply))
        .unwrap_or("It has no code that says more than its words.")
}

/// Answers with the same codes mean the same, whatever names and numbers are in their words.
pub fn alike(one: &str, other: &str) -> bool {
    read(one) == read(other)
}

fn of_status((class, subject, detail): Status) -> Option<&'static str> {
    let is_final = class == 5;
    Some(match (subject, detail) {
        (1, 1 | 6 | 10) => "It knows no such mailbox.",
        (1, 2) => "It cannot find the receiver’s domain.",
        (1, 7 | 8) => "It does not take our sender’s address.",
        (1, _) => "It does not like an address.",
        (2, 1) => "The mailbox is switched off.",
        (2, 2) => "The mailbox is full.",
        (2, _) => "The mailbox takes nothing now.",
        (3, 1) => "The server has no room left.",
        (3, 4) => "The mail is too large for it.",
        (3, _) => "The server is in trouble or does not take mail now.",
        (4, _) => "It cannot pass the mail on: a server behind it or the network is in trouble.",
        (5, _) => "It did not understand us: a setting of the mail server is likely wrong.",
        (6, _) => "It does not like how the mail is written.",
        (7, 8 | 9 | 11) => "It does not accept our log-in.",
        (7, 20..=27) => "It cannot believe that the mail is ours: look at SPF, DKIM and DMARC of the sender’s domain.",
        (7, _) if is_final => {
            "It refuses our mail by a rule of its own: a block list, a policy, or our name as a sender."
        }
        (7, _) => "It puts us off by a rule of its own: we are new to it, or too fast.",
        _ => return None,
    })
}

fn of_reply(code: u16) -> Option<&'static str> {
    Some(match code {
        421 => "The server is too busy or is being stopped.",
        450 => "The mailbox cannot take mail now, or we are put off because we are new.",
        451 => "The server had a fault of its own.",
        452 => "The server has no room left, or we sent it too much at once.",
        454 => "The server cannot check our log-in or encrypt now.",
        530 | 534 | 535 | 538 => "It does not accept our log-in.",
        500..=504 => "It did not understand us: a setting of the mail server is likely wrong.",
        550 | 551 | 553 => "It does not take mail for this address, or not from us.",
        552 => "The mail is too large, or the mailbox is full.",
        554 | 571 => "It refuses our mail by a rule of its own.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_telling_code_counts() {
        for (said, words) in [
            ("554 5.7.1 Service unavailable; client host blocked", "block list"),
            ("550 5.7.26 unauthenticated mail", "SPF, DKIM"),
            ("451 4.7.1 greylisted", "puts us off"),
            ("421 going down", "being stopped"),
            ("452 4.2.2 mailbox full", "mailbox is full"),
            ("452 4.3.1 insufficient system storage", "no room"),
            ("535 5.7.8 authentication failed", "log-in"),
            ("550 5.1.1 <a@b.example>: unknown", "no such mailbox"),
            ("no", "no code"),
            ("", "no code"),
        ] {
            assert!(meaning(said).contains(words), "{said}: {}", meaning(said));
        }
    }

    #[test]
    fn the_same_codes_are_one_answer_whoever_is_named() {
        assert!(alike("451 4.7.1 <a@x.example>: try later", "451 4.7.1 <b@y.example>: try later, queue 7F3A"));
        assert!(!alike("451 4.7.1 later", "450 4.7.1 later"));
    }
}
