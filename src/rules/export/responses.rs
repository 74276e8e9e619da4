//! The responses of a round: who has answered, and what, a column for each item.
//!
//! Only what was sent off is taken away, as it was handed over to the scoring module. Of a round that tells of nobody whether he has
//! answered the answers stand without their people: no name, no account, no time, no order, and no words that somebody has written.

use crate::base::ids::ContactId;
use crate::rules::handover::{Completed, HandoffState};
use crate::rules::participation::Participation;
use crate::rules::questionnaire::{Item, ItemKind, Questionnaire, in_language};
use crate::rules::response::CANNOT_SAY;

use super::value::{Column, Described, Type, Value, cells, column, columns};

/// One response.
#[derive(Clone, Debug)]
pub struct Answered {
    pub contact: ContactId,
    pub completed: Completed,
    pub state: HandoffState,
}

/// Who has answered, and when.
const PERSON: &[Described<Answered>] = &[
    column("response", Type::Whole, "counts the responses of the round from 1", |r| Value::Whole(r.completed.sequence)),
    column("response_id", Type::Text, "the response's id, as the scoring module has it", |r| {
        Value::text(r.completed.response.id.as_str())
    }),
    column("contact_id", Type::Text, "the contact's id, as the other tables name it", |r| {
        Value::text(r.contact.as_str())
    }),
    column("account", Type::Text, "the account, as it was called then", |r| {
        Value::text(r.completed.account.name.as_str())
    }),
    column("strategic", Type::YesNo, "whether the account is strategic", |r| {
        Value::YesNo(r.completed.account.strategic)
    }),
    column("annual_revenue", Type::Whole, "what the account is worth in a year, in the currency of the list", |r| {
        Value::whole(r.completed.account.annual_revenue)
    }),
    column("first_name", Type::Text, "first name", |r| Value::text(r.completed.contact.first_name.as_str())),
    column("last_name", Type::Text, "last name", |r| Value::text(r.completed.contact.last_name.as_str())),
    column("email", Type::Text, "e-mail address", |r| Value::text(r.completed.contact.email.as_str())),
    column("job_title", Type::Text, "job title", |r| Value::text(r.completed.contact.job_title.as_str())),
    column("role", Type::Text, "contact role", |r| Value::text(r.completed.contact.role.as_str())),
    column("country", Type::Text, "country", |r| Value::text(r.completed.contact.country.as_str())),
    column("started_at", Type::Instant, "when the first answer was saved", |r| {
        Value::Instant(r.completed.response.started_at)
    }),
    column("completed_at", Type::Instant, "when the answers were sent", |r| {
        Value::Instant(r.completed.response.completed_at)
    }),
    column("language", Type::Text, "the language in which they were given", |r| {
        Value::text(r.completed.response.language.as_str())
    }),
    column("hand_over", Type::Text, "where the hand-over stands: pending, confirmed, failed or stopped", |r| {
        Value::text(r.state.as_str())
    }),
];

const ASKED: &[Described<Answered>] = &[
    column("questionnaire", Type::Text, "the questionnaire under which they were given", |r| {
        Value::text(r.completed.response.questionnaire.id.as_str())
    }),
    column("questionnaire_version", Type::Text, "its version", |r| {
        Value::text(r.completed.response.questionnaire.version.as_str())
    }),
];

/// Which columns the responses of a round have.
#[derive(Clone, Debug)]
pub struct Layout {
    /// It is told who has answered.
    named: bool,
    /// By id.
    items: Vec<(String, Column)>,
}

impl Layout {
    /// `answered`: the ids of all items to which somebody has given an answer; those of earlier versions stand behind the others.
    pub fn of(asked: &Questionnaire, answered: &[String], language: &str, rule: Participation) -> Layout {
        let told = |item: &&Item| rule.names() || item.kind != ItemKind::Text;
        let mut items: Vec<(String, Column)> =
            asked.items().filter(told).map(|item| (item.id.clone(), of_item(item, language))).collect();
        let is_asked = |id: &&String| asked.items().any(|item| item.id == **id);
        // What kind of answer an item has that is asked no more nobody can tell: it may be somebody's words.
        let earlier = answered.iter().filter(|id| rule.names() && !is_asked(id));
        items.extend(earlier.map(|id| {
            let meaning = format!("an item of an earlier version: {id}");
            (id.clone(), Column::new(format!("answer_{id}"), Type::Text, meaning))
        }));
        Layout { named: rule.names(), items }
    }

    /// Who has answered, without what.
    pub fn of_people() -> Layout {
        Layout { named: true, items: Vec::new() }
    }

    pub fn columns(&self) -> Vec<Column> {
        let person = if self.named { columns(PERSON) } else { Vec::new() };
        let items = self.items.iter().map(|(_, column)| column.clone());
        person.into_iter().chain(columns(ASKED)).chain(items).collect()
    }

    /// The rows of these responses; where it is not told whose they are, in an order that says nothing of when they came.
    pub fn rows(&self, responses: &[Answered]) -> Vec<Vec<Value>> {
        let mut rows: Vec<Vec<Value>> = responses.iter().map(|response| self.row(response)).collect();
        if !self.named {
            rows.sort_by_cached_key(|row| format!("{row:?}"));
        }
        rows
    }

    fn row(&self, response: &Answered) -> Vec<Value> {
        let person = if self.named { cells(PERSON, response) } else { Vec::new() };
        let answers = &response.completed.response.answers;
        let given = self.items.iter().map(|(id, _)| answer(answers.get(id)));
        person.into_iter().chain(cells(ASKED, response)).chain(given).collect()
    }
}

fn of_item(item: &Item, language: &str) -> Column {
    let text = in_language(&item.text, language, language).trim().trim_end_matches('.');
    let asked = if text.is_empty() { item.id.as_str() } else { text };
    let (kind, meaning) = match item.kind.scale() {
        Some((low, high)) => (Type::Whole, format!("{asked} (from {low} to {high})")),
        None => (Type::Text, asked.to_owned()),
    };
    let meaning =
        if item.cannot_say { format!("{meaning}; {CANNOT_SAY} where somebody could not say") } else { meaning };
    Column::new(format!("answer_{}", item.id), kind, meaning)
}

fn answer(given: Option<&serde_json::Value>) -> Value {
    match given {
        None => Value::Nothing,
        Some(serde_json::Value::Null) => Value::Text(CANNOT_SAY.into()),
        Some(serde_json::Value::String(text)) => Value::text(text.as_str()),
        Some(other) => other.as_i64().map_or_else(|| Value::text(other.to_string()), Value::Whole),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use crate::base::clock::Ts;
    use crate::rules::contacts::Role;
    use crate::rules::handover::{PayloadAccount, PayloadContact, PayloadResponse, QuestionnaireVersion};
    use crate::rules::questionnaire::Group;
    use crate::rules::response::Answers;

    use super::*;

    fn item(id: &str, kind: ItemKind) -> Item {
        Item {
            id: id.into(),
            kind,
            required: true,
            cannot_say: kind == ItemKind::Scale7,
            text: BTreeMap::from([("en".into(), "Northwind keeps its word.".into())]),
            low: BTreeMap::new(),
            high: BTreeMap::new(),
            options: Vec::new(),
        }
    }

    fn asked() -> Questionnaire {
        let items = vec![item("trust", ItemKind::Scale7), item("words", ItemKind::Text)];
        let groups = vec![Group { title: BTreeMap::new(), items }];
        Questionnaire { id: "core".into(), version: "3".into(), groups }
    }

    fn response(sequence: i64, answers: Answers) -> Answered {
        let completed = Completed {
            sequence,
            round: "r".into(),
            client: "Northwind".into(),
            account: PayloadAccount { name: "Globex".into(), strategic: true, annual_revenue: Some(5) },
            contact: PayloadContact {
                email: "ann.lee@globex.example".into(),
                first_name: "Ann".into(),
                last_name: "Lee".into(),
                role: Role::Influencer,
                job_title: "CFO".into(),
                country: "IE".into(),
                language: "en".into(),
            },
            response: PayloadResponse {
                id: format!("r{sequence}").as_str().into(),
                started_at: Ts(1_000),
                completed_at: Ts(2_000),
                language: "de".into(),
                questionnaire: QuestionnaireVersion { id: "core".into(), version: "3".into(), digest: String::new() },
                answers,
            },
        };
        Answered { contact: "c1".into(), completed, state: HandoffState::Confirmed }
    }

    fn given(trust: i64, words: &str) -> Answers {
        Answers::from([("trust".into(), trust.into()), ("words".into(), words.into()), ("old".into(), "x".into())])
    }

    pub fn answers(named: bool) -> (Vec<Column>, Vec<Value>) {
        let rule = if named { Participation::Names } else { Participation::Counts };
        let layout = Layout::of(&asked(), &["old".into(), "trust".into()], "en", rule);
        let row = layout.rows(&[response(1, given(6, "More visits"))]).remove(0);
        (layout.columns(), row)
    }

    #[test]
    fn each_item_has_a_column_and_what_is_asked_no_more_too() {
        let (columns, row) = answers(true);
        let of = |name: &str| columns.iter().position(|c| c.name == name).map(|at| row[at].clone());
        assert_eq!(of("answer_trust"), Some(Value::Whole(6)));
        assert_eq!(of("answer_words"), Some(Value::Text("More visits".into())));
        assert_eq!(of("answer_old"), Some(Value::Text("x".into())));
        assert_eq!(
            (of("response"), of("email")),
            (Some(Value::Whole(1)), Some(Value::Text("ann.lee@globex.example".into())))
        );
        let trust = columns.iter().find(|c| c.name == "answer_trust").unwrap();
        let meaning = "Northwind keeps its word (from 1 to 7); cannot_say where somebody could not say";
        assert_eq!((trust.kind, trust.meaning.as_str()), (Type::Whole, meaning));
        assert_eq!(answer(Some(&serde_json::Value::Null)), Value::Text(CANNOT_SAY.into()));
    }

    #[test]
    fn where_no_names_are_told_the_answers_stand_without_people_words_and_order() {
        let (columns, _) = answers(false);
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["questionnaire", "questionnaire_version", "answer_trust"]);
        let layout = Layout::of(&asked(), &[], "en", Participation::CountsFrom(4));
        let (one, other) = (response(1, given(6, "a")), response(2, given(2, "b")));
        assert_eq!(layout.rows(&[one.clone(), other.clone()]), layout.rows(&[other.clone(), one.clone()]));
        // The twin: where they are told, in the order in which they came.
        let layout = Layout::of(&asked(), &[], "en", Participation::Names);
        assert_ne!(layout.rows(&[one.clone(), other.clone()]), layout.rows(&[other, one]));
    }
}
