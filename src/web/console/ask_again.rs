//! The form that sends a request once more: to sign, or to repair.

use crate::base::ids::RequestId;
use crate::web::kit::views::form::ActionForm;

/// `of`: the id of what it stands beside. `action`: the list on which it stands. `name`: who is asked.
pub fn form(of: &str, (action, csrf): (&str, &str), request: &RequestId, name: &str) -> ActionForm {
    ActionForm {
        id: format!("ask-{of}"),
        action: action.into(),
        act: "ask_again",
        csrf: csrf.into(),
        hidden: vec![("request", request.to_string())],
        label: "Ask again now".into(),
        about: name.into(),
        explain: format!("{name} gets the request once more, with the same link."),
        button: "Ask again".into(),
        ..ActionForm::default()
    }
}
