//! A form that brings a file: read as it comes, so that memory stays flat, and no longer than whoever sends it makes progress.
//!
//! The token of the session stands before the file: nothing of a file is kept that another page has sent (S14).

use std::future::Future;
use std::time::{Duration, Instant};

use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;

use crate::base::problem::{Kind, Problem};
use crate::base::seal::same;
use crate::intake::list;
use crate::steps::contacts::upload::{self, SLOWEST};
use crate::web::kit::door::session::Operator;
use crate::web::kit::problem::Failure;

/// A file with the lines of the form around it.
pub const LARGEST_FILE: usize = list::LARGEST + 64 * 1024;
/// Somebody who trickles is told so within five seconds.
const FIRST_LOOK: Duration = Duration::from_secs(4);
/// Larger than any token.
const LONGEST_TEXT: usize = 1024;

pub fn file_too_large() -> Failure {
    upload::too_large().into()
}

/// The form of this request, or why it is none.
pub fn form(read: Result<Multipart, MultipartRejection>) -> Result<Multipart, Failure> {
    read.map_err(|rejection| {
        tracing::debug!(%rejection, "no form with a file");
        Failure::forbidden(
            "This form did not come from one of our pages.",
            "Go back, reload the page and try again. Nothing was changed.",
        )
    })
}

/// How fast a file comes: looked at after the first seconds, and over and over while it comes. Only what we wait for counts, so that a writer
/// of ours who is busy ends no upload.
struct Pace {
    /// How long until it is looked at.
    look: Duration,
    /// And from then on, each time.
    later: Duration,
    waited: Duration,
    bytes: u64,
}

impl Pace {
    fn begin(patience: Duration) -> Pace {
        Pace { look: FIRST_LOOK.min(patience), later: patience, waited: Duration::ZERO, bytes: 0 }
    }

    /// Until it is looked at again.
    fn left(&self) -> Duration {
        self.look.saturating_sub(self.waited)
    }

    /// Whether it is fast enough, as far as that can be told.
    fn came(&mut self, waited: Duration, bytes: u64) -> bool {
        self.waited += waited;
        self.bytes += bytes;
        if self.waited < self.look {
            return true;
        }
        let wanted = self.waited.as_millis() * u128::from(SLOWEST) / 1000;
        let is_fast = u128::from(self.bytes) >= wanted;
        (self.look, self.waited, self.bytes) = (self.later, Duration::ZERO, 0);
        is_fast
    }
}

/// A form with a file on its way.
pub struct Progress {
    pace: Pace,
}

impl Progress {
    pub fn begin(patience: Duration) -> Progress {
        Progress { pace: Pace::begin(patience) }
    }

    /// Waits for what comes next, while what came was fast enough.
    async fn wait<T>(
        &mut self,
        read: impl Future<Output = Result<T, MultipartError>>,
        bytes: impl Fn(&T) -> usize,
    ) -> Result<T, Failure> {
        let mut read = std::pin::pin!(read);
        loop {
            let begun = Instant::now();
            let came = tokio::time::timeout(self.pace.left(), &mut read).await;
            let n = came.as_ref().ok().and_then(|read| read.as_ref().ok()).map_or(0, &bytes);
            let is_fast = self.pace.came(begun.elapsed(), n as u64);
            match came {
                // What has come to its end is taken, however long it took.
                Ok(read) if is_fast || n == 0 => return read.map_err(|error| broken(&error)),
                _ if !is_fast => return Err(too_slow()),
                _ => {}
            }
        }
    }

    /// The next bytes of a file.
    pub async fn next(&mut self, file: &mut Field<'_>) -> Result<Option<axum::body::Bytes>, Failure> {
        self.wait(file.chunk(), |bytes| bytes.as_ref().map_or(0, |bytes| bytes.len())).await
    }

    async fn text(&mut self, field: &mut Field<'_>) -> Result<String, Failure> {
        let mut text = Vec::new();
        while let Some(bytes) = self.next(field).await? {
            text.extend_from_slice(&bytes);
            if text.len() > LONGEST_TEXT {
                return Err(other_page());
            }
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The file of a form that this operator has sent from a page of his session; none where the form has none.
    pub async fn file<'f>(&mut self, form: &'f mut Multipart, by: &Operator) -> Result<Option<Field<'f>>, Failure> {
        match self.wait(form.next_field(), |_| 0).await? {
            Some(mut token) if token.name() == Some("csrf") => {
                if !same(self.text(&mut token).await?.trim(), &by.csrf) {
                    return Err(other_page());
                }
            }
            _ => return Err(other_page()),
        }
        let file = self.wait(form.next_field(), |_| 0).await?;
        Ok(file.filter(|file| file.name() == Some("file")))
    }
}

pub fn no_file(next: &str) -> Failure {
    Problem::unusable("No file was chosen.", next).into()
}

fn other_page() -> Failure {
    Failure::forbidden(
        "This form was sent from another page than ours, or was open for too long.",
        "Go back, reload the page and try again. Nothing was changed.",
    )
}

fn too_slow() -> Failure {
    let what = format!("The file came too slowly (less than {} kB a second), so the upload was ended.", SLOWEST / 1024);
    Failure::new(
        StatusCode::REQUEST_TIMEOUT,
        Kind::Unusable,
        &what,
        "Try again over a better line; nothing was changed.",
    )
}

fn broken(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return file_too_large();
    }
    tracing::debug!(%error, "an upload broke off");
    Problem::unusable("The file did not arrive whole.", "Upload it again; nothing was changed.").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces of so many bytes, one every 100 ms, until it is too slow, or for an hour.
    fn ended_after(bytes: u64) -> Option<Duration> {
        let mut pace = Pace::begin(Duration::from_secs(30));
        let step = Duration::from_millis(100);
        (1..36_000).find(|_| !pace.came(step, bytes)).map(|n| step * n)
    }

    #[test]
    fn f23_an_upload_goes_on_at_eight_kilobytes_a_second_and_is_ended_below_within_five_seconds() {
        let tenth = SLOWEST.div_ceil(10);
        assert_eq!(ended_after(tenth), None);
        for slow in [0, 1, tenth / 2, tenth - 1] {
            let ended = ended_after(slow).unwrap();
            assert!(ended < Duration::from_secs(5), "{slow} bytes: {ended:?}");
        }
    }

    #[test]
    fn f23_a_fast_beginning_does_not_pay_for_a_trickle_after_it_and_a_short_rest_is_forgiven() {
        let mut pace = Pace::begin(Duration::from_secs(30));
        let second = Duration::from_secs(1);
        assert!((0..4).all(|_| pace.came(second, 1024 * 1024)));
        let trickle = (1..600).find(|_| !pace.came(second, 1));
        assert_eq!(trickle, Some(30));
        // Ten seconds of nothing in a good half minute.
        let mut pace = Pace::begin(Duration::from_secs(30));
        assert!((0..600).all(|n| pace.came(second, if n % 30 >= 10 || n < 4 { 20 * 1024 } else { 0 })));
        // Never longer than it takes at the slowest.
        assert!(pace.left() <= Duration::from_secs(30));
    }
}
