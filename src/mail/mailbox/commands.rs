//! The commands of SMTP, read strictly: what is not in the grammar is refused, never guessed at.

use super::wire::LARGEST;

#[derive(Debug, PartialEq, Eq)]
pub enum SmtpCommand {
    Hello { extended: bool },
    Mail { from: String, utf8: bool },
    Recipient { to: String },
    Data,
    Reset,
    Nothing,
    Verify,
    Quit,
}

/// The answer to a word that is no command.
pub const UNKNOWN: &str = "500 5.5.1 unknown command";

/// The command, or the answer to what is none.
pub fn read(line: &str) -> Result<SmtpCommand, &'static str> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let alone = |command| if rest.is_empty() { Ok(command) } else { Err("501 5.5.4 no parameters allowed") };
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" | "HELO" if !is_name(rest) => Err("501 5.5.4 say a host name or an address literal"),
        "EHLO" => Ok(SmtpCommand::Hello { extended: true }),
        "HELO" => Ok(SmtpCommand::Hello { extended: false }),
        "MAIL" => mail(rest),
        "RCPT" => recipient(rest),
        "DATA" => alone(SmtpCommand::Data),
        "RSET" => alone(SmtpCommand::Reset),
        "NOOP" => Ok(SmtpCommand::Nothing),
        "VRFY" => Ok(SmtpCommand::Verify),
        "QUIT" => alone(SmtpCommand::Quit),
        "EXPN" | "HELP" | "TURN" | "AUTH" | "STARTTLS" | "BDAT" => Err("502 5.5.1 not offered"),
        _ => Err(UNKNOWN),
    }
}

fn mail(rest: &str) -> Result<SmtpCommand, &'static str> {
    let (from, parameters) = path(rest, "FROM:")?;
    let mut utf8 = false;
    for parameter in parameters.split_ascii_whitespace() {
        match parameter.to_ascii_uppercase().split_once('=') {
            None if parameter.eq_ignore_ascii_case("SMTPUTF8") => utf8 = true,
            Some(("BODY", "7BIT" | "8BITMIME")) => {}
            Some(("SIZE", octets)) => match octets.parse::<usize>() {
                Ok(octets) if octets <= LARGEST => {}
                Ok(_) => return Err("552 5.3.4 message too large"),
                Err(_) => return Err("501 5.5.4 SIZE is not a number"),
            },
            _ => return Err("555 5.5.4 unknown parameter"),
        }
    }
    match from.is_empty() || is_address(&from, utf8) {
        true => Ok(SmtpCommand::Mail { from, utf8 }),
        false => Err("553 5.1.7 sender address not understood"),
    }
}

/// Whether the address is acceptable depends on the SMTPUTF8 of MAIL; the session asks [`is_address`].
fn recipient(rest: &str) -> Result<SmtpCommand, &'static str> {
    match path(rest, "TO:")? {
        (to, "") => Ok(SmtpCommand::Recipient { to }),
        _ => Err("555 5.5.4 unknown parameter"),
    }
}

/// `FROM:<address> parameters`. Spaces after the colon, missing brackets and source routes are refused.
fn path<'l>(rest: &'l str, word: &str) -> Result<(String, &'l str), &'static str> {
    const REFUSED: &str = "501 5.5.4 write the address in angle brackets after the colon";
    let (given, after) = rest.split_at_checked(word.len()).ok_or(REFUSED)?;
    if !given.eq_ignore_ascii_case(word) {
        return Err(REFUSED);
    }
    let (address, parameters) = after.strip_prefix('<').and_then(|a| a.split_once('>')).ok_or(REFUSED)?;
    match parameters.strip_prefix(' ') {
        Some(parameters) => Ok((address.to_owned(), parameters)),
        None if parameters.is_empty() => Ok((address.to_owned(), "")),
        None => Err(REFUSED),
    }
}

/// A mailbox with lengths as in RFC 5321 section 4.5.3.1; beyond ASCII only after SMTPUTF8.
pub fn is_address(address: &str, utf8: bool) -> bool {
    let fits = |text: &str, most: usize| !text.is_empty() && text.len() <= most;
    let plain =
        |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[]:;,\\\"@".contains(c) && (c.is_ascii() || utf8);
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    fits(local, 64)
        && fits(domain, 255)
        && local.chars().all(plain)
        && domain.chars().all(plain)
        && !local.starts_with('.')
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-.[]:_".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s07_only_the_grammar_is_read() {
        let mail = |from: &str, utf8| Ok(SmtpCommand::Mail { from: from.into(), utf8 });
        assert_eq!(read("mail from:<a@b.example> size=10 body=8bitmime"), mail("a@b.example", false));
        assert_eq!(read("MAIL FROM:<\u{fc}@b.example> SMTPUTF8"), mail("\u{fc}@b.example", true));
        assert_eq!(read("MAIL FROM:<>"), mail("", false));
        assert_eq!(read("RCPT TO:<a@b.example>"), Ok(SmtpCommand::Recipient { to: "a@b.example".into() }));
        for bad in [
            "MAIL FROM: <a@b.example>",
            "MAIL FROM:a@b.example",
            "MAIL FROM:<a@b.example>SIZE=1",
            "MAIL FROM:<a@b.example> X=1",
            "MAIL FROM:<a b@c.example>",
            "MAIL FROM:<@x,@y:a@b.example>",
            "MAIL FROM:<\u{fc}@b.example>",
            "MAIL FROM:<a@b> SIZE=99999999999",
            "MAIL",
            "RCPT FROM:<a@b.example>",
            "DATA now",
            "EHLO",
            "EHLO a b",
            "XYZ",
            "",
            "BDAT 5 LAST",
            "RCPT TO:<a@b.example> NOTIFY=NEVER",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
