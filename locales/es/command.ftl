command-about = clrisk estima el riesgo de trabajo infantil por municipio y lo publica.
command-after-help = Códigos de salida: 0 hecho; 1 hay hallazgos que detienen el trabajo; 2 no se entiende la orden; 3 la máquina no pudo (puerto ocupado, disco lleno).
command-heading-usage = Uso:
command-heading-commands = Órdenes:
command-heading-options = Opciones:
command-init-about = Crea una carpeta de proyecto con un clrisk.toml comentado
command-init-long = Crea las carpetas data/ y geo/ y un clrisk.toml en el que cada clave está explicada. Con --survey, --census y --boundaries lo propone entero a partir de los nombres, etiquetas y códigos de los archivos, y dice de cada clave por qué y qué comprobar. No sobrescribe nada.
command-check-about = Lee todo, informa los hallazgos y no escribe nada
command-check-long = Lee la encuesta, el censo y los límites como lo haría «run», cuenta cada fila usada y cada fila excluida, compara encuesta y censo, e informa todos los hallazgos. Con --fix anota en match.csv los códigos de área que no dejan duda.
command-run-about = Estima el modelo y escribe el borrador en out/draft
command-run-long = Hace todo el camino: lee, comprueba, ajusta el modelo, recorre el censo, estima cada municipio con su incertidumbre y escribe el borrador confidencial. Si algo lo detiene, el borrador anterior queda intacto.
command-cells-about = Resume el censo en celdas exactas, aquí o en otra base de datos
command-cells-long = Escribe una fila por cada combinación de área y variables, con cuántas personas tiene: el modelo no necesita más del censo. Con --sql imprime la consulta que otra base de datos puede ejecutar sobre su censo; con --import toma el resultado (CSV o Parquet), lo comprueba y lo guarda donde «run» lo encuentra.
command-scheduler-about = Reparte el recorrido del censo entre ejecutores
command-scheduler-long = Pone en marcha el planificador de un clúster; los ejecutores y «run» con --cluster se conectan a él. No hay contraseña ni cifrado: úselo solo en una red privada. Termina con Ctrl+C.
command-executor-about = Trabaja para un planificador
command-executor-long = Pone en marcha un ejecutor: lee su parte del censo, que debe estar en la misma ruta en todas las máquinas, y suma. Usa el puerto dado y el siguiente. Termina con Ctrl+C.
command-arg-sql = Imprime el SQL para otra base de datos
command-arg-dialect = De qué base: standard, duckdb, bigquery
command-arg-table = Nombre de la tabla del censo en esa base
command-arg-import = Celdas hechas con ese SQL
command-arg-cluster = Recorre el censo en el clúster de este planificador
command-arg-scheduler = Dirección del planificador
command-arg-tasks = Partes a la vez; tantas como procesadores si se omite
command-cells-done = { $cells ->
        [one] { NUMBER($cells) } celda en { $file } (personas: { NUMBER($persons) }; registros: { NUMBER($records) }).
       *[other] { NUMBER($cells) } celdas en { $file } (personas: { NUMBER($persons) }; registros: { NUMBER($records) }).
    }
command-cells-name = Para usarlas escriba bajo [census] en clrisk.toml: cells = "{ $file }"
command-listening = Escuchando en { $address } (Ctrl+C para terminar)
command-explain-about = Explica un código de hallazgo o la estimación de un municipio
command-explain-long = Con un código (por ejemplo AREA-002) dice qué significa y qué hacer. Con el código de un municipio dice de dónde viene su estimación y qué factores la mueven. Con la palabra model, el modelo entero.
command-release-about = Pasa el borrador por el control de confidencialidad y lo publica con firma
command-release-long = Oculta las cifras pequeñas y las que permitirían deducirlas, y escribe una publicación inmutable en out/release/ID firmada por una persona. Una corrección es una publicación nueva.
command-serve-about = Sirve el sitio web de una publicación
command-serve-long = Sirve el sitio de las publicaciones: la más reciente en la dirección corta y cada una en la suya. Con --release ID, solo esa. El borrador es confidencial y se sirve solo con --draft.
command-demo-about = Crea un país inventado, hace todo el camino y sirve su mapa
command-demo-long = Genera un país inventado con verdad conocida, ejecuta el proyecto completo sobre él, lo publica y sirve el mapa. No necesita ningún archivo.
command-arg-help = Muestra esta ayuda
command-arg-project = Carpeta del proyecto
command-arg-language = Idioma: es, en, pt, fr
command-arg-json = Escribe los hallazgos como JSON
command-arg-fix = Anota en match.csv las correspondencias sugeridas
command-arg-what = Código de hallazgo o de municipio
command-arg-release-id = Identificador de la publicación, por ejemplo 2026-1
command-arg-release-by = Nombre de la persona que firma
command-arg-release-office = Cargo o institución de quien firma
command-arg-release-date = Fecha de la firma; hoy si se omite
command-arg-listen = Dirección y puerto
command-arg-draft = Sirve el borrador confidencial
command-arg-serve-release = Publicación que se sirve
command-arg-demo-folder = Carpeta que se crea; clrisk-demo si se omite
command-arg-demo-children = Niños y niñas del censo inventado
command-arg-demo-seed = Semilla del país inventado
command-arg-no-serve = Termina sin servir el sitio
command-findings-summary = { $errors ->
        [one] { $errors } error
       *[other] { $errors } errores
    }, { $warnings ->
        [one] { $warnings } advertencia
       *[other] { $warnings } advertencias
    }, { $notes ->
        [one] { $notes } nota
       *[other] { $notes } notas
    }
command-fix-done = match.csv: { $accepted ->
        [one] { NUMBER($accepted) } correspondencia aceptada
       *[other] { NUMBER($accepted) } correspondencias aceptadas
    }, { NUMBER($waiting) } por decidir
command-init-done = Creado { $file }. Complételo y ejecute «clrisk check».
command-step-reading = Leyendo archivos y uniendo áreas …
command-step-model = Ajustando el modelo …
command-step-population = { $rows ->
        [one] Recorriendo la población … { NUMBER($rows) } fila
       *[other] Recorriendo la población … { NUMBER($rows) } filas
    }
command-step-estimates = Estimando municipios …
command-step-writing = Escribiendo el borrador …
command-run-done = Borrador listo en { $folder }. Es confidencial.
command-run-stopped = Detenido. El borrador anterior no se tocó.
command-release-done = Publicado en { $folder }. Cifras visibles: { NUMBER($shown) }; ocultas por pequeñas: { NUMBER($primary) }; ocultas para protegerlas: { NUMBER($complementary) }.
command-release-statement = He revisado el informe de hallazgos, la tarjeta del modelo y el control de confidencialidad, y autorizo la publicación.
command-explain-rate = Tasa estimada: { $rate } (intervalo del 95 %: de { $lower } a { $upper }); niños y niñas de la encuesta que viven aquí: { $sample }.
command-explain-share = Peso de la muestra propia en el efecto del municipio: { $share }; el resto viene del modelo.
command-explain-factor = { $points } puntos porcentuales: { $factor }
command-explain-lever = Si… { $lever }: { $points } puntos (entre { $lower } y { $upper }); niños y niñas: { $children }
command-explain-lever-reached = Si… { $lever }: ya está en la meta
command-explain-observations = Aprendió de { $children } niños y niñas (unidades de muestreo: { $units }; estratos: { $strata }); municipios con muestra: { $sampled } de { $areas }; factores de expansión en escala «{ $scaling }».
command-explain-area-effect = Lo propio del municipio que las variables no explican
command-serving = El sitio está en { $address } (Ctrl+C para terminar)
command-demo-making = Creando un país inventado con { NUMBER($children) } niños y niñas …
command-port-busy = No se pudo abrir { $address }: elija otra dirección con --listen.
status-value = Estimación con muestra propia
status-modelled_without_sample = Estimación del modelo, sin muestra en el municipio
status-not_reliable = Estimación poco precisa
status-suppressed = Cifra reservada para proteger la identidad de los niños
status-no_data = Sin datos
command-demo-signer = Demostración
command-demo-office = País inventado
command-explain-margins = Censo llevado a { $file } ({ $year }): de { $before } a { $after } niños; factores de { $least } a { $largest }
command-explain-likelihood = El mismo modelo por máxima verosimilitud ({ $integration }), sin efecto espacial: log-verosimilitud { $log }, criterio de Akaike { $akaike }
command-explain-singular = Una desviación estándar está en cero: los intervalos de máxima verosimilitud serían demasiado cortos.
command-explain-suggestion = Sugerencia (no cambia el modelo): predicen a niños no vistos { $kept }; no agregan nada { $out }. Pérdida { $suggested } contra { $all } con todas (error { $error }).
command-site-about = Copia el sitio a una carpeta que funciona sin servidor
command-site-long = Escribe todas las páginas del sitio de la última publicación (o de --release ID) como archivos con enlaces relativos, para una memoria USB o un servidor de archivos. Se abre con index.html. Reemplaza una copia anterior; no toca ninguna otra carpeta con contenido.
command-arg-site-output = Carpeta que se escribe
command-arg-site-languages = Idiomas separados por comas (es,en,pt,fr); todos si no se indica
command-site-progress = { NUMBER($files) } archivos …
command-site-done = Sitio copiado en { $folder }: { NUMBER($files) } archivos, { $size } MB. Abra index.html.
command-inspect-about = Muestra qué hay en un archivo y qué parece ser cada variable
command-inspect-long = Lee un archivo de cualquier formato y dice sus tablas, su codificación y, de cada variable, su etiqueta, su tipo, las etiquetas de sus valores, cuántos faltan, cuántos valores distintos tiene, y qué parece ser y por qué. No muestra ningún valor de una persona.
command-convert-about = Escribe un archivo como Parquet o CSV con sus etiquetas
command-convert-long = Lee un archivo de cualquier formato y lo escribe como Parquet, con etiquetas y procedencia en sus metadatos, o como CSV en UTF-8 con un libro de códigos al lado. No sobrescribe nada. El archivo nuevo es tan confidencial como el original.
command-arg-file = Archivo que se lee
command-arg-to = Archivo que se escribe: .parquet o .csv
command-arg-file-table = Tabla, hoja o entidad; si se omite, todas (inspect) o la primera (convert)
command-arg-columns = Columnas, separadas por comas; todas si se omite
command-arg-encoding = Codificación de los textos, si el archivo la dice mal o no la dice
command-arg-delimiter = Separador de un texto delimitado (tab para el tabulador)
command-arg-dictionary = Archivo de etiquetas, de posiciones fijas o formulario XLSForm
command-arg-keep-missing = Conserva los códigos que el archivo declara como faltantes
command-arg-init-survey = Encuesta de hogares: propone con ella el clrisk.toml
command-arg-init-census = Censo
command-arg-init-boundaries = Límites municipales
command-arg-survey-dictionary = Archivo de etiquetas de la encuesta, si no está a su lado
command-arg-census-dictionary = Archivo de etiquetas del censo, si no está a su lado
command-arg-match = Variable de la encuesta y la del censo que es la misma; puede repetirse
