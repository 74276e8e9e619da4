//! A list loaded into a round in Chromium, on a desk, on a phone by keyboard alone, and without scripts.

use std::io::Write;

use serde_json::json;

use crate::common::{self, OPERATOR};
use crate::{house, node};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_in_a_browser() {
    if let Some(why) = node::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        writeln!(std::io::stderr(), "skipped: {why}").unwrap();
        return;
    }
    let world = house::world().await;
    let mut wrong = Vec::new();
    for stage in ["lists", "lists_again"] {
        let links = [world.log_in_link().await, world.log_in_link().await];
        let task = json!({
            "stage": stage,
            "base": &*world.ctx.base_url,
            "round": common::ROUND,
            "operator": { "email": OPERATOR, "links": links },
        });
        wrong.extend(node::run(task).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let petra = world.person("petra.lund@alsterchemie.example").await;
    assert_eq!((petra.last_name.as_str(), petra.account.as_str()), ("Lund-Weber", "Alster Chemie"));
    world.promises_hold().await;
}
