// Expressions of Rust and what rustc makes of them: each with its value and its type, a line each (build.sh).
use std::mem::{align_of, size_of};

fn type_of<T>(_: &T) -> &'static str {
    std::any::type_name::<T>()
}

macro_rules! show {
    ($($all:expr;)*) => { $(let value = $all; println!("{}\t{:?}\t{}", stringify!($all), value, type_of(&value));)* };
}

fn main() {
    show! {
        1_000; 0xff_u8; 0b1111_0000; 0o17; 5u8; 5_i64; 1u128; 170141183460469231731687303715884105727i128;
        5.0; 1e3; 1_000.5_f64; 2.5f32; 5f64; 1e-3f32; 16777217f32; 1.0000000596046448f32; 0.1 + 0.2; 0.1f32 + 0.2;
        -7 / 2; -7 % 2; 7.5 % 2.0; 1 << 3; 0xf0u8 >> 4; 1u8 << 7; -16 >> 2; 6 & 3 | 8 ^ 1; !5u8; !0; !true; -5i8;
        true & false; true ^ true; true || false; 1 < 2; 'a' < 'b'; "a" == "a"; 1.5 == 1.5; 3 & 2 == 2;
        'a'; '\n'; '\x41'; '\u{e9}'; '\u{1F980}'; '\''; b'a'; b'\xff'; b'\\'; b'\n';
        "text"; "gr\u{f6}\u{df}e"; "a\tb\"c\\"; r"raw\n"; r#"raw "x""#;
        b"abc"[1]; b"\xff\0"[0]; br"\n"[0]; "abc".len(); b"a\n".len(); br##"a"#b"##.len();
        300 as u8; -1i32 as u32; 255u8 as i8; 2.9 as u8; -2.9 as i32; 1e10 as u8; -1.0 as u8; 3 as f32; 97u8 as char;
        'a' as u32; true as i32; 1u64 as f32; u64::MAX as f32; -1i64 as u128; 0x1_0000_0001u64 as i32;
        u8::MAX; i8::MIN; i64::MAX; u128::MAX; i32::BITS; f32::MAX; f32::EPSILON; f64::MIN_POSITIVE; f64::INFINITY;
        char::MAX; std::u16::MAX; std::f64::consts::PI; std::f32::consts::E; core::i16::MIN;
        size_of::<u64>(); std::mem::size_of::<u16>(); align_of::<u32>(); core::mem::align_of::<u8>();
        std::mem::size_of::<[u16; 5]>(); std::mem::size_of_val(&5u16);
        if 1 < 2 { 10 } else { 20 }; if false { 'a' } else { 'b' };
    }
}
