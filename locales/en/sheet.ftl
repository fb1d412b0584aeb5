# Maps: layers beside those of site.ftl.
site-show-certainty = Rate by how well it is known
site-show-count = Number of children
site-show-sex-gap = Gap between the sexes
site-show-hot-spots = Hot spots
site-show-change = Change since the earlier release
layer-rule-certainty = Rate, in fewer steps the less it is known
layer-certain = { $rates }; well known (coefficient of variation up to { $cv })
layer-less-certain = { $rates }; less well known (up to { $cv })
layer-uncertain = Any rate; poorly known (more than { $cv })
layer-rule-count = Children: the area of a circle is in proportion to their number
layer-circle = { $children ->
        [one] { $children } child
       *[other] { $children } children
    }
layer-rule-sex-gap = Rate of “{ $more }” minus rate of “{ $less }”, in percentage points
layer-rule-hot-spots = Municipalities whose rate is like, or unlike, that of their neighbours more than chance would have it (local Moran)
layer-rule-change = Change of the rate since release { $release }, in percentage points
layer-difference-lowest = { $upper } or less
layer-difference-between = more than { $lower } up to { $upper }
layer-difference-highest = more than { $lower }
layer-cluster-high-high = Hot spot: high among high
layer-cluster-high-low = High among low
layer-cluster-low-high = Low among high
layer-cluster-low-low = Low among low
layer-cluster-none = No pattern with its neighbours
layer-legend-not-local = National difference, not estimated in the municipality
layer-legend-within-error = Hatched: the difference is within its margin of error
layer-title-error = coefficient of variation { $cv }
layer-title-difference = { $points } points ({ $interval })
layer-show-all = Show everything

# Units: written by the program only.
unit-points =
    { $n ->
        [one] { $points } percentage point
       *[other] { $points } percentage points
    }
unit-children =
    { $n ->
        [one] { $children } child
       *[other] { $children } children
    }

# Sentences of the fact sheet. A figure always comes with its unit: it is not written here.
sentence-rate = { $outcome }: an estimated { $rate_percent } of children aged { $youngest } to { $oldest }. With a probability of { $level_chance }, the rate is { $interval_percent_range }.
sentence-count = That is { $count_children }; probably { $interval_children_range }.
sentence-above = The rate is { $difference_points } above that of the country ({ $national_percent }), and the difference is clear.
sentence-below = The rate is { $difference_points } below that of the country ({ $national_percent }), and the difference is clear.
sentence-like = It is not clearly different from the rate of the country ({ $national_percent }).
sentence-sexes = { $more }: { $more_percent }. { $less }: { $less_percent }.
sentence-sexes-national = { $more }: { $more_percent }. { $less }: { $less_percent }. The difference between them is the national one: it could not be estimated here.
sentence-rank = Its place: { $range }.
sentence-sure = This is fairly sure: the probability that this is its level is { $class_chance }.
sentence-unsure = This is not sure: the probability that this is its level is { $class_chance }; that of the level “{ $highest }”, { $highest_chance }.
sentence-factor = here it raises the rate by { $change_points } compared with the national average.

# What to do
next-high = The risk is high and the estimate supports it: prepare a prevention plan with the local committee and check which services reach how many children.
next-medium = The risk is in between: strengthen the services that exist and watch whether it gets worse.
next-low = The risk is low compared with the rest of the country: keep the services. Low does not mean that there are no cases.
next-unsure = The level is not sure: before deciding, compare with schools, health centres and the labour inspectorate.
next-not-reliable = The estimate is imprecise: do not decide by it; gather local information.
next-no-figure = There is no figure for this municipality: gather local information and look at that of its neighbours.
next-factor = Begin with “{ $factor }”: of what can be changed, it goes most with the risk here. It is an association, not a proven cause.
next-similar = Ask what { $area } did, which has similar conditions.
next-no-sample = The survey did not visit this municipality: confirm the conditions on the ground.
next-classes = Begin with the municipalities of the highest level; within a level the order says nothing.
next-sure-first = See which are hatched on the map: their level is not sure and asks for local information before investing.
next-method = Look at the rate and at the number: a large municipality with a middling rate may have more cases than a small one with a high rate.

# Fact sheet
sheet-level-country = Country
sheet-level-region = Region
sheet-level-department = Department
sheet-level-municipality = Municipality
sheet-code = code { $code }
sheet-risk = Level of risk
sheet-groups = By sex and age
sheet-groups-national = * The difference from all children is the national one: it was not estimated in this municipality.
sheet-factors = What can be changed and weighs most here
sheet-similar = Municipalities in similar conditions
sheet-classes = Municipalities by level
sheet-next = What to do next
sheet-inputs = Sources and their age
sheet-age = Age
sheet-map = Map
sheet-none = no figure
sheet-and-more = { $names } and { $count } more
sheet-years-old =
    { $n ->
        [0] of the same year
        [one] { $count } year ago
       *[other] { $count } years ago
    }
sheet-map-label = Map of { $area }: municipalities by level of risk
sheet-map-label-in = Map of { $holder }: municipalities by level of risk, with { $area } marked
sheet-residence = The figures count children where they live, not where they work.
sheet-not-the-indicator = This is an estimate of risk made with a model. It is not indicator 8.7.1 of the Sustainable Development Goals.
sheet-definition = What is estimated: { $definition }
sheet-release = Release { $project } { $release }.
sheet-release-signed = Release { $project } { $release }, { $date }, signed by { $name } ({ $office }).
sheet-draft = Draft of { $project }, not released.

# Columns of the exports.
column-code = Code of the municipality (text)
column-name = Name
column-area = Code of the area (text)
column-level = Level: country, region, department, municipality
column-department = Code of the department
column-department-name = Name of the department
column-region = Code of the region
column-group = Publication group; all: all children
column-status = Why there is or is not a figure
column-rate = Estimated rate, proportion from 0 to 1
column-rate-lower = Lower end of the 95 % interval of the rate
column-rate-upper = Upper end of the 95 % interval of the rate
column-count = Estimated number of children
column-count-lower = Lower end of the 95 % interval of the number
column-count-upper = Upper end of the 95 % interval of the number
column-population = Children of the group in the census
column-class = Level of risk, 1 is the lowest
column-probability = Probability of belonging to that level, from 0 to 1
column-rank = Place by rate, 1 is the highest
column-rank-lower = Best place of the 95 % interval
column-rank-upper = Worst place of the 95 % interval
column-rank-joint-lower = Best place if the intervals of all hold at once
column-rank-joint-upper = Worst place if the intervals of all hold at once
column-count-rank = Place by number, 1 is the most
column-estimated-locally = Whether the difference of the group was estimated here; if not, it is the national one
column-factor = Factor: name of the variable
column-points = Percentage points of the rate
column-points-lower = Lower end of the 95 % interval, percentage points
column-points-upper = Upper end of the 95 % interval, percentage points
column-logit = The same on the logit scale
column-lever = Condition that would reach its target
column-now = Where it stands: share, or mean of a number
column-target = Target: share, or mean of a number
column-children = Change of the number of children
column-children-lower = Lower end of the 95 % interval of that change
column-children-upper = Upper end of the 95 % interval of that change

export-title = Title
export-country = Country
export-notice = Notice
export-release = Release
export-made-by = Made with
export-licence = Licence of the data
export-note = Note
export-units = Rates and probabilities are proportions from 0 to 1; an empty cell is a figure that is not shown, never a zero.
export-no-licence = The office that publishes has not declared a licence: ask it before redistributing.
export-sheet-notes = Notes
export-sheet-municipalities = Municipalities
export-sheet-estimates = Estimates
export-sheet-factors = Factors
export-sheet-levers = Conditions
export-sheet-columns = Columns

command-sheet-about = Writes the fact sheet of an area, or of all
command-sheet-long = Writes the fact sheet of the country, a department or a municipality of the newest release, as PDF or HTML. With --all, those of all areas.
command-arg-sheet-code = Code of the area: municipality, department or country
command-arg-sheet-all = The fact sheets of all areas
command-arg-sheet-index = The sheets of the index, where there are both index and estimates
command-arg-sheet-format = Format: pdf (by default) or html
command-arg-output = Folder to write to; made if it does not exist
command-arg-export-draft = Uses the confidential draft
command-arg-export-release = Release to use; the newest by default
command-sheet-progress = Fact sheets: { NUMBER($done) } of { NUMBER($total) }
command-sheet-done = { $total ->
    [1] 1 fact sheet in { $folder }
   *[other] { NUMBER($total) } fact sheets in { $folder }
}
command-export-about = Writes a release as files for other programs
command-export-long = Writes the tables of the newest release as CSV, CSV for Excel, XLSX and Parquet, the municipalities as GeoJSON and GeoPackage, the maps as SVG, and everything in a ZIP with README and licence. What is not released is an empty cell.
command-arg-export-format = Formats, separated by commas: csv, excel, xlsx, parquet, geojson, gpkg, svg, zip; all by default
command-export-done = { $files ->
        [one] { NUMBER($files) } file in { $folder }
       *[other] { NUMBER($files) } files in { $folder }
    }

finding-SHEET-001 = The fact sheet of { $area } could not be set: { $reason }
    .hint = This is an error of the program: tell those who maintain it, with the code of the area and the release.
finding-SHEET-002 = The release has no area with the code { $code }.
    .hint = Codes are text, with their leading zeros; “clrisk export” lists them all.
finding-EXPORT-001 = The file { $file } could not be made: { $reason }
    .hint = Check or make the release again; if it happens again, tell those who maintain the program.

figure-pyramid = { $outcome } by sex and age
figure-pyramid-description = Each bar is the rate of an age group; one sex on each side.
figure-ranks = Between which places each municipality lies
figure-ranks-description = Place by rate among { $total } municipalities, with its 95 % interval. Where lines overlap the order is not known.
figure-ranks-range = 95 % interval of its place
figure-direct = The survey alone and the model
figure-direct-description = Each circle is an area; its size, the sample. On the diagonal they agree; those with a small sample stray more.
figure-modelled = Model
figure-calibration = The model before it was fitted to the survey
figure-calibration-description = Point and line: direct estimate and 95 % interval. Square: the model before the adjustment.
figure-trajectory = { $area }: the rate in each release
figure-trajectory-description = Rate and 95 % interval. The points are not joined: nothing is known between them.
sheet-map-departments = Departments by the class that their rate falls in

sheet-index-dimensions = By dimension
sheet-index-factors = What makes it most vulnerable
sheet-index-open = The class depends on the choices the index is made with.
sheet-index-firm = Most reasonable recipes put it in this class.
sheet-index-points = { $index }: { $points }.
sheet-index-rank = With other reasonable recipes it holds { $range }, counted from the most vulnerable.
sheet-index-factor = +{ $points } against the mean municipality
next-index-open = The class is not firm: look at the range of ranks and the dimensions before deciding by the class alone.
next-index-firm = Use the class to decide where to look first, not to share out by points.
next-index-factor = Begin with what counts most here: { $indicator }. Ask in the municipality what is behind it.
next-index-area = Begin with the municipalities of the highest classes and see, on the sheet of each, what makes them vulnerable.
next-index-children = The index does not say how many children work: that takes a survey or an estimate.
