use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

/// Dark on the left, bright on the right, with a red corner at the top left.
fn scene(width: u32, height: u32) -> DynamicImage {
    let picture = RgbImage::from_fn(width, height, |x, y| match (x * 8 / width, y * 8 / height) {
        (0, 0) => Rgb([255, 0, 0]),
        _ => Rgb([(x * 255 / width) as u8; 3]),
    });
    picture.into()
}

fn as_file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}

/// EXIF with a place on earth: orientation 6 (a quarter turn to the right), and words that must not survive.
fn exif() -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    tiff.extend_from_slice(b"\0\x02");
    tiff.extend_from_slice(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend_from_slice(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26");
    tiff.extend_from_slice(b"\0\0\0\0");
    tiff.extend_from_slice(b"\0\x01\0\x1d\0\x02\0\0\0\x0b\0\0\0\x38\0\0\0\0");
    tiff.extend_from_slice(b"2024:01:15\0GPS-39.7411N-98.5172E");
    tiff
}

fn photo_with_place() -> Vec<u8> {
    let picture = scene(400, 300).into_rgb8();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif()).expect("taken");
    encoder.encode_image(&picture).expect("encoded");
    bytes
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[track_caller]
fn code(bytes: &[u8], name: &str, declared: &str) -> &'static str {
    accept(bytes, Some(name), Some(declared)).expect_err("refused").problem().code
}

#[test]
fn a_photo_is_kept_without_its_place_upright_and_with_a_thumbnail() {
    let sent = photo_with_place();
    assert!(holds(&sent, b"GPS-39.7411N") && holds(&sent, b"2024:01:15") && holds(&sent, b"Exif"));
    let media = accept(&sent, Some("IMG_0001.JPG"), Some("image/jpeg")).expect("taken");
    let picture = media.picture.expect("a picture");
    for trace in [&b"GPS"[..], b"2024:01:15", b"Exif", b"ICC_PROFILE"] {
        assert!(!holds(&media.bytes, trace) && !holds(&picture.thumbnail, trace), "{trace:?}");
    }
    assert_eq!((media.kind, picture.width, picture.height), (MediaKind::Jpeg, 300, 400), "turned upright");
    let kept = image::load_from_memory(&media.bytes).expect("readable").into_rgb8();
    let corner = kept.get_pixel(295, 5);
    assert!(corner.0[0] > 200 && corner.0[1] < 60, "the red corner is at the top right now: {corner:?}");
    let small = image::load_from_memory_with_format(&picture.thumbnail, ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((small.width(), small.height()), (240, 320));
    assert_eq!(media.sha256, fingerprint(&media.bytes));
}

#[test]
fn the_same_file_becomes_the_same_bytes_and_a_smaller_copy_is_alike() {
    let large = scene(3000, 2000);
    let one = accept(&as_file(&large, ImageFormat::Jpeg), None, None).expect("taken");
    assert_eq!(accept(&as_file(&large, ImageFormat::Jpeg), None, None).expect("taken"), one);
    let picture = one.picture.expect("a picture");
    assert_eq!((picture.width, picture.height), (2048, 1365));
    let small = accept(&as_file(&scene(600, 400), ImageFormat::Png), None, None).expect("taken");
    let bits = |hex: &str| u64::from_str_radix(hex, 16).expect("64 bits");
    let alike = bits(&picture.likeness) ^ bits(&small.picture.expect("a picture").likeness);
    assert!(alike.count_ones() <= 6, "{} bits differ", alike.count_ones());
    let other = accept(&as_file(&scene(600, 400).fliph(), ImageFormat::Png), None, None).expect("taken");
    let unlike = bits(&picture.likeness) ^ bits(&other.picture.expect("a picture").likeness);
    assert!(unlike.count_ones() > 20, "{} bits differ", unlike.count_ones());
}

#[test]
fn each_kind_is_kept_as_what_shows_it() {
    let clear: DynamicImage = RgbaImage::from_pixel(40, 30, Rgba([10, 20, 30, 128])).into();
    let cases = [
        (as_file(&scene(40, 30), ImageFormat::Png), MediaKind::Png),
        (as_file(&clear, ImageFormat::Png), MediaKind::Png),
        (as_file(&scene(40, 30), ImageFormat::WebP), MediaKind::Jpeg),
        (as_file(&clear, ImageFormat::WebP), MediaKind::Webp),
        (as_file(&scene(40, 30), ImageFormat::Jpeg), MediaKind::Jpeg),
        (as_file(&scene(40, 30).into_luma16().into(), ImageFormat::Png), MediaKind::Png),
    ];
    for (bytes, kind) in cases {
        let media = accept(&bytes, None, None).expect("taken");
        assert_eq!(media.kind, kind);
        assert_eq!(sniff::found(&media.bytes).kind(), Some(kind));
        assert!(media.picture.is_some_and(|picture| picture.likeness.len() == 16));
    }
    let pdf = b"%PDF-1.7\n...".to_vec();
    let kept = accept(&pdf, Some("通知.pdf"), Some("application/pdf")).expect("taken");
    assert_eq!((kept.bytes, kept.picture), (pdf, None));
}

#[test]
fn what_it_says_and_what_it_is_must_agree() {
    let jpeg = as_file(&scene(40, 30), ImageFormat::Jpeg);
    assert_eq!(code(b"%PDF-1.7\n", "photo.jpg", "image/jpeg"), "media.type_mismatch");
    assert_eq!(code(&jpeg, "photo.png", "image/jpeg"), "media.type_mismatch");
    assert_eq!(code(&jpeg, "photo.jpg", "image/webp"), "media.type_mismatch");
    assert_eq!(code(&jpeg, "photo.exe", "image/jpeg"), "media.type_mismatch");
    for (name, declared) in [("photo.JPEG", "image/jpg"), ("tmp_1.unknown", "application/octet-stream"), ("photo", "")]
    {
        assert!(accept(&jpeg, Some(name), Some(declared)).is_ok(), "{name} {declared}");
    }
    let error = accept(b"%PDF-1.7\n", Some("photo.jpg"), None).expect_err("refused");
    let said = error.report().errors.remove(0);
    assert!(said.en.contains("pdf") && said.en.contains("jpg"), "{}", said.en);
}

#[test]
fn other_content_is_refused_by_its_name() {
    let zip = [b"PK\x03\x04".as_slice(), &[0; 100]].concat();
    for (bytes, name) in [
        (zip.as_slice(), "zip"),
        (b"GIF89a....", "gif"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"<svg xmlns=''/>", "html"),
        (b"", "unknown"),
        (b"RIFF....WAVE", "unknown"),
    ] {
        let error = accept(bytes, Some("photo.jpg"), Some("image/jpeg")).expect_err("refused");
        assert_eq!(error.problem().code, "media.unsupported");
        assert!(error.report().errors[0].en.contains(name), "{name}");
    }
}

/// A PNG of one chunk after its header, each with its checksum.
fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat();
    for (name, data) in [(b"IHDR", header.as_slice()), (b"IDAT", data), (b"IEND", b"")] {
        bytes.extend_from_slice(&u32::try_from(data.len()).expect("short").to_be_bytes());
        let named = [name, data].concat();
        bytes.extend_from_slice(&named);
        bytes.extend_from_slice(&crc(&named).to_be_bytes());
    }
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn a_picture_that_unfolds_into_too_much_is_refused_before_it_does() {
    for (width, height) in
        [(12_000, 12_000), (8_001, 1), (1, 8_001), (7_000, 7_000), (u32::MAX / 2, 1), (60_000, 60_000)]
    {
        assert_eq!(
            code(&png(width, height, b"x"), "a.png", "image/png"),
            "media.too_many_pixels",
            "{width} × {height}"
        );
    }
    // A JPEG says its size behind 0xffc0, as height and width.
    let mut jpeg = as_file(&scene(64, 64), ImageFormat::Jpeg);
    let at = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame") + 5;
    jpeg[at..at + 4].copy_from_slice(&[0x2e, 0xe0, 0x2e, 0xe0]);
    assert_eq!(code(&jpeg, "a.jpg", "image/jpeg"), "media.too_many_pixels");
    let error = accept(&jpeg, None, None).expect_err("refused").report().errors.remove(0);
    assert!(error.en.contains("12000 × 12000"), "{}", error.en);
}

/// Puts these bytes behind the first two.
fn with_segment(jpeg: &[u8], segment: &[u8]) -> Vec<u8> {
    [&jpeg[..2], segment, &jpeg[2..]].concat()
}

#[test]
fn the_decoder_sees_the_picture_that_was_measured() {
    let honest = as_file(&scene(64, 48), ImageFormat::Jpeg);
    // A segment that readers disagree about, after which one of them may find another frame than the other.
    let hidden = as_file(&scene(640, 480), ImageFormat::Jpeg);
    let odd = [b"\xff\xe0\0\x04".to_vec(), hidden[2..4].to_vec()].concat();
    for bytes in [with_segment(&honest, &odd), with_segment(&honest, b"\xff\xff\xff\xfe\0\x04hi")] {
        let shown = jpeg::read(&bytes).expect("whole");
        assert_eq!((shown.frame.size, shown.frame.beside), ((64, 48), 0));
        assert_eq!(shown.plain, jpeg::read(&honest).expect("whole").plain);
        let picture = accept(&bytes, None, None).expect("taken").picture.expect("a picture");
        assert_eq!((picture.width, picture.height), (64, 48));
    }
    // A comment that holds a whole picture is a comment.
    let comment =
        [b"\xff\xfe".to_vec(), u16::try_from(hidden.len() + 2).expect("short").to_be_bytes().to_vec(), hidden.clone()];
    let kept = accept(&with_segment(&honest, &comment.concat()), None, None).expect("taken");
    assert_eq!(kept, accept(&honest, None, None).expect("taken"));
    // Two frames, and none.
    let at = hidden.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    assert_eq!(code(&with_segment(&honest, &hidden[at..at + 19]), "a.jpg", ""), "media.unreadable");
    let at = honest.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    assert_eq!(code(&[&honest[..at], &honest[at + 19..]].concat(), "a.jpg", ""), "media.unreadable");
}

#[test]
fn what_is_shown_to_the_decoder_is_all_that_makes_the_picture() {
    let sent = photo_with_place();
    let plain = jpeg::read(&sent).expect("whole").plain;
    assert_eq!(jpeg::read(&plain).expect("whole").plain, plain);
    assert_eq!(image::load_from_memory(&plain).expect("readable"), image::load_from_memory(&sent).expect("readable"));
}

#[test]
fn a_picture_that_moves_is_refused_by_name() {
    let still = as_file(&scene(40, 30), ImageFormat::WebP);
    let chunk =
        |name: &[u8], body: &[u8]| [name, &u32::try_from(body.len()).expect("short").to_le_bytes(), body].concat();
    let header = |flags: u8| chunk(b"VP8X", &[flags, 0, 0, 0, 39, 0, 0, 29, 0, 0]);
    let file = |body: &[u8]| chunk(b"RIFF", &[b"WEBP", body].concat());
    assert!(accept(&file(&[&header(0)[..], &still[12..]].concat()), None, None).is_ok(), "with a header, and still");
    let frame = chunk(b"ANMF", &[&[0; 16][..], &still[12..]].concat());
    for body in
        [[&header(2)[..], &chunk(b"ANIM", &[0; 6]), &frame].concat(), [&header(0)[..], &still[12..], &frame].concat()]
    {
        let error = accept(&file(&body), Some("a.webp"), None).expect_err("refused");
        assert_eq!(error.problem().code, "media.unsupported");
        assert!(error.report().errors[0].en.contains("animated webp"));
    }
}

#[test]
fn what_is_damaged_or_lies_about_its_size_is_refused() {
    assert_eq!(code(&png(4_000, 4_000, b"x"), "a.png", "image/png"), "media.unreadable");
    assert_eq!(code(&png(0, 10, b"x"), "a.png", "image/png"), "media.unreadable");
    for (format, name) in [(ImageFormat::Jpeg, "a.jpg"), (ImageFormat::Png, "a.png"), (ImageFormat::WebP, "a.webp")] {
        let whole = as_file(&scene(300, 200), format);
        for part in [12, whole.len() / 4, whole.len() / 2, whole.len() * 9 / 10] {
            assert_eq!(code(&whole[..part], name, ""), "media.unreadable", "{name} to {part} of {}", whole.len());
        }
    }
    let mut with_thumbnail = photo_with_place();
    with_thumbnail.truncate(with_thumbnail.len() / 2);
    assert_eq!(code(&with_thumbnail, "a.jpg", ""), "media.unreadable");
}

#[test]
fn a_quality_of_nothing_but_the_pixels_is_written() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(b"a profile that tells the telephone".to_vec()).expect("taken");
    scene(40, 30).write_with_encoder(encoder).expect("encoded");
    assert!(holds(&bytes, b"iCCP"));
    let kept = accept(&bytes, None, None).expect("taken");
    assert!(!holds(&kept.bytes, b"iCCP"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_that_anybody_sends_panics(
        at in 0usize..3, noise in proptest::collection::vec(any::<u8>(), 0..600), flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12)
    ) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][at];
        let mut bytes = as_file(&scene(24, 18), format);
        for (index, value) in flips {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let _ = accept(&bytes, None, None);
        let beginning = bytes.iter().take(12).copied().chain(noise.iter().copied()).collect::<Vec<u8>>();
        let _ = accept(&beginning, None, None);
        let _ = accept(&noise, None, None);
    }
}
