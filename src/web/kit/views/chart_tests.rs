//! What a drawing shows, that words have room, and that nothing in it is a fault of a page.

use super::*;

fn curves() -> Curves {
    let mark = |day, label: &str| DayMark { day, label: label.into(), ahead: day > 10 };
    Curves {
        title: "Answers by day".into(),
        says: "So far 41 %.".into(),
        last: 25,
        from: "Mon 8 Feb".into(),
        until: "Fri 5 Mar".into(),
        so_far: (0..=10).map(|day| (day, 0.041 * day as f64)).collect(),
        now: "41 %".into(),
        ahead: (10..=25).map(|day| (day, [0.41, 0.41 + 0.005 * (day - 10) as f64, 0.52])).collect(),
        ends: ["48 % (41 to 52)".into(), "48 %".into()],
        behind: (0..=25).map(|day| (day, 0.019 * day as f64)).collect(),
        behind_is: "2026".into(),
        levels: vec![(0.5, "target 50 %".into())],
        marks: vec![
            mark(0, "Invitation"),
            mark(1, ""),
            mark(3, "Reminder 1"),
            mark(6, "Reminder 2"),
            mark(9, "Reminder 3"),
            mark(24, "Reminder 4"),
        ],
    }
}

fn ends(word: &Word) -> [f64; 2] {
    let wide = word.text.chars().count() as f64 * LETTER;
    match word.anchor {
        "end" => [word.x.0 - wide, word.x.0],
        _ => [word.x.0, word.x.0 + wide],
    }
}

#[test]
fn no_word_leaves_the_drawing_or_stands_on_another() {
    for drawing in curves().drawn() {
        for (n, word) in drawing.words.iter().enumerate() {
            let [left, right] = ends(word);
            let inside = left > -1.0 && right <= drawing.width.0 + 1.0 && (10.0..drawing.height.0).contains(&word.y.0);
            assert!(inside, "{} {word:?}", drawing.class);
            for other in &drawing.words[n + 1..] {
                let [from, to] = ends(other);
                let apart = right <= from || to <= left || (word.y.0 - other.y.0).abs() >= 12.0;
                assert!(apart, "{} {word:?} {other:?}", drawing.class);
            }
        }
    }
}

#[test]
fn no_target_runs_through_what_is_reached_so_far() {
    let level = |percent: u32| (f64::from(percent) / 100.0, format!("target {percent} %"));
    for targets in [vec![50], vec![50, 90], vec![75], vec![25, 100], vec![50, 75, 90]] {
        for (percent, day) in (0..=100).flat_map(|percent| (0..=25).step_by(5).map(move |day| (percent, day))) {
            let now = f64::from(percent) / 100.0;
            let all = Curves {
                last: 25,
                so_far: vec![(0, 0.0), (day, now)],
                now: format!("{percent} %"),
                levels: targets.iter().map(|t| level(*t)).collect(),
                ..Curves::default()
            };
            for drawing in all.drawn() {
                let word = drawing.words.iter().find(|word| word.class == "now").unwrap();
                let [left, right] = ends(word);
                let lines = drawing.rules.iter().filter(|rule| rule.class == "level");
                for line in lines.map(|rule| rule.y[0].0) {
                    assert!(line <= word.y.0 - 12.0 || line >= word.y.0 + 2.0, "{targets:?} {percent} % day {day}");
                }
                for name in drawing.words.iter().filter(|word| word.text.starts_with("target")) {
                    let [from, to] = ends(name);
                    let is_apart = right <= from || to <= left || (word.y.0 - name.y.0).abs() >= 12.0;
                    assert!(is_apart, "{targets:?} {percent} % day {day}");
                }
            }
        }
    }
}

#[test]
fn curves_begin_at_nothing_and_end_where_they_are() {
    let desk = &curves().drawn()[0];
    assert_eq!(desk.dot.map(|(x, y)| format!("{x} {y}")).as_deref(), Some("266 119.7"));
    let (class, so_far) = &desk.lines[2];
    assert_eq!((*class, so_far.split(' ').next(), so_far.split(' ').count()), ("so-far", Some("50,240"), 11));
    assert_eq!(desk.fan.split(' ').count(), 32);
    // Of thousands of days no more points are drawn than are seen, and the last of them is there.
    let long = Curves { last: 3_000, so_far: (0..=3_000).map(|day| (day, 0.3)).collect(), ..Curves::default() };
    let line = &long.drawn()[0].lines[0].1;
    assert!(line.split(' ').count() <= POINTS + 2 && line.ends_with("590,108"), "{line}");
}

#[test]
fn nothing_at_all_is_drawn_without_a_fault_and_words_are_escaped() {
    for drawing in Curves::default().drawn() {
        assert!(drawing.to_string().contains("role=\"img\""));
    }
    let hostile = "<script>alert(1)</script>".to_string();
    let mark = DayMark { day: 0, label: hostile.clone(), ahead: false };
    let all = Curves {
        title: hostile.clone(),
        says: hostile.clone(),
        behind_is: hostile.clone(),
        behind: vec![(0, 0.1), (1, 0.2)],
        levels: vec![(0.5, hostile)],
        marks: vec![mark],
        ..Curves::default()
    };
    for html in all.drawn().iter().map(ToString::to_string) {
        assert!(!html.contains("<script") && !html.contains("style="), "{html}");
    }
}
