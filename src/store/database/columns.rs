//! How our values stand in columns: words and ids as TEXT, instants and flags as BIGINT, on both databases.
//!
//! A word that the program does not know is an error that names the value, never a silent default. The traits are our own, so that the types
//! of other crates of this workspace can have them; what they keep is read and written by sqlx.

use sqlx::error::BoxDynError;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids;
use crate::rules::alarm::{AlarmEvent, AlarmKind, CallState};
use crate::rules::calling::Outcome;
use crate::rules::completion::team::TeamLevel;
use crate::rules::contacts::Role;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::handover::HandoffState;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::repair::TaskKind;
use crate::rules::replies::desk::DeskWork;
use crate::rules::round::RoundState;
use crate::rules::sending::trouble::Meant;
use crate::rules::signoff::delegation::Why;
use crate::rules::signoff::{SignLevel, Standing};

/// A value that is given to a statement, as sqlx takes it.
pub trait Bind {
    type Kept;

    fn kept(self) -> Self::Kept;
}

/// A value that is read from a column. Fails where what stands there is none.
pub trait Column: Sized {
    type Kept;

    fn read(kept: Self::Kept) -> Result<Self, BoxDynError>;
}

/// A yes or no, kept as 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<T: Bind> Bind for Option<T> {
    type Kept = Option<T::Kept>;

    fn kept(self) -> Self::Kept {
        self.map(Bind::kept)
    }
}

impl<'v, T> Bind for &'v Option<T>
where
    &'v T: Bind,
{
    type Kept = Option<<&'v T as Bind>::Kept>;

    fn kept(self) -> Self::Kept {
        self.as_ref().map(Bind::kept)
    }
}

impl<T: Column> Column for Option<T> {
    type Kept = Option<T::Kept>;

    fn read(kept: Self::Kept) -> Result<Self, BoxDynError> {
        kept.map(T::read).transpose()
    }
}

/// What sqlx takes and gives as it is.
macro_rules! plain {
    ($($type:ty),+) => {
        $(
            impl Bind for $type {
                type Kept = $type;

                fn kept(self) -> $type {
                    self
                }
            }

            impl Column for $type {
                type Kept = $type;

                fn read(kept: $type) -> Result<$type, BoxDynError> {
                    Ok(kept)
                }
            }
        )+
    };
}

/// Small values: `$out` makes what is kept, `$in` makes the value again.
macro_rules! small_column {
    ($type:ty as $bound:ty, $out:expr, $kept:ty, $in:expr) => {
        impl Bind for $type {
            type Kept = $bound;

            fn kept(self) -> $bound {
                let out: fn($type) -> $bound = $out;
                out(self)
            }
        }

        impl Column for $type {
            type Kept = $kept;

            fn read(kept: $kept) -> Result<$type, BoxDynError> {
                let into: fn($kept) -> Result<$type, BoxDynError> = $in;
                into(kept)
            }
        }
    };
}

/// Values that are a text: bound by reference, without a copy of ours.
macro_rules! text_column {
    ($type:ty, $in:expr) => {
        impl<'v> Bind for &'v $type {
            type Kept = &'v str;

            fn kept(self) -> &'v str {
                self.as_str()
            }
        }

        impl Column for $type {
            type Kept = String;

            fn read(kept: String) -> Result<$type, BoxDynError> {
                let into: fn(String) -> Result<$type, BoxDynError> = $in;
                into(kept)
            }
        }
    };
}

macro_rules! words {
    ($($type:ty),+) => {
        $(small_column!($type as &'static str, |word| word.as_str(), String, |text| {
            <$type>::parse(&text).ok_or_else(|| format!("`{text}` is not a {}", stringify!($type)).into())
        });)+
    };
}

macro_rules! ids {
    ($($type:ident),+) => {
        $(text_column!(ids::$type, |text| Ok(text.into()));)+
    };
}

impl<'v> Bind for &'v str {
    type Kept = &'v str;

    fn kept(self) -> &'v str {
        self
    }
}

impl Bind for String {
    type Kept = String;

    fn kept(self) -> String {
        self
    }
}

plain!(i64);
small_column!(Ts as i64, |ts| ts.0, i64, |ms| Ok(Ts(ms)));
small_column!(Flag as i64, |flag| i64::from(flag.0), i64, |n| Ok(Flag(n != 0)));
words!(
    MessageKind,
    MessageState,
    Role,
    RoundState,
    SignLevel,
    Standing,
    HandoffState,
    TaskKind,
    Meant,
    ObjectionKind,
    Why,
    Outcome,
    AlarmKind,
    AlarmEvent,
    CallState,
    DeskWork,
    TeamLevel
);
text_column!(String, Ok);
ids!(
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
    RefusalId,
    QuestionId,
    AccountQuestionId,
    ObjectionId,
    FormerLinkId,
    HoldId,
    PauseId,
    ApprovalId,
    SignatureId,
    CodeId,
    ReceiptId,
    SummaryId,
    TestLetterId,
    WithdrawalId,
    LoginId,
    LoginRequestId,
    KeyId,
    EntryId,
    UploadId,
    NameChangeId,
    DelegationId,
    AbsenceId,
    DecisionId,
    BulkId,
    CallId,
    AlarmId,
    AlarmCallId,
    EventId,
    DeskActId,
    SavedViewId,
    TeamLinkId
);
text_column!(Lane, |text| Ok(Lane::parse(&text)));
text_column!(EmailAddress, |text| {
    match EmailAddress::parse(&text) {
        Ok(address) => Ok(address),
        // Checked when it was written, by the rules of then.
        Err(_) if text.contains('@') => Ok(EmailAddress::kept(text)),
        Err(why) => Err(format!("the stored address `{text}` {why}").into()),
    }
});
