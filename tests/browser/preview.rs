//! Every page that `preview` writes, as the browser shows it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use soundings::intake::folder;
use soundings::rehearsal::preview;
use tokio::sync::OnceCell;

use crate::node;
use crate::stack::on_a_large_stack;

/// Written once for all tests.
pub async fn files() -> &'static BTreeMap<String, String> {
    static FILES: OnceCell<BTreeMap<String, String>> = OnceCell::const_new();
    let written = || async {
        let demo = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap();
        let place = tempfile::tempdir().unwrap();
        let files = preview::files(&demo, place.path()).await.unwrap();
        files.into_iter().map(|(name, file)| (name, file.text)).collect()
    };
    FILES.get_or_init(|| async { on_a_large_stack(written) }).await
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
    let (_, wrong) = run(folder.path(), pages.iter().map(|name| name.as_str())).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_of_a_round_prints_on_whole_pages_with_its_head_on_each() {
    if let Some(why) = node::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        return;
    }
    let files = files().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files.iter().filter(|(name, _)| name.contains("report") || name.ends_with(".css")) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for page in ["console-report.html", "console-report-in-numbers.html"] {
        let task =
            json!({ "stage": "report", "base": "http://preview.localhost", "folder": folder.path(), "page": page });
        let (_, wrong) = node::told(task).await;
        assert!(wrong.is_empty(), "{page}: {}", wrong.join("\n"));
    }
}

/// What the browser told, and what it found wrong on these pages of the folder.
async fn run(folder: &Path, pages: impl Iterator<Item = &str>) -> (String, Vec<String>) {
    let pages: Vec<&str> = pages.collect();
    node::told(json!({ "stage": "preview", "base": "http://preview.localhost", "folder": folder, "pages": pages }))
        .await
}

/// The same of pages that are made here: name, style, and what stands below the heading.
async fn run_made(pages: &[(&str, &str, String)]) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, style, words) in pages {
        let head = format!("<title>t</title><style>{style}</style>");
        let html = format!(
            "<!doctype html><html lang=\"en\"><head>{head}</head><body><main><h1>t</h1>{words}</main></body></html>"
        );
        // Where a language is missing, that is the fault.
        let html = if *name == "no-language.html" { html.replace(" lang=\"en\"", "") } else { html };
        std::fs::write(folder.path().join(name), html).unwrap();
    }
    run(folder.path(), pages.iter().map(|(name, ..)| *name)).await
}

#[tokio::test]
async fn each_fault_of_a_page_is_found() {
    if node::missing().is_some() {
        return;
    }
    let dark = "@media (prefers-color-scheme: dark) { body { background: #222 } p { color: #444 } }";
    let planted = [
        ("wide.html", "", "<p style=\"width:700px\">Wide.</p>", "at 360 px: 708 px wide"),
        ("narrow.html", "", "<p style=\"width:330px\">Wide.</p>", "at 320 px: 338 px wide"),
        ("large.html", "", "<p style=\"width:15rem\">Wide.</p>", "with text at 200 %: 488 px wide"),
        ("pale.html", "p { color: #bbb }", "<p>Hard to read.</p>", "html: color-contrast"),
        ("dark.html", dark, "<p>Hard to read.</p>", "in the dark: color-contrast"),
        ("sign-off-small.html", "", "<button style=\"height:20px\">Sign</button>", "too small for a thumb"),
        ("label.html", "", "<input name=\"a\">", "html: label"),
        ("no-language.html", "", "<p>Whose?</p>", "no language"),
        ("address.html", "", "<p><a href=\"mailto:a@b.example\">a@b.example</a></p>", "in one part"),
        ("head.html", "", "<div class=\"console\"><header style=\"height:130px\">t</header></div>", "takes 130 px"),
    ];
    let mut pages: Vec<_> =
        planted.iter().map(|(name, style, words, _)| (*name, *style, (*words).to_string())).collect();
    pages.push(("sound.html", "", "<p>Nothing is wrong here.</p>".into()));
    let (_, found) = run_made(&pages).await;
    for (name, _, _, what) in planted {
        assert!(found.iter().any(|line| line.contains(name) && line.contains(what)), "{name}: {found:#?}");
    }
    assert!(!found.iter().any(|line| line.contains("sound.html")), "{found:#?}");
}

/// Axe reads one page of each structure. More rows and other words are no new structure; whatever it could find is one.
#[tokio::test]
async fn a_new_structure_is_read_and_an_old_one_is_measured() {
    if node::missing().is_some() {
        return;
    }
    let rows = |words: &[&str]| {
        let link = |word: &str| format!("<a href=\"/{word}\" style=\"display:block; padding:9px\">More of {word}</a>");
        let each = |word: &&str| format!("<tr><td>{word}</td><td>{}</td></tr>", link(word));
        format!("<table><tr><th>Who</th><th>More</th></tr>{}</table>", words.iter().map(each).collect::<String>())
    };
    let four = ["Ada", "Ben", "Cyd", "Dan"];
    let long = "W".repeat(20);
    let (told, found) = run_made(&[
        ("two.html", "", rows(&["Eve", "Flo"])),
        ("four.html", "", rows(&four)),
        ("long.html", "", rows(&[long.as_str(), "Flo"])),
        // Each differs from those in one thing only.
        ("nameless.html", "", rows(&four).replace("More of Cyd", "")),
        ("pale.html", "td { color: #bbb }", rows(&four)),
        ("pale-row.html", "", rows(&four).replace("<td>Cyd", "<td style=\"color:#bbb\">Cyd")),
        ("role.html", "", rows(&four).replace("<td>Cyd", "<td role=\"none\" aria-checked=\"true\">Cyd")),
        ("mains.html", "", rows(&four) + "</main><main>Another"),
    ])
    .await;
    assert!(told.contains("2 of them not read by axe"), "{told}");
    for (name, what) in [
        ("long.html", "at 320 px: "),
        ("nameless.html", "link-name"),
        ("pale.html", "color-contrast"),
        ("pale-row.html", "color-contrast"),
        ("role.html", "aria-allowed-attr"),
        ("mains.html", "landmark-no-duplicate-main"),
    ] {
        assert!(
            found.iter().any(|line| line.starts_with(&format!("WRONG {name}")) && line.contains(what)),
            "{name}: {found:#?}"
        );
    }
    assert!(!found.iter().any(|line| line.contains("two.html") || line.contains("four.html")), "{found:#?}");
}
