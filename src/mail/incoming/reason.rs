//! Why, in a sentence for people.

use crate::rules::replies::{Class, Recipient};

use super::absences::absence::Absence;

pub fn of(class: Class, recipients: &[Recipient], absence: &Absence) -> String {
    let of_class = recipients.iter().find(|r| r.class == class);
    match class {
        Class::HardBounce | Class::SoftBounce => bounced(class, of_class),
        Class::AutoReply if absence.has_left => {
            "An automatic reply says that the person does not work there any more.".into()
        }
        Class::AutoReply if absence.is_leaving => "An automatic reply says that the person will leave.".into(),
        Class::AutoReply => match (absence.returns_on, &absence.new_address) {
            (Some(date), None) => format!("An automatic reply: away until {date}."),
            (Some(date), Some(new)) => format!("An automatic reply: away until {date}; a new address, {new}."),
            (None, Some(new)) => format!("An automatic reply with a new address, {new}."),
            (None, None) => "An automatic reply without an absence that ends on a day.".into(),
        },
        Class::DeliveredNotice => match of_class.map(|r| r.said.as_str()).filter(|s| !s.is_empty()) {
            Some(said) => format!("A notice that the message arrived ({said})."),
            None => "A notice that the message arrived.".into(),
        },
        Class::Feedback => match of_class.map(|r| r.said.as_str()).filter(|s| !s.is_empty()) {
            Some(kind) => format!("A complaint about the message ({kind})."),
            None => "A complaint about the message.".into(),
        },
        Class::Other => "Written by a person, or none of the known kinds of report.".into(),
    }
}

fn bounced(class: Class, recipient: Option<&Recipient>) -> String {
    let Some(recipient) = recipient else { return "The message did not arrive; the report does not say why.".into() };
    let why = match (class, recipient.status) {
        // Codes that speak of the whole system, beside words that speak of the address.
        (Class::HardBounce, Some((_, 0 | 2 | 3 | 5, _)) | None) => "there is no such mailbox",
        (_, status) => status.map_or("the report does not say why", meaning),
    };
    let whether = if class == Class::HardBounce { "The address is dead" } else { "The message did not arrive" };
    let code = recipient.status.map(|(a, b, c)| format!(" [{a}.{b}.{c}]")).unwrap_or_default();
    match recipient.said.as_str() {
        "" => format!("{whether}: {why}{code}."),
        said => format!("{whether}: {why}{code}. The server said: {said}"),
    }
}

fn meaning(status: (u8, u16, u16)) -> &'static str {
    match status {
        (4, 4, _) | (_, 4, 7) => "it could not be delivered in time",
        (_, 1, 1) => "there is no such mailbox",
        (_, 1, 2 | 10) | (_, 4, 4 | 310) => "the domain takes no mail",
        (_, 1, 6) => "the mailbox has moved",
        (_, 1, 7 | 8) => "our own address was refused",
        (_, 1, _) => "the address was refused",
        (_, 2, 1) => "the mailbox is disabled",
        (_, 2, 2) => "the mailbox is full",
        (_, 2, 3) | (_, 3, 4) => "the message is too large",
        (_, 7, _) => "a policy or our reputation, not the address",
        (4, ..) => "a temporary failure",
        (_, 3 | 5 | 6, _) => "a fault of a mail system",
        _ => "the report does not say why",
    }
}
