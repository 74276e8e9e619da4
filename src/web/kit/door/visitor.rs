//! Who is at the other end: the network address that we can trust, and whether it is this machine.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri};

use crate::web::kit::state::Web;

use super::forwarded;
use super::origin::names_loopback;

/// The address of whoever connected to us; none in tests that have no connection.
pub fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(at)| at.ip().to_canonical())
}

/// The visitor: the peer, or whom our own proxies say they speak for (S22).
pub fn address(web: &Web, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let stated = (web.trusted_proxies > 0).then(|| forwarded::visitor(headers, web.trusted_proxies)).flatten();
    stated.or_else(|| peer(extensions))
}

/// Whether somebody on this machine asks for the program itself: through no proxy, and none is configured, since one that says nothing of
/// whom it speaks for would make everybody local; and by a name of this machine, since a page in a browser here asks by its own.
pub fn is_local(web: &Web, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let here = peer(extensions).is_some_and(|ip| ip.is_loopback());
    here && web.trusted_proxies == 0 && !forwarded::is_forwarded(headers) && names_this_machine(uri, headers)
}

/// A program of old that names no host names no other either.
fn names_this_machine(uri: &Uri, headers: &HeaderMap) -> bool {
    let stated = headers.get_all("host").iter().map(|v| v.to_str().unwrap_or("?"));
    uri.authority().map(|a| a.as_str()).into_iter().chain(stated).all(names_loopback)
}

/// Network address and browser, for the record of a signature.
pub struct CameFrom(pub String);

impl FromRequestParts<Web> for CameFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<CameFrom, Infallible> {
        Ok(CameFrom(came_from(web, &parts.headers, &parts.extensions)))
    }
}

fn came_from(web: &Web, headers: &HeaderMap, extensions: &Extensions) -> String {
    let browser = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("unknown browser");
    let browser: String = browser.chars().filter(|c| !c.is_control()).take(200).collect();
    let at = address(web, headers, extensions).map_or("unknown address".to_string(), |ip| ip.to_string());
    format!("{at}, {browser}")
}
