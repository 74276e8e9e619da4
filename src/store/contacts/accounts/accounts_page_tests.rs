//! The order of few accounts is that in which many are read.

use super::*;

fn account(id: &str, completed: i64, reachable: i64, revenue: i64, last_sent_at: i64) -> Keyed {
    Keyed {
        id: id.into(),
        sort_key: id.into(),
        director_key: format!("director {}", completed % 2),
        director_email: String::new(),
        manager_email: String::new(),
        revenue,
        reachable,
        completed,
        last_sent_at,
        words: String::new(),
    }
}

#[test]
fn few_accounts_stand_in_the_order_in_which_many_are_read() {
    let ids = |order| {
        let ab = [account("b", 1, 2, 7, 0), account("a", 0, 0, 0, 9)];
        let cd = [account("c", 2, 2, 9, 3), account("d", 0, 3, 9, 0)];
        let mut all = [ab, cd].concat();
        in_order(&mut all, order);
        all.into_iter().map(|a| a.id.to_string()).collect::<String>()
    };
    assert_eq!(ids(Order::Name), "abcd");
    assert_eq!(ids(Order::Rate), "dbca", "nobody to answer stands last");
    assert_eq!(ids(Order::Revenue), "cdba");
    assert_eq!(ids(Order::Director), "acdb");
    assert_eq!(ids(Order::LastSent), "bdca", "never before long ago");
}

#[test]
fn sets_without_a_role_are_half_of_all() {
    for role in Role::ALL {
        let sets: Vec<serde_json::Value> = serde_json::from_str(&without(bit(role)).unwrap()).unwrap();
        assert_eq!(sets.len(), 8);
        assert!(sets.iter().all(|set| set["n"].as_i64().unwrap() & bit(role) == 0), "{role}");
    }
}
