//! What can be taken away of a round as a table: its contacts, its accounts, its messages and its responses.
//!
//! Each column is described once, with its name, its type, what it means and where it comes from; every file, whatever its kind, is
//! written from that (docs/decisions/0067). Names of columns are a contract: they may be added to, never renamed.

pub mod value;
pub mod contacts;
pub mod accounts;
pub mod messages;
pub mod responses;

pub use value::{Column, Rows, Type, Value};

/// What is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Contacts,
    Accounts,
    Messages,
    Responses,
}

impl Table {
    pub const ALL: [Table; 4] = [Table::Contacts, Table::Accounts, Table::Messages, Table::Responses];

    pub fn as_str(self) -> &'static str {
        match self {
            Table::Contacts => "contacts",
            Table::Accounts => "accounts",
            Table::Messages => "messages",
            Table::Responses => "responses",
        }
    }

    /// The name of its sheet in a workbook.
    pub fn title(self) -> &'static str {
        match self {
            Table::Contacts => "Contacts",
            Table::Accounts => "Accounts",
            Table::Messages => "Messages",
            Table::Responses => "Responses",
        }
    }
}

/// The kind of a file, as its ending says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
    Jsonl,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Csv, Format::Xlsx, Format::Jsonl];

    /// How its name ends, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Jsonl => "jsonl",
        }
    }

    pub fn of_ending(ending: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.ending().eq_ignore_ascii_case(ending))
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

/// `contacts.csv`: what, and as which kind of file.
pub fn named(file: &str) -> Option<(Table, Format)> {
    let (name, ending) = file.rsplit_once('.')?;
    Some((Table::ALL.into_iter().find(|table| table.as_str() == name)?, Format::of_ending(ending)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name() {
        for table in Table::ALL {
            for format in Format::ALL {
                assert_eq!(named(&format!("{}.{}", table.as_str(), format.ending())), Some((table, format)));
            }
        }
        assert_eq!(named("accounts.XLSX"), Some((Table::Accounts, Format::Xlsx)));
        for none in ["", "contacts", "contacts.pdf", "people.csv", ".csv", "contacts.csv.zip"] {
            assert_eq!(named(none), None, "{none}");
        }
    }

    fn of_one_table(columns: &[Column], cells: &[Value]) {
        let mut names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(columns.len(), cells.len(), "{names:?}");
        for (column, cell) in columns.iter().zip(cells) {
            assert!(cell.is_of(column.kind), "{}: {cell:?} is no {:?}", column.name, column.kind);
            assert!(column.meaning.len() > 2 && !column.meaning.ends_with('.'), "{}: {}", column.name, column.meaning);
        }
        names.sort_unstable();
        let several = names.len();
        names.dedup();
        assert_eq!(names.len(), several, "each column has a name of its own");
    }

    #[test]
    fn each_cell_is_of_the_type_of_its_column() {
        let contact = contacts::tests::ann();
        let fields = contacts::fields(true);
        let more = ["Plant".to_owned()];
        let cells = contacts::cells(&contact.0, &contact.1, &fields, &more);
        of_one_table(&contacts::columns(&fields, &more), &cells);
        of_one_table(&value::columns(accounts::COLUMNS), &value::cells(accounts::COLUMNS, &accounts::tests::globex()));
        of_one_table(&value::columns(messages::COLUMNS), &value::cells(messages::COLUMNS, &messages::tests::letter()));
        for named in [true, false] {
            let (columns, row) = responses::tests::answers(named);
            of_one_table(&columns, &row);
        }
    }
}
