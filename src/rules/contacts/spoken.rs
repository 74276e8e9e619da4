//! What the check of a list remarks about a name, as its account director reads it in German and French. English is the sentence of the
//! finding itself.
//!
//! What is about a file rather than a name (a column, a cell too many) stays in English: whoever loads the list reads that.

use crate::base::sentence::capitalised;

use super::Finding;

/// One sentence or two, without the number of the row; none where there are no words for it.
fn german(f: &Finding) -> Option<String> {
    let value = f.value.trim();
    let said = |text: &str| Some(text.replace("{value}", value));
    let quoted = if value.is_empty() { String::new() } else { format!("„{value}“ ") };
    match f.code.as_str() {
        "role_mailbox" => {
            said("{value} ist ein Postfach, das mehrere lesen. Nennen Sie die eigene Adresse dieser Person.")
        }
        "private_mailbox" => said("{value} ist eine private Adresse. Nennen Sie die Adresse im Unternehmen."),
        "address_needs_smtputf8" => said(
            "{value} hat vor dem @ Buchstaben, die nicht jeder Mailserver annimmt. Fragen Sie nach einer \
             Adresse in einfachen Buchstaben.",
        ),
        "foreign_domain" => said(
            "{value} gehört nicht zur Domain der anderen dieses Kunden. Prüfen Sie, ob diese Person dort \
             arbeitet.",
        ),
        "address_dead" => said(
            "{value} hat eine E-Mail nicht angenommen. Berichtigen Sie die Adresse, oder entfernen Sie den \
             Namen.",
        ),
        "opted_out_before" => {
            said("{value} möchte keine E-Mails mehr von uns. Dorthin wird nichts gesendet. Entfernen Sie den Namen.")
        }
        "complained_before" => said(
            "{value} hat eine E-Mail von uns als unerwünscht gemeldet. Dorthin wird nichts gesendet. Entfernen \
             Sie den Namen.",
        ),
        "left_before" => said(
            "{value}: Diese Person hat das Unternehmen verlassen, wie wir erfahren haben. Setzen Sie jemand \
             anderen ein, oder entfernen Sie den Namen.",
        ),
        "silent_for_three_rounds" => said(
            "{value} hat in drei Runden nicht geantwortet. Sprechen Sie zuerst mit dieser Person, oder nennen \
             Sie jemand anderen.",
        ),
        "asked_recently" => said(
            "{value} wurde vor weniger als drei Monaten schon angeschrieben. Lassen Sie diese Person aus, oder \
             warten Sie.",
        ),
        "left_company_note" => Some(format!(
            "{quoted}heißt, dass diese Person nicht mehr dort ist. Entfernen oder berichtigen Sie den Namen."
        )),
        "name_incomplete" => said("Vor- oder Nachname fehlt. Ergänzen Sie ihn, damit die Anrede stimmt."),
        "name_doubtful" => {
            said("Vielleicht kein Personenname, sondern ein leeres Feld einer Datenbank. Prüfen Sie ihn.")
        }
        "names_swapped" => said("Vor- und Nachname sind vielleicht vertauscht. Prüfen Sie sie."),
        "name_in_capitals" => {
            said("Der Name steht in Großbuchstaben. Schreiben Sie ihn, wie er in der Anrede stehen soll.")
        }
        "name_and_address_disagree" => {
            said("Die Adresse ist wohl aus einem anderen Namen gebildet. Prüfen Sie, wessen sie ist.")
        }
        "duplicate_name" => said(
            "Dieser Name steht bei diesem Kunden zweimal, mit verschiedenen Adressen. Entfernen Sie einen, wenn \
             es dieselbe Person ist.",
        ),
        "character_lost" => Some(format!("{quoted}hat Buchstaben verloren. Berichtigen Sie es.")),
        "formula_in_cell" => Some(format!("{quoted}ist eine Formel aus einer Tabelle. Schreiben Sie den Text selbst.")),
        "value_is_placeholder" => Some(format!("{quoted}sagt nichts und zählt als leer.")),
        "role_unknown" => said(
            "Die Rolle ist nicht bekannt. Wählen Sie Entscheider, Mitentscheider oder Ansprechpartner im \
             Tagesgeschäft.",
        ),
        "language_unknown" => Some(format!("Die Sprache {quoted}ist nicht bekannt. Es gilt die Sprache der Runde.")),
        "country_unknown" => Some(format!("Das Land {quoted}ist nicht bekannt. Es gelten die Feiertage der Runde.")),
        "region_unknown" => {
            Some(format!("Die Region {quoted}ist nicht bekannt. Es gelten die Feiertage des ganzen Landes."))
        }
        "time_zone_unknown" | "time_zone_missing" | "time_zone_ambiguous" | "time_zone_elsewhere" => said(
            "Die Zeitzone ist nicht sicher. Sagen Sie uns die richtige, wenn sie eine andere ist als die der Kollegen.",
        ),
        "director_differs" => {
            said("Für diesen Kunden nennt die Liste zwei Verantwortliche. Sagen Sie uns, wenn es nicht Ihr Kunde ist.")
        }
        "strategic_unknown" | "strategic_differs" => {
            said("Ob der Kunde strategisch ist, sagt die Liste nicht eindeutig.")
        }
        "annual_revenue_unknown" => said("Der Jahresumsatz des Kunden ist nicht lesbar."),
        "account_manager_unreachable" => said("Der Kundenbetreuer hat keine brauchbare Adresse."),
        _ => None,
    }
}

/// The same.
fn french(f: &Finding) -> Option<String> {
    let value = f.value.trim();
    let said = |text: &str| Some(text.replace("{value}", value));
    match f.code.as_str() {
        "role_mailbox" => {
            said("{value} est une boîte lue par plusieurs personnes. Indiquez l’adresse personnelle au travail.")
        }
        "private_mailbox" => said("{value} est une adresse privée. Indiquez l’adresse au travail."),
        "address_needs_smtputf8" => said(
            "{value} a, avant le @, des lettres que tous les serveurs n’acceptent pas. Demandez une adresse en \
             lettres simples.",
        ),
        "foreign_domain" => said(
            "{value} n’a pas le domaine des autres contacts de ce client. Vérifiez que cette personne y \
             travaille.",
        ),
        "address_dead" => said("{value} a refusé un e-mail. Corrigez l’adresse ou retirez le nom."),
        "opted_out_before" => {
            said("{value} a demandé de ne plus recevoir d’e-mails. Rien n’y est envoyé. Retirez le nom.")
        }
        "complained_before" => {
            said("{value} a signalé un de nos e-mails comme indésirable. Rien n’y est envoyé. Retirez le nom.")
        }
        "left_before" => said(
            "{value} : cette personne a quitté l’entreprise, d’après nos informations. Remplacez-la ou retirez \
             le nom.",
        ),
        "silent_for_three_rounds" => said(
            "{value} n’a pas répondu lors de trois campagnes. Parlez d’abord à cette personne, ou indiquez \
             quelqu’un d’autre.",
        ),
        "asked_recently" => {
            said("{value} a été contacté(e) il y a moins de trois mois. Laissez cette personne de côté, ou attendez.")
        }
        "left_company_note" => {
            Some(format!("« {value} » indique que cette personne est partie. Retirez ou corrigez le nom."))
        }
        "name_incomplete" => {
            said("Le prénom ou le nom manque. Complétez-le pour que la lettre s’adresse bien à la personne.")
        }
        "name_doubtful" => {
            said("Peut-être pas un nom de personne, mais un champ vide d’une base de données. Vérifiez-le.")
        }
        "names_swapped" => said("Le prénom et le nom sont peut-être inversés. Vérifiez-les."),
        "name_in_capitals" => said("Le nom est en majuscules. Écrivez-le comme il doit figurer dans la lettre."),
        "name_and_address_disagree" => said("L’adresse semble formée sur un autre nom. Vérifiez à qui elle est."),
        "duplicate_name" => said(
            "Ce nom figure deux fois chez ce client, avec des adresses différentes. Retirez-en un s’il s’agit \
             de la même personne.",
        ),
        "character_lost" => Some(format!("« {value} » a perdu des lettres. Corrigez-le.")),
        "formula_in_cell" => Some(format!("« {value} » est une formule de tableur. Écrivez le texte lui-même.")),
        "value_is_placeholder" => Some(format!("« {value} » ne dit rien et compte comme vide.")),
        "role_unknown" => said("Le rôle n’est pas connu. Choisissez décideur, prescripteur ou contact opérationnel."),
        "language_unknown" => said("La langue n’est pas connue. La langue de la campagne s’applique."),
        "country_unknown" => said("Le pays n’est pas connu. Les jours fériés de la campagne s’appliquent."),
        "region_unknown" => said("La région n’est pas connue. Les jours fériés du pays entier s’appliquent."),
        "time_zone_unknown" | "time_zone_missing" | "time_zone_ambiguous" | "time_zone_elsewhere" => {
            said("Le fuseau horaire n’est pas certain. Dites-nous le bon s’il diffère de celui des collègues.")
        }
        "director_differs" => {
            said("La liste indique deux responsables pour ce client. Dites-nous si ce n’est pas le vôtre.")
        }
        "strategic_unknown" | "strategic_differs" => {
            said("La liste ne dit pas clairement si ce client est stratégique.")
        }
        "annual_revenue_unknown" => said("Le chiffre d’affaires annuel du client n’est pas lisible."),
        "account_manager_unreachable" => said("Le chargé de clientèle n’a pas d’adresse utilisable."),
        _ => None,
    }
}

/// The finding for its reader: in this language, else in English.
pub fn spoken(f: &Finding, language: &str) -> String {
    let words = match language.get(..2).unwrap_or_default() {
        "de" => german(f),
        "fr" => french(f),
        _ => None,
    };
    if let Some(words) = words {
        return capitalised(&words);
    }
    match f.message.split_once(": ") {
        Some((row, rest)) if row.starts_with("Row ") => capitalised(rest),
        _ => f.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::Severity;

    fn finding(code: &str) -> Finding {
        Finding {
            line: 7,
            code: code.into(),
            severity: Severity::Warning,
            field: "email".into(),
            value: "anna@gmail.com".into(),
            message: "Row 7: anna@gmail.com is a private mailbox. Write the address at work.".into(),
        }
    }

    #[test]
    fn what_a_director_meets_is_told_in_each_language() {
        let codes = [
            "role_mailbox",
            "private_mailbox",
            "address_needs_smtputf8",
            "foreign_domain",
            "address_dead",
            "opted_out_before",
            "complained_before",
            "left_before",
            "silent_for_three_rounds",
            "asked_recently",
            "left_company_note",
            "name_incomplete",
            "name_doubtful",
            "names_swapped",
            "name_in_capitals",
            "name_and_address_disagree",
            "duplicate_name",
            "character_lost",
            "formula_in_cell",
            "value_is_placeholder",
            "role_unknown",
            "language_unknown",
            "country_unknown",
            "region_unknown",
            "time_zone_unknown",
            "time_zone_missing",
            "time_zone_ambiguous",
            "time_zone_elsewhere",
            "director_differs",
            "strategic_unknown",
            "strategic_differs",
            "annual_revenue_unknown",
            "account_manager_unreachable",
        ];
        for code in codes {
            let said = ["en", "de-AT", "fr"].map(|language| spoken(&finding(code), language));
            assert_eq!(said[0], "anna@gmail.com is a private mailbox. Write the address at work.");
            assert!(said[1] != said[0] && said[2] != said[0] && said[1] != said[2], "{code}");
            assert!(said.iter().all(|s| s.ends_with('.') && !s.contains("{value}") && !s.contains("Row 7")), "{code}");
        }
    }

    #[test]
    fn what_has_no_words_in_a_language_is_told_in_english() {
        for language in ["nl", "de", ""] {
            assert!(spoken(&finding("too_many_cells"), language).starts_with("anna@gmail.com is a private"));
        }
    }
}
