//! How long to wait at each stage: RFC 5321, section 4.5.3.2. Impatience after the final dot manufactures duplicates.

use std::time::Duration;

use crate::rules::sending::delivery::Stage;

#[derive(Clone, Copy, Debug)]
pub struct TimeOuts {
    factor: f64,
}

impl TimeOuts {
    pub fn new(factor: f64) -> TimeOuts {
        TimeOuts { factor: if factor.is_finite() && factor > 0.0 { factor.min(100.0) } else { 1.0 } }
    }

    /// For an answer, or for one block of the body.
    pub fn at(self, stage: Stage) -> Duration {
        let minutes = match stage {
            Stage::Connect | Stage::Data => 2,
            Stage::Body => 3,
            Stage::Dot => 10,
            Stage::Greeting | Stage::Hello | Stage::Tls | Stage::Login | Stage::Mail | Stage::Recipient => 5,
        };
        Duration::from_secs(minutes * 60).mul_f64(self.factor)
    }

    /// Politeness is not worth waiting for.
    pub fn goodbye(self) -> Duration {
        Duration::from_secs(5).mul_f64(self.factor.max(0.1)).min(Duration::from_secs(5))
    }
}
