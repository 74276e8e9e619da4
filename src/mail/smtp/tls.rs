//! Encryption by rustls, trusting the built-in authorities or the ones in a file. There is no way to trust blindly.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Shakes hands; the error says what is wrong with the server's certificate or our authorities.
pub async fn encrypt(host: &str, trusted: Option<&Path>, tcp: TcpStream) -> Result<TlsStream<TcpStream>, String> {
    let name = ServerName::try_from(host.trim_end_matches('.').to_string())
        .map_err(|_| format!("{host} is no name that a certificate could carry"))?;
    let config = match trusted {
        Some(file) => Arc::new(config(authorities(file).await?)?),
        None => usual_config()?,
    };
    TlsConnector::from(config).connect(name, tcp).await.map_err(|e| e.to_string())
}

/// Made once, so that sessions are resumed.
fn usual_config() -> Result<Arc<ClientConfig>, String> {
    static USUAL: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = USUAL.get() {
        return Ok(config.clone());
    }
    let made = Arc::new(config(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })?);
    Ok(USUAL.get_or_init(|| made).clone())
}

fn config(roots: RootCertStore) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

async fn authorities(file: &Path) -> Result<RootCertStore, String> {
    let shown = file.display();
    let pem = tokio::fs::read(file).await.map_err(|e| format!("the authorities in {shown} cannot be read: {e}"))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|e| format!("{shown} is no PEM file: {e}"))?;
        roots.add(certificate).map_err(|e| format!("{shown} holds a certificate that cannot be used: {e}"))?;
    }
    if roots.is_empty() { Err(format!("{shown} holds no certificate")) } else { Ok(roots) }
}
