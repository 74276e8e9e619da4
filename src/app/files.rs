//! Which files of an installation others on this machine can read: keys, passwords, and what was made before this was looked at.
//!
//! A group may read (0640): that is how service managers hand secrets to a daemon. Nobody else may, and no group may write a secret.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use toml::Value;

use crate::config::Settings;

/// One sentence for every file that is too open.
pub fn too_open(settings: &Settings, config: Option<&Path>) -> Vec<String> {
    let mut secrets = vec![settings.secret_key_path()];
    let variables = std::env::vars().filter(|(name, _)| name.starts_with("SOUNDINGS_") && name.ends_with("_FILE"));
    secrets.extend(variables.map(|(_, path)| PathBuf::from(path)));
    secrets.extend(pem_files(&settings.dkim_folder()));
    let config = config.map_or_else(|| PathBuf::from("soundings.toml"), Path::to_path_buf);
    if fs::read_to_string(&config).is_ok_and(|text| holds_a_secret(&text)) {
        secrets.push(config);
    }
    secrets.sort();
    secrets.dedup();
    let mut data: Vec<PathBuf> = settings.database.sqlite_file().into_iter().collect();
    data.extend(settings.scoring.url.is_none().then(|| settings.scoring.file.clone()));
    let secrets = secrets.into_iter().filter_map(|path| told(&path, 0o027, "holds a secret"));
    secrets.chain(data.into_iter().filter_map(|path| told(&path, 0o007, "holds people\u{2019}s data"))).collect()
}

fn told(path: &Path, too_much: u32, what: &str) -> Option<String> {
    let mode = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.permissions().mode() & 0o777;
    let shown = path.display();
    (mode & too_much != 0)
        .then(|| format!("{shown} {what}, and others on this machine may use it (mode {mode:04o}): chmod 600 {shown}"))
}

fn pem_files(folder: &Path) -> Vec<PathBuf> {
    let entries = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    let files = entries(folder).into_iter().flat_map(|domain| entries(&domain));
    files.filter(|file| file.extension().is_some_and(|e| e == "pem")).collect()
}

fn holds_a_secret(text: &str) -> bool {
    let Ok(file) = text.parse::<toml::Table>() else { return false };
    let at =
        |section: &str, key: &str| file.get(section)?.as_table()?.get(key).and_then(Value::as_str).map(str::to_owned);
    let set = |section, key| at(section, key).is_some_and(|value| !value.is_empty());
    set("smtp", "password")
        || set("replies", "imap_password")
        || set("scoring", "secret")
        || at("database", "url").is_some_and(|url| url.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::DatabaseSettings;

    #[test]
    fn c08_wide_keys_and_data_are_named_and_narrow_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, mode: u32, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        let url = format!("sqlite:{}", folder.path().join("s.db").display());
        let database = DatabaseSettings { url, ..DatabaseSettings::default() };
        let settings = Settings { database, ..Settings::default() };
        let narrow = |mode| {
            at("s.db", mode, "");
            at("secret.key", mode, "");
            at("dkim/a.example/s1.pem", mode, "");
            at("dkim/a.example/s1.txt", 0o644, "");
            at("c.toml", mode, "[smtp]\npassword = \"x\"\n")
        };
        let config = narrow(0o640);
        assert_eq!(too_open(&settings, Some(&config)), Vec::<String>::new());
        narrow(0o644);
        let said = too_open(&settings, Some(&config));
        for name in ["s.db", "secret.key", "s1.pem", "c.toml"] {
            assert!(said.iter().any(|s| s.contains(name) && s.contains("0644") && s.contains("chmod 600")), "{said:?}");
        }
        assert_eq!(said.len(), 4, "{said:?}");
        narrow(0o660);
        assert_eq!(too_open(&settings, Some(&config)).len(), 3, "a group may write the database, not the secrets");
        at("c.toml", 0o644, "[smtp]\nhost = \"x\"\n");
        narrow(0o600);
        at("c.toml", 0o644, "[smtp]\nhost = \"x\"\n");
        assert_eq!(too_open(&settings, Some(&config)), Vec::<String>::new());
    }
}
