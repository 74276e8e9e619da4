//! The addresses of pages.

use crate::steps::Live;

pub fn at(live: &Live, path: &str) -> String {
    format!("/rounds/{}{path}", live.slug)
}
