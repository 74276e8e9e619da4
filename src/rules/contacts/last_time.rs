//! What came of somebody in the round before: in columns of the next list, and in one line at his name for whoever signs it again.
//!
//! Whoever signs a list for the second year looks at what is different, not at every name. Nothing of it says what anybody answered.

use crate::rules::message::MessageKind;

/// How somebody stood at the end of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stood {
    pub invited: bool,
    pub answer: Answer,
    pub out: Option<Out>,
    /// After which message the answer came; none where none had gone.
    pub took: Option<Took>,
    pub address: Address,
    /// In whose place he came while the round ran; empty for those of the list.
    pub predecessor: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    #[default]
    None,
    Begun,
    Complete,
    /// His round tells of nobody whether he has answered.
    NotTold,
}

/// Why nothing more went to him.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    TakenOff,
    OptedOut,
    Unreachable,
}

/// What became of his address while the round ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Address {
    #[default]
    Same,
    Corrected,
    BouncedAndCorrected,
}

/// The message after which an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Took {
    pub kind: MessageKind,
    pub number: i64,
}

/// What came of it, the first that is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Came {
    Answered,
    TakenOff,
    OptedOut,
    Unreachable,
    Began,
    Silent,
    /// What he did then is not told.
    Asked,
    NotInvited,
}

impl Came {
    pub const ALL: [Came; 8] = [
        Came::Answered,
        Came::TakenOff,
        Came::OptedOut,
        Came::Unreachable,
        Came::Began,
        Came::Silent,
        Came::Asked,
        Came::NotInvited,
    ];

    /// Contract: a key of what `round next --json` says.
    pub fn as_str(self) -> &'static str {
        match self {
            Came::Answered => "answered",
            Came::TakenOff => "taken_off",
            Came::OptedOut => "opted_out",
            Came::Unreachable => "unreachable",
            Came::Began => "began",
            Came::Silent => "silent",
            Came::Asked => "asked",
            Came::NotInvited => "not_invited",
        }
    }

    /// As it stands in a list, and in letters that use it.
    pub fn label(self) -> &'static str {
        match self {
            Came::Answered => "answered",
            Came::TakenOff => "taken off the list",
            Came::OptedOut => "opted out of that round",
            Came::Unreachable => "could not be reached",
            Came::Began => "began and did not finish",
            Came::Silent => "silent",
            Came::Asked => "asked",
            Came::NotInvited => "not invited",
        }
    }
}

/// The columns of the next list, by their headers. None may be the name of a column of ours.
pub const COLUMNS: [&str; 4] = ["Last round", "What came of it", "Answered after", "Changed in that round"];

impl Stood {
    pub fn came(&self) -> Came {
        match (self.answer, self.out) {
            (Answer::Complete, _) => Came::Answered,
            (_, Some(Out::TakenOff)) => Came::TakenOff,
            (_, Some(Out::OptedOut)) => Came::OptedOut,
            (_, Some(Out::Unreachable)) => Came::Unreachable,
            (Answer::Begun, None) => Came::Began,
            (Answer::None, None) if self.invited => Came::Silent,
            (Answer::NotTold, None) if self.invited => Came::Asked,
            (Answer::None | Answer::NotTold, None) => Came::NotInvited,
        }
    }

    /// What stands in [`COLUMNS`]; `round`: its name.
    pub fn cells(&self, round: &str) -> [String; 4] {
        let took = self.took.map(|took| took.kind.numbered(took.number)).unwrap_or_default();
        let address = match self.address {
            Address::Same => None,
            Address::Corrected => Some("has a new address".to_owned()),
            Address::BouncedAndCorrected => Some("bounced, then corrected".to_owned()),
        };
        let place = (!self.predecessor.is_empty()).then(|| format!("in the place of {}", self.predecessor));
        let changed: Vec<String> = address.into_iter().chain(place).collect();
        [round.into(), self.came().label().into(), took, changed.join("; ")]
    }
}

/// Somebody of a list beside the round before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastTime {
    /// None for somebody who was not in it.
    pub stood: Option<Stood>,
    pub new_address: bool,
    /// Every word of the name is as it was signed then.
    pub as_signed: bool,
}

impl LastTime {
    /// One line for whoever signs, in [`spoken`] of this language. `last_year`: the round before was in the year before.
    pub fn sentence(&self, language: &str, last_year: bool) -> String {
        let words = Words::of(language, last_year);
        let Some(stood) = &self.stood else { return words.not_there() };
        let mut all = vec![words.came(stood)];
        if self.new_address || stood.address != Address::Same {
            all.push(words.new_address().into());
        }
        if !stood.predecessor.is_empty() {
            all.push(words.in_the_place_of(&stood.predecessor));
        }
        // The list that he was taken off was signed before that.
        if self.as_signed && stood.out != Some(Out::TakenOff) {
            all.push(words.as_signed());
        }
        all.join(" ")
    }
}

/// In which language a sentence is for whoever reads this one.
pub fn spoken(language: &str) -> &'static str {
    match Words::of(language, true).language {
        Language::English => "en",
        Language::German => "de",
        Language::French => "fr",
    }
}

/// The words of one language.
struct Words {
    language: Language,
    when: &'static str,
}

#[derive(Clone, Copy)]
enum Language {
    English,
    German,
    French,
}

impl Words {
    fn of(language: &str, last_year: bool) -> Words {
        let (language, when) = match (language.get(..2).unwrap_or_default(), last_year) {
            ("de", true) => (Language::German, "letztes Jahr"),
            ("de", false) => (Language::German, "beim letzten Mal"),
            ("fr", true) => (Language::French, "l’an dernier"),
            ("fr", false) => (Language::French, "la dernière fois"),
            (_, true) => (Language::English, "last year"),
            (_, false) => (Language::English, "last time"),
        };
        Words { language, when }
    }

    fn not_there(&self) -> String {
        let when = self.when;
        match self.language {
            Language::English => format!("Was not on the list {when}."),
            Language::German => format!("Stand {when} nicht auf der Liste."),
            Language::French => format!("Ne figurait pas sur la liste {when}."),
        }
    }

    fn came(&self, stood: &Stood) -> String {
        let when = self.when;
        match (stood.came(), self.language) {
            (Came::Answered, Language::English) => format!("Answered {when}{}.", self.after(stood)),
            (Came::Answered, Language::German) => format!("Hat {when}{} geantwortet.", self.after(stood)),
            (Came::Answered, Language::French) => format!("A répondu {when}{}.", self.after(stood)),
            (Came::TakenOff, Language::English) => format!("Was taken off the list {when}."),
            (Came::TakenOff, Language::German) => format!("Wurde {when} von der Liste genommen."),
            (Came::TakenOff, Language::French) => format!("Retrait de la liste {when}."),
            (Came::OptedOut, Language::English) => format!("Opted out {when}."),
            (Came::OptedOut, Language::German) => format!("Wollte {when} nicht teilnehmen."),
            (Came::OptedOut, Language::French) => format!("N’a pas voulu participer {when}."),
            (Came::Unreachable, Language::English) => format!("Could not be reached {when}."),
            (Came::Unreachable, Language::German) => format!("War {when} nicht erreichbar."),
            (Came::Unreachable, Language::French) => format!("Était injoignable {when}."),
            (Came::Began, Language::English) => format!("Began {when} and did not finish."),
            (Came::Began, Language::German) => format!("Hat {when} begonnen und nicht abgeschlossen."),
            (Came::Began, Language::French) => format!("A commencé {when} sans terminer."),
            (Came::Silent, Language::English) => format!("Silent {when}."),
            (Came::Silent, Language::German) => format!("Hat {when} nicht geantwortet."),
            (Came::Silent, Language::French) => format!("N’a pas répondu {when}."),
            (Came::Asked, Language::English) => format!("Was asked {when}."),
            (Came::Asked, Language::German) => format!("Wurde {when} gefragt."),
            (Came::Asked, Language::French) => format!("A été sollicité(e) {when}."),
            (Came::NotInvited, Language::English) => format!("Was on the list {when} and not invited."),
            (Came::NotInvited, Language::German) => format!("Stand {when} auf der Liste, ohne eingeladen zu werden."),
            (Came::NotInvited, Language::French) => format!("Figurait sur la liste {when} sans être invité(e)."),
        }
    }

    /// " after the second reminder"; nothing where no message is known.
    fn after(&self, stood: &Stood) -> String {
        let Some(took) = stood.took else { return String::new() };
        if took.kind != MessageKind::Reminder {
            return match self.language {
                Language::English => " after the invitation".into(),
                Language::German => " nach der Einladung".into(),
                Language::French => " après l’invitation".into(),
            };
        }
        let ordinals = match self.language {
            Language::English => ["first", "second", "third", "fourth", "fifth"],
            Language::German => ["ersten", "zweiten", "dritten", "vierten", "fünften"],
            Language::French => ["premier", "deuxième", "troisième", "quatrième", "cinquième"],
        };
        let ordinal = usize::try_from(took.number - 1).ok().and_then(|at| ordinals.get(at));
        match (self.language, ordinal) {
            (Language::English, Some(which)) => format!(" after the {which} reminder"),
            (Language::German, Some(which)) => format!(" nach der {which} Erinnerung"),
            (Language::French, Some(which)) => format!(" après le {which} rappel"),
            (Language::English, None) => format!(" after reminder {}", took.number),
            (Language::German, None) => format!(" nach Erinnerung {}", took.number),
            (Language::French, None) => format!(" après le rappel n° {}", took.number),
        }
    }

    fn new_address(&self) -> &'static str {
        match self.language {
            Language::English => "Has a new address since.",
            Language::German => "Hat seitdem eine neue Adresse.",
            Language::French => "A une nouvelle adresse depuis.",
        }
    }

    fn in_the_place_of(&self, whom: &str) -> String {
        match self.language {
            Language::English => format!("Came in the place of {whom}."),
            Language::German => format!("Kam an die Stelle von {whom}."),
            Language::French => format!("À la place de {whom}."),
        }
    }

    fn as_signed(&self) -> String {
        let when = self.when;
        match self.language {
            Language::English => format!("As signed {when}."),
            Language::German => format!("Wie {when} unterschrieben."),
            Language::French => format!("Comme signé {when}."),
        }
    }
}

#[cfg(test)]
#[path = "last_time_tests.rs"]
mod tests;
