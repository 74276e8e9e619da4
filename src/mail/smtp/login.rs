//! AUTH PLAIN and AUTH LOGIN: only over an encrypted connection or to this very machine. What is refused by one is tried by the other.
//!
//! Of what a server answers here only its numbers are kept: some repeat what they were told, and that is the password (S17).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::config::smtp::SmtpSettings;
use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

use super::hello::Extensions;
use super::stream::Wire;
use super::time_outs::TimeOuts;

#[derive(Clone, Copy)]
enum Mechanism {
    Plain,
    Login,
}

pub async fn log_in(
    wire: &mut Wire,
    settings: &SmtpSettings,
    offered: &Extensions,
    loopback: bool,
    waits: TimeOuts,
) -> Result<(), Failure> {
    if !wire.encrypted() && !loopback {
        return Err(failed(Cause::Unfit("A password is sent over encrypted connections only.".into())));
    }
    let known = [(offered.login_plain, Mechanism::Plain), (offered.login_login, Mechanism::Login)];
    let mut refused: Option<Failure> = None;
    for mechanism in known.into_iter().filter(|(offered, _)| *offered).map(|(_, mechanism)| mechanism) {
        match say_all(wire, mechanism, settings, waits).await {
            Ok(()) => {
                wire.hide(secrets(settings));
                return Ok(());
            }
            // Not this one; perhaps the next. A server that hangs up instead of hearing it has said why before.
            Err(failure) if is_refusal(&failure) => refused = Some(refused.unwrap_or(failure)),
            Err(failure) => return Err(refused.unwrap_or(failure)),
        }
    }
    Err(refused.unwrap_or_else(|| failed(Cause::Unfit("The server offers neither AUTH PLAIN nor AUTH LOGIN.".into()))))
}

/// A permanent answer to the mechanism or to what was said by it; a passing one (454) would be the same by another.
fn is_refusal(failure: &Failure) -> bool {
    matches!(&failure.cause, Cause::Reply(reply) if (500..600).contains(&reply.code))
}

async fn say_all(
    wire: &mut Wire,
    mechanism: Mechanism,
    settings: &SmtpSettings,
    waits: TimeOuts,
) -> Result<(), Failure> {
    let (begin, words) = match mechanism {
        Mechanism::Plain => (format!("AUTH PLAIN {}", plain(settings)), vec![plain(settings)]),
        Mechanism::Login => {
            ("AUTH LOGIN".into(), vec![STANDARD.encode(&settings.username), STANDARD.encode(&settings.password)])
        }
    };
    let mut words = words.into_iter();
    let mut answer = say(wire, &begin, waits).await?;
    // A server that takes no word beside the command asks for it.
    while answer.code == 334
        && let Some(word) = words.next()
    {
        answer = say(wire, &word, waits).await?;
    }
    if answer.code == 235 {
        return Ok(());
    }
    if answer.code == 334 {
        // It asks for more than there is; the star ends this mechanism.
        answer = say(wire, "*", waits).await?;
    }
    Err(failed(Cause::Reply(answer)))
}

fn plain(settings: &SmtpSettings) -> String {
    STANDARD.encode(format!("\0{}\0{}", settings.username, settings.password))
}

/// In every form in which a server has seen them.
fn secrets(settings: &SmtpSettings) -> Vec<String> {
    vec![plain(settings), STANDARD.encode(&settings.password), settings.password.clone()]
}

/// The answer without its words, but for the enhanced code.
async fn say(wire: &mut Wire, line: &str, waits: TimeOuts) -> Result<Reply, Failure> {
    let within = waits.at(Stage::Login);
    wire.write(format!("{line}\r\n").as_bytes(), within).await.map_err(failed)?;
    let answer = wire.answer(within).await.map_err(|cause| failed(without_words(cause)))?;
    let code = answer.code;
    let enhanced = Reply::from(answer).enhanced;
    let text = enhanced.map_or_else(String::new, |(class, subject, detail)| format!("{class}.{subject}.{detail}"));
    Ok(Reply::new(code, text))
}

/// What is no SMTP is quoted elsewhere.
fn without_words(cause: Cause) -> Cause {
    match cause {
        Cause::Broken(why) if why.starts_with(super::reply::NO_ANSWER) => Cause::Broken(super::reply::NO_ANSWER.into()),
        other => other,
    }
}

fn failed(cause: Cause) -> Failure {
    Failure { stage: Stage::Login, cause }
}
