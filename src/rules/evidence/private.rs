//! Which entries of the journal tell of what a contact did: whoever checks who approved whom need not see them.
//!
//! Every action is named here, so that a new one is thought about. What an entry was called when it was given its place stays.

use crate::rules::journal::Action;

/// `action`: the words of an entry. Nobody knows what the words of another version say.
pub fn is_private(action: &str) -> bool {
    Action::parse(action).is_none_or(of_a_contact)
}

fn of_a_contact(action: Action) -> bool {
    match action {
        // The round, its plan and its lists.
        Action::MadeRound
        | Action::LoadedFolder
        | Action::LoadedList
        | Action::LoadedUploadOfAnother
        | Action::ChangedUploadOfAnother
        | Action::TookUploadAway
        | Action::RememberedColumns
        | Action::ForgotColumn
        | Action::StartedRound
        | Action::PausedRound
        | Action::ResumedRound
        | Action::ClosedRound
        | Action::GaveReason
        | Action::AcceptedUnalignedSenders
        | Action::ChangedPlan
        | Action::ChangedQuestions
        | Action::SentTestLetter
        | Action::AskedForApproval
        | Action::RecordedApproval
        | Action::ApprovedPlan
        | Action::Paused
        | Action::LiftedPause
        | Action::Exported => false,
        // Who signed, who was asked to.
        Action::SignedOff
        | Action::CounterSigned
        | Action::TookSignatureBack
        | Action::AskedAgainToSign
        | Action::Delegated
        | Action::EndedDelegation
        | Action::AskedDeputy
        | Action::AskedRegionalHead
        | Action::LeftOut
        | Action::TookInAgain
        | Action::LetLastYearStand
        | Action::SentSigningSummary
        | Action::AskedAgainToRepair => false,
        // What directors, operators and lists did to the names that are signed.
        Action::FoundRight
        | Action::TookChangeBack
        | Action::PutOnTheList
        | Action::Removed
        | Action::PutBack
        | Action::IsOnTheListAgain
        | Action::Corrected
        | Action::Replaced
        | Action::NamedSuccessor
        | Action::MovedToAnotherAccount
        | Action::AnsweredAboutTheList => false,
        // Where those who sign are is theirs.
        Action::SignerIsAway | Action::SignerIsBack => true,
        // Answered, objected, left, away, bounced.
        Action::ObjectedUnderAnotherAddress
        | Action::LeftUnderAnotherAddress
        | Action::IsTheSamePerson
        | Action::SetAnswersAside
        | Action::SentAnswers
        | Action::ClosedTask
        | Action::FoundUndeliverable
        | Action::FoundRightAfterAll
        | Action::ConfirmedAddress
        | Action::IsAway
        | Action::IsBack
        | Action::HasLeft
        | Action::HasNotLeft
        | Action::OptedOut
        | Action::OldAddressOptedOut
        | Action::Complained
        | Action::RecordedConsent
        | Action::SawToReply
        | Action::AnsweredReply
        | Action::ForwardedReply
        | Action::GaveReply
        | Action::NotedOnReply
        | Action::PutReplyOff
        | Action::Called
        | Action::TookCallBack
        | Action::IsRightPerson
        | Action::AskedOperations => true,
        // What became of one person's mail, and of his answers.
        Action::Held
        | Action::Released
        | Action::TriedAgain
        | Action::ConfirmedArrival
        | Action::SentAgain
        | Action::Repeats
        | Action::IsInDoubt
        | Action::HeldSuspect
        | Action::WasInOutboundJournalOnly
        | Action::PlansRefusedAgain
        | Action::HandedOverAgain
        | Action::HandedOverSetAside => true,
        // All mail, operators and programs.
        Action::HeldMail
        | Action::LetMailGo
        | Action::SaidItWasOurTrouble
        | Action::ConfirmedRefusals
        | Action::HeldGateway
        | Action::ReleasedGateway
        | Action::ConfirmedSending
        | Action::JoinedSender
        | Action::EndedAlarm
        | Action::ToldEventsAgain
        | Action::LeftEventOut
        | Action::LoggedIn
        | Action::AddedOperator
        | Action::RemovedOperator
        | Action::EndedSessions
        | Action::AddedKey
        | Action::RemovedKey => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::evidence::told;
    use crate::rules::signoff::SignLevel;

    use super::*;

    #[test]
    fn what_a_contact_did_is_private_and_what_is_signed_never_is() {
        for words in
            ["opted out", "sent the answers", "is away", "found the address undeliverable", "set the answers aside"]
        {
            assert!(is_private(words), "{words}");
        }
        for action in Action::ALL.iter().filter(|action| action.changes_names() && **action != Action::SetAnswersAside)
        {
            assert!(!is_private(action.as_str()), "{action}");
        }
        for level in [SignLevel::Director, SignLevel::SalesDirector] {
            assert!(!is_private(told::action(level).as_str()), "{level:?}");
        }
        assert!(is_private("has been given a score"), "words of another version");
    }
}
