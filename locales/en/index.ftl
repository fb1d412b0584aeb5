# The vulnerability index and the quick screen.

index-nav = Index
index-map = Map
index-list = Municipalities
index-how = How the index was made
index-points = { $value } points
index-value = Points (0 to 100)
index-class = Class
index-in-class = class: { $class }
index-rank = Rank (1st: the most vulnerable)
index-rank-exact = { $rank } of { $total }
index-rank-range = between { $best } and { $worst } of { $total }
index-people = Inhabitants
index-label-worse = Index from 0 to 100 points: more points, more vulnerable. It is neither a rate nor a number of children.
index-label-better = Index from 0 to 100 points: more points, less vulnerable. It is neither a rate nor a number of children.
index-preset = Recipe “{ $name }”.
index-legend-rule = Classes of the index; rule: { $rule }
index-interval = more than { $lower } up to { $upper } points
index-open = The class depends on the choices: none has six recipes in ten
index-open-long = The class of this municipality depends on the choices behind the index. Share of the reasonable recipes that put it in each class:
index-firm = Share of the reasonable recipes that put the municipality in each class:
index-uncertainty = Under { $draws } different reasonable recipes, half of the municipalities have a range of ranks of { $width } or less ({ $level }% of the recipes). Municipalities whose class stays open: { $open }.
index-most = The ten most vulnerable by the index
index-compensation = How much does the mean cover up?
index-compensation-text = The index is { $points } points. If good dimensions made up for bad ones only in part it would be { $partial }; the worst dimension alone, { $worst }.
index-parts = What sets it apart from the mean municipality
index-parts-note = Difference in points of vulnerability from the mean of the municipalities: to the right, more vulnerable. Exact for arithmetic means, approximate otherwise.
index-indicator = Indicator
index-measured = Value
index-country-mean = Mean of the municipalities
index-score = Score (100: the worst)
index-difference = Difference, points
index-years = In other years, on the same ruler
index-to-estimate = The estimate of child labour of this municipality
index-choices = Choices and reasons
index-step = Step
index-rule = Rule
index-reason = Reason
index-step-missing = Missing values
index-step-outliers = Outliers
index-step-normalisation = Common scale
index-step-weights = Weights
index-step-aggregation = Aggregation
index-step-classes = Classes
index-rule-refuse = Not accepted
index-rule-leave-out = What is there is taken
index-rule-department-mean = Mean of the department
index-rule-none = No treatment
index-rule-winsorise = Brought to the next value
index-rule-winsorise-or-logarithm = Brought to the next value, or logarithm
index-rule-min-max = Lowest 0, highest 100
index-rule-z-score = Standard deviations
index-rule-rank = Ranks
index-rule-goalposts = Fixed posts
index-rule-distance-p2 = DP2 distance
index-rule-equal = Equal by dimension
index-rule-equal-indicators = Equal by indicator
index-rule-expert = By experts
index-rule-comparisons = Comparisons in pairs (AHP)
index-rule-principal-components = Principal components
index-rule-entropy = Entropy
index-rule-new-information = What each adds (1 − R²)
index-rule-arithmetic = Arithmetic mean
index-rule-geometric = Geometric mean
index-rule-harmonic = Harmonic mean
index-rule-arithmetic-geometric = Arithmetic within, geometric between dimensions
index-rule-geometric-arithmetic = Geometric within, arithmetic between dimensions
rule-equal = Equal intervals
index-indicators = Indicators
index-balance-note = The weight is what was decided; the influence is what the indicator really does to the index. Where they part, the index does not say what its weights promise.
index-dimension = Dimension
index-source = Source
index-reviewed = reviewed by: { $by }
index-weight = Weight
index-influence = Influence
index-correlation = Correlation with the index
index-without = Municipalities in another class without it
index-distance = 100 points are a DP2 distance of { $hundred }. The indicators entered in this order: { $order }.
index-consistency = Consistency ratio of the comparisons: { $ratio } (up to 0.10 is acceptable).
index-belong = Do the indicators belong together?
index-adequacy = Sampling adequacy (KMO): { $value }.
index-alpha = Cronbach’s alpha: { $value }.
index-no-redundant = No two indicators say nearly the same (correlation of 0.9 or more).
index-correlations = Correlations between indicators
index-sensitivity = Which choice matters?
index-sensitivity-note = Share of the variation of ranks that each choice explains: alone, and with its interactions. Estimated by simulation: it may go a little beyond its limits.
index-first = Alone
index-total = With interactions
index-alternatives = What another choice would have said
index-rank-correlation = Correlation of ranks
index-shift = Mean change of rank
index-agreement = The index and the estimate of child labour
index-agreement-text = In { $areas } municipalities with both, the correlation of ranks is { $correlation }. The index describes conditions; the estimate, how many children. Where they part it is worth asking why.
index-agreement-corner = Class of the index ↓, of the rate →
index-furthest = Where they part most
index-by-index = Rank by the index
index-by-rate = Rank by the rate

screen-lead = Twelve yes-or-no questions for one informed person or a meeting of the community. No names of persons.
screen-community = Community
screen-area = Code of the municipality
screen-date = Date
screen-yes = Yes
screen-no = No
screen-class-none = No class: too few answers
screen-class-1 = Low signal
screen-class-2 = Medium signal
screen-class-3 = High signal
screen-points = Points (0 to 100):
screen-range = Between the least and the most that open questions allow:
screen-keep = Keep and start another
screen-download = Download CSV
screen-print = Print
screen-note = This sorts answers; it does not measure child labour and says nothing about any family. The weights are a starting point that nobody has validated yet, and it is never mixed with estimates.
screen-classes = Points at which the medium and the high signal begin:

command-index-about = Computes the vulnerability index (CLVI) from indicators
command-index-long = Reads the indicator table and its values, computes the index with the choices of [index], repeats it under other reasonable choices and writes it into the draft: alone, or beside the estimates of the same project. With --preset it starts a project from a recipe.
command-screen-about = Quick screen: a form of twelve questions, and the reading of answers
command-screen-long = With --form it writes a page that works without a network, prints and exports CSV. With --import it reads a CSV of answers and gives each community one of three classes with its error. It does not touch the draft and is not mixed with estimates.
command-arg-preset = Recipe: chile, costa-rica or mexico-2020
command-arg-form = Writes the form (also when nothing is asked for)
command-arg-screen-import = CSV of answers
command-arg-rules = Another list of questions, weights and thresholds
command-step-index = Computing the index and its alternatives …
command-explain-index = { $index } (an index, not a rate): { $points } points, class “{ $class }”; rank { $rank } of { $total }, 1 the most vulnerable; between { $lower } and { $upper } with other recipes.
command-explain-index-open = The class depends on the choices the index is made with.
command-explain-index-part = { $points } points of vulnerability against the mean municipality: { $dimension }
command-index-done = { $areas ->
        [one] Index of { NUMBER($areas) } municipality.
       *[other] Index of { NUMBER($areas) } municipalities.
    }
command-screen-form = { $community }: { $class }; between { $lowest } and { $highest } points; { $share }% of the repetitions with other weights give the same class
command-screen-done = Written: { $file }.

finding-INDEX-001 = The indicator table { $file } is not understood: { $reason }
    .hint = Each indicator needs code, name, more (worse or better) and dimension; best and worst go together.
finding-INDEX-002 = Indicators without source, year or reviewer: { NUMBER($count) }.
    .hint = Complete source, year and reviewed_by: without them the index cannot be released.
finding-INDEX-003 = clrisk.toml has no section [index].
    .hint = Add it (docs/how-to-index.md) or start with clrisk index --preset.
finding-INDEX-004 = The municipality { $area } has more than one row in { $file }.
    .hint = Keep one row a municipality (and year); if the file has years, name the column in index.year.
finding-INDEX-005 = { $count ->
        [one] One value of an indicator is missing and the rule is to refuse.
       *[other] { NUMBER($count) } values of indicators are missing and the rule is to refuse.
    }
    .hint = Complete the data, or choose another rule in index.missing and say why.
finding-INDEX-006 = { $count ->
        [one] One value of an indicator is missing
       *[other] { NUMBER($count) } values of indicators are missing
    }; rule: { $rule ->
        [leave_out] what is there is taken
       *[department_mean] mean of the department
    }.
    .hint = { $count ->
        [one] See whether it is missing at random: an indicator that is missing where things are worst misleads.
       *[other] See whether they are missing at random: an indicator that is missing where things are worst misleads.
    }
finding-INDEX-007 = The recipe of the index cannot be carried out: { $reason }
    .hint = Check the choices of [index]: a constant indicator, a geometric mean over zeros or a distance with other weights has no solution.
finding-INDEX-008 = “{ $indicator }” lacks { $column }, which the chosen rule needs.
    .hint = Complete the column in the indicator table, or choose another rule.
finding-INDEX-009 = The comparisons of weights contradict each other: consistency ratio { NUMBER($ratio) }.
    .hint = Go over the judgements with those who made them until it is below { NUMBER("0.10") }.
finding-INDEX-010 = “{ $indicator }” works against the index: where it is worse, the index is better.
    .hint = Check its direction (more), and whether it belongs in this index.
finding-INDEX-011 = { $count ->
        [one] One of { NUMBER($draws) } alternative recipes could not be computed.
       *[other] { NUMBER($count) } of { NUMBER($draws) } alternative recipes could not be computed.
    }
    .hint = Mostly a geometric mean over scores that reach zero: take that combination out of index.uncertainty.
finding-INDEX-012 = Municipalities without an index for lack of data: { NUMBER($count) }.
    .hint = They are grey on the map and have neither class nor rank.
finding-INDEX-013 = Pairs of indicators that say nearly the same: { NUMBER($count) }.
    .hint = Keep one of each pair, or use weights that do not count the same twice (new_information).
finding-INDEX-014 = There is no draft of these settings to add the index to.
    .hint = Run clrisk run: it computes estimates and index together.
finding-INDEX-015 = The recipe started from “{ $name }”.
    .hint = What is known of the original and what is not is in index.preset_note and on every page.
finding-INDEX-016 = { $count ->
        [one] The index cannot be released: one indicator lacks source, year or reviewer.
       *[other] The index cannot be released: { NUMBER($count) } indicators lack source, year or reviewer.
    }
    .hint = { $count ->
        [one] Complete it in the indicator table and compute the index again.
       *[other] Complete them in the indicator table and compute the index again.
    }
finding-SCREEN-001 = The list of questions { $file } is not understood: { $reason }
    .hint = Start from rules/screen/community-2026.toml and change texts, weights and thresholds.
finding-SCREEN-002 = { $file } lacks the column { $column }.
    .hint = Use the CSV that the form exports: one column a question.
finding-SCREEN-003 = Forms with answers that are neither yes nor no: { NUMBER($count) }.
    .hint = Those answers count as open. Yes and no are understood in the four languages, and 1/0 and 1/2.
finding-SCREEN-004 = Forms without a class for lack of answers: { NUMBER($count) }.
    .hint = Ask again: three quarters of the weight must be answered.
finding-SCREEN-005 = Nobody has reviewed the questions and weights of { $name } yet.
    .hint = Review them with people who know the communities, and sign in reviewer.
index-sort = Sort by
