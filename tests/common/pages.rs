//! The addresses of pages, read from the source of the router.

/// Every address that shows something, as the router knows it.
pub fn patterns() -> Vec<String> {
    let (routes, urls) = (include_str!("../../src/web/routes.rs"), include_str!("../../src/web/kit/urls.rs"));
    let named = routes.split("urls::").skip(1).filter_map(|rest| rest.split_once(','));
    let read = named.filter(|(_, rest)| rest.trim_start().starts_with("get(")).map(|(name, _)| name);
    read.map(|name| {
        let line = urls.lines().map(|line| line.trim_start().trim_start_matches("pub const "));
        let said = line.filter_map(|line| line.strip_prefix(name)?.trim_start_matches(": &str").strip_prefix(" = \""));
        said.filter_map(|rest| rest.split_once('"')).map(|(path, _)| path.to_string()).next().unwrap_or_default()
    })
    .collect()
}
