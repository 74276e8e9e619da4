//! A PostgreSQL server that can be stopped hard and started again, on the same port and data; what it confirmed is on disk.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::postgres::{as_user, free_port, initialised, wait_until_ready};
use super::skip;

pub struct Cluster {
    holder: Child,
    folder: PathBuf,
    port: u16,
}

/// $1 postgres, $2 data, $3 folder, $4 port. Obeys a word a line; when our end of the pipe closes, everything goes.
const HOLDER: &str = r#"
begin() {
    rm -f "$2/postmaster.pid"
    "$1" -D "$2" -k "$3" -h 127.0.0.1 -p "$4" -c fsync=off -c max_connections=100 -c shared_buffers=32MB \
        -c autovacuum=off </dev/null >>"$3/log" 2>&1 &
    server=$!
}
end() {
    kill -QUIT $server
    wait $server
    rm -f "$2/postmaster.pid"
}
begin "$@"
while read -r word; do
    case $word in stop) end "$@" ;; start) begin "$@" ;; esac
done
end "$@"
rm -rf "$3"
"#;

impl Cluster {
    /// `None` where there is no PostgreSQL (which fails on CI).
    pub fn start() -> Option<Cluster> {
        let (bin, folder, user) = match initialised() {
            Ok(parts) => parts,
            Err(why) => {
                skip(&why);
                return None;
            }
        };
        let port = free_port().unwrap();
        let mut shell = as_user(Command::new("/bin/sh"), user, &folder);
        shell.arg("-c").arg(HOLDER).arg("holder").arg(bin.join("postgres")).arg(folder.join("data"));
        shell.arg(&folder).arg(port.to_string()).process_group(0);
        let holder = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut cluster = Cluster { holder, folder, port };
        wait_until_ready(&mut cluster.holder, port, &cluster.folder).unwrap();
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://soundings@127.0.0.1:{}/postgres", self.port)
    }

    /// As by `pg_ctl stop -m immediate`: no goodbye, and recovery at the next start.
    pub fn stop_immediately(&mut self) {
        self.tell("stop");
        while self.folder.join("data/postmaster.pid").exists() {
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn start_again(&mut self) {
        self.tell("start");
        wait_until_ready(&mut self.holder, self.port, &self.folder).unwrap();
    }

    fn tell(&mut self, word: &str) {
        let pipe = self.holder.stdin.as_mut().unwrap();
        writeln!(pipe, "{word}").unwrap();
        pipe.flush().unwrap();
    }
}
