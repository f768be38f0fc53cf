//! Photos as telephones take them.

use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, Rgb, RgbImage};

/// What stands in the metadata of [`photo`].
pub const WHERE_TAKEN: &[u8] = b"GPS-39.7411N-98.5172E";

/// A JPEG of 120 × 90 with its place on earth; of each number another one.
pub fn photo(number: u8) -> Vec<u8> {
    let seen = RgbImage::from_fn(120, 90, |x, y| {
        Rgb([number.wrapping_mul(37), (x * 2) as u8, (y as u8).wrapping_mul(number)])
    });
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x0e\0\x02\0\0\0\x16\0\0\0\x1a\0\0\0\0".to_vec();
    tiff.extend_from_slice(WHERE_TAKEN);
    tiff.push(0);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(tiff).expect("metadata");
    encoder.encode_image(&seen).expect("a photo");
    bytes
}

/// A PNG that says it is so large, in a few bytes.
pub fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    let header = [b"IHDR", &width.to_be_bytes()[..], &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat();
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&checksum(&header).to_be_bytes());
    let data = b"IDATx";
    bytes.extend_from_slice(b"\0\0\0\x01");
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(&checksum(data).to_be_bytes());
    bytes
}

fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}
