//! The questions of a round: as text, one by one in a form, and looked at first where the round runs.

use axum::http::StatusCode;

use crate::rules::questionnaire::{Item, ItemKind, Questionnaire};
use crate::web::tests::fixture::*;

use super::making::{Desk, error, form, plain};

const PATH: &str = "/rounds/acme-2028/questions";

async fn asked(d: &Desk, round: &str) -> Questionnaire {
    serde_json::from_str(&d.round(round).await.unwrap().questionnaire).unwrap()
}

async fn item(d: &Desk, id: &str) -> Option<Item> {
    asked(d, "acme-2028").await.items().find(|item| item.id == id).cloned()
}

async fn ids(d: &Desk) -> Vec<Vec<String>> {
    asked(d, "acme-2028").await.groups.iter().map(|g| g.items.iter().map(|i| i.id.clone()).collect()).collect()
}

#[tokio::test]
async fn a_question_is_changed_in_a_form_and_what_is_wrong_is_said_at_its_field() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let page = d.get(PATH).await.body;
    assert!(page.contains(&format!("href=\"{PATH}?item=trust_word\"")) && !page.contains("id=\"question\""), "{page}");
    let at = format!("{PATH}?item=trust_word");
    let shown = d.get(&at).await.body;
    assert!(shown.contains("Acme &#38; Sons keeps its word."), "{shown}");
    let before = d.house.facts().await;
    let wrong = [
        ("text-en", "", "questions-text-en", "Write it in English, the language of the round."),
        ("low-en", "", "questions-low-en", "Write it in English, too, or in no language."),
        ("kind", "choice", "questions-choice-0-en", "Write at least two choices."),
        ("kind", "essay", "questions-kind", "Choose how it is answered."),
        ("text-en", "This survey is good.", "questions-text-en", "It says “survey”"),
        ("kind", "scale_1_7", "questions-text-en", "Nothing is different yet."),
    ];
    for (field, typed, at_field, told) in wrong {
        let fields = typed_over(&d, &at, &[(field, typed)]).await;
        let said = send(&d, &fields).await;
        assert!(said.refused, "{field} {typed}: {} {}", said.status, said.body);
        assert!(error(&said.body, at_field).starts_with(told), "{told}: {}", said.body);
        assert!(said.body.contains(&format!("href=\"#{at_field}\"")), "{}", said.body);
    }
    assert!(d.house.facts().await == before);
    let typed = [
        ("kind", "choice"),
        ("text-en", "How often do we meet?"),
        ("text-fr", ""),
        ("choice-0-en", "Every week"),
        ("choice-0-de", "Jede Woche"),
        ("choice-2-en", "Every week"),
    ];
    let fields = typed_over(&d, &at, &typed).await;
    let said = send(&d, &fields).await;
    assert_eq!(said.header("location"), format!("{PATH}?done=questions"), "{}", said.body);
    let now = item(&d, "trust_word").await.unwrap();
    assert_eq!((now.kind, now.text["en"].as_str(), now.text.len()), (ItemKind::Choice, "How often do we meet?", 2));
    assert!(now.low.is_empty() && now.high.is_empty(), "the ends of a scale go with it");
    let values: Vec<(&str, usize)> = now.options.iter().map(|o| (o.value.as_str(), o.label.len())).collect();
    assert_eq!(values, [("every_week", 2), ("every_week_2", 1)]);
    assert!(d.get(&at).await.body.contains("value=\"every_week_2\""), "as what it is handed over is shown");
    // Its choices keep their values when they are worded anew.
    let by_another = typed_over(&d, &at, &[("choice-0-en", "Weekly")]).await;
    let fields = typed_over(&d, &at, &[("choice-0-en", "Each week")]).await;
    assert_eq!(send(&d, &fields).await.status, StatusCode::SEE_OTHER);
    let now = item(&d, "trust_word").await.unwrap();
    assert_eq!((now.options[0].value.as_str(), now.options[0].label["en"].as_str()), ("every_week", "Each week"));
    // Two had the form open: the second sees what it does not undo.
    let said = send(&d, &by_another).await;
    assert!(said.refused && said.body.contains("has changed since you opened the page"), "{}", said.body);
}

/// The form of a page with some fields typed over.
async fn typed_over(d: &Desk, at: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = form(&d.get(at).await.body);
    fields.remove("csrf");
    fields.insert("act".into(), "question".into());
    fields.extend(typed.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    fields.into_iter().collect()
}

async fn send(d: &Desk, fields: &[(String, String)]) -> Said {
    d.post(PATH, &fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn questions_are_added_moved_and_taken_out() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let before = ids(&d).await;
    let fields =
        typed_over(&d, &format!("{PATH}?new=1"), &[("text-en", "Is it fair?"), ("text-de", "Ist es fair?")]).await;
    assert_eq!(send(&d, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ids(&d).await[0].last().unwrap(), "fair");
    let fields = typed_over(&d, &format!("{PATH}?new=page"), &[("text-en", "Anything else?"), ("kind", "text")]).await;
    let said = send(&d, &fields).await;
    assert!(error(&said.body, "questions-title-en").starts_with("Write it in English"), "{}", said.body);
    let fields = [&fields[..], &[("title-en".to_string(), "The end".to_string())]].concat();
    let fields: Vec<_> = fields.into_iter().filter(|(n, v)| n != "title-en" || !v.is_empty()).collect();
    assert_eq!(send(&d, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ids(&d).await.last().unwrap(), &["anything_else"]);
    let press = async |act: &str, id: &str| {
        let version = d.round("acme-2028").await.unwrap().version.to_string();
        d.post(PATH, &[("act", act), ("item", id), ("version", &version)]).await
    };
    assert_eq!(press("up", "fair").await.status, StatusCode::SEE_OTHER);
    let first = &ids(&d).await[0];
    assert_eq!(first.iter().rposition(|id| id == "fair"), Some(first.len() - 2));
    assert_eq!(press("down", "fair").await.status, StatusCode::SEE_OTHER);
    for id in ["fair", "anything_else", "anything_else", "nothing"] {
        // What is gone already is gone.
        assert_eq!(press("remove", id).await.status, StatusCode::SEE_OTHER, "{id}");
    }
    assert_eq!(ids(&d).await, before);
    // Something has to be asked that must be answered.
    let mut last = Vec::new();
    for id in before.concat() {
        last = vec![press("remove", &id).await];
        if last[0].refused {
            break;
        }
    }
    assert!(last[0].refused && last[0].body.contains("No item is required"), "{}", last[0].body);
    for lost in ["?item=nothing", "?new=99", "?new=0", "?new=x"] {
        assert!(!d.get(&format!("{PATH}{lost}")).await.body.contains("id=\"question\""), "{lost}");
    }
}

#[tokio::test]
async fn a_question_of_a_round_that_runs_is_looked_at_first_also_from_its_form() {
    let d = Desk::open().await;
    let path = format!("/rounds/{FIRST}/questions");
    let before = d.house.facts().await;
    let mut fields = form(&d.get(&format!("{path}?item=keep")).await.body);
    fields.remove("csrf");
    fields.extend([("act".to_string(), "question".to_string()), ("text-en".to_string(), "What is good?".to_string())]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let look = d.post(&path, &fields).await;
    assert!(plain(&look.body).contains("“What should they keep doing?” reads “What is good?”."), "{}", look.body);
    assert!(d.house.facts().await == before);
    let confirm = form(&look.body);
    let said = d
        .post(&path, &[("act", "confirm"), ("version", &confirm["version"]), ("text", &plain(&confirm["text"]))])
        .await;
    assert_eq!(said.header("location"), format!("{path}?done=questions"), "{}", said.body);
    let now = asked(&d, FIRST).await;
    assert!(now.items().any(|item| item.id == "keep" && item.text["en"] == "What is good?" && item.text.len() == 3));
    // The same for one press.
    let version = d.round(FIRST).await.unwrap().version.to_string();
    let look = d.post(&path, &[("act", "up"), ("item", "keep"), ("version", &version)]).await;
    assert!(look.body.contains("come in another order"), "{}", look.body);
}

#[tokio::test]
async fn questions_are_changed_as_text_and_told_by_line() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let path = "/rounds/acme-2028/questions";
    let page = d.get(path).await.body;
    let text = form(&page)["text"].clone();
    assert!(text.contains("version = \"2028-1\"") && page.contains("Scale from "), "{page}");
    for (wrong, told) in [
        (text.replace("version = \"2028-1\"", "version = "), "Line 2: This is not TOML"),
        (text.replace("kind = \"text\"", "kind = \"essay\""), "Line "),
        (text.clone(), "Nothing is different yet."),
    ] {
        let said = d.save(path, "confirm", &[("text", &wrong)]).await;
        assert!(error(&said.body, "questions-text").contains(told), "{told}: {}", said.body);
    }
    let said =
        d.save(path, "confirm", &[("text", &text.replace("version = \"2028-1\"", "version = \"2028-b\""))]).await;
    assert_eq!(
        (said.status, said.header("location")),
        (StatusCode::SEE_OTHER, "/rounds/acme-2028/questions?done=questions"),
        "{}",
        said.body
    );
    assert!(d.get(path).await.body.contains("version 2028-b"));
}

#[tokio::test]
async fn questions_of_a_round_that_runs_are_looked_at_first_and_what_was_answered_keeps_its_meaning() {
    let d = Desk::open().await;
    let path = format!("/rounds/{FIRST}/questions");
    let text = form(&d.get(&path).await.body)["text"].clone();
    let before = d.house.facts().await;
    let other = text.replace("Northwind Instruments keeps its word.", "They keep their word.");
    let said = d.save(&path, "look", &[("text", &other)]).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    let shown = plain(&said.body);
    assert!(shown.contains("“Northwind Instruments keeps its word.” reads “They keep their word.”."), "{shown}");
    assert!(shown.contains("Everybody who has not begun is asked differently"), "{shown}");
    assert!(d.house.facts().await == before, "looking changes nothing");
    // Back, with what was typed.
    let version = said.hidden("name=\"csrf\"", "version");
    let fields = [("act", "edit"), ("version", version.as_str()), ("text", other.as_str())];
    assert!(d.post(&path, &fields).await.body.contains("They keep their word."));
    // Without a version, or a word what is to be done, nothing is.
    for fields in [
        vec![("act", "confirm"), ("text", other.as_str())],
        vec![("act", "confirm"), ("version", "x"), ("text", &other)],
    ] {
        let said = d.post(&path, &fields).await;
        assert!(said.refused && said.body.contains("does not say with which version"), "{} {}", said.status, said.body);
    }
    let said = d.post(&format!("/rounds/{FIRST}/settings"), &[("act", "confirm"), ("title", "X")]).await;
    assert!(said.refused && said.body.contains("does not say with which version"), "{} {}", said.status, said.body);
    assert_eq!(d.post(&path, &[("version", &version), ("text", &other)]).await.status, StatusCode::NOT_FOUND);
    assert!(d.house.facts().await == before);
    let fields = [("act", "confirm"), ("version", version.as_str()), ("text", other.as_str())];
    let said = d.post(&path, &fields).await;
    assert_eq!(said.header("location"), format!("{path}?done=questions"), "{}", said.body);
    // Pressed by somebody who has seen the round before that.
    let again = other.replace("They keep", "Do they keep");
    let said = d.post(&path, &[("act", "confirm"), ("version", &version), ("text", &again)]).await;
    assert!(said.refused && said.body.contains("has changed since you opened the page"), "{}", said.body);
}

#[tokio::test]
async fn of_a_closed_round_the_questions_are_read_and_lead_back_to_it() {
    let d = Desk::open().await;
    let path = format!("/rounds/{FIRST}/questions");
    assert!(d.get(&path).await.body.contains(&format!("href=\"/rounds/{FIRST}/settings\"")));
    d.post(&format!("/rounds/{FIRST}"), &[("act", "close"), ("confirm", "yes")]).await;
    let page = d.get(&path).await.body;
    assert!(!page.contains(&format!("href=\"/rounds/{FIRST}/settings\"")), "{page}");
    assert!(page.contains(&format!("<a href=\"/rounds/{FIRST}\">Back to the round</a>")), "{page}");
}
