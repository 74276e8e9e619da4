//! Alarms over any troubles, minute by minute: each is told when it has lasted for too long, once, and once that it is over.

use proptest::prelude::*;

use super::*;

/// What is told, by minute: that it has begun (true) or is over.
type Told = Vec<(i64, bool)>;

/// Minute by minute; `wrong` says whether it is.
fn play(kind: AlarmKind, may_last: i64, wrong: &[bool]) -> Told {
    let seen: Vec<Option<bool>> = wrong.iter().copied().map(Some).collect();
    play_as_seen(kind, may_last, &seen)
}

/// The same where nothing may be to be seen.
fn play_as_seen(kind: AlarmKind, may_last: i64, seen: &[Option<bool>]) -> Told {
    let (mut known, mut ended_at, mut told) = (None::<Noticed>, None, Told::new());
    for (minute, is_wrong) in seen.iter().enumerate() {
        let now = Ts(minute as i64 * MINUTE);
        let sight = match is_wrong {
            Some(true) => Sight::Wrong(now),
            Some(false) => Sight::Right,
            None => Sight::Unknown,
        };
        let new = Noticed { since: now, seen_at: now, raised_at: None, gone_at: None };
        if sight == Sight::Wrong(now) {
            known = known.map(|known| Noticed { seen_at: now, ..known });
        }
        let was = known.unwrap_or(new);
        known = match judge(kind, known.as_ref(), sight, may_last, ended_at, now) {
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
    fn that_it_is_over_is_told_only_where_it_was_seen_to_work(
        kind in prop::sample::select(AlarmKind::ALL.to_vec()), may_last in 0i64..60,
        seen in prop::collection::vec((prop::option::of(any::<bool>()), 1usize..40), 1..15),
    ) {
        let seen: Vec<Option<bool>> = seen.iter().flat_map(|(seen, n)| std::iter::repeat_n(*seen, *n)).collect();
        let told = play_as_seen(kind, may_last * MINUTE, &seen);
        for (minute, begun) in &told {
            let until = &seen[..=*minute as usize];
            let last = until.iter().rev().flatten().next();
            prop_assert_eq!(last, Some(begun), "{:?} {:?}", told, seen);
        }
        // Where nothing shows that it works, it is never over.
        let blind: Vec<Option<bool>> = seen.iter().map(|seen| seen.filter(|is_wrong| *is_wrong)).collect();
        prop_assert!(play_as_seen(kind, may_last * MINUTE, &blind).len() <= 1, "{:?}", blind);
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
fn what_is_not_seen_any_more_stays_and_is_forgotten_where_nobody_was_told() {
    let blind = |before: &[bool], n: usize| -> Vec<Option<bool>> {
        before.iter().copied().map(Some).chain(std::iter::repeat_n(None, n)).collect()
    };
    let (kind, days) = (AlarmKind::MailServer, 3 * 24 * 60);
    // Somebody was told in the evening: it stays. It has worked for a moment: that was evidence.
    assert_eq!(play_as_seen(kind, 5 * MINUTE, &blind(&spells(&[10]), days)), [(5, true)]);
    assert_eq!(play_as_seen(kind, 5 * MINUTE, &blind(&spells(&[10, 1]), days)), [(5, true), (25, false)]);
    // Nobody was told: the next morning it has lasted since, and after the weekend it begins anew.
    let next = |hours: usize| {
        let mut seen = blind(&spells(&[4]), hours * 60);
        seen.extend([Some(true); 10]);
        play_as_seen(kind, 8 * MINUTE, &seen)
    };
    assert_eq!(next(15), [(4 + 15 * 60, true)]);
    assert_eq!(next(60), [(4 + 60 * 60 + 8, true)]);
    let known = Noticed { since: Ts(0), seen_at: Ts(0), raised_at: Some(Ts(0)), gone_at: None };
    assert!(!known.is_out_of_sight(Ts(9 * MINUTE)) && known.is_out_of_sight(Ts(10 * MINUTE)));
    assert!(!Noticed { gone_at: Some(Ts(0)), ..known }.is_out_of_sight(Ts(HOUR)));
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
