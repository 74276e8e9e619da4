//! Which column of a list is which: the native layout, those of Salesforce and HubSpot, and the words people use.
//!
//! Case, spaces, accents and signs do not count. A list whose columns are not clear is refused as a whole: guessing here
//! would write to the wrong people.

use crate::base::problem::Problem;
use crate::rules::contacts::{
    cells::{folded, quoted},
    row::Field,
};

/// The field that a header cell names.
pub fn field(header: &str) -> Option<Field> {
    Some(match folded(header).as_str() {
        "account" | "accountname" | "associatedcompany" | "company" | "companyname" | "customer" | "customername"
        | "organisation" | "organization" | "kunde" | "kundenname" | "firma" | "unternehmen" | "societe"
        | "entreprise" | "client" | "compte" | "nomducompte" => Field::Account,
        "contactkey" | "contactid" | "recordid" | "crmid" => Field::ContactKey,
        "firstname" | "givenname" | "forename" | "vorname" | "prenom" => Field::FirstName,
        "lastname" | "surname" | "familyname" | "nachname" | "familienname" | "nom" | "nomdefamille" => Field::LastName,
        "fullname" | "name" | "contactname" | "contact" | "contactfullname" | "ansprechpartner" | "nomcomplet"
        | "vollstandigername" => Field::FullName,
        "email"
        | "emailaddress"
        | "mail"
        | "mailaddress"
        | "contactemail"
        | "workemail"
        | "businessemail"
        | "emailadresse"
        | "mailadresse"
        | "adresseemail"
        | "adressemail"
        | "courriel"
        | "adresseelectronique" => Field::Email,
        "jobtitle" | "title" | "position" | "function" | "funktion" | "stelle" | "berufsbezeichnung" | "fonction"
        | "poste" | "intituleduposte" => Field::JobTitle,
        "role" | "contactrole" | "buyingrole" | "roleincontact" | "rolle" | "kontaktrolle" => Field::Role,
        "language"
        | "preferredlanguage"
        | "contactlanguage"
        | "sprache"
        | "korrespondenzsprache"
        | "langue"
        | "languepreferee" => Field::Language,
        "country" | "mailingcountry" | "countryregion" | "countrycode" | "mailingcountrycode" | "land"
        | "landregion" | "pays" | "paysregion" => Field::Country,
        "region" => Field::Region,
        "state"
        | "stateregion"
        | "stateprovince"
        | "mailingstate"
        | "mailingstateprovince"
        | "mailingstatecode"
        | "statecode"
        | "province"
        | "bundesland"
        | "kanton"
        | "canton" => Field::State,
        "city" | "town" | "mailingcity" | "ort" | "stadt" | "ville" => Field::City,
        "timezone" | "tz" | "contacttimezone" | "zeitzone" | "fuseauhoraire" => Field::TimeZone,
        "accountdirector"
        | "director"
        | "accountdirectorname"
        | "accountdirectorfullname"
        | "kundenverantwortlicher"
        | "directeurdecompte"
        | "directeurdecomptes" => Field::Director,
        "accountdirectoremail"
        | "directoremail"
        | "accountdirectoremailaddress"
        | "accountdirectormail"
        | "emailaccountdirector"
        | "emaildirecteurdecompte"
        | "emailkundenverantwortlicher" => Field::DirectorEmail,
        "accountmanager"
        | "accountowner"
        | "contactowner"
        | "manager"
        | "owner"
        | "accountmanagername"
        | "accountownername"
        | "accountownerfullname"
        | "kundenbetreuer"
        | "betreuer"
        | "responsabledecompte"
        | "chargedecompte" => Field::Manager,
        "accountmanageremail"
        | "accountowneremail"
        | "contactowneremail"
        | "manageremail"
        | "owneremail"
        | "accountmanageremailaddress"
        | "accountowneremailaddress"
        | "emailaccountmanager"
        | "emailkundenbetreuer"
        | "emailresponsabledecompte" => Field::ManagerEmail,
        "strategic" | "strategicaccount" | "isstrategic" | "keyaccount" | "strategisch" | "strategischerkunde"
        | "strategique" | "comptestrategique" => Field::Strategic,
        "annualrevenue"
        | "revenue"
        | "annualturnover"
        | "turnover"
        | "jahresumsatz"
        | "umsatz"
        | "chiffredaffaires"
        | "chiffredaffairesannuel" => Field::AnnualRevenue,
        _ => return None,
    })
}

/// How many of these header cells are known: tells the delimiter.
pub fn known<'h>(headers: impl Iterator<Item = &'h str>) -> usize {
    headers.filter(|h| field(h).is_some()).count()
}

/// The field of each column, or what is wrong with the header.
pub fn read<'h>(headers: impl Iterator<Item = &'h str>, name: &str) -> Result<Vec<Option<Field>>, Problem> {
    let headers: Vec<&str> = headers.collect();
    let fields: Vec<Option<Field>> = headers.iter().map(|h| field(h)).collect();
    if fields.iter().flatten().count() == 0 {
        return Err(Problem::unusable(
            format!(
                "The first row of {name} does not name any column that is known; it begins with “{}”.",
                quoted(headers.first().copied().unwrap_or(""))
            ),
            "Put a header row first: account, first_name, last_name, email, account_director, account_director_email and so on.",
        ));
    }
    for (at, field) in fields.iter().enumerate() {
        let Some(field) = field else { continue };
        if let Some(twin) = fields[..at].iter().position(|f| f.as_ref() == Some(field)) {
            return Err(Problem::unusable(
                format!(
                    "{name} has two columns for the {}: “{}” and “{}”.",
                    field.label(),
                    quoted(headers[twin]),
                    quoted(headers[at])
                ),
                "Remove one of them, or rename the one that is not meant.",
            ));
        }
    }
    let has = |field: Field| fields.contains(&Some(field));
    let missing: Vec<Field> = [
        (Field::Account, has(Field::Account)),
        (Field::LastName, has(Field::LastName) || has(Field::FullName)),
        (Field::Email, has(Field::Email)),
        (Field::DirectorEmail, has(Field::DirectorEmail)),
    ]
    .into_iter()
    .filter_map(|(field, there)| (!there).then_some(field))
    .collect();
    if missing.is_empty() {
        return Ok(fields);
    }
    let labels: Vec<&str> = missing.iter().map(|f| f.label()).collect();
    let names: Vec<&str> = missing.iter().map(|f| f.as_str()).collect();
    Err(Problem::unusable(
        format!("{name} has no column for the {}.", labels.join(", the ")),
        format!("Add {} named {}.", if names.len() == 1 { "a column" } else { "columns" }, names.join(", ")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_of_other_programs_are_known_column_by_column() {
        let salesforce = "Account Name,First Name,Last Name,Email,Title,Contact Role,Language,Mailing Country,Time Zone,Account Director,Account Director: Email,Account Owner,Account Owner: Email,Strategic Account,Annual Revenue";
        let hubspot = "Associated Company,First Name,Last Name,Email,Job Title,Buying Role,Preferred language,Country/Region,Time Zone,Account director,Account director email,Contact owner,Contact owner email,Strategic?,Annual Revenue";
        for layout in [salesforce, hubspot] {
            let fields = read(layout.split(','), "x").unwrap();
            assert!(fields.iter().all(Option::is_some) && fields.len() == 15);
        }
        for state in ["State/Region", "Mailing State/Province", "Bundesland", "State", "Province"] {
            assert_eq!(field(state), Some(Field::State), "{state}");
        }
        for native in Field::ALL {
            assert_eq!(field(native.as_str()), Some(native));
        }
        assert_eq!(field(" PRÉNOM "), Some(Field::FirstName));
        assert_eq!(field("E-Mail-Adresse"), Some(Field::Email));
    }

    #[test]
    fn f22_unclear_headers_are_refused_with_the_next_step() {
        let told = |header: &str| read(header.split(','), "list.csv").unwrap_err().to_string();
        assert_eq!(
            told("Account,Name,Email,E-Mail"),
            "list.csv has two columns for the e-mail address: “Email” and “E-Mail”. Remove one of them, or rename the one that is not meant."
        );
        assert_eq!(
            told("Account,Name,Email"),
            "list.csv has no column for the account director's e-mail address. Add a column named account_director_email."
        );
        assert!(told("a,b,c").contains("does not name any column"));
    }
}
