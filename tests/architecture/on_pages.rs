//! Whoever refuses something with a command as the next step says, too, what is to be done on a page ([`Problem::on_page`]): without that a
//! page would leave its reader alone with what cannot be done.
//!
//! [`Problem::on_page`]: soundings::base::problem::Problem::on_page

use soundings::base::in_a_browser::{in_a_browser, is_of_a_terminal};

use super::{files, place, reading, root};

/// What only commands and duties say, or what stands on its page as a tick.
const NOT_ON_PAGES: [&str; 3] = ["steps/contacts/load/", "steps/audit/", "steps/duties/"];

/// Calls that make a problem, each with what follows it up to the end of its statement.
fn problems(code: &str) -> Vec<&str> {
    let starts = code.match_indices("Problem::").filter(|(at, _)| {
        let made = code[at + "Problem::".len()..].split('(').next().unwrap_or_default();
        ["new", "unusable", "not_found", "refused"].contains(&made)
    });
    starts.map(|(at, _)| &code[at..at + end_of_chain(&code[at..])]).collect()
}

/// Behind the last bracket of "f(...).g(...)".
fn end_of_chain(code: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_i32, false, false);
    for (at, c) in code.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                let behind = code[at + 1..].trim_start();
                if depth <= 0 && !behind.starts_with('.') {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// The next steps that are about a command and leave nothing for a page.
fn left_alone(code: &str) -> Vec<String> {
    let silent = |problem: &&str| {
        let literals: Vec<&str> = problem.split('"').skip(1).step_by(2).collect();
        let about_commands = literals.iter().any(|text| is_of_a_terminal(text) && in_a_browser(text).is_empty());
        about_commands && !problem.contains(".on_page(")
    };
    problems(code).into_iter().filter(silent).map(str::to_string).collect()
}

#[test]
fn every_refusal_of_a_step_has_a_next_step_for_pages() {
    let mut wrong = Vec::new();
    for path in ["rules", "store", "steps"].iter().flat_map(|room| files(&root().join("src").join(room), "rs")) {
        let name = place(&path);
        if NOT_ON_PAGES.iter().any(|part| name.starts_with(part)) || name.ends_with("tests.rs") {
            continue;
        }
        let code = reading::without_tests(&reading::with_strings(&std::fs::read_to_string(&path).unwrap()));
        wrong.extend(left_alone(&code).into_iter().map(|problem| format!("{name}: {problem}")));
    }
    assert!(wrong.is_empty(), "add .on_page(...):\n{}", wrong.join("\n"));
}

#[test]
fn the_check_of_next_steps_can_fail() {
    let alone = |code: &str| !left_alone(code).is_empty();
    assert!(alone(r#"return Err(Problem::refused("No.", "Add --whole."));"#));
    assert!(alone(r#"Problem::not_found(format!("No {x}."), "`soundings user list` names them (all).")"#));
    assert!(!alone(r#"Problem::refused("No.", "Add --whole.").on_page("Say that it is the whole.")"#));
    assert!(!alone(r#"Problem::refused("No.", "Wait (a \"bit\") or with --x y.")"#));
    assert!(alone(r#"a(Problem::refused("No.", "Wait.")); b(Problem::refused("No.", "See `list asked`."))"#));
}
