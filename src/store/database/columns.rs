//! How our values stand in columns: words as TEXT, instants and flags as BIGINT, on both databases.
//!
//! A word that the program does not know is an error that names the value, never a silent default.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids;
use crate::rules::contacts::Role;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::handover::HandoffState;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::repair::TaskKind;
use crate::rules::round::RoundState;
use crate::rules::sending::trouble::Meant;
use crate::rules::signoff::{SignLevel, Standing};

/// A yes or no, kept as 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

macro_rules! column {
    ($type:ty as $raw:ty, $out:expr, $in:expr) => {
        impl<DB: Database> Type<DB> for $type
        where
            $raw: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$raw as Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <$raw as Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $type
        where
            $raw: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let out: fn(&$type) -> $raw = $out;
                out(self).encode(buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $type
        where
            $raw: Decode<'r, DB>,
        {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let into: fn($raw) -> Result<$type, BoxDynError> = $in;
                into(<$raw as Decode<'r, DB>>::decode(value)?)
            }
        }
    };
}

macro_rules! word {
    ($($type:ty),*) => {
        $(column!($type as String, |w| w.as_str().to_string(), |text| {
            <$type>::parse(&text).ok_or_else(|| format!("`{text}` is not a {}", stringify!($type)).into())
        });)*
    };
}

word!(MessageKind, MessageState, Role, RoundState, SignLevel, Standing, HandoffState, TaskKind, Meant, ObjectionKind);

macro_rules! id {
    ($($type:ident),+) => {
        $(column!(ids::$type as String, |id| id.as_str().to_string(), |text| Ok(text.into()));)+
    };
}

id!(
    RoundId,
    AccountId,
    ContactId,
    MessageId,
    RequestId,
    TaskId,
    ResponseId,
    HandoffId,
    QuestionnaireId,
    OperatorId,
    IncidentId,
    ReplyId,
    PauseId,
    ApprovalId,
    EntryId
);
column!(Lane as String, |lane| lane.as_str().to_string(), |text| Ok(Lane::parse(&text)));
column!(Ts as i64, |ts| ts.0, |ms| Ok(Ts(ms)));
column!(Flag as i64, |flag| i64::from(flag.0), |n| Ok(Flag(n != 0)));
column!(EmailAddress as String, |address| address.as_str().to_string(), |text| {
    match EmailAddress::parse(&text) {
        Ok(address) => Ok(address),
        // Checked when it was written, by the rules of then.
        Err(_) if text.contains('@') => Ok(EmailAddress::kept(text)),
        Err(why) => Err(format!("the stored address `{text}` {why}").into()),
    }
});
