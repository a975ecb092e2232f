//! The classic crash: a subtraction that overflows, three calls deep.

struct MyThing {
    value: usize,
}

fn calculate(value: usize) -> usize {
    value - 10
}

fn process_thing(thing: &MyThing) {
    let result = calculate(thing.value);
    println!("result: {result}");
}

fn main() {
    let thing = MyThing { value: 3 };
    process_thing(&thing);
}
