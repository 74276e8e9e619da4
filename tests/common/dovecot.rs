//! A Dovecot of our own for tests: IMAP on a loopback port, one user, a mailbox in a temporary folder.
//!
//! Held by a shell that waits for the end of its standard input, as the PostgreSQL of the tests is: however this process ends, it goes.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use soundings::config::{Replies, Security};
use tempfile::TempDir;

pub const ADDRESS: &str = "bounces@replies.northwind.example";
const USER: &str = "replies";
/// With what has to be quoted on the wire.
const PASSWORD: &str = "let\"me\\in";

pub struct Dovecot {
    pub port: u16,
    folder: TempDir,
    _holder: Child,
    delivered: u64,
}

/// `None`, said once, where there is no Dovecot. On CI its absence is a failure.
pub fn start() -> Option<Dovecot> {
    match try_start() {
        Ok(server) => Some(server),
        Err(why) => {
            eprintln!("skipped: {why}");
            assert!(std::env::var_os("CI").is_none(), "on CI nothing is skipped: {why}");
            None
        }
    }
}

fn try_start() -> Result<Dovecot, String> {
    let binary = Path::new("/usr/sbin/dovecot");
    if !binary.is_file() {
        return Err("no Dovecot under /usr/sbin; apt-get install dovecot-imapd".into());
    }
    let folder = tempfile::Builder::new().prefix("soundings-dovecot-").tempdir().map_err(|e| e.to_string())?;
    let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
    let at = folder.path().display();
    let user = whoami();
    // Root may not read mail: Dovecot wants users of its own, which the package has made.
    let root = user == "root";
    let (internal, login, reader) =
        if root { ("dovecot", "dovenull", "mail") } else { (user.as_str(), user.as_str(), user.as_str()) };
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())?;
    fs::write(folder.path().join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).map_err(|e| e.to_string())?;
    let config = format!(
        "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\nssl = no\n\
         mail_location = maildir:{at}/mail:INDEX=MEMORY\nmail_uid = {reader}\nmail_gid = {reader}\nfirst_valid_uid = 0\nfirst_valid_gid = 0\n\
         default_internal_user = {internal}\ndefault_internal_group = {internal}\ndefault_login_user = {login}\nmaildir_very_dirty_syncs = no\n\
         mail_max_userip_connections = 50\nauth_mechanisms = plain login\ndisable_plaintext_auth = no\n\
         passdb {{\n  driver = passwd-file\n  args = {at}/users\n}}\nuserdb {{\n  driver = static\n  args = home={at}\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {port}\n  }}\n  inet_listener imaps {{\n    port = 0\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\n"
    );
    fs::write(folder.path().join("dovecot.conf"), config).map_err(|e| e.to_string())?;
    for sub in ["run", "state", "mail", "mail/new", "mail/cur", "mail/tmp"] {
        fs::create_dir_all(folder.path().join(sub)).map_err(|e| e.to_string())?;
    }
    if root {
        let given = Command::new("chown").args(["-R", "mail:mail"]).arg(folder.path().join("mail")).status();
        given.map_err(|e| e.to_string())?;
    }
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(HOLDER).arg("holder").arg(binary).arg(folder.path().join("dovecot.conf"));
    shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let holder = shell.spawn().map_err(|e| e.to_string())?;
    let server = Dovecot { port, folder, _holder: holder, delivered: 0 };
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(20) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Err(format!("Dovecot did not come up: {}", server.log()))
}

/// $1 dovecot, $2 its settings. `cat` ends when our end of the pipe closes.
const HOLDER: &str = r#"
"$1" -F -c "$2" &
server=$!
cat >/dev/null
kill -TERM $server
wait $server
"#;

fn whoami() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}

impl Dovecot {
    pub fn settings(&self) -> Replies {
        Dovecot::settings_through(self.port)
    }

    /// The same by way of another port.
    pub fn settings_through(port: u16) -> Replies {
        Replies {
            address: Some(ADDRESS.into()),
            imap_host: Some("127.0.0.1".into()),
            imap_port: port,
            imap_security: Security::Plain,
            imap_username: USER.into(),
            imap_password: PASSWORD.into(),
            ..Replies::default()
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn mail(&self, sub: &str) -> PathBuf {
        self.folder.path().join("mail").join(sub)
    }

    /// Puts a mail into the mailbox, as a delivery agent does.
    pub fn deliver(&mut self, mail: &str) {
        self.delivered += 1;
        let name = format!("{:010}.M{}P1.test", 1_800_000_000 + self.delivered, self.delivered);
        let tmp = self.mail("tmp").join(&name);
        fs::write(&tmp, mail).unwrap();
        fs::rename(tmp, self.mail("new").join(name)).unwrap();
    }

    /// The files of the mails that are there.
    pub fn mails(&self) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for sub in ["new", "cur"] {
            all.extend(fs::read_dir(self.mail(sub)).unwrap().map(|entry| entry.unwrap().path()));
        }
        all.sort();
        all
    }

    /// The server forgets which number it has given to which mail, as after a mailbox was restored.
    pub fn forget_numbers(&self) {
        for name in ["dovecot-uidlist", "dovecot-uidvalidity"] {
            let _ = fs::remove_file(self.mail(name));
        }
        for entry in fs::read_dir(self.mail("")).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot-uidvalidity") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
}
