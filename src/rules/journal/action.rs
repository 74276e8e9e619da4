//! What was done, as the journal has it. Contract: the words stand in databases and are never changed; one more is one more line here.
//!
//! A line of another version may have words that this one does not know: they are shown as they are and decide nothing.

use std::fmt;

macro_rules! actions {
    ($($name:ident = $words:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($name,)+
        }

        impl Action {
            pub const ALL: &[Action] = &[$(Action::$name,)+];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Action::$name => $words,)+
                }
            }
        }
    };
}

// The subject is a round.
actions! {
    MadeRound = "made the round",
    LoadedFolder = "loaded the round's folder",
    LoadedList = "loaded a contact list",
    LoadedUploadOfAnother = "loaded a list that somebody else had uploaded",
    ChangedUploadOfAnother = "changed an uploaded list of somebody else",
    TookUploadAway = "took an uploaded list away",
    RememberedColumns = "remembered columns of the client's lists",
    ForgotColumn = "forgot a column of the client's lists",
    StartedRound = "started the round",
    PausedRound = "paused the round",
    ResumedRound = "resumed the round",
    ClosedRound = "closed the round",
    GaveReason = "gave the reason for people left out",
    AcceptedUnalignedSenders = "accepted senders that are not aligned",
    ChangedPlan = "changed the plan",
    ChangedQuestions = "changed the questions",
    SentTestLetter = "sent a test letter",
    AskedForApproval = "asked the client to approve the plan",
    RecordedApproval = "recorded the client's approval of the plan",
    ApprovedPlan = "approved the plan",
    Paused = "paused",
    LiftedPause = "lifted a pause",
    Exported = "took away",

    // An account or a request.
    SignedOff = "signed off the names",
    CounterSigned = "counter-signed the names",
    TookSignatureBack = "took a signature back",
    AskedAgainToSign = "asked again to sign",
    AskedDeputy = "asked the deputy to sign as well",
    AskedRegionalHead = "asked the regional head to sign as well",
    SignerIsAway = "is away and not asked to sign",
    SignerIsBack = "is back and asked to sign again",
    LeftOut = "left out the names that nobody has signed",
    TookInAgain = "took in again what was left out",
    LetLastYearStand = "let the list of the round before stand",
    AskedAgainToRepair = "asked again to repair contacts",
    AskedOperations = "asked operations a question",
    Delegated = "let somebody sign for somebody else",
    EndedDelegation = "let somebody sign for somebody else no more",
    SentSigningSummary = "sent a summary of the signatures",

    // A contact and its place on the list.
    PutOnTheList = "put on the list",
    Removed = "removed",
    PutBack = "put back",
    IsOnTheListAgain = "is on the list again",
    Corrected = "corrected",
    Replaced = "replaced",
    NamedSuccessor = "named a successor",
    MovedToAnotherAccount = "moved to another account",
    AnsweredAboutTheList = "answered about the list",
    FoundRight = "looked at the remarks on a name and found it right",
    TookChangeBack = "took a change of a name back",
    ObjectedUnderAnotherAddress = "is not written to, as was asked under another address",
    LeftUnderAnotherAddress = "has left, as was heard of under another address",
    IsTheSamePerson = "is the same person; what was known of the other address has ended since",
    SetAnswersAside = "set the answers aside",
    SentAnswers = "sent the answers",
    ClosedTask = "closed the task",

    // What was heard of a contact and of its address.
    FoundUndeliverable = "found the address undeliverable",
    FoundRightAfterAll = "found the address right after all",
    ConfirmedAddress = "confirmed the address",
    IsAway = "is away",
    IsBack = "is back",
    HasLeft = "has left the company",
    HasNotLeft = "has not left after all",
    OptedOut = "opted out",
    OldAddressOptedOut = "the old address opted out",
    Complained = "called a mail of ours unwanted, which counts as an opt-out",
    RecordedConsent = "recorded a new consent",
    SawToReply = "saw to a reply",
    AnsweredReply = "answered a reply",
    ForwardedReply = "forwarded a reply",
    GaveReply = "gave a reply to",
    NotedOnReply = "noted on a reply",
    PutReplyOff = "put a reply off until",
    Called = "called",
    TookCallBack = "took a call back",
    IsRightPerson = "is whom to ask after all",

    // One message.
    Held = "held",
    Released = "released",
    TriedAgain = "tried again",
    ConfirmedArrival = "confirmed as arrived",
    SentAgain = "sent again",
    Repeats = "repeats under the same Message-ID",
    IsInDoubt = "is in doubt whether this arrived",
    HeldSuspect = "held what ended the program",
    WasInOutboundJournalOnly = "was known to the outbound journal only",
    PlansRefusedAgain = "plans again what was refused",

    // All mail, or all of a gateway or an incident.
    HeldMail = "held mail",
    LetMailGo = "let mail go again",
    SaidItWasOurTrouble = "said that it was our trouble",
    ConfirmedRefusals = "confirmed the refusals",
    HeldGateway = "held the mail to",
    ReleasedGateway = "released the mail to",
    ConfirmedSending = "confirmed and let sending go on",
    JoinedSender = "saw another sender at work here and joined it",
    EndedAlarm = "said that an alarm is over",

    // A hand-over.
    HandedOverAgain = "handed over again",
    HandedOverSetAside = "handed over answers that were set aside",

    // An event.
    ToldEventsAgain = "had events told again",
    LeftEventOut = "left an event out",

    // Operators and programs with a key.
    LoggedIn = "logged in",
    AddedOperator = "added an operator",
    RemovedOperator = "removed an operator",
    EndedSessions = "ended sessions",
    AddedKey = "added a key",
    RemovedKey = "removed a key",
}

impl Action {
    /// None for the words of another version.
    pub fn parse(words: &str) -> Option<Action> {
        Action::ALL.iter().copied().find(|action| action.as_str() == words)
    }

    /// Whether people change the names of a round by it. A list is compared anew where one of these came between.
    pub fn changes_names(self) -> bool {
        matches!(
            self,
            Action::Removed
                | Action::PutBack
                | Action::Corrected
                | Action::Replaced
                | Action::NamedSuccessor
                | Action::MovedToAnotherAccount
                | Action::AnsweredAboutTheList
                | Action::TookChangeBack
                | Action::PutOnTheList
                | Action::IsOnTheListAgain
                | Action::SetAnswersAside
                | Action::LoadedFolder
                | Action::LoadedList
        )
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_every_action_are_its_own_and_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(*action));
            assert_eq!(action.to_string(), action.as_str());
            assert_eq!(Action::ALL.iter().filter(|other| other.as_str() == action.as_str()).count(), 1, "{action}");
        }
    }

    #[test]
    fn words_of_another_version_are_no_action() {
        for words in ["", "Opted out", "opted out ", "has been given a score"] {
            assert_eq!(Action::parse(words), None, "{words}");
        }
    }
}
