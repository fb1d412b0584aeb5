//! Numbers of SAS: doubles that may be cut to their first bytes, and the floating point of IBM mainframes. Missing values carry a letter.

use crate::binary::ByteOrder;
use crate::records::Number;

/// A double of which the file keeps the first three to eight bytes (the highest ones); the rest are zero.
#[inline]
pub fn cut_double(bytes: &[u8], order: ByteOrder) -> Number {
    let mut whole = [0; 8];
    let count = bytes.len().min(8);
    match order {
        ByteOrder::Big => whole[..count].copy_from_slice(&bytes[..count]),
        ByteOrder::Little => {
            whole[8 - count..].copy_from_slice(&bytes[..count]);
            whole.reverse();
        }
    }
    let bits = u64::from_be_bytes(whole);
    let value = f64::from_bits(bits);
    if !value.is_nan() {
        return Number::Value(value);
    }
    // The letter is in the third byte, every bit of it turned over.
    match !(bits >> 40) as u8 {
        b'A'..=b'Z' | b'_' => Number::MissingWithLetter,
        _ => Number::Missing,
    }
}

/// A number of two to eight bytes: sign, exponent of 16 in seven bits, fraction. A missing value is its letter or point, then zeros.
#[inline]
pub fn ibm_number(bytes: &[u8]) -> Number {
    let Some((first, rest)) = bytes.split_first() else { return Number::Missing };
    if rest.iter().all(|byte| *byte == 0) {
        match first {
            0 => return Number::Value(0.0),
            b'.' => return Number::Missing,
            b'A'..=b'Z' | b'_' => return Number::MissingWithLetter,
            _ => {}
        }
    }
    let digits = rest.len().min(7);
    let fraction = rest[..digits].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)) << (8 * (7 - digits));
    let exponent = 4 * (i32::from(first & 0x7f) - 64) - 56;
    let value = fraction as f64 * 2_f64.powi(exponent);
    Number::Value(if first & 0x80 == 0 { value } else { -value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mainframe_numbers_agree_with_the_examples_of_the_standard() {
        // SAS technical note TS-140: 1 is 41 10 00..., -1 is C1 10 00..., 100 is 42 64 00..., 0.5 is 40 80 00...
        assert_eq!(ibm_number(&[0x41, 0x10, 0, 0, 0, 0, 0, 0]), Number::Value(1.0));
        assert_eq!(ibm_number(&[0xc1, 0x10, 0, 0, 0, 0, 0, 0]), Number::Value(-1.0));
        assert_eq!(ibm_number(&[0x42, 0x64, 0]), Number::Value(100.0));
        assert_eq!(ibm_number(&[0x40, 0x80]), Number::Value(0.5));
        assert_eq!(ibm_number(&[0; 8]), Number::Value(0.0));
        assert_eq!(ibm_number(&[0x2e, 0, 0, 0, 0, 0, 0, 0]), Number::Missing);
        assert_eq!(ibm_number(b"C\0\0\0\0\0\0\0"), Number::MissingWithLetter);
    }

    #[test]
    fn doubles_cut_to_three_bytes_keep_small_whole_numbers() {
        // 7.0 is 40 1C 00 00 00 00 00 00.
        assert_eq!(cut_double(&[0x40, 0x1c, 0], ByteOrder::Big), Number::Value(7.0));
        assert_eq!(cut_double(&[0, 0x1c, 0x40], ByteOrder::Little), Number::Value(7.0));
        assert_eq!(cut_double(&[0xff, 0xff, 0xfe, 0, 0, 0, 0, 0], ByteOrder::Big), Number::Missing);
        assert_eq!(cut_double(&[0xff, 0xff, !b'A', 0, 0, 0, 0, 0], ByteOrder::Big), Number::MissingWithLetter);
    }
}
