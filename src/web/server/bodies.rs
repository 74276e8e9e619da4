//! What comes and what goes, watched for one thing: whether a connection may give way without anything being lost.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};

use super::admission::Seat;

/// A body on its way, which tells the place of its connection how far it is.
pub struct Watched<B> {
    body: B,
    seat: Arc<Seat>,
    way: Way,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// What a visitor sends. Until all of it is there, or nobody wants more of it, nothing is done for him.
    In,
    /// What a visitor is sent; over when the server has taken all of it, and gone when it has been written, too.
    Out,
}

impl Watched<Incoming> {
    pub fn request(body: Incoming, seat: Arc<Seat>) -> Watched<Incoming> {
        seat.is_asking();
        if body.is_end_stream() {
            seat.is_busy();
        }
        Watched { body, seat, way: Way::In }
    }
}

impl Watched<Body> {
    pub fn answer(body: Body, seat: Arc<Seat>) -> Watched<Body> {
        seat.is_answering();
        Watched { body, seat, way: Way::Out }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Watched<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            _ if self.way == Way::Out => {}
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

impl<B> Drop for Watched<B> {
    fn drop(&mut self) {
        match self.way {
            Way::In => self.seat.is_busy(),
            Way::Out => self.seat.is_answered(),
        }
    }
}
