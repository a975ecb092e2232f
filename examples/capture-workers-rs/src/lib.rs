//! A Worker whose look-up waits, and then panics where there is no such item.

use std::time::Duration;
use worker::{event, Context, Delay, Env, Request, Response, Result};

const PRICES: [u32; 3] = [120, 80, 45];

/// What an item costs: `/1`. The promise that JavaScript gets is never settled when the look-up panics.
#[event(fetch)]
async fn fetch(request: Request, _env: Env, _context: Context) -> Result<Response> {
    let item = request.path()[1..].parse().unwrap_or(0);
    Delay::from(Duration::from_millis(1)).await;
    let price = look_up(item); // call: look_up
    Response::ok(price.to_string())
}

fn look_up(item: usize) -> u32 {
    let list = &PRICES[..];
    list[item] // crash here
}
