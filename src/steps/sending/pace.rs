//! The pace, as it is kept: at a claim, who goes now and who is put off until when; and what gateways say. An installation without a pace
//! pays nothing.

pub(crate) mod standings;
mod waiting;
pub(crate) mod turns;
pub(crate) mod gateway_answers;
pub(crate) mod gateway_holds;
mod alarms;

pub use self::alarms::{GatewayAlarm, NewSender, alarms, new_senders};
pub use self::gateway_answers::heard;
pub use self::gateway_holds::{HoldGateway, ReleaseGateway};
pub use self::standings::standing;

/// Under what its events stand in the log.
pub const LOGGED_AS: &str = module_path!();
