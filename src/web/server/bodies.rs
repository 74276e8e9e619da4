//! What comes and what goes, watched for one thing: whether a connection may give way without anything being lost.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};

use super::admission::Seat;

/// What a visitor sends. Until all of it is there, or nobody wants more of it, nothing is done for him.
pub struct Asked {
    body: Incoming,
    seat: Arc<Seat>,
}

impl Asked {
    pub fn new(body: Incoming, seat: Arc<Seat>) -> Asked {
        seat.is_asking();
        if body.is_end_stream() {
            seat.is_busy();
        }
        Asked { body, seat }
    }
}

impl HttpBody for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Ready(Some(Ok(_))) if !self.body.is_end_stream() => self.seat.still_asks(),
            Poll::Ready(_) => self.seat.is_busy(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.seat.is_busy();
    }
}

/// What a visitor is sent; over when the server has taken all of it, and gone when it has been written, too.
pub struct Answered {
    body: Body,
    seat: Arc<Seat>,
}

impl Answered {
    pub fn new(body: Body, seat: Arc<Seat>) -> Answered {
        seat.is_answering();
        Answered { body, seat }
    }
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.seat.is_answered();
    }
}
