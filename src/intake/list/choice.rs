//! What somebody has said about how a file is to be read; whatever is not said is told from the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::problem::Problem;
use crate::intake::text::charsets::Charset;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::cells::{folded, quoted};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    pub encoding: Option<String>,
    pub sheet: Option<String>,
    /// Our field, or `""` for a column that is none of ours and kept as additional, by header as shown.
    pub columns: BTreeMap<String, String>,
    /// Of these columns, the headers of which it was said for an earlier list.
    #[serde(skip)]
    pub remembered: BTreeSet<String>,
}

impl Choice {
    /// The encoding that was named, if it is one.
    pub fn charset(&self) -> Result<Option<Charset>, Problem> {
        self.encoding.as_deref().map(Charset::named).transpose()
    }

    /// Takes in `FIELD=HEADER`, as a command line says it.
    pub fn say(&mut self, said: &str) -> Result<(), Problem> {
        let Some((field, header)) = said.split_once('=') else {
            return Err(Problem::unusable(
                format!("“{}” does not name a column.", quoted(said)),
                "Write the field, an equals sign and the header, as in email=\"E-mail address\".",
            ));
        };
        let (field, header) = (field.trim(), header.trim());
        field_of(field)?;
        if let Some(before) = self.columns.insert(header.to_owned(), field.to_owned()).filter(|b| b != field) {
            return Err(Problem::unusable(
                format!("The column “{}” is named twice: as {before} and as {field}.", quoted(header)),
                "Name it once.",
            ));
        }
        Ok(())
    }
}

/// The field of this name; none for a column that is kept as additional.
pub fn field_of(name: &str) -> Result<Option<Field>, Problem> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = Field::ALL.into_iter().find(|field| folded(field.as_str()) == folded(name));
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
        Problem::unusable(
            format!("There is no field “{}”.", quoted(name)),
            format!("Write one of {}.", names.join(", ")),
        )
    })
}
