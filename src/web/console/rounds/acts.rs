//! The orders that a round may be given now, as forms on its overview: start, pause, resume, close.

use crate::rules::completion::Status as Figures;
use crate::rules::completion::told::Whole;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::round::RoundOrder;
use crate::steps::round::starting::{self, OpenPoints};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::plural;

/// A form of this page that was refused: what was typed in it, and why, where that stands at its tick.
#[derive(Default)]
pub(super) struct Unstarted {
    pub typed: Fields,
    pub unticked: Option<String>,
}

/// `checked`: whether a round starts from aligned domains only. `points`: those that are open.
pub(super) fn actions(
    live: &Live,
    csrf: &str,
    f: &Figures,
    (checked, points): (bool, &OpenPoints),
    Unstarted { typed, unticked }: Unstarted,
) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: String| ActionForm {
        id: act.into(),
        action: urls::round(&live.slug),
        act,
        csrf: csrf.into(),
        label: label.into(),
        explain,
        button: format!("{label} now"),
        ..ActionForm::default()
    };
    let close = || {
        let left = match Whole::of(f, live.spec.participation).answers {
            true => plural((f.individual.reachable - f.individual.completed).max(0) as usize, "person", "people"),
            false => "everybody".into(),
        };
        let explain = format!(
            "No more answers are taken and nothing more is sent; {left} who could still answer cannot then. A closed \
                round is not opened again."
        );
        let fields = vec![Field::check("confirm", "Yes, close this round for good").error(unticked.clone())];
        ActionForm { fields, danger: true, ..form("close", "Close", explain) }
    };
    match live.state {
        // Nobody could be asked: first comes the list.
        RoundState::Draft if points.nobody_is_listed() => Vec::new(),
        RoundState::Draft => {
            let explain = "The account directors are asked to sign their names. Contacts get nothing before their names are signed.";
            let why = Field::text(
                "anyway",
                "Start although receivers could not believe the mail, because",
                typed.get("anyway"),
            );
            let hint = "Only for a sender's domain that is not set up yet, or that another mail server signs for. Kept in the journal.";
            let mut fields = if checked { vec![why.optional().hint(hint)] } else { Vec::new() };
            // The tick is for these points: others are asked about again.
            let seen = starting::version(&points.findings);
            if !points.findings.is_empty() {
                let same = !typed.get("questions").is_empty() && typed.get("questions") == seen;
                let value = if same { typed.get("as_it_is").to_string() } else { String::new() };
                let label = match points.findings.len() {
                    1 => "Start with the open point as it is".to_string(),
                    n => format!("Start with {n} open points as they are"),
                };
                let tick = Field::check("as_it_is", label);
                fields.push(Field { value, ..tick }.error(unticked));
            }
            vec![ActionForm { fields, hidden: vec![("questions", seen)], ..form("start", "Start", explain.into()) }]
        }
        RoundState::Running => {
            let explain = "Nothing is sent until you resume. Answers and signatures are still taken.";
            vec![form("pause", "Pause", explain.into()), close()]
        }
        RoundState::Paused => {
            vec![form("resume", "Resume", "What is due by then goes out at once, in sending hours.".into()), close()]
        }
        RoundState::Closed => Vec::new(),
    }
}

pub(super) fn is_done(order: RoundOrder, state: RoundState) -> bool {
    match order {
        RoundOrder::Start | RoundOrder::Resume => state == RoundState::Running,
        RoundOrder::Pause => state == RoundState::Paused,
        RoundOrder::Close => state == RoundState::Closed,
    }
}
