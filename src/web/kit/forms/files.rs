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
use crate::steps::contacts::uploads;
use crate::web::kit::door::session::Operator;
use crate::web::kit::problem::Failure;

/// A file with the lines of the form around it.
pub const LARGEST_FILE: usize = list::LARGEST + 64 * 1024;
/// Bytes in a second, once the first patience is over: less is nobody's line.
const SLOWEST: u64 = 8 * 1024;
/// Larger than any token.
const LONGEST_TEXT: usize = 1024;

pub fn file_too_large() -> Failure {
    uploads::too_large().into()
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

/// How fast a file comes.
pub struct Progress {
    begun: Instant,
    patience: Duration,
    bytes: u64,
}

impl Progress {
    pub fn begin(patience: Duration) -> Progress {
        Progress { begun: Instant::now(), patience, bytes: 0 }
    }

    async fn wait<T>(&self, read: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Failure> {
        match tokio::time::timeout(self.patience, read).await {
            Ok(read) => read.map_err(|error| broken(&error)),
            Err(_) => Err(too_slow()),
        }
    }

    fn count(&mut self, bytes: usize) -> Result<(), Failure> {
        self.bytes += bytes as u64;
        let taken = self.begun.elapsed();
        let is_slow = taken > self.patience && self.bytes / taken.as_secs().max(1) < SLOWEST;
        if is_slow { Err(too_slow()) } else { Ok(()) }
    }

    /// The next bytes of a file.
    pub async fn next(&mut self, file: &mut Field<'_>) -> Result<Option<axum::body::Bytes>, Failure> {
        let bytes = self.wait(file.chunk()).await?;
        self.count(bytes.as_ref().map_or(0, |bytes| bytes.len()))?;
        Ok(bytes)
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
        match self.wait(form.next_field()).await? {
            Some(mut token) if token.name() == Some("csrf") => {
                if !same(self.text(&mut token).await?.trim(), &by.csrf) {
                    return Err(other_page());
                }
            }
            _ => return Err(other_page()),
        }
        let file = self.wait(form.next_field()).await?;
        Ok(file.filter(|file| file.name() == Some("file")))
    }
}

pub fn no_file() -> Failure {
    Problem::unusable("No file was chosen.", "Choose the file of the list.").into()
}

fn other_page() -> Failure {
    Failure::forbidden(
        "This form was sent from another page than ours, or was open for too long.",
        "Go back, reload the page and try again. Nothing was changed.",
    )
}

fn too_slow() -> Failure {
    let what = "The file came too slowly, so the upload was ended.";
    Failure::new(
        StatusCode::REQUEST_TIMEOUT,
        Kind::Unusable,
        what,
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
