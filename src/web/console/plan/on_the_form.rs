//! What the rules say about a schedule, in the words of the form: a rule names settings as `round.toml` does, and whoever has the form before
//! him knows them by what stands above their fields.

/// Settings by their name in a folder, and what stands above their field.
const LABELS: [(&str, &str); 24] = [
    ("maximum_per_account_per_day", "Messages to one account on a day"),
    ("maximum_per_hour", "Messages of this round in an hour"),
    ("maximum_messages", "Messages to one contact"),
    ("minimum_gap_days", "Days between two messages to one contact"),
    ("spread_minutes", "Minutes over which one message is spread"),
    ("working_days", "Working days from the opening"),
    ("quiet_hours", "Quiet hours"),
    ("send_from", "Messages leave from"),
    ("send_until", "Messages leave until"),
    ("time_zone", "Time zone of the round"),
    ("days_off", "Days off"),
    ("client_revenue", "Annual revenue of the client"),
    ("changed_since_last_year", "What changed since last year"),
    ("opens", "Opens"),
    ("closes", "Closes"),
    ("kind", "Kind"),
    ("cron", "Pattern of times"),
    ("times", "How often at most"),
    ("words", "Words"),
    ("roles", "For"),
    ("from", "In the name of"),
    ("date", "Day"),
    ("for", "For"),
    ("at", "Time of day"),
];

/// The same sentence with the names of fields. What a person has typed is left as it is.
pub fn on_the_form(sentence: &str) -> String {
    let mut text = sentence.replace("cron expression", "pattern of times").replace("`for` and `roles`", "“For”");
    for (key, label) in LABELS {
        text = text.replace(&format!("`{key}`"), &format!("“{label}”"));
        text = named(&text, &format!("{key} = "), &format!("“{label}”: "));
        // Words of every day mean a setting only where they stand as one.
        if key.contains('_') || key == "cron" {
            text = named(&text, key, &format!("“{label}”"));
        }
    }
    text.replace('`', "\"")
}

/// Replaces it where it is a word of its own.
fn named(text: &str, word: &str, with: &str) -> String {
    let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let (mut done, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(word) {
        let open = !word.ends_with(' ') && after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let inside = is_inside(before.chars().next_back()) || open;
        done.push_str(before);
        done.push_str(if inside { word } else { with });
        rest = after;
    }
    done + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::calendar::almanac::Almanac;
    use crate::rules::plan::check;
    use crate::rules::round::RoundSpec;

    #[test]
    fn whatever_the_rules_say_has_the_words_of_the_form() {
        let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
        let demo = crate::intake::folder::read(&demo).unwrap().spec;
        let mut said = Vec::new();
        let mut tried = |change: &dyn Fn(&mut RoundSpec)| {
            let mut spec = demo.clone();
            change(&mut spec);
            let wrong = check(&spec, &Almanac::plain());
            assert!(!wrong.is_empty());
            said.extend(wrong);
        };
        tried(&|s| s.schedule.time_zone = "Mars".into());
        tried(&|s| s.schedule.closes = s.schedule.opens - chrono::Days::new(9));
        tried(&|s| s.schedule.send_until = s.schedule.send_from);
        tried(&|s| s.schedule.maximum_per_account_per_day = Some(0));
        tried(&|s| s.schedule.maximum_messages = 0);
        for touch in [
            json!({"kind": "reminder", "cron": "every Tuesday"}),
            json!({"kind": "reminder", "cron": "0 3 * * TUE"}),
            json!({"kind": "reminder", "cron": "0 9 31 2 *"}),
            json!({"kind": "reminder", "cron": "30 9 * * TUE", "times": 0}),
            json!({"kind": "reminder", "working_days": 3, "at": "03:00"}),
            json!({"kind": "warm_up", "working_days": -5, "for": "not_started"}),
            json!({"kind": "thank_you", "for": "not_started"}),
            json!({"kind": "invitation", "working_days": 1}),
        ] {
            tried(&|s| s.touches.push(serde_json::from_value(touch.clone()).unwrap()));
        }
        tried(&|s| s.touches.clear());
        for sentence in said {
            let told = on_the_form(&sentence);
            let ours =
                told.split('“').map(|part| part.split_once('”').map_or(part, |(_, rest)| rest)).collect::<String>();
            for word in ["cron", "_", "`", " = "] {
                assert!(!ours.contains(word), "{word}: {told}");
            }
        }
    }

    #[test]
    fn words_of_every_day_stay() {
        assert_eq!(
            on_the_form("At times it goes for it; write at = \"09:30\"."),
            "At times it goes for it; write “Time of day”: \"09:30\"."
        );
        assert_eq!(on_the_form("maximum_messages is 0"), "“Messages to one contact” is 0");
        assert_eq!(on_the_form("schedule.time_zone_x and xcron"), "schedule.time_zone_x and xcron");
    }
}
