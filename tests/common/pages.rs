//! The addresses of pages.

use soundings::web::kit::urls;

/// Every address that shows something: whoever logs out sends a form.
pub fn patterns() -> Vec<String> {
    urls::ALL.iter().filter(|path| **path != urls::LOG_OUT).map(|path| (*path).to_string()).collect()
}
