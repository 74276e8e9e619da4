//! Whose key it is: a database is used with one key, by however many daemons, and nobody works on it with another or without (0025).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;

use crate::common::{World, northwind};

on_both!(
    a_database_with_people_takes_no_new_key_and_keeps_to_the_first_it_is_opened_with,
    a_second_machine_needs_the_first_ones_key,
    doctor_names_links_that_another_key_has_made,
);

/// The program with a configuration and a key file of its own, as on another machine.
struct Machine {
    home: PathBuf,
}

impl Machine {
    fn new(world: &World, name: &str) -> Machine {
        let home = world.folder.path().join(name);
        std::fs::create_dir(&home).unwrap();
        let settings = format!(
            "secret_key_file = \"{0}/secret.key\"\noutbound_journal = \"{0}/outbound\"\n[database]\nurl = \"{1}\"\n",
            home.display(),
            world.url
        );
        std::fs::write(home.join("soundings.toml"), settings).unwrap();
        Machine { home }
    }

    fn key(&self) -> PathBuf {
        self.home.join("secret.key")
    }

    /// Exit status, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        let out = command.args(arguments).current_dir(&self.home).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    fn refused(&self, arguments: &[&str], because: &str) {
        let (status, out, err) = self.run(arguments);
        assert!(
            status == 1 && err.contains(because) && err.contains("secret.key"),
            "{arguments:?}: {status} {out}{err}"
        );
    }

    fn opens(&self) {
        let (status, out, err) = self.run(&["user", "list", "--json"]);
        assert!(status == 0 && out.contains("\"operators\""), "{status} {out}{err}");
    }

    /// What `doctor` says of the key.
    fn doctor(&self) -> (bool, String) {
        let (_, out, err) = self.run(&["doctor", "--json"]);
        assert!(out.starts_with('{'), "{out}{err}");
        let said: Value = serde_json::from_str(&out).unwrap();
        let checks = said["checks"].as_array().unwrap();
        let key = checks.iter().find(|c| c["name"] == "key").unwrap();
        (key["ok"].as_bool().unwrap(), key["says"].as_str().unwrap().to_string())
    }
}

fn write(key: &SecretKey, to: &Path) {
    std::fs::write(to, format!("{}\n", key.to_text())).unwrap();
}

async fn a_database_with_people_takes_no_new_key_and_keeps_to_the_first_it_is_opened_with(world: World) {
    world.load(northwind()).await;
    let machine = Machine::new(&world, "one");
    // As an earlier version leaves it: people, and no proof of any key.
    for command in [&["serve"][..], &["user", "list"], &["backup", "copy.db"], &["round", "plan", "x"]] {
        machine.refused(command, "is missing");
    }
    assert!(!machine.key().exists(), "no key is drawn");
    let (ok, says) = machine.doctor();
    assert!(!ok && says.contains("backup"), "{says}");
    assert!(!machine.key().exists());

    // The twin: with the key it opens, and from then on with no other.
    write(&world.ctx.key, &machine.key());
    machine.opens();
    let (ok, says) = machine.doctor();
    assert!(ok && says.contains("is the one"), "{says}");
    write(&SecretKey::draw(&Ids::seeded(99)), &machine.key());
    for command in [&["serve"][..], &["user", "list"], &["export", "x"]] {
        machine.refused(command, "is not the one");
    }
    let (ok, says) = machine.doctor();
    assert!(!ok && says.contains("is not the one"), "{says}");
    std::fs::remove_file(machine.key()).unwrap();
    machine.refused(&["user", "list"], "is missing");
    write(&world.ctx.key, &machine.key());
    machine.opens();
    // A link to a file that is gone is no missing file either.
    std::fs::rename(machine.key(), machine.home.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(machine.home.join("gone"), machine.key()).unwrap();
    let (status, _, err) = machine.run(&["user", "list"]);
    assert!(status == 2 && err.contains("a link to a file that is not there"), "{err}");
    assert!(!machine.home.join("gone").exists());
}

async fn a_second_machine_needs_the_first_ones_key(world: World) {
    let (one, two, three) = (Machine::new(&world, "one"), Machine::new(&world, "two"), Machine::new(&world, "three"));
    one.opens();
    assert!(one.key().exists(), "an empty database gets a key");
    // Nobody is in it yet, and still it is one key for all.
    two.refused(&["user", "list"], "is missing");
    assert!(!two.key().exists());
    write(&SecretKey::draw(&Ids::seeded(98)), &three.key());
    three.refused(&["serve"], "is not the one");
    assert!(three.key().exists(), "a key that somebody put there is left alone");
    std::fs::copy(one.key(), two.key()).unwrap();
    two.opens();
    one.opens();
}

async fn doctor_names_links_that_another_key_has_made(world: World) {
    // As an earlier version let it happen: the list was loaded with one key, and the database is opened first with another.
    world.load(northwind()).await;
    let machine = Machine::new(&world, "one");
    write(&SecretKey::draw(&Ids::seeded(97)), &machine.key());
    machine.opens();
    let (ok, says) = machine.doctor();
    assert!(!ok && says.contains("open nothing") && says.contains("of the latest"), "{says}");
}
