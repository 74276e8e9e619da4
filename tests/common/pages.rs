//! The addresses of pages.

use soundings::web::kit::urls;

/// Every address that shows something: whoever logs out sends a form, and what open pages are told has no end.
pub fn patterns() -> Vec<String> {
    let shows = |path: &&&str| ![urls::LOG_OUT, urls::EVENTS].contains(*path);
    urls::ALL.iter().filter(shows).map(|path| (*path).to_string()).collect()
}
