//! What a list is worth, in lines.

use crate::app::output;
use crate::base::counted::counted;
use crate::rules::contacts::quality::Quality;

/// The score with its reasons, and what is covered.
pub fn tell_worth(quality: &Quality) {
    for finding in quality.accounts.iter().flat_map(|account| &account.findings) {
        output::line(&format!("account {}", finding.message));
    }
    output::line(&format!("Score {} of 100.", quality.score));
    for reason in &quality.reasons {
        let points = if reason.points == 0 { String::new() } else { format!(" (-{})", reason.points) };
        output::line(&format!("  {}{points}", reason.sentence));
    }
    let c = &quality.coverage;
    let share = c.revenue_share.map(|share| format!("; {share} % of the client's revenue")).unwrap_or_default();
    output::line(&format!(
        "Covered: {}, {} with a key decision maker, {} with several roles{share}.",
        counted(c.accounts, "account", "accounts"),
        c.with_key_decision_maker,
        c.with_several_roles
    ));
}
