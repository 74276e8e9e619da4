//! A PostgreSQL server for tests: the one that `SOUNDINGS_TEST_POSTGRES` names, else a throw-away one of our own.
//!
//! Ours is started once per test process from the installed binaries, without fsync, as the user `postgres` when we are
//! root (the server refuses to run as root). A shell holds it and waits for the end of its standard input, which is a pipe
//! from us: however this process ends, the pipe closes, the server stops, and its folder goes.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

/// Number of the user and of the group as whom a server runs, where that is not us.
pub type Owner = Option<(u32, u32)>;

/// Which databases a test has made so far, for their names.
static MADE: AtomicU64 = AtomicU64::new(0);

struct Server {
    base: String,
    /// Dropping it, or dying, closes the pipe that the shell waits on.
    _holder: Option<Child>,
}

/// The URL of a new, empty database; `None` (said once) where there is no PostgreSQL. On CI its absence is a failure.
pub async fn fresh_database() -> Option<String> {
    database_like("template1").await
}

/// The same as a copy of the database of this name, to which nobody may be connected.
pub async fn database_like(template: &str) -> Option<String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(server) {
        Ok(server) => Some(create(&server.base, template).await),
        Err(why) => {
            static SAID: OnceLock<()> = OnceLock::new();
            SAID.get_or_init(|| eprintln!("skipped on PostgreSQL: {why}"));
            assert!(std::env::var_os("CI").is_none(), "on CI nothing is skipped: {why}");
            None
        }
    }
}

fn server() -> Result<Server, String> {
    match std::env::var("SOUNDINGS_TEST_POSTGRES") {
        Ok(base) if !base.is_empty() => Ok(Server { base: base.trim_end_matches('/').into(), _holder: None }),
        _ => start(),
    }
}

async fn create(base: &str, template: &str) -> String {
    let name = format!("soundings_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
    let mut admin = PgConnection::connect(&format!("{base}/postgres")).await.unwrap();
    let sql = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}")).into_sql_str();
    admin.execute(sql).await.unwrap();
    admin.close().await.unwrap();
    format!("{base}/{name}")
}

fn start() -> Result<Server, String> {
    let (bin, folder, user) = initialised()?;
    let data = folder.join("data");
    let port = free_port().map_err(|e| e.to_string())?;
    let mut shell = as_user(Command::new("/bin/sh"), user, &folder);
    shell.arg("-c").arg(HOLDER).arg("holder").arg(bin.join("postgres")).arg(&data).arg(&folder).arg(port.to_string());
    // A group of its own: Ctrl-C ends us, and then the closing pipe ends the server.
    shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut holder = shell.spawn().map_err(|e| e.to_string())?;
    wait_until_ready(&mut holder, port, &folder)?;
    Ok(Server { base: format!("postgres://soundings@127.0.0.1:{port}"), _holder: Some(holder) })
}

/// A new cluster in a folder of its own: the binaries, the folder with `data` in it, and whom the server runs as.
pub fn initialised() -> Result<(PathBuf, PathBuf, Owner), String> {
    let bin = newest_bin().ok_or("no server under /usr/lib/postgresql; name one in SOUNDINGS_TEST_POSTGRES")?;
    let user = user()?;
    let folder = tempfile::Builder::new().prefix("soundings-postgres-").tempdir().map_err(|e| e.to_string())?.keep();
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid)).map_err(|e| e.to_string())?;
    }
    let mut init = as_user(Command::new(bin.join("initdb")), user, &folder);
    init.args(["--username=soundings", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"]);
    let made = init.arg(folder.join("data")).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let made = made.map_err(|e| e.to_string())?;
    if !made.status.success() {
        return Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr)));
    }
    Ok((bin, folder, user))
}

/// $1 postgres, $2 data, $3 folder, $4 port. `cat` ends when our end of the pipe closes.
const HOLDER: &str = r#"
"$1" -D "$2" -k "$3" -h 127.0.0.1 -p "$4" -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c max_connections=400 -c shared_buffers=64MB -c autovacuum=off >"$3/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$3"
"#;

fn newest_bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path());
    let number = |path: &PathBuf| path.file_name().and_then(|n| n.to_str()).and_then(|n| n.parse::<u32>().ok());
    let newest = versions.filter(|v| number(v).is_some()).max_by_key(|v| number(v))?.join("bin");
    newest.join("initdb").is_file().then_some(newest)
}

/// The user `postgres` when we are root; nobody else otherwise.
fn user() -> Result<Owner, String> {
    let mut own = String::new();
    let status = fs::File::open("/proc/self/status").and_then(|mut f| f.read_to_string(&mut own));
    status.map_err(|e| e.to_string())?;
    let uid = own.lines().find_map(|l| l.strip_prefix("Uid:")).and_then(|l| l.split_whitespace().next());
    if uid != Some("0") {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|e| e.to_string())?;
    let line = users.lines().find(|l| l.starts_with("postgres:")).ok_or("we are root and there is no user postgres")?;
    let fields: Vec<&str> = line.split(':').collect();
    match (fields.get(2).and_then(|f| f.parse().ok()), fields.get(3).and_then(|f| f.parse().ok())) {
        (Some(uid), Some(gid)) => Ok(Some((uid, gid))),
        _ => Err("the user postgres has no number in /etc/passwd".into()),
    }
}

pub fn as_user(mut command: Command, user: Owner, folder: &Path) -> Command {
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command.current_dir(folder);
    command
}

pub fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The server writes `ready` into its pid file when it takes connections.
pub fn wait_until_ready(holder: &mut Child, port: u16, folder: &Path) -> Result<(), String> {
    let since = Instant::now();
    while since.elapsed() < Duration::from_mins(1) {
        let pid_file = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        if pid_file.lines().any(|line| line.trim() == "ready") {
            return Ok(());
        }
        if holder.try_wait().is_ok_and(|ended| ended.is_some()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    Err(format!("the server did not come up on port {port}: {log}"))
}
