//! `scheduler`, `executor` and `run --cluster`: the same functions for all processes of a cluster.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_cluster::{ClusterError, ExecutorSettings};
use clrisk_core::{Finding, Place};
use clrisk_engine::cluster::{Cluster, functions};
use clrisk_engine::source::Session;

use crate::Speaker;
use crate::report::{MACHINE, say, stop_with, text};

/// Parts that a pass is done in: enough for the executors of a small cluster to share, and to lose one without losing much.
const PARTS: usize = 16;

/// Connects to the scheduler at `address`.
///
/// # Errors
/// `CLUSTER-001` when nobody answers.
pub async fn connect(address: &str) -> Result<Cluster, Finding> {
    match clrisk_cluster::connect(address, Session::config(PARTS), &functions()).await {
        Ok(context) => Ok(Cluster { context, address: address.to_owned() }),
        Err(_) => Err(Finding::error("CLUSTER-001", Place::default()).with("address", address)),
    }
}

/// Runs a scheduler.
pub async fn scheduler(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let Some(listen) = listen(speaker, matches) else { return ExitCode::from(MACHINE) };
    say(speaker, "command-listening", &[("address", &listen.to_string())]);
    ended(speaker, &listen.to_string(), clrisk_cluster::scheduler(listen, functions()).await)
}

/// Runs an executor.
pub async fn executor(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let Some(listen) = listen(speaker, matches) else { return ExitCode::from(MACHINE) };
    let settings = ExecutorSettings {
        scheduler: text(matches, "scheduler").to_owned(),
        listen,
        tasks: matches.get_one("tasks").copied(),
    };
    say(speaker, "command-listening", &[("address", &listen.to_string())]);
    ended(speaker, &settings.scheduler, clrisk_cluster::executor(&settings, functions()).await)
}

fn listen(speaker: &Speaker, matches: &ArgMatches) -> Option<SocketAddr> {
    let address = text(matches, "listen");
    let parsed = address.parse().ok();
    if parsed.is_none() {
        say(speaker, "command-port-busy", &[("address", address)]);
    }
    parsed
}

fn ended(speaker: &Speaker, address: &str, outcome: Result<(), ClusterError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(ClusterError::Listen { address }) => {
            say(speaker, "command-port-busy", &[("address", &address.to_string())]);
            ExitCode::from(MACHINE)
        }
        Err(error) => {
            let finding = Finding::error("CLUSTER-002", Place::default()).with("address", address);
            stop_with(speaker, finding.with("reason", error))
        }
    }
}
