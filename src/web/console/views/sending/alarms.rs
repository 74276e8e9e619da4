//! An alarm in the list of the page of sending.

use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::Status;

pub struct AlarmRow {
    /// Where it stands on the page.
    pub place: String,
    pub title: String,
    pub state: Status,
    pub what: String,
    /// Empty once it is over.
    pub advice: String,
    pub since: String,
    pub raised: String,
    /// Empty while it lasts.
    pub ended: String,
    /// What a webhook was told of it, with what came of that; may be empty.
    pub calls: String,
    /// A person's word that it is over, where nothing shows any more whether it is.
    pub end: Option<ActionForm>,
}
