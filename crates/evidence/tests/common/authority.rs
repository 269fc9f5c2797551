//! A time-stamping authority of our own, made with `openssl`, for tests.

#![allow(dead_code, clippy::unwrap_used, reason = "each test takes what it needs; a panic is the report")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Certificates and keys in a folder.
pub struct Authority(PathBuf);

/// Runs `openssl`; gives what it printed. `None` when it ended with a fault.
pub fn openssl(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let done = Command::new("openssl").current_dir(folder).args(arguments).output().ok()?;
    done.status.success().then_some(done.stdout)
}

/// Whether the program is there; says so when it is not.
pub fn there_is_openssl() -> bool {
    let there = openssl(Path::new("."), &["version"]).is_some();
    if !there {
        eprintln!("SKIP: no openssl program; nothing was checked against it");
    }
    there
}

impl Authority {
    /// A root, and an authority under it with a key of this kind (`rsa:2048`, `ec`). `usage` is the extended key usage
    /// of its certificate.
    pub fn new(folder: &Path, key: &str, usage: &str) -> Self {
        let run = |line: &str| {
            let arguments: Vec<&str> = line.split(' ').collect();
            assert!(openssl(folder, &arguments).is_some(), "openssl {line}");
        };
        let key = match key {
            "ec" => "ec -pkeyopt ec_paramgen_curve:P-256",
            other => other,
        };
        fs::write(
            folder.join("tsa.cnf"),
            format!(
                "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\n\
                 keyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n[leaf]\nbasicConstraints=CA:FALSE\n\
                 keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,{usage}\n\
                 [tsa]\ndefault_tsa=one\n[one]\nserial=./serial\nsigner_digest=sha256\n\
                 default_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n"
            ),
        )
        .unwrap();
        fs::write(folder.join("serial"), "01\n").unwrap();
        run(&format!(
            "req -x509 -newkey {key} -nodes -keyout ca.key -out ca.pem -subj /CN=test-root -days 30 -config tsa.cnf -extensions ca"
        ));
        run(&format!(
            "req -newkey {key} -nodes -keyout tsa.key -out tsa.csr -subj /CN=test-tsa -config tsa.cnf"
        ));
        run(
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -set_serial 2 -out tsa.pem -days 30 -extfile tsa.cnf -extensions leaf",
        );
        Self(folder.to_owned())
    }

    /// The root, PEM.
    pub fn root(&self) -> Vec<u8> {
        fs::read(self.0.join("ca.pem")).unwrap()
    }

    /// Answers a request.
    pub fn answer(&self, query: &[u8]) -> Vec<u8> {
        fs::write(self.0.join("query.tsq"), query).unwrap();
        let reply = "ts -reply -config tsa.cnf -section one -queryfile query.tsq -signer tsa.pem -inkey tsa.key -out reply.tsr";
        let arguments: Vec<&str> = reply.split(' ').collect();
        assert!(openssl(&self.0, &arguments).is_some(), "openssl ts -reply");
        fs::read(self.0.join("reply.tsr")).unwrap()
    }

    /// Whether `openssl ts -verify` takes a token over this text.
    pub fn openssl_takes(&self, text: &str, token: &[u8]) -> bool {
        fs::write(self.0.join("text"), text).unwrap();
        fs::write(self.0.join("token.der"), token).unwrap();
        let verify = "ts -verify -data text -in token.der -token_in -CAfile ca.pem";
        openssl(&self.0, &verify.split(' ').collect::<Vec<_>>()).is_some()
    }

    /// Serves on loopback for ever; gives the address. One request a connection.
    pub fn serve(self) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(query) = body(&mut stream) else { continue };
                let answer = self.answer(&query);
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    answer.len()
                );
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer));
            }
        });
        address
    }
}

/// The body of a request with a length.
fn body(stream: &mut std::net::TcpStream) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))?
            .trim()
            .parse::<usize>()
            .ok()?;
        if bytes.len() >= end + 4 + length {
            return Some(bytes[end + 4..].to_vec());
        }
    }
}

/// Runs a program with something on its standard input; whether it ended well.
pub fn takes(program: &str, arguments: &[&str], input: &[u8]) -> Option<bool> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(input).ok()?;
    Some(child.wait().ok()?.success())
}
