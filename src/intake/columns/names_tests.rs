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
