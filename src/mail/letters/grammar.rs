//! The little that a mail text may say to the template engine: `{{ placeholder }}`, `{% if ... %}` with its branches,
//! and comments. Everything else is refused by name before the engine sees it (S04).
//!
//! Without loops, calls, filters and literals there is nothing to exhaust and nothing to reach; the engine's own
//! limits stand behind this, not in its place. The engine reads conditions and branches by recursion, so how long the one and
//! how deep the other may be is counted here, before it sees them: a stack that is too small ends the whole program.

use crate::rules::message::MessageKind;

use super::more::is_more;
use super::placeholders::{LINK, OPT_OUT, known, without_signs};
use super::tags::{closed_by, next_tag};

/// Words of one condition. The longest of a real letter has about ten.
const LONGEST_CONDITION: usize = 50;
/// Conditions and their `elif` that are open at one place, those around it included.
const DEEPEST: usize = 30;
/// Nobody corrects more than these before he checks again.
const MOST_FINDINGS: usize = 20;

const WORDS: [&str; 13] = ["if", "elif", "else", "endif", "not", "and", "or", "==", "!=", "<", ">", "<=", ">="];

/// Sentences about what cannot stay as it is. `place` is "subject" or "text".
pub fn check(kind: MessageKind, place: &str, source: &str) -> Vec<String> {
    let mut findings = Vec::new();
    // As the engine sees it: a sign that is left out may join what stood apart.
    let source = without_signs(source);
    let (mut rest, mut line) = (source.as_str(), 1);
    // For each open condition, how many branches it has.
    let mut open: Vec<usize> = Vec::new();
    while let Some(start) = next_tag(rest) {
        if findings.len() == MOST_FINDINGS {
            return findings;
        }
        line += rest[..start].matches('\n').count();
        let tag = &rest[start..];
        let close = closed_by(tag);
        let Some(end) = tag[2..].find(close) else {
            findings.push(format!(
                "Line {line} of the {place}: `{}` is opened and never closed with `{close}`.",
                &tag[..2]
            ));
            return findings;
        };
        let inner = &tag[2..2 + end];
        if close != "#}"
            && let Err(finding) = check_tag(kind, inner, close == "}}")
        {
            findings.push(format!("Line {line} of the {place}: {finding}"));
        }
        if close == "%}" && !branches(&mut open, bare(inner)) {
            findings.push(format!(
                "Line {line} of the {place}: more than {DEEPEST} conditions and their `elif` are open here; close some with `{{% endif %}}` before, or write fewer."
            ));
            return findings;
        }
        line += inner.matches('\n').count();
        rest = &tag[end + 4..];
    }
    findings
}

/// Without the signs that take away space.
fn bare(inner: &str) -> &str {
    let inner = inner.strip_prefix(['-', '+']).unwrap_or(inner);
    inner.strip_suffix(['-', '+']).unwrap_or(inner).trim()
}

/// Keeps count of what is open; false when it is too much.
fn branches(open: &mut Vec<usize>, inner: &str) -> bool {
    match inner.split_whitespace().next() {
        Some("if") => open.push(1),
        Some("elif") => {
            if let Some(branches) = open.last_mut() {
                *branches += 1;
            }
        }
        Some("endif") => _ = open.pop(),
        _ => {}
    }
    open.iter().sum::<usize>() <= DEEPEST
}

fn check_tag(kind: MessageKind, inner: &str, prints: bool) -> Result<(), String> {
    let inner = bare(inner);
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let shown: String = inner.chars().take(60).collect();
    if prints {
        return match inner {
            name if known(kind).contains(&name) || is_more(kind, name) => Ok(()),
            name if is_name(name) => Err(unknown(kind, name)),
            _ => Err(format!("`{shown}` is no placeholder. {}", list(kind))),
        };
    }
    let mut words = inner.split_whitespace();
    if !matches!(words.next(), Some("if" | "elif" | "else" | "endif")) {
        return Err(format!("`{shown}` is not understood; beside placeholders there is `{{% if ... %}}` only."));
    }
    for (n, word) in words.enumerate() {
        if n == LONGEST_CONDITION {
            return Err(format!(
                "the condition `{shown}...` has more than {LONGEST_CONDITION} words; ask for less in one condition."
            ));
        }
        let number = !word.is_empty() && word.len() < 10 && word.bytes().all(|b| b.is_ascii_digit());
        if known(kind).contains(&word) || is_more(kind, word) || number || (WORDS.contains(&word) && word != "if") {
            continue;
        }
        return Err(if is_name(word) {
            unknown(kind, word)
        } else {
            format!("`{shown}` is not understood in a condition.")
        });
    }
    Ok(())
}

fn unknown(kind: MessageKind, name: &str) -> String {
    let nearest = known(kind).iter().map(|k| (distance(name, k), *k)).min().filter(|(d, k)| *d <= k.len() / 2 + 1);
    let hint = nearest.map(|(_, k)| format!(" Did you mean `{{{{ {k} }}}}`?")).unwrap_or_default();
    format!("there is no placeholder `{{{{ {name} }}}}` here.{hint} {}", list(kind))
}

fn list(kind: MessageKind) -> String {
    let names: Vec<_> = known(kind).iter().map(|n| format!("`{n}`")).collect();
    format!("Known are {}.", names.join(", "))
}

/// Whether each of the two links stands alone on its line, wherever it is used.
pub fn links_stand_alone(source: &str) -> bool {
    source.lines().all(|line| {
        let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        [LINK, OPT_OUT].iter().all(|name| {
            let tag = format!("{{{{{name}}}}}");
            !bare.replace("{{-", "{{").replace("-}}", "}}").contains(&tag) || bare.len() <= tag.len() + 2
        })
    })
}

/// How many letters differ (Levenshtein); names are short.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = cost.min(corner + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        check(MessageKind::Invitation, "text", source)
    }

    #[test]
    fn s04_nothing_but_placeholders_and_conditions_is_understood() {
        for fine in [
            "{{ first_name }}{{client}}{{- link -}}",
            "{% if changed_since_last_year %}x{% else %}y{% endif %}",
            "{%- if minutes == 1 and not account -%}x{% endif %}",
            "{# {{ anything }} #}",
            "100 % {sure}",
        ] {
            assert_eq!(found(fine), Vec::<String>::new(), "{fine}");
        }
        for probe in [
            "{{7*7}}",
            "{{ env(\"HOME\") }}",
            "{{ \"a\" * 99999999 }}",
            "{% for i in range(9) %}{% endfor %}",
            "{{ contact.__proto__ }}",
            "{% include 'x' %}",
            "{% macro x() %}{% endmacro %}",
            "{{ first_name|upper }}",
            "{{ self }}",
            "{% set a = 1 %}",
            "{% raw %}{% endraw %}",
            "{{ link",
            "{% if 'a' * 9 %}{% endif %}",
            "{{ first_name['x'] }}",
            "{{}}",
            "{%%}",
            "{{ {{ link }} }}",
        ] {
            assert!(!found(probe).is_empty(), "{probe}");
        }
    }

    #[test]
    fn s04_long_conditions_and_deep_branches_are_refused_before_the_engine_reads_them() {
        let chain = |n: usize| format!("{{% if {} %}}x{{% endif %}}", vec!["account"; n].join(" or "));
        let elifs = |n: usize| format!("{{% if account %}}{}{{% endif %}}", "{% elif client %}x".repeat(n));
        let nested = |n: usize| format!("{}x{}", "{% if account %}".repeat(n), "{% endif %}".repeat(n));
        assert_eq!(found(&chain(25)), Vec::<String>::new());
        assert!(found(&chain(26))[0].contains("more than 50 words"));
        assert_eq!(found(&elifs(29)), Vec::<String>::new());
        assert!(found(&elifs(30))[0].contains("more than 30 conditions"));
        assert_eq!(found(&nested(30)), Vec::<String>::new());
        assert!(found(&nested(31))[0].contains("more than 30 conditions"));
        // What is closed does not count.
        assert_eq!(found(&nested(2).repeat(500)), Vec::<String>::new());
        assert_eq!(found(&"{{ x }}".repeat(500)).len(), MOST_FINDINGS);
    }

    #[test]
    fn s04_a_sign_that_is_left_out_hides_nothing() {
        assert!(!found("{\u{E101}{ 7*7 }}").is_empty());
        assert!(!found("{\u{E101}% for i in x %\u{E102}}{% endfor %}").is_empty());
    }

    #[test]
    fn unknown_placeholders_are_named_with_the_nearest_known_one() {
        let finding = found("Dear\n{{ frist_name }}").remove(0);
        assert!(
            finding.starts_with(
                "Line 2 of the text: there is no placeholder `{{ frist_name }}` here. Did you mean `{{ first_name }}`?"
            ),
            "{finding}"
        );
        assert!(finding.contains("`account_manager`"));
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn links_are_seen_to_stand_alone() {
        assert!(links_stand_alone("a\n {{ link }} \n{{opt_out_link}}\nb"));
        assert!(!links_stand_alone("Click {{ link }}"));
        assert!(!links_stand_alone("[here]({{ link }})"));
    }
}
