//! What an order costs.

struct Item {
    name: &'static str,
    cents: u32,
}

struct Shop {
    items: Vec<Item>,
}

impl Shop {
    fn open() -> Shop {
        let item = |name, cents| Item { name, cents };
        Shop { items: vec![item("tea", 250), item("cake", 420), item("bread", 380)] }
    }

    fn price(&self, number: usize, count: u32) -> u32 {
        let item = &self.items[number]; // crash here
        discount(item.cents * count, item.name)
    }
}

#[inline(never)]
fn discount(cents: u32, name: &str) -> u32 {
    if name == "cake" { cents - cents / 10 } else { cents }
}

#[no_mangle]
pub extern "C" fn price_of(number: usize, count: u32) -> u32 {
    let shop = Shop::open();
    shop.price(number, count)
}
