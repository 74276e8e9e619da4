//! What a person says of an alarm of which nothing shows any more whether it is so: the program that saw it is gone for good, nothing more
//! goes to that gateway, a setting was taken away.

use crate::base::ids::AlarmId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::alarm as store;

use super::look::end;

/// Ends an alarm that is not judged any more. One that is seen to be wrong is not ended by anybody's word.
pub struct EndAlarm {
    pub alarm: AlarmId,
}

impl Order for EndAlarm {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let now = ctx.clock.now();
        let found = store::by_id(tx, &self.alarm).await?.filter(|alarm| alarm.raised_at.is_some());
        let Some(alarm) = found else {
            return Err(Problem::not_found(
                "There is no such alarm.",
                "The page \u{201c}Sending\u{201d} lists those that are raised.",
            ));
        };
        // Somebody was faster, or it was seen to work.
        if alarm.ended_at.is_some() {
            return Ok(());
        }
        if !alarm.noticed().is_out_of_sight(now) {
            let next = "Mend what it is about; it ends by itself a quarter of an hour after that.";
            return Err(Problem::refused("This alarm is still judged by what is seen.", next));
        }
        if end(ctx, tx, &alarm, now).await? {
            ctx.journal(tx, by, Action::EndedAlarm, None, alarm.id.as_str(), alarm.kind.title()).await?;
        }
        Ok(())
    }
}
