//! Rows of either database as values of ours.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row, Sqlite, Type};

use super::columns::Column;

/// What both databases read from a column.
pub trait Kept: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

impl<T> Kept for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

/// A row of either database.
pub trait AnyRow {
    fn named<T: Column<Kept: Kept>>(&self, name: &str) -> sqlx::Result<T>;
    fn numbered<T: Column<Kept: Kept>>(&self, number: usize) -> sqlx::Result<T>;
}

macro_rules! any_row {
    ($($row:ty),+) => {
        $(
            impl AnyRow for $row {
                fn named<T: Column<Kept: Kept>>(&self, name: &str) -> sqlx::Result<T> {
                    T::read(self.try_get(name)?).map_err(|source| sqlx::Error::ColumnDecode { index: name.into(), source })
                }

                fn numbered<T: Column<Kept: Kept>>(&self, number: usize) -> sqlx::Result<T> {
                    T::read(self.try_get(number)?).map_err(|source| sqlx::Error::ColumnDecode { index: number.to_string(), source })
                }
            }
        )+
    };
}

any_row!(SqliteRow, PgRow);

/// A value that is read from a whole row: a struct of `row!`, or a tuple column by column.
pub trait FromRow: Sized {
    fn from_row(row: &impl AnyRow) -> sqlx::Result<Self>;
}

macro_rules! tuples {
    ($(($($part:ident $number:tt),+);)+) => {
        $(
            impl<$($part: Column<Kept: Kept>),+> FromRow for ($($part,)+) {
                fn from_row(row: &impl AnyRow) -> sqlx::Result<Self> {
                    Ok(($(row.numbered::<$part>($number)?,)+))
                }
            }
        )+
    };
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
}

/// All rows, or the first that cannot be read.
pub fn each<T: FromRow>(rows: Vec<impl AnyRow>) -> sqlx::Result<Vec<T>> {
    rows.iter().map(T::from_row).collect()
}

pub fn single<T: FromRow>(row: impl AnyRow) -> sqlx::Result<T> {
    T::from_row(&row)
}

pub fn optional<T: FromRow>(row: Option<impl AnyRow>) -> sqlx::Result<Option<T>> {
    row.as_ref().map(T::from_row).transpose()
}
