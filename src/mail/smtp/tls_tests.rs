//! S28 against a real TLS server on loopback, with an authority of our own.

use std::path::PathBuf;
use std::sync::Arc;

use Step::*;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::smtp::{Security, SmtpSettings};
use crate::rules::sending::delivery::{Cause, Failure, Stage};

use super::connection::Connection;
use super::script::{Step, listen, play};

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/smtp/testdata")).join(name)
}

fn acceptor() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()))
}

/// What the server heard in clear and what it heard encrypted.
async fn meet(change: impl FnOnce(&mut SmtpSettings)) -> (Result<Connection, Failure>, String) {
    let (listener, mut settings) = listen().await;
    settings.authorities = Some(file("authority.pem"));
    settings.time_out_factor = 0.01;
    (settings.username, settings.password) = ("me".into(), "hunter2".into());
    change(&mut settings);
    let starttls = settings.security == Security::Starttls;
    let served = tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        if starttls {
            let clear = [
                Say("220 mx\r\n"),
                Hear("EHLO"),
                Say("250-mx\r\n250 StartTls\r\n"),
                Hear("STARTTLS"),
                Say("220 go\r\n"),
                Hang,
            ];
            let heard = play(&mut tcp, &clear).await;
            assert!(!heard.contains("AUTH"));
        }
        let Ok(mut tls) = acceptor().accept(tcp).await else { return String::from("no handshake") };
        let mut steps = if starttls { vec![] } else { vec![Say("220 mx\r\n")] };
        steps.extend([Hear("EHLO"), Say("250-mx\r\n250 AUTH PLAIN\r\n"), Hear("AUTH PLAIN"), Say("235 in\r\n"), Hang]);
        play(&mut tls, &steps).await
    });
    let opened = Connection::open(&settings).await;
    (opened, served.await.unwrap())
}

#[tokio::test]
async fn a_trusted_server_is_talked_to_over_starttls_and_implicit_tls() {
    for security in [Security::Starttls, Security::Tls] {
        let (opened, heard) = meet(|s| s.security = security).await;
        assert!(opened.is_ok_and(|c| c.usable()), "{security:?}");
        assert!(heard.contains("AUTH PLAIN AG1lAGh1bnRlcjI="));
    }
}

#[tokio::test]
async fn s28_an_unknown_authority_or_a_wrong_name_is_not_talked_to() {
    let changes: [fn(&mut SmtpSettings); 4] = [
        |s| s.authorities = None,
        |s| s.host = "127.0.0.2".into(),
        |s| s.authorities = Some(file("server.key")),
        |s| s.authorities = Some(file("missing.pem")),
    ];
    for change in changes {
        for security in [Security::Starttls, Security::Tls] {
            let (opened, heard) = meet(|s| {
                s.security = security;
                change(s);
            })
            .await;
            let failure = opened.err().unwrap();
            assert!(matches!(failure, Failure { stage: Stage::Tls, cause: Cause::Tls(_) }), "{failure:?}");
            assert!(!heard.contains("AUTH") && !heard.contains("EHLO"), "{heard}");
        }
    }
}
