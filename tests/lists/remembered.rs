//! What somebody has said in the console about the columns of a client's lists, at the command line: used by `list load`, shown and forgotten.

use std::collections::BTreeMap;

use soundings::base::clock::Clock;
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::intake::list::{self, Choice};
use soundings::rules::journal::Actor;
use soundings::steps::Ctx;
use soundings::steps::contacts::upload::incoming::Incoming;
use soundings::steps::contacts::upload::upload_choice::ChooseColumns;
use soundings::steps::contacts::{Allowed, difference, load_upload_as_shown};
use soundings::store::Db;

use crate::cases::slug;
use crate::*;

const CLIENT: &str = "Northwind Instruments";
const LIST: &str = "Xyz,first_name,last_name,email,account_director_email,Grade\n\
    Globex Neu,Pat,Lee,pat.lee@globexneu.example,dora@client.example,A\n";

/// Olga says that the column is the account, and that another is none of ours, and loads her list.
async fn said_in_the_console(house: &House, slug: &str) {
    let url = format!("sqlite:{}", house.folder.path().join("soundings.db").display());
    let ids = Ids::seeded(5);
    let ctx = Ctx::new(
        Db::open(&url, "off").await.unwrap(),
        Clock::system(),
        ids.clone(),
        SecretKey::draw(&ids),
        "https://soundings.northwind.example",
    );
    let olga = Actor::operator("olga@soundings.example");
    let text = LIST.replace("Globex Neu", "Hooli Alt").replace("globexneu", "hoolialt");
    let mut incoming = Incoming::begin(&ctx, &olga, slug, "l.csv").await.unwrap();
    incoming.take(text.as_bytes()).await.unwrap();
    let upload = incoming.finish().await.unwrap();
    let columns = BTreeMap::from([("Xyz".to_string(), "account".to_string()), ("Grade".to_string(), String::new())]);
    let choice = Choice { columns: columns.clone(), ..Choice::default() };
    let order = ChooseColumns {
        slug: slug.into(),
        upload: upload.clone(),
        choice: choice.clone(),
        remember: columns,
        no_key: None,
    };
    ctx.order(&olga, order).await.unwrap();
    let list = list::read_with(text.as_bytes(), "l.csv", &choice).unwrap();
    let allowed = Allowed { keeping_others: true, ..Allowed::default() };
    let version = difference(&ctx, slug, &list, allowed).await.unwrap().version;
    load_upload_as_shown(&ctx, slug, (&upload, &list), allowed, &version, &olga).await.unwrap();
}

#[test]
fn what_was_said_of_a_column_is_used_by_list_load_until_it_is_forgotten() {
    let house = House::new();
    assert!(house.run(&["round", "load", "round"]).code <= 1);
    let (slug, file) = (slug(&house), house.file("own.csv", LIST.as_bytes()));
    let load = ["list", "load", &slug, &file, "--dry-run", "--keep-others"];
    let said = house.run(&load);
    assert!(
        said.code != 0 && said.err.contains("no column for the account"),
        "nothing is said yet: {}{}",
        said.out,
        said.err
    );
    let said = house.run(&["list", "columns", CLIENT]);
    assert_eq!(said.out.trim(), format!("Nothing is remembered of the columns of lists of {CLIENT}."));

    tokio::runtime::Runtime::new().unwrap().block_on(said_in_the_console(&house, &slug));
    let said = house.run(&load);
    assert!(said.code == 0 && said.out.contains("Globex Neu"), "{}{}", said.out, said.err);
    // What is said now goes before what was said then.
    let other = house.run(&[&load[..], &["--column", "account=Grade"]].concat());
    assert!(other.code == 0 && !other.out.contains("Globex Neu"), "{}{}", other.out, other.err);
    let known = house.run(&["list", "columns", "northwind  instruments", "--json"]).json();
    let columns: Vec<(&str, &str)> = known["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["header"].as_str().unwrap(), c["field"].as_str().unwrap()))
        .collect();
    assert_eq!(columns, [("Grade", ""), ("Xyz", "account")]);
    assert_eq!(known["columns"][0]["by"], "olga@soundings.example");

    let said = house.run(&["list", "columns", CLIENT, "--forget", "XYZ"]);
    assert!(
        said.code == 0 && said.out.starts_with("Forgotten: “Xyz” is the account, as olga@"),
        "{}{}",
        said.out,
        said.err
    );
    assert!(said.out.contains("“Grade” is none of ours"), "{}", said.out);
    let said = house.run(&["list", "columns", CLIENT, "--forget", "XYZ"]);
    assert!(said.code != 0 && said.err.contains("Nothing is remembered of a column “XYZ”"), "{}", said.err);
    let said = house.run(&load);
    assert!(said.code != 0 && said.err.contains("no column for the account"), "{}{}", said.out, said.err);
}
