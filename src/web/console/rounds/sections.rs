//! The fields of a round's settings, in groups: the same on the page that makes a round and on that which changes it.

use crate::web::console::plan::weekdays::DAYS;
use crate::web::console::views::settings::Section;
use crate::web::kit::names;
use crate::web::kit::views::form::{Choice, Control, Field};

use super::typed::{COUNTRY, DIGEST, DIGEST_AT, DIGEST_DAY, MOST_COUNTRIES, Typed, Wrong, changed, country, field};

/// What is typed, and what is wrong with it.
pub struct Form<'f> {
    pub typed: &'f Typed,
    pub wrong: &'f Wrong,
}

impl Form<'_> {
    fn text(&self, key: &str, label: &str, hint: &str) -> Field {
        field(self.typed, self.wrong, key, label, hint, Control::Text)
    }

    fn of(&self, key: &str, label: &str, hint: &str, control: Control) -> Field {
        field(self.typed, self.wrong, key, label, hint, control)
    }

    pub fn slug(&self) -> Field {
        self.text(
            "round",
            "Short name",
            "For addresses and commands: lower-case letters, digits and hyphens, northwind-2028.",
        )
    }

    pub fn client(&self) -> Field {
        self.text("client", "Client", "The company that has itself assessed, as its customers call it.")
    }

    pub fn title(&self) -> Field {
        self.text("title", "Title", "What it is called in letters and on pages: Relationship assessment 2028.")
    }

    pub fn days(&self) -> [Field; 2] {
        [
            self.of("schedule.opens", "Opens", "The day of the invitations.", Control::Date),
            self.of("schedule.closes", "Closes", "The last day of answers.", Control::Date),
        ]
    }

    pub fn time_zone(&self) -> Field {
        self.text("schedule.time_zone", "Time zone", "Of contacts whose own is not known: Europe/Dublin.")
    }

    /// Language, minutes, colour.
    pub fn reading(&self, languages: &[String]) -> Vec<Field> {
        let choices = languages.iter().map(|code| Choice::new(code, names::language(code))).collect();
        vec![
            self.of("language", "Language", "Of contacts whose own language has no letters.", Control::Select(choices)),
            self.of(
                "minutes",
                "Minutes it takes to answer",
                "Told to contacts. Time it with a colleague.",
                Control::Number,
            ),
            self.text("accent", "Colour", "Of buttons and lines on the contacts’ pages: #1f4e79."),
            self.of(
                "client_revenue",
                "The client’s annual revenue",
                "A whole amount in the money of the list. It tells what share the contacts’ accounts stand for.",
                Control::Number,
            )
            .optional(),
        ]
    }

    /// `who`: `team` or `warm_up`.
    fn sender(&self, who: &str) -> Vec<Field> {
        let key = |part: &str| format!("senders.{who}.{part}");
        vec![
            self.text(&key("name"), "Name", "As it stands in the mail’s From."),
            self.of(&key("email"), "E-mail address", "", Control::Email),
            self.text(&key("title"), "Job title", "For the signature.").optional(),
        ]
    }

    pub fn senders(&self) -> [Section; 2] {
        [
            Section {
                id: "warm-up",
                title: "Who writes the first letter".into(),
                about: "The chief executive, some days before the invitation.",
                fields: self.sender("warm_up"),
            },
            Section {
                id: "team",
                title: "Who writes the rest".into(),
                about: "Invitations, reminders, thanks, and the mails to account directors.",
                fields: self.sender("team"),
            },
        ]
    }

    /// A row for each country, and one more.
    pub fn countries(&self) -> Section {
        let rows = (self.typed.countries() + 1).min(MOST_COUNTRIES);
        let row = |n: usize| {
            [
                self.text(&country(n, "code"), "Country", "Two letters: DE.").optional(),
                self.text(&country(n, "name"), "Name", "").optional(),
                self.of(&country(n, "email"), "E-mail address", "", Control::Email).optional(),
                self.text(&country(n, "title"), "Job title", "").optional(),
            ]
        };
        Section {
            id: COUNTRY,
            title: "Country managers".into(),
            about: "They write the first letter in their country, where their name is better known. Empty the four fields to take one out; \
                    there is room for one more each time.",
            fields: (1..=rows).flat_map(row).collect(),
        }
    }

    pub fn sign_off(&self) -> Section {
        Section {
            id: "sign-off",
            title: "Sign-off".into(),
            about: "Account directors sign every name; the sales director signs those of strategic accounts as well.",
            fields: vec![
                self.text("signoff.sales_director", "Sales director", ""),
                self.of("signoff.sales_director_email", "The sales director’s e-mail address", "", Control::Email),
                self.of("signoff.chase_every_working_days", "Ask again after working days", "", Control::Number),
                self.of("signoff.maximum_chases", "Ask again at most", "Times, for each director.", Control::Number),
            ],
        }
    }

    /// A weekday and a time where the round says no more than that.
    pub fn digest(&self) -> Section {
        let fields = if self.typed.0.contains_key(DIGEST_DAY) {
            let days = DAYS.iter().map(|(day, name)| Choice::new(*day, *name)).collect();
            vec![
                self.of(DIGEST_DAY, "On every", "", Control::Select(days)),
                self.of(DIGEST_AT, "At", "In the round’s time zone.", Control::Time),
            ]
        } else {
            vec![self.text(DIGEST, "Cron expression", "minute hour day month weekday: 0 8 * * MON")]
        };
        Section { id: "digest", title: "When account managers hear who has not answered".into(), about: "", fields }
    }

    pub fn last_year(&self, languages: &[String]) -> Section {
        let one = |language: &String| {
            let hint = "The end of a sentence, without its full stop.";
            self.of(&changed(language), names::language(language), hint, Control::Area).optional()
        };
        Section {
            id: "last-year",
            title: "What last year’s answers changed".into(),
            about: "“Because of what we heard last year, …” Leave it empty in a first round; letters do without.",
            fields: languages.iter().map(one).collect(),
        }
    }
}

/// The names of all fields of these groups.
pub fn keys(sections: &[Section]) -> Vec<String> {
    sections.iter().flat_map(|section| &section.fields).map(|field| field.name.to_string()).collect()
}
