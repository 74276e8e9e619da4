//! The other implementations: how each is run, once for all messages, and what this machine lacks for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

#[derive(Clone, Copy)]
pub struct Verifier {
    pub name: &'static str,
    /// Relative ones start at the crate.
    program: &'static str,
    script: &'static str,
    /// Arguments that show that all is there.
    probe: &'static [&'static str],
    lacks: &'static str,
}

pub const PYTHON: Verifier = Verifier {
    name: "dkimpy and Python's email",
    program: "target/python/bin/python3",
    script: "verify.py",
    probe: &["-c", "import dkim, nacl, dns, listunsub"],
    lacks: "python3 -m venv target/python; target/python/bin/pip install -r tests/dkim/requirements.txt",
};
pub const NODE: Verifier = Verifier {
    name: "mailauth and mailparser",
    program: "node",
    script: "verify.mjs",
    probe: &["--input-type=module", "-e", "import 'mailauth'; import 'mailparser'; import 'caniemail'"],
    lacks: "npm ci in tests/dkim",
};
pub const PERL: Verifier = Verifier {
    name: "Mail::DKIM",
    program: "perl",
    script: "verify.pl",
    probe: &["-MMail::DKIM", "-MJSON::PP", "-e", "1"],
    lacks: "apt-get install libmail-dkim-perl",
};

/// About one message.
#[derive(Debug, Deserialize)]
pub struct Said {
    pub file: String,
    /// By algorithm.
    pub signatures: BTreeMap<String, String>,
    pub wrong: Vec<String>,
    pub fields: BTreeMap<String, serde_json::Value>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn command(verifier: &Verifier) -> Command {
    let program = verifier.program;
    let mut command = Command::new(if program.contains('/') { root().join(program) } else { program.into() });
    command.current_dir(root().join("tests/dkim"));
    command
}

/// What is not to be had here, in one line.
pub fn missing(verifier: &Verifier) -> Option<String> {
    let probe = command(verifier).args(verifier.probe).stdout(Stdio::null()).stderr(Stdio::null()).status();
    (!probe.is_ok_and(|status| status.success()))
        .then(|| format!("messages in the eyes of {}: run `{}` first", verifier.name, verifier.lacks))
}

/// What a script of its kind prints.
pub fn run(verifier: &Verifier, script: &str, arguments: &[String]) -> String {
    let out = command(verifier).arg(script).args(arguments).output().unwrap();
    assert!(out.status.success(), "{script}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

impl Verifier {
    /// About every message of the folder, by its name.
    pub fn ask(&self, folder: &Path, name_server: u16) -> BTreeMap<String, Said> {
        let out = run(self, self.script, &[folder.display().to_string(), name_server.to_string()]);
        let lines = out.lines();
        lines
            .map(|line| {
                let said: Said = serde_json::from_str(line).unwrap();
                (said.file.clone(), said)
            })
            .collect()
    }
}
