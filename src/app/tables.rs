//! What `export` and `report` write: a round as a folder, parts of it as tables, or what came of it to read, and where to.

use std::path::{Path, PathBuf};

use crate::rules::export::Table;

#[derive(Debug, clap::Args)]
pub struct Export {
    pub round: String,
    /// The folder to write; ./ROUND when absent. It must not exist.
    dir: Option<PathBuf>,
    /// The same.
    #[arg(long, value_name = "DIR", conflicts_with = "dir")]
    to: Option<PathBuf>,
    /// The contacts on the list and where each stands; the list loads again from .csv and .xlsx.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dir", "to"])]
    contacts: Option<PathBuf>,
    /// The accounts and how far each has come.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dir", "to"])]
    accounts: Option<PathBuf>,
    /// The messages: to whom, when, and where each stands.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dir", "to"])]
    messages: Option<PathBuf>,
    /// The answers that were sent off, a column for each item.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dir", "to"])]
    responses: Option<PathBuf>,
}

impl Export {
    pub fn folder(&self) -> PathBuf {
        self.dir.as_ref().or(self.to.as_ref()).cloned().unwrap_or_else(|| PathBuf::from(&self.round))
    }

    /// Those that are asked for.
    pub fn tables(&self) -> Vec<(Table, &Path)> {
        let all = [
            (Table::Contacts, &self.contacts),
            (Table::Accounts, &self.accounts),
            (Table::Messages, &self.messages),
            (Table::Responses, &self.responses),
        ];
        all.into_iter().filter_map(|(table, file)| Some((table, file.as_deref()?))).collect()
    }
}

#[derive(Debug, clap::Args)]
pub struct Report {
    pub round: String,
    /// The file to write; it must not exist, or be empty.
    #[arg(value_name = "FILE.html")]
    pub file: PathBuf,
}
