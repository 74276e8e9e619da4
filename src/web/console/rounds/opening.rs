//! What a form says of the day on which a round is to open, and the box by which somebody says that he means it.

use crate::rules::plan::OpeningDoubt;
use crate::web::kit::times::day_with_year;
use crate::web::kit::views::form::Field;

/// The name of the box.
pub const MEANT: &str = "any_day";

/// Beside the field of the day; none where it is taken. `meant`: the box is ticked.
pub fn refusal(doubt: Option<&OpeningDoubt>, opens: chrono::NaiveDate, meant: bool) -> Option<String> {
    match doubt? {
        OpeningDoubt::Over => Some(format!("{} is over. Write a day to come.", day_with_year(opens))),
        OpeningDoubt::Off { .. } if meant => None,
        OpeningDoubt::Off { why, next } => Some(format!(
            "{} is no working day: {why}. The next one is {}, {next}. Write that, or tick that it is meant.",
            day_with_year(opens),
            day_with_year(*next)
        )),
    }
}

/// Shown where the day is one on which nobody works.
pub fn field(doubt: Option<&OpeningDoubt>) -> Option<Field> {
    let tick = || Field::check(MEANT, "Open on this day all the same").optional();
    matches!(doubt, Some(OpeningDoubt::Off { .. })).then(tick)
}
