# One job of a peer in R: Rscript peers.R JOB FOLDER. Prints one JSON line; `seconds` is the work without start and reading.
arguments <- commandArgs(TRUE)
job <- arguments[1]
need <- switch(job, survey = , survey200 = "survey", lme4 = , lme4_0 = "lme4", glmmTMB = "glmmTMB", metafor = "metafor",
               nlme = "nlme", classInt = "classInt", spdep = "spdep", versions = character())
for (package in c("data.table", "jsonlite", need)) suppressMessages(library(package, character.only = TRUE))
file <- function(name) as.data.frame(fread(file.path(arguments[2], name), showProgress = FALSE))
now <- function() proc.time()[[3]]
print_json <- function(...) cat(toJSON(list(...), auto_unbox = TRUE, digits = NA), "\n")
# Median seconds of short work, each measurement long enough for a clock of milliseconds.
median_of <- function(work, inside = 5, repeats = 5) {
  median(sapply(seq_len(repeats), function(i) { t <- now(); for (j in seq_len(inside)) work(); (now() - t) / inside }))
}
terms <- c("age1", "age2", "edu", "female", "urban", "indigenous", "attends", "hhsize", "under5", "head_female",
           "head_informal", "internet", "wealth")
children <- function() {
  d <- file("survey.csv")
  d$age1 <- (d$age - 11) / 6
  d$age2 <- d$age1^2
  d$edu <- factor(d$edu_head)
  d$area <- factor(d$area)
  d
}

if (job == "versions") {
  packages <- c("survey", "lme4", "glmmTMB", "metafor", "nlme", "classInt", "spdep")
  print_json(R = paste(R.version$major, R.version$minor, sep = "."), blas = basename(extSoftVersion()[["BLAS"]]),
             packages = as.list(sapply(packages, function(p) as.character(packageVersion(p)))))
} else if (job %in% c("survey", "survey200")) {
  d <- children()
  model <- reformulate(terms, "y")
  set.seed(1)
  t <- now()
  design <- if (job == "survey") {
    svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, fpc = ~fpc, data = d)
  } else {
    as.svrepdesign(svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d), type = "subbootstrap",
                   replicates = 200)
  }
  fit <- svyglm(model, design = design, family = quasibinomial())
  b <- coef(fit)
  se <- sqrt(diag(vcov(fit)))
  print_json(seconds = now() - t, names = names(b), coefficients = unname(b), standard_errors = unname(se))
} else if (job %in% c("lme4", "lme4_0", "glmmTMB")) {
  d <- children()
  model <- reformulate(c(terms, "(1 | area)"), "y")
  t <- now()
  if (job == "glmmTMB") {
    fit <- glmmTMB(model, d, family = binomial)
    b <- fixef(fit)$cond
    se <- sqrt(diag(vcov(fit)$cond))
    sd <- attr(VarCorr(fit)$cond$area, "stddev")
  } else {
    fit <- glmer(model, d, family = binomial, nAGQ = as.integer(job == "lme4"))
    b <- fixef(fit)
    se <- sqrt(diag(as.matrix(vcov(fit))))
    sd <- attr(VarCorr(fit)$area, "stddev")
  }
  print_json(seconds = now() - t, names = names(b), coefficients = unname(b), standard_errors = unname(se),
             loglik = as.numeric(logLik(fit)), sd = unname(sd))
} else if (job %in% c("metafor", "nlme")) {
  d <- file("fay_herriot.csv")
  d$area <- factor(seq_len(nrow(d)))
  covariates <- grep("^x", names(d), value = TRUE)
  work <- if (job == "metafor") {
    function() { fit <- rma(y, v, mods = reformulate(covariates), data = d, control = list(threshold = 1e-10))
                 list(fit$tau2, coef(fit), blup(fit)$pred) }
  } else {
    function() { fit <- lme(reformulate(covariates, "y"), random = ~1 | area, weights = varFixed(~v), data = d,
                            control = lmeControl(sigma = 1, apVar = FALSE, msTol = 1e-12, tolerance = 1e-12))
                 list(as.numeric(VarCorr(fit)[1, 1]), fixef(fit), fitted(fit, level = 1)) }
  }
  found <- work()
  print_json(seconds = median_of(work), variance = found[[1]], coefficients = unname(found[[2]]), estimates = unname(found[[3]]))
} else if (job == "classInt") {
  x <- file("values.csv")$x
  work <- function() classIntervals(x, 5, style = "fisher", largeN = length(x) + 1)$brks
  print_json(seconds = median_of(work), limits = work()[2:5])
} else if (job == "spdep") {
  d <- file("municipalities.csv")
  places <- as.matrix(d[, c("x", "y")])
  set.seed(1)
  weights <- nb2listw(knn2nb(knearneigh(places, k = 6)), style = "W")
  i <- moran.test(d$value, weights)$estimate[[1]]
  t <- now()
  local <- localmoran_perm(d$value, weights, nsim = 999)
  print_json(seconds = now() - t, moran = i, local = unname(local[, "Ii"]), p = unname(local[, "Pr(folded) Sim"]))
} else {
  stop("unknown job ", job)
}
