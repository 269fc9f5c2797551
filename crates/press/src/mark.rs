//! What a reader can scan: an address as a QR code, with the words beside it.

use qrcode::render::svg;
use qrcode::{Color, QrCode};
use serde::Serialize;

/// A QR code with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// What stands beside it, line by line.
    pub lines: Vec<String>,
    /// The address it leads to.
    pub address: String,
    /// The code as SVG; empty when the address is too long for one.
    pub svg: String,
    /// It proves the document: only what cannot be edited may bear it.
    pub proves: bool,
}

impl Mark {
    /// A mark that leads to an address.
    pub fn new(address: String, lines: Vec<String>, proves: bool) -> Self {
        let svg = svg(&address, 160).unwrap_or_default();
        Self { lines, address, svg, proves }
    }
}

/// An address as a QR code in SVG, without an XML declaration and without inline styles.
pub fn svg(address: &str, size: u32) -> Option<String> {
    let code = QrCode::new(address.as_bytes()).ok()?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(size, size).quiet_zone(false).build();
    picture.find("<svg").map(|at| picture[at..].to_owned())
}

/// The same as PNG, for files that take no SVG; with its width in pixels.
pub(crate) fn png(address: &str) -> Option<(Vec<u8>, u32)> {
    const SCALE: usize = 4;
    const QUIET: usize = 2;
    let code = QrCode::new(address.as_bytes()).ok()?;
    let (colors, width) = (code.to_colors(), code.width());
    let side = (width + 2 * QUIET) * SCALE;
    let mut pixels = vec![u8::MAX; side * side];
    for (at, color) in colors.iter().enumerate() {
        if *color == Color::Light {
            continue;
        }
        let (row, column) = ((at / width + QUIET) * SCALE, (at % width + QUIET) * SCALE);
        for line in row..row + SCALE {
            pixels[line * side + column..line * side + column + SCALE].fill(0);
        }
    }
    let side = u32::try_from(side).ok()?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some((bytes, side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_plain_svg_and_a_picture() {
        let svg = svg("http://localhost/verify?number=3715022600000427", 160).unwrap();
        assert!(svg.starts_with("<svg") && !svg.contains("style="));
        let (bytes, side) = png("http://localhost/verify").unwrap();
        assert!(bytes.starts_with(b"\x89PNG") && side > 80);
        assert_eq!(super::svg(&"x".repeat(5_000), 160), None);
    }
}
