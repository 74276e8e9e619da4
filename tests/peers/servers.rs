//! Five mail servers, each started with a configuration of its own in a temporary folder, on ports of its own, and stopped with the test.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub struct Peer {
    pub name: &'static str,
    /// Refuses recipients that it does not know.
    pub strict: u16,
    /// Takes everything and sends a report about what it cannot deliver.
    pub loose: Option<u16>,
    pub pipelining: bool,
    /// Debian's OpenSMTPD answers a handshake with the elliptic key of these tests by an internal error of its own.
    pub encrypts: bool,
    /// Ends a conversation in which nothing was said for three seconds.
    pub hangs_up: bool,
    pub folder: TempDir,
    child: Child,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        thread::sleep(Duration::from_millis(200));
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

pub fn testdata(name: &str) -> String {
    format!("{}/src/mail/smtp/testdata/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn unpacked(path: &str) -> String {
    format!("{}/target/peers/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// Two ports, one after the other.
pub fn ports() -> (u16, u16) {
    loop {
        let first = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return (port, port + 1);
        }
    }
}

/// Whether this can be tried here; on CI it must.
pub fn available(programs: &[&str], users: &[&str]) -> bool {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let missing: Vec<&&str> = programs.iter().filter(|p| !Path::new(p).exists()).collect();
    let unknown: Vec<&&str> =
        users.iter().filter(|u| !passwd.lines().any(|l| l.starts_with(&format!("{u}:")))).collect();
    if root && missing.is_empty() && unknown.is_empty() {
        return true;
    }
    let why = format!("root: {root}, missing: {missing:?} {unknown:?}; tests/peers/fetch brings them");
    eprintln!("skipped: {why}");
    assert!(std::env::var_os("CI").is_none(), "on CI nothing is skipped: {why}");
    false
}

/// Everybody may look into it: the servers run as other users.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("soundings-peer-").tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn start(mut command: Command, folder: &Path, port: u16) -> Child {
    let log = File::create(folder.join("log")).unwrap();
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).process_group(0);
    let mut child = command.spawn().unwrap();
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let said = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(child.try_wait().unwrap().is_none(), "it ended at once: {}", said());
        assert!(began.elapsed() < Duration::from_secs(30), "it does not begin: {}", said());
        thread::sleep(Duration::from_millis(50));
    }
    child
}

pub fn postfix() -> Option<Peer> {
    let master = unpacked("usr/lib/postfix/sbin/master");
    if !available(&[&master], &["postfix"]) {
        return None;
    }
    let folder = folder();
    let at = folder.path();
    let (strict, loose) = ports();
    let spool = [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private",
        "public", "saved", "trace",
    ];
    for name in ["conf", "data", "mail", "spool", "spool/pid"] {
        fs::create_dir(at.join(name)).unwrap();
    }
    let uid = Some(id_of("postfix"));
    chown(at.join("data"), uid, None).unwrap();
    chown(at.join("mail"), Some(65_534), None).unwrap();
    for name in spool {
        let path = at.join("spool").join(name);
        fs::create_dir(&path).unwrap();
        chown(path, uid, None).unwrap();
    }
    let (at_text, lib) = (at.display().to_string(), unpacked("usr/lib/postfix"));
    let main = include_str!("postfix.cf")
        .replace("@at@", &at_text)
        .replace("@peers@", unpacked("").trim_end_matches('/'))
        .replace("@certificate@", &testdata("server.pem"))
        .replace("@key@", &testdata("server.key"));
    fs::write(at.join("conf/main.cf"), main).unwrap();
    let services = include_str!("postfix_master.cf")
        .replace("@strict@", &strict.to_string())
        .replace("@loose@", &loose.to_string());
    fs::write(at.join("conf/master.cf"), services).unwrap();
    let mut command = Command::new(master);
    command.arg("-c").arg(at.join("conf")).arg("-d").env("LD_LIBRARY_PATH", lib);
    let child = start(command, at, strict);
    Some(Peer {
        name: "Postfix",
        strict,
        loose: Some(loose),
        pipelining: true,
        encrypts: true,
        hangs_up: true,
        folder,
        child,
    })
}

pub fn exim() -> Option<Peer> {
    let program = unpacked("usr/sbin/exim4");
    if !available(&[&program], &["Debian-exim"]) {
        return None;
    }
    let folder = folder();
    let at = folder.path();
    let (strict, loose) = ports();
    for name in ["spool", "mail"] {
        fs::create_dir(at.join(name)).unwrap();
        chown(at.join(name), Some(id_of("Debian-exim")), None).unwrap();
    }
    chown(at, Some(id_of("Debian-exim")), None).unwrap();
    let conf = include_str!("exim.conf")
        .replace("@at@", &at.display().to_string())
        .replace("@exim@", &program)
        .replace("@strict@", &strict.to_string())
        .replace("@certificate@", &testdata("server.pem"))
        .replace("@key@", &testdata("server.key"));
    fs::write(at.join("conf"), conf).unwrap();
    let mut command = Command::new(program);
    command.arg("-C").arg(at.join("conf")).args(["-bdf", "-oX", &format!("<, 127.0.0.1.{strict}, 127.0.0.1.{loose}")]);
    command.arg("-oP").arg(at.join("pid"));
    let child = start(command, at, strict);
    Some(Peer {
        name: "Exim",
        strict,
        loose: Some(loose),
        pipelining: true,
        encrypts: true,
        hangs_up: true,
        folder,
        child,
    })
}

/// Its queue and its socket have fixed places, so it gets a view of the file system of its own.
pub fn opensmtpd() -> Option<Peer> {
    if !available(&["/usr/sbin/smtpd", "/usr/bin/unshare"], &["opensmtpd", "opensmtpq"]) {
        return None;
    }
    let folder = folder();
    let at = folder.path();
    let (strict, loose) = ports();
    for (name, mode) in [("spool", 0o711), ("run", 0o755), ("mail", 0o777)] {
        fs::create_dir(at.join(name)).unwrap();
        fs::set_permissions(at.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let key = at.join("server.key");
    fs::copy(testdata("server.key"), &key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let conf = include_str!("opensmtpd.conf")
        .replace("@at@", &at.display().to_string())
        .replace("@strict@", &strict.to_string())
        .replace("@loose@", &loose.to_string())
        .replace("@certificate@", &testdata("server.pem"));
    fs::write(at.join("conf"), conf).unwrap();
    let script = "mkdir -p /var/spool/smtpd && mount --bind \"$1/spool\" /var/spool/smtpd && mount --bind \"$1/run\" /run \
                  && exec /usr/sbin/smtpd -d -f \"$1/conf\"";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script, "smtpd"]).arg(at);
    let child = start(command, at, strict);
    Some(Peer {
        name: "OpenSMTPD",
        strict,
        loose: Some(loose),
        pipelining: false,
        encrypts: false,
        hangs_up: false,
        folder,
        child,
    })
}

pub fn aiosmtpd() -> Option<Peer> {
    if !available(&["/usr/bin/python3", "/usr/lib/python3/dist-packages/aiosmtpd"], &[]) {
        return None;
    }
    let folder = folder();
    let at = folder.path();
    fs::create_dir(at.join("mail")).unwrap();
    let (strict, _) = ports();
    let mut command = Command::new("/usr/bin/python3");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/aiosmtpd_server.py")).arg(strict.to_string());
    command.arg(at.join("mail")).args([testdata("server.pem"), testdata("server.key")]);
    let child = start(command, at, strict);
    Some(Peer {
        name: "aiosmtpd",
        strict,
        loose: None,
        pipelining: false,
        encrypts: true,
        hangs_up: true,
        folder,
        child,
    })
}

/// Submission with login over STARTTLS; what it takes it hands on to the server on the port `relay`.
pub fn dovecot(relay: u16) -> Option<Peer> {
    if !available(&["/usr/sbin/dovecot", "/usr/lib/dovecot/submission"], &["dovecot"]) {
        return None;
    }
    let folder = folder();
    let at = folder.path();
    for name in ["base", "state", "mail"] {
        fs::create_dir(at.join(name)).unwrap();
    }
    chown(at.join("mail"), Some(65_534), Some(65_534)).unwrap();
    let (strict, _) = ports();
    let conf = include_str!("dovecot.conf")
        .replace("@at@", &at.display().to_string())
        .replace("@port@", &strict.to_string())
        .replace("@relay@", &relay.to_string())
        .replace("@certificate@", &testdata("server.pem"))
        .replace("@key@", &testdata("server.key"));
    fs::write(at.join("conf"), conf).unwrap();
    let mut command = Command::new("/usr/sbin/dovecot");
    command.arg("-F").arg("-c").arg(at.join("conf"));
    let child = start(command, at, strict);
    Some(Peer {
        name: "Dovecot",
        strict,
        loose: None,
        pipelining: true,
        encrypts: true,
        hangs_up: false,
        folder,
        child,
    })
}

fn id_of(user: &str) -> u32 {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let line = passwd.lines().find(|line| line.starts_with(&format!("{user}:"))).unwrap();
    line.split(':').nth(2).unwrap().parse().unwrap()
}

impl Peer {
    /// What was delivered to this user so far, oldest first, with `\n` line ends.
    pub fn mails(&self, user: &str) -> Vec<Vec<u8>> {
        let folder = self.folder.path().join("mail").join(user).join("new");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|f| f.path()).collect();
        files.sort_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
        files.into_iter().map(|path| lines(&fs::read(path).unwrap())).collect()
    }

    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// With `\n` line ends.
pub fn lines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (n, byte) in text.iter().enumerate() {
        if *byte != b'\r' || text.get(n + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}
