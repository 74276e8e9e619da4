//! What a director reads when something has changed since his page was opened: in the language of his page, whatever he pressed.

use axum::http::StatusCode;

use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::phrases::fill;
use crate::web::tests::fixture::*;
use crate::web::tests::links::director::first_name;
use crate::web::tests::links::directors_page::round_in;

/// Words that no French or German sentence has, nor a name or a job title.
const ENGLISH: [&str; 9] = ["the", "you", "your", "has", "nothing", "reload", "there", "this", "anything"];

fn words(body: &str) -> Vec<String> {
    let mut text = String::new();
    let shown = body.split("<main").nth(1).unwrap_or(body).split("</main>").next().unwrap();
    for piece in shown.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
        text.push(' ');
    }
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(Into::into).collect()
}

fn is_whole(said: &Said, language: &str, sentence: &str) {
    assert!(said.body.contains(&format!("<html lang=\"{language}\"")), "{}", said.body);
    assert!(said.body.contains(&sentence.replace('\'', "&#39;")), "{language}: {sentence}: {}", said.body);
    let own = words(&said.body);
    assert!(own.len() > 5, "{}", said.body);
    let english: Vec<&str> = ENGLISH.into_iter().filter(|word| own.iter().any(|own| own == word)).collect();
    assert!(english.is_empty(), "{language}: {english:?}: {}", said.body);
}

#[tokio::test]
async fn whatever_has_changed_meanwhile_is_told_in_the_language_of_the_page() {
    let h = house().await;
    for language in ["de", "fr"] {
        let w = DirectorPhrases::of(language);
        let path = round_in(&h, language, 5).await;
        let page = h.get(&path).await;
        let account = page.hidden("value=\"sign\"", "account");
        let name = h.account(&(&*account).into()).await.name;
        let of = |phrase: &str| fill(phrase, &[("account", &name)]);
        let contact = first_name(&page);
        let fingerprint = page.hidden("value=\"sign\"", "fingerprint");
        let (_, elsewhere) = h.requests(FIRST).await.remove(0);
        let foreign = h.get(&elsewhere).await.hidden("name=\"act\" value=\"sign\"", "account");

        // Nothing asks for a code; nothing is signed.
        let code = h.post(&path, &[("act", "send_code"), ("account", &*account)]).await;
        is_whole(&code, language, w.code_none_waits);
        is_whole(&h.post(&path, &[("act", "delegate_code")]).await, language, w.code_none_waits);
        let back = [("act", "take_back"), ("account", &*account), ("confirm", "yes")];
        is_whole(&h.post(&path, &back).await, language, &of(w.not_taken_back));

        // Somebody else has it by now.
        let listed = format!("list.{foreign}");
        for form in [
            vec![("act", "sign"), ("account", &*foreign), ("count", "3")],
            vec![("act", "ask"), ("account", &*foreign), ("topic", "name"), ("question", "?")],
            vec![("act", "remove"), ("account", &*account), ("contact", &*foreign), ("reason", "duplicate")],
            vec![("act", "delegate"), ("scope", &*foreign), ("name", "Cara Lee"), ("email", "c@northwind.example")],
            vec![("act", "end_delegation"), ("delegation", &*foreign), ("confirm", "yes")],
            vec![("act", "sign_together"), (&*listed, "x"), ("count", "3")],
            vec![("act", "dance"), ("account", &*account)],
        ] {
            let said = h.post(&path, &form).await;
            assert_eq!(said.status, StatusCode::NOT_FOUND, "{form:?}");
            is_whole(&said, language, w.not_here_lead);
        }

        let sign = |print: &str| {
            [("act", "sign"), ("account", &*account), ("fingerprint", print), ("count", "5")]
                .map(|(a, b)| (a, b.to_string()))
        };
        let signs = async |print: &str| {
            let fields = sign(print);
            h.post(&path, &fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>()).await
        };
        is_whole(&signs(&"0".repeat(64)).await, language, &of(w.changed_meanwhile));
        assert_eq!(signs(&fingerprint).await.status, StatusCode::SEE_OTHER);
        // Signed, and a list that nobody has seen so.
        is_whole(&signs(&"0".repeat(64)).await, language, &of(w.changed_meanwhile));
        assert_eq!(signs(&fingerprint).await.status, StatusCode::SEE_OTHER, "the second tap");
        let remove = [("act", "remove"), ("account", &*account), ("contact", &*contact), ("reason", "duplicate")];
        assert_eq!(h.post(&path, &remove).await.status, StatusCode::SEE_OTHER);
        let shorter = h.account(&(&*account).into()).await.fingerprint;
        is_whole(&signs(&shorter).await, language, &of(w.not_waiting));
    }
    h.everybody_is_invited().await;
    for language in ["de", "fr"] {
        let w = DirectorPhrases::of(language);
        let (_, path) = h.requests(&format!("page-{language}-5")).await.remove(0);
        let account = h.get(&path).await.hidden("value=\"ask\"", "account");
        let back = [("act", "take_back"), ("account", &*account), ("confirm", "yes")];
        is_whole(&h.post(&path, &back).await, language, w.stays_next);
    }
}
