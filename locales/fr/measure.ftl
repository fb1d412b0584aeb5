# Définitions du travail des enfants et mesure directe.

finding-DEFINE-001 = Le fichier de définition { $file } n’est pas compris : { $reason }
    .hint = Comparez-le à l’une des définitions du programme ; chaque clé est expliquée dans docs/definitions.md.
finding-DEFINE-002 = Il n’y a pas de définition nommée { $name }.
    .hint = Choisissez-en une dans la liste, ou donnez le nom d’un fichier .toml du dossier du projet.
finding-DEFINE-003 = La définition se contredit entre { $from } et { $to } ans : { $kind ->
        [gap] aucune tranche ne couvre l’âge
        [overlap] plusieurs tranches couvrent l’âge
        [hours] les heures ne tiennent pas dans une semaine
        [long_hours] les longues heures sont citées sans seuil, ou le seuil sans les citer
        [list] des branches ou professions sont utilisées sans liste de travaux dangereux
        [counted_as] l’activité qui compte a besoin de counted_as, et elle seule
        [permitted] l’activité qui ne compte pas a besoin de permitted, et elle seule
        [minimum_age] des enfants qui ont l’âge minimum sont dits trop jeunes
        [light_work] on appelle léger un travail déjà permis à cet âge
        [hazardous_age] on dit dangereux un travail permis à cet âge
        [series] une série de l’indicateur 8.7.1 ne cite ni child_labour ni child_labour_economic
        [name] le nom, la version ou l’auteur manque
       *[other] les âges ne concordent pas
    }.
    .hint = Corrigez la tranche de ces âges dans le fichier de définition.
finding-DEFINE-004 = { $code } n’est pas un code connu de { $classification }.
    .hint = Corrigez le code ; les classifications connues sont dans definitions/codes.
finding-DEFINE-005 = La source de { $what } manque.
    .hint = Ajoutez sous [[facts]] d’où cela vient, avec une source de [[sources]] ; si personne ne l’a comparée, avec status = "unverified".
finding-DEFINE-006 = { $count ->
        [one] Dans la définition { $definition }, un élément n’a été comparé à sa source par personne.
       *[other] Dans la définition { $definition }, { NUMBER($count) } éléments n’ont été comparés à leur source par personne.
    }
    .hint = { $count ->
        [one] Vérifiez-le avant de publier ; copiez le fichier dans le projet et notez qui l’a relu.
       *[other] Vérifiez-les avant de publier ; copiez le fichier dans le projet et notez qui l’a relu.
    }
finding-DEFINE-007 = La définition utilise { $item }, et [definition.items] ne dit pas où l’enquête l’a.
    .hint = Ajoutez la question si l’enquête l’a ; sans elle, ce qui en dépend n’est pas compté et les chiffres sont plus bas.
finding-DEFINE-008 = La définition { $definition } devait être revue avant le { $date }.
    .hint = Comparez-la avec la loi et les sources d’aujourd’hui ; copiez le fichier dans le projet, notez qui l’a revue et la prochaine date.
finding-MEASURE-001 = Pour mesurer, il faut { $what } dans clrisk.toml.
    .hint = Voyez les sections [definition] et [measure] dans docs/settings.md.
finding-MEASURE-002 = { $key } cite { $name }, qui n’est pas une variable de l’enquête avec des catégories.
    .hint = Définissez-la sous [measure.by] ou [variables], ou corrigez le nom.
finding-MEASURE-003 = Les chiffres ne sont pas donnés par sexe : ce que font les filles reste caché dans le total.
    .hint = Ajoutez [measure.by.sex] avec les catégories boy et girl.
finding-MEASURE-004 = { $count ->
        [one] D’un enfant de l’enquête, on ne sait pas : { $measure }. Il est exclu de ce chiffre.
       *[other] De { NUMBER($count) } enfants de l’enquête, on ne sait pas : { $measure }. Ils sont exclus de ce chiffre.
    }
    .hint = Regardez les réponses manquantes ; la règle est sous [missing] dans la définition.
finding-MEASURE-005 = Les deux enquêtes ne sont peut-être pas comparables : { $kind ->
        [definition] elles ont été mesurées avec des définitions différentes
        [ages] elles ont interrogé à des âges différents
       *[items] elles ont posé des questions différentes
    }.
    .hint = Mesurez les deux avec la même définition et les mêmes questions, ou dites la différence à côté de chaque évolution.
finding-MEASURE-006 = { $key } n’est pas valable : { $reason }
    .hint = Corrigez la valeur ; docs/settings.md dit ce qui est permis.
finding-MEASURE-007 = Les poids ne totalisent pas les enfants du pays : chacun de l’enquête n’en représenterait que { NUMBER($mean) }. Les parts sont valables ; les nombres d’enfants ne sont pas publiés.
    .hint = Indiquez dans survey.children combien d’enfants de ces âges compte le pays, ou utilisez les poids d’extrapolation de l’enquête.
measure-name-child_labour = Travail des enfants
measure-name-child_labour_economic = Travail des enfants par activité économique
measure-name-excessive_chores = Tâches ménagères pendant de longues heures
measure-name-worst_forms = Pires formes, hors travail dangereux
measure-name-hazardous = Travail dangereux selon la définition
measure-name-below_minimum_age = Travail avant l’âge minimum
measure-name-national_rule = Travail compté par règle nationale
measure-name-light_work = Travail léger permis
measure-name-adolescent_work = Travail permis des adolescents
measure-name-chores_only = Tâches ménagères seulement, sous le seuil
measure-name-not_working = Ni travail ni tâches ménagères
measure-name-working = Activité économique quelconque
measure-name-working_one_hour = Activité économique d’une heure ou plus
measure-name-chores = Tâches ménagères quelconques
measure-name-hazardous_conditions = Conditions dangereuses déclarées
measure-name-child_labour_or_conditions = Travail des enfants ou conditions dangereuses
measure-name-condition_heavy_loads = Porte de lourdes charges
measure-name-condition_tools = Outils ou machines dangereux
measure-name-condition_dust = Poussière, fumée ou gaz
measure-name-condition_temperature = Froid, chaleur ou humidité extrêmes
measure-name-condition_noise = Bruit ou vibrations
measure-name-condition_heights = Hauteurs
measure-name-condition_chemicals = Produits chimiques ou explosifs
measure-name-condition_confined = Sous terre, sous l’eau ou en espace confiné
measure-name-condition_abuse = Maltraitance ou abus
measure-name-condition_other = Autre danger
measure-name-hazardous_industry = Dans une branche de la liste dangereuse
measure-name-hazardous_occupation = Dans une profession de la liste dangereuse
measure-name-long_hours = Longues heures de travail
measure-name-night_work = Travail de nuit
measure-name-attending = Fréquente l’école
measure-name-studies_only = Étudie seulement
measure-name-works_only = Travaille seulement
measure-name-studies_and_works = Étudie et travaille
measure-name-neither = Ni étude ni travail
measure-ages = De { $from } à { $to } ans
measure-all = Ensemble
measure-title = Mesure du travail des enfants : { $country }
measure-synthetic = Pays inventé : aucun chiffre n’est réel.
measure-heading-prevalence = Part des enfants de chaque groupe
measure-heading-composition = Répartition des enfants : { $measure }
measure-heading-changes = Évolution depuis l’enquête précédente
measure-heading-metadata = Notes
measure-heading-measure = Mesure
measure-heading-group = Groupe
measure-heading-age = Âge
measure-heading-hours = Heures hebdomadaires d’activité économique
measure-heading-rate = Part
measure-heading-standard_error = Erreur type
measure-heading-lower = Limite inférieure
measure-heading-upper = Limite supérieure
measure-heading-count = Enfants
measure-heading-sample = Enfants enquêtés
measure-heading-effective_sample = Échantillon effectif
measure-heading-cv = Coefficient de variation
measure-heading-quality = Qualité
measure-heading-earlier = Avant
measure-heading-later = Maintenant
measure-heading-difference = Différence (points de pourcentage)
measure-heading-p_value = Valeur p
measure-heading-definition = Définition
measure-heading-description = Ce qui compte
measure-heading-survey = Enquête
measure-heading-previous = Enquête précédente
measure-heading-rule = Règle de qualité
measure-heading-interval = Niveau de confiance des intervalles
measure-heading-reviewer = Relue par
measure-heading-nobody = personne encore
measure-heading-next_review = Prochaine relecture
measure-heading-unverified = Non vérifié
measure-heading-sources = Sources
measure-heading-program = Programme
measure-heading-children = Enfants de l’enquête
measure-heading-comparability = Comparabilité
measure-quality-publish = publiable
measure-quality-publish_with_warning = avec avertissement : peu précis
measure-quality-suppress = masqué
measure-note-withheld = « … » : le chiffre est masqué car l’échantillon ne le soutient pas, selon la règle de qualité. Cela ne veut pas dire zéro.
measure-note-hours = Les heures d’activité économique et de tâches ménagères ne s’additionnent jamais.
measure-note-national = Les chiffres du pays dans la base mondiale de l’indicateur 8.7.1 peuvent différer : l’OIT et l’UNICEF réanalysent les données.
measure-note-normalised = Les poids de cette enquête ne totalisent pas les enfants du pays. Les parts et leurs intervalles sont valables ; le nombre d’enfants n’en découle pas et n’est pas montré.
measure-unit-children = { $number ->
        [one] { $text } enfant
       *[other] { $text } enfants
    }
measure-unit-points = { $number ->
        [one] { $text } point de pourcentage
       *[other] { $text } points de pourcentage
    }
measure-unit-years = { $number ->
        [one] { $text } an
       *[other] { $text } ans
    }
measure-sentence-level = { $measure } : { $rate } des enfants de { $ages }, soit { $children } (intervalle : de { $lower } à { $upper }).
measure-sentence-group = { $group } : { $rate } (intervalle : de { $lower } à { $upper }), { $children }.
measure-sentence-level-share = { $measure } : { $rate } des enfants de { $ages } (intervalle : de { $lower } à { $upper }).
measure-sentence-group-share = { $group } : { $rate } (intervalle : de { $lower } à { $upper }).
measure-sentence-withheld = { $group } : l’échantillon ne suffit pas pour publier le chiffre.
measure-sentence-warning = Chiffre peu précis : à utiliser avec prudence.
measure-sentence-up = { $measure } ({ $group }) : hausse de { $points } entre les deux enquêtes.
measure-sentence-down = { $measure } ({ $group }) : baisse de { $points } entre les deux enquêtes.
measure-sentence-same = { $measure } ({ $group }) : les deux enquêtes ne montrent pas d’évolution au-delà du hasard de l’échantillon.
measure-sentence-ages = { $from } à { $to } ans
measure-compare-definition = Définitions différentes
measure-compare-ages = Âges différents
measure-compare-items = Questions différentes
command-measure-about = Mesure le travail des enfants directement dans l’enquête
command-measure-long = Classe chaque enfant de l’enquête selon la définition de [definition] et écrit dans out/measure les chiffres par groupe avec intervalle, nombre, échantillon et qualité : CSV, Excel, HTML, un résumé et, pour l’indicateur 8.7.1, SDMX. Il ne faut que l’enquête. Avec --definitions, il liste les définitions du programme ; avec --show ID, il montre le fichier de l’une d’elles.
command-arg-definitions = Liste les définitions du programme
command-arg-show = Montre le fichier d’une définition
command-measure-done = Mesure prête dans { $folder } selon { $definition }.
