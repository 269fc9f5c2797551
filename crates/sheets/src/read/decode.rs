//! Text files as they come: UTF-8 with or without a mark, UTF-16 with one, and GB 18030, in which Chinese
//! spreadsheets save CSV.

use std::fs::File;
use std::io::{self, Read, Seek};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

/// How much is looked at to tell UTF-8 from GB 18030.
const LOOKED_AT: usize = 256 * 1024;

/// Reads a file as UTF-8, whatever it is written in.
pub struct Decoded {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    ready: Vec<u8>,
    ready_at: usize,
    ended: bool,
}

impl Decoded {
    /// Looks at the beginning and starts over.
    pub fn open(mut file: File) -> io::Result<Self> {
        let mut start = Vec::with_capacity(LOOKED_AT);
        file.by_ref().take(LOOKED_AT as u64).read_to_end(&mut start)?;
        file.rewind()?;
        let encoding = match Encoding::for_bom(&start) {
            Some((encoding, _)) => encoding,
            None if utf8(&start) => UTF_8,
            None => GB18030,
        };
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self { file, decoder, raw: Vec::new(), raw_at: 0, ready: Vec::new(), ready_at: 0, ended: false })
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.ready_at == self.ready.len() && !self.ended {
            let mut last = false;
            if self.raw_at == self.raw.len() {
                self.raw.resize(64 * 1024, 0);
                let read = self.file.read(&mut self.raw)?;
                self.raw.truncate(read);
                self.raw_at = 0;
                last = read == 0;
            }
            let rest = &self.raw[self.raw_at..];
            self.ready.resize(self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(256 * 1024), 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(rest, &mut self.ready, last);
            self.raw_at += read;
            self.ready.truncate(written);
            self.ready_at = 0;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let rest = &self.ready[self.ready_at..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.ready_at += count;
        Ok(count)
    }
}

/// Whether the bytes are UTF-8, but for a character cut off at the end.
fn utf8(start: &[u8]) -> bool {
    match std::str::from_utf8(start) {
        Ok(_) => true,
        Err(fault) => fault.error_len().is_none(),
    }
}
