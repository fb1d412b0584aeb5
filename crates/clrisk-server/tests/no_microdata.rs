//! The server cannot read microdata: nothing it is built from can.

use std::process::Command;

#[test]
fn the_dependency_tree_of_the_server_has_neither_the_engine_nor_a_query_engine() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "clrisk-server", "-e", "normal", "--prefix", "none", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(tree.lines().any(|line| line.starts_with("clrisk-render ")), "the tree was read: {tree}");
    for forbidden in [
        "clrisk-engine ",
        "clrisk-population ",
        "clrisk-cluster ",
        "clrisk-synthetic ",
        "clrisk-readers ",
        "datafusion ",
    ] {
        assert!(!tree.lines().any(|line| line.starts_with(forbidden)), "the server depends on {forbidden}");
    }
}
