//! Operators, sessions and keys.

use crate::web::console::views::operators::*;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::{Console, Count};

use super::{console, page, when};

pub fn pages() -> Vec<(String, String)> {
    vec![page("console-operators", &whole(false)), page("console-operators-last", &whole(true))]
}

fn form(id: &str, act: &'static str, label: &str, about: &str, explain: &str) -> ActionForm {
    ActionForm {
        id: id.into(),
        action: "/operators".into(),
        act,
        csrf: "c5rf".into(),
        label: label.into(),
        about: about.into(),
        explain: explain.into(),
        button: label.into(),
        danger: true,
        ..ActionForm::default()
    }
}

fn whole(last: bool) -> OperatorsPage {
    let at = |text: &str| when(text, text);
    let refused = "olga@soundings.example is the last operator, so nobody could log in any more.";
    let confirm = Field::check("last", "I know that nobody can log in then, until the terminal makes another operator");
    let operator = |email: &str, here, sessions, logged_in: Option<&str>| OperatorRow {
        place: format!("operator-{email}"),
        email: email.into(),
        since: at("Tue 12 Jan 2027, 08:00 UTC"),
        logged_in: logged_in.map(at),
        sessions: Count(sessions),
        here,
        remove: ActionForm {
            fields: if last { vec![confirm.clone().error(Some(refused.into()))] } else { Vec::new() },
            ..form(
                &format!("remove-{sessions}"),
                "remove_operator",
                "Remove",
                email,
                &format!(
                    "{email} cannot log in any more. Open sessions and links end at once; what was done stays in the journal."
                ),
            )
        },
    };
    let key = |name: &str, used: Option<&str>| KeyRow {
        name: name.into(),
        made: at("Tue 12 Jan 2027, 08:05 UTC"),
        used: used.map(at),
        remove: form(
            &format!("key-{name}"),
            "remove_key",
            "Remove",
            name,
            &format!("The program that uses the key {name} is refused from then on."),
        ),
    };
    let session = |began: &str, here, from: &str| SessionRow {
        began: at(began),
        used: at("Tue 9 Feb 2027, 08:55 UTC"),
        from: from.into(),
        here,
    };
    let mut operators = vec![operator("olga@soundings.example", true, 2, Some("Tue 9 Feb 2027, 08:00 UTC"))];
    if !last {
        operators.push(operator("peter@soundings.example", false, 0, None));
    }
    OperatorsPage {
        console: Console { round: None, ..console("") },
        sessions: vec![
            session("Tue 9 Feb 2027, 08:00 UTC", true, "192.0.2.7, Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0"),
            session("Mon 8 Feb 2027, 16:10 UTC", false, "198.51.100.4, Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)"),
        ],
        end_others: Some(form(
            "end-sessions",
            "end_sessions",
            "End my other sessions",
            "",
            "One other session ends at once, and so do links to log in that were not used: whoever uses it has to log in again. This one goes on.",
        )),
        operators,
        keys: if last {
            Vec::new()
        } else {
            vec![key("billing", Some("Tue 9 Feb 2027, 08:59 UTC")), key("old-dashboard", None)]
        },
    }
}
