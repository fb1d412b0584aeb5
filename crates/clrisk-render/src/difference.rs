//! The difference of two rates, and whether it is more than noise.

use clrisk_core::Estimate;

/// A difference of two rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The first rate minus the second, as a proportion.
    pub difference: f64,
    /// Its standard error if the two were independent: the root of the sum of their squared standard errors. Where they
    /// move together the true one is smaller, so that what is called clear is clear.
    pub standard_error: f64,
    /// Whether both rates were learned from the area's own sample; a national difference otherwise.
    pub local: bool,
}

impl Difference {
    /// The rate of `one` minus that of `other`; none when either is withheld or has no standard error.
    pub fn of(one: &Estimate, other: &Estimate) -> Option<Difference> {
        Some(Difference {
            difference: one.rate? - other.rate?,
            standard_error: one.standard_error?.hypot(other.standard_error?),
            local: one.local && other.local,
        })
    }

    /// The ends of the 95 % interval.
    pub fn interval(&self) -> [f64; 2] {
        [self.difference - 1.96 * self.standard_error, self.difference + 1.96 * self.standard_error]
    }

    /// Whether the 95 % interval leaves zero out.
    pub fn is_clear(&self) -> bool {
        self.difference.abs() > 1.96 * self.standard_error
    }
}
