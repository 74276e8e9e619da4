//! MAIL, RCPT and DATA for one recipient: asked at once where the server offers PIPELINING, in turn where it does not.
//!
//! A refusal must leave both sides in step. The dangerous case is a pipelined DATA that was accepted although the
//! recipient was refused: the server then waits for a message, and only a lone dot gets the conversation back.

use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

use super::stream::Wire;
use super::time_outs::TimeOuts;

pub struct StageRefusal {
    pub failure: Failure,
    /// Whether both sides still agree on whose turn it is, so that RSET makes sense.
    pub in_step: bool,
}

impl StageRefusal {
    fn lost(failure: Failure) -> StageRefusal {
        StageRefusal { failure, in_step: false }
    }

    /// After a well-formed refusal other than 421 the conversation goes on.
    fn heard(stage: Stage, reply: Reply) -> StageRefusal {
        let in_step = reply.code >= 400 && reply.code != 421;
        StageRefusal { failure: Failure { stage, cause: Cause::Reply(reply) }, in_step }
    }
}

/// `commands` holds the lines of MAIL and RCPT. `Ok`: the server waits for the message.
pub async fn ask(
    wire: &mut Wire,
    commands: &mut Vec<u8>,
    pipelining: bool,
    waits: TimeOuts,
) -> Result<(), StageRefusal> {
    commands.extend_from_slice(b"DATA\r\n");
    if pipelining { at_once(wire, commands, waits).await } else { in_turn(wire, commands, waits).await }
}

/// Forgets the transaction; false when the server would not.
pub async fn reset(wire: &mut Wire, waits: TimeOuts) -> bool {
    say(wire, b"RSET\r\n", Stage::Mail, waits).await.is_ok_and(|reply| reply.positive())
}

/// One write, and one round trip for the three answers (RFC 2920). All three are read, whatever the first one says.
async fn at_once(wire: &mut Wire, commands: &[u8], waits: TimeOuts) -> Result<(), StageRefusal> {
    let failed = |cause| StageRefusal::lost(Failure { stage: Stage::Mail, cause });
    wire.write(commands, waits.at(Stage::Mail)).await.map_err(failed)?;
    let mut refused: Option<StageRefusal> = None;
    for stage in [Stage::Mail, Stage::Recipient] {
        let reply = match hear(wire, stage, waits).await {
            Ok(reply) => reply,
            // The first refusal stands, whatever became of the connection after it.
            Err(failure) => return Err(StageRefusal::lost(refused.map_or(failure, |r| r.failure))),
        };
        let over = reply.code == 421;
        if !reply.positive() && refused.is_none() {
            refused = Some(StageRefusal::heard(stage, reply));
        }
        if over && let Some(refusal) = refused {
            return Err(StageRefusal::lost(refusal.failure));
        }
    }
    match (refused, hear(wire, Stage::Data, waits).await) {
        (None, Ok(reply)) if reply.code == 354 => Ok(()),
        (None, Ok(reply)) => Err(StageRefusal::heard(Stage::Data, reply)),
        (None, Err(failure)) => Err(StageRefusal::lost(failure)),
        (Some(refusal), Ok(reply)) if reply.code == 354 => {
            let ended = say(wire, b".\r\n", Stage::Dot, waits).await.is_ok_and(|reply| reply.code != 421);
            Err(StageRefusal { in_step: refusal.in_step && ended, ..refusal })
        }
        (Some(refusal), Ok(reply)) => {
            Err(StageRefusal { in_step: refusal.in_step && reply.code >= 400 && reply.code != 421, ..refusal })
        }
        (Some(refusal), Err(_)) => Err(StageRefusal::lost(refusal.failure)),
    }
}

async fn in_turn(wire: &mut Wire, commands: &[u8], waits: TimeOuts) -> Result<(), StageRefusal> {
    for (line, stage) in commands.split_inclusive(|b| *b == b'\n').zip([Stage::Mail, Stage::Recipient, Stage::Data]) {
        let reply = say(wire, line, stage, waits).await.map_err(StageRefusal::lost)?;
        let wanted = if stage == Stage::Data { reply.code == 354 } else { reply.positive() };
        if !wanted {
            return Err(StageRefusal::heard(stage, reply));
        }
    }
    Ok(())
}

async fn say(wire: &mut Wire, line: &[u8], stage: Stage, waits: TimeOuts) -> Result<Reply, Failure> {
    wire.write(line, waits.at(stage)).await.map_err(|cause| Failure { stage, cause })?;
    hear(wire, stage, waits).await
}

async fn hear(wire: &mut Wire, stage: Stage, waits: TimeOuts) -> Result<Reply, Failure> {
    wire.answer(waits.at(stage)).await.map(Reply::from).map_err(|cause| Failure { stage, cause })
}
