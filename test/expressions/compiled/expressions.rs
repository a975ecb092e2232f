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
        5i32.pow(3); 2u8.checked_pow(8); 2u8.wrapping_pow(9); 3u8.saturating_pow(9); (-2i32).pow(31); 7u32.overflowing_pow(20);
        (-7i32).abs(); (-7i32).signum(); (-128i8).wrapping_abs(); (-128i8).checked_abs(); 200u8.wrapping_add(100); 200u8.checked_add(55);
        200u8.checked_add(56); 200u8.saturating_add(56); 5u8.saturating_sub(9); (-100i8).saturating_sub(100); 250u8.overflowing_add(10);
        5u8.overflowing_sub(6); (-128i8).wrapping_div(-1); (-128i8).overflowing_rem(-1); (-128i8).checked_rem(-1); 7u8.checked_div(0);
        (-7i32).rem_euclid(3); (-7i32).div_euclid(3); 7i32.rem_euclid(-3); 7i32.div_euclid(-3); (-128i8).wrapping_neg(); 5u8.wrapping_neg();
        0u8.checked_neg(); 1u8.checked_neg(); 1u8.wrapping_shl(9); 1u8.checked_shl(8); 0x81u8.rotate_left(1); 0x81u8.rotate_right(4);
        0x12345678u32.swap_bytes(); 0x12u8.reverse_bits(); 40u32.count_ones(); (-1i16).count_ones(); 40u32.leading_zeros(); 40u32.trailing_zeros();
        0u16.leading_zeros(); 0u16.trailing_zeros(); 0xf0u8.leading_ones(); 7u8.trailing_ones(); 40u32.is_power_of_two(); 40u32.next_power_of_two();
        1000u32.ilog2(); 1000u32.ilog10(); 3.min(5); 3.max(5); 9.clamp(1, 5); 3u8.abs_diff(200); (-100i8).abs_diff(100); (-128i8).unsigned_abs();
        i32::MAX.wrapping_add(1); i64::MIN.wrapping_sub(1); u128::MAX.wrapping_mul(3); i128::MIN.checked_neg(); u64::MAX.count_ones();
        i32::pow(2, 10); u8::min(3, 4); std::cmp::max(3, 4); 3u8.wrapping_sub(4).wrapping_mul(2); (-5i32).is_negative(); 0x1234u16.to_be();
        2.5f64.floor(); (-2.5f64).ceil(); (-2.5f64).round(); 2.5f64.trunc(); 2.75f64.fract(); 2f64.sqrt(); 2f32.sqrt(); (-0.0f64).signum();
        0.49999999999999994f64.round(); (-2.5f64).abs(); 1.0f32.recip(); 2.5f64.min(1.0); f64::NAN.max(1.0); 9.5f64.clamp(1.0, 3.0);
        f64::NAN.is_nan(); f64::INFINITY.is_infinite(); 1.5f64.to_bits(); 1.5f32.to_bits(); (-0.0f64).is_sign_negative(); 3f64.copysign(-1.0);
        'a'.is_alphabetic(); 'ß'.is_lowercase(); '7'.to_digit(10); 'g'.to_digit(16); 'Z'.is_ascii_uppercase(); 'é'.is_ascii(); 'é'.len_utf8();
        'q'.to_ascii_uppercase(); b'q'.to_ascii_uppercase(); b'7'.is_ascii_digit(); ' '.is_whitespace(); '\u{a0}'.is_whitespace(); '½'.is_numeric();
        "größe".len(); "größe".chars().count(); "abc".starts_with("ab"); "abc".ends_with('c'); "abc".contains("bc"); "größe".find("ß");
        "abc".find("z"); "abcabc".rfind('b'); "abc".is_empty(); " a b ".trim(); "aBc".eq_ignore_ascii_case("AbC"); "abc".chars().nth(1);
        "a\nb\r\n".lines().count(); "".lines().count(); "\n\n".lines().count(); "abc".bytes().nth(1); "x".as_bytes().len(); "abc".chars().last();
        [3, 1, 2].len(); [3, 1, 2].contains(&1); [3, 1, 2].first(); [3, 1, 2].get(9); [3, 1, 2].iter().max(); [3, 1, 2].iter().min();
        [1, 2] == [1, 2]; (1, "a") == (1, "a"); Some(3) == Some(4); Some(3) != None; Some(2).unwrap_or(5); None.unwrap_or(5); Some(3).is_some();
        [1u8, 2, 3].starts_with(&[1, 2]); [1, 2, 3].last().copied(); ["a", "b"].contains(&"b"); (1, 2.5, 'x').2; [[1, 2], [3, 4]][1][0];
        matches!(3, 1..=5); matches!(3, 1..3); matches!('q', 'a'..='z' | 'A'..='Z'); matches!(Some(5), Some(n) if n > 4); matches!((1, 2), (1, _));
        matches!([1, 2, 3], [1, ..]); matches!([1, 2, 3], [.., 2]); matches!(Some(3), None); matches!(-3, i32::MIN..=-1); matches!("a", "a" | "b");
        matches!(Some((1, "x")), Some((_, "x"))); matches!(5u8, n @ 3..=7 if n % 2 == 0); matches!(&Some(1), Some(1)); matches!((), ());
        if 1 < 2 { 10 } else { 20 }; if false { 'a' } else { 'b' };
    }
}
