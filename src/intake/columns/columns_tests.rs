//! Columns of other programs' lists, and columns whose names say nothing.

use crate::intake::list::{Choice, look, read, read_with};
use crate::rules::contacts::row::Field;

use super::*;

fn told(header: &str) -> String {
    read(format!("{header}\n{}\n", vec!["x"; header.split(',').count()].join(",")).as_bytes(), "list.csv")
        .unwrap_err()
        .to_string()
}

fn fields(text: &str) -> Vec<(String, Option<Field>, Why)> {
    let look = look(text.as_bytes(), "x", &Choice::default()).unwrap();
    look.columns.into_iter().map(|c| (c.header, c.field, c.why)).collect()
}

fn field_of(columns: &[(String, Option<Field>, Why)], header: &str) -> Option<Field> {
    columns.iter().find(|c| c.0 == header).unwrap().1
}

#[test]
fn f22_unclear_headers_are_refused_with_the_next_step() {
    let two = "account,last_name,Email,E-Mail,account_director_email\nA,B,b@a.example,c@a.example,d@c.example\n";
    assert_eq!(
        read(two.as_bytes(), "list.csv").unwrap_err().to_string(),
        "list.csv has two columns for the e-mail address: “Email” and “E-Mail”. Say which is meant, on the page \
        “Columns” or with --column email=\"Email\", or remove the others."
    );
    assert!(told("Account,Name,Email").starts_with(
        "list.csv has no column for the account director's e-mail address. Add a column named account_director_email, \
        or say which column it is"
    ));
    assert!(told("a,b,c").contains("names a column that is known"));
}

#[test]
fn two_candidates_are_a_choice_unless_they_say_the_same() {
    let hubspot = "Record ID,First Name,Last Name,Email,Company name,Associated Company,Account director email\n\
        1,Ann,Lee,a@acme.example,Acme,Acme,d@client.example\n2,Bob,Roy,b@acme.example,Acme,{},d@client.example\n";
    let same = read(hubspot.replace("{}", " ACME").as_bytes(), "x").unwrap();
    let finding = same.findings.iter().find(|f| f.code == "column_twice").unwrap();
    assert!(finding.message.contains("“Company name” and “Associated Company” say the same"), "{}", finding.message);
    assert_eq!((same.accepted.len(), same.accepted[0].key.as_str()), (2, "1"));
    let differ = hubspot.replace("{}", "Bolt");
    let told = read(differ.as_bytes(), "x").unwrap_err().to_string();
    assert!(
        told.contains("two columns for the account: “Company name” and “Associated Company”")
            && told.contains("--column account=\"Company name\""),
        "{told}"
    );
    let unsure = fields(&differ);
    assert!(unsure.iter().any(|c| c.0 == "Associated Company" && c.1.is_none() && c.2 == Why::Unsure), "{unsure:?}");
    let mut choice = Choice::default();
    choice.say("account=Associated Company").unwrap();
    let list = read_with(differ.as_bytes(), "x", &choice).unwrap();
    assert_eq!((list.accounts, list.accepted[1].account.as_str()), (2, "Bolt"));
    assert_eq!(list.accepted[1].more["Company name"], "Acme", "the other one is kept");
    let owners = "Account Name,Last Name,Email,Account Director: Email,Account Owner,Account Owner: Email,Contact \
        Owner,Contact Owner: Email\n\
        A,B,b@a.example,d@c.example,Olga,o@c.example,Otto,p@c.example\n";
    let told = read(owners.as_bytes(), "x").unwrap_err().to_string();
    assert!(told.contains("“Account Owner” and “Contact Owner”") && told.contains("“Contact Owner: Email”"), "{told}");
}

#[test]
fn what_is_chosen_must_be_there() {
    let list = "account,last_name,Mail,account_director_email,Kind\nA,B,b@a.example,d@c.example,x\n";
    let with = |said: &[&str]| {
        let mut choice = Choice::default();
        said.iter().try_for_each(|s| choice.say(s)).and_then(|()| read_with(list.as_bytes(), "x", &choice))
    };
    assert_eq!(with(&["job_title=Kind"]).unwrap().accepted[0].job_title, "x");
    assert_eq!(with(&["=Kind"]).unwrap().accepted[0].more["Kind"], "x");
    for (said, told) in [
        (&["jobtitel=Kind"][..], "There is no field “jobtitel”. Write one of account, contact_key,"),
        (&["role=Rolle"], "There is no column “Rolle” in the list. Name one of “account”, “last_name”, “Mail”"),
        (&["email"], "“email” does not name a column."),
        (&["role=Kind", "email=Kind"], "The column “Kind” is named twice: as role and as email."),
        (&["role=Kind", "role=Mail"], "Two columns are named as the role: “Kind” and “Mail”."),
    ] {
        let problem = with(said).unwrap_err().to_string();
        assert!(problem.starts_with(told), "{problem}");
    }
}

#[test]
fn names_in_other_languages_and_of_other_programs() {
    for (header, wanted) in [
        ("Firma,Vorname,Nachname,E-Mail-Adresse,Position,E-Mail Kundenverantwortlicher", "aflejd"),
        ("Société,Prénom,Nom,Adresse e-mail,Fonction,E-mail du directeur de compte", "aflejd"),
        ("Empresa,Nombre,Apellidos,Correo electrónico,Cargo,Correo del director de cuenta", "aflejd"),
        ("Azienda,Nome,Cognome,Indirizzo e-mail,Qualifica,E-mail direttore account", "aflejd"),
        ("Bedrijf,Voornaam,Achternaam,E-mailadres,Functie,E-mail accountdirecteur", "aflejd"),
        ("Nazwa firmy,Imię,Nazwisko,Adres e-mail,Stanowisko,E-mail dyrektora,Dyrektor klienta e-mail", "aflej-d"),
        ("Empresa,Primeiro nome,Sobrenome,Endereço de e-mail,Cargo,E-mail do diretor de conta", "aflejd"),
        ("Företag,Förnamn,Efternamn,E-postadress,Befattning,Kunddirektör e-post", "aflejd"),
        ("Virksomhed,Fornavn,Efternavn,E-mail,Stilling,Kundedirektør e-mail", "aflejd"),
        ("Společnost,Jméno,Příjmení,E-mail,Pozice,E-mail ředitel zákazníka", "aflejd"),
        (
            "Organization Name,First Name,Last Name,E-mail 1 - Value,Organization Title,Account Director: Email",
            "aflejd",
        ),
        ("Company,First Name,Last Name,E-mail Address,Job Title,Account Director's E-mail", "aflejd"),
        (
            "Contact: Account Name,Contact: First Name,Contact: Last Name,Contact: Email,Contact: Title,Account Director Email Address",
            "aflejd",
        ),
        ("Account.Name,FirstName,LastName,Email,Title,AccountDirector.Email", "aflejd"),
    ] {
        let letter = |field: Option<Field>| match field {
            Some(Field::Account) => 'a',
            Some(Field::FirstName) => 'f',
            Some(Field::LastName) => 'l',
            Some(Field::Email) => 'e',
            Some(Field::JobTitle) => 'j',
            Some(Field::DirectorEmail) => 'd',
            _ => '-',
        };
        let got: String = header.split(',').map(|h| letter(field(h))).collect();
        assert_eq!(got, wanted, "{header}");
    }
    for none in ["Phone", "Lead Status", "Create Date", "Account ID", "Manager's Name", "E-mail 2 Address", "Notes", ""]
    {
        assert_eq!(field(none), None, "{none}");
    }
}

#[test]
fn a_title_is_a_job_only_where_it_is_none_of_address() {
    let outlook = "Title,First Name,Last Name,Company,Job Title,E-mail Address,Account Director Email\n\
        Mr.,Ann,Lee,Acme,Buyer,a@acme.example,d@client.example\n";
    let columns = fields(outlook);
    assert_eq!((field_of(&columns, "Title"), field_of(&columns, "Job Title")), (None, Some(Field::JobTitle)));
    let alone = outlook.replace(",Job Title", ",Desk");
    assert_eq!(field_of(&fields(&alone), "Title"), None);
    assert_eq!(field_of(&fields(&alone.replace("Mr.", "Head of Buying")), "Title"), Some(Field::JobTitle));
    let director = "Account,Last Name,Email,Account Director\nA,B,b@a.example,d@c.example\n";
    assert_eq!(field_of(&fields(director), "Account Director"), Some(Field::DirectorEmail));
}

#[test]
fn columns_without_a_telling_name_are_known_by_their_cells() {
    let mut text = "account,last_name,X1,X2,X3,X4,X5,X6\n".to_owned();
    for (n, (country, language, zone)) in [
        ("DE", "de", "Europe/Berlin"),
        ("FR", "fr", "Europe/Paris"),
        ("GB", "en", "Europe/London"),
        ("PL", "pl", "Europe/Warsaw"),
    ]
    .into_iter()
    .enumerate()
    {
        text += &format!("Acme,Lee,p{n}@acme{n}.example,dora@client.example,{country},{language},{zone},influencer\n");
    }
    let columns = fields(&text);
    for (header, wanted) in [
        ("X1", Field::Email),
        ("X2", Field::DirectorEmail),
        ("X3", Field::Country),
        ("X4", Field::Language),
        ("X5", Field::TimeZone),
        ("X6", Field::Role),
    ] {
        assert_eq!(field_of(&columns, header), Some(wanted), "{header} of {columns:?}");
    }
    let list = read(text.as_bytes(), "x").unwrap();
    assert_eq!(list.findings.iter().filter(|f| f.code == "column_guessed").count(), 6);
    let twice = text.replace("influencer", "otto@client.example");
    let told = read(twice.as_bytes(), "x").unwrap_err().to_string();
    assert!(told.contains("it may be “X2” or “X6”"), "{told}");
    let states = "account,last_name,email,account_director_email,X\nA,B,b@a.example,d@c.example,CA\n\
        A,C,c@a.example,d@c.example,IN\nA,D,e@a.example,d@c.example,GA\n";
    assert_eq!(field_of(&fields(states), "X"), None, "states of America");
}

#[test]
fn other_columns_are_kept_up_to_a_limit_that_is_told() {
    let names: Vec<String> = (0..45).map(|n| format!("Extra {n}")).collect();
    let cells = ["x"; 45].join(",");
    let text = format!(
        "account,last_name,email,account_director_email,Notes,Notes,{}\nA,B,b@a.example,d@c.example,{},two,{cells}\n",
        names.join(","),
        "n".repeat(600)
    );
    let list = read(text.as_bytes(), "x").unwrap();
    let more = &list.accepted[0].more;
    assert_eq!((more.len(), more["Notes"].len(), more["Notes (2)"].as_str()), (40, 500, "two"));
    let codes: Vec<&str> = list.findings.iter().map(|f| f.code.as_str()).collect();
    assert!(codes.contains(&"columns_left_out") && codes.contains(&"cell_cut"), "{codes:?}");
}

#[test]
fn what_stands_above_the_header_is_told_and_skipped() {
    let header = "account;last_name;email;account_director_email";
    let text = format!(
        "Key contacts\n\"Filtered by; region\"\n;;;\n{header}\nA;B;b@a;d@c.example\nA;C;c@a.example;d@c.example\n"
    );
    let list = read(text.as_bytes(), "x").unwrap();
    let preamble = &list.findings[0];
    assert_eq!(
        preamble.message,
        "Rows 1 to 2 stand above the header: “Key contacts”, “Filtered by; region”. Nothing is taken from there."
    );
    assert!(list.findings.iter().any(|f| (f.line, f.code.as_str()) == (5, "address_invalid")));
    let blank = format!("\n\n{header}\nA;C;c@a.example;d@c.example\n");
    assert!(read(blank.as_bytes(), "x").unwrap().findings.iter().all(|f| f.code != "preamble"));
    let late = format!("{}{header}\nA;C;c@a.example;d@c.example\n", "title\n".repeat(60));
    assert!(read(late.as_bytes(), "x").is_err());
}

#[test]
fn a_column_that_is_called_a_key_and_is_none_is_kept_as_additional_and_told() {
    let file = |keys: [&str; 5]| {
        let row = |(at, key): (usize, &str)| {
            let account = ["Acme", "Acme", "Acme", "Bolt", "Bolt"][at];
            format!("{account},Lee,p{at}@{account}.example,{key},d@client.example\n")
        };
        let rows: String = keys.into_iter().enumerate().map(row).collect();
        format!("account,last_name,email,Person ID,account_director_email\n{rows}")
    };
    for keys in [["7", "7", "7", "8", "8"], ["+44 20 7946 0000"; 5], ["0", "#N/A", "A", "A", "A"]] {
        let text = file(keys);
        assert_eq!(field_of(&fields(&text), "Person ID"), None, "{keys:?}");
        let list = read(text.as_bytes(), "x").unwrap();
        assert_eq!((list.accepted.len(), list.errors()), (5, 0), "{:?}", list.findings);
        assert!(list.accepted.iter().all(|c| c.key.is_empty()) && list.accepted[4].more["Person ID"] == keys[4]);
        assert_eq!(list.findings.iter().filter(|f| f.code == "keys_are_none").count(), 1);
        // Somebody may say otherwise, and the check says the same of the rows.
        let choice = Choice { columns: [("Person ID".into(), "contact_key".into())].into(), ..Choice::default() };
        let list = read_with(text.as_bytes(), "x", &choice).unwrap();
        assert_eq!((list.accepted.len(), list.errors()), (5, 0));
        assert!(list.accepted.iter().all(|c| c.key.is_empty()), "{:?}", list.findings);
    }
    let text = file(["K1", "K2", "K3", "K1", "0"]);
    assert_eq!(field_of(&fields(&text), "Person ID"), Some(Field::ContactKey));
    let list = read(text.as_bytes(), "x").unwrap();
    assert_eq!(list.accepted.iter().map(|c| c.key.as_str()).collect::<Vec<_>>(), ["", "K2", "K3", "", ""]);
}
