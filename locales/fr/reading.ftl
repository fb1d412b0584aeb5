# Fichiers : ce que disent inspect, convert et init.

inspect-file = { $file } : { $format }
inspect-labels-from = Libellés pris dans { $file }
inspect-tables = Tables : { $tables }
inspect-table = { $table } ({ $format }). Lignes : { $rows }. Variables : { $variables }.
inspect-producer = Écrit par : { $producer }
inspect-encoding = Encodage des textes : { $encoding }, { $by }
inspect-encoding-asked = comme demandé
inspect-encoding-declared = le fichier le déclare
inspect-encoding-mark = le fichier commence par sa marque
inspect-encoding-format = le format est toujours ainsi
inspect-encoding-plain = tout est en ASCII, peu importe
inspect-encoding-valid = les textes sont de l’UTF-8 valide
inspect-encoding-guessed = supposé d’après la fréquence des lettres : vérifiez les accents
inspect-delimiter = Séparateur : { $delimiter }
inspect-weighted = Le fichier pondère ses lignes par { $variable }
inspect-kind-integer = nombre entier
inspect-kind-number = nombre
inspect-kind-text = texte
inspect-kind-date = date
inspect-kind-time = heure
inspect-kind-other = autre type
inspect-distinct = valeurs distinctes : { $count }
inspect-more-distinct = valeurs distinctes : plus de { $count }
inspect-missing = manquantes : { $count } ({ $share })
inspect-declared = avec un code de valeur manquante : { $count }
inspect-likely = → { $role }, d’après { $reasons }
inspect-possible = → peut-être { $role }, d’après { $reasons }
inspect-reason-name = son nom
inspect-reason-part_of_name = une partie de son nom
inspect-reason-label = son libellé (« { $words } »)
inspect-reason-answers = les libellés de ses valeurs
inspect-value-missing = manquante
inspect-rare = valeurs non montrées parce que peu de lignes les portent : { $count }
inspect-roles = Ce que chaque chose semble être (à confirmer) :
inspect-confidential = Aucune valeur d’une personne n’est montrée : seulement des libellés, des comptes, et des codes qu’au moins { $rows } lignes portent.
role-age = âge
role-sex = sexe
role-weight = poids de sondage
role-psu = unité primaire d’échantillonnage
role-stratum = strate
role-area = commune
role-area_name = nom de la commune
role-department = département ou province
role-zone = milieu urbain ou rural
role-attendance = fréquentation scolaire
role-schooling = années ou niveau d’études
role-hours = heures travaillées
role-chores_hours = heures de tâches ménagères
role-activity_status = situation d’activité
role-employment_category = situation dans l’emploi
role-ethnicity = ethnie
role-household = identifiant du ménage
role-person = identifiant de la personne
role-count = nombre de personnes de la ligne
role-relationship = lien de parenté
role-industry = branche d’activité
role-occupation = profession
role-migration = migration
role-disability = handicap
role-poverty = pauvreté ou bien-être
role-replicate_weight = poids de réplication
convert-done = Fichier écrit : { $file }. Lignes : { NUMBER($rows) } ; colonnes : { NUMBER($columns) }. Il contient des enregistrements de personnes : il est confidentiel.
convert-codebook = Ses libellés et sa provenance sont dans { $file }.
finding-CONVERT-001 = Le format de { $file } n’est pas écrit.
    .hint = Terminez le nom du nouveau fichier par .parquet ou .csv.
finding-CONVERT-002 = { $file } existe déjà ; rien n’est écrasé.
    .hint = Choisissez un autre nom, ou supprimez le fichier s’il ne sert plus.
finding-CONVERT-003 = Le fichier { $file } n’a pas de colonne { $column }.
    .hint = Voyez les noms avec clrisk inspect. Les majuscules comptent.
init-title = Risque de travail des enfants par commune
init-head = Proposition de « clrisk init », faite à partir des noms, libellés et codes de vos fichiers. Lisez-la en entier : chaque clé dit d’où elle vient. Toutes sont expliquées dans docs/settings.md.
init-head-marks = Ce qui dit "{ $undecided }" reste à décider ; « clrisk check » l’énumère.
init-unconfirmed = Clés avec une proposition que personne n’a confirmée. Retirez chacune de la liste quand vous l’avez revue ; tant qu’il en reste, « check » et « run » le signalent.
init-country = Le nom du dossier ; écrivez celui du pays, et son code ISO pour le format des nombres.
init-outcome-title-occupied = enfants en emploi
init-outcome-title-hours = travail des enfants
init-outcome-title-none = travail des enfants
init-outcome-definition-occupied = Enfants en emploi pendant la semaine de référence ; ce n’est pas l’indicateur ODD 8.7.1.
init-outcome-definition-hours = Enfants ayant travaillé dans la semaine au moins 1 heure (jusqu’à 11 ans), 14 heures (12 à 14 ans) ou 43 heures (15 à 17 ans). Sans travail dangereux ni tâches ménagères.
init-outcome-definition-none = Écrivez ici ce qui compte comme travail des enfants
init-ages = Âges de l’indicateur 8.7.1 ; relevez-les si l’enquête n’interroge sur le travail qu’à partir d’un âge plus élevé.
init-ages-found = Les âges auxquels l’enquête interroge sur le travail : en dessous, la réponse manque.
init-outcome-occupied = Situation d’activité { $variable } : 1 pour les catégories libellées en emploi, 0 pour les autres. C’est l’emploi, non tout le travail des enfants : voir [definition] dans docs/settings.md.
init-outcome-hours = Heures de { $variable } avec les seuils de l’indicateur 8.7.1 par âge ; l’absence d’heures compte pour 0. Le travail dangereux manque : voir [definition] dans docs/settings.md.
init-outcome-none = Ni situation d’activité avec libellés ni heures travaillées n’ont été trouvées. Écrivez une expression qui vaut 1 s’il y a travail des enfants, 0 sinon, et nulle si on ne sait pas.
init-year-in-name = L’année dans le nom du fichier ; vérifiez-la.
init-year = Écrivez son année : year = 2020
init-not-found = Non trouvé : { $what }. Écrivez la colonne ou une expression.
init-because = { $variable } : d’après { $reasons }.
init-perhaps = Peut-être { $variable } : d’après { $reasons }. À vérifier avec soin.
init-no-boundaries = Aucun fichier de limites n’a été donné (--boundaries).
init-no-survey = Aucune enquête n’a été donnée (--survey).
init-no-census = Aucun recensement n’a été donné (--census).
init-area-code = { $count ->
        [one] Une zone. La propriété à laquelle correspondent le plus de codes des fichiers ; il y a : { $properties }.
       *[other] { NUMBER($count) } zones. La propriété à laquelle correspondent le plus de codes des fichiers ; il y a : { $properties }.
    }
init-area-code-none = Aucune propriété de codes n’a été trouvée. Il y a : { $properties }.
init-departments = Noms des départements : departments = { "{" } file = "departements.csv", code = "...", name = "...", region = "..." { "}" }
init-area-none = Aucun code ne correspond à la carte. Colonnes de zone du fichier : { $columns }. S’ils sont d’un autre système de codes, il faut une table : docs/how-to-join-codes.md.
init-area-all = { $matched ->
        [one] De { $columns } : { NUMBER($matched) } code sur { NUMBER($all) } est sur la carte. Vérifiez sur une commune connue que le code est bien le sien.
       *[other] De { $columns } : { NUMBER($matched) } codes sur { NUMBER($all) } sont sur la carte. Vérifiez sur une commune connue que le code est bien le sien.
    }
init-area-some = { $matched ->
        [one] De { $columns } : seulement { NUMBER($matched) } code sur { NUMBER($all) } est sur la carte. Voyez les autres avec « clrisk check » ; le système de codes peut être un autre.
       *[other] De { $columns } : seulement { NUMBER($matched) } codes sur { NUMBER($all) } sont sur la carte. Voyez les autres avec « clrisk check » ; le système de codes peut être un autre.
    }
init-labels-from = Libellés pris dans { $file }.
init-age-bands = { $variable } n’est pas en années révolues : on dirait des groupes d’âge. Cherchez les années, ou (dans le recensement) supprimez cette clé et décrivez les groupes dans [[census.bands]].
init-stratum-made = Le fichier n’a pas de strates (ou une seule) : on prend { $department } et { $zone }, comme dans la plupart des plans. Demandez à qui a conçu l’échantillon.
init-lonely = Strates à une seule unité : fail | merge | centre | certainty
init-count-one = Aucune colonne ne semble être un nombre de personnes : chaque ligne compte pour une.
init-variables = Variables communes : chacune doit mesurer la même chose dans les deux fichiers. « clrisk check » compare leurs distributions.
init-how-labels = De { $survey } dans l’enquête et { $census } dans le recensement, d’après les libellés de leurs valeurs.
init-how-usual = De { $survey } dans l’enquête et { $census } dans le recensement. Tous les codes n’ont pas de libellé : on suppose leur sens habituel. VÉRIFIEZ dans les questionnaires.
init-how-same_labels = De { $survey } dans l’enquête et { $census } dans le recensement : leurs valeurs ont les mêmes libellés.
init-how-same_codes = De { $survey } dans l’enquête et { $census } dans le recensement : elles ont les mêmes codes, supposés de même sens. VÉRIFIEZ dans les questionnaires et nommez les catégories.
init-how-number = De { $survey } dans l’enquête et { $census } dans le recensement, comme nombre. Vérifiez que l’unité est la même et qu’il n’y a pas de codes « ne sait pas ».
init-how-ages = De { $survey } dans l’enquête et { $census } dans le recensement : les groupes de l’indicateur 8.7.1.
init-left-out-survey = Codes de l’enquête sans équivalent, laissés comme manquants : { $codes }.
init-left-out-census = Codes du recensement sans équivalent, laissés comme manquants : { $codes }.
init-refused-missing = Non proposé : { $name } ({ $survey }, { $census }), presque toujours manquant dans l’un des fichiers.
init-refused-codes = Non proposé : { $name }, car les codes de { $survey } et { $census } ne se correspondent pas. Écrivez la variable à la main si elles mesurent la même chose.
init-refused-only_survey = Non proposé : { $name }, car seule l’enquête semble l’avoir ({ $survey }). Avec --match { $survey }=COLONNE on dit laquelle c’est dans le recensement.
init-refused-only_census = Non proposé : { $name }, car seul le recensement semble l’avoir ({ $census }).
init-age-group = groupe d’âge
init-formula = Retirez les variables qui ne mesurent pas la même chose dans les deux fichiers, ou qui sont une conséquence du travail des enfants.
level-boy = garçons
level-girl = filles
level-urban = urbain
level-rural = rural
level-attends = fréquente
level-out = ne fréquente pas
level-neither = ni autochtone ni afrodescendant
level-indigenous = autochtone
level-afro_descendant = afrodescendant
level-native = né dans le pays
level-migrant = migrant
init-roles = Reconnu dans l’enquête et dans le recensement :
init-done = Fichier écrit : { $file }. Propositions à confirmer : { $unconfirmed } ; clés à décider : { $undecided }. Lisez-le et lancez « clrisk check ».
finding-CONFIG-005 = { $count ->
        [one] Il reste une clé de clrisk.toml à décider.
       *[other] Il reste { NUMBER($count) } clés de clrisk.toml à décider.
    }
    .hint = { $count ->
        [one] Écrivez-y, à la place de "?", la colonne ou l’expression ; le commentaire au-dessus dit ce qu’on cherche.
       *[other] Écrivez dans chacune, à la place de "?", la colonne ou l’expression ; le commentaire au-dessus dit ce qu’on cherche.
    }
finding-CONFIG-006 = { $count ->
        [one] Il y a une proposition de « clrisk init » que personne n’a confirmée.
       *[other] Personne n’a confirmé { NUMBER($count) } propositions de « clrisk init ».
    }
    .hint = { $count ->
        [one] Revoyez la clé avec le questionnaire et retirez-la de project.unconfirmed.
       *[other] Revoyez chaque clé avec le questionnaire et retirez-la de project.unconfirmed.
    }
comparability-heading = Enquête et recensement, variable par variable
comparability-verdict = Verdict
comparability-reasons = Pourquoi
comparability-comparable = comparable
comparability-with-caution = avec prudence
comparability-not-comparable = non comparable
comparability-distribution-similar = Même distribution dans les deux fichiers (plus grande différence standardisée : { $difference }).
comparability-distribution-apart = Distribution un peu différente (plus grande différence standardisée : { $difference }).
comparability-distribution-far = Distribution très différente (plus grande différence standardisée : { $difference }) : elles ne mesurent peut-être pas la même chose, ou le pays a changé.
comparability-category-only-survey = La catégorie { $category } n’est que dans l’enquête ({ $share } % des enfants).
comparability-category-only-census = La catégorie { $category } n’est que dans le recensement ({ $share } % des enfants).
comparability-years-apart = L’enquête est de { $survey } et le recensement de { $census } : { $years } ans d’écart.
comparability-age-bands = Le recensement n’a que des groupes d’âge : la part des âges d’intérêt vient de l’enquête.
comparability-note = Que les distributions coïncident ne prouve pas que les questions soient les mêmes : les définitions de chaque variable sont dans la version JSON de la fiche du modèle.
init-area-filter = { $count ->
        [one] Il manque au recensement un code de la carte : si c’est un lac ou une zone contestée, écartez-le avec filter ; si c’est une commune nouvelle, elle restera sans données.
       *[other] Le recensement n’a pas { NUMBER($count) } codes de la carte : si ce sont des lacs ou des zones contestées, écartez-les avec filter ; si ce sont des communes nouvelles, elles resteront sans données.
    }
