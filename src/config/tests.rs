//! Loading as an operator meets it: layers, refusals, and where they point.

use std::collections::BTreeSet;
use std::path::Path;

use crate::rules::handover::events::EventKind;

use super::*;

fn load(file: &str, env: &[(&str, &str)]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    std::fs::write(&path, file).unwrap();
    let env = env.iter().map(|(k, v)| (k.to_string(), v.to_string()));
    Settings::load(Some(&path), env).map_err(|e| e.to_string().replace(folder.path().to_str().unwrap(), "."))
}

#[test]
fn later_layers_win() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("password");
    std::fs::write(&secret, "from a file\n").unwrap();
    let file = "[smtp]\nhost = \"localhost\"\nport = 2525\nusername = \"u\"\npassword = \"p\"\ntime_out_factor = 2\n";
    let env = [
        ("SOUNDINGS_SMTP__PASSWORD_FILE", secret.to_str().unwrap()),
        ("SOUNDINGS_SMTP__PASSWORD", "from the environment"),
        ("SOUNDINGS_SMTP__PORT", "2526"),
        ("SOUNDINGS_SECRET_KEY_FILE", "/k"),
        ("SOUNDINGS_SCORING__FILE", "/s.jsonl"),
        ("SOUNDINGS_PORT", "tcp://10.0.0.1:80"),
        ("HOME", "/root"),
    ];
    let settings = load(file, &env).unwrap();
    assert_eq!((settings.smtp.host.as_str(), settings.smtp.port), ("localhost", 2526));
    assert_eq!(settings.smtp.password, "from a file");
    assert!((settings.smtp.time_out_factor - 2.0).abs() < f64::EPSILON);
    assert_eq!(settings.smtp.connections, 4);
    assert_eq!(settings.secret_key_file.as_deref(), Some(Path::new("/k")));
    assert_eq!(settings.scoring.file, Path::new("/s.jsonl"));
}

#[test]
fn explains_where_values_come_from() {
    let env = [("SOUNDINGS_LOG__FORMAT".to_owned(), "json".to_owned())];
    let told = explain(Some(Path::new("/dev/null")), env.into_iter()).unwrap();
    assert!(told.contains("format = \"json\"  # environment variable SOUNDINGS_LOG__FORMAT\n"), "{told}");
    assert!(told.contains("\n[smtp]\nhost = \"127.0.0.1\"\nport = 25\n"), "{told}");
}

#[test]
fn refusals_name_the_place_and_the_key() {
    for (file, env, said) in [
        (
            "[log]\nformat = \"xml\"\n",
            [("A", "")],
            "The setting log.format (./s.toml line 2) cannot be used: unknown variant `xml`",
        ),
        (
            "",
            [("SOUNDINGS_SMTP__PORT", "many")],
            "The setting smtp.port (environment variable SOUNDINGS_SMTP__PORT) must be a whole number.",
        ),
        (
            "",
            [("SOUNDINGS_SMTP__PORT", "70000")],
            "The setting smtp.port (environment variable SOUNDINGS_SMTP__PORT) cannot be used",
        ),
        (
            "",
            [("SOUNDINGS_SMTP__PASWORD", "x")],
            "SOUNDINGS_SMTP__PASWORD is not a setting (smtp.pasword). Did you mean smtp.password?",
        ),
        (
            "",
            [("SOUNDINGS_SMTP__PASSWORD_FILE", "/no/such")],
            "The secret file /no/such named by the environment variable",
        ),
        ("[server]\nlisten = \"here\"\n", [("A", "")], "The setting server.listen (./s.toml line 2) cannot be used"),
    ] {
        let told = load(file, &env).unwrap_err();
        assert!(told.contains(said), "{told}");
    }
    let missing = Settings::load(Some(Path::new("/no/such.toml")), std::iter::empty()).unwrap_err();
    assert!(missing.to_string().contains("/no/such.toml"), "{missing}");
}

#[test]
fn s22_the_base_url_is_one_host_and_encrypted() {
    let base = |url: &str| load("", &[("SOUNDINGS_SERVER__BASE_URL", url)]).map(|s| s.server.base_url);
    assert_eq!(base("https://a.example/").as_deref(), Ok("https://a.example"));
    assert_eq!(base("http://localhost:8080").as_deref(), Ok("http://localhost:8080"));
    for bad in
        ["http://a.example", "https://a.example/x", "https://a.example?x", "https://u@a.example", "a.example", ""]
    {
        let told = base(bad).unwrap_err();
        assert!(told.contains("server.base_url (environment variable"), "{told}");
    }
}

#[test]
fn s28_mail_goes_unencrypted_to_this_machine_only() {
    assert!(load("[smtp]\nhost = \"mail.example.com\"\n", &[]).unwrap_err().contains("smtp.security"));
    assert!(load("[smtp]\nhost = \"mail.example.com\"\nsecurity = \"starttls\"\n", &[]).is_ok());
}

#[test]
fn a_webhook_needs_a_secret_and_https() {
    let secret = "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\"\n";
    let with = |more: &str| load(&format!("[scoring]\n{more}"), &[]);
    assert!(with(&format!("url = \"https://s.example/in\"\n{secret}")).is_ok());
    assert!(with("url = \"https://s.example/in\"\n").unwrap_err().contains("scoring.secret"));
    assert!(with(&format!("url = \"http://s.example/in\"\n{secret}")).unwrap_err().contains("not encrypted"));
    assert!(with(&format!("url = \"http://127.0.0.1/in\"\n{secret}")).is_err());
    assert!(with(&format!("url = \"http://127.0.0.1/in\"\nallow_private_addresses = true\n{secret}")).is_ok());
    let told = with("secret = \"whsec_canary\"\n").unwrap_err();
    assert!(told.contains("scoring.secret") && !told.contains("canary"), "{told}");
}

#[test]
fn the_pace_is_read_and_what_is_wrong_is_named() {
    let with = |more: &str| load(&format!("[pace]\n{more}"), &[]);
    let settings = with("gateways = \"Outlook.com=3600 firm.example=120/2\"\nwarmed = \"Client.example\"\n").unwrap();
    let policy = settings.pace.policy().unwrap().unwrap();
    assert_eq!((policy.limit("outlook.com").per_hour, policy.limit("outlook.com").open), (3600, 20));
    assert_eq!((policy.limit("firm.example").per_hour, policy.limit("firm.example").open), (120, 2));
    assert_eq!(policy.limit("other.example").per_hour, 1800);
    assert_eq!((policy.ramp("client.example", 0), policy.ramp("other.example", 0)), (None, Some(50)));
    assert_eq!(with("enabled = false\n").unwrap().pace.policy().unwrap(), None);
    for (wrong, key) in [
        ("gateways = \"outlook.com\"\n", "pace.gateways"),
        ("gateways = \"outlook.com=fast\"\n", "pace.gateways"),
        ("ramp_up = \"50 0\"\n", "pace.ramp_up"),
        ("warmed = \"me@client.example\"\n", "pace.warmed"),
        ("first_alone_minutes = 2000\n", "pace.first_alone_minutes"),
    ] {
        let told = with(wrong).unwrap_err();
        assert!(told.contains(key) && told.contains("s.toml line 2"), "{told}");
    }
}

#[test]
fn alarms_are_told_to_an_encrypted_webhook_with_a_secret() {
    let secret = "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
    let with = |more: &str| load(&format!("[alarms]\n{more}"), &[]);
    assert!(with(&format!("webhook = \"https://calls.example/in\"\n{secret}")).is_ok());
    assert!(with("webhook = \"https://calls.example/in\"\n").unwrap_err().contains("alarms.secret"));
    assert!(with(&format!("webhook = \"http://calls.example/in\"\n{secret}")).unwrap_err().contains("not encrypted"));
    assert!(with(&format!("webhook = \"http://127.0.0.1/in\"\n{secret}")).is_err());
    assert!(with(&format!("webhook = \"http://127.0.0.1/in\"\nallow_private_addresses = true\n{secret}")).is_ok());
    let told = with("secret = \"whsec_canary\"\n").unwrap_err();
    assert!(told.contains("alarms.secret") && !told.contains("canary"), "{told}");
    let told = with("after_minutes = 30\nat_the_latest_minutes = 20\n").unwrap_err();
    assert!(told.contains("alarms.at_the_latest_minutes") && told.contains("s.toml line 3"), "{told}");
    let limits = with("after_minutes = 5\n").unwrap().alarms.limits();
    assert_eq!((limits.at_least, limits.at_most), (5 * 60_000, 240 * 60_000));
}

#[test]
fn events_are_told_to_an_encrypted_webhook_with_a_secret_and_of_known_types() {
    let secret = "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
    let with = |more: &str| load(&format!("[events]\n{more}"), &[]);
    let url = "url = \"https://events.example/in\"\n";
    let told = |more: &str| with(&format!("{url}{secret}{more}")).unwrap().events.kinds().unwrap();
    assert_eq!(told(""), BTreeSet::from(EventKind::ALL));
    assert_eq!(
        told("types = \"round.closed  alarm.raised\"\n"),
        BTreeSet::from([EventKind::RoundClosed, EventKind::AlarmRaised])
    );
    assert!(with("").unwrap().events.kinds().unwrap().is_empty(), "there is nobody to tell");
    assert!(with(url).unwrap_err().contains("events.secret"));
    assert!(with(&format!("url = \"http://events.example/in\"\n{secret}")).unwrap_err().contains("not encrypted"));
    let told = with(&format!("{url}{secret}types = \"round.opend\"\n")).unwrap_err();
    assert!(
        told.contains("events.types") && told.contains("`round.opend`") && told.contains("s.toml line 4"),
        "{told}"
    );
}

#[test]
fn the_pause_after_a_call_is_a_few_working_days() {
    let days = |file: &str| load(file, &[]).map(|settings| settings.calling.pause_days);
    assert_eq!((days(""), days("[calling]\npause_days = 0\n")), (Ok(2), Ok(0)));
    let told = days("[calling]\npause_days = 21\n").unwrap_err();
    assert!(told.contains("calling.pause_days") && told.contains("s.toml line 2"), "{told}");
}
