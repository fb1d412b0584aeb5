command-about = clrisk estime le risque de travail des enfants par commune et le publie.
command-after-help = Codes de sortie : 0 terminé ; 1 des constats arrêtent le travail ; 2 la commande n’est pas comprise ; 3 la machine n’a pas pu faire le travail (port occupé, disque plein).
command-heading-usage = Usage :
command-heading-commands = Commandes :
command-heading-options = Options :
command-init-about = Crée un dossier de projet avec un clrisk.toml commenté
command-init-long = Crée les dossiers data/ et geo/ et un clrisk.toml où chaque clé est expliquée. Avec --survey, --census et --boundaries, il le propose en entier à partir des noms, libellés et codes des fichiers, et dit de chaque clé pourquoi et quoi vérifier. N’écrase rien.
command-check-about = Lit tout, rapporte les constats et n’écrit rien
command-check-long = Lit l’enquête, le recensement et les limites comme le ferait « run », compte chaque ligne utilisée et chaque ligne écartée, compare enquête et recensement, et rapporte tous les constats. Avec --fix, note dans match.csv les codes géographiques qui ne laissent aucun doute.
command-run-about = Ajuste le modèle et écrit le brouillon dans out/draft
command-run-long = Fait tout le chemin : lit, contrôle, ajuste le modèle, parcourt le recensement, estime chaque commune avec son incertitude et écrit le brouillon confidentiel. Si quelque chose l’arrête, le brouillon précédent reste intact.
command-cells-about = Résume le recensement en cellules exactes, ici ou dans une autre base de données
command-cells-long = Écrit une ligne par combinaison de zone et de variables, avec le nombre de ses personnes : un modèle n’a pas besoin de plus. Avec --sql, imprime la requête qu’une autre base de données peut exécuter sur son recensement ; avec --import, prend le résultat (CSV ou Parquet), le vérifie et le range là où « run » le trouve.
command-scheduler-about = Répartit le parcours du recensement entre des exécuteurs
command-scheduler-long = Démarre l’ordonnanceur d’un cluster ; les exécuteurs et « run » avec --cluster s’y connectent. Il n’y a ni mot de passe ni chiffrement : à n’employer que sur un réseau privé. Ctrl+C pour arrêter.
command-executor-about = Travaille pour un ordonnanceur
command-executor-long = Démarre un exécuteur : il lit sa part du recensement, qui doit se trouver sous le même chemin sur chaque machine, et additionne. Il emploie le port donné et le suivant. Ctrl+C pour arrêter.
command-arg-sql = Imprime le SQL pour une autre base de données
command-arg-dialect = De quelle base : standard, duckdb, bigquery
command-arg-table = Nom de la table du recensement dans cette base
command-arg-import = Cellules faites par ce SQL
command-arg-cluster = Parcourt le recensement sur le cluster de cet ordonnanceur
command-arg-scheduler = Adresse de l’ordonnanceur
command-arg-tasks = Parts à la fois ; autant que de processeurs par défaut
command-cells-done = { $cells ->
        [one] { NUMBER($cells) } cellule dans { $file } (personnes : { NUMBER($persons) } ; enregistrements : { NUMBER($records) }).
       *[other] { NUMBER($cells) } cellules dans { $file } (personnes : { NUMBER($persons) } ; enregistrements : { NUMBER($records) }).
    }
command-cells-name = Pour les employer, écrivez sous [census] dans clrisk.toml : cells = "{ $file }"
command-listening = À l’écoute sur { $address } (Ctrl+C pour arrêter)
command-explain-about = Explique un code de constat ou l’estimation d’une commune
command-explain-long = Avec un code (AREA-002, par exemple), dit ce qu’il signifie et que faire. Avec le code d’une commune, dit d’où vient son estimation et quels facteurs la déplacent. Avec le mot model, le modèle entier.
command-release-about = Soumet le brouillon au contrôle de confidentialité et le publie, signé
command-release-long = Masque les petits chiffres et ceux qui permettraient de les déduire, et écrit une publication immuable dans out/release/ID, signée par une personne. Une correction est une nouvelle publication.
command-serve-about = Sert le site d’une publication
command-serve-long = Sert le site des publications : la plus récente à l’adresse courte, chacune à la sienne. Avec --release ID, celle-là seule. Le brouillon est confidentiel et n’est servi qu’avec --draft.
command-demo-about = Crée un pays inventé, fait tout le chemin et sert sa carte
command-demo-long = Produit un pays inventé dont la vérité est connue, exécute sur lui le projet complet, le publie et sert la carte. N’a besoin d’aucun fichier.
command-arg-help = Affiche cette aide
command-arg-project = Dossier du projet
command-arg-language = Langue : es, en, pt, fr
command-arg-json = Écrit les constats en JSON
command-arg-fix = Note dans match.csv les appariements suggérés
command-arg-what = Code d’un constat ou d’une commune
command-arg-release-id = Identifiant de la publication, par exemple 2026-1
command-arg-release-by = Nom de la personne qui signe
command-arg-release-office = Fonction ou institution de la personne qui signe
command-arg-release-date = Date de la signature ; aujourd’hui si elle est omise
command-arg-listen = Adresse et port
command-arg-draft = Sert le brouillon confidentiel
command-arg-serve-release = Publication à servir
command-arg-demo-folder = Dossier à créer ; clrisk-demo s’il est omis
command-arg-demo-children = Enfants du recensement inventé
command-arg-demo-seed = Graine du pays inventé
command-arg-no-serve = Termine sans servir le site
command-findings-summary = { $errors ->
        [one] { $errors } erreur
       *[other] { $errors } erreurs
    }, { $warnings ->
        [one] { $warnings } avertissement
       *[other] { $warnings } avertissements
    }, { $notes ->
        [one] { $notes } note
       *[other] { $notes } notes
    }
command-fix-done = match.csv : { $accepted ->
        [one] { NUMBER($accepted) } appariement accepté
       *[other] { NUMBER($accepted) } appariements acceptés
    }, { NUMBER($waiting) } à décider
command-init-done = { $file } créé. Complétez-le et lancez « clrisk check ».
command-step-reading = Lecture des fichiers et appariement des zones …
command-step-model = Ajustement du modèle …
command-step-population = { $rows ->
        [one] Parcours de la population … { NUMBER($rows) } ligne
       *[other] Parcours de la population … { NUMBER($rows) } lignes
    }
command-step-estimates = Estimation des communes …
command-step-writing = Écriture du brouillon …
command-run-done = Brouillon prêt dans { $folder }. Il est confidentiel.
command-run-stopped = Arrêté. Le brouillon précédent n’a pas été touché.
command-release-done = Publié dans { $folder }. Chiffres visibles : { NUMBER($shown) } ; masqués car petits : { NUMBER($primary) } ; masqués pour les protéger : { NUMBER($complementary) }.
command-release-statement = J’ai examiné les constats, la fiche du modèle et le contrôle de confidentialité, et j’autorise la publication.
command-explain-rate = Taux estimé : { $rate } (intervalle à 95 % : de { $lower } à { $upper }) ; enfants de l’enquête qui vivent ici : { $sample }.
command-explain-share = Poids de l’échantillon de la commune dans son effet : { $share } ; le reste vient du modèle.
command-explain-factor = { $points } points de pourcentage : { $factor }
command-explain-lever = Si… { $lever } : { $points } points (entre { $lower } et { $upper }) ; enfants : { $children }
command-explain-lever-reached = Si… { $lever } : déjà à la cible
command-explain-observations = A appris de { $children } enfants (unités de sondage : { $units } ; strates : { $strata }) ; communes avec un échantillon : { $sampled } sur { $areas } ; poids à l’échelle « { $scaling } ».
command-explain-area-effect = Ce qui est propre à la commune et que les variables n’expliquent pas
command-serving = Le site est à l’adresse { $address } (Ctrl+C pour terminer)
command-demo-making = Création d’un pays inventé de { NUMBER($children) } enfants …
command-port-busy = Impossible d’ouvrir { $address } : choisissez une autre adresse avec --listen.
status-value = Estimation avec un échantillon local
status-modelled_without_sample = Estimation du modèle, sans échantillon dans la commune
status-not_reliable = Estimation peu précise
status-suppressed = Chiffre masqué pour protéger l’identité des enfants
status-no_data = Sans données
command-demo-signer = Démonstration
command-demo-office = Pays inventé
command-explain-margins = Recensement amené à { $file } ({ $year }) : de { $before } à { $after } enfants ; facteurs de { $least } à { $largest }
command-explain-likelihood = Le même modèle par maximum de vraisemblance ({ $integration }), sans effet spatial : log-vraisemblance { $log }, critère d’Akaike { $akaike }
command-explain-singular = Un écart-type est nul : les intervalles par maximum de vraisemblance seraient trop courts.
command-explain-suggestion = Suggestion (le modèle ne change pas) : { $kept } aident à prédire des enfants non vus ; { $out } n’ajoutent rien. Perte { $suggested } contre { $all } avec toutes (erreur { $error }).
command-site-about = Copie le site dans un dossier qui fonctionne sans serveur
command-site-long = Écrit toutes les pages du site de la dernière publication (ou de --release ID) en fichiers aux liens relatifs, pour une clé USB ou un serveur de fichiers. Ouvrez index.html. Remplace une copie antérieure ; ne touche à aucun autre dossier non vide.
command-arg-site-output = Dossier à écrire
command-arg-site-languages = Langues séparées par des virgules (es,en,pt,fr) ; toutes si rien n’est indiqué
command-site-progress = { NUMBER($files) } fichiers …
command-site-done = Site copié dans { $folder } : { NUMBER($files) } fichiers, { $size } Mo. Ouvrez index.html.
command-inspect-about = Montre ce qu’il y a dans un fichier et ce que chaque variable semble être
command-inspect-long = Lit un fichier de n’importe quel format et dit ses tables, son encodage et, pour chaque variable, son libellé, son type, les libellés de ses valeurs, combien manquent, combien de valeurs distinctes elle a, et ce qu’elle semble être et pourquoi. Ne montre aucune valeur d’une personne.
command-convert-about = Écrit un fichier en Parquet ou en CSV avec ses libellés
command-convert-long = Lit un fichier de n’importe quel format et l’écrit en Parquet, avec libellés et provenance dans ses métadonnées, ou en CSV en UTF-8 avec un dictionnaire des variables à côté. N’écrase rien. Le nouveau fichier est aussi confidentiel que l’original.
command-arg-file = Fichier à lire
command-arg-to = Fichier à écrire : .parquet ou .csv
command-arg-file-table = Table, feuille ou entité ; toutes (inspect) ou la première (convert) si omise
command-arg-columns = Colonnes, séparées par des virgules ; toutes si omises
command-arg-encoding = Encodage des textes, si le fichier le dit mal ou pas du tout
command-arg-delimiter = Séparateur d’un texte délimité (tab pour la tabulation)
command-arg-dictionary = Fichier de libellés, de positions fixes, ou formulaire XLSForm
command-arg-keep-missing = Garde les codes que le fichier déclare comme manquants
command-arg-init-survey = Enquête auprès des ménages : le clrisk.toml est proposé à partir d’elle
command-arg-init-census = Recensement
command-arg-init-boundaries = Limites communales
command-arg-survey-dictionary = Fichier de libellés de l’enquête, s’il n’est pas à côté
command-arg-census-dictionary = Fichier de libellés du recensement, s’il n’est pas à côté
command-arg-match = Variable de l’enquête et celle du recensement qui est la même ; peut être répétée
