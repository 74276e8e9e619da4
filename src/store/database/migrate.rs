//! The schema, brought up to date at every start. Migrations are compiled in, one text per database under equal numbers.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::base::problem::{Problem, Result};

use super::tx::Tx;

macro_rules! migrations {
    ($folder:literal: $($number:literal $name:literal),*) => {
        [$(($number, $name, include_str!(concat!("../../../migrations/", $folder, "/", $name, ".sql")))),*]
    };
}

const SQLITE: [(i64, &str, &str); 44] = migrations!("sqlite": 1 "0001_ledger", 2 "0002_counters", 3 "0003_plan", 4 "0004_scale", 5 "0005_replies", 6 "0006_pace", 7 "0007_repair", 8 "0008_engine", 9 "0009_domains", 10 "0010_trouble", 11 "0011_replies", 12 "0012_identity", 13 "0013_objections", 14 "0014_lists", 15 "0015_links", 16 "0016_search", 17 "0017_chain", 18 "0018_mails", 19 "0019_pages", 20 "0020_stages", 21 "0021_changes", 22 "0022_uploads", 23 "0023_left_out_of_several_lists", 24 "0024_evidence", 25 "0025_signed_by_row", 26 "0026_places", 27 "0027_human_step", 28 "0028_directors_page", 29 "0029_delegation", 30 "0030_receipts_of_two", 31 "0031_ladder", 32 "0032_board", 33 "0033_course", 34 "0034_calls", 35 "0035_accounts", 36 "0036_team", 37 "0037_alarms", 38 "0038_desk", 39 "0039_bulk_as_done", 40 "0040_shapes", 41 "0041_desk", 42 "0042_alarms_by_evidence", 43 "0043_written_on", 44 "0044_rights_of_keys");
const POSTGRES: [(i64, &str, &str); 44] = migrations!("postgres": 1 "0001_ledger", 2 "0002_counters", 3 "0003_plan", 4 "0004_scale", 5 "0005_replies", 6 "0006_pace", 7 "0007_repair", 8 "0008_engine", 9 "0009_domains", 10 "0010_trouble", 11 "0011_replies", 12 "0012_identity", 13 "0013_objections", 14 "0014_lists", 15 "0015_links", 16 "0016_search", 17 "0017_chain", 18 "0018_mails", 19 "0019_pages", 20 "0020_stages", 21 "0021_changes", 22 "0022_uploads", 23 "0023_left_out_of_several_lists", 24 "0024_evidence", 25 "0025_signed_by_row", 26 "0026_places", 27 "0027_human_step", 28 "0028_directors_page", 29 "0029_delegation", 30 "0030_receipts_of_two", 31 "0031_ladder", 32 "0032_board", 33 "0033_course", 34 "0034_calls", 35 "0035_accounts", 36 "0036_team", 37 "0037_alarms", 38 "0038_desk", 39 "0039_bulk_as_done", 40 "0040_shapes", 41 "0041_desk", 42 "0042_alarms_by_evidence", 43 "0043_written_on", 44 "0044_rights_of_keys");

pub async fn migrate(tx: &mut Tx) -> Result<()> {
    let done = match tx {
        Tx::Sqlite(c) => migrator(&SQLITE).run(&mut **c).await,
        Tx::Postgres(c) => migrator(&POSTGRES).run(&mut **c).await,
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

fn migrator(texts: &[(i64, &'static str, &'static str)]) -> Migrator {
    let each = |&(number, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
    };
    Migrator::with_migrations(texts.iter().map(each).collect())
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
            assert_eq!(run.map(|(_, name, _)| format!("{name}.sql")).as_slice(), files);
            assert!(run.iter().enumerate().all(|(n, (number, name, _))| {
                *number == n as i64 + 1 && name.starts_with(&format!("{number:04}_"))
            }));
        }
    }
}
