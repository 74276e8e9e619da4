//! How a value that is or holds a secret is shown.

/// "(set)" or nothing, for a secret.
pub fn set_or_not(secret: &str) -> &'static str {
    if secret.is_empty() { "" } else { "(set)" }
}

/// A URL with what stands for a password, and a query that may hold a key, replaced by "(set)".
pub fn without_secrets(url: &str) -> String {
    let (url, query) = url.split_at(url.find('?').unwrap_or(url.len()));
    let query = match query {
        "" | "?" => "",
        _ if url.starts_with("sqlite:") => query,
        _ => "?(set)",
    };
    let hidden = url.split_once("://").and_then(|(scheme, rest)| {
        let (userinfo, place) = rest.rsplit_once('@')?;
        let user = userinfo.split_once(':').map_or_else(|| userinfo.to_owned(), |(user, _)| format!("{user}:(set)"));
        Some(format!("{scheme}://{user}@{place}"))
    });
    format!("{}{query}", hidden.unwrap_or_else(|| url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s17_urls_lose_passwords_and_queries() {
        assert_eq!(without_secrets("postgres://u:p@h/db"), "postgres://u:(set)@h/db");
        assert_eq!(without_secrets("https://h/in?key=x"), "https://h/in?(set)");
        assert_eq!(without_secrets("sqlite:a.db?mode=ro"), "sqlite:a.db?mode=ro");
        assert_eq!(without_secrets("https://h/in"), "https://h/in");
    }
}
