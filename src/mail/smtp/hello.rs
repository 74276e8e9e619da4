//! What a server says it can do. Keywords are compared without regard to case: lettre reads upper case only and would
//! overlook `250 starttls` (S28).

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// The largest message in bytes; `Some(0)`: SIZE is spoken, without a limit.
    pub size: Option<u64>,
    pub pipelining: bool,
    pub smtputf8: bool,
    pub eight_bit: bool,
    pub starttls: bool,
    pub dsn: bool,
    pub login_plain: bool,
    pub login_login: bool,
}

impl Extensions {
    /// From the lines of the answer to EHLO; the first one is a greeting.
    pub fn parse(lines: &str) -> Extensions {
        let mut found = Extensions::default();
        for line in lines.lines().skip(1) {
            let line = line.to_ascii_uppercase().replace("AUTH=", "AUTH ");
            let mut words = line.split_whitespace();
            match words.next().unwrap_or_default() {
                "SIZE" => found.size = Some(words.next().and_then(|n| n.parse().ok()).unwrap_or(0)),
                "PIPELINING" => found.pipelining = true,
                "SMTPUTF8" => found.smtputf8 = true,
                "8BITMIME" => found.eight_bit = true,
                "STARTTLS" => found.starttls = true,
                "DSN" => found.dsn = true,
                "AUTH" => {
                    for mechanism in words {
                        found.login_plain |= mechanism == "PLAIN";
                        found.login_login |= mechanism == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s28_keywords_count_in_any_case() {
        let found = Extensions::parse(
            "mx.example at your service\nsize 1000\nPipelining\nstarttls\nAuth=login plain\ndsn\nX-NEW",
        );
        assert_eq!(found.size, Some(1000));
        assert!(found.pipelining && found.starttls && found.login_plain && found.login_login && found.dsn);
        assert!(!found.smtputf8 && !found.eight_bit);
        assert_eq!(Extensions::parse("starttls is a fine host name"), Extensions::default());
        assert_eq!(Extensions::parse("mx\nSIZE").size, Some(0));
    }
}
