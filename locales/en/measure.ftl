# Definitions of child labour and direct measurement.

finding-DEFINE-001 = The definition file { $file } is not understood: { $reason }
    .hint = Compare it with one of the definitions of the program; every key is explained in docs/definitions.md.
finding-DEFINE-002 = There is no definition called { $name }.
    .hint = Choose one of the list, or give the name of a .toml file in the project folder.
finding-DEFINE-003 = The definition contradicts itself at ages { $from } to { $to }: { $kind ->
        [gap] no band covers the age
        [overlap] more than one band covers the age
        [hours] the hours do not fit in a week
        [long_hours] long hours are named without a threshold, or a threshold without naming them
        [list] industries or occupations are used without a list of hazardous work
        [counted_as] activity that counts needs counted_as, and only that
        [permitted] activity that does not count needs permitted, and only that
        [minimum_age] children of the minimum age are called below it
        [light_work] work that is allowed at the age is called light work
        [hazardous_age] work allowed at the age is called hazardous
        [series] a series of indicator 8.7.1 names neither child_labour nor child_labour_economic
        [name] name, version or author is missing
       *[other] the ages do not agree
    }.
    .hint = Correct the band of those ages in the definition file.
finding-DEFINE-004 = { $code } is not a known code of { $classification }.
    .hint = Correct the code; the known classifications are in definitions/codes.
finding-DEFINE-005 = The source of { $what } is missing.
    .hint = Add under [[facts]] where it comes from, with a source of [[sources]]; if nobody has compared it, with status = "unverified".
finding-DEFINE-006 = { $count ->
        [one] In the definition { $definition }, one fact has been compared with its source by nobody.
       *[other] In the definition { $definition }, { NUMBER($count) } facts have been compared with their source by nobody.
    }
    .hint = { $count ->
        [one] Check it before publishing; copy the file into the project and note who reviewed it.
       *[other] Check them before publishing; copy the file into the project and note who reviewed it.
    }
finding-DEFINE-007 = The definition uses { $item }, and [definition.items] does not say where the survey has it.
    .hint = Add the question if the survey has it; without it, what depends on it is not counted and the figures are lower.
finding-DEFINE-008 = Definition { $definition } was due for review by { $date }.
    .hint = Compare it with the law and the sources of today; copy the file into the project, note who reviewed it and the next date.
finding-MEASURE-001 = To measure, clrisk.toml needs { $what }.
    .hint = See the sections [definition] and [measure] in docs/settings.md.
finding-MEASURE-002 = { $key } names { $name }, which is no variable of the survey with categories.
    .hint = Define it under [measure.by] or [variables], or correct the name.
finding-MEASURE-003 = The figures are not shown by sex: what girls do stays hidden in the total.
    .hint = Add [measure.by.sex] with the categories boy and girl.
finding-MEASURE-004 = { $count ->
        [one] Of one child of the survey it is not known: { $measure }. The child is left out of that figure.
       *[other] Of { NUMBER($count) } children of the survey it is not known: { $measure }. They are left out of that figure.
    }
    .hint = Look at the missing answers; the rule is under [missing] in the definition.
finding-MEASURE-005 = The two surveys may not be comparable: { $kind ->
        [definition] they were measured by different definitions
        [ages] they asked at different ages
       *[items] they asked different questions
    }.
    .hint = Measure both by the same definition and questions, or state the difference beside every change.
finding-MEASURE-006 = { $key } is not valid: { $reason }
    .hint = Correct the value; docs/settings.md says what is allowed.
finding-MEASURE-007 = The weights do not add up to the children of the country: each of the survey would stand for only { NUMBER($mean) }. Shares are valid; numbers of children are not published.
    .hint = Give in survey.children how many children of these ages the country has, or use the survey’s expansion weights.
measure-name-child_labour = Child labour
measure-name-child_labour_economic = Child labour by economic activity
measure-name-excessive_chores = Household chores for long hours
measure-name-worst_forms = Worst forms other than hazardous work
measure-name-hazardous = Hazardous work by the definition
measure-name-below_minimum_age = Work below the age for it
measure-name-national_rule = Work counted by a national rule
measure-name-light_work = Permitted light work
measure-name-adolescent_work = Permitted work of adolescents
measure-name-chores_only = Household chores only, within the threshold
measure-name-not_working = Neither work nor chores
measure-name-working = Any economic activity
measure-name-working_one_hour = Economic activity of an hour or more
measure-name-chores = Any household chores
measure-name-hazardous_conditions = Hazardous conditions reported
measure-name-child_labour_or_conditions = Child labour or hazardous conditions
measure-name-condition_heavy_loads = Carries heavy loads
measure-name-condition_tools = Dangerous tools or machinery
measure-name-condition_dust = Dust, fumes or gas
measure-name-condition_temperature = Extreme cold, heat or humidity
measure-name-condition_noise = Noise or vibration
measure-name-condition_heights = Heights
measure-name-condition_chemicals = Chemicals or explosives
measure-name-condition_confined = Underground, under water or in confined spaces
measure-name-condition_abuse = Abuse
measure-name-condition_other = Another hazard
measure-name-hazardous_industry = In an industry on the hazardous list
measure-name-hazardous_occupation = In an occupation on the hazardous list
measure-name-long_hours = Long hours of work
measure-name-night_work = Night work
measure-name-attending = Attends school
measure-name-studies_only = Studies only
measure-name-works_only = Works only
measure-name-studies_and_works = Studies and works
measure-name-neither = Neither studies nor works
measure-ages = Ages { $from } to { $to }
measure-all = All children
measure-title = Measuring child labour: { $country }
measure-synthetic = Invented country: no figure is real.
measure-heading-prevalence = Share of the children of each group
measure-heading-composition = How the children are distributed: { $measure }
measure-heading-changes = Change since the earlier survey
measure-heading-metadata = Notes
measure-heading-measure = Measure
measure-heading-group = Group
measure-heading-age = Age
measure-heading-hours = Weekly hours of economic activity
measure-heading-rate = Share
measure-heading-standard_error = Standard error
measure-heading-lower = Lower limit
measure-heading-upper = Upper limit
measure-heading-count = Children
measure-heading-sample = Sampled children
measure-heading-effective_sample = Effective sample
measure-heading-cv = Coefficient of variation
measure-heading-quality = Quality
measure-heading-earlier = Before
measure-heading-later = Now
measure-heading-difference = Difference (percentage points)
measure-heading-p_value = p-value
measure-heading-definition = Definition
measure-heading-description = What counts
measure-heading-survey = Survey
measure-heading-previous = Earlier survey
measure-heading-rule = Quality rule
measure-heading-interval = Confidence level of the intervals
measure-heading-reviewer = Reviewed by
measure-heading-nobody = nobody yet
measure-heading-next_review = Next review
measure-heading-unverified = Not verified
measure-heading-sources = Sources
measure-heading-program = Program
measure-heading-children = Children in the survey
measure-heading-comparability = Comparability
measure-quality-publish = may be published
measure-quality-publish_with_warning = with a warning: imprecise
measure-quality-suppress = withheld
measure-note-withheld = “…”: the figure is withheld because the sample does not support it, by the quality rule. It does not mean zero.
measure-note-hours = Hours of economic activity and of household chores are never added.
measure-note-national = The country’s figures in the global database of indicator 8.7.1 can differ: ILO and UNICEF analyse the data again.
measure-note-normalised = The weights of this survey do not add up to the children of the country. Shares and their intervals are valid; numbers of children do not follow from them and are not shown.
measure-unit-children = { $number ->
        [one] { $text } child
       *[other] { $text } children
    }
measure-unit-points = { $number ->
        [one] { $text } percentage point
       *[other] { $text } percentage points
    }
measure-unit-years = { $number ->
        [one] { $text } year
       *[other] { $text } years
    }
measure-sentence-level = { $measure }: { $rate } of children aged { $ages }, that is { $children } (interval: { $lower } to { $upper }).
measure-sentence-group = { $group }: { $rate } (interval: { $lower } to { $upper }), { $children }.
measure-sentence-level-share = { $measure }: { $rate } of children aged { $ages } (interval: { $lower } to { $upper }).
measure-sentence-group-share = { $group }: { $rate } (interval: { $lower } to { $upper }).
measure-sentence-withheld = { $group }: the sample is too small to publish the figure.
measure-sentence-warning = An imprecise figure: use it with care.
measure-sentence-up = { $measure } ({ $group }): rose by { $points } between the two surveys.
measure-sentence-down = { $measure } ({ $group }): fell by { $points } between the two surveys.
measure-sentence-same = { $measure } ({ $group }): the two surveys show no change beyond the chance of sampling.
measure-sentence-ages = { $from } to { $to }
measure-compare-definition = Different definitions
measure-compare-ages = Different ages
measure-compare-items = Different questions
command-measure-about = Measures child labour directly from the survey
command-measure-long = Classifies every child of the survey by the definition of [definition] and writes to out/measure the figures by group with interval, number, sample and quality: CSV, Excel, HTML, a summary and, for indicator 8.7.1, SDMX. It needs only the survey. With --definitions it lists the definitions of the program; with --show ID it prints the file of one.
command-arg-definitions = Lists the definitions of the program
command-arg-show = Prints the file of a definition
command-measure-done = Measurement ready in { $folder } by { $definition }.
