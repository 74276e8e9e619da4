//! What stands before the start of a draft, as its overview says it: what is open, and where it is made ready.

use crate::steps::Live;
use crate::steps::round::notices::{INVENTED, NO_LIST, Notice};
use crate::web::console::views::rounds::completion::ToDo;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, Tone, plural};

pub(super) fn reasons_owed(live: &Live, n: usize) -> Option<ToDo> {
    (n > 0).then(|| ToDo {
        tone: Tone::Attention,
        text: format!(
            "{} left out people of the last round without a reason; the round does not start before there is one",
            plural(n, "account director has", "account directors have")
        ),
        link: Link::new("Say why", urls::check(&live.slug)),
    })
}

/// In one line; `others`: points that stand in lines of their own.
pub(super) fn open_findings(live: &Live, findings: &[Notice], others: usize) -> Option<ToDo> {
    let mut about: Vec<&str> = Vec::new();
    for notice in findings {
        let what = match notice.code {
            NO_LIST => "nobody is on the list",
            INVENTED => "sentences that are the template’s",
            "half_a_sentence" => "letters with half a sentence",
            _ => "people without letters or questions in their language",
        };
        if !about.contains(&what) {
            about.push(what);
        }
    }
    let (one, many) = if others == 0 { ("point is", "points are") } else { ("more point is", "more points are") };
    (!findings.is_empty()).then(|| ToDo {
        tone: Tone::Attention,
        text: format!("{} open: {}", plural(findings.len(), one, many), about.join(", ")),
        link: Link::new(if findings.len() == 1 { "See it" } else { "Go through them" }, urls::check(&live.slug)),
    })
}

/// Where a draft is made ready.
pub(super) fn prepare(live: &Live, open: usize) -> Vec<Link> {
    let slug = live.slug.as_str();
    vec![
        Link::new("Settings", urls::settings(slug)),
        Link::new("Schedule", urls::plan_change(slug)),
        Link::new("Words", urls::texts(slug)),
        Link::new("Questions", urls::questions(slug)),
        Link::new(format!("What is open ({open})"), urls::check(slug)),
    ]
}
