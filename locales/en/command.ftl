command-about = clrisk estimates the risk of child labour by municipality and publishes it.
command-after-help = Exit codes: 0 done; 1 findings stop the work; 2 the command line is not understood; 3 the machine would not (port in use, disk full).
command-heading-usage = Usage:
command-heading-commands = Commands:
command-heading-options = Options:
command-init-about = Makes a project folder with a commented clrisk.toml
command-init-long = Makes the folders data/ and geo/ and a clrisk.toml in which every key is explained. With --survey, --census and --boundaries it proposes the whole of it from the names, labels and codes of the files, and says of every key why and what to check. Overwrites nothing.
command-check-about = Reads everything, reports findings, writes nothing
command-check-long = Reads survey, census and boundaries as “run” would, counts every row used and every row left out, compares survey and census, and reports all findings. With --fix it notes in match.csv the area codes that leave no doubt.
command-run-about = Fits the model and writes the draft to out/draft
command-run-long = Goes the whole way: reads, checks, fits the model, passes over the census, estimates every municipality with its uncertainty and writes the confidential draft. When something stops it, the previous draft stays as it was.
command-cells-about = Condense the census into exact cells, here or in another database
command-cells-long = Writes one row for each combination of area and variables, with its persons: a model needs no more of a census. With --sql it prints the query that another database can run over its census; with --import it takes the result (CSV or Parquet), checks it and stores it where “run” finds it.
command-scheduler-about = Share the pass over the census among executors
command-scheduler-long = Starts the scheduler of a cluster; executors and “run” with --cluster connect to it. There is no password and no encryption: use it on a private network only. Ends with Ctrl+C.
command-executor-about = Work for a scheduler
command-executor-long = Starts an executor: it reads its part of the census, which must lie under the same path on every machine, and adds up. It uses the port given and the next one. Ends with Ctrl+C.
command-arg-sql = Print the SQL for another database
command-arg-dialect = Of which database: standard, duckdb, bigquery
command-arg-table = Name of the census table in that database
command-arg-import = Cells made by that SQL
command-arg-cluster = Pass over the census on the cluster of this scheduler
command-arg-scheduler = Address of the scheduler
command-arg-tasks = Parts at a time; as many as there are processors if omitted
command-cells-done = { $cells ->
        [one] { NUMBER($cells) } cell in { $file } (persons: { NUMBER($persons) }; records: { NUMBER($records) }).
       *[other] { NUMBER($cells) } cells in { $file } (persons: { NUMBER($persons) }; records: { NUMBER($records) }).
    }
command-cells-name = To use them, write under [census] in clrisk.toml: cells = "{ $file }"
command-listening = Listening at { $address } (Ctrl+C to stop)
command-explain-about = Explains a finding code or the estimate of a municipality
command-explain-long = With a code (AREA-002, say) it tells what it means and what to do. With a municipality's code it tells where its estimate comes from and which factors move it. With the word model, the whole model.
command-release-about = Takes the draft through the disclosure gate and publishes it, signed
command-release-long = Withholds small figures and those that would give them away, and writes an immutable release to out/release/ID, signed by a person. A correction is a new release.
command-serve-about = Serves the site of a release
command-serve-long = Serves the site of the releases: the newest at the short address, each at its own. With --release ID, that one only. The draft is confidential and served only with --draft.
command-demo-about = Makes an invented country, goes the whole way and serves its map
command-demo-long = Generates an invented country with known truth, runs the whole project on it, releases it and serves the map. Needs no files.
command-arg-help = Shows this help
command-arg-project = Project folder
command-arg-language = Language: es, en, pt, fr
command-arg-json = Writes findings as JSON
command-arg-fix = Notes the suggested matches in match.csv
command-arg-what = Code of a finding or of a municipality
command-arg-release-id = Id of the release, for example 2026-1
command-arg-release-by = Name of the person who signs
command-arg-release-office = Post or institution of the person who signs
command-arg-release-date = Date of the signature; today when left out
command-arg-listen = Address and port
command-arg-draft = Serves the confidential draft
command-arg-serve-release = Release to serve
command-arg-demo-folder = Folder to make; clrisk-demo when left out
command-arg-demo-children = Children of the invented census
command-arg-demo-seed = Seed of the invented country
command-arg-no-serve = Ends without serving the site
command-findings-summary = { $errors ->
        [one] { $errors } error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] { $warnings } warning
       *[other] { $warnings } warnings
    }, { $notes ->
        [one] { $notes } note
       *[other] { $notes } notes
    }
command-fix-done = match.csv: { $accepted ->
        [one] { NUMBER($accepted) } match accepted
       *[other] { NUMBER($accepted) } matches accepted
    }, { NUMBER($waiting) } to decide
command-init-done = Made { $file }. Fill it in and run “clrisk check”.
command-step-reading = Reading files and joining areas …
command-step-model = Fitting the model …
command-step-population = { $rows ->
        [one] Passing over the population … { NUMBER($rows) } row
       *[other] Passing over the population … { NUMBER($rows) } rows
    }
command-step-estimates = Estimating municipalities …
command-step-writing = Writing the draft …
command-run-done = Draft ready in { $folder }. It is confidential.
command-run-stopped = Stopped. The previous draft was not touched.
command-release-done = Released in { $folder }. Figures shown: { NUMBER($shown) }; withheld as small: { NUMBER($primary) }; withheld to protect those: { NUMBER($complementary) }.
command-release-statement = I have reviewed the findings, the model card and the disclosure report, and authorise publication.
command-explain-rate = Estimated rate: { $rate } (95 % interval: { $lower } to { $upper }); children of the survey who live here: { $sample }.
command-explain-share = Weight of the area's own sample in its effect: { $share }; the rest comes from the model.
command-explain-factor = { $points } percentage points: { $factor }
command-explain-lever = If… { $lever }: { $points } points (between { $lower } and { $upper }); children: { $children }
command-explain-lever-reached = If… { $lever }: at the target already
command-explain-observations = Learned from { $children } children (sampling units: { $units }; strata: { $strata }); municipalities with a sample: { $sampled } of { $areas }; weights on scale “{ $scaling }”.
command-explain-area-effect = What is the municipality's own and the variables do not explain
command-serving = The site is at { $address } (Ctrl+C to end)
command-demo-making = Making an invented country with { NUMBER($children) } children …
command-port-busy = Could not open { $address }: choose another address with --listen.
status-value = Estimate with a sample of its own
status-modelled_without_sample = Estimate of the model, no sample in the municipality
status-not_reliable = Estimate of low precision
status-suppressed = Figure withheld to protect the identity of children
status-no_data = No data
command-demo-signer = Demonstration
command-demo-office = Invented country
command-explain-margins = Census brought to { $file } ({ $year }): from { $before } to { $after } children; factors from { $least } to { $largest }
command-explain-likelihood = The same model by maximum likelihood ({ $integration }), without spatial effect: log-likelihood { $log }, Akaike’s criterion { $akaike }
command-explain-singular = One standard deviation is zero: intervals by maximum likelihood would be too short.
command-explain-suggestion = Suggestion (the model is not changed): { $kept } predict children not seen; { $out } add nothing. Loss { $suggested } against { $all } with all (error { $error }).
command-site-about = Copies the site into a folder that works without a server
command-site-long = Writes every page of the site of the newest release (or of --release ID) as files with relative links, for a USB stick or a file server. Open index.html. Replaces an earlier copy; leaves any other folder with content alone.
command-arg-site-output = Folder to write
command-arg-site-languages = Languages separated by commas (es,en,pt,fr); all when left out
command-site-progress = { NUMBER($files) } files …
command-site-done = Site copied to { $folder }: { NUMBER($files) } files, { $size } MB. Open index.html.
command-inspect-about = Shows what is in a file and what each variable seems to be
command-inspect-long = Reads a file of any format and tells its tables, its encoding and, of each variable, its label, type, value labels, how many are missing, how many distinct values there are, and what it seems to be and why. Shows no value of a person.
command-convert-about = Writes a file as Parquet or CSV with its labels
command-convert-long = Reads a file of any format and writes it as Parquet, with labels and provenance in its metadata, or as CSV in UTF-8 with a codebook beside it. Overwrites nothing. The new file is as confidential as the original.
command-arg-file = File to read
command-arg-to = File to write: .parquet or .csv
command-arg-file-table = Table, sheet or entity; all (inspect) or the first (convert) if omitted
command-arg-columns = Columns, separated by commas; all if omitted
command-arg-encoding = Encoding of the texts, if the file says it wrong or not at all
command-arg-delimiter = Delimiter of delimited text (tab for the tabulator)
command-arg-dictionary = File of labels, of fixed positions, or XLSForm
command-arg-keep-missing = Keeps codes that the file declares as missing
command-arg-init-survey = Household survey: the clrisk.toml is proposed from it
command-arg-init-census = Census
command-arg-init-boundaries = Municipal boundaries
command-arg-survey-dictionary = File of labels of the survey, if it is not beside it
command-arg-census-dictionary = File of labels of the census, if it is not beside it
command-arg-match = Variable of the survey and that of the census that is the same; may be repeated
