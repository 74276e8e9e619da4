//! The bytes of one message: the same letter always becomes the same bytes, so that a receiver can tell a second copy (M12).
//!
//! Bodies are 7-bit where they can be read as they are, else quoted-printable or base64: no line is longer than 998
//! octets, no CR or LF stands alone, links survive (M01, S07). Header values are encoded by `header`; lettre puts the parts together.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Message, MultiPart, SinglePart};

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::MessageId;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::mail::domains::ascii;
use crate::rules::message::MessageKind;

use super::header;

/// Everything that is in a message.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    /// The ledger row's.
    pub id: MessageId,
    /// The name of the round, empty for mails of the installation.
    pub round: String,
    pub kind: MessageKind,
    pub from_name: String,
    pub from_email: EmailAddress,
    pub reply_to: Option<EmailAddress>,
    pub to_name: String,
    pub to: EmailAddress,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// From [`message_id`].
    pub message_id: String,
    /// The Message-IDs of what it answers, in brackets, the latest last; empty where it begins a thread.
    pub answers: Vec<String>,
    pub date: Ts,
    /// The address that takes the POST of RFC 8058; on mails to contacts only.
    pub one_click: Option<String>,
    /// A mailbox that takes the same wish as a mail: `mailto:...`.
    pub opt_out_mailto: Option<String>,
}

/// Always the same for a ledger row, however often it is sent.
pub fn message_id(ledger_id: &MessageId, from_domain: &str) -> String {
    let id: String =
        ledger_id.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')).collect();
    let host = ascii::a_label(from_domain).unwrap_or_else(|| "soundings.invalid".into());
    format!("<{id}@{host}>")
}

pub fn build(letter: &OutgoingMail) -> Result<Vec<u8>> {
    let from = wire(&letter.from_email)?;
    let to = wire(&letter.to)?;
    let date = SystemTime::UNIX_EPOCH + Duration::from_millis(letter.date.0.max(0) as u64);
    let envelope = Envelope::new(Some(address(&from)?), vec![address(&to)?]).map_err(not_built)?;
    let mut message = Message::builder()
        .envelope(envelope)
        .date(date)
        // lettre reads the sender back from the raw value, which is therefore the bare address.
        .raw_header(field("From", &from, header::mailbox(&letter.from_name, &from, "From: ".len()))?)
        .raw_header(field("To", &to, header::mailbox(&letter.to_name, &to, "To: ".len()))?);
    if let Some(reply_to) = &letter.reply_to {
        message = message.raw_header(plain("Reply-To", &wire(reply_to)?)?);
    }
    message = message
        .raw_header(field("Subject", &letter.subject, header::text(&letter.subject, "Subject: ".len()))?)
        .raw_header(plain("Message-ID", &letter.message_id)?);
    if let Some(last) = letter.answers.last() {
        message =
            message.raw_header(plain("In-Reply-To", last)?).raw_header(plain("References", &letter.answers.join(" "))?);
    }
    message = message
        .raw_header(plain("X-Soundings-Round", &letter.round)?)
        .raw_header(plain("X-Soundings-Kind", letter.kind.as_str())?)
        .raw_header(plain("X-Soundings-Message", letter.id.as_str())?);
    // Responders keep silent to what says this (RFC 3834, section 2), and absences of those whom people write to are wanted.
    if !letter.kind.is_from_a_person() {
        message = message.raw_header(plain("Auto-Submitted", "auto-generated")?);
    }
    if let Some(one_click) = letter.one_click.as_deref().filter(|_| letter.kind.to_contact()) {
        message = message
            .raw_header(plain("List-Unsubscribe", &ways_out(one_click, letter.opt_out_mailto.as_deref())?)?)
            .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
    }
    let parts = MultiPart::alternative()
        // No body that is quoted-printable or base64 can hold "=_", and 7-bit ones hold no hash of themselves.
        .boundary(format!("=_{}", &sha256(format!("{}\n{}\n{}", letter.message_id, letter.text, letter.html))[..32]))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html));
    Ok(message.multipart(parts).map_err(not_built)?.formatted())
}

fn wire(address: &EmailAddress) -> Result<String> {
    ascii::on_the_wire(address).ok_or_else(|| {
        Problem::unusable(format!("The address {address} has a domain that cannot exist."), "Correct it in the list.")
    })
}

fn address(wire: &str) -> Result<Address> {
    wire.parse().map_err(|e: lettre::address::AddressError| {
        Problem::unusable(format!("The address {wire} cannot be written to."), "Correct it in the list.").because(e)
    })
}

fn not_built(cause: lettre::error::Error) -> Problem {
    Problem::internal("A message could not be put together.").because(cause)
}

/// Both on one line, as some receivers read no folded one (RFC 8058).
fn ways_out(one_click: &str, mailto: Option<&str>) -> Result<String> {
    let fine = |uri: &str, scheme: &str| {
        uri.starts_with(scheme)
            && uri.bytes().all(|b| b.is_ascii_graphic() && !b"<>,\"\\".contains(&b))
            && uri.len() <= 450
    };
    // Rehearsals run without https; that an installation does not is checked with its settings.
    match mailto {
        _ if !fine(one_click, "https://") && !fine(one_click, "http://") => Err(Problem::unusable(
            "The address for opting out is no web address.",
            "Set server.base_url to the https address under which contacts reach this installation.",
        )),
        Some(mailto) if fine(mailto, "mailto:") => Ok(format!("<{one_click}>, <{mailto}>")),
        _ => Ok(format!("<{one_click}>")),
    }
}

/// A value that is made by us and must be printable ASCII as it is.
fn plain(name: &'static str, value: &str) -> Result<HeaderValue> {
    field(name, value, value.to_string())
}

/// The last wall against header injection: whatever the encoders let through, only folded printable text passes.
fn field(name: &'static str, raw: &str, encoded: String) -> Result<HeaderValue> {
    let fine = encoded.split("\r\n").enumerate().all(|(n, line)| {
        line.len() <= 998
            && !line.chars().any(char::is_control)
            && (n == 0 || (line.starts_with(' ') && !line.trim().is_empty()))
    });
    if !fine {
        return Err(Problem::unusable(
            format!("The {name} of a message has characters that no mail may have."),
            "Correct it.",
        ));
    }
    Ok(HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), raw.to_string(), encoded))
}

fn part(content: ContentType, text: &str) -> SinglePart {
    let text = with_line_ends(text);
    let (body, encoding) = if readable_as_is(&text) {
        (
            Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit),
            ContentTransferEncoding::SevenBit,
        )
    } else {
        let foreign = text.bytes().filter(|b| !b.is_ascii()).count();
        let encoding = if foreign * 3 > text.len() {
            ContentTransferEncoding::Base64
        } else {
            ContentTransferEncoding::QuotedPrintable
        };
        let body = Body::new_with_encoding(text, encoding)
            .unwrap_or_else(|bytes| Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::EightBit));
        (body, encoding)
    };
    SinglePart::builder().content_type(content).header(encoding).body(body)
}

/// CRLF at every end of line, no other control characters.
fn with_line_ends(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line.strip_suffix('\r').unwrap_or(line), "\r\n"),
            None => (line, ""),
        };
        // 0xC2 begins the control characters beyond ASCII, among others.
        if line.bytes().all(|b| b >= b' ' && b != 0x7f && b != 0xc2) {
            out.push_str(line);
        } else {
            for c in line.chars() {
                match c {
                    '\r' => out.push_str("\r\n"),
                    '\t' => out.push('\t'),
                    c if c.is_control() => {}
                    c => out.push(c),
                }
            }
        }
        out.push_str(end);
    }
    out
}

/// Short ASCII lines that no relay has a reason to change.
fn readable_as_is(text: &str) -> bool {
    text.is_ascii()
        && text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
            .all(|line| line.len() <= 300 && !line.starts_with("From ") && line != ".")
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
