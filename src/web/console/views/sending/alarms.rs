//! An alarm in the list of the page of sending.

use crate::web::kit::views::frame::Status;

pub struct AlarmRow {
    pub title: String,
    pub state: Status,
    pub what: String,
    /// Empty once it is over.
    pub advice: String,
    pub since: String,
    pub raised: String,
    /// Empty while it lasts.
    pub ended: String,
}
