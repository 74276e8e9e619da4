//! The command line. Names are a contract with scripts: they may be added to, never renamed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::cli_keys::Key;
use super::tables::{Export, Report};

/// Runs annual business-to-business relationship assessments, from a contact list to the scoring module.
#[derive(Debug, Parser)]
#[command(name = "soundings", version, disable_help_subcommand = true)]
pub struct Args {
    /// The settings; ./soundings.toml when absent and there.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plays a whole round with simulated people in about two minutes; needs no set-up.
    Demo(Play),
    /// Runs the daemon: pages, mails, hand-over.
    Serve,
    /// Plays your own round's folder like the demo; sends nothing to the people on its list.
    Rehearse {
        dir: PathBuf,
        #[command(flatten)]
        play: Play,
        /// Sends a copy of every mail to this one address, through the SMTP server of the settings.
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
    },
    /// Checks, loads, starts, pauses, resumes, closes, plans a round, says how far it is, or writes the one that follows.
    #[command(subcommand)]
    Round(Round),
    /// Checks a contact list, or loads it into a round.
    #[command(subcommand)]
    List(List),
    /// Says what received mails are understood as: bounces, absences, complaints, replies.
    #[command(subcommand)]
    Mail(Mail),
    /// Writes a round as it is now back into a folder, or parts of it as tables: .csv, .xlsx or .jsonl.
    Export(Export),
    /// Writes what came of a round as one HTML file, to read and to print.
    Report(Report),
    /// Says what became of whoever was invited, by the codes of AAPOR, and the outcome rates.
    Aapor {
        round: String,
        #[arg(long)]
        json: bool,
    },
    /// Writes the proof of who approved whom in a round, or checks one.
    #[command(subcommand)]
    Evidence(Evidence),
    /// Compares what was handed over with what the scoring module has, and what left with the outbound journal.
    Reconcile {
        round: String,
        /// The other side's list: JSON lines with `data.sequence` and `data.response.id`; the file of the settings when absent.
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
        /// Also compares what left with the log of the relay, as Postfix writes it.
        #[arg(long, value_name = "FILE")]
        relay_log: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Says what keeps this installation from sending, or lets it go on.
    #[command(subcommand)]
    Sending(Sending),
    /// Checks the installation: database, counters, promises, mail server, clock, sender domains.
    Doctor {
        #[arg(long)]
        json: bool,
    },
    /// Writes a copy of the SQLite database while everything runs.
    Backup { file: PathBuf },
    /// Adds, lists and removes operators, and lets them in or out.
    #[command(subcommand)]
    User(User),
    /// Makes, lists and takes back keys for other programs.
    #[command(subcommand)]
    Key(Key),
    /// Makes a key that signs the mail of a domain.
    #[command(subcommand)]
    Dkim(Dkim),
    /// Shows the settings in force and where each comes from.
    CheckConfig,
    /// Plays the demo round and writes its pages and mails into a folder, to look at.
    Preview {
        #[arg(default_value = "preview")]
        dir: PathBuf,
    },
}

#[derive(Debug, Clone, clap::Args)]
pub struct Play {
    /// No pages and no progress: play, print the result, end.
    #[arg(long)]
    pub headless: bool,
    /// `max`, or how many seconds the whole round takes.
    #[arg(long, default_value = "120", value_name = "SECONDS")]
    pub speed: String,
    /// The same seed gives the same round at any speed, mail by mail with the same numbers, unless you act in it yourself.
    #[arg(long, default_value_t = crate::rehearsal::play::DEMO_SEED)]
    pub seed: u64,
    #[arg(long)]
    pub json: bool,
    /// Where the console and the mailbox can be seen.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Plays in this empty database instead of a temporary SQLite file.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Round {
    /// Names every fault of a round's folder, and every row of its list that cannot be used.
    Check {
        dir: PathBuf,
        #[command(flatten)]
        list: HowToRead,
        #[arg(long)]
        json: bool,
    },
    /// Loads a round's folder, again and again if need be; sends nothing.
    Load {
        dir: PathBuf,
        /// Only says what the folder's plan would change for whom in the round that is loaded.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        list: HowToLoad,
        /// Undoes what was changed in the console since the last load and is otherwise in the folder; with VERSION only if the round still
        /// has the version that was looked at.
        #[arg(long, value_name = "VERSION", num_args = 0..=1, require_equals = true)]
        #[expect(clippy::option_option, reason = "not said; said; said with a version")]
        replace: Option<Option<i64>>,
        #[arg(long)]
        json: bool,
    },
    /// Begins: directors are asked to sign, and what follows from it.
    Start {
        round: String,
        /// Starts although receivers could not believe the mail of a sender's domain; the reason goes into the journal.
        #[arg(long, value_name = "REASON")]
        anyway: Option<String>,
    },
    /// Nothing leaves until it is resumed.
    Pause {
        round: String,
    },
    Resume {
        round: String,
    },
    /// For good.
    Close {
        round: String,
    },
    /// Writes the folder of next year's round: the same on the same weekdays, with everybody who can be asked again.
    Next {
        round: String,
        /// The folder to write; it must not exist, or be empty.
        dir: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Who gets what when, for the whole round.
    Plan {
        round: String,
        #[arg(long)]
        json: bool,
        /// Message by message, for a spreadsheet program.
        #[arg(long, conflicts_with = "json")]
        csv: bool,
    },
    /// How far a round is.
    Status {
        round: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Evidence {
    /// Writes DIR/evidence.json, which anybody can check, and DIR/evidence.html to read and print. What contacts did is withheld.
    Export {
        round: String,
        dir: PathBuf,
        /// Also who answered, objected, left or could not be reached, and when.
        #[arg(long)]
        everything: bool,
    },
    /// Names the place of everything that was changed in an evidence.json; needs no database.
    Verify {
        file: PathBuf,
        /// Also says whether this record, as a page showed it, stands in its journal.
        #[arg(long, value_name = "RECORD")]
        head: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum List {
    /// Says which rows are usable and what is wrong with the others.
    Check {
        file: PathBuf,
        #[command(flatten)]
        list: HowToRead,
        #[arg(long)]
        json: bool,
    },
    /// Loads a list into a round.
    Load {
        round: String,
        file: PathBuf,
        /// Only says what the list would add, change and take off, and what follows from it; writes nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        list: HowToLoad,
        #[arg(long)]
        json: bool,
    },
    /// Says what the people of a round are worth: the score and its reasons, what they cover, who was left out since the round before.
    Quality {
        round: String,
        #[arg(long)]
        json: bool,
    },
    /// Writes a list to send back to a director, with what is wrong beside each row; it loads again.
    Template {
        /// A round, or the file of a list.
        #[arg(value_name = "ROUND|FILE")]
        of: String,
        /// Only the rows of this account director.
        #[arg(long, value_name = "ADDRESS")]
        director: Option<String>,
        /// The workbook to write; it must not exist.
        #[arg(long, value_name = "FILE.xlsx")]
        to: PathBuf,
        #[command(flatten)]
        list: HowToRead,
    },
    /// Says why a director left out so many of those who had scored low or stayed silent; it is told to whoever approves the plan.
    Reason {
        round: String,
        /// The director's address.
        director: String,
        reason: String,
    },
    /// Names the columns that were said to be ours, or none of ours, in earlier lists of a client; the next list is read by it.
    Columns {
        /// The client, as in the settings of a round.
        client: String,
        /// Forgets the column of this header.
        #[arg(long, value_name = "HEADER")]
        forget: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Names the rows that wait for a word: a known name under a new address.
    Asked {
        round: String,
        #[arg(long)]
        json: bool,
    },
    /// Says who they are; nothing goes to a new address before.
    Answer {
        round: String,
        /// `same` person, or somebody `else`; `back` takes an answer about accounts back.
        #[arg(value_parser = ["same", "else", "back"])]
        answer: String,
        /// A new address, an account, `OLD-DOMAIN=NEW-DOMAIN`, or `all`; of accounts that may be one `ACCOUNT=KNOWN`, or `accounts`.
        which: String,
    },
}

const ENCODING: &str =
    "The encoding of the list, such as utf-8, windows-1252, cp850, mac or shift_jis, where it is not told right";

#[derive(Debug, Clone, clap::Args)]
pub struct HowToRead {
    #[arg(long, value_name = "NAME", help = ENCODING)]
    pub encoding: Option<String>,
    /// The sheet of a workbook that holds the contacts.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Which column is which, where it is not told right: our name of it, and its header in the list; again for each.
    #[arg(long, value_name = "FIELD=HEADER")]
    pub column: Vec<String>,
}

#[derive(Debug, Clone, clap::Args)]
pub struct HowToLoad {
    #[command(flatten)]
    pub read: HowToRead,
    /// Loads the list into a draft even if nobody who is in the draft stays, or nobody would be in it at all.
    #[arg(long)]
    pub remove_everybody: bool,
    /// In a draft: who is not on this list stays, because it is one of several.
    #[arg(long, conflicts_with = "whole")]
    pub keep_others: bool,
    /// In a draft: who is not on this list is taken off, because it is the whole list. A round's folder always is.
    #[arg(long)]
    pub whole: bool,
    /// In a started round: accounts may lose their director, their manager or their strategic mark by this list.
    #[arg(long)]
    pub confirm: bool,
}

#[derive(Debug, Subcommand)]
pub enum Sending {
    /// What holds sending, and which messages it is about.
    Show {
        #[arg(long)]
        json: bool,
    },
    /// Confirms it: whatever is due leaves from then on. What was refused waits until somebody has decided about it.
    Resume,
    /// Says that an incident was our own trouble: what was concluded in it is undone, and what was refused is tried again.
    Retry {
        /// As `sending show` prints it; its beginning is enough.
        incident: String,
    },
    /// Says that the refusals of an incident are right: its addresses are dead.
    Confirm { incident: String },
}

#[derive(Debug, Subcommand)]
pub enum Mail {
    /// Reads each file as one mail; changes nothing.
    Check {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Makes somebody an operator and shows a link that logs in once.
    Add { email: String },
    /// Names the operators, with their last log-in and their open sessions.
    List {
        #[arg(long)]
        json: bool,
    },
    /// Takes the right to log in away; open sessions and links end at once.
    Remove {
        email: String,
        /// Also where nobody could log in then.
        #[arg(long)]
        last: bool,
    },
    /// Shows a link that logs an operator in once, however many have gone by mail.
    Link { email: String },
    /// Ends all sessions of an operator and the links that were not used.
    LogOut { email: String },
}

#[derive(Debug, Subcommand)]
pub enum Dkim {
    /// Draws a key, keeps its secret half, and prints the record to publish.
    New {
        /// What stands behind the @ of senders.
        domain: String,
        /// The name of the key, such as s2027.
        selector: String,
        /// Ed25519 instead of RSA: short and fast, and not understood by all receivers, so have both.
        #[arg(long)]
        ed25519: bool,
        #[arg(long)]
        json: bool,
    },
}
