//! What real programs write back: the reports of three mail servers about somebody they do not know, and the absences of two programs in
//! several languages, read by `soundings mail check`.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use soundings::mail::smtp::Connection;

use super::servers::{self, Peer};
use super::{delivered, messages, send, settings};

const PROGRAM: &str = env!("CARGO_BIN_EXE_soundings");

fn check(mail: &[u8]) -> serde_json::Value {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(mail).unwrap();
    let said = Command::new(PROGRAM).args(["mail", "check", "--json"]).arg(file.path()).output().unwrap();
    let line = String::from_utf8(said.stdout).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|e| unreachable!("{e}: {line}{}", String::from_utf8_lossy(&said.stderr)))
}

/// Taken first, then found to be undeliverable: what comes back names the one whom it is about, as gone for good.
async fn reports(peer: Peer) {
    let mut connection = Connection::open(&settings(peer.loose.unwrap())).await.unwrap();
    let reply = send(&mut connection, "gone@contact.example", &messages()[3]).await;
    assert!(reply.is_ok(), "{}: {reply:?}", peer.name);
    let report = delivered(&peer, "bounce", 1).await.remove(0);
    let said = check(&report);
    let shown = String::from_utf8_lossy(&report);
    assert_eq!(said["class"], "hard_bounce", "{}: {said}\n{shown}", peer.name);
    assert_eq!(said["recipients"], serde_json::json!(["gone@contact.example"]), "{}: {said}\n{shown}", peer.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn f29_postfix_reports_a_mailbox_that_is_not_there() {
    if let Some(peer) = servers::postfix() {
        reports(peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f29_exim_reports_a_mailbox_that_is_not_there() {
    if let Some(peer) = servers::exim() {
        reports(peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f29_opensmtpd_reports_a_mailbox_that_is_not_there() {
    if let Some(peer) = servers::opensmtpd() {
        reports(peer).await;
    }
}

const ABSENCES: [(&str, &str, &str); 6] = [
    ("en", "Out of office", "I am away until 19 February 2027 and will answer when I am back."),
    ("de", "Abwesenheitsnotiz", "Ich bin bis zum 19. Februar 2027 nicht im Haus und antworte danach."),
    ("fr", "Absence du bureau", "Je suis absente jusqu'au 19 f\u{e9}vrier 2027 et r\u{e9}pondrai \u{e0} mon retour."),
    ("es", "Fuera de la oficina", "Estar\u{e9} fuera de la oficina hasta el 19 de febrero de 2027."),
    ("nl", "Afwezig", "Ik ben afwezig tot en met 19 februari 2027."),
    ("pl", "Automatyczna odpowied\u{17a}", "Jestem poza biurem do 19 lutego 2027 r. Odpowiem po powrocie."),
];

fn letter() -> Vec<u8> {
    let head = "From: Laura Whitcombe <bounce@sender.example>\r\nTo: Anna Lee <anna@contact.example>\r\nSubject: Your view\r\n\
                Date: Mon, 8 Feb 2027 09:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n\r\nPlease tell us.\r\n";
    head.as_bytes().to_vec()
}

fn is_an_absence(program: &str, language: &str, mail: &[u8]) {
    let said = check(mail);
    let shown = String::from_utf8_lossy(mail);
    assert_eq!(said["class"], "auto_reply", "{program}, {language}: {said}\n{shown}");
    assert_ne!(said["has_left"], serde_json::json!(true), "{program}, {language}: {said}\n{shown}");
}

/// A program that takes the place of sendmail and keeps what it is given.
fn keeper(at: &Path) -> String {
    let path = at.join("sendmail");
    fs::write(&path, format!("#!/bin/sh\ncat > {}/answer\n", at.display())).unwrap();
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// What it prints.
fn feed(command: &mut Command, mail: &[u8]) -> Vec<u8> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let done = child.wait_with_output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{}{}", said(&done.stdout), said(&done.stderr));
    done.stdout
}

#[test]
fn f29_absences_of_dovecot_sieve_are_no_bounces() {
    if !servers::available(&["/usr/bin/sieve-test"], &[]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let conf = format!(
        "mail_location = maildir:{}/mail\npostmaster_address = p@contact.example\nssl = no\n\
         mail_uid = nobody\nmail_gid = nogroup\nfirst_valid_uid = 1\n",
        at.display()
    );
    fs::write(at.join("conf"), conf).unwrap();
    // It runs as nobody.
    fs::set_permissions(at, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    fs::write(at.join("mail.eml"), letter()).unwrap();
    for (language, subject, text) in ABSENCES {
        let script = format!(
            "require \"vacation\";\nvacation :days 1 :subject \"{subject}\" :addresses \"anna@contact.example\" \"{text}\";\n"
        );
        fs::write(at.join("script.sieve"), script).unwrap();
        let mut command = Command::new("/usr/bin/sieve-test");
        command.arg("-c").arg(at.join("conf")).args([
            "-e",
            "-f",
            "bounce@sender.example",
            "-a",
            "anna@contact.example",
        ]);
        command.arg(at.join("script.sieve")).arg(at.join("mail.eml")).env("HOME", at);
        // It prints what it would send, then to whom.
        let printed = feed(&mut command, b"");
        let end = printed.windows(11).position(|w| w == b"\nRECIPIENT:").unwrap();
        let begin = printed.windows(8).position(|w| w == b"X-Sieve:").unwrap();
        let answer = printed[begin..end].to_vec();
        is_an_absence("dovecot-sieve", language, &answer);
    }
}

#[test]
fn f29_absences_of_vacation_are_no_bounces() {
    let vacation = format!("{}/target/peers/usr/bin/vacation", env!("CARGO_MANIFEST_DIR"));
    if !servers::available(&[&vacation, "/usr/bin/unshare", "/usr/sbin/sendmail"], &["nobody"]) {
        return;
    }
    for (language, subject, text) in ABSENCES {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let sendmail = keeper(at);
        fs::set_permissions(at, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
        let words = format!(
            "From: anna@contact.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        );
        fs::write(at.join("words"), words).unwrap();
        // It hands its answer to /usr/sbin/sendmail, so that name leads elsewhere for it.
        let script =
            "mount --bind \"$1\" /usr/sbin/sendmail && exec \"$2\" -j -f \"$3/db\" -m \"$3/words\" -a anna nobody";
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", script, "vacation", &sendmail, &vacation]).arg(at);
        feed(
            &mut command,
            &[b"From bounce@sender.example Mon Feb  8 09:00:00 2027\n".as_slice(), &servers::lines(&letter())].concat(),
        );
        is_an_absence("vacation", language, &fs::read(at.join("answer")).unwrap());
    }
}
