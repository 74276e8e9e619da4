//! What is worth knowing of a plan before it happens: whose signatures are missing, what the limits move, when it is busiest, who
//! receives most, and what will be left.

use crate::rules::calendar::human;
use crate::rules::plan::Reason;
use crate::steps::Live;
use crate::steps::plan::change::NOT_COUNTED;
use crate::steps::plan::forecast::Figures;
use crate::steps::plan::since_approval::Since;
use crate::web::console::views::plan::{Busy, Domain, LeftOver, Note};
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::home;
use crate::web::kit::times::exact;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Count, Link, plural};

/// As many hours and domains are shown.
const SHOWN: usize = 8;

pub fn notes(live: &Live, figures: &Figures) -> Vec<Note> {
    let mut all = Vec::new();
    let mut say = |text: String, link: Option<Link>| all.push(Note { text, link });
    if !live.spec.participation.names() {
        say(NOT_COUNTED.into(), None);
    }
    let unsigned = figures.messages_as_if_signed;
    if unsigned > 0 {
        let people = plural(figures.contacts_as_if_signed as usize, "person", "people");
        let text = format!(
            "{} of them to {people} whose names are not signed off: planned as if they were signed now, and not sent before they are.",
            Count(unsigned)
        );
        say(text, Some(Link::new("See who", with(urls::contacts(&live.slug), "stage", "unsigned"))));
    }
    if figures.contacts_in_rounds_time > 0 {
        let people = plural(figures.contacts_in_rounds_time as usize, "person has", "people have");
        let text = format!(
            "{people} no time zone that is known: their messages go in {}'s time, the round's own. Load the list \
                again with their zones, or their countries.",
            home(live).city()
        );
        say(text, None);
    }
    for moved in &figures.moved {
        let messages = plural(moved.messages as usize, "message moves", "messages move");
        let text = match (moved.reason, live.spec.schedule.maximum_per_account_per_day) {
            (Reason::AccountLimit, Some(most)) => {
                format!("{messages} to a later day: the account has had its {most} of the day.")
            }
            _ => format!("{messages} to a later time. {}", moved.reason.sentence()),
        };
        say(text, None);
    }
    if let Some(busiest) = figures.hours.iter().max_by_key(|h| (h.messages, -h.from.0)) {
        let messages = plural(busiest.messages as usize, "message", "messages");
        let text = format!("The busiest hour: {messages} from {}.", exact(busiest.from, figures.as_of, &home(live)));
        say(text, Some(Link::new("By hour", "#hours-title")));
    }
    // The close is one reason among others: each is said with those whom it concerns.
    for left in &figures.left {
        let touches = plural(left.touches as usize, "message", "messages");
        let people = plural(left.contacts as usize, "contact", "contacts");
        let text = format!("{touches} of the sequence will not reach {people}. {}", left.reason.sentence());
        say(text, Some(Link::new("See who", "#left-title")));
    }
    all
}

/// How the plan stands against the one that the client approved.
pub fn approved(live: &Live, since: &Since) -> Note {
    let parts = [(since.moved, "on another day"), (since.added, "added"), (since.gone, "no longer planned")];
    let mut parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let others = since.letters.as_ref().map_or(0, Vec::len);
    parts.extend((others > 0).then(|| plural(others, "letter reads differently", "letters read differently")));
    let text = match parts.is_empty() {
        true => format!("Approved by {}, and as approved.", since.approval.name),
        false => format!("Approved by {}. Since then: {}.", since.approval.name, parts.join(", ")),
    };
    Note { text, link: Some(Link::new("The approval", urls::approval(&live.slug))) }
}

pub fn hours(live: &Live, figures: &Figures) -> Vec<Busy> {
    let mut hours: Vec<_> = figures.hours.iter().collect();
    hours.sort_by_key(|h| (std::cmp::Reverse(h.messages), h.from));
    let zone = home(live);
    let shown = hours.into_iter().take(SHOWN);
    shown.map(|h| Busy { from: human(h.from, figures.as_of, &zone), messages: Count(h.messages) }).collect()
}

pub fn domains(live: &Live, figures: &Figures) -> Vec<Domain> {
    let zone = home(live);
    let shown = figures.domains.iter().take(SHOWN).map(|d| Domain {
        name: d.domain.clone(),
        messages: Count(d.messages),
        in_busiest_hour: Count(d.in_busiest_hour),
        busiest_hour: human(d.busiest_hour, figures.as_of, &zone),
    });
    shown.collect()
}

pub fn left(live: &Live, figures: &Figures) -> Vec<LeftOver> {
    let rows = figures.left.iter().map(|row| {
        let people = figures.named_left.get(&row.reason).into_iter().flatten();
        LeftOver {
            reason: row.reason.sentence().into(),
            contacts: Count(row.contacts),
            touches: Count(row.touches),
            people: people.map(|(id, name)| Link::new(&**name, urls::contact(&live.slug, id))).collect(),
        }
    });
    rows.collect()
}
