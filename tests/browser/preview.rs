//! Every page that `preview` writes, as the browser shows it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use soundings::intake::folder;
use soundings::rehearsal::preview;
use tokio::sync::OnceCell;

use crate::node;

/// Written once for all tests.
pub async fn files() -> &'static BTreeMap<String, String> {
    static FILES: OnceCell<BTreeMap<String, String>> = OnceCell::const_new();
    let written = || async {
        let demo = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap();
        let place = tempfile::tempdir().unwrap();
        let files = preview::files(&demo, place.path()).await.unwrap();
        files.into_iter().map(|(name, file)| (name, file.text)).collect()
    };
    FILES.get_or_init(written).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_preview_fits_and_can_be_read() {
    if let Some(why) = node::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        return;
    }
    let files = files().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    // Mails are measured by `mails`.
    let pages: Vec<&String> = files
        .keys()
        .filter(|name| name.ends_with(".html") && !name.starts_with("mail-") && *name != "console-letter-framed.html")
        .collect();
    assert!(pages.len() > 90, "{pages:?}");
    let run = async |pages: &[&String]| {
        node::run(
            json!({ "stage": "preview", "base": "http://preview.localhost", "folder": folder.path(), "pages": pages }),
        )
        .await
    };
    let wrong = run(&pages).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // What was wrong once is found by the same measure.
    let broken = |name: &str, style: &str, words: &str| {
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><title>t</title><style>{style}</style></head><body><main>{words}</main></body></html>"
        );
        std::fs::write(folder.path().join(name), html).unwrap();
        name.to_string()
    };
    let names = [
        broken("console-wide.html", "", "<h1>t</h1><p style=\"width:700px\">wide</p>"),
        broken("console-pale.html", "p { color: #bbb }", "<h1>t</h1><p>Hard to read.</p>"),
        broken("sign-off-small.html", "", "<h1>t</h1><button style=\"height:20px\">Sign</button>"),
    ];
    let found = run(&names.iter().collect::<Vec<_>>()).await;
    for (name, what) in [("wide", "px wide"), ("pale", "color-contrast"), ("small", "too small for a thumb")] {
        assert!(found.iter().any(|line| line.contains(name) && line.contains(what)), "{name}: {found:?}");
    }
}
