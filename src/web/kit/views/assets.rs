//! The files that pages ask for, inside the program: two style sheets and three small scripts. Nothing comes from another host.

pub const STYLE: &str = include_str!("../../../../templates/style.css");
/// Of the report of a round, beside the one before.
pub const REPORT_STYLE: &str = include_str!("../../../../templates/report.css");
/// Keys, palette, uploads and letters of the console.
pub const CONSOLE_SCRIPT: &str = include_str!("../../../../templates/console.js");
/// Pages of a round that change while they are open; comes after the one before.
pub const LIVE_SCRIPT: &str = include_str!("../../../../templates/live.js");
/// Saves answers as they are given; the assessment works without it.
pub const ASSESSMENT_SCRIPT: &str = include_str!("../../../../templates/assessment.js");

/// The header that every page is sent with. It is why no page has a style or a script inside.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
