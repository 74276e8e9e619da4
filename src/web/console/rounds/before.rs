//! What stands before the start of a draft, as its overview says it: what is still missing, in the order in which it is to be done, what is
//! done, where it is made ready, and what the start will do.

use crate::base::clock::Ts;
use crate::base::counted::form;
use crate::rules::completion::Status as Figures;
use crate::rules::plan::Deadline;
use crate::steps::Live;
use crate::steps::round::notices::{INVENTED, NO_LIST, Notice};
use crate::steps::round::starting::OpenPoints;
use crate::web::console::views::rounds::completion::{Draft, ToDo};
use crate::web::kit::figures::count;
use crate::web::kit::frames::home;
use crate::web::kit::times::{day, days_of};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, Tone, plural};

fn to_do(tone: Tone, text: String, link: &str, href: String) -> ToDo {
    ToDo { tone, text, costs: String::new(), link: Link::new(link, href) }
}

/// `left_out`: rows that the last list had and the round has not.
pub(super) fn steps(live: &Live, f: &Figures, points: &OpenPoints, left_out: i64, now: Ts) -> Draft {
    let round = live.slug.as_str();
    let (mut open, mut done) = (Vec::new(), Vec::new());
    if points.nobody_is_listed() {
        open.push(to_do(Tone::Wrong, "Nobody is on the list yet".into(), "Load a list", urls::list(round)));
    } else {
        let names = count(f.individual.listed).of("name", "names");
        let accounts = count(f.accounts.listed).of("account", "accounts");
        done.push(Link::new(format!("The list: {names} at {accounts}"), urls::contacts(round)));
    }
    open.extend(points.lists.iter().map(|list| {
        let text = format!("{} is uploaded and not loaded yet", list.file_name);
        to_do(Tone::Attention, text, "Go on with it", urls::upload(round, &list.id))
    }));
    if left_out > 0 {
        let text = format!("{} left out of the last list", plural(left_out as usize, "row was", "rows were"));
        open.push(to_do(Tone::Attention, text, "See which", format!("{}#left-out", urls::contacts(round))));
    }
    if points.held > 0 {
        let who = plural(points.held, "name has", "names have");
        let text = format!("{who} a new address and nothing goes to it: the same person, or somebody else?");
        open.push(to_do(Tone::Attention, text, "Say who it is", format!("{}#asked", urls::board(round))));
    }
    open.extend(reasons_owed(live, points.reasons.len()));
    match days(live, now) {
        Ok(text) => done.push(Link::new(text, urls::plan_change(round))),
        Err(text) => open.push(to_do(Tone::Attention, text, "Change the days", urls::plan_change(round))),
    }
    let findings: Vec<&Notice> = points.findings.iter().filter(|notice| notice.code != NO_LIST).collect();
    match open_findings(live, &findings, points.count() - findings.len()) {
        Some(task) => open.push(task),
        None => done.push(Link::new("Settings, letters and questions", urls::check(round))),
    }
    Draft { open, done, prepare: prepare(live, points.count()), start_does: String::new() }
}

/// When it is open; what is wrong with that.
fn days(live: &Live, now: Ts) -> Result<String, String> {
    let (opens, closes) = (live.spec.schedule.opens, live.spec.schedule.closes);
    let today = home(live).local(now).date();
    let day = days_of(today, [opens, closes]);
    if today > closes {
        Err(format!("It would have closed on {} and cannot start", day(closes)))
    } else if today > opens {
        Err(format!("It would have opened on {}: letters are late from the first day", day(opens)))
    } else {
        Ok(format!("The days: opens {}, closes {}", day(opens), day(closes)))
    }
}

fn reasons_owed(live: &Live, n: usize) -> Option<ToDo> {
    let who = plural(n, "account director has", "account directors have");
    let text = format!(
        "{who} left out people of the last round without a reason; the round does not start before there is one"
    );
    (n > 0).then(|| to_do(Tone::Attention, text, "Say why", format!("{}#reasons", urls::check(&live.slug))))
}

/// In one line; `others`: points that stand in lines of their own.
fn open_findings(live: &Live, findings: &[&Notice], others: usize) -> Option<ToDo> {
    let mut about: Vec<&str> = Vec::new();
    for notice in findings {
        let what = match notice.code {
            INVENTED => "sentences that are the template’s",
            "half_a_sentence" => "letters with half a sentence",
            _ => "people without letters or questions in their language",
        };
        if !about.contains(&what) {
            about.push(what);
        }
    }
    let (one, many) = if others == 0 { ("point is", "points are") } else { ("more point is", "more points are") };
    let text = format!("{} open: {}", plural(findings.len(), one, many), about.join(", "));
    let link = if findings.len() == 1 { "See it" } else { "Go through them" };
    (!findings.is_empty()).then(|| to_do(Tone::Attention, text, link, urls::check(&live.slug)))
}

/// Where a draft is made ready.
fn prepare(live: &Live, open: usize) -> Vec<Link> {
    let slug = live.slug.as_str();
    vec![
        Link::new("Settings", urls::settings(slug)),
        Link::new("Schedule", urls::plan_change(slug)),
        Link::new("Words", urls::texts(slug)),
        Link::new("Questions", urls::questions(slug)),
        Link::new(format!("What is open ({open})"), urls::check(slug)),
    ]
}

/// What the start does, by itself: how many mails, and when the first letter goes to a contact.
pub(super) fn start_does(live: &Live, directors: i64, letter: Option<Deadline>) -> String {
    if directors == 0 {
        return String::new();
    }
    let first = match letter {
        Some(Deadline::Before { letter, at }) => format!(
            "Their first letter, the {}, goes on {} to whoever is signed by then.",
            letter.label(),
            day(home(live).local(at).date())
        ),
        Some(Deadline::Passed { letter, .. }) => {
            format!("Their first letter, the {}, goes to each as soon as he is signed.", letter.label())
        }
        None => String::new(),
    };
    format!(
        "It sends {} at once: {} {} asked to sign. Contacts get nothing before their names are signed. {first}",
        count(directors).of("mail", "mails"),
        count(directors).of("account director", "account directors"),
        form(directors, "is", "are"),
    )
}
