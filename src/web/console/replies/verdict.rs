//! What a mail was taken for, as pages say it.

use crate::store::replies::Reply;
use crate::web::kit::views::frame::Tone;

/// What a mail was taken for, in words, with the sign beside them.
pub fn verdict(reply: &Reply) -> (Tone, &'static str) {
    match reply.verdict.as_str() {
        "dead" => (Tone::Wrong, "came back: no such address"),
        "bounced" => (Tone::Attention, "was not delivered, or not yet"),
        "arrived" => (Tone::Good, "was delivered"),
        "complaint" => (Tone::Wrong, "called unwanted"),
        "away" => (Tone::Waiting, "automatic reply: away"),
        "away_long" => (Tone::Attention, "automatic reply: away for long"),
        "left" => (Tone::Attention, "automatic reply: has left"),
        "leaving" => (Tone::Attention, "automatic reply: is leaving"),
        "new_address" => (Tone::Attention, "automatic reply: a new address"),
        "automatic" => (Tone::Waiting, "automatic reply"),
        "challenge" => (Tone::Attention, "wants a press before it takes our mail"),
        "reply" => (Tone::Attention, "wrote back"),
        "unreadable" => (Tone::Wrong, "cannot be read"),
        _ => (Tone::Waiting, "not matched"),
    }
}
