//! Who signs, as the overview says it while lists wait for signatures: how many were asked, have signed and are late, who is asked next and
//! when, and the board on which that is followed.

use crate::base::clock::Ts;
use crate::base::counted::form;
use crate::rules::plan::Deadline;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::web::console::signoff::standing::both;
use crate::web::console::views::rounds::completion::SigningPart;
use crate::web::kit::figures::count;
use crate::web::kit::frames::home;
use crate::web::kit::times::{day, exact};
use crate::web::kit::urls;
use crate::web::kit::views::frame::Link;

use super::waits::Signing;

pub(super) fn part(live: &Live, signing: &Signing, now: Ts) -> SigningPart {
    let late = match signing.late {
        0 => "nobody is late".to_string(),
        n => format!("{} {} late", count(n), form(n, "is", "are")),
    };
    let stands = format!(
        "{} {} asked so far; {} of {} {} signed everything; {late}.",
        count(signing.asked).of("person", "people"),
        form(signing.asked, "was", "were"),
        count(signing.done),
        count(signing.directors).of("account director", "account directors"),
        form(signing.done, "has", "have"),
    );
    let board = if signing.late > 0 { "Sign-off board, late directors first" } else { "Sign-off board" };
    SigningPart {
        says: vec![stands, asked_next(live, signing, now), letter(live, signing)],
        both: both(live, signing.both),
        is_late: signing.late > 0,
        board: Link::new(board, format!("{}#accounts", urls::board(&live.slug))),
    }
}

fn asked_next(live: &Live, signing: &Signing, now: Ts) -> String {
    match signing.next_ask {
        _ if live.state == RoundState::Paused => "Nobody is asked while the round is paused.".into(),
        Some(at) if at > now => {
            format!("The next of them is asked again by itself on {}.", exact(at, now, &home(live)))
        }
        Some(_) => "Whoever is to sign is asked now.".into(),
        None => "Nobody is asked again by itself.".into(),
    }
}

/// What the names that wait miss.
fn letter(live: &Live, signing: &Signing) -> String {
    let names = count(signing.names).of("name waits", "names wait");
    match signing.letter {
        Some(Deadline::Before { letter, at }) => {
            format!("{names}; the {} goes to the first on {}.", letter.label(), day(home(live).local(at).date()))
        }
        Some(Deadline::Passed { letter, .. }) => {
            format!("{names}; the {} goes to each as soon as it is signed.", letter.label())
        }
        None => format!("{names}."),
    }
}
