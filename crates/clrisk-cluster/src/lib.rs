//! A cluster for the pass over the population: Apache DataFusion Ballista, with scheduler, executors and client in one program.
//!
//! The client ([`connect`]) is a DataFusion session whose plans run on the executors; it sends a plan and receives sums.
//! Functions travel by name, so every process must be given the same ones: here they are an argument, because what they
//! compute is not this crate's business. Files are read by the executors: they must lie under the same path on each.
//!
//! There is no authentication and no encryption. Whoever reaches the scheduler can read every file that the executors
//! can: a cluster belongs on a private network.

mod client;
mod executor;
mod scheduler;

use std::net::SocketAddr;

pub use client::connect;
pub use executor::{ExecutorSettings, executor};
pub use scheduler::scheduler;

/// Bytes of a message between the processes, at most: a plan carries the coefficients of all municipalities, and an answer
/// the sums of one.
const MESSAGE_BYTES: u32 = 256 << 20;
/// Seconds between signs of life of an executor.
const HEARTBEAT_SECONDS: u64 = 2;
/// Seconds without a sign of life after which an executor is given up and its work goes to the others.
const TIMEOUT_SECONDS: u64 = 12;

/// Why a cluster does not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// Nobody answers there.
    #[error("nobody answers at {address}")]
    Unreachable {
        /// The address.
        address: String,
    },
    /// An address that is not `HOST:PORT`.
    #[error("{address} is not an address of the form HOST:PORT")]
    Address {
        /// The address.
        address: String,
    },
    /// The address is in use, or may not be used.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
    },
    /// A process of the cluster ended.
    #[error("the process of the cluster ended: {reason}")]
    Ended {
        /// What it said.
        reason: String,
    },
}

/// Host and port of `HOST:PORT`.
fn host_and_port(address: &str) -> Result<(String, u16), ClusterError> {
    let wrong = || ClusterError::Address { address: address.to_owned() };
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    if host.is_empty() { Err(wrong()) } else { Ok((host.to_owned(), port)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        assert_eq!(host_and_port("127.0.0.1:50050").unwrap(), ("127.0.0.1".to_owned(), 50_050));
        for wrong in ["", "host", ":1", "host:", "host:70000"] {
            assert!(host_and_port(wrong).is_err(), "{wrong}");
        }
    }
}
