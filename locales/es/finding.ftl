# Hallazgos. Cada código tiene su mensaje y, en .hint, qué hacer.

finding-FILE-001 = No existe el archivo { $file }.
    .hint = Revise la ruta en clrisk.toml: se cuenta desde la carpeta del proyecto.
finding-FILE-002 = El archivo { $file } está vacío.
    .hint = Vuelva a copiarlo o a exportarlo desde su origen.
finding-FILE-003 = No se reconoce el formato de { $file }.
    .hint = Se leen datos de CSV y texto (también a posiciones fijas, en gzip o zip), Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase y REDATAM; límites de GeoJSON, TopoJSON, shapefile, GeoPackage y FlatGeobuf. Exporte el archivo a uno de ellos.
finding-FILE-004 = El archivo { $file } está dañado o incompleto ({ $reason ->
        [parquet] no es un Parquet completo
        [values] un valor no se puede leer
        [io] no se pudo leer hasta el final
        [changed] cambió después de escribirse
        [newer] lo escribió una versión más nueva de clrisk
       *[other] no se pudo interpretar
    }).
    .hint = Compare su tamaño con el original y vuelva a copiarlo. Si es una publicación de clrisk, vuelva a producirla.
finding-FILE-005 = El archivo { $file } no está en UTF-8.
    .hint = Guárdelo como «CSV UTF-8», o diga su codificación en clrisk.toml (encoding = "windows-1252").
finding-FILE-006 = { $found ->
        [one] Una fila de { $file } tiene { $found } columna y el encabezado { $expected }.
       *[other] Una fila de { $file } tiene { $found } columnas y el encabezado { $expected }.
    }
    .hint = Revise esa fila: suele faltar una comilla o sobrar un separador.
finding-FILE-007 = No se pudo escribir { $file }.
    .hint = Revise los permisos de la carpeta y el espacio libre en el disco.
finding-READ-001 = El archivo { $file } es de { $format }, que aquí no se lee.
    .hint = Se leen CSV y texto, Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase y REDATAM. Expórtelo a uno de ellos.
finding-READ-002 = El archivo { $file } ({ $format }) usa algo que no se lee: { $feature }.
    .hint = Ábralo en el programa que lo hizo y guárdelo en otra versión o como CSV.
finding-READ-003 = No existe la codificación de texto { $encoding }, pedida para { $file }.
    .hint = Las más usadas son windows-1252, utf-8, cp850 y cp437.
finding-READ-004 = El archivo { $file } está protegido con contraseña.
    .hint = Ábralo en el programa que lo hizo y guárdelo sin contraseña.
finding-READ-005 = El archivo { $file } no tiene ninguna tabla { $table }.
    .hint = Elija una de las tablas que se muestran.
finding-READ-010 = { $file } tiene varias tablas; se leyó «{ $table }».
    .hint = Si quiere otra, escriba su nombre después de un #: file = "libro.xlsx#Hoja 2".
finding-READ-011 = No está el archivo { $part }, que forma parte de { $file }.
    .hint = Copie la base completa: el diccionario y todos los archivos que lo acompañan.
finding-READ-012 = La columna { $column } de { $file } tiene un valor que no es { $type }, como se pide.
    .hint = Mire esa fila, o quite la columna de la tabla types.
finding-READ-013 = No se entiende el diccionario de { $file } en la fila { $row }: { $what }.
    .hint = Sus columnas son name, start, width (o end), type, decimals, label, values y missing; se explican en docs/formats.md. También vale la sintaxis de SPSS (DATA LIST), con un registro por caso.
finding-READ-101 = { $count ->
        [one] Un valor de { $file } se lee como faltante porque el archivo lo declara así.
       *[other] { NUMBER($count) } valores de { $file } se leen como faltantes porque el archivo los declara así (variables: { NUMBER($columns) }).
    }
    .hint = { $count ->
        [one] Si ese código significa algo para usted, pida que se conserve.
       *[other] Si alguno de esos códigos significa algo para usted, pida que se conserven.
    }
finding-READ-102 = El archivo { $file } no dice en qué codificación están sus textos; se leen como { $encoding }.
    .hint = Mire las etiquetas: si ve letras extrañas en lugar de tildes y eñes, indique la codificación.
finding-READ-103 = { $count ->
        [one] Un texto de { $file } no es válido en { $encoding }; lo que no se entiende aparece como �.
       *[other] { NUMBER($count) } textos de { $file } no son válidos en { $encoding }; lo que no se entiende aparece como �.
    }
    .hint = Indique otra codificación, por ejemplo windows-1252.
finding-READ-104 = { $count ->
        [one] { $file } contiene una declaración que no se usa: { $what }.
       *[other] { $file } contiene { NUMBER($count) } declaraciones que no se usan: { $what }.
    }
    .hint = Nada que hacer: los datos y las etiquetas se leen igual.
finding-READ-105 = { $expected ->
        [one] El archivo { $file } declara { NUMBER($expected) } fila y tiene { NUMBER($count) }; lo demás no se lee.
       *[other] El archivo { $file } declara { NUMBER($expected) } filas y tiene { NUMBER($count) }; lo demás no se lee.
    }
    .hint = Si las filas de más son buenas, vuelva a guardar el archivo en el programa que lo hizo.
finding-READ-106 = { $count ->
        [one] Hay una columna de { $file } con el nombre de otra o sin nombre; se lee como { $column }.
       *[other] Hay { NUMBER($count) } columnas de { $file } con el nombre de otra o sin nombre; la primera se lee como { $column }.
    }
    .hint = Ponga a cada columna un nombre propio, para que nadie las confunda.
finding-READ-120 = El diccionario { $file } no sigue el orden conocido; se buscó en él lo que parece una entidad o una variable.
    .hint = Compare las variables y etiquetas con REDATAM; si puede, ábralo en REDATAM 7 y guárdelo como dicX.
finding-READ-121 = { $count ->
        [one] Una variable de { $file } no tiene datos propios o es de un tipo que no se lee; se deja fuera.
       *[other] { NUMBER($count) } variables de { $file } no tienen datos propios o son de un tipo que no se lee; se dejan fuera.
    }
    .hint = { $count ->
        [one] Si la necesita, calcúlela en REDATAM y guárdela como variable de la base.
       *[other] Si necesita alguna, calcúlela en REDATAM y guárdela como variable de la base.
    }
finding-READ-122 = { $count ->
        [one] Faltan los datos de una variable de la entidad { $entity } de { $file }; queda fuera: { $columns }.
       *[other] Faltan los datos de { NUMBER($count) } variables de la entidad { $entity } de { $file }; quedan fuera: { $columns }.
    }
    .hint = { $count ->
        [one] Copie el archivo .rbf que falta junto al diccionario.
       *[other] Copie los archivos .rbf que faltan junto al diccionario.
    }
finding-READ-123 = La variable { $column } de la entidad { $entity } de { $file } no tiene un valor por fila (valores: { NUMBER($held) }; filas: { NUMBER($count) }); no se puede leer.
    .hint = Compare el tamaño de su archivo .rbf con el original y vuelva a copiarlo.
finding-READ-124 = { $count ->
        [one] Una columna de { $file } escribe los decimales con coma; así se lee: { $columns }.
       *[other] { NUMBER($count) } columnas de { $file } escriben los decimales con coma; así se leen: { $columns }.
    }
    .hint = Nada que hacer, si son números.
finding-READ-125 = { $count ->
        [one] En una columna de { $file } no se sabe si el signo separa decimales o miles; se lee «{ $separator }» como decimal: { $columns }.
       *[other] En { NUMBER($count) } columnas de { $file } no se sabe si el signo separa decimales o miles; se lee «{ $separator }» como decimal: { $columns }.
    }
    .hint = Mire un valor conocido. Si está mal, declare la columna como text en la tabla types, o expórtela sin separador de miles.
finding-READ-126 = { $count ->
        [one] Un valor de la columna { $column } de { $file } es un punto solo; se lee como faltante.
       *[other] { NUMBER($count) } valores de la columna { $column } de { $file } son un punto solo; se leen como faltantes.
    }
    .hint = Nada que hacer: así escriben los faltantes SAS y Stata.
finding-READ-127 = { $count ->
        [one] Una fila de { $file } termina con un separador de más, que no se cuenta.
       *[other] { NUMBER($count) } filas de { $file } terminan con un separador de más; no se cuenta.
    }
    .hint = Nada que hacer.
finding-READ-132 = { $count ->
        [one] Una fila de { $file } es más corta que el diccionario; lo que falta al final se lee como faltante.
       *[other] { NUMBER($count) } filas de { $file } son más cortas que el diccionario; lo que falta al final se lee como faltante.
    }
    .hint = Nada que hacer si un editor quitó los espacios finales; si no, vuelva a copiar el archivo.
finding-READ-128 = { $count ->
        [one] Una celda de { $file } contiene un error de fórmula; se lee como faltante.
       *[other] { NUMBER($count) } celdas de { $file } contienen un error de fórmula; se leen como faltantes.
    }
    .hint = { $count ->
        [one] Abra el libro y corrija la fórmula, o péguela como valor.
       *[other] Abra el libro y corrija las fórmulas, o péguelas como valores.
    }
finding-READ-129 = { $count ->
        [one] El encabezado de { $file } está en la fila { $header }; la fila de encima no contiene datos.
       *[other] El encabezado de { $file } está en la fila { $header }; las { NUMBER($count) } filas de encima no son datos.
    }
    .hint = { $count ->
        [one] Si no es esa la fila de los nombres, borre la fila de encima y guarde otra copia.
       *[other] Si no es esa la fila de los nombres, borre las filas de encima y guarde otra copia.
    }
finding-READ-130 = { $count ->
        [one] Una fila de { $file } está marcada como borrada; no se lee.
       *[other] { NUMBER($count) } filas de { $file } están marcadas como borradas; no se leen.
    }
    .hint = { $count ->
        [one] Nada que hacer. En dBase, RECALL la recupera.
       *[other] Nada que hacer. En dBase, RECALL las recupera.
    }
finding-READ-131 = { $count ->
        [one] Un archivo de { $file } no es una tabla y queda fuera.
       *[other] { NUMBER($count) } archivos de { $file } no son tablas y quedan fuera.
    }
    .hint = Nada que hacer, si lo que busca está entre las tablas.
finding-READ-133 = { $count ->
        [one] Una fila al final de { $file }, debajo de la tabla, es una nota; no se lee.
       *[other] { NUMBER($count) } filas al final de { $file }, debajo de la tabla, son notas; no se leen.
    }
    .hint = { $count ->
        [one] Nada que hacer, si no contiene cifras.
       *[other] Nada que hacer, si no contienen cifras.
    }
finding-READ-107 = Junto a { $file } hay un catálogo de etiquetas, { $what }, que no se puede leer; los valores quedan sin etiqueta.
    .hint = Copie el catálogo otra vez, o quítelo si no pertenece a este archivo.
finding-EXPR-001 = La columna { $column } no existe en { $file }; la pide { $key }.
    .hint = Corrija el nombre en clrisk.toml. Mayúsculas y minúsculas cuentan.
finding-EXPR-002 = No se entiende la expresión de { $key }: { $reason }
    .hint = Es una expresión SQL sobre las columnas del archivo, por ejemplo CASE sexo WHEN 1 THEN 'boy' ELSE 'girl' END.
finding-EXPR-003 = Un valor no se pudo convertir al tipo que pide una expresión de { $key }.
    .hint = Use TRY_CAST en lugar de CAST para que el valor cuente como faltante, o declare la columna como texto en la tabla types.
finding-GEO-001 = { $file } no contiene polígonos de municipios.
    .hint = Elija un archivo de áreas (polígonos) y revise areas.filter.
finding-GEO-002 = Las coordenadas de { $file } no son longitud y latitud, y el archivo no dice qué son.
    .hint = Diga su sistema en areas.projection (por ejemplo "EPSG:32615"), o exporte los límites en WGS 84 (EPSG:4326).
finding-GEO-003 = Los límites de { $file } se llevaron de { $from } a WGS 84.
    .hint = Nada que hacer; mire en el mapa que estén en su sitio.
finding-GEO-004 = No se conoce el sistema de coordenadas { $name } de { $file }.
    .hint = Diga otro nombre suyo en areas.projection ("EPSG:…" o "+proj=…"), o exporte los límites en WGS 84 (EPSG:4326).
finding-GEO-005 = El datum { $datum } de { $file } se llevó a WGS 84 con un desplazamiento medio, exacto a unos { NUMBER($metres) } m.
    .hint = Basta para un mapa de municipios. Si tiene mejores parámetros, póngalos en areas.projection con +towgs84.
finding-GEO-006 = Se corrigió la geometría de { $file }; la superficie cambió en { NUMBER($area) } km².
    .hint = Mire las cuentas; si la superficie cambió mucho, corrija el archivo en su origen.
finding-GEO-007 = { $count ->
        [one] Un registro de { $file } no tiene polígono (o está marcado como borrado) y queda fuera.
       *[other] { NUMBER($count) } registros de { $file } no tienen polígono (o están marcados como borrados) y quedan fuera.
    }
    .hint = { $count ->
        [one] Nada que hacer si es un punto, una línea o un resto; si falta un municipio, búsquelo en el archivo.
       *[other] Nada que hacer si son puntos, líneas o restos; si falta un municipio, búsquelo en el archivo.
    }
finding-GEO-008 = No se conoce el desplazamiento del datum { $datum } de { $file }: el mapa puede estar corrido unos cientos de metros.
    .hint = Ponga los parámetros en areas.projection con +towgs84, o exporte los límites en WGS 84 (EPSG:4326).
finding-GEO-009 = { $count ->
        [one] { $file } tiene una sola capa de polígonos y areas.layer nombra otra.
       *[other] { $file } tiene { NUMBER($count) } capas de polígonos y areas.layer no nombra una de ellas.
    }
    .hint = Ponga en areas.layer el nombre de la capa de municipios.
finding-GEO-010 = Los límites de { $file } se simplificaron de { NUMBER($before) } a { NUMBER($after) } puntos; ninguna superficie cambió más de { NUMBER($percent) } %. Las fronteras siguen coincidiendo.
    .hint = Suba areas.max_points si necesita más detalle.
finding-GEO-011 = Los textos de { $file } se leyeron como { $encoding }.
    .hint = Si las eñes y tildes salen mal, diga la codificación en areas.encoding.
finding-AREA-001 = Un municipio de { $file } no tiene código o no tiene departamento.
    .hint = Revise areas.code y areas.department; con areas.filter puede dejar fuera lagos y zonas sin municipio.
finding-AREA-002 = { $count ->
        [one] Un código de área de { $file }, de { NUMBER($codes) } en total, no corresponde a ninguno de los { NUMBER($areas) } municipios; con una sugerencia sin duda: { NUMBER($sure) }.
       *[other] { NUMBER($count) } de { NUMBER($codes) } códigos de área de { $file } no corresponden a ninguno de los { NUMBER($areas) } municipios; con una sugerencia sin duda: { NUMBER($sure) }.
    }
    .hint = Ejecute «clrisk check --fix»: anota en match.csv las sugerencias seguras y deja un ? en las demás para que usted decida (código del municipio, o - para dejarlas fuera).
finding-AREA-003 = El código { $area } aparece más de una vez en { $file }.
    .hint = Cada municipio debe tener un solo registro. Una los polígonos repetidos o corrija el código.
finding-AREA-004 = { $count ->
        [one] Un municipio del mapa no está en { $file }.
       *[other] { NUMBER($count) } municipios del mapa no están en { $file }.
    }
    .hint = { $count ->
        [one] Se publicará como «sin datos». Si debería estar, revise los códigos o la fecha de los límites.
       *[other] Se publicarán como «sin datos». Si deberían estar, revise los códigos o la fecha de los límites.
    }
finding-AREA-005 = { $count ->
        [one] Un área de { $file } queda fuera por areas.filter.
       *[other] { NUMBER($count) } áreas de { $file } quedan fuera por areas.filter.
    }
    .hint = { $count ->
        [one] Nada que hacer si es un lago o una zona que no es municipio.
       *[other] Nada que hacer si son lagos o zonas que no son municipios.
    }
finding-AREA-006 = { $count ->
        [one] Un departamento no está en la tabla areas.departments.
       *[other] { NUMBER($count) } departamentos no están en la tabla areas.departments.
    }
    .hint = { $count ->
        [one] Añádalo a la tabla; mientras tanto se muestra con su código.
       *[other] Añádalos a la tabla; mientras tanto se muestran con su código.
    }
finding-AREA-007 = { $count ->
        [one] Una fila no tiene código de área.
       *[other] { NUMBER($count) } filas no tienen código de área.
    }
    .hint = { $count ->
        [one] Revise la expresión del área, o excluya la fila con filter.
       *[other] Revise la expresión del área, o exclúyalas con filter.
    }
finding-AREA-008 = Los códigos de { $file } son de «{ $found }» y los del mapa de «{ $expected }», y no hay tabla de equivalencias.
    .hint = Dé una en crosswalk, aunque los códigos se parezcan: entre un año y otro hay municipios que se crean, se parten o cambian de código.
finding-AREA-009 = { $count ->
        [one] Un código de la tabla de equivalencias { $file } va a varios municipios y la tabla no dice qué parte a cada uno.
       *[other] { NUMBER($count) } códigos de la tabla de equivalencias { $file } van a varios municipios y no dice qué parte a cada uno.
    }
    .hint = Agregue una columna con la parte de la población que va a cada uno y nómbrela en crosswalk.share.
finding-AREA-010 = { $count ->
        [one] Las partes de un código de la tabla de equivalencias { $file } no suman 1 o alguna no es un número.
       *[other] Las partes de { NUMBER($count) } códigos de la tabla de equivalencias { $file } no suman 1 o alguna no es un número.
    }
    .hint = Corríjalas: lo que falte o sobre sería gente perdida o inventada.
finding-AREA-011 = { $count ->
        [one] Un código de { $file } se repartió entre { NUMBER($areas) } municipios según la tabla de equivalencias (filas: { NUMBER($rows) }).
       *[other] { NUMBER($count) } códigos de { $file } se repartieron entre { NUMBER($areas) } municipios según la tabla de equivalencias (filas: { NUMBER($rows) }).
    }
    .hint = Se supone que los niños de una y otra parte se parecen; dígalo al publicar.
finding-AREA-012 = { $areas ->
        [one] Un municipio del mapa reúne { NUMBER($count) } códigos de { $file }.
       *[other] { NUMBER($areas) } municipios del mapa reúnen { NUMBER($count) } códigos de { $file }.
    }
    .hint = Nada que hacer si se fusionaron; si no, revise la tabla de equivalencias y match.csv.
finding-AREA-013 = { $rows ->
        [one] Una fila de { $file }, de un código partido, se contó en el municipio que recibió la parte mayor.
       *[other] { NUMBER($rows) } filas de { $file } (códigos partidos: { NUMBER($count) }) se contaron en el municipio que recibió la parte mayor.
    }
    .hint = Una persona de la encuesta vive en un solo lugar; si el archivo lo dice mejor, use ese código.
finding-AREA-014 = { $areas ->
        [one] Un municipio toma la media de varias filas de { $file }.
       *[other] { NUMBER($areas) } municipios toman la media de varias filas de { $file }.
    }
    .hint = Dé en area_covariates.weight la población de cada fila para que la media sea ponderada.
finding-JOIN-001 = Una línea de match.csv no se entiende o repite una decisión.
    .hint = Cada línea lleva file,code,area,note; área es el código del municipio, - o ?.
finding-JOIN-002 = { $count ->
        [one] Una línea de match.csv lleva a un código que no está en el mapa.
       *[other] { NUMBER($count) } líneas de match.csv llevan a un código que no está en el mapa.
    }
    .hint = { $count ->
        [one] Corrija el código de esa línea, o bórrela y ejecute «clrisk check --fix».
       *[other] Corrija el código de esas líneas, o bórrelas y ejecute «clrisk check --fix».
    }
finding-CLUSTER-001 = Nadie responde en { $address }.
    .hint = Compruebe que «clrisk scheduler» esté en marcha en esa dirección y que la red permita llegar a ella.
finding-CLUSTER-002 = El clúster de { $address } no pudo terminar: { $reason }
    .hint = Compruebe que todos los procesos sean de esta misma versión de clrisk y que cada ejecutor lea el censo por la misma ruta.
finding-CLUSTER-003 = { $counted ->
        [one] El clúster de { $address } contó { NUMBER($counted) } fila del censo, que tiene { NUMBER($rows) }.
       *[other] El clúster de { $address } contó { NUMBER($counted) } filas del censo, que tiene { NUMBER($rows) }.
    }
    .hint = No se escribió nada. Repita la ejecución; si vuelve a pasar, ejecútela sin --cluster y avise a quien cuida el clúster.
finding-CODE-001 = El modelo o los grupos piden la variable { $variable }, que no está definida.
    .hint = Añada [variables.{ $variable }] a clrisk.toml o corrija el nombre.
finding-CODE-002 = A la variable { $variable } le falta una expresión.
    .hint = Dele survey y census, o bien area con una tabla [area_covariates].
finding-CODE-003 = La variable { $variable } no sirve para grupos de publicación: no tiene categorías.
    .hint = Dele levels, o quítela de publish.groups.
finding-CONFIG-001 = clrisk.toml no es válido: { $reason }
    .hint = Corrija la línea indicada; todas las claves se explican en docs/settings.md.
finding-CONFIG-002 = Falta la clave { $key }.
    .hint = Añádala a clrisk.toml; se explica en docs/settings.md.
finding-CONFIG-003 = No hay clrisk.toml en { $folder }.
    .hint = Créelo con «clrisk init» o indique la carpeta con --project.
finding-CONFIG-004 = Ya hay un proyecto u otra cosa en { $folder }.
    .hint = No se sobrescribe nada. Elija otra carpeta.
finding-DATA-000 = { $file }: { $read ->
        [one] { NUMBER($read) } fila leída
       *[other] { NUMBER($read) } filas leídas
    }, { $used ->
        [one] { NUMBER($used) } usada
       *[other] { NUMBER($used) } usadas
    }, { $excluded ->
        [one] { NUMBER($excluded) } excluida
       *[other] { NUMBER($excluded) } excluidas
    }.
    .hint = Cada exclusión figura con su motivo.
finding-DATA-001 = Ninguna fila de { $file } pertenece al estudio.
    .hint = Revise outcome.ages, la expresión de edad y filter.
finding-DATA-002 = { $count ->
        [one] Una fila tiene en { $key } un valor que no es un número.
       *[other] { NUMBER($count) } filas tienen en { $key } un valor que no es un número.
    }
    .hint = { $count ->
        [one] Corrija el dato, o use TRY_CAST para que cuente como faltante.
       *[other] Corrija los datos, o use TRY_CAST para que cuenten como faltantes.
    }
finding-DATA-003 = { $count ->
        [one] Una fila ({ NUMBER($percent) } %) no tiene valor en { $variable } y queda fuera.
       *[other] { NUMBER($count) } filas ({ NUMBER($percent) } %) no tienen valor en { $variable } y quedan fuera.
    }
    .hint = Si son muchas, la estimación puede sesgarse: recodifique los faltantes o cambie de variable.
finding-DATA-004 = { $count ->
        [one] Una fila tiene en { $variable } una categoría que { $key } no conoce.
       *[other] { NUMBER($count) } filas tienen en { $variable } una categoría que { $key } no conoce.
    }
    .hint = Añada la categoría a levels o recodifíquela en la expresión.
finding-DATA-005 = { $count ->
        [one] Una fila tiene en { $variable } un valor que no es 0 ni 1.
       *[other] { NUMBER($count) } filas tienen en { $variable } un valor que no es 0 ni 1.
    }
    .hint = La expresión outcome.survey debe dar 1, 0 o nada.
finding-DATA-006 = Ningún niño de { $file } pertenece al estudio.
    .hint = Revise census.age o census.bands, census.filter y census.count.
finding-DATA-007 = { $count ->
        [one] Una fila tiene un número de personas negativo o que no es un número.
       *[other] { NUMBER($count) } filas tienen un número de personas negativo o que no es un número.
    }
    .hint = Revise census.count.
finding-DESIGN-001 = { $count ->
        [one] Un estrato tiene una sola unidad primaria: no se puede medir su varianza.
       *[other] { NUMBER($count) } estratos tienen una sola unidad primaria: no se puede medir su varianza.
    }
    .hint = { $count ->
        [one] Elija survey.lonely_psu: merge lo une con otro, centre lo compara con la media general, certainty lo toma como cierto.
       *[other] Elija survey.lonely_psu: merge los une con otro, centre los compara con la media general, certainty los toma como ciertos.
    }
finding-DESIGN-002 = { $count ->
        [one] Una fila tiene un factor de expansión negativo, nulo o que no es un número.
       *[other] { NUMBER($count) } filas tienen un factor de expansión negativo, nulo o que no es un número.
    }
    .hint = Revise survey.weight; una fila sin factor no puede representar a nadie.
finding-DESIGN-003 = { $count ->
        [one] Una fila no tiene estrato o unidad primaria.
       *[other] { NUMBER($count) } filas no tienen estrato o unidad primaria.
    }
    .hint = Revise survey.stratum y survey.psu.
finding-DESIGN-004 = { $count ->
        [one] El diseño de la muestra tiene una contradicción: una unidad primaria está en más de un estrato.
       *[other] El diseño de la muestra tiene { NUMBER($count) } contradicciones: una unidad primaria está en más de un estrato.
    }
    .hint = Haga única la unidad primaria dentro del país, por ejemplo estrato * 100000 + upm.
finding-DESIGN-005 = { $count ->
        [one] La población finita de unidades primarias no sirve en un lugar: falta, cambia dentro de un estrato o es menor que la muestra.
       *[other] La población finita de unidades primarias no sirve en { NUMBER($count) } lugares: falta, cambia dentro de un estrato o es menor que la muestra.
    }
    .hint = Revise survey.finite_population: el número de unidades primarias que tiene cada estrato, igual en todas sus filas.
finding-DESIGN-006 = { $count ->
        [one] Una fila tiene pesos de réplica que faltan o son negativos.
       *[other] { NUMBER($count) } filas tienen pesos de réplica que faltan o son negativos.
    }
    .hint = Revise survey.replicates.columns; los pesos de réplica deben estar completos y ya multiplicados por el factor.
finding-DESIGN-007 = Ninguna columna de { $file } corresponde a «{ $pattern }».
    .hint = Escriba el nombre común de los pesos de réplica con un asterisco, por ejemplo "repw*".
finding-COMPARE-001 = La variable { $variable } se distribuye distinto en la encuesta y en el censo (diferencia estandarizada { NUMBER($difference) }).
    .hint = Revise que las preguntas y las recodificaciones digan lo mismo; si el país cambió entre las dos fechas, dígalo al publicar.
finding-COMPARE-002 = La categoría { $category } de { $variable } no aparece en { $file }.
    .hint = Únala con otra categoría o revise la expresión.
finding-COMPARE-003 = El censo solo tiene el grupo de { $from } a { $to } años; los de { $wanted_from } a { $wanted_to } se cuentan como el { NUMBER($percent) } % que son en la encuesta.
    .hint = Consiga edades simples si puede. La proporción se supone igual en todos los municipios.
finding-COMPARE-004 = La encuesta es de { $survey } y el censo de { $census }: { $years } años de distancia.
    .hint = Dígalo al publicar, o ajuste el censo a proyecciones más nuevas.
finding-BENCH-001 = No hay estimación directa utilizable para { $area }; sus municipios no se ajustan a ella.
    .hint = Use un nivel más alto en model.benchmark si falta en muchas áreas.
finding-CELLS-001 = A { $file } le falta la columna { $column }.
    .hint = Haga el archivo con el SQL de «clrisk cells --sql», sin cambiarlo.
finding-CELLS-002 = Las celdas de { $file } se hicieron con otras expresiones que las de clrisk.toml.
    .hint = Ejecute «clrisk cells --sql» otra vez, lleve ese SQL a la base de datos e importe el resultado.
finding-CELLS-003 = { $variable } tiene demasiados valores para celdas exactas: se corta en tramos de { NUMBER($width) } y cada celda guarda el promedio.
    .hint = Lo que cuesta en las estimaciones es muy poco. Si quiere celdas exactas, recodifique la variable en categorías.
finding-CELLS-004 = { $key } usa TRY_CAST, que no todas las bases de datos entienden.
    .hint = Escriba la conversión como la entiende su base, use otro --dialect, o limpie la columna antes.
finding-CELLS-005 = { NUMBER($cells) } celdas para { NUMBER($records) } registros: las celdas casi no ahorran nada.
    .hint = Use el censo directamente, o junte categorías de las variables que más tienen.
finding-CELLS-006 = { $count ->
        [one] En { $file } hay un estado de fila que el SQL de clrisk no escribe.
       *[other] En { $file } hay { NUMBER($count) } estados de fila que el SQL de clrisk no escribe.
    }
    .hint = Haga el archivo con el SQL de «clrisk cells --sql», sin cambiarlo.
finding-CLASS-001 = La regla de clases { $rule } no existe o sus números no cuadran.
    .hint = Use jenks, quantile, equal, dalenius_hodges, k_means o fixed (con breaks crecientes), y de 2 a 7 clases.
finding-LEVER-001 = La palanca «{ $lever }» mueve «{ $variable }», que no está en la fórmula del modelo.
    .hint = Agregue la variable a model.formula o quite la palanca.
finding-LEVER-002 = La palanca «{ $lever }» mueve «{ $variable }», que en la fórmula interactúa con otra variable.
    .hint = El efecto dependería de la otra variable. Use una fórmula sin esa interacción, o quite la palanca.
finding-LEVER-003 = La palanca «{ $lever }» no está completa o no corresponde a «{ $variable }».
    .hint = Una variable con categorías lleva category y to ("national" o una proporción de 0 a 1); un número lleva to y direction ("up" o "down").
finding-MODEL-001 = No se entiende la fórmula: { $reason }
    .hint = Escríbala como en lme4: resultado ~ variable + otra + (1 | municipality).
finding-MODEL-002 = Estas columnas dicen lo mismo que otras: { $columns }.
    .hint = Quite una de las variables o una sus categorías.
finding-MODEL-003 = Estas columnas predicen el resultado sin excepción: { $columns }.
    .hint = Una categoría con muy pocos niños suele ser la causa: únala con otra.
finding-MODEL-004 = Todos los niños de la encuesta tienen el mismo resultado: no hay nada que aprender.
    .hint = Revise outcome.survey.
finding-MODEL-005 = El modelo no se pudo estimar: { $reason }
    .hint = Simplifique la fórmula; empiece por (1 | municipality).
finding-MODEL-006 = La variación de { $term } es casi nula.
    .hint = Puede quitar ese término de la fórmula; dejarlo no daña.
finding-MODEL-007 = { $count ->
        [one] Solo un grupo de { $group } tiene muestra: la variación se conoce mal.
       *[other] Solo { NUMBER($count) } grupos de { $group } tienen muestra: su variación se conoce mal.
    }
    .hint = Quite ese término o use una agrupación con más grupos.
finding-MODEL-008 = El resumen del censo se aparta hasta { NUMBER($points) } puntos porcentuales del cálculo fila por fila.
    .hint = Es pequeño frente a los intervalos. Si no lo fuera, avísenos con el número de variables y de áreas.
finding-MODEL-009 = No existe la agrupación { $group }.
    .hint = Los efectos aleatorios pueden ser de municipality, department o region.
finding-MODEL-010 = La fórmula explica { $found }, pero el resultado del proyecto es { $expected }.
    .hint = Haga iguales outcome.name y el lado izquierdo de model.formula.
finding-MODEL-011 = El modelo apenas distingue: en municipios que no vio ordena bien { NUMBER($auc) } de los pares de un niño con y otro sin el resultado ({ NUMBER("0.50") } es el azar).
    .hint = Busque variables que expliquen más, en la encuesta y el censo; mientras tanto, los municipios sin muestra se parecerán al promedio.
finding-MODEL-012 = Para niños que el modelo no vio, sus predicciones son demasiado extremas o demasiado planas (pendiente de calibración { NUMBER($slope) }; lo correcto es 1).
    .hint = Menor que 1: quite variables o categorías con muy pocos casos. Mayor que 1: falta en el modelo algo que distingue.
finding-MODEL-013 = { $count ->
        [one] Un municipio no comparte frontera con ningún otro; el efecto espacial no dice nada de él.
       *[other] { NUMBER($count) } municipios no comparten frontera con ningún otro; el efecto espacial no dice nada de ellos.
    }
    .hint = { $count ->
        [one] Si tiene vecinos, los límites del archivo no coinciden: corrija su topología.
       *[other] Si tienen vecinos, los límites del archivo no coinciden: corrija su topología.
    }
finding-MODEL-014 = No se puede armar el efecto espacial: { $reason }
    .hint = Revise los límites y model.spatial_functions, o quite model.spatial.
finding-MODEL-015 = El modelo de área tiene un solo efecto, el del municipio; la fórmula tiene otro, de { $group }.
    .hint = Deje en la fórmula (1 | municipality), o use model.estimator = "multilevel".
finding-MODEL-016 = El modelo de área no estima grupos dentro del municipio.
    .hint = Quite publish.groups, o use model.estimator = "multilevel".
finding-MODEL-017 = El modelo de área no tiene palancas: no conoce a los niños uno por uno.
    .hint = Quite [[levers]], o use model.estimator = "multilevel".
finding-MARGIN-001 = { $file } no sirve como margen: { $reason ->
        [missing] hay niños del censo en áreas o grupos que no tiene
        [area] tiene un área que el mapa no conoce
        [category] tiene una categoría que el libro de códigos no conoce
        [count] tiene un número de niños que falta o es negativo
       *[twice] tiene dos veces la misma área y grupo
    }.
    .hint = Complete o corrija el archivo, o cambie las expresiones de census.margins.
finding-MARGIN-002 = La variable { $variable } de un margen no está entre las que se publican.
    .hint = Agréguela a publish.groups: el censo se ajusta por área y grupo publicado.
finding-MARGIN-003 = Los márgenes no pueden cumplirse juntos: { $reason }
    .hint = Todos los márgenes deben sumar el mismo total de niños de las edades de interés.
finding-MARGIN-004 = El ajuste a los márgenes multiplica el número de niños por { NUMBER($least) } a { NUMBER($largest) }.
    .hint = Verifique que el margen cuente a los mismos niños (edades, áreas). Si es así, el censo es viejo y las diferencias son reales.
finding-RELEASE-001 = No hay borrador.
    .hint = Ejecute «clrisk run».
finding-RELEASE-002 = El borrador contiene errores.
    .hint = Ejecute «clrisk check», corríjalos y vuelva a ejecutar «clrisk run».
finding-RELEASE-003 = La publicación { $id } ya existe o su nombre no sirve.
    .hint = Una publicación no se cambia: elija otro identificador, con letras, números, punto, guion.
finding-RELEASE-004 = clrisk.toml cambió después de hacer el borrador.
    .hint = Ejecute «clrisk run» otra vez.
finding-RELEASE-005 = Falta quién firma.
    .hint = Dé --by con un nombre y --office con un cargo o institución.
finding-RELEASE-006 = No se pudo proteger todas las cifras pequeñas: las tablas no suman.
    .hint = Vuelva a ejecutar «clrisk run»; si se repite, quite un cruce de publish.groups.
finding-RELEASE-007 = Todavía no hay ninguna publicación con ese nombre.
    .hint = Publique con «clrisk release», o mire el borrador con --draft.
finding-EXPLAIN-001 = { $what } no es un código de hallazgo ni de municipio.
    .hint = Los códigos de municipio son texto con sus ceros iniciales.
finding-DEMO-001 = No se puede inventar ese país: { $reason }
    .hint = Cambie --children.

reason-age-unknown = edad desconocida
reason-age-outside = edad fuera del estudio
reason-filter = excluidas por filter
reason-outcome-unknown = resultado desconocido
reason-area-left-out = área dejada fuera en match.csv
reason-area-unmatched = área sin municipio
reason-variable-missing = falta una variable del modelo
reason-match-other_name = el código se parece, el nombre no
reason-match-name_near = nombre parecido
reason-match-name = mismo nombre
reason-match-name_in_parent = mismo nombre en el mismo departamento
reason-match-prefix_and_name = mismo comienzo y mismo nombre
reason-match-prefix = mismo comienzo
reason-match-suffix = mismo final
reason-match-leading_zero = mismo número, con sus ceros
reason-feature-lost = áreas que se quedaron sin superficie
reason-feature-crossing = áreas cuyas líneas se cruzaban, cortadas en los cruces
reason-ring-empty = anillos sin superficie, quitados
reason-point-spike = puntas de ida y vuelta
reason-point-repeated = puntos repetidos
reason-ring-unclosed = anillos sin cerrar
