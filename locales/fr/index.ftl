# L’indice de vulnérabilité et le repérage rapide.

index-nav = Indice
index-map = Carte
index-list = Communes
index-how = Comment l’indice a été fait
index-points = { $value } points
index-value = Points (0 à 100)
index-class = Classe
index-in-class = classe : { $class }
index-rank = Rang (1er : la plus vulnérable)
index-rank-exact = { $rank } sur { $total }
index-rank-range = entre le { $best } et le { $worst } rang sur { $total }
index-people = Habitants
index-label-worse = Indice de 0 à 100 points : plus de points, plus vulnérable. Ce n’est ni un taux ni un nombre d’enfants.
index-label-better = Indice de 0 à 100 points : plus de points, moins vulnérable. Ce n’est ni un taux ni un nombre d’enfants.
index-preset = Recette « { $name } ».
index-legend-rule = Classes de l’indice ; règle : { $rule }
index-interval = plus de { $lower } jusqu’à { $upper } points
index-open = La classe dépend des choix : aucune ne réunit six recettes sur dix
index-open-long = La classe de cette commune dépend des choix de l’indice. Part des recettes raisonnables qui la placent dans chaque classe :
index-firm = Part des recettes raisonnables qui placent la commune dans chaque classe :
index-uncertainty = Avec { $draws } recettes raisonnables différentes, la moitié des communes ont un éventail de rangs de { $width } ou moins ({ $level } % des recettes). Communes dont la classe reste ouverte : { $open }.
index-most = Les dix communes les plus vulnérables selon l’indice
index-compensation = Que cache la moyenne ?
index-compensation-text = L’indice est de { $points } points. Si les bonnes dimensions ne compensaient les mauvaises qu’en partie, il serait de { $partial } ; la pire dimension seule, { $worst }.
index-parts = Ce qui l’éloigne de la commune moyenne
index-parts-note = Différence en points de vulnérabilité avec la moyenne des communes : à droite, plus vulnérable. Exacte pour les moyennes arithmétiques, approchée sinon.
index-indicator = Indicateur
index-measured = Valeur
index-country-mean = Moyenne des communes
index-score = Note (100 : la pire)
index-difference = Différence, points
index-years = Les autres années, à la même aune
index-to-estimate = L’estimation du travail des enfants de cette commune
index-choices = Choix et raisons
index-step = Étape
index-rule = Règle
index-reason = Raison
index-step-missing = Valeurs manquantes
index-step-outliers = Valeurs extrêmes
index-step-normalisation = Échelle commune
index-step-weights = Poids
index-step-aggregation = Agrégation
index-step-classes = Classes
index-rule-refuse = Refusées
index-rule-leave-out = On prend ce qui existe
index-rule-department-mean = Moyenne du département
index-rule-none = Aucun traitement
index-rule-winsorise = Ramenées à la valeur suivante
index-rule-winsorise-or-logarithm = Ramenées à la valeur suivante ou logarithme
index-rule-min-max = Minimum 0, maximum 100
index-rule-z-score = Écarts-types
index-rule-rank = Rangs
index-rule-goalposts = Bornes fixes
index-rule-distance-p2 = Distance DP2
index-rule-equal = Égaux par dimension
index-rule-equal-indicators = Égaux par indicateur
index-rule-expert = Donnés par des experts
index-rule-comparisons = Comparaisons par paires (AHP)
index-rule-principal-components = Composantes principales
index-rule-entropy = Entropie
index-rule-new-information = Ce que chacun ajoute (1 − R²)
index-rule-arithmetic = Moyenne arithmétique
index-rule-geometric = Moyenne géométrique
index-rule-harmonic = Moyenne harmonique
index-rule-arithmetic-geometric = Arithmétique dans, géométrique entre les dimensions
index-rule-geometric-arithmetic = Géométrique dans, arithmétique entre les dimensions
rule-equal = Intervalles égaux
index-indicators = Indicateurs
index-balance-note = Le poids est ce qui a été décidé ; l’influence, ce que l’indicateur fait vraiment à l’indice. S’ils s’écartent, l’indice ne dit pas ce que ses poids promettent.
index-dimension = Dimension
index-source = Source
index-reviewed = relu par : { $by }
index-weight = Poids
index-influence = Influence
index-correlation = Corrélation avec l’indice
index-without = Communes changeant de classe sans lui
index-distance = 100 points sont une distance DP2 de { $hundred }. Les indicateurs sont entrés dans cet ordre : { $order }.
index-consistency = Rapport de cohérence des comparaisons : { $ratio } (jusqu’à 0,10, acceptable).
index-belong = Les indicateurs vont-ils ensemble ?
index-adequacy = Adéquation de l’échantillon (KMO) : { $value }.
index-alpha = Alpha de Cronbach : { $value }.
index-no-redundant = Aucune paire d’indicateurs ne dit presque la même chose (corrélation de 0,9 ou plus).
index-correlations = Corrélations entre indicateurs
index-sensitivity = Quel choix compte ?
index-sensitivity-note = Part de la variation des rangs qu’explique chaque choix : seul, et avec ses interactions. Estimée par simulation : elle peut dépasser un peu ses limites.
index-first = Seul
index-total = Avec interactions
index-alternatives = Ce qu’un autre choix aurait dit
index-rank-correlation = Corrélation des rangs
index-shift = Changement moyen de rang
index-agreement = L’indice et l’estimation du travail des enfants
index-agreement-text = Dans { $areas } communes ayant les deux, la corrélation des rangs est de { $correlation }. L’indice décrit des conditions ; l’estimation, combien d’enfants. Là où ils s’écartent, il faut se demander pourquoi.
index-agreement-corner = Classe de l’indice ↓, du taux →
index-furthest = Là où ils s’écartent le plus
index-by-index = Rang par l’indice
index-by-rate = Rang par le taux

screen-lead = Douze questions par oui ou non à une personne informée ou à une réunion de la communauté. Sans noms de personnes.
screen-community = Communauté
screen-area = Code de la commune
screen-date = Date
screen-yes = Oui
screen-no = Non
screen-class-none = Sans classe : trop peu de réponses
screen-class-1 = Signal faible
screen-class-2 = Signal moyen
screen-class-3 = Signal fort
screen-points = Points (0 à 100) :
screen-range = Entre le moins et le plus que permettent les questions sans réponse :
screen-keep = Garder et en commencer une autre
screen-download = Télécharger le CSV
screen-print = Imprimer
screen-note = Ceci classe des réponses ; cela ne mesure pas le travail des enfants et ne dit rien d’une famille. Les poids sont un point de départ que personne n’a encore validé, et ce n’est jamais mêlé aux estimations.
screen-classes = Points où commencent les signaux moyen et fort :

command-index-about = Calcule l’indice de vulnérabilité à partir d’indicateurs
command-index-long = Lit la table des indicateurs et leurs valeurs, calcule l’indice avec les choix de [index], le répète sous d’autres choix raisonnables et l’écrit dans le brouillon : seul, ou à côté des estimations du même projet. Avec --preset, commence un projet à partir d’une recette.
command-screen-about = Repérage rapide : formulaire de douze questions et lecture des réponses
command-screen-long = Avec --form, écrit une page qui marche sans réseau, s’imprime et exporte en CSV. Avec --import, lit un CSV de réponses et donne à chaque communauté une des trois classes avec son erreur. Ne touche pas au brouillon et ne se mêle pas aux estimations.
command-arg-preset = Recette : chile, costa-rica ou mexico-2020
command-arg-form = Écrit le formulaire (aussi quand rien n’est demandé)
command-arg-screen-import = CSV de réponses
command-arg-rules = Une autre liste de questions, poids et seuils
command-step-index = Calcul de l’indice et de ses alternatives …
command-explain-index = { $index } (un indice, non un taux) : { $points } points, classe « { $class } » ; rang { $rank } sur { $total }, 1 la plus vulnérable ; entre { $lower } et { $upper } avec d’autres recettes.
command-explain-index-open = La classe dépend des choix faits pour construire l’indice.
command-explain-index-part = { $points } points de vulnérabilité par rapport à la commune moyenne : { $dimension }
command-index-done = { $areas ->
        [one] Indice de { NUMBER($areas) } commune.
       *[other] Indice de { NUMBER($areas) } communes.
    }
command-screen-form = { $community } : { $class } ; entre { $lowest } et { $highest } points ; { $share } % des répétitions avec d’autres poids donnent la même classe
command-screen-done = Fichier écrit : { $file }.

finding-INDEX-001 = La table d’indicateurs { $file } n’est pas comprise : { $reason }
    .hint = Chaque indicateur demande code, name, more (worse ou better) et dimension ; best et worst vont ensemble.
finding-INDEX-002 = Indicateurs sans source, année ou relecteur : { NUMBER($count) }.
    .hint = Complétez source, year et reviewed_by : sans eux, l’indice ne peut être publié.
finding-INDEX-003 = clrisk.toml n’a pas de section [index].
    .hint = Ajoutez-la (docs/how-to-index.md) ou commencez par clrisk index --preset.
finding-INDEX-004 = La commune { $area } a plus d’une ligne dans { $file }.
    .hint = Gardez une ligne par commune (et année) ; si le fichier a des années, donnez la colonne dans index.year.
finding-INDEX-005 = { $count ->
        [one] Il manque une valeur d’indicateur et la règle est de refuser.
       *[other] Il manque { NUMBER($count) } valeurs d’indicateurs et la règle est de refuser.
    }
    .hint = Complétez les données, ou choisissez une autre règle dans index.missing et dites pourquoi.
finding-INDEX-006 = { $count ->
        [one] Il manque une valeur d’indicateur
       *[other] Il manque { NUMBER($count) } valeurs d’indicateurs
    } ; règle : { $rule ->
        [leave_out] on prend ce qui existe
       *[department_mean] moyenne du département
    }.
    .hint = { $count ->
        [one] Voyez si elle manque au hasard : un indicateur absent là où tout va le plus mal induit en erreur.
       *[other] Voyez si elles manquent au hasard : un indicateur absent là où tout va le plus mal induit en erreur.
    }
finding-INDEX-007 = La recette de l’indice ne peut être suivie : { $reason }
    .hint = Revoyez les choix de [index] : un indicateur constant, une moyenne géométrique sur des zéros ou une distance avec d’autres poids n’ont pas de solution.
finding-INDEX-008 = Il manque { $column } à « { $indicator } », dont la règle choisie a besoin.
    .hint = Complétez la colonne dans la table d’indicateurs, ou choisissez une autre règle.
finding-INDEX-009 = Les comparaisons de poids se contredisent : rapport de cohérence { NUMBER($ratio) }.
    .hint = Revoyez les jugements avec leurs auteurs jusqu’à passer sous { NUMBER("0.10") }.
finding-INDEX-010 = « { $indicator } » va contre l’indice : où il est pire, l’indice est meilleur.
    .hint = Vérifiez sa direction (more), et s’il a sa place dans cet indice.
finding-INDEX-011 = { $count ->
        [one] Une des { NUMBER($draws) } recettes alternatives n’a pu être calculée.
       *[other] { NUMBER($count) } des { NUMBER($draws) } recettes alternatives n’ont pu être calculées.
    }
    .hint = Le plus souvent une moyenne géométrique sur des notes nulles : retirez cette combinaison de index.uncertainty.
finding-INDEX-012 = Communes sans indice faute de données : { NUMBER($count) }.
    .hint = Elles sont grises sur la carte, sans classe ni rang.
finding-INDEX-013 = Paires d’indicateurs qui disent presque la même chose : { NUMBER($count) }.
    .hint = Gardez-en un par paire, ou des poids qui ne comptent pas deux fois la même chose (new_information).
finding-INDEX-014 = Il n’y a pas de brouillon de ces choix auquel ajouter l’indice.
    .hint = Lancez clrisk run : il calcule ensemble estimations et indice.
finding-INDEX-015 = La recette est partie de « { $name } ».
    .hint = Ce qu’on sait de l’original et ce qu’on ignore est dans index.preset_note et sur chaque page.
finding-INDEX-016 = { $count ->
        [one] L’indice ne peut être publié : un indicateur n’a pas de source, d’année ou de relecteur.
       *[other] L’indice ne peut être publié : { NUMBER($count) } indicateurs n’ont pas de source, d’année ou de relecteur.
    }
    .hint = { $count ->
        [one] Complétez-le dans la table d’indicateurs et recalculez l’indice.
       *[other] Complétez-les dans la table d’indicateurs et recalculez l’indice.
    }
finding-SCREEN-001 = La liste de questions { $file } n’est pas comprise : { $reason }
    .hint = Partez de rules/screen/community-2026.toml et changez textes, poids et seuils.
finding-SCREEN-002 = Il manque la colonne { $column } à { $file }.
    .hint = Prenez le CSV qu’exporte le formulaire : une colonne par question.
finding-SCREEN-003 = Formulaires avec des réponses qui ne sont ni oui ni non : { NUMBER($count) }.
    .hint = Ces réponses comptent comme absentes. On comprend oui/non dans les quatre langues, 1/0 et 1/2.
finding-SCREEN-004 = Formulaires sans classe faute de réponses : { NUMBER($count) }.
    .hint = Redemandez : il faut répondre aux trois quarts du poids.
finding-SCREEN-005 = Personne n’a encore relu les questions et les poids de { $name }.
    .hint = Relisez-les avec des personnes qui connaissent les communautés, et signez dans reviewer.
index-sort = Trier par
