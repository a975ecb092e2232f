// What a generated program tells its host: with `full`, every variable as the JSON of truth.ts, in terms of the
// library's public functions alone. Stands in front of what bench/hunt/rust generates.
#![allow(warnings)]
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::*;
use std::num::{NonZeroI64, NonZeroU8};
use std::rc::Rc;
use std::sync::Arc;

mod host {
    #[link(wasm_import_module = "env")]
    extern "C" {
        pub fn told_json(number: i32, at: *const u8, length: usize);
        pub fn begin(function: i32);
        pub fn end(function: i32);
        pub fn sink(value: i64);
        pub fn opaque(value: i32) -> i32;
    }
}
#[inline(always)]
fn opaque(value: i32) -> i32 {
    unsafe { host::opaque(value) }
}
#[inline(always)]
fn sink(value: i64) {
    unsafe { host::sink(value) }
}

#[cfg(full)]
mod telling {
    use super::*;

    pub trait Tell {
        fn tell(&self, to: &mut String);
    }

    macro_rules! written {
        ($kind:literal, $format:literal: $($of:ty)*) => { $(
            impl Tell for $of {
                fn tell(&self, to: &mut String) {
                    to.push_str(&format!(concat!("{{\"", $kind, "\":", $format, "}}"), self));
                }
            }
        )* };
    }
    written!("integer", "\"{}\"": i8 u8 i16 u16 i32 u32 i64 u64 i128 u128 isize usize NonZeroU8 NonZeroI64);
    written!("float", "\"{:e}\"": f64);
    written!("truth", "{}": bool);
    written!("letter", "\"{}\"": char);

    impl Tell for f32 {
        fn tell(&self, to: &mut String) {
            (*self as f64).tell(to)
        }
    }
    impl Tell for () {
        fn tell(&self, to: &mut String) {
            to.push_str("{\"unit\":true}")
        }
    }

    /// Parts between brackets, each told by `one`.
    fn listed<T>(to: &mut String, parts: impl Iterator<Item = T>, one: impl Fn(&mut String, T)) {
        to.push('[');
        for (index, part) in parts.enumerate() {
            if index > 0 {
                to.push(',');
            }
            one(to, part);
        }
        to.push(']');
    }

    impl Tell for str {
        fn tell(&self, to: &mut String) {
            to.push_str("{\"text\":");
            listed(to, self.bytes(), |to, byte| to.push_str(&byte.to_string()));
            to.push('}');
        }
    }
    impl Tell for String {
        fn tell(&self, to: &mut String) {
            self.as_str().tell(to)
        }
    }

    pub fn fields(to: &mut String, name: &str, all: &[&dyn Tell]) {
        to.push_str("{\"fields\":");
        listed(to, all.iter(), |to, field| field.tell(to));
        if !name.is_empty() {
            to.push_str(&format!(",\"name\":\"{name}\""));
        }
        to.push('}');
    }
    pub fn members(to: &mut String, name: &str, all: &[(&str, &dyn Tell)]) {
        to.push_str("{\"members\":{");
        for (index, (member, value)) in all.iter().enumerate() {
            to.push_str(&format!("{}\"{member}\":", if index > 0 { "," } else { "" }));
            value.tell(to);
        }
        to.push_str(&format!("}},\"name\":\"{name}\"}}"));
    }
    pub fn constant(to: &mut String, name: &str) {
        to.push_str(&format!("{{\"constant\":[\"{name}\"]}}"));
    }

    macro_rules! elements {
        ($($of:ty)*) => { $(
            impl<T: Tell> Tell for $of {
                fn tell(&self, to: &mut String) {
                    to.push_str("{\"elements\":");
                    listed(to, self.iter(), |to, element| element.tell(to));
                    to.push('}');
                }
            }
        )* };
    }
    elements!([T] Vec<T> VecDeque<T> LinkedList<T> BinaryHeap<T> HashSet<T> BTreeSet<T>);
    impl<T: Tell, const N: usize> Tell for [T; N] {
        fn tell(&self, to: &mut String) {
            self.as_slice().tell(to)
        }
    }

    macro_rules! pairs {
        ($($of:ty)*) => { $(
            impl<K: Tell, V: Tell> Tell for $of {
                fn tell(&self, to: &mut String) {
                    to.push_str("{\"pairs\":");
                    listed(to, self.iter(), |to, (key, value)| {
                        let pair: [&dyn Tell; 2] = [key, value];
                        listed(to, pair.iter(), |to, side| side.tell(to));
                    });
                    to.push('}');
                }
            }
        )* };
    }
    pairs!(HashMap<K, V> BTreeMap<K, V>);

    impl<T: Tell> Tell for Option<T> {
        fn tell(&self, to: &mut String) {
            let Some(payload) = self else { return to.push_str("{\"none\":true}") };
            to.push_str("{\"some\":");
            payload.tell(to);
            to.push('}');
        }
    }
    impl<T: Tell, E: Tell> Tell for Result<T, E> {
        fn tell(&self, to: &mut String) {
            match self {
                Ok(value) => fields(to, "Ok", &[value]),
                Err(error) => fields(to, "Err", &[error]),
            }
        }
    }
    impl Tell for Cow<'static, str> {
        fn tell(&self, to: &mut String) {
            match self {
                Cow::Borrowed(text) => fields(to, "Borrowed", &[&text.to_string()]),
                Cow::Owned(text) => fields(to, "Owned", &[text]),
            }
        }
    }

    fn pointee<T: Tell + ?Sized>(to: &mut String, value: &T, more: &str) {
        to.push_str("{\"pointee\":");
        value.tell(to);
        to.push_str(more);
        to.push('}');
    }
    macro_rules! pointers {
        ($($of:ty)*) => { $(
            impl<T: Tell + ?Sized> Tell for $of {
                fn tell(&self, to: &mut String) {
                    pointee(to, &**self, "")
                }
            }
        )* };
    }
    pointers!(&T &mut T Box<T>);
    impl<T: Tell + ?Sized> Tell for Rc<T> {
        fn tell(&self, to: &mut String) {
            pointee(to, &**self, &format!(",\"strong\":{}", Rc::strong_count(self)))
        }
    }
    impl<T: Tell + ?Sized> Tell for Arc<T> {
        fn tell(&self, to: &mut String) {
            pointee(to, &**self, &format!(",\"strong\":{}", Arc::strong_count(self)))
        }
    }
    impl<T: Tell + Copy> Tell for Cell<T> {
        fn tell(&self, to: &mut String) {
            pointee(to, &self.get(), "")
        }
    }
    impl<T: Tell> Tell for RefCell<T> {
        fn tell(&self, to: &mut String) {
            pointee(to, &*self.borrow(), "")
        }
    }

    macro_rules! tuples {
        ($(($($name:ident $index:tt),*))*) => { $(
            impl<$($name: Tell),*> Tell for ($($name,)*) {
                fn tell(&self, to: &mut String) {
                    fields(to, "", &[$(&self.$index),*])
                }
            }
        )* };
    }
    tuples!((A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3));

    impl<T: Tell> Tell for std::ops::Range<T> {
        fn tell(&self, to: &mut String) {
            to.push_str("{\"range\":");
            listed(to, [&self.start, &self.end].into_iter(), |to, end| end.tell(to));
            to.push('}');
        }
    }

    #[inline(never)]
    pub fn told<T: Tell + ?Sized>(number: i32, value: &T) {
        let mut text = String::new();
        value.tell(&mut text);
        unsafe { host::told_json(number, text.as_ptr(), text.len()) }
    }
}
#[cfg(full)]
use telling::{constant, fields, members, Tell};
#[cfg(full)]
macro_rules! tell { ($number:expr, $value:expr) => { telling::told($number, $value) } }
#[cfg(full)]
macro_rules! begin { ($function:expr) => { unsafe { host::begin($function) } } }
#[cfg(full)]
macro_rules! end { ($function:expr) => { unsafe { host::end($function) } } }
#[cfg(not(full))]
macro_rules! tell { ($($nothing:tt)*) => {} }
#[cfg(not(full))]
macro_rules! begin { ($($nothing:tt)*) => {} }
#[cfg(not(full))]
macro_rules! end { ($($nothing:tt)*) => {} }
