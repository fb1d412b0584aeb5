//! Where the rates of neighbouring municipalities are high or low together.
//!
//! Only the kind of cluster, its level and a rounded q-value travel: the statistics behind them are sums over neighbours,
//! from which a withheld rate could be worked out.

use serde::{Deserialize, Serialize};

/// The kind of cluster a municipality is the core of, by local Moran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cluster {
    /// High among high.
    HighHigh,
    /// High among low.
    HighLow,
    /// Low among high.
    LowHigh,
    /// Low among low.
    LowLow,
    /// No more alike or unlike its neighbours than chance would have it.
    None,
}

impl Cluster {
    /// All kinds, in the order in which a legend lists them.
    pub const ALL: [Cluster; 5] =
        [Cluster::HighHigh, Cluster::HighLow, Cluster::LowHigh, Cluster::LowLow, Cluster::None];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Cluster::HighHigh => "high_high",
            Cluster::HighLow => "high_low",
            Cluster::LowHigh => "low_high",
            Cluster::LowLow => "low_low",
            Cluster::None => "none",
        }
    }

    /// Reads [`Cluster::code`] back.
    pub fn parse(code: &str) -> Option<Cluster> {
        Cluster::ALL.into_iter().find(|cluster| cluster.code() == code)
    }
}

/// A municipality among its neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HotSpot {
    /// Area code.
    pub area: String,
    /// Kind of cluster at a false discovery rate of 5 %.
    pub cluster: Cluster,
    /// Two-sided permutation probability of local Moran, adjusted for the number of municipalities (Benjamini and
    /// Hochberg), three decimals; none for a municipality without neighbours.
    pub q: Option<f64>,
    /// Getis-Ord `G*` as a level: 3, 2, 1 for a hot spot at 99, 95, 90 % of the normal distribution, 0 for neither, negative
    /// for a cold spot.
    pub level: i64,
}
