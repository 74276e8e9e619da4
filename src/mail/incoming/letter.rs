//! A mail taken apart: the few headers, words and reports that the readers look at, and nothing deeper.
//!
//! `mail-parser` undoes MIME. What is kept is bounded here, once, so that nobody after this has to think of a header of a megabyte, of
//! fifty thousand addresses or of ten thousand parts inside each other. A mail inside the mail is only ever "what came back": its
//! own reports are never read, so a forwarded bounce is a forward.

use chrono::{FixedOffset, NaiveDate};
use mail_parser::{Address, Header, HeaderName, HeaderValue, Message, MimeHeaders, PartType};

use super::bounded::{bounded, parsed};
use super::excerpt::beginning;
use super::reports::fields::{self, Field};

/// What is kept of the words of a mail, of a report, and of one header.
const LONGEST_TEXT: usize = 128 * 1024;
const LONGEST_HEADER: usize = 4 * 1024;
const MOST_HEADERS: usize = 400;
const MOST_ADDRESSES: usize = 50;
const MOST_PARTS: usize = 200;

#[derive(Debug, Default)]
pub struct IncomingMail {
    /// In their order, unfolded, names in lower case.
    headers: Vec<Field>,
    pub subject: String,
    pub from_name: String,
    pub from_email: String,
    pub reply_to: Vec<String>,
    pub to: Vec<String>,
    /// As the sender's clock and calendar had it, and how far that is from UTC.
    pub date: Option<(NaiveDate, FixedOffset)>,
    /// multipart/report; report-type=
    pub report_type: String,
    /// The text parts, one after another.
    pub plain: String,
    pub html: String,
    pub delivery_status: Option<String>,
    pub feedback: Option<String>,
    pub disposition: Option<String>,
    /// Headers of the mail that came back, where a part holds it.
    pub returned: Vec<Field>,
    /// The report inside, where a gateway wraps the reports of others in mails of its own.
    pub wrapped: Option<Box<IncomingMail>>,
}

impl IncomingMail {
    pub fn open(bytes: &[u8]) -> IncomingMail {
        let bytes = bounded(bytes);
        let mut letter = parsed(&bytes, |message| taken_apart(message, false)).unwrap_or_default();
        if letter.plain.trim().is_empty() && letter.html.trim().is_empty() && letter.returned.is_empty() {
            // MIME that cannot be undone: the bytes are the words.
            let body =
                bytes.windows(2).position(|w| w == b"\n\n").or_else(|| bytes.windows(3).position(|w| w == b"\n\r\n"));
            let body = &bytes[body.unwrap_or(bytes.len())..];
            append(&mut letter.plain, &String::from_utf8_lossy(&body[..body.len().min(LONGEST_TEXT)]));
        }
        letter
    }

    /// The first header of this name (in lower case), or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|f| f.name == name).map_or("", |f| f.value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |f| f.name == name).map(|f| f.value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The empty return path of RFC 5321, which machines use so that nobody answers them.
    pub fn has_no_return_path(&self) -> bool {
        self.has("return-path") && matches!(self.header("return-path"), "<>" | "")
    }
}

fn taken_apart(message: &Message<'_>, is_inside: bool) -> IncomingMail {
    let mut letter = IncomingMail { headers: header_fields(message), ..IncomingMail::default() };
    letter.subject = fields::one_line(beginning(message.subject().unwrap_or(""), LONGEST_HEADER));
    if let Some(from) = message.from().and_then(|a| mailboxes(a).next()) {
        (letter.from_name, letter.from_email) = from;
    }
    let addresses = |a: Option<&Address<'_>>| a.map(|a| mailboxes(a).map(|(_, e)| e).collect()).unwrap_or_default();
    letter.reply_to = addresses(message.reply_to());
    letter.to = addresses(message.to());
    letter.to.extend(message.cc().into_iter().flat_map(mailboxes).map(|(_, e)| e));
    letter.date = message.date().and_then(|d| {
        let seconds = (i32::from(d.tz_hour) * 60 + i32::from(d.tz_minute)) * 60;
        let offset = FixedOffset::east_opt(if d.tz_before_gmt { -seconds } else { seconds })?;
        Some((NaiveDate::from_ymd_opt(i32::from(d.year), d.month.into(), d.day.into())?, offset))
    });
    letter.report_type = report_type(message);
    for (at, part) in message.parts.iter().take(MOST_PARTS).enumerate() {
        // Some put the headers of what came back where those of the part belong.
        if at > 0 && letter.returned.is_empty() && part.headers.iter().any(|h| h.name == HeaderName::MessageId) {
            letter.returned = fields_of(message, &part.headers);
        }
        let kind = part
            .content_type()
            .map(|t| format!("{}/{}", t.ctype(), t.subtype().unwrap_or("plain")).to_ascii_lowercase());
        if let PartType::Message(inner) = &part.body
            && !is_inside
            && letter.wrapped.is_none()
            && report_type(inner) == "delivery-status"
        {
            letter.wrapped = Some(Box::new(taken_apart(inner, true)));
        }
        sort_part(&mut letter, kind.as_deref().unwrap_or("text/plain"), &part.body);
    }
    letter
}

fn report_type(message: &Message<'_>) -> String {
    let multipart = message.content_type().filter(|t| t.ctype().eq_ignore_ascii_case("multipart"));
    multipart.and_then(|t| t.attribute("report-type")).unwrap_or("").to_ascii_lowercase()
}

fn sort_part(letter: &mut IncomingMail, kind: &str, body: &PartType<'_>) {
    let bytes = match body {
        PartType::Multipart(_) => return,
        PartType::Message(inner) => {
            if letter.returned.is_empty() {
                letter.returned = header_fields(inner);
            }
            return;
        }
        PartType::Html(html) => {
            append(&mut letter.html, html);
            return;
        }
        PartType::Text(text) => text.as_bytes(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
    };
    let text = || String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_TEXT)]);
    match kind {
        "message/delivery-status" | "message/global-delivery-status" => {
            append(letter.delivery_status.get_or_insert_default(), &text());
        }
        "message/feedback-report" => append(letter.feedback.get_or_insert_default(), &text()),
        "message/disposition-notification" | "message/global-disposition-notification" => {
            append(letter.disposition.get_or_insert_default(), &text());
        }
        "text/rfc822-headers" | "text/rfc822" | "message/rfc822" | "message/partial" | "message/global-headers"
            if letter.returned.is_empty() =>
        {
            letter.returned = fields::blocks(&text()).into_iter().next().unwrap_or_default();
        }
        _ if matches!(body, PartType::Text(_)) && matches!(kind, "text/plain" | "text") => {
            append(&mut letter.plain, &text())
        }
        _ => {}
    }
}

fn append(whole: &mut String, text: &str) {
    if !whole.is_empty() && !text.is_empty() {
        whole.push_str("\n\n");
    }
    whole.push_str(beginning(text, LONGEST_TEXT.saturating_sub(whole.len())));
}

fn header_fields(message: &Message<'_>) -> Vec<Field> {
    message.parts.first().map(|p| fields_of(message, &p.headers)).unwrap_or_default()
}

fn fields_of(message: &Message<'_>, headers: &[Header<'_>]) -> Vec<Field> {
    let raw = message.raw_message();
    let value = |h: &Header<'_>| match &h.value {
        HeaderValue::Text(text) => fields::one_line(beginning(text, LONGEST_HEADER)),
        HeaderValue::TextList(list) => fields::one_line(beginning(&list.join(" "), LONGEST_HEADER)),
        HeaderValue::Address(list) => mailboxes(list).map(|(_, email)| email).collect::<Vec<_>>().join(", "),
        _ => {
            let bytes = raw.get(h.offset_start as usize..h.offset_end as usize).unwrap_or_default();
            fields::one_line(&String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_HEADER)]))
        }
    };
    headers
        .iter()
        .take(MOST_HEADERS)
        .map(|h| Field { name: h.name.as_str().to_ascii_lowercase(), value: value(h) })
        .collect()
}

/// Name and address in lower case.
fn mailboxes<'a>(addresses: &'a Address<'_>) -> impl Iterator<Item = (String, String)> + 'a {
    addresses.iter().take(MOST_ADDRESSES).filter_map(|a| {
        let email = super::address::tidy(beginning(a.address.as_deref().unwrap_or(""), LONGEST_HEADER));
        let name = fields::one_line(beginning(a.name.as_deref().unwrap_or(""), 200));
        (email.is_some() || !name.is_empty()).then(|| (name, email.unwrap_or_default()))
    })
}
