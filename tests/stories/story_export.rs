//! What is taken away of a round says what the round says, in every kind of file, and the list among it loads again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use soundings::intake::export::{Lines, Sheets};
use soundings::intake::list;
use soundings::rules::completion::aapor::{Disposition, OutcomeRate};
use soundings::rules::contacts::ListedContact;
use soundings::rules::export::{Column, Format, Rows, Table, Value};
use soundings::steps::completion::aapor::aapor;
use soundings::steps::completion::status;
use soundings::steps::contacts::{Allowed, Changes, preview};
use soundings::steps::export::{Of, Source};
use soundings::steps::round::RoundOrder;
use soundings::store::contacts::search::Search;

use crate::common::{ANN, BEN, CYD, DORA, ERIK, ROUND, SALES_DIRECTOR, World, northwind_with};
use crate::program::program;
use crate::story_evidence::{installed, said};

on_both!(every_table_says_what_the_round_says, the_program_writes_files_that_other_programs_open);

async fn read(world: &World, of: Of) -> (Vec<Column>, Rows) {
    let mut source = Source::open(&world.ctx, &world.live().await, of).await.unwrap();
    let mut all = Vec::new();
    while let Some(rows) = source.piece().await.unwrap() {
        all.extend(rows);
    }
    (source.columns().to_vec(), all)
}

/// The rows of a table, each by the names of its columns; what is empty is left out.
pub async fn taken(world: &World, of: Of) -> Vec<BTreeMap<String, Value>> {
    let (columns, rows) = read(world, of).await;
    let row = |row: Vec<Value>| {
        let named = columns.iter().map(|column| column.name.clone()).zip(row);
        named.filter(|(_, value)| *value != Value::Nothing).collect()
    };
    rows.into_iter().map(row).collect()
}

fn text(row: &BTreeMap<String, Value>, name: &str) -> String {
    match row.get(name) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn sum(rows: &[BTreeMap<String, Value>], name: &str) -> i64 {
    rows.iter().map(|row| if let Some(Value::Whole(n)) = row.get(name) { *n } else { 0 }).sum()
}

/// As files of both kinds that load again.
fn as_lists(columns: &[Column], rows: &[Vec<Value>]) -> [Vec<ListedContact>; 2] {
    let csv = Lines::Csv.head(columns).unwrap() + &Lines::Csv.rows(rows).unwrap();
    let mut sheets = Sheets::new("Contacts", columns).unwrap();
    sheets.rows(rows).unwrap();
    let mut book = Vec::new();
    sheets.finish(&mut book).unwrap();
    [(csv.into_bytes(), "contacts.csv"), (book, "contacts.xlsx")]
        .map(|(bytes, name)| list::read(&bytes, name).unwrap().accepted)
}

/// Ann has answered, Ben has begun, Cyd has opted out; Dee and Uma have said nothing.
async fn on_the_way(world: &mut World) {
    world.load(northwind_with(&[("Head of Quality", "'=1+1"), ("Buyer", "+49 30 123")])).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    for director in [DORA, ERIK] {
        world.sign_all(director, "sign_off").await;
    }
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.work().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.begins(&world.mail_to(BEN, "invitation")).await;
    world.opts_out(&world.mail_to(CYD, "invitation")).await;
    world.work().await;
}

async fn every_table_says_what_the_round_says(mut world: World) {
    on_the_way(&mut world).await;
    let figures = status(&world.ctx, ROUND).await.unwrap();
    let contacts = taken(&world, Of::all(Table::Contacts)).await;
    let stage = |who: &str| text(contacts.iter().find(|c| text(c, "email") == who).unwrap(), "soundings_stage");
    assert_eq!([ANN, BEN, CYD].map(stage), ["completed", "started", "opted_out"]);
    let with = |name: &str| contacts.iter().filter(|c| c.contains_key(name)).count() as i64;
    let people = &figures.individual;
    assert_eq!(
        (contacts.len() as i64, with("soundings_invited_at"), with("soundings_completed_at")),
        (people.listed, people.invited, people.completed)
    );
    let accounts = taken(&world, Of::all(Table::Accounts)).await;
    for (name, counted) in [
        ("listed", people.listed),
        ("signed", people.signed),
        ("invited", people.invited),
        ("reachable", people.reachable),
        ("started", people.started),
        ("completed", people.completed),
    ] {
        assert_eq!(sum(&accounts, name), counted, "{name}: {accounts:?}");
    }
    assert_eq!(accounts.len() as i64, figures.accounts.listed);
    let messages = taken(&world, Of::all(Table::Messages)).await;
    assert_eq!(messages.len(), world.ledger().await.len());
    let to_ann = messages.iter().filter(|m| text(m, "to_email") == ANN && text(m, "kind") == "invitation");
    let to_ann: Vec<_> = to_ann.collect();
    assert_eq!(to_ann.len(), 1);
    assert_eq!((text(to_ann[0], "account"), text(to_ann[0], "state")), ("Globex".into(), "sent".into()));
    let sent = taken(&world, Of::Messages("sent".into())).await;
    assert_eq!(sent.len() as i64, figures.outbox.sent);
    let responses = taken(&world, Of::all(Table::Responses)).await;
    assert_eq!(responses.len() as i64, figures.handoff.completed);
    assert_eq!((&responses[0]["answer_trust"], text(&responses[0], "email")), (&Value::Whole(6), ANN.into()));
    let id = text(contacts.iter().find(|c| text(c, "email") == ANN).unwrap(), "soundings_id");
    assert_eq!((text(&responses[0], "contact_id"), text(to_ann[0], "contact_id")), (id.clone(), id));

    // What the list of contacts shows is what its file has.
    let search = Search { stage: "completed".into(), ..Search::default() };
    assert_eq!(taken(&world, Of::Contacts(Some(search))).await.len() as i64, people.completed);

    let found = aapor(&world.ctx, ROUND).await.unwrap();
    let counted = |one: Disposition| found.dispositions[one.code()];
    let all = [Disposition::Complete, Disposition::BreakOff, Disposition::Refusal, Disposition::NothingReturned];
    assert_eq!(all.map(counted), [Some(1), Some(1), Some(1), Some(2)], "{found:?}");
    assert_eq!(found.rates["RR1"], Some(0.2));
    assert_eq!((found.rates["REF1"], found.rates["CON1"]), (Some(0.4), Some(0.6)));

    // Loaded again, nothing changes.
    let (columns, rows) = read(&world, Of::all(Table::Contacts)).await;
    for people in as_lists(&columns, &rows) {
        let job_of = |who: &str| people.iter().find(|c| c.email.as_str() == who).map(|c| c.job_title.clone());
        assert_eq!(job_of(ANN).as_deref(), Some("=1+1"));
        assert!(people.iter().all(|c| c.more.is_empty()), "{people:?}");
        let changes = preview(&world.ctx, ROUND, people, Allowed::default()).await.unwrap();
        let Changes { added, changed, not_on_the_list, .. } = changes;
        assert_eq!((added, changed, not_on_the_list), (0, 0, 0));
    }
    world.promises_hold().await;
}

fn soundings(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).current_dir(folder).output().unwrap()
}

/// The Python of tests/dkim with the packages that open tables; none where this machine has not got them.
fn opened_by_others(folder: &Path) -> Option<Output> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/python/bin/python3");
    let probe = Command::new(&python).args(["-c", "import openpyxl, pandas"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        let why = "tables as openpyxl and pandas read them: pip install -r tests/dkim/requirements.txt first";
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        eprintln!("skipped: {why}");
        return None;
    }
    Some(Command::new(python).arg(root.join("tests/stories/exports.py")).arg(folder).output().unwrap())
}

async fn the_program_writes_files_that_other_programs_open(mut world: World) {
    on_the_way(&mut world).await;
    installed(&world);
    let folder = world.folder.path().to_path_buf();
    for format in Format::ALL {
        let files = Table::ALL.map(|table| format!("{}.{}", table.as_str(), format.ending()));
        let options = Table::ALL.map(|table| format!("--{}", table.as_str()));
        let mut arguments = vec!["export", ROUND];
        for (option, file) in options.iter().zip(&files) {
            arguments.extend([option.as_str(), file.as_str()]);
        }
        let wrote = soundings(&folder, &arguments);
        assert!(wrote.status.success(), "{}", said(&wrote));
        assert!(said(&wrote).contains(&format!("Wrote 5 contacts to {}.", files[0])), "{}", said(&wrote));
    }
    let csv = fs::read(folder.join("contacts.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}account,".as_bytes()));
    // Nothing that is there is written over, and nothing is left of what could not be written.
    let again = soundings(&folder, &["export", ROUND, "--contacts", "contacts.csv"]);
    assert_eq!((again.status.code(), said(&again).contains("is there already")), (Some(2), true), "{}", said(&again));
    let odd = soundings(&folder, &["export", ROUND, "--contacts", "contacts.pdf"]);
    assert_eq!((odd.status.code(), said(&odd).contains(".jsonl")), (Some(2), true), "{}", said(&odd));
    assert!(!folder.join("contacts.draft").exists() && fs::read(folder.join("contacts.csv")).unwrap() == csv);
    // What it says to people and to programs.
    let told = soundings(&folder, &["aapor", ROUND]);
    assert!(told.status.success() && said(&told).contains("0.2000 (1 of 5)"), "{}", said(&told));
    let json = soundings(&folder, &["aapor", ROUND, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["rates"].as_object().unwrap().len(), OutcomeRate::ALL.len());
    let share = json["rates"]["RR5"].as_f64().unwrap();
    assert!(json["dispositions"]["1.1"] == 1 && (share - 1.0 / 3.0).abs() < 1e-9, "{json}");
    for list in ["contacts.csv", "contacts.xlsx"] {
        let loaded = soundings(&folder, &["list", "load", ROUND, list, "--dry-run", "--json"]);
        let loaded: serde_json::Value = serde_json::from_slice(&loaded.stdout).unwrap();
        assert!(loaded.is_object(), "{list}: {loaded}");
    }
    if let Some(looked) = opened_by_others(&folder) {
        assert!(looked.status.success(), "{}", said(&looked));
    }
    // The folder as before, under either name.
    assert!(soundings(&folder, &["export", ROUND, "here"]).status.success());
    assert!(folder.join("here/contacts.csv").exists());
    let both = soundings(&folder, &["export", ROUND, "there", "--contacts", "c.csv"]);
    assert_eq!(both.status.code(), Some(2), "{}", said(&both));
}
