//! stub
pub mod preview {
    pub fn pages() -> Vec<(String, String)> {
        vec![]
    }
}
pub struct Web;
impl Web {
    pub fn open_to_all(_: crate::steps::Ctx, _: &str) -> Web {
        Web
    }
    pub fn new(_: crate::steps::Ctx, _: u8) -> Web {
        Web
    }
}
pub fn router(_: Web) -> axum::Router {
    axum::Router::new()
}
pub async fn serve(l: tokio::net::TcpListener, r: axum::Router, s: impl Future<Output = ()> + Send + 'static) {
    let _ = axum::serve(l, r).with_graceful_shutdown(s).await;
}
