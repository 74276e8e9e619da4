//! AUTH PLAIN and AUTH LOGIN: only over an encrypted connection or to this very machine. The password is in no error.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::config::smtp::SmtpSettings;
use crate::rules::delivery::{Cause, Failure, Stage};

use super::hello::Extensions;
use super::stream::Wire;
use super::time_outs::TimeOuts;

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
    let (user, password) = (&settings.username, &settings.password);
    if offered.login_plain {
        let secret = STANDARD.encode(format!("\0{user}\0{password}"));
        return say(wire, &format!("AUTH PLAIN {secret}"), 235, waits).await;
    }
    if offered.login_login {
        say(wire, "AUTH LOGIN", 334, waits).await?;
        say(wire, &STANDARD.encode(user), 334, waits).await?;
        return say(wire, &STANDARD.encode(password), 235, waits).await;
    }
    Err(failed(Cause::Unfit("The server offers neither AUTH PLAIN nor AUTH LOGIN.".into())))
}

async fn say(wire: &mut Wire, line: &str, wanted: u16, waits: TimeOuts) -> Result<(), Failure> {
    let within = waits.at(Stage::Login);
    wire.write(format!("{line}\r\n").as_bytes(), within).await.map_err(failed)?;
    let answer = wire.answer(within).await.map_err(failed)?;
    if answer.code == wanted { Ok(()) } else { Err(failed(Cause::Reply(answer.into()))) }
}

fn failed(cause: Cause) -> Failure {
    Failure { stage: Stage::Login, cause }
}
