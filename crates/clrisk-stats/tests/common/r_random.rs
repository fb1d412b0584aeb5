//! R's default generator, so that results a peer drew at random can be drawn again instead of compared loosely: the
//! Mersenne twister (Matsumoto and Nishimura 1998) with R's seeding and R's whole numbers by rejection (R >= 3.6).
#![allow(dead_code)]

const WORDS: usize = 624;
const SHIFT: usize = 397;

pub struct RRandom {
    state: Vec<u32>,
    next: usize,
}

impl RRandom {
    /// `set.seed(seed)`.
    pub fn new(seed: u32) -> Self {
        let mut word = seed;
        let mut step = || {
            word = word.wrapping_mul(69069).wrapping_add(1);
            word
        };
        // Fifty steps of warming up, and one word that R overwrites with the position.
        (0..51).for_each(|_| {
            step();
        });
        Self { state: (0..WORDS).map(|_| step()).collect(), next: WORDS }
    }

    fn word(&mut self) -> u32 {
        if self.next == WORDS {
            for k in 0..WORDS {
                let joined = (self.state[k] & 0x8000_0000) | (self.state[(k + 1) % WORDS] & 0x7fff_ffff);
                let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[k] = self.state[(k + SHIFT) % WORDS] ^ (joined >> 1) ^ odd;
            }
            self.next = 0;
        }
        let mut y = self.state[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// `runif(1)`.
    pub fn uniform(&mut self) -> f64 {
        const HALF_STEP: f64 = 0.5 * 2.328306437080797e-10;
        (f64::from(self.word()) * 2.3283064365386963e-10).clamp(HALF_STEP, 1.0 - HALF_STEP)
    }

    /// A whole number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        let bits = usize::BITS - (bound - 1).leading_zeros();
        loop {
            let mut value = 0u64;
            // Sixteen bits at a time, as many times as R does.
            for _ in 0..=bits / 16 {
                value = (value << 16) + (self.uniform() * 65536.0).floor() as u64;
            }
            value &= (1u64 << bits) - 1;
            if (value as usize) < bound {
                return value as usize;
            }
        }
    }

    /// `sample(values)`.
    pub fn sample(&mut self, values: &[f64]) -> Vec<f64> {
        let mut left: Vec<usize> = (0..values.len()).collect();
        (0..values.len())
            .map(|_| {
                let drawn = self.below(left.len());
                values[left.swap_remove(drawn)]
            })
            .collect()
    }
}
