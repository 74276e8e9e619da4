//! What a director reads where an order says no: always in the words of his page, for an order says it in English, to operators and the log.
//!
//! What he can be told more exactly his page looks up before it gives the order; what remains here has come about between the two.

use axum::http::StatusCode;

use crate::base::problem::{Kind, Result};
use crate::web::kit::problem::Failure;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::frame::Letter;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::page::respond;

/// What is wrong, by field.
pub type Wrong = Vec<(&'static str, String)>;

/// The page that stands for another one.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub words: &'static DirectorPhrases,
    pub letter: &'a Letter,
}

impl Reader<'_> {
    /// A refusal goes beside the form as `sentence`; what is not there any more is a page of its own, and so is what is our trouble.
    pub fn told<T>(
        self,
        done: Result<T>,
        (field, sentence): (&'static str, &str),
    ) -> Result<Result<T, Wrong>, Failure> {
        let problem = match done {
            Ok(done) => return Ok(Ok(done)),
            Err(problem) => problem,
        };
        match problem.kind {
            Kind::Unusable | Kind::Refused => {
                tracing::info!(what = problem.what, "a director was refused something");
                Ok(Err(vec![(field, sentence.into())]))
            }
            Kind::Gone => Err(self.closed()),
            Kind::NotFound => Err(self.unknown()),
            _ => Err(problem.into()),
        }
    }

    /// The round is over.
    pub fn closed(self) -> Failure {
        let w = self.words;
        self.notice(StatusCode::GONE, w.closed_title, &[w.closed_lead, w.closed_thanks])
    }

    /// The form is about something that his page does not show: it never did (S11), or somebody else has it by now.
    pub fn unknown(self) -> Failure {
        let w = self.words;
        self.notice(StatusCode::NOT_FOUND, w.not_here_title, &[w.not_here_lead, w.not_here_next])
    }

    fn notice(self, status: StatusCode, title: &str, lines: &[&str]) -> Failure {
        respond(status, &Notice::director_link(self.letter.clone(), title, lines)).into()
    }
}
