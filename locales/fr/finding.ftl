# Constats. Chaque code a son message et, sous .hint, ce qu’il faut faire.

finding-FILE-001 = Le fichier { $file } n’existe pas.
    .hint = Vérifiez le chemin dans clrisk.toml : il part du dossier du projet.
finding-FILE-002 = Le fichier { $file } est vide.
    .hint = Copiez-le ou exportez-le de nouveau depuis son origine.
finding-FILE-003 = Le format de { $file } n’est pas reconnu.
    .hint = Les données se lisent en CSV et en texte (aussi à positions fixes, en gzip ou zip), Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase et REDATAM ; les limites en GeoJSON, TopoJSON, shapefile, GeoPackage et FlatGeobuf. Exportez le fichier dans l’un d’eux.
finding-FILE-004 = Le fichier { $file } est endommagé ou incomplet ({ $reason ->
        [parquet] ce n’est pas un Parquet complet
        [values] une valeur ne peut être lue
        [io] il n’a pu être lu jusqu’à la fin
        [changed] il a changé après son écriture
        [newer] une version plus récente de clrisk l’a écrit
       *[other] il n’a pu être interprété
    }).
    .hint = Comparez sa taille avec l’original et copiez-le de nouveau. S’il s’agit d’une publication de clrisk, refaites-la.
finding-FILE-005 = Le fichier { $file } n’est pas en UTF-8.
    .hint = Enregistrez-le en « CSV UTF-8 », ou dites son encodage dans clrisk.toml (encoding = "windows-1252").
finding-FILE-006 = { $found ->
        [one] Une ligne de { $file } a { $found } colonne, l’en-tête en a { $expected }.
       *[other] Une ligne de { $file } a { $found } colonnes, l’en-tête en a { $expected }.
    }
    .hint = Regardez cette ligne : il manque souvent un guillemet, ou il y a un séparateur de trop.
finding-FILE-007 = { $file } n’a pas pu être écrit.
    .hint = Vérifiez les droits sur le dossier et l’espace libre du disque.
finding-READ-001 = Le fichier { $file } est de format { $format }, qui n’est pas lu ici.
    .hint = CSV et texte, Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase et REDATAM se lisent. Exportez-le dans l’un d’eux.
finding-READ-002 = Le fichier { $file } ({ $format }) utilise quelque chose qui n’est pas lu : { $feature }.
    .hint = Ouvrez-le dans le programme qui l’a produit et enregistrez-le dans une autre version ou en CSV.
finding-READ-003 = Il n’existe pas d’encodage de texte { $encoding }, demandé pour { $file }.
    .hint = Les plus courants sont windows-1252, utf-8, cp850 et cp437.
finding-READ-004 = Le fichier { $file } est protégé par un mot de passe.
    .hint = Ouvrez-le dans le programme qui l’a produit et enregistrez-le sans mot de passe.
finding-READ-005 = Le fichier { $file } n’a pas de table { $table }.
    .hint = Choisissez une des tables affichées.
finding-READ-010 = { $file } a plusieurs tables ; « { $table } » a été lue.
    .hint = Pour une autre, écrivez son nom après un # : file = "classeur.xlsx#Feuille 2".
finding-READ-011 = Le fichier { $part }, qui fait partie de { $file }, est absent.
    .hint = Copiez la base complète : le dictionnaire et tous les fichiers qui l’accompagnent.
finding-READ-012 = La colonne { $column } de { $file } contient une valeur qui n’est pas de type { $type }, contrairement à ce qui est demandé.
    .hint = Regardez cette ligne, ou retirez la colonne de la table types.
finding-READ-013 = Le dictionnaire de { $file } n’est pas compris à la ligne { $row } : { $what }.
    .hint = Ses colonnes sont name, start, width (ou end), type, decimals, label, values et missing ; docs/formats.md les explique. La syntaxe de SPSS (DATA LIST) convient aussi, avec un enregistrement par cas.
finding-READ-101 = { $count ->
        [one] Une valeur de { $file } est lue comme manquante parce que le fichier la déclare ainsi.
       *[other] { NUMBER($count) } valeurs de { $file } sont lues comme manquantes parce que le fichier les déclare ainsi (variables : { NUMBER($columns) }).
    }
    .hint = { $count ->
        [one] Si ce code a un sens pour vous, demandez à le conserver.
       *[other] Si l’un de ces codes a un sens pour vous, demandez à les conserver.
    }
finding-READ-102 = Le fichier { $file } ne dit pas comment ses textes sont encodés ; ils sont lus comme { $encoding }.
    .hint = Regardez les libellés : si des caractères étranges remplacent les accents, indiquez l’encodage.
finding-READ-103 = { $count ->
        [one] Un texte de { $file } n’est pas valide en { $encoding } ; ce qui ne peut être lu apparaît comme �.
       *[other] { NUMBER($count) } textes de { $file } ne sont pas valides en { $encoding } ; ce qui ne peut être lu apparaît comme �.
    }
    .hint = Indiquez un autre encodage, par exemple windows-1252.
finding-READ-104 = { $count ->
        [one] { $file } contient une déclaration qui n’est pas utilisée : { $what }.
       *[other] { $file } contient { NUMBER($count) } déclarations qui ne sont pas utilisées : { $what }.
    }
    .hint = Rien à faire : les données et les libellés sont lus de la même façon.
finding-READ-105 = { $expected ->
        [one] Le fichier { $file } déclare { NUMBER($expected) } ligne et en a { NUMBER($count) } ; le reste n’est pas lu.
       *[other] Le fichier { $file } déclare { NUMBER($expected) } lignes et en a { NUMBER($count) } ; le reste n’est pas lu.
    }
    .hint = Si les lignes en trop sont bonnes, enregistrez à nouveau le fichier dans le programme qui l’a produit.
finding-READ-106 = { $count ->
        [one] Une colonne de { $file } porte le nom d’une autre ou aucun ; elle est lue comme { $column }.
       *[other] { NUMBER($count) } colonnes de { $file } portent le nom d’une autre ou aucun ; la première est lue comme { $column }.
    }
    .hint = Donnez à chaque colonne un nom propre, pour que personne ne les confonde.
finding-READ-120 = Le dictionnaire { $file } ne suit pas l’ordre connu ; on y a cherché ce qui ressemble à une entité ou à une variable.
    .hint = Comparez variables et libellés avec REDATAM ; si possible, ouvrez-le dans REDATAM 7 et enregistrez-le en dicX.
finding-READ-121 = { $count ->
        [one] Une variable de { $file } n’a pas de données propres ou est d’un type non lu ; elle est laissée de côté.
       *[other] { NUMBER($count) } variables de { $file } n’ont pas de données propres ou sont d’un type non lu ; elles sont laissées de côté.
    }
    .hint = { $count ->
        [one] S’il vous la faut, calculez-la dans REDATAM et enregistrez-la comme variable de la base.
       *[other] S’il vous en faut une, calculez-la dans REDATAM et enregistrez-la comme variable de la base.
    }
finding-READ-122 = { $count ->
        [one] Les données d’une variable de l’entité { $entity } de { $file } sont absentes ; elle est laissée de côté : { $columns }.
       *[other] Les données de { NUMBER($count) } variables de l’entité { $entity } de { $file } sont absentes ; elles sont laissées de côté : { $columns }.
    }
    .hint = { $count ->
        [one] Copiez le fichier .rbf manquant à côté du dictionnaire.
       *[other] Copiez les fichiers .rbf manquants à côté du dictionnaire.
    }
finding-READ-123 = La variable { $column } de l’entité { $entity } de { $file } n’a pas une valeur par ligne (valeurs : { NUMBER($held) } ; lignes : { NUMBER($count) }) ; elle ne peut pas être lue.
    .hint = Comparez la taille de son fichier .rbf avec l’original et copiez-le à nouveau.
finding-READ-124 = { $count ->
        [one] Une colonne de { $file } écrit les décimales avec une virgule et est lue ainsi : { $columns }.
       *[other] { NUMBER($count) } colonnes de { $file } écrivent les décimales avec une virgule et sont lues ainsi : { $columns }.
    }
    .hint = Rien à faire, si ce sont des nombres.
finding-READ-125 = { $count ->
        [one] Dans une colonne de { $file }, on ne sait pas si le signe sépare les décimales ou les milliers ; « { $separator } » est lu comme décimal : { $columns }.
       *[other] Dans { NUMBER($count) } colonnes de { $file }, on ne sait pas si le signe sépare les décimales ou les milliers ; « { $separator } » est lu comme décimal : { $columns }.
    }
    .hint = Regardez une valeur connue. Si elle est fausse, déclarez la colonne comme text dans la table types, ou exportez-la sans séparateur de milliers.
finding-READ-126 = { $count ->
        [one] Une valeur de la colonne { $column } de { $file } est un point seul ; elle est lue comme manquante.
       *[other] { NUMBER($count) } valeurs de la colonne { $column } de { $file } sont un point seul ; elles sont lues comme manquantes.
    }
    .hint = Rien à faire : SAS et Stata écrivent ainsi les valeurs manquantes.
finding-READ-127 = { $count ->
        [one] Une ligne de { $file } finit par un séparateur de trop, qui ne compte pas.
       *[other] { NUMBER($count) } lignes de { $file } finissent par un séparateur de trop ; il ne compte pas.
    }
    .hint = Rien à faire.
finding-READ-132 = { $count ->
        [one] Une ligne de { $file } est plus courte que le dictionnaire ; ce qui manque à la fin est lu comme manquant.
       *[other] { NUMBER($count) } lignes de { $file } sont plus courtes que le dictionnaire ; ce qui manque à la fin est lu comme manquant.
    }
    .hint = Rien à faire si un éditeur a retiré les espaces finaux ; sinon, copiez le fichier à nouveau.
finding-READ-128 = { $count ->
        [one] Une cellule de { $file } contient une erreur de formule ; elle est lue comme manquante.
       *[other] { NUMBER($count) } cellules de { $file } contiennent une erreur de formule ; elles sont lues comme manquantes.
    }
    .hint = { $count ->
        [one] Ouvrez le classeur et corrigez la formule, ou collez-la comme valeur.
       *[other] Ouvrez le classeur et corrigez les formules, ou collez-les comme valeurs.
    }
finding-READ-129 = { $count ->
        [one] L’en-tête de { $file } est la ligne { $header } ; la ligne au-dessus ne contient pas de données.
       *[other] L’en-tête de { $file } est la ligne { $header } ; les { NUMBER($count) } lignes au-dessus ne sont pas des données.
    }
    .hint = { $count ->
        [one] Si ce n’est pas la ligne des noms, supprimez la ligne au-dessus et enregistrez une autre copie.
       *[other] Si ce n’est pas la ligne des noms, supprimez les lignes au-dessus et enregistrez une autre copie.
    }
finding-READ-130 = { $count ->
        [one] Une ligne de { $file } est marquée comme supprimée ; elle n’est pas lue.
       *[other] { NUMBER($count) } lignes de { $file } sont marquées comme supprimées ; elles ne sont pas lues.
    }
    .hint = { $count ->
        [one] Rien à faire. Dans dBase, RECALL la récupère.
       *[other] Rien à faire. Dans dBase, RECALL les récupère.
    }
finding-READ-131 = { $count ->
        [one] Un fichier de { $file } n’est pas une table et est laissé de côté.
       *[other] { NUMBER($count) } fichiers de { $file } ne sont pas des tables et sont laissés de côté.
    }
    .hint = Rien à faire, si ce que vous cherchez est parmi les tables.
finding-READ-133 = { $count ->
        [one] Une ligne à la fin de { $file }, sous le tableau, est une note ; elle n’est pas lue.
       *[other] { NUMBER($count) } lignes à la fin de { $file }, sous le tableau, sont des notes ; elles ne sont pas lues.
    }
    .hint = { $count ->
        [one] Rien à faire, si elle ne contient pas de chiffres.
       *[other] Rien à faire, si elles ne contiennent pas de chiffres.
    }
finding-READ-107 = À côté de { $file } se trouve un catalogue de libellés, { $what }, qui ne peut être lu ; les valeurs restent sans libellé.
    .hint = Copiez le catalogue à nouveau, ou retirez-le s’il n’appartient pas à ce fichier.
finding-EXPR-001 = La colonne { $column } n’existe pas dans { $file } ; { $key } la demande.
    .hint = Corrigez le nom dans clrisk.toml. Majuscules et minuscules comptent.
finding-EXPR-002 = L’expression de { $key } n’est pas comprise : { $reason }
    .hint = C’est une expression SQL sur les colonnes du fichier, par exemple CASE sexe WHEN 1 THEN 'boy' ELSE 'girl' END.
finding-EXPR-003 = Une valeur n’a pu être convertie dans le type que demande une expression de { $key }.
    .hint = Employez TRY_CAST au lieu de CAST pour qu’elle compte comme manquante, ou déclarez la colonne comme texte dans la table types.
finding-GEO-001 = { $file } ne contient pas de polygones de communes.
    .hint = Choisissez un fichier de surfaces (polygones) et vérifiez areas.filter.
finding-GEO-002 = Les coordonnées de { $file } ne sont pas des longitudes et latitudes, et le fichier ne dit pas ce qu’elles sont.
    .hint = Nommez leur système dans areas.projection (par exemple "EPSG:32618"), ou exportez les limites en WGS 84 (EPSG:4326).
finding-GEO-003 = Les limites de { $file } ont été converties de { $from } vers WGS 84.
    .hint = Rien à faire ; vérifiez sur la carte qu’elles sont à leur place.
finding-GEO-004 = Le système de coordonnées { $name } de { $file } n’est pas connu.
    .hint = Donnez-en un autre nom dans areas.projection (« EPSG:… » ou « +proj=… »), ou exportez les limites en WGS 84 (EPSG:4326).
finding-GEO-005 = Le datum { $datum } de { $file } a été ramené à WGS 84 par une translation moyenne, juste à { NUMBER($metres) } m près.
    .hint = Cela suffit pour une carte de communes. Si vous avez de meilleurs paramètres, mettez-les dans areas.projection avec +towgs84.
finding-GEO-006 = La géométrie de { $file } a été corrigée ; sa superficie a changé de { NUMBER($area) } km².
    .hint = Voyez les décomptes ; si la superficie a beaucoup changé, corrigez le fichier à sa source.
finding-GEO-007 = { $count ->
        [one] Un enregistrement de { $file } n’a pas de polygone (ou est marqué comme supprimé) et est écarté.
       *[other] { NUMBER($count) } enregistrements de { $file } n’ont pas de polygone (ou sont marqués comme supprimés) et sont écartés.
    }
    .hint = { $count ->
        [one] Rien à faire si c’est un point, une ligne ou un reste ; s’il manque une commune, cherchez-la dans le fichier.
       *[other] Rien à faire si ce sont des points, des lignes ou des restes ; s’il manque une commune, cherchez-la dans le fichier.
    }
finding-GEO-008 = La translation du datum { $datum } de { $file } n’est pas connue : la carte peut être décalée de quelques centaines de mètres.
    .hint = Mettez ses paramètres dans areas.projection avec +towgs84, ou exportez les limites en WGS 84 (EPSG:4326).
finding-GEO-009 = { $count ->
        [one] { $file } a { NUMBER($count) } couche de polygones, et areas.layer en nomme une autre.
       *[other] { $file } a { NUMBER($count) } couches de polygones, et areas.layer n’en nomme aucune.
    }
    .hint = Mettez le nom de la couche des communes dans areas.layer.
finding-GEO-010 = Les limites de { $file } ont été simplifiées de { NUMBER($before) } à { NUMBER($after) } points ; aucune superficie n’a changé de plus de { NUMBER($percent) } %. Les frontières coïncident toujours.
    .hint = Augmentez areas.max_points s’il faut plus de détail.
finding-GEO-011 = Les textes de { $file } ont été lus comme { $encoding }.
    .hint = Si les accents sortent mal, nommez l’encodage dans areas.encoding.
finding-AREA-001 = Une commune de { $file } n’a pas de code ou pas de département.
    .hint = Vérifiez areas.code et areas.department ; areas.filter permet d’écarter lacs et zones sans commune.
finding-AREA-002 = { $count ->
        [one] Un code géographique de { $file }, sur { NUMBER($codes) }, ne correspond à aucune des { NUMBER($areas) } communes ; avec une suggestion sûre : { NUMBER($sure) }.
       *[other] { NUMBER($count) } codes géographiques sur { NUMBER($codes) } de { $file } ne correspondent à aucune des { NUMBER($areas) } communes ; avec une suggestion sûre : { NUMBER($sure) }.
    }
    .hint = Lancez « clrisk check --fix » : il note dans match.csv les suggestions sûres et met un ? aux autres pour que vous décidiez (code de la commune, ou - pour les écarter).
finding-AREA-003 = Le code { $area } figure plusieurs fois dans { $file }.
    .hint = Chaque commune doit avoir un seul enregistrement. Réunissez les polygones répétés ou corrigez le code.
finding-AREA-004 = { $count ->
        [one] Une commune de la carte n’est pas dans { $file }.
       *[other] { NUMBER($count) } communes de la carte ne sont pas dans { $file }.
    }
    .hint = { $count ->
        [one] Elle sera publiée « sans données ». Si elle devrait y être, vérifiez les codes ou la date des limites.
       *[other] Elles seront publiées « sans données ». Si elles devraient y être, vérifiez les codes ou la date des limites.
    }
finding-AREA-005 = { $count ->
        [one] Une zone de { $file } est écartée par areas.filter.
       *[other] { NUMBER($count) } zones de { $file } sont écartées par areas.filter.
    }
    .hint = { $count ->
        [one] Rien à faire si c’est un lac ou une zone qui n’est pas une commune.
       *[other] Rien à faire si ce sont des lacs ou des zones qui ne sont pas des communes.
    }
finding-AREA-006 = { $count ->
        [one] Un département n’est pas dans la table areas.departments.
       *[other] { NUMBER($count) } départements ne sont pas dans la table areas.departments.
    }
    .hint = { $count ->
        [one] Ajoutez-le à la table ; d’ici là il paraît sous son code.
       *[other] Ajoutez-les à la table ; d’ici là ils paraissent sous leur code.
    }
finding-AREA-007 = { $count ->
        [one] Une ligne n’a pas de code géographique.
       *[other] { NUMBER($count) } lignes n’ont pas de code géographique.
    }
    .hint = { $count ->
        [one] Vérifiez l’expression de la zone, ou écartez cette ligne avec filter.
       *[other] Vérifiez l’expression de la zone, ou écartez ces lignes avec filter.
    }
finding-AREA-008 = Les codes de { $file } sont de « { $found } » et ceux de la carte de « { $expected } », sans table de passage.
    .hint = Donnez-en une dans crosswalk, même si les codes se ressemblent : d’une année à l’autre des communes sont créées, divisées ou renumérotées.
finding-AREA-009 = { $count ->
        [one] Un code de la table de passage { $file } mène à plusieurs communes, et elle ne dit pas quelle part va à chacune.
       *[other] { NUMBER($count) } codes de la table de passage { $file } mènent à plusieurs communes, et elle ne dit pas quelle part va à chacune.
    }
    .hint = Ajoutez une colonne avec la part de la population qui va à chacune et nommez-la dans crosswalk.share.
finding-AREA-010 = { $count ->
        [one] Les parts d’un code de la table de passage { $file } ne font pas 1, ou l’une n’est pas un nombre.
       *[other] Les parts de { NUMBER($count) } codes de la table de passage { $file } ne font pas 1, ou l’une n’est pas un nombre.
    }
    .hint = Corrigez-les : ce qui manque ou dépasse, ce sont des personnes perdues ou inventées.
finding-AREA-011 = { $count ->
        [one] Un code de { $file } a été réparti entre { NUMBER($areas) } communes par la table de passage (lignes : { NUMBER($rows) }).
       *[other] { NUMBER($count) } codes de { $file } ont été répartis entre { NUMBER($areas) } communes par la table de passage (lignes : { NUMBER($rows) }).
    }
    .hint = On suppose que les enfants des parties se ressemblent ; dites-le en publiant.
finding-AREA-012 = { $areas ->
        [one] Une commune de la carte réunit { NUMBER($count) } codes de { $file }.
       *[other] { NUMBER($areas) } communes de la carte réunissent { NUMBER($count) } codes de { $file }.
    }
    .hint = { $areas ->
        [one] Rien à faire si d’anciennes communes y ont fusionné ; sinon vérifiez la table de passage et match.csv.
       *[other] Rien à faire si elles ont fusionné ; sinon vérifiez la table de passage et match.csv.
    }
finding-AREA-013 = { $rows ->
        [one] Une ligne de { $file }, d’un code divisé, a été comptée dans la commune qui a reçu la plus grande part.
       *[other] { NUMBER($rows) } lignes de { $file } (codes divisés : { NUMBER($count) }) ont été comptées dans la commune qui a reçu la plus grande part.
    }
    .hint = Une personne de l’enquête habite un seul lieu ; si le fichier le sait mieux, utilisez ce code.
finding-AREA-014 = { $areas ->
        [one] Une commune prend la moyenne de plusieurs lignes de { $file }.
       *[other] { NUMBER($areas) } communes prennent la moyenne de plusieurs lignes de { $file }.
    }
    .hint = Donnez dans area_covariates.weight la population de chaque ligne pour que la moyenne soit pondérée.
finding-JOIN-001 = Une ligne de match.csv n’est pas comprise ou répète une décision.
    .hint = Chaque ligne porte file,code,area,note ; area est le code de la commune, - ou ?.
finding-JOIN-002 = { $count ->
        [one] Une ligne de match.csv mène à un code qui n’est pas sur la carte.
       *[other] { NUMBER($count) } lignes de match.csv mènent à un code qui n’est pas sur la carte.
    }
    .hint = { $count ->
        [one] Corrigez le code de cette ligne, ou supprimez-la et lancez « clrisk check --fix ».
       *[other] Corrigez le code de ces lignes, ou supprimez-les et lancez « clrisk check --fix ».
    }
finding-CLUSTER-001 = Personne ne répond à { $address }.
    .hint = Vérifiez que « clrisk scheduler » tourne à cette adresse et que le réseau permet de l’atteindre.
finding-CLUSTER-002 = Le cluster à { $address } n’a pas pu finir : { $reason }
    .hint = Vérifiez que tous ses processus sont de cette version de clrisk et que chaque exécuteur lit le recensement par le même chemin.
finding-CLUSTER-003 = { $counted ->
        [one] Le cluster à { $address } a compté { NUMBER($counted) } ligne du recensement, qui en a { NUMBER($rows) }.
       *[other] Le cluster à { $address } a compté { NUMBER($counted) } lignes du recensement, qui en a { NUMBER($rows) }.
    }
    .hint = Rien n’a été écrit. Relancez ; si cela se reproduit, lancez sans --cluster et prévenez la personne qui s’occupe du cluster.
finding-CODE-001 = Le modèle ou les groupes demandent la variable { $variable }, qui n’est pas définie.
    .hint = Ajoutez [variables.{ $variable }] à clrisk.toml ou corrigez le nom.
finding-CODE-002 = Il manque une expression à la variable { $variable }.
    .hint = Donnez-lui survey et census, ou bien area avec une table [area_covariates].
finding-CODE-003 = La variable { $variable } ne peut former de groupes de publication : elle n’a pas de catégories.
    .hint = Donnez-lui levels, ou retirez-la de publish.groups.
finding-CONFIG-001 = clrisk.toml n’est pas valide : { $reason }
    .hint = Corrigez la ligne indiquée ; toutes les clés sont expliquées dans docs/settings.md.
finding-CONFIG-002 = Il manque la clé { $key }.
    .hint = Ajoutez-la à clrisk.toml ; elle est expliquée dans docs/settings.md.
finding-CONFIG-003 = Il n’y a pas de clrisk.toml dans { $folder }.
    .hint = Créez-en un avec « clrisk init », ou indiquez le dossier avec --project.
finding-CONFIG-004 = Il y a déjà un projet ou autre chose dans { $folder }.
    .hint = Rien n’est écrasé. Choisissez un autre dossier.
finding-DATA-000 = { $file } : { $read ->
        [one] { NUMBER($read) } ligne lue
       *[other] { NUMBER($read) } lignes lues
    }, { $used ->
        [one] { NUMBER($used) } utilisée
       *[other] { NUMBER($used) } utilisées
    }, { $excluded ->
        [one] { NUMBER($excluded) } écartée
       *[other] { NUMBER($excluded) } écartées
    }.
    .hint = Chaque exclusion est donnée avec sa raison.
finding-DATA-001 = Aucune ligne de { $file } n’appartient à l’étude.
    .hint = Vérifiez outcome.ages, l’expression de l’âge et filter.
finding-DATA-002 = { $count ->
        [one] Une ligne a dans { $key } une valeur qui n’est pas un nombre.
       *[other] { NUMBER($count) } lignes ont dans { $key } une valeur qui n’est pas un nombre.
    }
    .hint = { $count ->
        [one] Corrigez la valeur, ou employez TRY_CAST pour qu’elle compte comme manquante.
       *[other] Corrigez les données, ou employez TRY_CAST pour qu’elles comptent comme manquantes.
    }
finding-DATA-003 = { $count ->
        [one] Une ligne ({ NUMBER($percent) } %) n’a pas de valeur pour { $variable } et est écartée.
       *[other] { NUMBER($count) } lignes ({ NUMBER($percent) } %) n’ont pas de valeur pour { $variable } et sont écartées.
    }
    .hint = Si elles sont nombreuses, l’estimation peut être biaisée : recodez les valeurs manquantes ou changez de variable.
finding-DATA-004 = { $count ->
        [one] Une ligne a pour { $variable } une catégorie que { $key } ne connaît pas.
       *[other] { NUMBER($count) } lignes ont pour { $variable } une catégorie que { $key } ne connaît pas.
    }
    .hint = Ajoutez la catégorie à levels ou recodez-la dans l’expression.
finding-DATA-005 = { $count ->
        [one] Une ligne a pour { $variable } une valeur qui n’est ni 0 ni 1.
       *[other] { NUMBER($count) } lignes ont pour { $variable } une valeur qui n’est ni 0 ni 1.
    }
    .hint = L’expression outcome.survey doit donner 1, 0 ou rien.
finding-DATA-006 = Aucun enfant de { $file } n’appartient à l’étude.
    .hint = Vérifiez census.age ou census.bands, census.filter et census.count.
finding-DATA-007 = { $count ->
        [one] Une ligne a un nombre de personnes négatif ou qui n’est pas un nombre.
       *[other] { NUMBER($count) } lignes ont un nombre de personnes négatif ou qui n’est pas un nombre.
    }
    .hint = Vérifiez census.count.
finding-DESIGN-001 = { $count ->
        [one] Une strate n’a qu’une unité primaire : sa variance ne peut être mesurée.
       *[other] { NUMBER($count) } strates n’ont qu’une unité primaire : leur variance ne peut être mesurée.
    }
    .hint = { $count ->
        [one] Choisissez survey.lonely_psu : merge la réunit à une autre, centre la compare à la moyenne générale, certainty la tient pour certaine.
       *[other] Choisissez survey.lonely_psu : merge les réunit à une autre, centre les compare à la moyenne générale, certainty les tient pour certaines.
    }
finding-DESIGN-002 = { $count ->
        [one] Une ligne a un poids de sondage négatif, nul ou qui n’est pas un nombre.
       *[other] { NUMBER($count) } lignes ont un poids de sondage négatif, nul ou qui n’est pas un nombre.
    }
    .hint = Vérifiez survey.weight ; une ligne sans poids ne représente personne.
finding-DESIGN-003 = { $count ->
        [one] Une ligne n’a pas de strate ou pas d’unité primaire.
       *[other] { NUMBER($count) } lignes n’ont pas de strate ou pas d’unité primaire.
    }
    .hint = Vérifiez survey.stratum et survey.psu.
finding-DESIGN-004 = { $count ->
        [one] Le plan de sondage se contredit une fois : une unité primaire est dans plusieurs strates.
       *[other] Le plan de sondage se contredit { NUMBER($count) } fois : une unité primaire est dans plusieurs strates.
    }
    .hint = Rendez l’unité primaire unique dans le pays, par exemple strate * 100000 + upe.
finding-DESIGN-005 = { $count ->
        [one] La population finie d’unités primaires est inutilisable en un endroit : elle manque, varie dans une strate ou est plus petite que l’échantillon.
       *[other] La population finie d’unités primaires est inutilisable en { NUMBER($count) } endroits : elle manque, varie dans une strate ou est plus petite que l’échantillon.
    }
    .hint = Vérifiez survey.finite_population : le nombre d’unités primaires de chaque strate, le même dans toutes ses lignes.
finding-DESIGN-006 = { $count ->
        [one] Une ligne a des poids de réplication manquants ou négatifs.
       *[other] { NUMBER($count) } lignes ont des poids de réplication manquants ou négatifs.
    }
    .hint = Vérifiez survey.replicates.columns ; les poids de réplication doivent être complets et déjà multipliés par le poids de sondage.
finding-DESIGN-007 = Aucune colonne de { $file } ne correspond à « { $pattern } ».
    .hint = Écrivez le nom commun des poids de réplication avec un astérisque, par exemple "repw*".
finding-COMPARE-001 = La variable { $variable } se répartit autrement dans l’enquête et dans le recensement (différence standardisée { NUMBER($difference) }).
    .hint = Vérifiez que questions et recodages disent la même chose ; si le pays a changé entre les deux dates, dites-le en publiant.
finding-COMPARE-002 = La catégorie { $category } de { $variable } ne figure pas dans { $file }.
    .hint = Réunissez-la à une autre catégorie ou vérifiez l’expression.
finding-COMPARE-003 = Le recensement n’a que le groupe de { $from } à { $to } ans ; ceux de { $wanted_from } à { $wanted_to } ans sont comptés selon leur part dans l’enquête : { NUMBER($percent) } %.
    .hint = Obtenez les âges détaillés si possible. La part est supposée la même dans toutes les communes.
finding-COMPARE-004 = L’enquête est de { $survey } et le recensement de { $census } : { $years } ans d’écart.
    .hint = Dites-le en publiant, ou ajustez le recensement à des projections plus récentes.
finding-BENCH-001 = Il n’y a pas d’estimation directe utilisable pour { $area } ; ses communes n’y sont pas ajustées.
    .hint = Prenez un niveau plus haut dans model.benchmark si elle manque en de nombreuses zones.
finding-CELLS-001 = La colonne { $column } manque dans { $file }.
    .hint = Faites le fichier avec le SQL de « clrisk cells --sql », sans le modifier.
finding-CELLS-002 = Les cellules de { $file } ont été faites avec d’autres expressions que celles de clrisk.toml.
    .hint = Relancez « clrisk cells --sql », portez ce SQL à la base de données et importez le résultat.
finding-CELLS-003 = { $variable } a trop de valeurs pour des cellules exactes : elle est découpée en tranches de { NUMBER($width) } et chaque cellule garde la moyenne.
    .hint = Le coût pour les estimations est très faible. Pour des cellules exactes, recodez la variable en catégories.
finding-CELLS-004 = { $key } emploie TRY_CAST, que toutes les bases de données ne comprennent pas.
    .hint = Écrivez la conversion comme votre base la comprend, choisissez un autre --dialect, ou nettoyez d’abord la colonne.
finding-CELLS-005 = { NUMBER($cells) } cellules pour { NUMBER($records) } enregistrements : les cellules n’économisent presque rien.
    .hint = Utilisez directement le recensement, ou regroupez des catégories des variables qui en ont le plus.
finding-CELLS-006 = { $count ->
        [one] { $file } contient un état de ligne que le SQL de clrisk n’écrit pas.
       *[other] { $file } contient { NUMBER($count) } états de ligne que le SQL de clrisk n’écrit pas.
    }
    .hint = Faites le fichier avec le SQL de « clrisk cells --sql », sans le modifier.
finding-CLASS-001 = La règle de classes { $rule } n’existe pas ou ses nombres ne vont pas ensemble.
    .hint = Employez jenks, quantile, equal, dalenius_hodges, k_means ou fixed (avec breaks croissants), et de 2 à 7 classes.
finding-LEVER-001 = Le levier « { $lever } » déplace « { $variable } », qui n’est pas dans la formule du modèle.
    .hint = Ajoutez la variable à model.formula ou retirez le levier.
finding-LEVER-002 = Le levier « { $lever } » déplace « { $variable } », qui interagit avec une autre variable dans la formule.
    .hint = Son effet dépendrait de l’autre variable. Utilisez une formule sans cette interaction, ou retirez le levier.
finding-LEVER-003 = Le levier « { $lever } » est incomplet ou ne convient pas à « { $variable } ».
    .hint = Une variable à catégories demande category et to ("national" ou une part de 0 à 1) ; un nombre demande to et direction ("up" ou "down").
finding-MODEL-001 = La formule n’est pas comprise : { $reason }
    .hint = Écrivez-la comme dans lme4 : résultat ~ variable + autre + (1 | municipality).
finding-MODEL-002 = Ces colonnes disent la même chose que d’autres : { $columns }.
    .hint = Retirez l’une des variables ou réunissez ses catégories.
finding-MODEL-003 = Ces colonnes prédisent le résultat sans exception : { $columns }.
    .hint = La cause est souvent une catégorie qui a très peu d’enfants : réunissez-la à une autre.
finding-MODEL-004 = Tous les enfants de l’enquête ont le même résultat : il n’y a rien à apprendre.
    .hint = Vérifiez outcome.survey.
finding-MODEL-005 = Le modèle n’a pu être estimé : { $reason }
    .hint = Simplifiez la formule ; commencez par (1 | municipality).
finding-MODEL-006 = La variation de { $term } est presque nulle.
    .hint = Vous pouvez retirer ce terme de la formule ; le laisser ne nuit pas.
finding-MODEL-007 = { $count ->
        [one] Seul un groupe de { $group } est dans l’échantillon : la variation est mal connue.
       *[other] Seuls { NUMBER($count) } groupes de { $group } sont dans l’échantillon : leur variation est mal connue.
    }
    .hint = Retirez ce terme ou prenez un regroupement qui a plus de groupes.
finding-MODEL-008 = Le résumé du recensement s’écarte d’au plus { NUMBER($points) } points de pourcentage du calcul ligne par ligne.
    .hint = C’est peu devant les intervalles. Sinon, dites-nous le nombre de variables et de zones.
finding-MODEL-009 = Le regroupement { $group } n’existe pas.
    .hint = Les effets aléatoires peuvent être de municipality, department ou region.
finding-MODEL-010 = La formule explique { $found }, mais le résultat du projet est { $expected }.
    .hint = Rendez égaux outcome.name et le côté gauche de model.formula.
finding-MODEL-011 = Le modèle distingue à peine : dans des communes qu’il n’a pas vues, il n’ordonne bien qu’une part de { NUMBER($auc) } des paires formées d’un enfant avec et d’un enfant sans le résultat (au hasard, ce serait la moitié).
    .hint = Cherchez des variables qui expliquent davantage, dans l’enquête et le recensement ; d’ici là, les communes sans échantillon ressembleront à la moyenne.
finding-MODEL-012 = Pour des enfants que le modèle n’a pas vus, ses prédictions sont trop extrêmes ou trop plates (pente de calibration { NUMBER($slope) } ; elle devrait être 1).
    .hint = Au-dessous de 1 : retirez les variables ou catégories à très peu de cas. Au-dessus de 1 : il manque au modèle quelque chose qui distingue.
finding-MODEL-013 = { $count ->
        [one] Une commune n’a de frontière avec aucune autre ; l’effet spatial n’en dit rien.
       *[other] { NUMBER($count) } communes n’ont de frontière avec aucune autre ; l’effet spatial n’en dit rien.
    }
    .hint = { $count ->
        [one] Si elle a des voisines, les limites du fichier ne coïncident pas : corrigez sa topologie.
       *[other] Si elles ont des voisines, les limites du fichier ne coïncident pas : corrigez sa topologie.
    }
finding-MODEL-014 = L’effet spatial ne peut être construit : { $reason }
    .hint = Vérifiez les limites et model.spatial_functions, ou retirez model.spatial.
finding-MODEL-015 = Le modèle au niveau des zones a un seul effet, celui de la commune ; la formule en a un autre, de { $group }.
    .hint = Laissez (1 | municipality) dans la formule, ou utilisez model.estimator = "multilevel".
finding-MODEL-016 = Le modèle au niveau des zones n’estime pas de groupes dans la commune.
    .hint = Retirez publish.groups, ou utilisez model.estimator = "multilevel".
finding-MODEL-017 = Le modèle au niveau des zones n’a pas de leviers : il ne connaît pas les enfants un à un.
    .hint = Retirez [[levers]], ou utilisez model.estimator = "multilevel".
finding-MARGIN-001 = { $file } ne peut servir de marge : { $reason ->
        [missing] le recensement a des enfants dans des zones ou groupes qui lui manquent
        [area] il a une zone que la carte ne connaît pas
        [category] il a une catégorie que le dictionnaire ne connaît pas
        [count] il a un nombre d’enfants manquant ou négatif
       *[twice] il a deux fois la même zone et le même groupe
    }.
    .hint = Complétez ou corrigez le fichier, ou changez les expressions de census.margins.
finding-MARGIN-002 = La variable { $variable } d’une marge n’est pas parmi celles publiées.
    .hint = Ajoutez-la à publish.groups : le recensement est ajusté par zone et groupe publié.
finding-MARGIN-003 = Les marges ne peuvent être satisfaites ensemble : { $reason }
    .hint = Toutes les marges doivent donner le même total d’enfants des âges étudiés.
finding-MARGIN-004 = L’ajustement aux marges multiplie le nombre d’enfants par { NUMBER($least) } à { NUMBER($largest) }.
    .hint = Vérifiez que la marge compte les mêmes enfants (âges, zones). Si c’est le cas, le recensement est ancien et les écarts sont réels.
finding-RELEASE-001 = Il n’y a pas de brouillon.
    .hint = Lancez « clrisk run ».
finding-RELEASE-002 = Le brouillon contient des erreurs.
    .hint = Lancez « clrisk check », corrigez-les et relancez « clrisk run ».
finding-RELEASE-003 = La publication { $id } existe déjà, ou son nom ne convient pas.
    .hint = Une publication ne change pas : choisissez un autre identifiant de lettres, chiffres, point, tiret.
finding-RELEASE-004 = clrisk.toml a changé après le brouillon.
    .hint = Relancez « clrisk run ».
finding-RELEASE-005 = Il n’est pas dit qui signe.
    .hint = Donnez --by avec un nom et --office avec une fonction ou une institution.
finding-RELEASE-006 = Tous les petits chiffres n’ont pu être protégés : les tableaux ne s’additionnent pas.
    .hint = Relancez « clrisk run » ; si cela persiste, retirez un croisement de publish.groups.
finding-RELEASE-007 = Il n’y a pas encore de publication de ce nom.
    .hint = Publiez avec « clrisk release », ou regardez le brouillon avec --draft.
finding-EXPLAIN-001 = { $what } n’est le code ni d’un constat ni d’une commune.
    .hint = Les codes de commune sont du texte, avec leurs zéros initiaux.
finding-DEMO-001 = Ce pays ne peut être inventé : { $reason }
    .hint = Changez --children.

reason-age-unknown = âge inconnu
reason-age-outside = âge hors de l’étude
reason-filter = écartées par filter
reason-outcome-unknown = résultat inconnu
reason-area-left-out = zone écartée dans match.csv
reason-area-unmatched = zone sans commune
reason-variable-missing = il manque une variable du modèle
reason-match-other_name = le code est proche, pas le nom
reason-match-name_near = nom voisin
reason-match-name = même nom
reason-match-name_in_parent = même nom dans le même département
reason-match-prefix_and_name = même début et même nom
reason-match-prefix = même début
reason-match-suffix = même fin
reason-match-leading_zero = même nombre, avec ses zéros
reason-feature-lost = zones restées sans surface
reason-feature-crossing = zones dont les lignes se croisaient, coupées aux croisements
reason-ring-empty = anneaux sans surface, retirés
reason-point-spike = pointes aller-retour
reason-point-repeated = points répétés
reason-ring-unclosed = anneaux non fermés
