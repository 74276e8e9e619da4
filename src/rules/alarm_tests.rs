//! Alarms over any troubles, minute by minute: each is told when it has lasted for too long, once, and once that it is over.

use proptest::prelude::*;

use super::*;

/// What is told, by minute: that it has begun (true) or is over.
type Told = Vec<(i64, bool)>;

/// Minute by minute; `wrong` says whether it is.
fn play(kind: AlarmKind, may_last: i64, wrong: &[bool]) -> Told {
    let (mut known, mut ended_at, mut told) = (None::<Noticed>, None, Told::new());
    for (minute, is_wrong) in wrong.iter().enumerate() {
        let now = Ts(minute as i64 * MINUTE);
        let seen = is_wrong.then_some(now);
        let new = Noticed { since: now, raised_at: None, gone_at: None };
        let was = known.unwrap_or(new);
        known = match judge(kind, known.as_ref(), seen, may_last, ended_at, now) {
            AlarmStep::Nothing => known,
            AlarmStep::Notice => Some(new),
            AlarmStep::Raise => {
                told.push((minute as i64, true));
                Some(Noticed { raised_at: Some(now), gone_at: None, ..was })
            }
            AlarmStep::Gone => Some(Noticed { gone_at: Some(now), ..was }),
            AlarmStep::Back => Some(Noticed { gone_at: None, ..was }),
            AlarmStep::End => {
                told.push((minute as i64, false));
                ended_at = Some(now);
                None
            }
            AlarmStep::Forget => None,
        };
    }
    told
}

/// Wrong and right in turn, for so many minutes each.
fn spells(of: &[usize]) -> Vec<bool> {
    of.iter().enumerate().flat_map(|(n, minutes)| std::iter::repeat_n(n % 2 == 0, *minutes)).collect()
}

proptest! {
    #[test]
    fn each_is_told_once_and_ended_once_and_never_too_often(
        kind in prop::sample::select(AlarmKind::ALL.to_vec()), may_last in 0i64..90, of in prop::collection::vec(1usize..60, 1..20),
    ) {
        let wrong = spells(&of);
        let told = play(kind, may_last * MINUTE, &wrong);
        // First that it has begun, then that it is over, then anew.
        for (n, (minute, begun)) in told.iter().enumerate() {
            prop_assert_eq!(*begun, n % 2 == 0, "{:?}", told);
            prop_assert_eq!(*begun, wrong[*minute as usize], "told of what is not so: {:?}", told);
        }
        if !kind.is_lifted() {
            for pair in told.windows(2) {
                prop_assert!(pair[1].0 - pair[0].0 >= QUIET / MINUTE, "too often: {:?}", told);
            }
        }
        // It is over only after it was right for so long without a break.
        for (minute, _) in told.iter().filter(|(_, begun)| !begun) {
            let quiet = (kind.quiet() / MINUTE) as usize;
            let right = &wrong[(*minute as usize - quiet)..=*minute as usize];
            prop_assert!(right.iter().all(|is_wrong| !is_wrong), "{:?}", told);
        }
    }

    #[test]
    fn what_lasts_is_told_in_the_minute_in_which_it_has_lasted_too_long(
        kind in prop::sample::select(AlarmKind::ALL.to_vec()), may_last in 0i64..90, before in 0usize..100,
    ) {
        let told = play(kind, may_last * MINUTE, &spells(&[0, before, 200]));
        prop_assert_eq!(told, vec![(before as i64 + may_last, true)]);
    }

    #[test]
    fn what_comes_and_goes_lasts(
        kind in prop::sample::select(AlarmKind::ALL.to_vec()), may_last in 1i64..60, wrong in 1usize..10, right in 1usize..14,
    ) {
        let told = play(kind, may_last * MINUTE, &spells(&[wrong, right].repeat(60)));
        let ever = told.first().is_some_and(|(minute, begun)| *begun && *minute <= may_last + right as i64);
        prop_assert!(ever || kind.is_lifted(), "{:?}", told);
        prop_assert!(kind.is_lifted() || told.len() == 1, "{:?}", told);
    }

    #[test]
    fn the_nearer_the_need_the_sooner_it_is_told(
        kind in prop::sample::select(AlarmKind::ALL.to_vec()), near in 0i64..100 * HOUR, more in 0i64..100 * HOUR,
    ) {
        let limits = AlarmLimits::default();
        let at = |left: i64| may_last(kind, &Ahead { next_message: Some(left), close: Some(left) }, &limits);
        let far = may_last(kind, &Ahead::default(), &limits);
        prop_assert!(at(near) <= at(near + more) && at(near + more) <= far);
        // Where it passes by itself it is given as long as that takes, and no longer than half a day.
        if at(near) > 0 {
            prop_assert!(at(near) >= limits.at_least && far == limits.at_most);
            prop_assert!(at(near) == limits.at_least || at(near) <= near / SHARE);
        }
    }
}

#[test]
fn what_nobody_was_told_of_has_no_end() {
    for kind in AlarmKind::ALL {
        assert_eq!(play(kind, 30 * MINUTE, &spells(&[29, 200])), Told::new(), "{kind:?}");
        // The twin: two minutes longer.
        assert_eq!(play(kind, 30 * MINUTE, &spells(&[31, 200])).len(), 2, "{kind:?}");
    }
}

#[test]
fn a_tenth_of_the_time_that_is_left() {
    let limits = AlarmLimits::default();
    let left = |hours: i64| Ahead { next_message: Some(hours * HOUR), close: Some(10 * hours * HOUR) };
    assert_eq!(may_last(AlarmKind::MailServer, &left(0), &limits), 10 * MINUTE);
    assert_eq!(may_last(AlarmKind::MailServer, &left(5), &limits), 30 * MINUTE);
    assert_eq!(may_last(AlarmKind::Handover, &left(2), &limits), 2 * HOUR);
    assert_eq!(may_last(AlarmKind::Handover, &left(30), &limits), 4 * HOUR);
    assert_eq!(may_last(AlarmKind::Mailbox, &Ahead::default(), &limits), 4 * HOUR);
    assert_eq!(may_last(AlarmKind::Hold, &left(30), &limits), 0);
}

#[test]
fn words_are_read_as_they_are_written() {
    for kind in AlarmKind::ALL {
        assert_eq!(AlarmKind::parse(kind.as_str()), Some(kind));
        assert!(!kind.title().is_empty() && !kind.title().ends_with('.'));
    }
    for event in AlarmEvent::ALL {
        assert_eq!(AlarmEvent::parse(event.as_str()), Some(event));
    }
    assert_eq!(AlarmKind::parse("weather"), None);
}
