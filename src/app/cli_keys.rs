//! The arguments of `key ...`: keys for other programs, and what they may do.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Makes a key and shows it, this once.
    Add {
        name: String,
        #[command(flatten)]
        rights: KeyRights,
    },
    /// Names the keys, what they may do, when they were made and last used.
    List {
        #[arg(long)]
        json: bool,
    },
    /// Takes a key back: whoever has it is refused from then on.
    Remove { name: String },
}

#[derive(Debug, Args)]
pub struct KeyRights {
    /// What it may: read, lists (load them), orders (start, pause, resume, close), marks (opt-outs, departures, calls).
    #[arg(long, value_delimiter = ',', default_value = "read", value_parser = ["read", "lists", "orders", "marks"])]
    pub scope: Vec<String>,
    /// For this round only; may be said several times.
    #[arg(long, conflicts_with = "client")]
    pub round: Vec<String>,
    /// For the rounds of this client only.
    #[arg(long)]
    pub client: Option<String>,
}
