//! Pictures of a few hundred bytes that stand for many megabytes, written by hand: no encoder makes them.

type Size = (u32, u32);

/// Says how large it is, and has next to no pixels.
pub fn png((width, height): Size) -> Vec<u8> {
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

/// Says how large it is, and has next to no pixels.
pub fn jpeg(size: Size) -> Vec<u8> {
    of_three_colours(0xc0, size, 1, 16)
}

/// Whole, and grey all over: a bit for each 64 values. `finer` is how much finer brightness is than the colours.
pub fn progressive((width, height): Size, finer: u32) -> Vec<u8> {
    let units = width.div_ceil(8 * finer) * height.div_ceil(8 * finer);
    let blocks = units * (finer * finer + 2);
    of_three_colours(0xc2, (width, height), finer, blocks.div_ceil(8) as usize)
}

fn of_three_colours(frame: u8, (width, height): Size, finer: u32, zeros: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xdb\0\x43\0".to_vec();
    bytes.extend_from_slice(&[1; 64]);
    bytes.extend_from_slice(&[0xff, frame, 0, 17, 8]);
    bytes.extend_from_slice(&(height as u16).to_be_bytes());
    bytes.extend_from_slice(&(width as u16).to_be_bytes());
    bytes.extend_from_slice(&[3, 1, (finer * 16 + finer) as u8, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // One word of one bit: no change, and nothing more in the block.
    for table in [0x00, 0x10] {
        bytes.extend_from_slice(&[0xff, 0xc4, 0, 20, table, 1]);
        bytes.extend_from_slice(&[0; 16]);
    }
    let last = if frame == 0xc2 { 0 } else { 63 };
    bytes.extend_from_slice(&[0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, last, 0]);
    bytes.resize(bytes.len() + zeros, 0);
    bytes.extend_from_slice(b"\xff\xd9");
    bytes
}

/// Says how large its canvas is, and how large the picture on it.
pub fn webp(canvas: Size, inside: Size) -> Vec<u8> {
    let three = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let two = |length: u32| (length as u16).to_le_bytes().to_vec();
    let header = [vec![0; 4], three(canvas.0), three(canvas.1)].concat();
    let picture = [b"\x10\0\0\x9d\x01\x2a".to_vec(), two(inside.0), two(inside.1), vec![0; 64]].concat();
    let chunk = |name: &[u8], body: &[u8]| [name, &(body.len() as u32).to_le_bytes(), body].concat();
    let body = [b"WEBP".to_vec(), chunk(b"VP8X", &header), chunk(b"VP8 ", &picture)].concat();
    chunk(b"RIFF", &body)
}
