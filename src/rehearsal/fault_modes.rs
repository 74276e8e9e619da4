//! How sending goes: in peace, broken off at a chosen point of the conversation, with a clock that leaps, by two at once, or
//! while people act.

use crate::rehearsal::mailbox::faults::ServerStage;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FaultMode {
    #[default]
    None,
    /// The process dies when the server has reached this stage for the nth time, before its answer is read; then it starts anew.
    /// Unnoticed, nobody knows that it is dead: what it had claimed waits for its lease to run out.
    Crash { stage: ServerStage, nth: u64, noticed: bool },
    /// The clock leaps by so many milliseconds when the server has reached this stage for the nth time.
    ClockLeap { stage: ServerStage, nth: u64, by: i64 },
    /// Two processes send from the same ledger, each with a name of its own.
    TwoSenders,
    /// People whose time has come act while messages leave.
    PeopleAct,
}
