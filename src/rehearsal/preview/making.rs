//! The pages on which a round is made and got ready, played in an installation that has none.

use crate::base::problem::Result;

use super::book::Book;

const ACME: &str = "/rounds/acme-2028";

pub async fn round(book: &mut Book) -> Result<()> {
    book.begins("A round is made in the browser").await?;
    let new = book.open("console-round-new", "/rounds/new").await?;
    let (form, wrong) = ("id=\"template-title\"", [("client", "Acme & Sons"), ("round", "Acme 2028")]);
    book.press("console-round-new-refused", &new, form, "template", &wrong).await?;
    let right = [("client", "Acme & Sons"), ("round", "acme-2028")];
    let made = book.press("console-round-settings", &new, form, "template", &right).await?;
    let wrong = [("senders.team.email", "laura@"), ("minutes", "soon"), ("digest-MON", "")];
    book.press("console-round-settings-refused", &made, "<main", "confirm", &wrong).await?;
    book.open("console-round-draft", ACME).await?;
    book.open("console-round-check", &format!("{ACME}/check")).await?;
    book.open("console-round-schedule", &format!("{ACME}/plan/change")).await?;
    let questions = book.open("console-round-questions", &format!("{ACME}/questions")).await?;
    let text = "name=\"text\"";
    book.press("console-round-questions-refused", &questions, text, "confirm", &[("text", "id = relationship\n")])
        .await?;
    let question = book.open("console-round-question", &format!("{ACME}/questions?item=people_contact")).await?;
    let wrong = [("text-en", ""), ("choice-0-en", "")];
    book.press("console-round-question-refused", &question, "name=\"text-en\"", "question", &wrong).await?;
    Ok(())
}
