//! A price list whose look-up waits, and then panics where there is no such item.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const PRICES: [u32; 3] = [120, 80, 45];

/// What an item costs. The promise that JavaScript gets is never settled when the look-up panics.
#[wasm_bindgen]
pub async fn price(item: usize) -> Result<u32, JsValue> {
    let next_turn = js_sys::Promise::resolve(&JsValue::NULL);
    JsFuture::from(next_turn).await?;
    Ok(look_up(item)) // call: look_up
}

fn look_up(item: usize) -> u32 {
    let list = &PRICES[..];
    list[item] // crash here
}
