//! The schema, brought up to date at every start. Migrations are compiled in, one text per database under equal numbers.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::base::problem::{Problem, Result};

use super::tx::Tx;

/// Name and text of each migration, for SQLite and for PostgreSQL. A new one is a line at the end and a file in both folders.
macro_rules! migrations {
    ($($name:literal,)*) => {
        const SQLITE: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")))),*];
        const POSTGRES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../migrations/postgres/", $name, ".sql")))),*];
    };
}

migrations! {
    "0001_ledger",
    "0002_counters",
    "0003_plan",
    "0004_scale",
    "0005_replies",
    "0006_pace",
    "0007_repair",
    "0008_engine",
    "0009_domains",
    "0010_trouble",
    "0011_replies",
    "0012_identity",
    "0013_objections",
    "0014_lists",
    "0015_links",
    "0016_search",
    "0017_chain",
    "0018_mails",
    "0019_pages",
    "0020_stages",
    "0021_changes",
    "0022_uploads",
    "0023_left_out_of_several_lists",
    "0024_evidence",
    "0025_signed_by_row",
    "0026_places",
    "0027_human_step",
    "0028_directors_page",
    "0029_delegation",
    "0030_receipts_of_two",
    "0031_ladder",
    "0032_board",
    "0033_course",
    "0034_calls",
    "0035_accounts",
    "0036_team",
    "0037_alarms",
    "0038_desk",
    "0039_bulk_as_done",
    "0040_shapes",
    "0041_desk",
    "0042_alarms_by_evidence",
    "0043_written_on",
    "0044_many_at_once",
    "0045_events",
    "0046_letters",
    "0047_running_since",
    "0048_rights_of_keys",
}

pub async fn migrate(tx: &mut Tx) -> Result<()> {
    let done = match tx {
        Tx::Sqlite(c) => migrator(SQLITE).run(&mut **c).await,
        Tx::Postgres(c) => migrator(POSTGRES).run(&mut **c).await,
    };
    done.map_err(|e| {
        Problem::refused(
            "The database could not be brought to the schema of this version.",
            "If a newer soundings has used it, start that version; otherwise restore the last backup.",
        )
        .because(e)
    })?;
    crate::store::round::clients::run(tx).await?;
    super::respell::run(tx).await?;
    crate::store::contacts::search_words::run(tx).await
}

fn migrator(texts: &[(&'static str, &'static str)]) -> Migrator {
    let each = |(number, &(name, sql)): (i64, &(&'static str, &'static str))| {
        Migration::new(number, name.into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
    };
    Migrator::with_migrations((1..).zip(texts).map(each).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_migration_of_the_folders_is_run() {
        for (folder, run) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(folder);
            let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
            let mut files: Vec<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
            files.sort();
            assert_eq!(run.iter().map(|(name, _)| format!("{name}.sql")).collect::<Vec<_>>(), files);
            assert!((1..).zip(run).all(|(number, (name, _))| name.starts_with(&format!("{number:04}_"))));
        }
    }
}
