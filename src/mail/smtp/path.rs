//! The MAIL and RCPT commands of one message for one server: what it needs, what the server offers, whether they fit.

use crate::mail::domains::ascii;
use crate::rules::sending::delivery::{Cause, Failure, Stage};

use super::envelope::Envelope;
use super::hello::Extensions;

/// Appends both commands, or says why this server cannot take this message. A command line holds 512 octets (M02).
pub fn commands(envelope: &Envelope, message: &[u8], offered: &Extensions, out: &mut Vec<u8>) -> Result<(), Failure> {
    let from = sender(&envelope.from)?;
    let unfit = |stage, why: String| Failure { stage, cause: Cause::Unfit(why) };
    let to = ascii::on_the_wire(&envelope.to)
        .ok_or_else(|| unfit(Stage::Recipient, format!("The domain of {} cannot exist.", envelope.to)))?;
    let international = !from.is_ascii() || !to.is_ascii();
    if international && !offered.smtputf8 {
        let who = if from.is_ascii() { &to } else { &from };
        return Err(unfit(Stage::Mail, format!("The address {who} needs SMTPUTF8, which this server does not offer.")));
    }
    let eight_bit = !message.is_ascii();
    if eight_bit && !offered.eight_bit {
        return Err(unfit(Stage::Mail, "The message needs 8BITMIME, which this server does not offer.".into()));
    }
    if let Some(limit) = offered.size.filter(|limit| *limit > 0 && message.len() as u64 > *limit) {
        return Err(unfit(Stage::Mail, format!("The message has {} bytes; this server takes {limit}.", message.len())));
    }
    let mut text = String::with_capacity(256);
    text.push_str("MAIL FROM:<");
    text.push_str(&from);
    text.push('>');
    if offered.size.is_some() {
        text.push_str(&format!(" SIZE={}", message.len()));
    }
    if eight_bit {
        text.push_str(" BODY=8BITMIME");
    }
    if international {
        text.push_str(" SMTPUTF8");
    }
    if offered.dsn {
        text.push_str(" RET=HDRS");
        if !envelope.id.as_str().is_empty() {
            text.push_str(" ENVID=");
            push_xtext(&mut text, envelope.id.as_str());
        }
    }
    text.push_str("\r\nRCPT TO:<");
    text.push_str(&to);
    text.push('>');
    if offered.dsn {
        text.push_str(if envelope.tell_arrival { " NOTIFY=SUCCESS,FAILURE,DELAY" } else { " NOTIFY=FAILURE,DELAY" });
        // An address beyond ASCII has a spelling of its own there (RFC 6533), which few servers read.
        if to.is_ascii() {
            text.push_str(" ORCPT=rfc822;");
            push_xtext(&mut text, &to);
        }
    }
    text.push_str("\r\n");
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Refuses whatever could end the command and begin another (S07).
fn sender(from: &str) -> Result<String, Failure> {
    let refused =
        || Failure { stage: Stage::Mail, cause: Cause::Unfit(format!("{from:?} cannot be a sender's address.")) };
    if from.is_empty() {
        return Ok(String::new());
    }
    if from.len() > 254 || from.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"\\".contains(c)) {
        return Err(refused());
    }
    let (local, host) = from.rsplit_once('@').ok_or_else(refused)?;
    Ok(format!("{local}@{}", ascii::a_label(host).ok_or_else(refused)?))
}

/// RFC 3461, section 4: `+` and `=` are spelled in hexadecimal.
fn push_xtext(into: &mut String, address: &str) {
    for c in address.chars() {
        match c {
            '+' => into.push_str("+2B"),
            '=' => into.push_str("+3D"),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::address::EmailAddress;
    use crate::base::ids::MessageId;

    use super::*;

    fn said(from: &str, to: &str, message: &[u8], offered: &Extensions) -> Result<String, String> {
        let to = EmailAddress::parse(to).unwrap();
        said_for(&Envelope { from: from.into(), to, id: MessageId::from(""), tell_arrival: false }, message, offered)
    }

    fn said_for(envelope: &Envelope, message: &[u8], offered: &Extensions) -> Result<String, String> {
        let mut out = Vec::new();
        commands(envelope, message, offered, &mut out).map_err(|f| f.to_string())?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn asks_for_what_is_offered_and_no_more() {
        let plain = Extensions::default();
        assert_eq!(
            said("b@x.example", "a@y.example", b"m", &plain).unwrap(),
            "MAIL FROM:<b@x.example>\r\nRCPT TO:<a@y.example>\r\n"
        );
        let rich = Extensions { size: Some(99), dsn: true, ..plain };
        assert_eq!(
            said("", "a+b@y.example", b"m", &rich).unwrap(),
            "MAIL FROM:<> SIZE=1 RET=HDRS\r\nRCPT TO:<a+b@y.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@y.example\r\n"
        );
    }

    #[test]
    fn m07_a_report_will_name_our_id_and_tells_arrival_where_it_is_wanted() {
        let offered = Extensions { dsn: true, ..Extensions::default() };
        let to = EmailAddress::parse("a@y.example").unwrap();
        let mut envelope = Envelope { from: "b@x.example".into(), to, id: "0190-a+b".into(), tell_arrival: false };
        let usual = said_for(&envelope, b"m", &offered).unwrap();
        assert_eq!(
            usual,
            "MAIL FROM:<b@x.example> RET=HDRS ENVID=0190-a+2Bb\r\nRCPT TO:<a@y.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a@y.example\r\n"
        );
        envelope.tell_arrival = true;
        assert!(said_for(&envelope, b"m", &offered).unwrap().contains(" NOTIFY=SUCCESS,FAILURE,DELAY ORCPT="));
        assert!(!said_for(&envelope, b"m", &Extensions::default()).unwrap().contains("ENVID"));
        let offered = Extensions { smtputf8: true, ..offered };
        envelope.to = EmailAddress::parse("jürgen@y.example").unwrap();
        assert!(said_for(&envelope, b"m", &offered).unwrap().ends_with("NOTIFY=SUCCESS,FAILURE,DELAY\r\n"));
    }

    #[test]
    fn m11_a_local_part_beyond_ascii_needs_smtputf8_and_a_domain_does_not() {
        let mut offered = Extensions::default();
        assert!(said("b@x.example", "a@bücher.example", b"m", &offered).unwrap().contains("<a@xn--bcher-kva.example>"));
        assert!(said("b@x.example", "jürgen@y.example", b"m", &offered).unwrap_err().contains("needs SMTPUTF8"));
        offered.smtputf8 = true;
        assert!(
            said("b@x.example", "jürgen@y.example", b"m", &offered).unwrap().contains("<b@x.example> SMTPUTF8\r\n")
        );
    }

    #[test]
    fn s07_a_sender_cannot_smuggle_commands() {
        for bad in ["a@x.example>\r\nRCPT TO:<e@x.example", "a b@x.example", "<a@x.example>", "nobody", "a@x.example\0"]
        {
            assert!(said(bad, "a@y.example", b"m", &Extensions::default()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_message_beyond_the_servers_limits_is_not_offered() {
        let offered = Extensions { size: Some(3), ..Extensions::default() };
        assert!(said("b@x.example", "a@y.example", b"1234", &offered).unwrap_err().contains("takes 3"));
        assert!(said("b@x.example", "a@y.example", "é".as_bytes(), &offered).unwrap_err().contains("8BITMIME"));
    }
}
