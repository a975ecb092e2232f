//! Maps, sorting, texts and numbers, as Rust's library does them.
use std::collections::{BTreeMap, HashMap};

#[derive(Clone, Debug)]
struct Row {
    key: u32,
    name: String,
    weights: Vec<f64>,
}

fn rows(seed: u32) -> Vec<Row> {
    let mut state = seed;
    (0..2000)
        .map(|i| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let key = state >> 16;
            Row { key: key % 500, name: format!("row {i} of {key}"), weights: (0..8).map(|w| f64::from(key % (w + 3))).collect() }
        })
        .collect()
}

#[no_mangle]
pub extern "C" fn run(rounds: u32) -> u32 {
    let mut sum = 0u32;
    for round in 0..rounds {
        let mut rows = rows(round + 1);
        rows.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| b.name.cmp(&a.name)));
        let mut groups: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
        for row in &rows {
            groups.entry(row.key / 7).or_default().push(row);
        }
        let mut words: HashMap<&str, usize> = HashMap::new();
        for row in &rows {
            for word in row.name.split(' ') {
                *words.entry(word).or_insert(0) += word.len();
            }
        }
        for (key, group) in &groups {
            let total: f64 = group.iter().flat_map(|row| row.weights.iter()).sum();
            sum = sum.wrapping_mul(31).wrapping_add(key ^ (total as u32) / (group.len() as u32));
        }
        let mut counts: Vec<_> = words.into_iter().collect();
        counts.sort();
        for (word, count) in counts.iter().take(100) {
            sum = sum.wrapping_mul(31).wrapping_add(word.len() as u32 + *count as u32);
        }
    }
    sum
}
