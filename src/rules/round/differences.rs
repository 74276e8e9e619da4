//! Two settings of a round compared, as people name what is different: "targets.individual: 50 to 60".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::spec::{Level, RoundSpec};

/// One setting before and after. `name` begins with the key under which it stands in `round.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingDifference {
    pub name: String,
    pub before: String,
    pub after: String,
}

impl std::fmt::Display for SettingDifference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let told = |text: &str| if text.is_empty() { "nothing".to_string() } else { text.to_string() };
        write!(f, "{}: {} to {}", self.name, told(&self.before), told(&self.after))
    }
}

/// What is different, in order of name.
pub fn differences(before: &RoundSpec, after: &RoundSpec) -> Vec<SettingDifference> {
    let (before, after) = (named(before), named(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |of: &BTreeMap<String, String>, name: &str| of.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| SettingDifference { name: name.clone(), before: value(&before, name), after: value(&after, name) })
        .filter(|d| d.before != d.after)
        .collect()
}

fn named(spec: &RoundSpec) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut value = serde_json::to_value(spec).unwrap_or_default();
    let targets = value.as_object_mut().and_then(|map| map.remove("targets"));
    flatten(String::new(), &value, &mut all);
    // What is usual is not written down.
    all.entry("participation.told".into()).or_insert_with(|| "names".into());
    for (level, name) in [(Level::Individual, "individual"), (Level::Accounts, "accounts")] {
        let shares = spec.targets.iter().filter(|t| t.level == level);
        // In percent, without what the division leaves behind.
        let shares: Vec<String> = shares.map(|t| format!("{}", (t.target * 1000.0).round() / 10.0)).collect();
        if targets.is_some() && !shares.is_empty() {
            all.insert(format!("targets.{name}"), shares.join(", "));
        }
    }
    all
}

fn flatten(path: String, value: &Value, into: &mut BTreeMap<String, String>) {
    let join = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(join(key), value, into)),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().enumerate().for_each(|(n, value)| flatten(join(&(n + 1).to_string()), value, into));
        }
        Value::Array(list) => _ = into.insert(path, list.iter().map(plain).collect::<Vec<_>>().join(", ")),
        value => _ = into.insert(path, plain(value)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::rules::participation::Participation;

    use super::*;

    fn spec(more: &[Value]) -> RoundSpec {
        let mut touches =
            vec![json!({"kind": "warm_up", "working_days": -5}), json!({"kind": "invitation", "working_days": 0})];
        touches.extend_from_slice(more);
        let sender = json!({"name": "L", "email": "l@c.example"});
        serde_json::from_value(json!({
            "round": "r", "client": "C", "title": "T", "language": "en",
            "schedule": {"opens": "2027-02-08", "closes": "2027-03-05", "time_zone": "Europe/London"},
            "signoff": {"sales_director": "M", "sales_director_email": "m@c.example"},
            "senders": {"team": sender, "warm_up": sender},
            "touch": touches,
        }))
        .unwrap()
    }

    fn told(before: &RoundSpec, after: &RoundSpec) -> Vec<String> {
        differences(before, after).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn settings_are_named_as_people_know_them() {
        let before = spec(&[]);
        let mut after = spec(&[json!({"kind": "reminder", "cron": "30 9 * * THU"})]);
        after.targets[0].target = 0.6;
        after.targets.remove(1);
        after.schedule.days_off = vec!["2027-02-15".parse().unwrap(), "2027-02-16".parse().unwrap()];
        after.touches[0].working_days = Some(-4);
        assert_eq!(
            told(&before, &after),
            [
                "schedule.days_off: nothing to 2027-02-15, 2027-02-16",
                "targets.individual: 50, 75 to 60",
                "touch.1.working_days: -5 to -4",
                "touch.3.cron: nothing to 30 9 * * THU",
                "touch.3.kind: nothing to reminder",
            ]
        );
        assert!(told(&after, &after).is_empty());
        after.changed_since_last_year = "faster service".into();
        assert_eq!(told(&before, &after)[0], "changed_since_last_year: nothing to faster service");
        let numbers = RoundSpec { participation: Participation::CountsFrom(4), ..before.clone() };
        let wanted = ["participation.from: nothing to 4", "participation.told: names to counts"];
        assert_eq!(told(&before, &numbers), wanted);
    }
}
