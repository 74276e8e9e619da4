//! In which direction a language is read; mails and pages say it to whoever shows them.

const RIGHT_TO_LEFT: [&str; 10] = ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ckb", "dv", "ug"];

/// `code` with or without a region: "ar-EG".
pub fn right_to_left(code: &str) -> bool {
    let language = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    RIGHT_TO_LEFT.contains(&language.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_changes_nothing() {
        assert!(["ar", "AR-eg", "he_IL", "ckb"].into_iter().all(right_to_left));
        assert!(["", "de", "en-AR", "arn"].into_iter().all(|code| !right_to_left(code)));
    }
}
