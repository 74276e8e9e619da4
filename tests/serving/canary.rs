//! S17: a mail server, a mailbox and a mail program that say secrets back; the program as it is started, with the log at trace.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::daemon::{Daemon, soundings};
use super::{SOON, modes, pages};

const ROUND: &str = "northwind-2027";
const OPERATOR: &str = "olga@soundings.example";

/// Greets, and answers every line by what `answer` makes of it.
fn parrot(greeting: &'static str, answer: fn(&str) -> String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let _ = stream.write_all(greeting.as_bytes());
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                for line in lines.map_while(Result::ok) {
                    if stream.write_all(answer(&line).as_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
    });
    port
}

fn smtp(line: &str) -> String {
    match line.split(' ').next() {
        Some("EHLO") => "250-parrot\r\n250 AUTH PLAIN LOGIN\r\n".to_string(),
        _ => format!("535-5.7.8 you said {line}\r\n535 5.7.8 {line} is refused\r\n"),
    }
}

fn imap(line: &str) -> String {
    let (tag, rest) = line.split_once(' ').unwrap_or((line, ""));
    match rest.split(' ').next().unwrap_or("").to_ascii_uppercase().as_str() {
        "CAPABILITY" => format!("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n"),
        "LOGOUT" => format!("* BYE {rest}\r\n{tag} OK bye\r\n"),
        _ => format!("* BAD you said {rest}\r\n{tag} NO [AUTHENTICATIONFAILED] {rest} is refused\r\n"),
    }
}

/// A mail program that takes our door for a mail server with a log-in.
fn logs_in_at_the_door(door: &Path, password: &str) -> String {
    let mut stream = UnixStream::connect(door).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut said = lines.next().unwrap().unwrap();
    let plain = STANDARD.encode(format!("\0me\0{password}"));
    for line in ["LHLO mail.example".to_string(), format!("AUTH PLAIN {plain}"), format!("AUTH LOGIN {password}")] {
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        while let Some(Ok(line)) = lines.next() {
            said.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        }
    }
    said
}

/// Every address of the router that shows something; what stands in its place where it names something.
fn addresses(instead: &[(&str, &str)]) -> Vec<String> {
    let read = pages::patterns().into_iter();
    let filled = read.map(|path| instead.iter().fold(path, |path, (name, value)| path.replace(name, value)));
    filled.filter(|path| !path.contains('{')).collect()
}

/// The word behind the first `before` of a text.
fn behind<'t>(text: &'t str, before: &str) -> Option<&'t str> {
    let rest = text.split_once(before)?.1;
    rest.split(|c: char| !c.is_ascii_alphanumeric() && !"-_=.".contains(c)).next().filter(|word| !word.is_empty())
}

#[test]
fn s17_c05_what_a_server_repeats_reaches_nothing_that_is_kept_shown_or_handed_on() {
    const PASSWORDS: [&str; 3] = ["canary-of-the-mail-server", "canary-of-the-mailbox", "canary-at-the-door"];
    let folder = tempfile::tempdir().unwrap();
    let door = folder.path().join("lmtp.sock");
    let extra = format!(
        "[smtp]\nport = {}\nusername = \"me\"\npassword = \"{}\"\n[log]\nlevel = \"trace\"\n[delivery]\ncheck_domains = false\n\
         [replies]\naddress = \"bounces@replies.soundings.example\"\nimap_host = \"127.0.0.1\"\nimap_port = {}\nimap_security = \"plain\"\n\
         imap_username = \"us\"\nimap_password = \"{}\"\nlmtp_listen = \"unix:{}\"\n",
        parrot("220 parrot\r\n", smtp),
        PASSWORDS[0],
        parrot("* OK parrot\r\n", imap),
        PASSWORDS[1],
        door.display()
    );
    let daemon = Daemon::start(folder.path(), &extra, None);
    assert_eq!(fs::metadata(&door).unwrap().permissions().mode() & 0o777, 0o660);
    let mut kept: Vec<(String, Vec<u8>)> = vec![("the door".into(), logs_in_at_the_door(&door, PASSWORDS[2]).into())];
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo");
    let commands: [&[&str]; 3] = [&["user", "add", OPERATOR], &["round", "load", demo], &["round", "start", ROUND]];
    let said = commands.map(|command| soundings(folder.path(), command));
    let link = behind(&said[0], "/login/").unwrap().to_string();
    let came = daemon.post(&format!("/login/{link}"), "email=olga%40soundings.example");
    let cookie =
        came.to_lowercase().split_once("set-cookie: ").map(|(at, _)| came[at.len() + 12..].to_string()).unwrap();
    let cookie = format!("cookie: {}\r\n", cookie.split(';').next().unwrap());
    // A mail is due: the link that was asked for.
    daemon.post("/log-in", "email=olga%40soundings.example");
    let began = Instant::now();
    // The relay has refused us, and so has the mailbox.
    let both = |log: &str| log.contains("535 5.7.8") && log.contains("The next try is in");
    while !both(&daemon.log()) {
        assert!(began.elapsed() < SOON, "{}", daemon.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    let overview = daemon.get_with(&format!("/rounds/{ROUND}"), &cookie);
    assert!(overview.contains("No mail leaves"), "{overview}");
    let ready = daemon.get("/readyz");
    assert!(ready.contains("503") && ready.contains("535 5.7.8"), "{ready}");
    assert!(daemon.get("/metrics").contains("soundings_sending_stands_still 1"));
    let contacts = daemon.get_with(&format!("/rounds/{ROUND}/contacts"), &cookie);
    let contact = behind(&contacts, &format!("/rounds/{ROUND}/contacts/")).unwrap();
    let outbox = daemon.get_with(&format!("/rounds/{ROUND}/outbox"), &cookie);
    let message = behind(&outbox, &format!("/rounds/{ROUND}/messages/")).unwrap_or("{message}");
    let key =
        behind(&soundings(folder.path(), &["key", "add", "tests"]), "snd_").map(|key| format!("snd_{key}")).unwrap();
    let head = format!("{cookie}authorization: Bearer {key}\r\n");
    let all = addresses(&[("{round}", ROUND), ("{contact}", contact), ("{message}", message)]);
    assert!(all.len() > 22, "{all:?}");
    for path in all {
        let said = daemon.get_with(&path, &head);
        assert!(said.starts_with("HTTP/1.1 200") || path == "/readyz", "{path}: {said}");
        kept.push((path, said.into()));
    }
    let commands: [&[&str]; 8] = [
        &["doctor"],
        &["doctor", "--json"],
        &["round", "status", ROUND, "--json"],
        &["round", "plan", ROUND, "--json"],
        &["export", ROUND, "--to", "exported"],
        &["check-config"],
        &["sending", "show"],
        &["backup", "copy.db"],
    ];
    for command in commands {
        kept.push((command.join(" "), soundings(folder.path(), command).into()));
    }
    let log = daemon.log();
    drop(daemon);
    for (name, _) in modes(folder.path()).into_iter().filter(|(name, _)| !name.ends_with("soundings.toml")) {
        if Path::new(&name).is_file() {
            kept.push((name.clone(), fs::read(&name).unwrap()));
        }
    }
    assert!(log.contains("DEBUG") && log.contains("535"), "the log is the one in which it would be");
    assert!(folder.path().join("exported/contacts.csv").exists() && folder.path().join("copy.db").exists());
    let doctor = kept.iter().find(|(name, _)| name == "doctor").map(|(_, said)| String::from_utf8_lossy(said)).unwrap();
    assert!(doctor.contains("WRONG what comes back") && doctor.contains("535 5.7.8"), "{doctor}");
    for password in PASSWORDS {
        let plain = |user: &str| STANDARD.encode(format!("\0{user}\0{password}"));
        for canary in [password.to_string(), STANDARD.encode(password), plain("me"), plain("us")] {
            for (name, bytes) in &kept {
                let found = bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
                assert!(!found, "{canary} is in {name}");
            }
        }
    }
    // Twin: it would be found where it is.
    let settings = fs::read_to_string(folder.path().join("soundings.toml")).unwrap();
    assert!(settings.contains(PASSWORDS[0]) && settings.contains(PASSWORDS[1]));
}
