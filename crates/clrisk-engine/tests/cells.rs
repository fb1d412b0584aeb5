//! Exact cells stand for the census they were made of, wherever they were made, and every way of reading a census gives the
//! same bytes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clrisk_core::{Bundle, Findings};
use clrisk_engine::cells::{self, DEFAULT_FILE, Dialect};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::{check, run};
use clrisk_synthetic::{Country, Options};
use common::codes;

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Project {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { seed: 11, children: 40_000, survey_households: 3_000 };
        Country::invent(options).unwrap().write_project(folder.path()).unwrap();
        let project = Project(folder);
        project.edit("draws = 1000", "draws = 100");
        project
    }

    fn edit(&self, from: &str, to: &str) {
        let path = self.0.path().join("clrisk.toml");
        let before = fs::read_to_string(&path).unwrap();
        let after = before.replace(from, to);
        assert_ne!(before, after, "{from} is in the settings");
        fs::write(&path, after).unwrap();
    }

    fn use_cells(&self) {
        self.edit("[census]\n", &format!("[census]\ncells = \"{DEFAULT_FILE}\"\n"));
    }

    fn folder(&self) -> ProjectFolder {
        ProjectFolder::new(self.0.path())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    async fn run(&self) -> Bundle {
        run(&self.folder(), &|_| {}).await.unwrap_or_else(|findings| panic!("{findings:?}"))
    }

    /// The bytes of the estimates of the draft.
    fn estimates(&self) -> Vec<u8> {
        fs::read(self.path("out/draft/estimates.parquet")).unwrap()
    }

    /// Runs a Python script with the paths of the census, the SQL and the cells to write; false, said aloud, when Python
    /// lacks a module.
    fn python(&self, script: &str, modules: &[&str], sql: &str, cells: &Path) -> bool {
        for module in modules {
            let known = Command::new("python3").args(["-c", &format!("import {module}")]).output();
            if !known.is_ok_and(|output| output.status.success()) {
                eprintln!("SKIPPED: needs python3 with {module}");
                return false;
            }
        }
        let statement = self.path("cells.sql");
        fs::write(&statement, sql).unwrap();
        let paths = [&self.path("data/census.parquet"), &statement, cells];
        let output = Command::new("python3").arg("-c").arg(script).args(paths).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        true
    }
}

/// DuckDB reads the census itself and writes Parquet.
const DUCKDB: &str = r#"
import sys, duckdb
census, statement, cells = sys.argv[1:]
connection = duckdb.connect()
connection.execute(f"CREATE VIEW census AS SELECT * FROM '{census}'")
connection.execute(f"COPY ({open(statement).read()}) TO '{cells}' (FORMAT parquet)")
"#;

/// SQLite gets the census through DuckDB and writes CSV through Python; `greatest` is the one function it lacks.
const SQLITE: &str = r#"
import csv, sqlite3, sys, duckdb
census, statement, cells = sys.argv[1:]
table = duckdb.connect().execute(f"SELECT * FROM '{census}'")
names = [column[0] for column in table.description]
connection = sqlite3.connect(":memory:")
connection.create_function("greatest", -1, max, deterministic=True)
connection.execute(f"CREATE TABLE persons ({', '.join(names)})")
connection.executemany(f"INSERT INTO persons VALUES ({', '.join('?' * len(names))})", table.fetchall())
result = connection.execute(open(statement).read())
with open(cells, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow([column[0] for column in result.description])
    writer.writerows(result)
"#;

#[tokio::test]
async fn a_run_on_exact_cells_gives_the_bytes_of_a_run_on_the_census_wherever_they_were_made() {
    let project = Project::new();
    let census = project.run().await;
    let expected = project.estimates();
    let mut findings = Findings::default();
    let folder = project.folder();
    let report = cells::write(&folder, &mut findings).await.unwrap();
    assert_eq!((report.records, report.named), (census.model.population.rows_read, false));
    assert!(report.cells < report.records);
    let standard = cells::statement(&folder, Dialect::Standard, "persons", &mut findings).await.unwrap();
    let duckdb = cells::statement(&folder, Dialect::DuckDb, "census", &mut findings).await.unwrap();
    project.use_cells();
    let on_cells = project.run().await;
    assert!(project.estimates() == expected, "the estimates differ");
    let population = |bundle: &Bundle| (bundle.model.population.rows_read, bundle.model.population.rows_used);
    assert_eq!(population(&on_cells), population(&census), "records are counted, not cells");

    for (script, modules, sql, name) in [
        (DUCKDB, vec!["duckdb"], &duckdb, "from-duckdb.parquet"),
        (SQLITE, vec!["duckdb", "sqlite3"], &standard, "from-sqlite.csv"),
    ] {
        let made = project.path(name);
        if !project.python(script, &modules, sql, &made) {
            continue;
        }
        fs::remove_file(project.path(DEFAULT_FILE)).unwrap();
        let imported = cells::import(&folder, &made, &mut findings).await.unwrap();
        assert_eq!((imported.cells, imported.records), (report.cells, report.records), "{name}");
        assert_eq!(imported.persons, report.persons, "{name}");
        project.run().await;
        assert!(project.estimates() == expected, "the estimates of {name} differ");
    }
}

#[tokio::test]
async fn a_number_with_many_values_is_cut_with_a_note_and_costs_the_estimates_next_to_nothing() {
    let project = Project::new();
    project.edit(
        "[variables.sex]",
        "[variables.means]\ntitle = \"Means\"\n\
         survey = \"(edad * 31 + personas_hogar * 7 + dependientes * 3 + jefe_educ * 101 + jefe_rama * 57) / 200.0\"\n\
         census = \"(edad * 31 + personas_hogar * 7 + dependientes * 3 + jefe_educ * 101 + jefe_rama * 57) / 200.0\"\n\n\
         [variables.sex]",
    );
    project.edit("child_labour ~ ", "child_labour ~ means + ");
    let exact = project.run().await;
    let mut findings = Findings::default();
    cells::write(&project.folder(), &mut findings).await.unwrap();
    assert!(codes(&findings).contains(&"CELLS-003"), "{:?}", codes(&findings));
    project.use_cells();
    let cut = project.run().await;
    assert_eq!(exact.estimates.len(), cut.estimates.len());
    for (exact, cut) in exact.estimates.iter().zip(&cut.estimates) {
        let (Some(a), Some(b), Some(error)) = (exact.rate, cut.rate, exact.standard_error) else { continue };
        assert!((a - b).abs() < 0.05 * error + 2e-4, "{}: {a} {b} ± {error}", exact.area);
    }
}

#[tokio::test]
async fn cells_of_other_expressions_and_files_that_are_no_cells_are_refused() {
    let project = Project::new();
    let folder = project.folder();
    let mut findings = Findings::default();
    cells::write(&folder, &mut findings).await.unwrap();
    project.use_cells();
    assert!(!check(&folder).await.findings.has_errors());
    let refused = cells::import(&folder, &project.path("data/census.parquet"), &mut findings).await.unwrap_err();
    assert_eq!(refused.code, "CELLS-001");
    project.edit(
        "CASE zona WHEN 1 THEN 'urban' WHEN 2 THEN 'rural' END",
        "CASE zona WHEN 1 THEN 'urban' ELSE 'rural' END",
    );
    assert!(codes(&check(&folder).await.findings).contains(&"CELLS-002"));
}

#[tokio::test]
async fn a_census_read_by_tables_gives_the_bytes_of_one_read_by_datafusion() {
    let project = Project::new();
    project.run().await;
    let by_tables = project.estimates();
    // An expression that may answer differently each time cannot be a table; this one never does.
    project.edit("[census]\n", "[census]\nfilter = \"random() >= 0\"\n");
    project.run().await;
    assert!(project.estimates() == by_tables, "the estimates differ");
}
