//! What a cell holds, and what a column says about its cells.

use crate::base::clock::Ts;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Whole,
    /// Between 0 and 1, rounded to four places.
    Share,
    YesNo,
    /// In UTC, to the second.
    Instant,
}

impl Type {
    /// For whoever reads the table.
    pub fn label(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Whole => "whole number",
            Type::Share => "share between 0 and 1",
            Type::YesNo => "yes or no",
            Type::Instant => "date and time, UTC",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known, or nothing may be told.
    Nothing,
    Text(String),
    Whole(i64),
    Share(f64),
    YesNo(bool),
    Instant(Ts),
}

impl Value {
    /// An empty text is nothing.
    pub fn text(text: impl Into<String>) -> Value {
        let text: String = text.into();
        if text.is_empty() { Value::Nothing } else { Value::Text(text) }
    }

    pub fn instant(at: Option<Ts>) -> Value {
        at.map_or(Value::Nothing, Value::Instant)
    }

    pub fn whole(n: Option<i64>) -> Value {
        n.map_or(Value::Nothing, Value::Whole)
    }

    pub fn yes_no(yes: Option<bool>) -> Value {
        yes.map_or(Value::Nothing, Value::YesNo)
    }

    /// Whether it may stand in a column of this type. A word may stand among numbers: that somebody cannot say.
    pub fn is_of(&self, kind: Type) -> bool {
        match self {
            Value::Nothing => true,
            Value::Text(_) => matches!(kind, Type::Text | Type::Whole),
            Value::Whole(_) => kind == Type::Whole,
            Value::Share(_) => kind == Type::Share,
            Value::YesNo(_) => kind == Type::YesNo,
            Value::Instant(_) => kind == Type::Instant,
        }
    }
}

/// Rows that follow each other.
pub type Rows = Vec<Vec<Value>>;

/// A column as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Type,
    /// What stands in it, without a stop at its end.
    pub meaning: String,
}

impl Column {
    pub fn new(name: impl Into<String>, kind: Type, meaning: impl Into<String>) -> Column {
        Column { name: name.into(), kind, meaning: meaning.into() }
    }
}

/// A column of rows of one kind, with where its cells come from.
pub struct Described<R> {
    pub name: &'static str,
    pub kind: Type,
    pub meaning: &'static str,
    pub of: fn(&R) -> Value,
}

pub(super) const fn column<R>(
    name: &'static str,
    kind: Type,
    meaning: &'static str,
    of: fn(&R) -> Value,
) -> Described<R> {
    Described { name, kind, meaning, of }
}

pub fn columns<R>(all: &[Described<R>]) -> Vec<Column> {
    all.iter().map(|c| Column::new(c.name, c.kind, c.meaning)).collect()
}

pub fn cells<R>(all: &[Described<R>], row: &R) -> Vec<Value> {
    all.iter().map(|c| (c.of)(row)).collect()
}
