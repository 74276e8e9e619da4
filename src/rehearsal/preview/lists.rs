//! The list of a round that was made in the browser, from a file to the round.

use crate::base::problem::Result;

use super::book::{Book, UNSEEN};

const ROUND: &str = "/rounds/acme-2028";
/// As an account team sends it: a title above, columns of its own, a footer.
const LIST: &str = "Contacts for the assessment;;;;;;;\n;;;;;;;\n\
    Firma;Vorname;Nachname;E-Mail;Funktion;Land;Betreuer E-Mail;Segment\n\
    Alster Chemie;Petra;Lund;petra.lund@alsterchemie.example;Einkauf;DE;dora.dean@orbis.example;A\n\
    Alster Chemie;Kai;Brandt;kai.brandt@alsterchemie;Leiter Technik;DE;dora.dean@orbis.example;A\n\
    Alster Chemie;LUND;PETRA;info@alsterchemie.example;Einkauf;DE;dora.dean@orbis.example;B\n\
    Cobalt Freight;Jamal;Reed;jamal.reed@cobalt.example;Head of Logistics;US;dora.dean@orbis.example;B\n\
    Cobalt Freight;Ann;Ortiz;;Buyer;US;dora.dean@orbis.example;B\n\
    Cobalt Freight;#N/A;;tba@cobalt.example;;US;dora.dean@orbis.example;\n\
    Ten Brink;Lotte;de Wit;lotte.dewit@tenbrink.example;Directeur;NL;mark.ellis@orbis.example;A\n\
    Ten Brink;Sem;Bakker;sem.bakker@tenbrink.example;Inkoper;NL;mark.ellis@orbis.example;A\n\
    Exported by Anna;;;;;;;\n";
const COLUMNS: [(&str, &str); 8] = [
    ("column-1", "account"),
    ("column-2", "first_name"),
    ("column-3", "last_name"),
    ("column-4", "email"),
    ("column-5", "job_title"),
    ("column-6", "country"),
    ("column-7", "account_director_email"),
    ("column-8", "none"),
];

pub async fn loaded(book: &mut Book) -> Result<()> {
    let upload = book.open("console-list", &format!("{ROUND}/list")).await?;
    book.send_file("console-list-refused", &upload, "offer.pdf", "%PDF-1.7 offer").await?;
    let columns = book.send_file("console-list-columns", &upload, "orbis.csv", LIST).await?;
    let twice = COLUMNS.map(|(name, value)| (name, if name == "column-8" { "account" } else { value }));
    let near = "name=\"column-1\"";
    book.press("console-list-columns-refused", &columns, near, "choose", &twice).await?;
    let findings = book.press("console-list-findings", &columns, near, "choose", &COLUMNS).await?;
    book.open("console-list-waiting", &format!("{ROUND}/list")).await?;
    let there = findings.link("What changes", &format!("{ROUND}/list/"))?;
    let difference = book.open("console-list-difference", &there).await?;
    book.press("console-list-loaded", &difference, "name=\"version\"", "load", &[]).await?;
    let again = book
        .send_file("console-list-columns-again", &upload, "orbis-2.csv", &LIST.replace("Einkauf", "Leiterin Einkauf"))
        .await?;
    let again = book.press(UNSEEN, &again, near, "choose", &COLUMNS).await?;
    book.open("console-list-difference-again", &again.link("What changes", &format!("{ROUND}/list/"))?).await?;
    Ok(())
}
