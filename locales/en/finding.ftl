# Findings. Every code has its message and, under .hint, what to do.

finding-FILE-001 = There is no file { $file }.
    .hint = Check the path in clrisk.toml: it starts at the project folder.
finding-FILE-002 = The file { $file } is empty.
    .hint = Copy it again, or export it again from where it came.
finding-FILE-003 = The format of { $file } is not known.
    .hint = Data are read from CSV and text (also at fixed positions, in gzip or zip), Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase and REDATAM; boundaries from GeoJSON, TopoJSON, shapefile, GeoPackage and FlatGeobuf. Export the file to one of them.
finding-FILE-004 = The file { $file } is damaged or incomplete ({ $reason ->
        [parquet] it is not a complete Parquet file
        [values] a value cannot be read
        [io] it could not be read to the end
        [changed] it was changed after it was written
        [newer] a newer version of clrisk wrote it
       *[other] it could not be interpreted
    }).
    .hint = Compare its size with the original and copy it again. If it is a clrisk release, make it again.
finding-FILE-005 = The file { $file } is not in UTF-8.
    .hint = Save it as “CSV UTF-8”, or say its encoding in clrisk.toml (encoding = "windows-1252").
finding-FILE-006 = { $found ->
        [one] A row of { $file } has { $found } column, the header has { $expected }.
       *[other] A row of { $file } has { $found } columns, the header has { $expected }.
    }
    .hint = Look at that row: most often a quote is missing or there is a separator too many.
finding-FILE-007 = { $file } could not be written.
    .hint = Check the permissions of the folder and the free space of the disk.
finding-READ-001 = The file { $file } is { $format }, which is not read here.
    .hint = CSV and text, Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase and REDATAM are read. Export it to one of them.
finding-READ-002 = The file { $file } ({ $format }) uses something that is not read: { $feature }.
    .hint = Open it in the program that made it and save it in another version or as CSV.
finding-READ-003 = There is no text encoding { $encoding }, asked for { $file }.
    .hint = The usual ones are windows-1252, utf-8, cp850 and cp437.
finding-READ-004 = The file { $file } is protected by a password.
    .hint = Open it in the program that made it and save it without a password.
finding-READ-005 = The file { $file } has no table { $table }.
    .hint = Choose one of the tables shown.
finding-READ-010 = { $file } has several tables; “{ $table }” was read.
    .hint = If you want another, write its name after a #: file = "book.xlsx#Sheet 2".
finding-READ-011 = The file { $part }, which belongs to { $file }, is not there.
    .hint = Copy the whole database: the dictionary and all files beside it.
finding-READ-012 = The column { $column } of { $file } has a value that is not { $type }, as it is asked to be.
    .hint = Look at that row, or take the column out of the table types.
finding-READ-013 = The dictionary of { $file } is not understood in row { $row }: { $what }.
    .hint = Its columns are name, start, width (or end), type, decimals, label, values and missing; docs/formats.md explains them. SPSS syntax (DATA LIST) will do too, with one record per case.
finding-READ-101 = { $count ->
        [one] One value of { $file } is read as missing, because the file declares it so.
       *[other] { NUMBER($count) } values of { $file } are read as missing, because the file declares them so (variables: { NUMBER($columns) }).
    }
    .hint = { $count ->
        [one] If that code means something to you, ask for it to be kept.
       *[other] If one of these codes means something to you, ask for them to be kept.
    }
finding-READ-102 = The file { $file } does not say how its texts are encoded; they are read as { $encoding }.
    .hint = Look at the labels: if you see odd characters in place of accents, give the encoding.
finding-READ-103 = { $count ->
        [one] One text of { $file } is not valid in { $encoding }; what cannot be read is shown as �.
       *[other] { NUMBER($count) } texts of { $file } are not valid in { $encoding }; what cannot be read is shown as �.
    }
    .hint = Give another encoding, for example windows-1252.
finding-READ-104 = { $count ->
        [one] { $file } holds one declaration that is not used: { $what }.
       *[other] { $file } holds { NUMBER($count) } declarations that are not used: { $what }.
    }
    .hint = Nothing to do: data and labels are read all the same.
finding-READ-105 = { $expected ->
        [one] The file { $file } declares { NUMBER($expected) } row and has { NUMBER($count) }; the rest is not read.
       *[other] The file { $file } declares { NUMBER($expected) } rows and has { NUMBER($count) }; the rest is not read.
    }
    .hint = If the rows beyond are good, save the file again in the program that made it.
finding-READ-106 = { $count ->
        [one] One column of { $file } has the name of another or none; it is read as { $column }.
       *[other] { NUMBER($count) } columns of { $file } have the name of another or none; the first is read as { $column }.
    }
    .hint = Give each column a name of its own, so that nobody mixes them up.
finding-READ-120 = The dictionary { $file } does not follow the known order; it was searched for what looks like an entity or a variable.
    .hint = Compare variables and labels with REDATAM; if you can, open it in REDATAM 7 and save it as dicX.
finding-READ-121 = { $count ->
        [one] One variable of { $file } has no data of its own or is of a kind that is not read; it is left out.
       *[other] { NUMBER($count) } variables of { $file } have no data of their own or are of a kind that is not read; they are left out.
    }
    .hint = { $count ->
        [one] If you need it, compute it in REDATAM and save it as a variable of the database.
       *[other] If you need one of them, compute it in REDATAM and save it as a variable of the database.
    }
finding-READ-122 = { $count ->
        [one] The data of one variable of the entity { $entity } of { $file } are not there; it is left out: { $columns }.
       *[other] The data of { NUMBER($count) } variables of the entity { $entity } of { $file } are not there; they are left out: { $columns }.
    }
    .hint = { $count ->
        [one] Copy the missing .rbf file beside the dictionary.
       *[other] Copy the missing .rbf files beside the dictionary.
    }
finding-READ-123 = The variable { $column } of the entity { $entity } of { $file } does not have one value a row (values: { NUMBER($held) }; rows: { NUMBER($count) }); it cannot be read.
    .hint = Compare the size of its .rbf file with the original and copy it again.
finding-READ-124 = { $count ->
        [one] One column of { $file } writes decimals with a comma and is read so: { $columns }.
       *[other] { NUMBER($count) } columns of { $file } write decimals with a comma and are read so: { $columns }.
    }
    .hint = Nothing to do, if they are numbers.
finding-READ-125 = { $count ->
        [one] In one column of { $file } it cannot be told whether the sign separates decimals or thousands; “{ $separator }” is read as decimal: { $columns }.
       *[other] In { NUMBER($count) } columns of { $file } it cannot be told whether the sign separates decimals or thousands; “{ $separator }” is read as decimal: { $columns }.
    }
    .hint = Look at a value you know. If it is wrong, declare the column as text in the table types, or export it without separators of thousands.
finding-READ-126 = { $count ->
        [one] One value of the column { $column } of { $file } is a lone point; it is read as missing.
       *[other] { NUMBER($count) } values of the column { $column } of { $file } are a lone point; they are read as missing.
    }
    .hint = Nothing to do: SAS and Stata write missing values so.
finding-READ-127 = { $count ->
        [one] One row of { $file } ends in a separator too many, which does not count.
       *[other] { NUMBER($count) } rows of { $file } end in a separator too many; it does not count.
    }
    .hint = Nothing to do.
finding-READ-132 = { $count ->
        [one] One row of { $file } is shorter than the dictionary; what is not there at the end is read as missing.
       *[other] { NUMBER($count) } rows of { $file } are shorter than the dictionary; what is not there at the end is read as missing.
    }
    .hint = Nothing to do if an editor cut the blanks at the end; otherwise copy the file again.
finding-READ-128 = { $count ->
        [one] One cell of { $file } holds an error of a formula; it is read as missing.
       *[other] { NUMBER($count) } cells of { $file } hold an error of a formula; they are read as missing.
    }
    .hint = { $count ->
        [one] Open the workbook and correct the formula, or paste it as a value.
       *[other] Open the workbook and correct the formulas, or paste them as values.
    }
finding-READ-129 = { $count ->
        [one] The header of { $file } is row { $header }; the row above it holds no data.
       *[other] The header of { $file } is row { $header }; the { NUMBER($count) } rows above it are no data.
    }
    .hint = { $count ->
        [one] If that is not the row of the names, delete the row above it and save another copy.
       *[other] If that is not the row of the names, delete the rows above it and save another copy.
    }
finding-READ-130 = { $count ->
        [one] One row of { $file } is marked as deleted; it is not read.
       *[other] { NUMBER($count) } rows of { $file } are marked as deleted; they are not read.
    }
    .hint = { $count ->
        [one] Nothing to do. In dBase, RECALL brings it back.
       *[other] Nothing to do. In dBase, RECALL brings them back.
    }
finding-READ-131 = { $count ->
        [one] One file of { $file } is no table and is left out.
       *[other] { NUMBER($count) } files of { $file } are no tables and are left out.
    }
    .hint = Nothing to do, if what you look for is among the tables.
finding-READ-133 = { $count ->
        [one] One row at the end of { $file }, below the table, is a note; it is not read.
       *[other] { NUMBER($count) } rows at the end of { $file }, below the table, are notes; they are not read.
    }
    .hint = { $count ->
        [one] Nothing to do, if it holds no figures.
       *[other] Nothing to do, if they hold no figures.
    }
finding-READ-107 = Beside { $file } there is a catalog of labels, { $what }, that cannot be read; values stay without labels.
    .hint = Copy the catalog again, or remove it if it does not belong to this file.
finding-EXPR-001 = There is no column { $column } in { $file }; { $key } asks for it.
    .hint = Correct the name in clrisk.toml. Upper and lower case matter.
finding-EXPR-002 = The expression of { $key } is not understood: { $reason }
    .hint = It is an SQL expression over the columns of the file, for example CASE sexo WHEN 1 THEN 'boy' ELSE 'girl' END.
finding-EXPR-003 = A value could not be converted to the type that an expression of { $key } asks for.
    .hint = Use TRY_CAST instead of CAST, so that the value counts as missing, or declare the column as text in the table types.
finding-GEO-001 = { $file } holds no polygons of municipalities.
    .hint = Choose a file of areas (polygons) and check areas.filter.
finding-GEO-002 = The coordinates of { $file } are not longitude and latitude, and the file does not say what they are.
    .hint = Name their system in areas.projection (for example "EPSG:32615"), or export the boundaries in WGS 84 (EPSG:4326).
finding-GEO-003 = The boundaries of { $file } were brought from { $from } to WGS 84.
    .hint = Nothing to do; see on the map that they lie where they should.
finding-GEO-004 = The coordinate reference system { $name } of { $file } is not known.
    .hint = Give another name of it in areas.projection ("EPSG:…" or "+proj=…"), or export the boundaries in WGS 84 (EPSG:4326).
finding-GEO-005 = The datum { $datum } of { $file } was brought to WGS 84 by a mean shift, good to about { NUMBER($metres) } m.
    .hint = That is enough for a map of municipalities. If you have better parameters, put them into areas.projection with +towgs84.
finding-GEO-006 = The geometry of { $file } was mended; its area changed by { NUMBER($area) } km².
    .hint = See the counts; if the area changed much, mend the file where it comes from.
finding-GEO-007 = { $count ->
        [one] One record of { $file } has no polygon (or is marked as deleted) and is left out.
       *[other] { NUMBER($count) } records of { $file } have no polygon (or are marked as deleted) and are left out.
    }
    .hint = { $count ->
        [one] Nothing to do if it is a point, a line or a remnant; if a municipality is missing, look for it in the file.
       *[other] Nothing to do if they are points, lines or remains; if a municipality is missing, look for it in the file.
    }
finding-GEO-008 = The shift of the datum { $datum } of { $file } is not known: the map may lie some hundred metres off.
    .hint = Put its parameters into areas.projection with +towgs84, or export the boundaries in WGS 84 (EPSG:4326).
finding-GEO-009 = { $count ->
        [one] { $file } has one layer of polygons, and areas.layer names another.
       *[other] { $file } has { NUMBER($count) } layers of polygons, and areas.layer does not name one of them.
    }
    .hint = Put the name of the layer of municipalities into areas.layer.
finding-GEO-010 = The boundaries of { $file } were simplified from { NUMBER($before) } to { NUMBER($after) } points; no area changed by more than { NUMBER($percent) } %. Borders still coincide.
    .hint = Raise areas.max_points if you need more detail.
finding-GEO-011 = The texts of { $file } were read as { $encoding }.
    .hint = If accents come out wrong, name the encoding in areas.encoding.
finding-AREA-001 = A municipality of { $file } has no code or no department.
    .hint = Check areas.code and areas.department; areas.filter can leave out lakes and zones without municipality.
finding-AREA-002 = { $count ->
        [one] One area code of { $file }, of { NUMBER($codes) } in all, belongs to none of the { NUMBER($areas) } municipalities; with a suggestion that leaves no doubt: { NUMBER($sure) }.
       *[other] { NUMBER($count) } of { NUMBER($codes) } area codes of { $file } belong to none of the { NUMBER($areas) } municipalities; with a suggestion that leaves no doubt: { NUMBER($sure) }.
    }
    .hint = Run “clrisk check --fix”: it notes the sure suggestions in match.csv and a ? for the others, for you to decide (the code of the municipality, or - to leave them out).
finding-AREA-003 = The code { $area } is in { $file } more than once.
    .hint = Each municipality must have one record. Merge the repeated polygons or correct the code.
finding-AREA-004 = { $count ->
        [one] One municipality of the map is not in { $file }.
       *[other] { NUMBER($count) } municipalities of the map are not in { $file }.
    }
    .hint = { $count ->
        [one] It will be published as “no data”. If it should be there, check the codes or the date of the boundaries.
       *[other] They will be published as “no data”. If they should be there, check the codes or the date of the boundaries.
    }
finding-AREA-005 = { $count ->
        [one] One area of { $file } is left out by areas.filter.
       *[other] { NUMBER($count) } areas of { $file } are left out by areas.filter.
    }
    .hint = { $count ->
        [one] Nothing to do if it is a lake or a zone that is no municipality.
       *[other] Nothing to do if they are lakes or zones that are no municipalities.
    }
finding-AREA-006 = { $count ->
        [one] One department is not in the table areas.departments.
       *[other] { NUMBER($count) } departments are not in the table areas.departments.
    }
    .hint = { $count ->
        [one] Add it to the table; until then it is shown by its code.
       *[other] Add them to the table; until then they are shown by their code.
    }
finding-AREA-007 = { $count ->
        [one] One row has no area code.
       *[other] { NUMBER($count) } rows have no area code.
    }
    .hint = { $count ->
        [one] Check the expression of the area, or leave the row out with filter.
       *[other] Check the expression of the area, or leave the rows out with filter.
    }
finding-AREA-008 = The codes of { $file } are of “{ $found }” and those of the map of “{ $expected }”, and there is no crosswalk.
    .hint = Give one in crosswalk even if the codes look alike: between two years municipalities are created, split or renumbered.
finding-AREA-009 = { $count ->
        [one] One code of the crosswalk { $file } leads to several municipalities, and the crosswalk does not say which share to each.
       *[other] { NUMBER($count) } codes of the crosswalk { $file } lead to several municipalities, and it does not say which share to each.
    }
    .hint = Add a column with the share of the population that goes to each, and name it in crosswalk.share.
finding-AREA-010 = { $count ->
        [one] The shares of one code of the crosswalk { $file } do not sum to 1, or one is not a number.
       *[other] The shares of { NUMBER($count) } codes of the crosswalk { $file } do not sum to 1, or one is not a number.
    }
    .hint = Correct them: what is missing or too much would be people lost or invented.
finding-AREA-011 = { $count ->
        [one] One code of { $file } was split among { NUMBER($areas) } municipalities by the crosswalk (rows: { NUMBER($rows) }).
       *[other] { NUMBER($count) } codes of { $file } were split among { NUMBER($areas) } municipalities by the crosswalk (rows: { NUMBER($rows) }).
    }
    .hint = The children of the parts are taken to be alike; say so when you publish.
finding-AREA-012 = { $areas ->
        [one] One municipality of the map gathers { NUMBER($count) } codes of { $file }.
       *[other] { NUMBER($areas) } municipalities of the map gather { NUMBER($count) } codes of { $file }.
    }
    .hint = Nothing to do if they were merged; otherwise check the crosswalk and match.csv.
finding-AREA-013 = { $rows ->
        [one] One row of { $file }, of a code that was split, was counted in the municipality that got the largest share.
       *[other] { NUMBER($rows) } rows of { $file } (codes that were split: { NUMBER($count) }) were counted in the municipality that got the largest share.
    }
    .hint = A person of the survey lives in one place; if the file knows it better, use that code.
finding-AREA-014 = { $areas ->
        [one] One municipality takes the mean of several rows of { $file }.
       *[other] { NUMBER($areas) } municipalities take the mean of several rows of { $file }.
    }
    .hint = Give the population of each row in area_covariates.weight, so that the mean is weighted.
finding-JOIN-001 = A line of match.csv is not understood or repeats a decision.
    .hint = Each line holds file,code,area,note; area is the code of the municipality, - or ?.
finding-JOIN-002 = { $count ->
        [one] One line of match.csv leads to a code that is not on the map.
       *[other] { NUMBER($count) } lines of match.csv lead to a code that is not on the map.
    }
    .hint = { $count ->
        [one] Correct the code of that line, or delete it and run “clrisk check --fix”.
       *[other] Correct the code of those lines, or delete them and run “clrisk check --fix”.
    }
finding-CLUSTER-001 = Nobody answers at { $address }.
    .hint = Check that “clrisk scheduler” runs at that address and that the network lets you reach it.
finding-CLUSTER-002 = The cluster at { $address } could not finish: { $reason }
    .hint = Check that all its processes are of this version of clrisk and that every executor reads the census under the same path.
finding-CLUSTER-003 = { $counted ->
        [one] The cluster at { $address } counted { NUMBER($counted) } row of the census, which has { NUMBER($rows) }.
       *[other] The cluster at { $address } counted { NUMBER($counted) } rows of the census, which has { NUMBER($rows) }.
    }
    .hint = Nothing was written. Run again; if it happens again, run without --cluster and tell whoever looks after the cluster.
finding-CODE-001 = The model or the groups ask for the variable { $variable }, which is not defined.
    .hint = Add [variables.{ $variable }] to clrisk.toml or correct the name.
finding-CODE-002 = The variable { $variable } lacks an expression.
    .hint = Give it survey and census, or else area with a table [area_covariates].
finding-CODE-003 = The variable { $variable } cannot make publication groups: it has no categories.
    .hint = Give it levels, or take it out of publish.groups.
finding-CONFIG-001 = clrisk.toml is not valid: { $reason }
    .hint = Correct the line shown; all keys are explained in docs/settings.md.
finding-CONFIG-002 = The key { $key } is missing.
    .hint = Add it to clrisk.toml; it is explained in docs/settings.md.
finding-CONFIG-003 = There is no clrisk.toml in { $folder }.
    .hint = Make one with “clrisk init”, or name the folder with --project.
finding-CONFIG-004 = There is a project or something else in { $folder } already.
    .hint = Nothing is overwritten. Choose another folder.
finding-DATA-000 = { $file }: { $read ->
        [one] { NUMBER($read) } row read
       *[other] { NUMBER($read) } rows read
    }, { NUMBER($used) } used, { NUMBER($excluded) } excluded.
    .hint = Each exclusion is listed with its reason.
finding-DATA-001 = No row of { $file } belongs to the study.
    .hint = Check outcome.ages, the expression of age, and filter.
finding-DATA-002 = { $count ->
        [one] One row has in { $key } a value that is not a number.
       *[other] { NUMBER($count) } rows have in { $key } a value that is not a number.
    }
    .hint = { $count ->
        [one] Correct the value, or use TRY_CAST so that it counts as missing.
       *[other] Correct the data, or use TRY_CAST so that they count as missing.
    }
finding-DATA-003 = { $count ->
        [one] One row ({ NUMBER($percent) } %) has no value for { $variable } and is left out.
       *[other] { NUMBER($count) } rows ({ NUMBER($percent) } %) have no value for { $variable } and are left out.
    }
    .hint = If they are many the estimate may be biased: recode the missing values or choose another variable.
finding-DATA-004 = { $count ->
        [one] One row has for { $variable } a category that { $key } does not know.
       *[other] { NUMBER($count) } rows have for { $variable } a category that { $key } does not know.
    }
    .hint = Add the category to levels or recode it in the expression.
finding-DATA-005 = { $count ->
        [one] One row has for { $variable } a value that is neither 0 nor 1.
       *[other] { NUMBER($count) } rows have for { $variable } a value that is neither 0 nor 1.
    }
    .hint = The expression outcome.survey must give 1, 0 or nothing.
finding-DATA-006 = No child of { $file } belongs to the study.
    .hint = Check census.age or census.bands, census.filter and census.count.
finding-DATA-007 = { $count ->
        [one] One row has a number of persons that is negative or not a number.
       *[other] { NUMBER($count) } rows have a number of persons that is negative or not a number.
    }
    .hint = Check census.count.
finding-DESIGN-001 = { $count ->
        [one] One stratum has a single sampling unit: its variance cannot be measured.
       *[other] { NUMBER($count) } strata have a single sampling unit: their variance cannot be measured.
    }
    .hint = { $count ->
        [one] Choose survey.lonely_psu: merge joins it to another, centre compares it with the overall mean, certainty takes it as certain.
       *[other] Choose survey.lonely_psu: merge joins them to another, centre compares them with the overall mean, certainty takes them as certain.
    }
finding-DESIGN-002 = { $count ->
        [one] One row has a survey weight that is negative, zero or not a number.
       *[other] { NUMBER($count) } rows have a survey weight that is negative, zero or not a number.
    }
    .hint = Check survey.weight; a row without weight can stand for nobody.
finding-DESIGN-003 = { $count ->
        [one] One row has no stratum or no sampling unit.
       *[other] { NUMBER($count) } rows have no stratum or no sampling unit.
    }
    .hint = Check survey.stratum and survey.psu.
finding-DESIGN-004 = { $count ->
        [one] The sample design contradicts itself once: a sampling unit is in more than one stratum.
       *[other] The sample design contradicts itself { NUMBER($count) } times: a sampling unit is in more than one stratum.
    }
    .hint = Make the sampling unit unique in the country, for example stratum * 100000 + psu.
finding-DESIGN-005 = { $count ->
        [one] The finite population of sampling units is not usable in one place: it is missing, varies within a stratum or is smaller than the sample.
       *[other] The finite population of sampling units is not usable in { NUMBER($count) } places: it is missing, varies within a stratum or is smaller than the sample.
    }
    .hint = Check survey.finite_population: the number of sampling units each stratum has, the same in all its rows.
finding-DESIGN-006 = { $count ->
        [one] One row has replicate weights that are missing or negative.
       *[other] { NUMBER($count) } rows have replicate weights that are missing or negative.
    }
    .hint = Check survey.replicates.columns; replicate weights must be complete and already multiplied by the survey weight.
finding-DESIGN-007 = No column of { $file } fits “{ $pattern }”.
    .hint = Write the common name of the replicate weights with an asterisk, for example "repw*".
finding-COMPARE-001 = The variable { $variable } is distributed differently in survey and census (standardised difference { NUMBER($difference) }).
    .hint = Check that questions and recodings say the same; if the country changed between the two dates, say so when you publish.
finding-COMPARE-002 = The category { $category } of { $variable } does not occur in { $file }.
    .hint = Merge it with another category or check the expression.
finding-COMPARE-003 = The census only has the group of ages { $from } to { $to }; those of { $wanted_from } to { $wanted_to } are counted as the { NUMBER($percent) } % that they are in the survey.
    .hint = Get single ages if you can. The share is assumed to be the same in all municipalities.
finding-COMPARE-004 = The survey is of { $survey } and the census of { $census }: { $years } years apart.
    .hint = Say so when you publish, or adjust the census to newer projections.
finding-BENCH-001 = There is no usable direct estimate for { $area }; its municipalities are not adjusted to it.
    .hint = Use a higher level in model.benchmark if it is missing for many areas.
finding-CELLS-001 = { $file } lacks the column { $column }.
    .hint = Make the file with the SQL of “clrisk cells --sql”, unchanged.
finding-CELLS-002 = The cells of { $file } were made by other expressions than those of clrisk.toml.
    .hint = Run “clrisk cells --sql” again, take that SQL to the database and import its result.
finding-CELLS-003 = { $variable } has too many values for exact cells: it is cut into bins of { NUMBER($width) }, and each cell keeps the mean.
    .hint = What that costs the estimates is very little. For exact cells, recode the variable into categories.
finding-CELLS-004 = { $key } uses TRY_CAST, which not every database understands.
    .hint = Write the conversion as your database understands it, use another --dialect, or clean the column first.
finding-CELLS-005 = { NUMBER($cells) } cells for { NUMBER($records) } records: the cells save hardly anything.
    .hint = Use the census directly, or merge categories of the variables that have most.
finding-CELLS-006 = { $count ->
        [one] { $file } has one state of rows that the SQL of clrisk does not write.
       *[other] { $file } has { NUMBER($count) } states of rows that the SQL of clrisk does not write.
    }
    .hint = Make the file with the SQL of “clrisk cells --sql”, unchanged.
finding-CLASS-001 = There is no rule of classes { $rule }, or its numbers do not fit.
    .hint = Use jenks, quantile, equal, dalenius_hodges, k_means or fixed (with rising breaks), and 2 to 7 classes.
finding-LEVER-001 = Lever “{ $lever }” moves “{ $variable }”, which is not in the formula of the model.
    .hint = Add the variable to model.formula or remove the lever.
finding-LEVER-002 = Lever “{ $lever }” moves “{ $variable }”, which interacts with another variable in the formula.
    .hint = Its effect would depend on the other variable. Use a formula without that interaction, or remove the lever.
finding-LEVER-003 = Lever “{ $lever }” is incomplete or does not fit “{ $variable }”.
    .hint = A variable with categories takes category and to ("national" or a share from 0 to 1); a number takes to and direction ("up" or "down").
finding-MODEL-001 = The formula is not understood: { $reason }
    .hint = Write it as in lme4: outcome ~ variable + other + (1 | municipality).
finding-MODEL-002 = These columns say the same as others: { $columns }.
    .hint = Take out one of the variables or merge its categories.
finding-MODEL-003 = These columns predict the outcome without exception: { $columns }.
    .hint = Most often a category with very few children is the cause: merge it with another.
finding-MODEL-004 = All children of the survey have the same outcome: there is nothing to learn.
    .hint = Check outcome.survey.
finding-MODEL-005 = The model could not be fitted: { $reason }
    .hint = Simplify the formula; begin with (1 | municipality).
finding-MODEL-006 = The variation of { $term } is next to nothing.
    .hint = You may take that term out of the formula; leaving it does no harm.
finding-MODEL-007 = { $count ->
        [one] Only one group of { $group } has sample: the variation is poorly known.
       *[other] Only { NUMBER($count) } groups of { $group } have sample: their variation is poorly known.
    }
    .hint = Take that term out or use a grouping with more groups.
finding-MODEL-008 = The summary of the census differs by up to { NUMBER($points) } percentage points from scoring row by row.
    .hint = That is small beside the intervals. Should it not be, tell us the number of variables and areas.
finding-MODEL-009 = There is no grouping { $group }.
    .hint = Random effects can be of municipality, department or region.
finding-MODEL-010 = The formula explains { $found }, but the outcome of the project is { $expected }.
    .hint = Make outcome.name and the left side of model.formula the same.
finding-MODEL-011 = The model hardly tells children apart: in municipalities it has not seen it orders { NUMBER($auc) } of the pairs of a child with and one without the outcome ({ NUMBER("0.50") } is chance).
    .hint = Look for variables that explain more, in survey and census; until then, municipalities without sample will resemble the average.
finding-MODEL-012 = For children the model has not seen, its predictions are too extreme or too flat (calibration slope { NUMBER($slope) }; it should be 1).
    .hint = Below 1: take out variables or categories with very few cases. Above 1: something that distinguishes is missing in the model.
finding-MODEL-013 = { $count ->
        [one] One municipality shares a border with no other; the spatial effect says nothing of it.
       *[other] { NUMBER($count) } municipalities share a border with no other; the spatial effect says nothing of them.
    }
    .hint = { $count ->
        [one] If it has neighbours, the borders of the file do not coincide: mend its topology.
       *[other] If they have neighbours, the borders of the file do not coincide: mend its topology.
    }
finding-MODEL-014 = The spatial effect cannot be made: { $reason }
    .hint = Check the boundaries and model.spatial_functions, or remove model.spatial.
finding-MODEL-015 = The area-level model has one effect, that of the municipality; the formula has another, of { $group }.
    .hint = Leave (1 | municipality) in the formula, or use model.estimator = "multilevel".
finding-MODEL-016 = The area-level model estimates no groups within municipalities.
    .hint = Remove publish.groups, or use model.estimator = "multilevel".
finding-MODEL-017 = The area-level model has no levers: it does not know children one by one.
    .hint = Remove [[levers]], or use model.estimator = "multilevel".
finding-MARGIN-001 = { $file } cannot serve as a margin: { $reason ->
        [missing] the census has children in areas or groups that it lacks
        [area] it has an area that the map does not know
        [category] it has a category that the codebook does not know
        [count] it has a number of children that is missing or negative
       *[twice] it has the same area and group twice
    }.
    .hint = Complete or correct the file, or change the expressions of census.margins.
finding-MARGIN-002 = The variable { $variable } of a margin is not among those published.
    .hint = Add it to publish.groups: the census is adjusted by area and published group.
finding-MARGIN-003 = The margins cannot be met together: { $reason }
    .hint = All margins must add up to the same number of children of the ages of interest.
finding-MARGIN-004 = Bringing the census to its margins multiplies numbers of children by { NUMBER($least) } to { NUMBER($largest) }.
    .hint = Check that the margin counts the same children (ages, areas). If it does, the census is old and the differences are real.
finding-RELEASE-001 = There is no draft.
    .hint = Run “clrisk run”.
finding-RELEASE-002 = The draft holds errors.
    .hint = Run “clrisk check”, mend them and run “clrisk run” again.
finding-RELEASE-003 = The release { $id } exists already, or its name will not do.
    .hint = A release never changes: choose another id of letters, digits, point, hyphen.
finding-RELEASE-004 = clrisk.toml was changed after the draft was made.
    .hint = Run “clrisk run” again.
finding-RELEASE-005 = It is not said who signs.
    .hint = Give --by with a name and --office with a post or institution.
finding-RELEASE-006 = Not all small figures could be protected: the tables do not add up.
    .hint = Run “clrisk run” again; if that does not help, take a cross out of publish.groups.
finding-RELEASE-007 = There is no release with that name yet.
    .hint = Publish with “clrisk release”, or look at the draft with --draft.
finding-EXPLAIN-001 = { $what } is neither the code of a finding nor of a municipality.
    .hint = Codes of municipalities are text, with their leading zeros.
finding-DEMO-001 = That country cannot be invented: { $reason }
    .hint = Change --children.

reason-age-unknown = age unknown
reason-age-outside = age outside the study
reason-filter = left out by filter
reason-outcome-unknown = outcome unknown
reason-area-left-out = area left out in match.csv
reason-area-unmatched = area without municipality
reason-variable-missing = a variable of the model is missing
reason-match-other_name = the code is alike, the name is not
reason-match-name_near = similar name
reason-match-name = same name
reason-match-name_in_parent = same name in the same department
reason-match-prefix_and_name = same beginning and same name
reason-match-prefix = same beginning
reason-match-suffix = same ending
reason-match-leading_zero = same number, with its zeros
reason-feature-lost = areas left without any surface
reason-feature-crossing = areas whose lines crossed, cut at the crossings
reason-ring-empty = rings without area, taken out
reason-point-spike = spikes out and back
reason-point-repeated = repeated points
reason-ring-unclosed = rings that were not closed
