//! The layouts of other programs, column by column.

use super::*;

#[test]
fn layouts_of_other_programs_are_known_column_by_column() {
    let salesforce = "Account Name,First Name,Last Name,Email,Title,Contact Role,Language,Mailing Country,Time Zone,Account Director,Account Director: Email,Account Owner,Account Owner: Email,Strategic Account,Annual Revenue";
    let hubspot = "Associated Company,First Name,Last Name,Email,Job Title,Buying Role,Preferred language,Country/Region,Time Zone,Account director,Account director email,Contact owner,Contact owner email,Strategic?,Annual Revenue";
    for layout in [salesforce, hubspot] {
        let fields: Vec<Option<Field>> = layout.split(',').map(field).collect();
        assert!(fields.iter().all(Option::is_some) && fields.len() == 15, "{fields:?}");
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
fn words_of_other_scripts_and_their_addresses_are_known() {
    use Field::{
        Account, Country, Director, DirectorEmail, Email, FirstName, JobTitle, LastName, Manager, ManagerEmail,
    };
    let layouts: [(&str, &[Field]); 6] = [
        (
            "Müşteri;Ad;Soyad;E-posta;Ünvan;Ülke;Müşteri direktörü;Müşteri direktörü e-posta",
            &[Account, FirstName, LastName, Email, JobTitle, Country, Director, DirectorEmail],
        ),
        (
            "会社名;姓;名;メールアドレス;役職;国;担当営業;担当営業メールアドレス",
            &[Account, LastName, FirstName, Email, JobTitle, Country, Manager, ManagerEmail],
        ),
        (
            "公司;姓;名;电子邮件;职位;国家;客户总监;客户总监邮箱",
            &[Account, LastName, FirstName, Email, JobTitle, Country, Director, DirectorEmail],
        ),
        (
            "Клиент;Имя;Фамилия;Электронная почта;Должность;Страна;Менеджер;Электронная почта менеджера",
            &[Account, FirstName, LastName, Email, JobTitle, Country, Manager, ManagerEmail],
        ),
        (
            "Zákazník;Jméno;Příjmení;E-mail;Pozice;Země;Ředitel zákazníka;E-mail ředitele zákazníka",
            &[Account, FirstName, LastName, Email, JobTitle, Country, Director, DirectorEmail],
        ),
        (
            "Ügyfél;Keresztnév;Vezetéknév;E-mail cím;Beosztás;Ország",
            &[Account, FirstName, LastName, Email, JobTitle, Country],
        ),
    ];
    for (header, fields) in layouts {
        let told: Vec<Option<Field>> = header.split(';').map(field).collect();
        assert_eq!(told, fields.iter().copied().map(Some).collect::<Vec<_>>(), "{header}");
    }
}
