//! A line to a server that breaks: after so many octets of answers it is cut.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The port of a line to `port` that is cut after `octets` from the server, every time it is used.
pub async fn that_breaks_after(port: u16, octets: usize) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(pass(client, server, octets));
        }
    });
    own
}

async fn pass(mut client: TcpStream, mut server: TcpStream, octets: usize) {
    let (mut left, mut to_server, mut to_client) = (octets, [0; 4096], [0; 4096]);
    loop {
        tokio::select! {
            said = client.read(&mut to_server) => match said {
                Ok(n) if n > 0 => server.write_all(&to_server[..n]).await.unwrap(),
                _ => return,
            },
            heard = server.read(&mut to_client) => match heard {
                Ok(n) if n > 0 => {
                    let n = n.min(left);
                    if client.write_all(&to_client[..n]).await.is_err() {
                        return;
                    }
                    left -= n;
                    if left == 0 {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}
