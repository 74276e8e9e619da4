//! Where a person and an account stand, in a word.

use crate::rules::plan::Reason;
use crate::rules::signoff::Standing;
use crate::steps::Live;
use crate::store::contacts::Person;
use crate::web::kit::views::frame::Status;

/// Where an account's sign-off stands, in a word.
pub fn signed(live: &Live, standing: Standing) -> Status {
    match standing {
        Standing::Signed => Status::good("signed"),
        Standing::CounterSign => Status::waiting(format!("waiting for {}", live.spec.signoff.sales_director)),
        Standing::Unsigned => Status::attention("not signed"),
    }
}

/// The absence leaves no time for anything more in the round.
pub fn is_away_until_the_close(p: &Person) -> bool {
    p.waiting_for.as_deref() == Some(Reason::Absent.as_str())
}

/// Where a person stands, the last thing that counts first.
pub fn standing(live: &Live, p: &Person) -> Status {
    if p.completed_at.is_some() {
        Status::good("completed")
    } else if p.removed_at.is_some() {
        Status::waiting("off the list")
    } else if p.is_opted_out() {
        Status::waiting("opted out")
    } else if p.left_at.is_some() || p.gone_at.is_some() {
        Status::waiting("has left")
    } else if p.undeliverable_at.is_some() {
        Status::wrong("undeliverable")
    } else if is_away_until_the_close(p) {
        Status::attention("away until the close")
    } else if p.started_at.is_some() {
        Status::waiting("started")
    } else if p.invited_at.is_some() {
        Status::waiting("invited")
    } else {
        match p.standing {
            Standing::Signed => Status::good("signed"),
            other => signed(live, other),
        }
    }
}
