# Cartes : couches en plus de celles de site.ftl.
site-show-certainty = Taux selon sa précision
site-show-count = Nombre d’enfants
site-show-sex-gap = Écart entre les sexes
site-show-hot-spots = Foyers
site-show-change = Évolution depuis la publication précédente
layer-rule-certainty = Taux, en d’autant moins de paliers qu’il est moins précis
layer-certain = { $rates } ; précis (coefficient de variation jusqu’à { $cv })
layer-less-certain = { $rates } ; moins précis (jusqu’à { $cv })
layer-uncertain = Tout taux ; peu précis (plus de { $cv })
layer-rule-count = Enfants : la surface du cercle est proportionnelle à leur nombre
layer-circle = { $children ->
        [one] { $children } enfant
       *[other] { $children } enfants
    }
layer-rule-sex-gap = Taux de « { $more } » moins taux de « { $less } », en points de pourcentage
layer-rule-hot-spots = Communes dont le taux ressemble, ou s’oppose, à celui de leurs voisines plus que le hasard ne le ferait (Moran local)
layer-rule-change = Évolution du taux depuis la publication { $release }, en points de pourcentage
layer-difference-lowest = { $upper } ou moins
layer-difference-between = plus de { $lower } jusqu’à { $upper }
layer-difference-highest = plus de { $lower }
layer-cluster-high-high = Foyer : élevé parmi les élevés
layer-cluster-high-low = Élevé parmi les faibles
layer-cluster-low-high = Faible parmi les élevés
layer-cluster-low-low = Faible parmi les faibles
layer-cluster-none = Sans lien avec ses voisines
layer-legend-not-local = Différence nationale, non estimée dans la commune
layer-legend-within-error = Hachuré : la différence tient dans sa marge d’erreur
layer-title-error = coefficient de variation { $cv }
layer-title-difference = { $points } points ({ $interval })
layer-show-all = Tout montrer

# Unités : seul le programme les écrit.
unit-points =
    { $n ->
        [one] { $points } point de pourcentage
       *[other] { $points } points de pourcentage
    }
unit-children =
    { $n ->
        [one] { $children } enfant
       *[other] { $children } enfants
    }

# Phrases de la fiche. Un chiffre vient toujours avec son unité : elle ne s’écrit pas ici.
sentence-rate = { $outcome } : { $rate_percent } des enfants de { $youngest } à { $oldest } ans, selon l’estimation. Avec une probabilité de { $level_chance }, le taux se situe { $interval_percent_range }.
sentence-count = Soit { $count_children } ; probablement { $interval_children_range }.
sentence-above = Le taux dépasse de { $difference_points } celui du pays ({ $national_percent }), et l’écart est net.
sentence-below = Le taux est inférieur de { $difference_points } à celui du pays ({ $national_percent }), et l’écart est net.
sentence-like = Il ne se distingue pas nettement du taux du pays ({ $national_percent }).
sentence-sexes = { $more } : { $more_percent }. { $less } : { $less_percent }.
sentence-sexes-national = { $more } : { $more_percent }. { $less } : { $less_percent }. L’écart entre les deux est celui du pays : il n’a pas pu être estimé ici.
sentence-rank = Sa place : { $range }.
sentence-sure = C’est assez sûr : la probabilité que ce soit son niveau est de { $class_chance }.
sentence-unsure = Ce n’est pas sûr : la probabilité que ce soit son niveau est de { $class_chance } ; celle du niveau « { $highest } », de { $highest_chance }.
sentence-factor = relève ici le taux de { $change_points } par rapport à la moyenne du pays.

# Que faire
next-high = Le risque est élevé et l’estimation le confirme : préparez avec le comité local un plan de prévention et vérifiez quels services atteignent combien d’enfants.
next-medium = Le risque est intermédiaire : renforcez les services qui existent et surveillez s’il s’aggrave.
next-low = Le risque est faible par rapport au reste du pays : maintenez les services. Faible ne veut pas dire qu’il n’y a pas de cas.
next-unsure = Le niveau n’est pas sûr : avant de décider, comparez avec les écoles, les centres de santé et l’inspection du travail.
next-not-reliable = L’estimation est peu précise : ne fondez pas de décision sur elle ; rassemblez des informations locales.
next-no-figure = Il n’y a pas de chiffre pour cette commune : rassemblez des informations locales et consultez celles des communes voisines.
next-factor = Commencez par « { $factor } » : parmi ce qui peut changer, c’est ce qui va le plus avec le risque ici. C’est une association, non une cause démontrée.
next-similar = Demandez ce qu’a fait { $area }, dont les conditions sont semblables.
next-no-sample = L’enquête n’a pas visité cette commune : vérifiez les conditions sur place.
next-classes = Commencez par les communes du niveau le plus élevé ; à l’intérieur d’un niveau, l’ordre ne dit rien.
next-sure-first = Voyez lesquelles sont hachurées sur la carte : leur niveau n’est pas sûr et demande des informations locales avant d’investir.
next-method = Regardez le taux et le nombre : une grande commune au taux moyen peut compter plus de cas qu’une petite au taux élevé.

# Fiche
sheet-level-country = Pays
sheet-level-region = Région
sheet-level-department = Département
sheet-level-municipality = Commune
sheet-code = code { $code }
sheet-risk = Niveau de risque
sheet-groups = Par sexe et par âge
sheet-groups-national = * L’écart avec l’ensemble est celui du pays : il n’a pas été estimé dans cette commune.
sheet-factors = Ce qui peut changer et pèse le plus ici
sheet-similar = Communes aux conditions semblables
sheet-classes = Communes par niveau
sheet-next = Que faire maintenant
sheet-inputs = Sources et leur ancienneté
sheet-age = Ancienneté
sheet-map = Carte
sheet-none = pas de chiffre
sheet-and-more = { $names } et { $count ->
        [one] { $count } autre
       *[other] { $count } autres
    }
sheet-years-old =
    { $n ->
        [0] même année
        [one] { $count } an
       *[other] { $count } ans
    }
sheet-map-label = Carte de { $area } : communes par niveau de risque
sheet-map-label-in = Carte de { $holder } : communes par niveau de risque, avec { $area } signalée
sheet-residence = Les chiffres comptent les enfants là où ils vivent, non là où ils travaillent.
sheet-not-the-indicator = C’est une estimation du risque faite avec un modèle. Ce n’est pas l’indicateur 8.7.1 des Objectifs de développement durable.
sheet-definition = Ce qui est estimé : { $definition }
sheet-release = Publication { $project } { $release }.
sheet-release-signed = Publication { $project } { $release }, { $date }, signée par { $name } ({ $office }).
sheet-draft = Brouillon de { $project }, non publié.

# Colonnes des exports.
column-code = Code de la commune (texte)
column-name = Nom
column-area = Code géographique (texte)
column-level = Niveau : country, region, department, municipality
column-department = Code du département
column-department-name = Nom du département
column-region = Code de la région
column-group = Groupe de publication ; all : tous
column-status = Pourquoi il y a ou non un chiffre
column-rate = Taux estimé, proportion de 0 à 1
column-rate-lower = Borne inférieure de l’intervalle à 95 % du taux
column-rate-upper = Borne supérieure de l’intervalle à 95 % du taux
column-count = Nombre estimé d’enfants
column-count-lower = Borne inférieure de l’intervalle à 95 % du nombre
column-count-upper = Borne supérieure de l’intervalle à 95 % du nombre
column-population = Enfants du groupe dans le recensement
column-class = Niveau de risque, 1 est le plus faible
column-probability = Probabilité d’appartenir à ce niveau, de 0 à 1
column-rank = Rang selon le taux, 1 est le plus élevé
column-rank-lower = Meilleur rang de l’intervalle à 95 %
column-rank-upper = Moins bon rang de l’intervalle à 95 %
column-rank-joint-lower = Meilleur rang si les intervalles de toutes valent à la fois
column-rank-joint-upper = Moins bon rang si les intervalles de toutes valent à la fois
column-count-rank = Rang selon le nombre, 1 est le plus grand
column-estimated-locally = Si l’écart du groupe a été estimé ici ; sinon, c’est celui du pays
column-factor = Facteur : nom de la variable
column-points = Points de pourcentage du taux
column-points-lower = Borne inférieure de l’intervalle à 95 %, points de pourcentage
column-points-upper = Borne supérieure de l’intervalle à 95 %, points de pourcentage
column-logit = La même chose à l’échelle logit
column-lever = Condition qui atteindrait sa cible
column-now = Où elle en est : proportion, ou moyenne d’un nombre
column-target = Cible : proportion, ou moyenne d’un nombre
column-children = Variation du nombre d’enfants
column-children-lower = Borne inférieure de l’intervalle à 95 % de cette variation
column-children-upper = Borne supérieure de l’intervalle à 95 % de cette variation

export-title = Titre
export-country = Pays
export-notice = Avis
export-release = Publication
export-made-by = Fait avec
export-licence = Licence des données
export-note = Note
export-units = Taux et probabilités sont des proportions de 0 à 1 ; une cellule vide est un chiffre non montré, jamais un zéro.
export-no-licence = L’office qui publie n’a pas déclaré de licence : demandez-lui avant de redistribuer.
export-sheet-notes = Notes
export-sheet-municipalities = Communes
export-sheet-estimates = Estimations
export-sheet-factors = Facteurs
export-sheet-levers = Conditions
export-sheet-columns = Colonnes

command-sheet-about = Écrit la fiche d’une zone, ou celles de toutes
command-sheet-long = Écrit la fiche du pays, d’un département ou d’une commune de la publication la plus récente, en PDF ou HTML. Avec --all, celles de toutes les zones.
command-arg-sheet-code = Code géographique : commune, département ou pays
command-arg-sheet-all = Les fiches de toutes les zones
command-arg-sheet-index = Les fiches de l’indice, là où il y a indice et estimations
command-arg-sheet-format = Format : pdf (par défaut) ou html
command-arg-output = Dossier de destination ; créé s’il n’existe pas
command-arg-export-draft = Utilise le brouillon confidentiel
command-arg-export-release = Publication à utiliser ; la plus récente par défaut
command-sheet-progress = Fiches : { NUMBER($done) } sur { NUMBER($total) }
command-sheet-done = { $total ->
    [1] 1 fiche dans { $folder }
   *[other] { NUMBER($total) } fiches dans { $folder }
}
command-export-about = Écrit une publication en fichiers pour d’autres programmes
command-export-long = Écrit les tables de la publication la plus récente en CSV, CSV pour Excel, XLSX et Parquet, les communes en GeoJSON et GeoPackage, les cartes en SVG, et le tout dans un ZIP avec README et licence. Ce qui n’est pas publié est une cellule vide.
command-arg-export-format = Formats, séparés par des virgules : csv, excel, xlsx, parquet, geojson, gpkg, svg, zip ; tous par défaut
command-export-done = { $files ->
        [one] { NUMBER($files) } fichier dans { $folder }
       *[other] { NUMBER($files) } fichiers dans { $folder }
    }

finding-SHEET-001 = La fiche de { $area } n’a pas pu être composée : { $reason }
    .hint = C’est une erreur du programme : prévenez ceux qui l’entretiennent, avec le code géographique et la publication.
finding-SHEET-002 = La publication n’a pas de zone portant le code { $code }.
    .hint = Les codes sont du texte, avec leurs zéros initiaux ; « clrisk export » les énumère tous.
finding-EXPORT-001 = Le fichier { $file } n’a pas pu être fait : { $reason }
    .hint = Vérifiez ou refaites la publication ; si cela se répète, prévenez ceux qui entretiennent le programme.

figure-pyramid = { $outcome } par sexe et par âge
figure-pyramid-description = Chaque barre est le taux d’un groupe d’âge ; un sexe de chaque côté.
figure-ranks = Entre quels rangs se situe chaque commune
figure-ranks-description = Rang selon le taux parmi { $total } communes, avec son intervalle à 95 %. Là où les lignes se chevauchent, l’ordre n’est pas connu.
figure-ranks-range = Intervalle à 95 % de son rang
figure-direct = L’enquête seule et le modèle
figure-direct-description = Chaque cercle est une zone ; sa taille, l’échantillon. Sur la diagonale ils coïncident ; ceux d’un petit échantillon s’en écartent plus.
figure-modelled = Modèle
figure-calibration = Le modèle avant son ajustement à l’enquête
figure-calibration-description = Point et ligne : estimation directe et intervalle à 95 %. Carré : le modèle avant l’ajustement.
figure-trajectory = { $area } : le taux de chaque publication
figure-trajectory-description = Taux et intervalle à 95 %. Les points ne sont pas reliés : on ne sait rien entre eux.
sheet-map-departments = Départements selon la classe où tombe leur taux

sheet-index-dimensions = Par dimension
sheet-index-factors = Ce qui la rend le plus vulnérable
sheet-index-open = La classe dépend des choix faits pour construire l’indice.
sheet-index-firm = La plupart des recettes raisonnables la placent dans cette classe.
sheet-index-points = { $index } : { $points }.
sheet-index-rank = Rang avec d’autres recettes raisonnables : { $range }, à compter de la plus vulnérable.
sheet-index-factor = +{ $points } par rapport à la commune moyenne
next-index-open = La classe n’est pas ferme : regardez l’éventail des rangs et les dimensions avant de décider sur la seule classe.
next-index-firm = Servez-vous de la classe pour décider où regarder d’abord, non pour répartir des moyens au prorata des points.
next-index-factor = Commencez par ce qui pèse le plus ici : { $indicator }. Demandez dans la commune ce qu’il y a derrière.
next-index-area = Commencez par les communes des classes les plus élevées et voyez, sur la fiche de chacune, ce qui les rend vulnérables.
next-index-children = L’indice ne dit pas combien d’enfants travaillent : il faut pour cela une enquête ou une estimation.
