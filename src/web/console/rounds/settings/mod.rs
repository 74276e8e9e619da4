//! The settings of a round that are no days and no messages: its names, who writes, who signs, and when account managers hear of it.

mod form;
mod signers;

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Problem;
use crate::base::sentence::capitalised;
use crate::rules::calendar::weekly::WEEKDAYS;
use crate::rules::round::{HumanStep, RoundState};
use crate::steps::Live;
use crate::steps::plan::change::{self, Change};
use crate::web::console::plan::effects::{self, Look};
use crate::web::console::plan::on_the_form::on_the_form;
use crate::web::console::views::rounds::making::{Group, Section, SettingsPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{Choice, Control, Field, Mistake};
use crate::web::kit::views::page::respond;
use crate::web::kit::{names, urls};

use super::languages::Languages;
use form::{Typed, Wrong, changed, digest_day, manager};

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let typed = Typed::of(&live.spec, Languages::of(&web, &live).await?);
    Form { typed, opened: live.version, wrong: Vec::new() }.show(&web, &live, &by, &words, StatusCode::OK)
}

/// A form that does not say which version of the round it was opened with could undo what it has never seen.
pub fn unopened() -> Failure {
    Problem::refused(
        "The form does not say with which version of the round it was opened, so nothing was done.",
        "Open the page once more, then make your change.",
    )
    .into()
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let Ok(opened) = fields.get("version").parse::<i64>() else { return Err(unopened()) };
    let typed = Typed::from(&fields, &live.spec, Languages::of(&web, &live).await?);
    let mut form = Form { typed, opened, wrong: Vec::new() };
    let nothing = Fields::default();
    let act = fields.get("act");
    match act {
        "edit" => return form.show(&web, &live, &by, &nothing, StatusCode::OK),
        "add" | "add_director" => {
            form.wrong = if act == "add" { form.typed.add() } else { form.typed.add_director() };
            let status = if form.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            return form.show(&web, &live, &by, &nothing, status);
        }
        "days" => {
            form.typed.pick_days();
            return form.show(&web, &live, &by, &nothing, StatusCode::OK);
        }
        "look" | "confirm" => {}
        _ => return Err(Failure::unknown()),
    }
    let refuse = |form: Form| form.show(&web, &live, &by, &nothing, StatusCode::UNPROCESSABLE_ENTITY);
    let spec = match form.typed.read(&live.spec) {
        Ok(spec) => spec,
        Err(wrong) => return refuse(Form { wrong, ..form }),
    };
    let change = Change { spec, words: live.words.clone() };
    let faults = change::faults(&web.ctx, &live, &change);
    let mut wrong: Wrong = faults.iter().map(|sentence| (place(&live, &change), on_the_form(sentence))).collect();
    if wrong.is_empty() && change.spec == live.spec {
        wrong.push(("client".into(), "Nothing is different yet. Change a field, then save it.".into()));
    }
    if !wrong.is_empty() {
        return refuse(Form { wrong, ..form });
    }
    let path = urls::settings(&live.slug);
    let look = Look { change: &change, path: path.clone(), hidden: form.typed.hidden(), opened, refused: None };
    effects::answer(&web, &live, &by, look, act == "confirm", (&path, "settings")).await
}

/// Of the settings here only another language can be at odds with the letters and the questions.
fn place(live: &Live, change: &Change) -> String {
    if change.spec.language == live.spec.language { String::new() } else { "language".into() }
}

struct Form {
    typed: Typed,
    /// The version that the form was opened with.
    opened: i64,
    wrong: Wrong,
}

impl Form {
    fn show(self, web: &Web, live: &Live, by: &Operator, words: &Fields, status: StatusCode) -> Answer {
        if live.state == RoundState::Closed {
            return Err(Failure::unknown());
        }
        let place = |field: &str| if field.is_empty() { "names".into() } else { format!("settings-{field}") };
        // In the order in which the fields stand on the page, each with its label and what it stands under.
        let sections = self.sections(live);
        let labels = sections.iter().flat_map(|section| {
            let own = section.fields.iter().map(|f| (&*f.name, f.label.clone()));
            let grouped = section
                .groups
                .iter()
                .flat_map(|g| g.fields.iter().map(move |f| (&*f.name, format!("{}, {}", g.legend, f.label))));
            own.chain(grouped)
        });
        let labels: HashMap<&str, (usize, String)> =
            labels.enumerate().map(|(at, (name, label))| (name, (at, label))).collect();
        let mut wrong: Vec<&(String, String)> = self.wrong.iter().collect();
        wrong.sort_by_key(|(field, _)| labels.get(field.as_str()).map(|(at, _)| *at));
        let mistakes = wrong.into_iter().map(|(field, sentence)| Mistake {
            field: place(field),
            message: match labels.get(field.as_str()) {
                Some((_, label)) => format!("{label}: {sentence}"),
                None => capitalised(sentence),
            },
        });
        let mistakes = mistakes.collect();
        let page = SettingsPage {
            console: console(web, by, Some(live), "plan", words),
            id: "settings",
            version: self.opened,
            draft: live.state == RoundState::Draft,
            mistakes,
            digest: self.typed.digest_text().into(),
            cron: !self.typed.is_weekly(),
            sections,
            managers: self.typed.managers,
            directors: self.typed.directors,
        };
        Ok(respond(status, &page))
    }

    fn field(&self, name: &str, label: impl Into<String>, hint: &str) -> Field {
        let sentences: Vec<&str> = self.wrong.iter().filter(|(f, _)| f == name).map(|(_, s)| s.as_str()).collect();
        let error = (!sentences.is_empty()).then(|| capitalised(&sentences.join(" ")));
        Field::text(name.to_string(), label, self.typed.get(name)).hint(hint).error(error)
    }

    fn sections(&self, live: &Live) -> Vec<Section> {
        let section = |id, title, explain, fields, groups| Section { id, title, explain, fields, groups };
        vec![
            section(
                "names",
                "The assessment",
                "As contacts read it in letters and on pages.",
                self.names(live),
                Vec::new(),
            ),
            section(
                "changed",
                "What changed since last year",
                "The end of the sentence “Because of what we heard last year, …”, without its full stop. Leave it empty in a first round.",
                self.since(),
                Vec::new(),
            ),
            section(
                "senders",
                "Who writes",
                "The addresses must be able to send: the start looks at their domains.",
                Vec::new(),
                self.senders(),
            ),
            section(
                "signing",
                "Who signs, and how often is asked",
                "Account directors sign their own names; they stand on the list. Below, who is asked as well when somebody does not sign.",
                self.signing(),
                signers::groups(&self.typed, |name, label, hint| self.field(name, label, hint)),
            ),
            section(
                "digest",
                "When account managers hear who has not answered",
                "And account directors where their accounts stand. In the time zone of the round.",
                self.digest(),
                self.digest_days(),
            ),
            section(
                "sponsor",
                "Who is told where the round stands",
                "Somebody at the client who wants the round to succeed; told at the same times. Empty both where nobody is.",
                self.sponsor(),
                Vec::new(),
            ),
            section(
                "participation",
                "What is told of who has answered",
                "To operators, account teams and programs alike, and printed on the assessment. Once invitations have gone, less may be told and never more.",
                self.participation(),
                Vec::new(),
            ),
        ]
    }

    fn participation(&self) -> Vec<Field> {
        vec![
            self.field("participation.told", "Told is", "").control(Control::Select(vec![
                Choice::new("names", "who has answered, by name"),
                Choice::new("counts", "how many have answered, and no names"),
            ])),
            self.field(
                "participation.from",
                "No number below",
                "With numbers: so many at least have answered, and so many have not. Empty: every number that does not give all of them away.",
            )
            .control(Control::Number)
            .optional(),
        ]
    }

    fn names(&self, live: &Live) -> Vec<Field> {
        let written = self.typed.languages.codes().filter(|code| live.words.contains_key(*code));
        let mut languages: Vec<Choice> = written.map(|code| Choice::new(code, names::language(code))).collect();
        let chosen = self.typed.get("language");
        if !languages.iter().any(|choice| choice.value == chosen) {
            languages.push(Choice::new(chosen, names::language(chosen)));
        }
        let kept = format!("The round is called {} in links and keeps that name.", live.slug);
        vec![
            self.field("client", "Client", "The company that is assessed, as its customers call it."),
            self.field("title", "Title", &format!("What the assessment is called. {kept}")),
            self.field(
                "language",
                "Language of the round",
                "For whoever has none of the letters’ languages, and for colleagues.",
            )
            .control(Control::Select(languages)),
            self.field("minutes", "Minutes it takes", "Told to contacts. Empty: 5.")
                .control(Control::Number)
                .optional(),
            self.field("accent", "Colour of buttons and lines", "For example #1f4e79.").optional(),
            self.field(
                "client_revenue",
                "Annual revenue of the client",
                "A whole amount in the money of the list. It tells what share the accounts on the list stand for.",
            )
            .control(Control::Number)
            .optional(),
        ]
    }

    fn since(&self) -> Vec<Field> {
        let all = self.typed.languages.missing_first(|code| !self.typed.get(&changed(code)).is_empty());
        let field = |code: &str| {
            self.field(&changed(code), format!("In {}", all.label(code)), "").control(Control::Area).optional()
        };
        all.codes().map(field).collect()
    }

    fn sender(&self, name: impl Fn(&str) -> String) -> Vec<Field> {
        vec![
            self.field(&name("name"), "Name", "As it stands in From."),
            self.field(&name("email"), "Address", "").control(Control::Email),
            self.field(&name("title"), "Job title", "For the signature.").optional(),
        ]
    }

    fn senders(&self) -> Vec<Group> {
        let group = |legend: String, fields| Group { legend, days: false, fields };
        let mut all = vec![
            group("The team: invitations, reminders, thanks".into(), self.sender(|key| format!("senders.team.{key}"))),
            group("The chief executive: the letter before".into(), self.sender(|key| format!("senders.warm_up.{key}"))),
        ];
        for number in 1..=self.typed.managers {
            let code = self.typed.get(&manager(number, "country"));
            let legend = match names::country(code) {
                _ if code.is_empty() => format!("Country manager {number}: the letter before, in one country"),
                country => format!("Country manager: the letter before in {country}"),
            };
            let country = self.field(
                &manager(number, "country"),
                "Country",
                "Its code, such as DE. Empty all four to take it out.",
            );
            let sender = self.sender(|key| manager(number, key));
            all.push(group(legend, [country].into_iter().chain(sender).collect()));
        }
        all
    }

    fn signing(&self) -> Vec<Field> {
        vec![
            self.field("signoff.sales_director", "Sales director", "Signs strategic accounts after their director."),
            self.field("signoff.sales_director_email", "Address of the sales director", "").control(Control::Email),
            self.field("signoff.chase_every_working_days", "Working days until a director is asked again", "Empty: 3.")
                .control(Control::Number)
                .optional(),
            self.field("signoff.maximum_chases", "How often at most", "Empty: 4.").control(Control::Number).optional(),
            self.field("signoff.human_step", "What a director types to sign an ordinary account", "")
                .control(Control::Select(human_steps())),
            self.field(
                "signoff.human_step_strategic",
                "What both directors type to sign a strategic account",
                "Whoever was sent on a link to the page cannot sign where a code is asked for.",
            )
            .control(Control::Select(human_steps())),
            self.field(
                "signoff.when_nobody_signs",
                "When nobody signs",
                "Of names that nobody has signed when the last one was asked as often as anybody is.",
            )
            .control(Control::Select(signers::when_nobody_signs())),
            self.field(
                "signoff.deputy_after_chases",
                "How often a director is asked again before the deputy is",
                "Empty: 2.",
            )
            .control(Control::Number)
            .optional(),
            self.field("signoff.regional_head_after_chases", "And before the regional head is", "Empty: 3.")
                .control(Control::Number)
                .optional(),
        ]
    }

    fn digest(&self) -> Vec<Field> {
        match self.typed.is_weekly() {
            true => vec![self.field("digest-at", "Time of day", "").control(Control::Time)],
            false => vec![self.field(
                "digest.cron",
                "Times of the mail",
                "Minute, hour, day of the month, month and day of the week, as in 0 8 * * MON. Or pick days below.",
            )],
        }
    }

    fn sponsor(&self) -> Vec<Field> {
        vec![
            self.field("sponsor.name", "Name of the sponsor", "").optional(),
            self.field("sponsor.email", "Address of the sponsor", "").control(Control::Email).optional(),
        ]
    }

    fn digest_days(&self) -> Vec<Group> {
        if !self.typed.is_weekly() {
            return Vec::new();
        }
        let day =
            |(code, label): (&str, &str)| Field { control: Control::Check, ..self.field(&digest_day(code), label, "") };
        let days = WEEKDAYS.into_iter().map(day).collect();
        vec![Group { legend: "Days of the week".into(), days: true, fields: days }]
    }
}

fn human_steps() -> Vec<Choice> {
    vec![
        Choice::new(HumanStep::Count.as_str(), "The number of names on the list"),
        Choice::new(HumanStep::Code.as_str(), "A code of six digits, mailed when they ask for it"),
    ]
}
