//! The virus scanner: clamd, spoken to as its manual says (INSTREAM). It may be down; then a content waits in
//! quarantine and is asked about again, and nobody reads it before the answer.

use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Where clamd listens: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A socket of this machine.
    Unix(PathBuf),
    /// A host and port.
    Tcp(String),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(("tcp", place))
                if place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) =>
            {
                Ok(Self::Tcp(place.to_owned()))
            }
            _ => Err(format!("{text}: write unix:/path or tcp:host:port")),
        }
    }
}

/// What the scanner says of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing known.
    Clean,
    /// The name of what was found.
    Infected(String),
}

/// How a content stands with the scanner, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// No scanner was set when it came.
    Off,
    /// Waits for the scanner.
    Waiting,
    /// Nothing was found.
    Clean,
    /// Something was found; the content is gone.
    Infected,
}

impl Scan {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Waiting => "waiting",
            Self::Clean => "clean",
            Self::Infected => "infected",
        }
    }

    /// From the stored word; what is not known is not trusted.
    pub fn read(word: &str) -> Self {
        match word {
            "off" => Self::Off,
            "clean" => Self::Clean,
            "infected" => Self::Infected,
            _ => Self::Waiting,
        }
    }
}

/// A scanner.
#[derive(Debug, Clone)]
pub struct Scanner {
    address: Address,
    /// Longest time one question may take.
    wait: Duration,
}

/// Bytes of one chunk on the wire.
const CHUNK: usize = 64 << 10;

impl Scanner {
    /// A scanner at an address.
    pub fn new(address: Address, wait: Duration) -> Self {
        Self { address, wait }
    }

    /// Asks about a content. An error says that there was no answer, not that it is clean.
    pub async fn scan(&self, content: &[u8]) -> io::Result<Verdict> {
        verdict(&self.ask(b"zINSTREAM\0", Some(content)).await?)
    }

    /// What it calls itself, with the age of its signatures.
    pub async fn version(&self) -> io::Result<String> {
        self.ask(b"zVERSION\0", None).await
    }

    async fn ask(&self, command: &[u8], content: Option<&[u8]>) -> io::Result<String> {
        let asked = async {
            match &self.address {
                Address::Tcp(place) => {
                    talk(tokio::net::TcpStream::connect(place).await?, command, content).await
                }
                #[cfg(unix)]
                Address::Unix(path) => {
                    talk(tokio::net::UnixStream::connect(path).await?, command, content).await
                }
                #[cfg(not(unix))]
                Address::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
            }
        };
        tokio::time::timeout(self.wait, asked).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

/// A command, perhaps a content in chunks with their length in front, an empty one at its end, and the answer.
async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    command: &[u8],
    content: Option<&[u8]>,
) -> io::Result<String> {
    stream.write_all(command).await?;
    if let Some(content) = content {
        for chunk in content.chunks(CHUNK) {
            stream.write_all(&u32::try_from(chunk.len()).unwrap_or(0).to_be_bytes()).await?;
            stream.write_all(chunk).await?;
        }
        stream.write_all(&[0; 4]).await?;
    }
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_owned())
}

fn verdict(answer: &str) -> io::Result<Verdict> {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.to_owned())),
        None if said == "OK" => Ok(Verdict::Clean),
        // A size limit of its own, a database being loaded: no verdict.
        None => Err(io::Error::other(format!("the scanner said {answer:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_answers_are_read_strictly() {
        assert_eq!("unix:/run/clamd".parse(), Ok(Address::Unix("/run/clamd".into())));
        assert_eq!("tcp:127.0.0.1:3310".parse(), Ok(Address::Tcp("127.0.0.1:3310".to_owned())));
        for wrong in ["", "unix:relative", "tcp:host", "tcp:host:port", "127.0.0.1:3310"] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
        assert_eq!(verdict("stream: OK").unwrap(), Verdict::Clean);
        assert_eq!(
            verdict("stream: Eicar.UNOFFICIAL FOUND").unwrap(),
            Verdict::Infected("Eicar.UNOFFICIAL".to_owned())
        );
        for none in ["", "INSTREAM size limit exceeded. ERROR", "stream: OKAY", "stream: x ERROR"] {
            assert!(verdict(none).is_err(), "{none}");
        }
        for scan in [Scan::Off, Scan::Waiting, Scan::Clean, Scan::Infected] {
            assert_eq!(Scan::read(scan.as_str()), scan);
        }
        assert_eq!(Scan::read("nonsense"), Scan::Waiting);
    }
}
