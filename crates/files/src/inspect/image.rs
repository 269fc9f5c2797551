//! Pictures: how large they would be once unpacked, read from their headers. A picture whose header cannot be
//! read is taken: whoever opens it will see nothing, and that is no danger.

use super::Fault;

/// Largest side, in pixels. Flatbed scans at 600 dpi have 7,000; panoramas of phones 16,000.
const MOST_SIDE: u64 = 30_000;
/// Largest area, in pixels. Phones take 200 million.
const MOST_AREA: u64 = 250_000_000;

/// Refuses absurd sizes.
pub fn look(ending: &str, content: &[u8]) -> Result<(), Fault> {
    let size = match ending {
        "png" => png(content),
        "jpg" => jpeg(content),
        _ => webp(content),
    };
    match size {
        Some((width, height)) if width > MOST_SIDE || height > MOST_SIDE || width * height > MOST_AREA => {
            Err(Fault::Dimensions)
        }
        _ => Ok(()),
    }
}

fn big(content: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = content.get(at..at + length)?;
    Some(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn little(content: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = content.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// The first chunk is IHDR: width and height, four bytes each.
fn png(content: &[u8]) -> Option<(u64, u64)> {
    (content.get(12..16)? == b"IHDR").then_some(())?;
    Some((big(content, 16, 4)?, big(content, 20, 4)?))
}

/// Segments until a start of frame (C0-CF without C4, C8, CC): height, then width.
fn jpeg(content: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2;
    loop {
        while content.get(at)? != &0xff {
            at += 1;
        }
        let marker = *content.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            0xd9 | 0xda => return None,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(content, at + 7, 2)?, big(content, at + 5, 2)?));
            }
            _ => at += 2 + usize::try_from(big(content, at + 2, 2)?).ok()?,
        }
    }
}

/// VP8 (key frame), VP8L, or VP8X: each tells its size in its own way (RFC 9649).
fn webp(content: &[u8]) -> Option<(u64, u64)> {
    match content.get(12..16)? {
        b"VP8 " => Some((little(content, 26, 2)? & 0x3fff, little(content, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let bits = little(content, 21, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(content, 24, 3)? + 1, little(content, 27, 3)? + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_png(width: u32, height: u32) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        out.extend(width.to_be_bytes());
        out.extend(height.to_be_bytes());
        out
    }

    fn a_jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut out = b"\xff\xd8\xff\xe0\0\x04JF\xff\xc4\0\x03\0\xff\xc0\0\x11\x08".to_vec();
        out.extend(height.to_be_bytes());
        out.extend(width.to_be_bytes());
        out
    }

    #[test]
    fn absurd_pictures_are_refused_and_large_photographs_are_not() {
        assert_eq!(look("png", &a_png(4000, 3000)), Ok(()));
        assert_eq!(look("png", &a_png(60_000, 10)), Err(Fault::Dimensions));
        assert_eq!(look("png", &a_png(29_000, 29_000)), Err(Fault::Dimensions));
        assert_eq!(look("png", &a_png(u32::MAX, u32::MAX)), Err(Fault::Dimensions));
        assert_eq!(look("jpg", &a_jpeg(16_000, 12_000)), Ok(()));
        assert_eq!(look("jpg", &a_jpeg(65_000, 65_000)), Err(Fault::Dimensions));
        let mut wide = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        wide.extend([0xff, 0xff, 0xff, 0x10, 0, 0]);
        assert_eq!(look("webp", &wide), Err(Fault::Dimensions));
    }

    #[test]
    fn a_broken_header_is_no_panic() {
        for (ending, whole) in
            [("png", a_png(10, 10)), ("jpg", a_jpeg(10, 10)), ("webp", b"RIFF\0\0\0\0WEBPVP8L".to_vec())]
        {
            for cut in 0..whole.len() {
                assert_eq!(look(ending, &whole[..cut]), Ok(()), "{ending} cut at {cut}");
            }
        }
    }
}
