//! Rust source read as far as the walls need it: which names a file imports, and by which paths it names others.
//!
//! Words, not a syntax tree: comments, strings and whatever stands under `#[cfg(test)]` are taken out first; what is left of `use` and of
//! paths is unambiguous enough to be read by hand, and takes no time.

/// A path with the name under which a `use` makes it known: `*` for everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub path: Vec<String>,
    pub name: String,
}

/// The code of `text` as it is shipped: without comments, strings, characters and tests.
pub fn shipped(text: &str) -> String {
    without_tests(&code(text))
}

/// Without comments, strings and characters, so that a sentence may name whatever it likes.
pub fn code(text: &str) -> String {
    read(text, false)
}

/// Without comments, but with its strings.
pub fn with_strings(text: &str) -> String {
    read(text, true)
}

fn read(text: &str, keeps_strings: bool) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let comment = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            0
        };
        let quoted = if comment > 0 {
            0
        } else if c == '"' {
            string(rest)
        } else if let Some(hashes) = raw(rest).filter(|_| !ends_in_word(&code)) {
            let end = format!("\"{}", "#".repeat(hashes));
            let open = rest.find('"').unwrap_or(0) + 1;
            rest[open..].find(&end).map_or(rest.len(), |at| open + at + end.len())
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        match comment + quoted {
            0 => {
                code.push(c);
                rest = &rest[c.len_utf8()..];
            }
            length => {
                code.push_str(if keeps_strings && quoted > 0 { &rest[..length] } else { " " });
                rest = &rest[length..];
            }
        }
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.chars().next_back().is_some_and(is_word)
}

/// The number of hashes of a raw string that begins here.
fn raw(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[2..].find('\'').map_or(0, |at| if at == 0 { 4 } else { at + 3 }),
        Some((at, c)) if rest[at + c.len_utf8()..].starts_with('\'') => at + c.len_utf8() + 1,
        _ => 0,
    }
}

pub fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        rest = &rest[at + "#[cfg(test)]".len()..];
        rest = &rest[item(rest)..];
    }
    kept.push_str(rest);
    kept
}

/// The length of the item that begins here: to its semicolon, or to the end of its braces.
fn item(rest: &str) -> usize {
    let mut depth = 0_u32;
    let mut is_use = false;
    for (at, c) in rest.char_indices() {
        is_use |= depth == 0 && rest[at..].starts_with("use ");
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !is_use {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    rest.len()
}

/// The modules that stand inside a file, by their names, and the code around them.
pub fn inner_modules(code: &str) -> (String, Vec<(String, String)>) {
    let (mut around, mut inner, mut rest) = (String::new(), Vec::new(), code);
    while let Some(at) = rest.find("mod ") {
        let after = &rest[at + 4..];
        let name: String = after.chars().take_while(|c| is_word(*c)).collect();
        let opens = after[name.len()..].trim_start().starts_with('{') && !ends_in_word(&rest[..at]);
        let length = if opens { item(after) } else { 0 };
        around.push_str(&rest[..at + 4]);
        if let Some(open) = after[..length].find('{') {
            inner.push((name, after[open + 1..length - 1].to_owned()));
        }
        rest = &after[length..];
    }
    around.push_str(rest);
    (around, inner)
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every `use` of `code`, its groups taken apart.
pub fn imports(code: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        if !code[..at].chars().next_back().is_some_and(is_word) {
            let tree = &code[at + 4..];
            let tree: String = tree[..tree.find(';').unwrap_or(0)].split_whitespace().collect::<Vec<_>>().join(" ");
            branches(&[], &tree, &mut found);
        }
    }
    found
}

fn branches(before: &[String], tree: &str, found: &mut Vec<Import>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let mut path = before.to_vec();
        path.extend(segments(&tree[..open]));
        let inside = tree[open + 1..].strip_suffix('}').unwrap_or("");
        for branch in at_commas(inside) {
            branches(&path, branch, found);
        }
        return;
    }
    let (whole, named) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name.trim())));
    let mut path = before.to_vec();
    path.extend(segments(whole));
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let Some(last) = path.last().cloned() else { return };
    if last == "*" {
        path.pop();
    }
    found.push(Import { path, name: named.map_or(last, str::to_owned) });
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn at_commas(inside: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[from..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Every path of `code` that is neither a `use` nor says who may see something: `crate::a::b`, `super::c`, `child::d`.
pub fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].find(is_word).map(|n| at + n) {
        let end = next + code[next..].find(|c| !is_word(c) && c != ':').unwrap_or(code.len() - next);
        let path = code[next..end].trim_end_matches(':');
        let before = code[..next].trim_end();
        let shown = before.ends_with("pub(in") || before.ends_with("use") || code[..next].ends_with([':', '.', '$']);
        if path.contains("::") && !shown {
            found.push(segments(path));
        }
        at = end.max(next + 1);
    }
    found
}
