//! Reports of mails that did not arrive: with the fields of RFC 3464 where there are any, else by their looks.

use crate::rules::replies::{Class, Recipient};

use super::letter::{Letter, beginning};
use super::phrases::says;
use super::verdict::{self, Evidence};
use super::{address, dialects, fields, machine, newest, report};

/// Nothing when the mail is no such report.
pub fn read(letter: &Letter, newest: &str) -> Option<Vec<Recipient>> {
    let prose = if letter.plain.trim().is_empty() { newest } else { letter.plain.as_str() };
    if let Some(status) = &letter.delivery_status {
        let recipients = report::read(status, prose);
        if !recipients.is_empty() || letter.report_type == "delivery-status" {
            return Some(if recipients.is_empty() { by_looks(letter, prose) } else { recipients });
        }
    }
    if !looks_like_one(letter, newest) {
        return None;
    }
    let own = newest::without_history(prose);
    if report::is_in(&own) {
        let recipients = report::read(&own, &own);
        if !recipients.is_empty() {
            return Some(recipients);
        }
    }
    Some(by_looks(letter, prose))
}

/// A mail server's words, told from a person's who writes about them: a person's mail answers or forwards, and comes from a person's address.
fn looks_like_one(letter: &Letter, newest: &str) -> bool {
    if letter.report_type == "delivery-status" || letter.has("x-failed-recipients") {
        return true;
    }
    let subject = letter.subject.to_lowercase();
    let text = beginning(dialects::before_what_came_back(newest), 8 * 1024).to_lowercase();
    let in_subject = SUBJECTS.iter().any(|w| says(&subject, w));
    let in_text = TEXTS.iter().any(|w| says(&text, w));
    if machine::is_postmaster(letter) {
        return in_subject || in_text;
    }
    let person =
        machine::is_answer_or_forward(&letter.subject) || letter.has("in-reply-to") || letter.has("references");
    if letter.has_no_return_path() {
        return in_subject && in_text || (in_text && !person);
    }
    in_subject && in_text && !person
}

/// Who is named, judged by the words beside the name.
fn by_looks(letter: &Letter, prose: &str) -> Vec<Recipient> {
    let own = dialects::before_what_came_back(prose);
    let mut named = dialects::recipients(own);
    let told: Vec<String> = letter.all("x-failed-recipients").flat_map(address::found_in).map(|f| f.address).collect();
    if !told.is_empty() {
        named = told
            .into_iter()
            .take(report::MOST_RECIPIENTS)
            .map(|a| (a.clone(), dialects::words_about(own, &a).to_owned()))
            .collect();
    } else if named.is_empty() {
        let to = letter.returned.iter().filter(|f| f.name == "to").flat_map(|f| address::found_in(&f.value)).take(1);
        named = to.map(|f| (f.address, own.to_owned())).collect();
    }
    let delayed = {
        let all = format!("{}\n{}", letter.subject, beginning(own, 8 * 1024)).to_lowercase();
        DELAYED.iter().any(|w| says(&all, w))
    };
    named
        .into_iter()
        .map(|(address, words)| {
            let said = fields::one_line(beginning(&words, 4 * report::LONGEST_WORDS));
            let around = format!("{}\n{}", letter.subject, beginning(own, 8 * 1024));
            let verdict = verdict::judge(Evidence { status: None, said: &said, around: &around });
            let class = if delayed { Class::SoftBounce } else { verdict.class };
            let said = beginning(&said, report::LONGEST_WORDS).to_owned();
            Recipient { address, class, status: verdict.status, said }
        })
        .collect()
}

/// It is not over yet.
const DELAYED: &[&str] = &[
    "warning message only",
    "this is a warning",
    "has been delayed",
    "not yet been delivered",
    "still being retried",
    "will be retried",
    "will continue to be made",
    "will keep trying",
    "delivery delayed",
    "delayed mail",
    "delay*notification",
    "notification (delay)",
    "could not send mail for past",
    "delivery attempts will",
    "not been able to deliver*yet",
    "delivery*delayed",
    "wird weiterhin versucht",
    "zustellung verzögert",
    "verzögert",
    "retardé",
    "retrasado",
    "ritardata",
];

const SUBJECTS: &[&str] = &[
    "undeliver",
    "delivery fail",
    "delivery status notification",
    "mail delivery",
    "returned mail",
    "failure notice",
    "returned to sender",
    "returning message",
    "delivery notification",
    "delivery report",
    "delivery error",
    "delivery problem",
    "delivery has failed",
    "delivery delay",
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "could not deliver",
    "not delivered",
    "unable to deliver",
    "non-delivery",
    "nondeliver",
    "non delivery",
    "mail failure",
    "mail error",
    "mail system error",
    "message not delivered",
    "failed mail",
    "email delivery",
    "mail could not",
    "error during delivery",
    "mail failed",
    "message status",
    "bounce",
    "error sending",
    "delayed mail",
    "warning: could not send",
    "warning--could not",
    "message delayed",
    "unzustellbar",
    "nicht zustellbar",
    "nicht zugestellt",
    "zustellung",
    "non remis",
    "non distribué",
    "échec de remise",
    "échec de la remise",
    "impossible de remettre",
    "no se pudo entregar",
    "no entregado",
    "no se ha podido entregar",
    "devuelto",
    "error de entrega",
    "mancato recapito",
    "mancata consegna",
    "impossibile consegnare",
    "recapito",
    "não entregue",
    "falha na entrega",
    "niet bezorgd",
    "onbestelbaar",
    "kan niet worden bezorgd",
    "kunde inte levereras",
    "oleverer",
    "ikke leveres",
    "kunne ikke leveres",
    "nie dostarczono",
    "niedostarczon",
    "nedoručiteln",
    "nedoručen",
    "kézbesíthetetlen",
    "не доставлено",
    "недоставлен",
    "配信不能",
    "配送不能",
    "送信エラー",
    "配信できません",
    "退信",
    "无法投递",
    "无法送达",
    "undelivery",
    "user unknown",
    "mail was not sent",
];

const TEXTS: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "was not delivered",
    "wasn't delivered",
    "not delivered to",
    "not been delivered",
    "able to deliver your",
    "unable to deliver",
    "wasn't able to deliver",
    "not able to deliver",
    "could not deliver",
    "couldn't deliver",
    "cannot deliver",
    "did not reach",
    "delivery to the following",
    "delivery has failed",
    "delivery failed",
    "delivery failure",
    "failed to deliver",
    "delivery attempts",
    "undeliverable",
    "undelivered",
    "delivery*failed permanently",
    "delivery problem",
    "has been delayed",
    "delivering your mail",
    "following addresses had",
    "following address failed",
    "following address(es) failed",
    "following recipients",
    "failed recipients",
    "recipient(s) could not",
    "rejected by a remote",
    "failure reasons",
    "message was rejected",
    "message has been rejected",
    "returned to you",
    "returned mail",
    "invalid final delivery",
    "user unknown",
    "unknown user",
    "no such user",
    "mailbox is full",
    "mailbox full",
    "permanent error",
    "permanent failure",
    "permanent fatal errors",
    "transient non-fatal errors",
    "error message below",
    "could not be sent",
    "was not sent",
    "could not send",
    "deliver a message",
    "message that you sent",
    "error occurred while trying to deliver",
    "while attempting to deliver",
    "nicht zugestellt",
    "nicht ausgeliefert",
    "unzustellbar",
    "nicht zustellbar",
    "n'a pas pu",
    "n'a pu être",
    "non remis",
    "non distribué",
    "pas été remis",
    "no se pudo entregar",
    "no ha podido ser entregado",
    "no se ha podido entregar",
    "no pudo ser entregado",
    "non è stato possibile consegnare",
    "impossibile consegnare",
    "não pôde ser entregue",
    "não foi possível entregar",
    "niet worden bezorgd",
    "niet worden afgeleverd",
    "kunde inte levereras",
    "ikke leveres",
    "nie można dostarczyć",
    "nie mogła zostać dostarczona",
    "nelze doručit",
    "nebylo možné doručit",
    "nem lehetett kézbesíteni",
    "не может быть доставлено",
    "не удалось доставить",
    "не доставлено",
    "配信できません",
    "配信でき",
    "届きません",
    "送信できません",
    "無法傳送",
    "无法发送",
    "无法投递",
    "被退回",
    "may not exist, or you may not have permission",
];
