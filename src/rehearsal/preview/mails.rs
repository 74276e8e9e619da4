//! The mails of a played round as files: one of each text in each language, as a program shows it (HTML) and as another one does (text).

use std::collections::BTreeMap;

use crate::rehearsal::mailbox::Received;

use super::book::Page;

/// What a reader sees of the head of a mail, or his program acts on.
const HEADERS: [&str; 7] =
    ["From", "To", "Reply-To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"];

/// The first of each. A later mail of one kind to one person has words of its own; so has what somebody gets who is not on the first list.
pub fn mails(all: &[Received], listed: impl Fn(&str) -> bool) -> Vec<Page> {
    let mut times: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut firsts: BTreeMap<String, &Received> = BTreeMap::new();
    for mail in all.iter().filter(|mail| mail.copies == 1 && !mail.html.is_empty()) {
        let time = times.entry((mail.kind.clone(), mail.recipient().to_string())).or_default();
        *time += 1;
        let language = mail.html.split("<html lang=\"").nth(1).and_then(|rest| rest.get(..2)).unwrap_or("en");
        let kind = mail.kind.replace('_', "-");
        let name = match mail.kind.as_str() {
            "sign_off" if mail.subject().starts_with("For ") => format!("mail-{language}-sign-off-for"),
            "receipt" if mail.subject().starts_with("Who may") => format!("mail-{language}-delegated"),
            "digest" if mail.subject().contains("where your accounts stand") => {
                format!("mail-{language}-digest-counts")
            }
            "digest" if mail.subject().ends_with("at your accounts") => format!("mail-{language}-digest-director"),
            "digest" if mail.text.contains("The round in figures") => format!("mail-{language}-digest-sponsor"),
            "alarm" | "digest" | "repair" | "login" | "sign_code" | "receipt" | "sign_off_summary" | "desk_answer"
            | "forwarded" | "test_letter" => {
                format!("mail-{language}-{kind}")
            }
            "sign_off" if mail.subject().starts_with("To sign as well") => format!("mail-{language}-sign-off-as-well"),
            "sign_off" if mail.subject().starts_with("Still to") => format!("mail-{language}-sign-off-again"),
            "counter_sign" if mail.subject().starts_with("Still to") => format!("mail-{language}-counter-sign-again"),
            "warm_up" if !listed(mail.recipient()) => format!("mail-{language}-introduction"),
            _ if *time == 1 => format!("mail-{language}-{kind}"),
            _ => format!("mail-{language}-{kind}-{time}"),
        };
        firsts.entry(name).or_insert(mail);
    }
    firsts.into_iter().flat_map(|(name, mail)| files(&name, mail)).collect()
}

fn files(name: &str, mail: &Received) -> [Page; 2] {
    let head =
        HEADERS.iter().filter_map(|header| Some(format!("{header}: {}\n", mail.header(&header.to_lowercase())?)));
    let page = |kind: &str, text: String| Page {
        name: format!("{name}.{kind}"),
        moment: "Mails that were sent".into(),
        path: String::new(),
        statuses: Vec::new(),
        text,
    };
    [page("html", mail.html.clone()), page("txt", format!("{}\n{}", head.collect::<String>(), mail.text))]
}
