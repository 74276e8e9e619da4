//! The addresses of pages.

use soundings::web::kit::urls;

/// What takes orders and shows nothing: whoever logs out sends a form, as programs send what they order; and what open pages are told has no
/// end.
const SHOW_NOTHING: [&str; 7] =
    [urls::LOG_OUT, urls::EVENTS, urls::API_LIST, urls::API_ORDERS, urls::API_OPT_OUT, urls::API_LEFT, urls::API_CALLS];

/// Every address that shows something.
pub fn patterns() -> Vec<String> {
    let shows = |path: &&&str| !SHOW_NOTHING.contains(*path);
    urls::ALL.iter().filter(shows).map(|path| (*path).to_string()).collect()
}
