//! The command line, in the reader's language.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clrisk_core::{Catalog, Language};

/// The whole command line.
pub fn command(catalog: &Catalog, language: Language) -> Command {
    let text = |key: &str| catalog.get(language, &format!("command-{key}"));
    let template = format!(
        "{{about-with-newline}}\n{}\n  {{usage}}\n\n{}\n{{subcommands}}\n\n{}\n{{options}}{{after-help}}",
        text("heading-usage"),
        text("heading-commands"),
        text("heading-options")
    );
    let leaf_template =
        format!("{{about-with-newline}}\n{}\n  {{usage}}\n\n{{all-args}}{{after-help}}", text("heading-usage"));
    // The library adds the colon.
    let heading = text("heading-options").trim_end_matches([':', ' ', '\u{a0}']).to_owned();
    let subcommand = |name: &'static str| {
        Command::new(name)
            .about(text(&format!("{name}-about")))
            .long_about(text(&format!("{name}-long")))
            .help_template(leaf_template.clone())
            .next_help_heading(heading.clone())
            .disable_help_flag(true)
            .arg(help(&text("arg-help")))
    };
    let release = subcommand("release")
        .arg(Arg::new("id").required(true).value_name("ID").help(text("arg-release-id")))
        .arg(Arg::new("by").long("by").required(true).value_name("NAME").help(text("arg-release-by")))
        .arg(Arg::new("office").long("office").required(true).value_name("OFFICE").help(text("arg-release-office")))
        .arg(Arg::new("date").long("date").value_name("YYYY-MM-DD").help(text("arg-release-date")));
    let of_bundle = |command: Command| {
        command.arg(Arg::new("draft").long("draft").action(ArgAction::SetTrue).help(text("arg-draft"))).arg(
            Arg::new("release")
                .long("release")
                .value_name("ID")
                .conflicts_with("draft")
                .help(text("arg-serve-release")),
        )
    };
    let serve = of_bundle(subcommand("serve").arg(listen(&text("arg-listen"))));
    let site = of_bundle(
        subcommand("site")
            .arg(
                Arg::new("output")
                    .long("output")
                    .required(true)
                    .value_name("FOLDER")
                    .value_parser(value_parser!(PathBuf))
                    .help(text("arg-site-output")),
            )
            .arg(
                Arg::new("languages")
                    .long("languages")
                    .value_name("LANGUAGES")
                    .value_delimiter(',')
                    .value_parser(|code: &str| code.parse::<Language>().map_err(|()| code.to_owned()))
                    .help(text("arg-site-languages")),
            ),
    );
    let bundle = |command: Command| {
        command
            .arg(
                Arg::new("release")
                    .long("release")
                    .value_name("ID")
                    .conflicts_with("draft")
                    .help(text("arg-export-release")),
            )
            .arg(Arg::new("draft").long("draft").action(ArgAction::SetTrue).help(text("arg-export-draft")))
    };
    let output = |default: &'static str| {
        Arg::new("output")
            .long("output")
            .value_name("FOLDER")
            .value_parser(value_parser!(PathBuf))
            .help(format!("{} ({default})", text("arg-output")))
    };
    let sheet = bundle(subcommand("sheet"))
        .arg(
            Arg::new("code")
                .value_name("CODE")
                .required_unless_present("all")
                .conflicts_with("all")
                .help(text("arg-sheet-code")),
        )
        .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).help(text("arg-sheet-all")))
        .arg(Arg::new("index").long("index").action(ArgAction::SetTrue).help(text("arg-sheet-index")))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["pdf", "html"])
                .hide_possible_values(true)
                .default_value("pdf")
                .hide_default_value(true)
                .help(text("arg-sheet-format")),
        )
        .arg(output("out/sheets"));
    let export = bundle(subcommand("export"))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMATS")
                .value_delimiter(',')
                .value_parser(crate::exports::FORMATS)
                .hide_possible_values(true)
                .help(text("arg-export-format")),
        )
        .arg(output("out/export"));
    let number = |name: &'static str, default: &'static str, key: &str| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(value_parser!(u64))
            .default_value(default)
            .hide_default_value(true)
            .help(format!("{} ({default})", text(key)))
    };
    let demo = subcommand("demo")
        .arg(
            Arg::new("folder")
                .long("folder")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .default_value("clrisk-demo")
                .hide_default_value(true)
                .help(text("arg-demo-folder")),
        )
        .arg(number("children", "2000000", "arg-demo-children"))
        .arg(number("seed", "87", "arg-demo-seed"))
        .arg(Arg::new("no-serve").long("no-serve").action(ArgAction::SetTrue).help(text("arg-no-serve")))
        .arg(listen(&text("arg-listen")));
    let cells = subcommand("cells")
        .arg(Arg::new("sql").long("sql").action(ArgAction::SetTrue).conflicts_with("import").help(text("arg-sql")))
        .arg(
            Arg::new("dialect")
                .long("dialect")
                .value_name("DIALECT")
                .value_parser(["standard", "duckdb", "bigquery"])
                .hide_possible_values(true)
                .default_value("standard")
                .hide_default_value(true)
                .requires("sql")
                .help(text("arg-dialect")),
        )
        .arg(
            Arg::new("table")
                .long("table")
                .value_name("NAME")
                .default_value("census")
                .hide_default_value(true)
                .requires("sql")
                .help(format!("{} (census)", text("arg-table"))),
        )
        .arg(
            Arg::new("import")
                .long("import")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(text("arg-import")),
        );
    let scheduler = subcommand("scheduler").arg(address("listen", "127.0.0.1:50050", &text("arg-listen")));
    let executor = subcommand("executor")
        .arg(address("scheduler", "127.0.0.1:50050", &text("arg-scheduler")))
        .arg(address("listen", "127.0.0.1:50051", &text("arg-listen")))
        .arg(
            Arg::new("tasks")
                .long("tasks")
                .value_name("N")
                .value_parser(value_parser!(std::num::NonZeroUsize))
                .help(text("arg-tasks")),
        );
    let index = subcommand("index").arg(
        Arg::new("preset")
            .long("preset")
            .value_name("NAME")
            .value_parser(["chile", "costa-rica", "mexico-2020"])
            .hide_possible_values(true)
            .help(text("arg-preset")),
    );
    let path = |name: &'static str, key: &str| {
        Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf)).help(text(key))
    };
    let screen = subcommand("screen")
        .arg(Arg::new("form").long("form").action(ArgAction::SetTrue).conflicts_with("import").help(text("arg-form")))
        .arg(path("import", "arg-screen-import"))
        .arg(path("rules", "arg-rules"));
    let of_file = |command: Command| {
        command
            .arg(
                Arg::new("file")
                    .required(true)
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .help(text("arg-file")),
            )
            .arg(Arg::new("table").long("table").value_name("NAME").help(text("arg-file-table")))
            .arg(Arg::new("encoding").long("encoding").value_name("NAME").help(text("arg-encoding")))
            .arg(
                Arg::new("delimiter")
                    .long("delimiter")
                    .value_name("CHARACTER")
                    .value_parser(delimiter)
                    .help(text("arg-delimiter")),
            )
            .arg(path("dictionary", "arg-dictionary"))
    };
    let init = subcommand("init")
        .arg(path("survey", "arg-init-survey"))
        .arg(path("census", "arg-init-census"))
        .arg(path("boundaries", "arg-init-boundaries"))
        .arg(path("survey-dictionary", "arg-survey-dictionary").requires("survey"))
        .arg(path("census-dictionary", "arg-census-dictionary").requires("census"))
        .arg(
            Arg::new("match")
                .long("match")
                .value_name("SURVEY=CENSUS")
                .value_delimiter(',')
                .action(ArgAction::Append)
                .value_parser(pair)
                .help(text("arg-match")),
        );
    let inspect = of_file(subcommand("inspect"));
    let convert = of_file(subcommand("convert"))
        .arg(path("to", "arg-to").required(true))
        .arg(Arg::new("columns").long("columns").value_name("COLUMNS").value_delimiter(',').help(text("arg-columns")))
        .arg(Arg::new("keep-missing").long("keep-missing").action(ArgAction::SetTrue).help(text("arg-keep-missing")));
    Command::new("clrisk")
        .version(env!("CARGO_PKG_VERSION"))
        .about(text("about"))
        .after_help(text("after-help"))
        .help_template(template)
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .next_help_heading(heading.clone())
        .arg(help(&text("arg-help")))
        .arg(
            Arg::new("project")
                .long("project")
                .short('p')
                .global(true)
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .default_value(".")
                .hide_default_value(true)
                .help(text("arg-project")),
        )
        .arg(
            Arg::new("language")
                .long("language")
                .global(true)
                .value_name("LANGUAGE")
                .value_parser(["es", "en", "pt", "fr"])
                .hide_possible_values(true)
                .help(text("arg-language")),
        )
        .arg(Arg::new("json").long("json").global(true).action(ArgAction::SetTrue).help(text("arg-json")))
        .subcommands(if cfg!(feature = "engine") {
            vec![
                inspect,
                convert,
                init,
                subcommand("check").arg(Arg::new("fix").long("fix").action(ArgAction::SetTrue).help(text("arg-fix"))),
                subcommand("run")
                    .arg(Arg::new("cluster").long("cluster").value_name("HOST:PORT").help(text("arg-cluster"))),
                cells,
                scheduler,
                executor,
                subcommand("measure")
                    .arg(
                        Arg::new("definitions")
                            .long("definitions")
                            .action(ArgAction::SetTrue)
                            .help(text("arg-definitions")),
                    )
                    .arg(
                        Arg::new("show")
                            .long("show")
                            .value_name("ID")
                            .conflicts_with("definitions")
                            .help(text("arg-show")),
                    ),
                index,
                screen,
                subcommand("explain")
                    .arg(Arg::new("what").required(true).value_name("CODE|AREA|model").help(text("arg-what"))),
                release,
                serve,
                site,
                sheet,
                export,
                demo,
            ]
        } else {
            vec![serve, site, sheet, export]
        })
}

/// Two names with an equals sign between them.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left.to_owned(), right.to_owned())),
        _ => Err(text.to_owned()),
    }
}

/// A delimiter of text: one ASCII character, or `tab`.
fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab", _) => Ok(b'\t'),
        (_, [character]) if character.is_ascii() => Ok(*character),
        _ => Err(text.to_owned()),
    }
}

fn listen(text: &str) -> Arg {
    address("listen", "127.0.0.1:8787", text)
}

fn address(name: &'static str, default: &'static str, text: &str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("ADDRESS")
        .default_value(default)
        .hide_default_value(true)
        .help(format!("{text} ({default})"))
}

fn help(text: &str) -> Arg {
    Arg::new("help").long("help").short('h').action(ArgAction::Help).help(text.to_owned())
}

/// The language asked for on the command line, or that of the environment. Needed before the command line is parsed, because
/// its own help is in that language.
pub fn language_of(arguments: &[String], environment: Option<&str>) -> Language {
    let asked = arguments.iter().enumerate().find_map(|(index, argument)| match argument.strip_prefix("--language=") {
        Some(value) => Some(value.to_owned()),
        None if argument == "--language" => arguments.get(index + 1).cloned(),
        None => None,
    });
    match asked.and_then(|code| code.parse().ok()) {
        Some(language) => language,
        None => Language::negotiate(environment.unwrap_or_default()),
    }
}

/// The project folder.
pub fn project(matches: &ArgMatches) -> PathBuf {
    matches.get_one::<PathBuf>("project").cloned().unwrap_or_else(|| PathBuf::from("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed_in_every_language() {
        let catalog = Catalog::load();
        for language in Language::ALL {
            command(&catalog, language).debug_assert();
        }
    }

    #[test]
    fn the_language_of_the_help_is_that_asked_for() {
        let arguments = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(language_of(&arguments(&["--language", "fr", "--help"]), Some("pt_BR.UTF-8")), Language::Fr);
        assert_eq!(language_of(&arguments(&["--language=en"]), None), Language::En);
        assert_eq!(language_of(&arguments(&["check"]), Some("pt_BR.UTF-8")), Language::Pt);
        assert_eq!(language_of(&arguments(&["check"]), Some("C")), Language::Es);
    }
}
