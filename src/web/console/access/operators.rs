//! Who may come in: one's own sessions, the operators, and the keys of other programs; and taking each of them back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::{Kind, Problem};
use crate::rules::access::Reach;
use crate::rules::alarm::told_at;
use crate::steps::installation::operators;
use crate::store::installation::operators::{Listed, Session};
use crate::store::installation::programs::Key;
use crate::web::console::views::operators::{KeyRow, OperatorRow, OperatorsPage, SessionRow, place_of_key};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console};
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::urls::OPERATORS;
use crate::web::kit::views::form::{ActionForm, Field, in_rows};
use crate::web::kit::views::frame::When;
use crate::web::kit::views::page::respond;

const END_OTHERS: &str = "end_sessions";
const REMOVE_OPERATOR: &str = "remove_operator";
const REMOVE_KEY: &str = "remove_key";

/// GET `/operators`.
pub async fn page(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    show(&web, &by, &words, None).await
}

/// `refused`: whose removal, and why not.
async fn show(web: &Web, by: &Operator, words: &Fields, refused: Option<(&str, Problem)>) -> Result<Response, Failure> {
    let sessions = operators::sessions_of(&web.ctx, &by.id).await?;
    let all = operators::all(&web.ctx).await?;
    let keys = operators::keys(&web.ctx).await?;
    let code = refused.as_ref().map_or(StatusCode::OK, |(_, problem)| status(problem.kind));
    let others = sessions.iter().filter(|s| s.hash != by.session).count();
    let alone = all.len() == 1;
    let mut rows: Vec<OperatorRow> = all
        .into_iter()
        .map(|o| {
            let why = refused.as_ref().filter(|(email, _)| *email == o.email.as_str());
            operator(&o, by, alone, why.map(|(_, problem)| problem.what.clone()))
        })
        .collect();
    in_rows("operators", rows.iter_mut().map(|row| (row.place.clone(), [&mut row.remove])));
    let mut keys: Vec<KeyRow> = keys.into_iter().map(|k| key(k, by)).collect();
    in_rows("keys-of-programs", keys.iter_mut().map(|row| (row.place(), [&mut row.remove])));
    let page = OperatorsPage {
        console: console(web, by, None, "", words),
        end_others: (others > 0).then(|| end_others(by, others)),
        sessions: sessions.into_iter().map(|s| session(s, by)).collect(),
        operators: rows,
        keys,
    };
    Ok(respond(code, &page))
}

/// No round is meant, so times are UTC.
fn told(at: Ts) -> When {
    When::new(told_at(at), told_at(at), at.to_string())
}

fn session(s: Session, by: &Operator) -> SessionRow {
    SessionRow { began: told(s.created_at), used: told(s.seen_at), from: s.came_from, here: s.hash == by.session }
}

fn form(by: &Operator, id: &str, act: &'static str) -> ActionForm {
    ActionForm {
        id: id.into(),
        action: OPERATORS.into(),
        act,
        csrf: by.csrf.clone(),
        danger: true,
        ..ActionForm::default()
    }
}

fn end_others(by: &Operator, others: usize) -> ActionForm {
    let (what, they) = if others == 1 {
        ("One other session ends", "whoever uses it")
    } else {
        ("All others end", "whoever uses them")
    };
    ActionForm {
        places: vec!["sessions".into(), "main".into()],
        label: "End my other sessions".into(),
        explain: format!(
            "{what} at once, and so do links to log in that were not used: {they} has to log in again. This one goes on."
        ),
        button: "End them".into(),
        ..form(by, "end-sessions", END_OTHERS)
    }
}

fn operator(o: &Listed, by: &Operator, alone: bool, error: Option<String>) -> OperatorRow {
    let email = o.email.as_str();
    let confirm = Field::check("last", "I know that nobody can log in then, until the terminal makes another operator")
        .error(error);
    OperatorRow {
        place: format!("operator-{}", o.id),
        email: email.into(),
        since: told(o.created_at),
        logged_in: o.logged_in_at.map(told),
        sessions: count(o.sessions),
        here: o.id == by.id,
        remove: ActionForm {
            hidden: vec![("email", email.into())],
            label: "Remove".into(),
            about: email.into(),
            explain: format!(
                "{email} cannot log in any more. Open sessions and links end at once; what was done stays in the journal."
            ),
            fields: if alone { vec![confirm] } else { Vec::new() },
            button: format!("Remove {email}"),
            ..form(by, &format!("remove-{}", o.id), REMOVE_OPERATOR)
        },
    }
}

fn key(k: Key, by: &Operator) -> KeyRow {
    let rights = k.rights();
    KeyRow {
        may: rights.words(", "),
        of: match rights.reach {
            Reach::Everything => "all rounds".into(),
            Reach::Rounds(rounds) => rounds.join(", "),
            Reach::Client(client) => format!("rounds of {client}"),
        },
        made: told(k.created_at),
        used: k.used_at.map(told),
        remove: ActionForm {
            hidden: vec![("name", k.name.clone())],
            label: "Remove".into(),
            about: k.name.clone(),
            explain: format!("The program that uses the key {} is refused from then on.", k.name),
            button: format!("Remove the key {}", k.name),
            ..form(by, &format!("remove-{}", place_of_key(&k.name)), REMOVE_KEY)
        },
        name: k.name,
    }
}

/// POST `/operators`.
pub async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let (by, fields) = (&posted.by, &posted.fields);
    match fields.get("act") {
        END_OTHERS => {
            let own = EmailAddress::parse(&by.email).map_err(Problem::internal)?;
            web.ctx.order(&by.actor(), operators::EndSessions { email: own, but: by.session.clone() }).await?;
            Ok(back(OPERATORS, END_OTHERS))
        }
        REMOVE_OPERATOR => {
            let typed = fields.get("email");
            let Ok(email) = EmailAddress::parse(typed) else { return Err(Failure::unknown()) };
            let remove = operators::RemoveOperator { email: email.clone(), even_last: fields.get("last") == "yes" };
            match web.ctx.order(&by.actor(), remove).await {
                Ok(()) => Ok(back(OPERATORS, REMOVE_OPERATOR)),
                Err(problem) if problem.kind == Kind::Refused => {
                    show(&web, by, &Fields::default(), Some((email.as_str(), problem))).await
                }
                Err(problem) => Err(problem.into()),
            }
        }
        REMOVE_KEY => {
            web.ctx.order(&by.actor(), operators::RemoveKey { name: fields.get("name").to_string() }).await?;
            Ok(back(OPERATORS, REMOVE_KEY))
        }
        _ => Err(Failure::unknown()),
    }
}
