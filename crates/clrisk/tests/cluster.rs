//! A run on a cluster of real processes: the bytes of a run on this machine, even when an executor is killed in the middle.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn clrisk() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clrisk"));
    command.env("LANG", "en").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn start(arguments: &[&str]) -> Process {
    Process(clrisk().args(arguments).spawn().unwrap())
}

/// A port that is free together with the next one.
fn free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

fn wait_for(port: u16) {
    let begin = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(60), "nobody listens at {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A scheduler, and executors with a folder each for what they write.
struct Cluster {
    address: String,
    executors: Vec<(Process, tempfile::TempDir)>,
    _scheduler: Process,
}

impl Cluster {
    fn new(executors: usize) -> Cluster {
        let port = free_ports();
        let address = format!("127.0.0.1:{port}");
        let scheduler = start(&["scheduler", "--listen", &address]);
        wait_for(port);
        let mut cluster = Cluster { address, executors: Vec::new(), _scheduler: scheduler };
        for _ in 0..executors {
            let port = free_ports();
            let folder = tempfile::tempdir().unwrap();
            let listen = format!("127.0.0.1:{port}");
            let child = clrisk()
                .args(["executor", "--scheduler", &cluster.address, "--listen", &listen, "--tasks", "1"])
                .env("TMPDIR", folder.path())
                .spawn()
                .unwrap();
            cluster.executors.push((Process(child), folder));
            wait_for(port);
        }
        cluster
    }
}

/// Whether an executor has written part of a result.
fn has_worked(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| {
        entries
            .any(|entry| entry.is_ok_and(|entry| if entry.path().is_dir() { has_worked(&entry.path()) } else { true }))
    })
}

/// The files of the draft, by name.
fn draft(project: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(Path::new(project).join("out/draft")).unwrap();
    let read = |path: PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap());
    entries.map(|entry| read(entry.unwrap().path())).collect()
}

/// All files of a draft are those of another, to the byte; the message says which are not and how many rows were counted.
fn assert_same(here: &BTreeMap<String, Vec<u8>>, there: &BTreeMap<String, Vec<u8>>, which: &str) {
    let names: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let different: Vec<&String> = names.into_iter().filter(|name| here.get(*name) != there.get(*name)).collect();
    let findings = |draft: &BTreeMap<String, Vec<u8>>| String::from_utf8_lossy(&draft["findings.json"]).into_owned();
    let (first, second) = (findings(here), findings(there));
    assert!(
        different.is_empty(),
        "{which}: {different:?} differ; findings of this machine {first}, of the cluster {second}"
    );
}

#[test]
fn a_cluster_gives_the_bytes_of_this_machine_even_when_an_executor_is_killed_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("country").to_str().unwrap().to_owned();
    let made = clrisk().args(["demo", "--folder", &project, "--children", "400000", "--no-serve"]).status().unwrap();
    assert!(made.success());
    let here = draft(&project);
    let mut cluster = Cluster::new(2);
    let run = ["run", "-p", &project, "--cluster", &cluster.address.clone()];

    fs::remove_dir_all(Path::new(&project).join("out/draft")).unwrap();
    assert!(clrisk().args(run).status().unwrap().success());
    assert_same(&here, &draft(&project), "the whole cluster");

    fs::remove_dir_all(Path::new(&project).join("out/draft")).unwrap();
    let (victim, folder) = cluster.executors.pop().unwrap();
    for entry in fs::read_dir(folder.path()).unwrap().flatten().flat_map(|entry| fs::read_dir(entry.path())).flatten() {
        // What is left of the first run.
        let _ = fs::remove_dir_all(entry.unwrap().path());
    }
    let mut running = Process(clrisk().args(run).spawn().unwrap());
    while !has_worked(folder.path()) {
        assert!(running.0.try_wait().unwrap().is_none(), "the run ended before the executor had work");
        std::thread::sleep(Duration::from_millis(5));
    }
    // SIGKILL; what it has written goes with it.
    drop(victim);
    drop(folder);
    assert!(running.0.try_wait().unwrap().is_none(), "the run was over before the executor was killed");
    assert!(running.0.wait().unwrap().success());
    assert_same(&here, &draft(&project), "after the loss of an executor");
}

#[test]
fn a_cluster_that_is_not_there_stops_the_run_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("127.0.0.1:{}", free_ports());
    let output = clrisk()
        .args(["run", "-p", folder.path().to_str().unwrap(), "--cluster", &address, "--json"])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(findings["findings"][0]["code"], "CLUSTER-001");
}
