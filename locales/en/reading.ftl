# Files: what inspect, convert and init say.

inspect-file = { $file }: { $format }
inspect-labels-from = Labels taken from { $file }
inspect-tables = Tables: { $tables }
inspect-table = { $table } ({ $format }). Rows: { $rows }. Variables: { $variables }.
inspect-producer = Written by: { $producer }
inspect-encoding = Encoding of its texts: { $encoding }, { $by }
inspect-encoding-asked = as asked for
inspect-encoding-declared = the file declares it
inspect-encoding-mark = the file begins with its mark
inspect-encoding-format = the format is always so
inspect-encoding-plain = all of it is ASCII, any would do
inspect-encoding-valid = the texts are valid UTF-8
inspect-encoding-guessed = guessed from the frequency of letters: check the accents
inspect-delimiter = Delimiter: { $delimiter }
inspect-weighted = The file weights its rows with { $variable }
inspect-kind-integer = whole number
inspect-kind-number = number
inspect-kind-text = text
inspect-kind-date = date
inspect-kind-time = time
inspect-kind-other = another type
inspect-distinct = distinct values: { $count }
inspect-more-distinct = distinct values: more than { $count }
inspect-missing = missing: { $count } ({ $share })
inspect-declared = with a code for missing: { $count }
inspect-likely = → { $role }, by { $reasons }
inspect-possible = → perhaps { $role }, by { $reasons }
inspect-reason-name = its name
inspect-reason-part_of_name = a part of its name
inspect-reason-label = its label (“{ $words }”)
inspect-reason-answers = the labels of its values
inspect-value-missing = missing
inspect-rare = values not shown because few rows have them: { $count }
inspect-roles = What seems to be what (please confirm):
inspect-confidential = No value of a person is shown: only labels, counts, and codes that at least { $rows } rows have.
role-age = age
role-sex = sex
role-weight = survey weight
role-psu = primary sampling unit
role-stratum = stratum
role-area = municipality
role-area_name = name of the municipality
role-department = department or province
role-zone = urban or rural zone
role-attendance = school attendance
role-schooling = years or level of schooling
role-hours = hours worked
role-chores_hours = hours of household chores
role-activity_status = activity status
role-employment_category = status in employment
role-ethnicity = ethnicity
role-household = household identifier
role-person = person identifier
role-count = number of persons of the row
role-relationship = relationship to the head
role-industry = industry
role-occupation = occupation
role-migration = migration
role-disability = disability
role-poverty = poverty or wealth
role-replicate_weight = replicate weight
convert-done = Wrote { $file }. Rows: { NUMBER($rows) }; columns: { NUMBER($columns) }. It holds records of persons: it is confidential.
convert-codebook = Its labels and where it comes from are in { $file }.
finding-CONVERT-001 = The format of { $file } is not written.
    .hint = End the name of the new file in .parquet or .csv.
finding-CONVERT-002 = { $file } exists already; nothing is overwritten.
    .hint = Choose another name, or delete the file if it is no longer needed.
finding-CONVERT-003 = The file { $file } has no column { $column }.
    .hint = See the names with clrisk inspect. Upper and lower case count.
init-title = Risk of child labour by municipality
init-head = Proposal of “clrisk init”, made from the names, labels and codes of your files. Read all of it: every key says where it comes from. All are explained in docs/settings.md.
init-head-marks = What says "{ $undecided }" is left to decide; “clrisk check” lists it.
init-unconfirmed = Keys with a proposal that nobody has confirmed. Take each out of the list when you have reviewed it; as long as one is left, “check” and “run” say so.
init-country = The name of the folder; write that of the country, and its ISO code for the format of numbers.
init-outcome-title-occupied = children in employment
init-outcome-title-hours = child labour
init-outcome-title-none = child labour
init-outcome-definition-occupied = Children employed in the reference week; this is not SDG indicator 8.7.1.
init-outcome-definition-hours = Children who worked in the week at least 1 hour (to age 11), 14 hours (12 to 14) or 43 hours (15 to 17). Without hazardous work and household chores.
init-outcome-definition-none = Write here what counts as child labour
init-ages = Ages of indicator 8.7.1; raise them if the survey asks about work only from an older age.
init-ages-found = The ages at which the survey asks about work: below them the answer is missing.
init-outcome-occupied = Activity status { $variable }: 1 for the categories labelled as employed, 0 for the others. It is employment, not all of child labour: see [definition] in docs/settings.md.
init-outcome-hours = Hours of { $variable } with the thresholds of indicator 8.7.1 by age; no hours count as 0. Hazardous work is missing: see [definition] in docs/settings.md.
init-outcome-none = Neither a labelled activity status nor hours worked were found. Write an expression that is 1 where there is child labour, 0 where not, and null where it is not known.
init-year-in-name = The year in the name of the file; check it.
init-year = Write its year: year = 2020
init-not-found = Not found: { $what }. Write the column or an expression.
init-because = { $variable }: by { $reasons }.
init-perhaps = Perhaps { $variable }: by { $reasons }. Check it with care.
init-no-boundaries = No boundary file was given (--boundaries).
init-no-survey = No survey was given (--survey).
init-no-census = No census was given (--census).
init-area-code = { $count ->
        [one] One area. The property that most codes of the files match; there are: { $properties }.
       *[other] { NUMBER($count) } areas. The property that most codes of the files match; there are: { $properties }.
    }
init-area-code-none = No property of codes was found. There are: { $properties }.
init-departments = Names of the departments: departments = { "{" } file = "departments.csv", code = "...", name = "...", region = "..." { "}" }
init-area-none = No code matches the map. Columns of areas in the file: { $columns }. If they are of another system of codes, a table is needed: docs/how-to-join-codes.md.
init-area-all = { $matched ->
        [one] From { $columns }: { NUMBER($matched) } of { NUMBER($all) } codes is in the map. Check with a municipality you know that the code is its own.
       *[other] From { $columns }: { NUMBER($matched) } of { NUMBER($all) } codes are in the map. Check with a municipality you know that the code is its own.
    }
init-area-some = { $matched ->
        [one] From { $columns }: only { NUMBER($matched) } of { NUMBER($all) } codes is in the map. Look at the others with “clrisk check”; the system of codes may be another.
       *[other] From { $columns }: only { NUMBER($matched) } of { NUMBER($all) } codes are in the map. Look at the others with “clrisk check”; the system of codes may be another.
    }
init-labels-from = Labels taken from { $file }.
init-age-bands = { $variable } is not completed years: it looks like age bands. Find the years, or (in the census) delete this key and describe the bands in [[census.bands]].
init-stratum-made = The file has no strata (or only one): { $department } and { $zone } are taken, as in most designs. Ask who designed the sample.
init-lonely = Strata with a single unit: fail | merge | centre | certainty
init-count-one = No column looks like a number of persons: each row counts as one.
init-variables = Common variables: each has to measure the same in both files. “clrisk check” compares their distributions.
init-how-labels = From { $survey } in the survey and { $census } in the census, by the labels of their values.
init-how-usual = From { $survey } in the survey and { $census } in the census. Not all codes are labelled: what they usually mean is assumed. CHECK in the questionnaires.
init-how-same_labels = From { $survey } in the survey and { $census } in the census: their values have the same labels.
init-how-same_codes = From { $survey } in the survey and { $census } in the census: they have the same codes, which are assumed to mean the same. CHECK in the questionnaires, and name the categories.
init-how-number = From { $survey } in the survey and { $census } in the census, as a number. Check that the unit is the same and that there are no codes for “does not know”.
init-how-ages = From { $survey } in the survey and { $census } in the census: the groups of indicator 8.7.1.
init-left-out-survey = Codes of the survey without a counterpart, left as missing: { $codes }.
init-left-out-census = Codes of the census without a counterpart, left as missing: { $codes }.
init-refused-missing = Not proposed: { $name } ({ $survey }, { $census }), because it is mostly missing in one of the files.
init-refused-codes = Not proposed: { $name }, because the codes of { $survey } and { $census } do not correspond. Write the variable by hand if they measure the same.
init-refused-only_survey = Not proposed: { $name }, because only the survey seems to have it ({ $survey }). --match { $survey }=COLUMN says which one it is in the census.
init-refused-only_census = Not proposed: { $name }, because only the census seems to have it ({ $census }).
init-age-group = age group
init-formula = Take out variables that do not measure the same in both files, or that are a consequence of child labour.
level-boy = boys
level-girl = girls
level-urban = urban
level-rural = rural
level-attends = attends
level-out = does not attend
level-neither = neither indigenous nor Afro-descendant
level-indigenous = indigenous
level-afro_descendant = Afro-descendant
level-native = born in the country
level-migrant = migrant
init-roles = Recognised in the survey and in the census:
init-done = Wrote { $file }. Proposals to confirm: { $unconfirmed }; keys to decide: { $undecided }. Read it and run “clrisk check”.
finding-CONFIG-005 = { $count ->
        [one] One key of clrisk.toml is left to decide.
       *[other] { NUMBER($count) } keys of clrisk.toml are left to decide.
    }
    .hint = { $count ->
        [one] Write the column or the expression into it, in place of "?"; the comment above it says what is wanted.
       *[other] Write the column or the expression into each, in place of "?"; the comment above it says what is wanted.
    }
finding-CONFIG-006 = { $count ->
        [one] One proposal of “clrisk init” has not been confirmed by anybody.
       *[other] Nobody has confirmed { NUMBER($count) } proposals of “clrisk init”.
    }
    .hint = { $count ->
        [one] Review the key with the questionnaire and take it out of project.unconfirmed.
       *[other] Review each key with the questionnaire and take it out of project.unconfirmed.
    }
comparability-heading = Survey and census, variable by variable
comparability-verdict = Verdict
comparability-reasons = Why
comparability-comparable = comparable
comparability-with-caution = with caution
comparability-not-comparable = not comparable
comparability-distribution-similar = Distributed alike in both files (largest standardised difference: { $difference }).
comparability-distribution-apart = Distributed somewhat differently (largest standardised difference: { $difference }).
comparability-distribution-far = Distributed very differently (largest standardised difference: { $difference }): they may not measure the same, or the country has changed.
comparability-category-only-survey = The category { $category } is in the survey only ({ $share } % of the children).
comparability-category-only-census = The category { $category } is in the census only ({ $share } % of the children).
comparability-years-apart = The survey is of { $survey } and the census of { $census }: { $years } years apart.
comparability-age-bands = The census only has age bands: the share of the ages of interest is taken from the survey.
comparability-note = That distributions agree does not prove that the questions are the same: the definitions of each variable are in the JSON version of the model card.
init-area-filter = { $count ->
        [one] The census lacks one code of the map: if it is a lake or a disputed zone, leave it out with filter; if it is a new municipality, it will be without data.
       *[other] The census does not have { NUMBER($count) } codes of the map: if they are lakes or disputed zones, leave them out with filter; if they are new municipalities, they will be without data.
    }
