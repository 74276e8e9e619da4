//! The way out of a real letter, taken by `listunsub` against the program itself as it serves (M04).

use std::io::Write;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use soundings::base::signing_key::{Algorithm, SigningKey};
use soundings::mail::dkim::{DkimKey, Signer};

use crate::common::{ANN, BEN, Place, World};
use crate::verifiers::{PYTHON, missing, run};

/// Ended when dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program on the installation of this world, and its port.
fn serve(world: &World) -> (Serving, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = world.folder.path();
    std::fs::write(folder.join("secret.key"), world.ctx.key.to_text()).unwrap();
    let settings = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\nbase_url = \"{}\"\n[database]\nurl = \"{}\"\n[smtp]\nport = {}\n",
        world.ctx.base_url,
        world.url,
        world.mailbox.address().port()
    );
    std::fs::write(folder.join("soundings.toml"), settings).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
    let child = command.arg("serve").current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let serving = Serving(child);
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < Duration::from_mins(1), "`serve` does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    (serving, port)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m04_the_one_click_of_a_letter_works_for_a_mail_program_and_a_get_does_nothing() {
    if let Some(why) = missing(&PYTHON) {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        writeln!(std::io::stderr(), "skipped: {why}").unwrap();
        return;
    }
    let mut world = World::new(Place::Sqlite).await.unwrap();
    let key = DkimKey { selector: "s1".into(), key: SigningKey::draw(Algorithm::Rsa).unwrap().0 };
    world.ctx.signer = Signer::new([("northwind.example".to_string(), key)]).into();
    world.signed().await;
    world.pass_to("2027-02-01T18:00:00Z").await;
    let (_serving, port) = serve(&world);
    for (who, form) in [(ANN, "multipart"), (BEN, "urlencoded")] {
        let letter = world.mail_to(who, "warm_up");
        let file = world.folder.path().join(format!("{form}.eml"));
        std::fs::write(&file, &letter.raw).unwrap();
        let ask = async |step: &'static str| {
            let arguments = [file.display().to_string(), port.to_string(), form.to_string(), step.to_string()];
            let said = tokio::task::spawn_blocking(move || run(&PYTHON, "one_click.py", &arguments)).await.unwrap();
            let said: serde_json::Value = serde_json::from_str(&said).unwrap();
            assert_eq!(said["problems"], serde_json::json!([]), "{said}");
            assert_eq!((&said["covered"], &said["kind"]), (&serde_json::json!([true]), &"one-click".into()), "{said}");
            said["answers"].as_array().unwrap().clone()
        };
        for answer in ask("get").await {
            assert_eq!(answer["status"], 200, "{answer}");
        }
        assert!(world.person(who).await.opted_out_at.is_none(), "a GET opted {who} out");
        for answer in ask("post").await {
            let plain = answer["status"] == 200 && answer["cookie"].is_null() && answer["location"].is_null();
            assert!(plain, "{answer}");
        }
        assert!(world.person(who).await.opted_out_at.is_some(), "{form} did not opt {who} out");
    }
}
