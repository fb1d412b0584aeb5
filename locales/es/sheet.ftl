# Mapas: capas que se añaden a las de site.ftl.
site-show-certainty = Tasa según su precisión
site-show-count = Número de niños y niñas
site-show-sex-gap = Brecha entre sexos
site-show-hot-spots = Focos
site-show-change = Cambio desde la publicación anterior
layer-rule-certainty = Tasa, en menos escalones cuanto menos precisa es
layer-certain = { $rates }; precisa (coeficiente de variación de hasta { $cv })
layer-less-certain = { $rates }; menos precisa (hasta { $cv })
layer-uncertain = Cualquier tasa; poco precisa (más de { $cv })
layer-rule-count = Niños, niñas y adolescentes: el área del círculo es proporcional a su número
layer-circle = { $children ->
        [one] { $children } niña, niño o adolescente
       *[other] { $children } niños, niñas y adolescentes
    }
layer-rule-sex-gap = Tasa de «{ $more }» menos tasa de «{ $less }», en puntos porcentuales
layer-rule-hot-spots = Municipios cuya tasa se parece, o se opone, a la de sus vecinos más de lo que haría el azar (Moran local)
layer-rule-change = Cambio de la tasa desde la publicación { $release }, en puntos porcentuales
layer-difference-lowest = { $upper } o menos
layer-difference-between = más de { $lower } hasta { $upper }
layer-difference-highest = más de { $lower }
layer-cluster-high-high = Foco: alta entre altas
layer-cluster-high-low = Alta entre bajas
layer-cluster-low-high = Baja entre altas
layer-cluster-low-low = Baja entre bajas
layer-cluster-none = Sin patrón con sus vecinos
layer-legend-not-local = Diferencia nacional, no estimada en el municipio
layer-legend-within-error = Con trama: la diferencia cabe en su margen de error
layer-title-error = coeficiente de variación { $cv }
layer-title-difference = { $points } puntos ({ $interval })
layer-show-all = Mostrar todo

# Unidades: las escribe solo el programa.
unit-points =
    { $n ->
        [one] { $points } punto porcentual
       *[other] { $points } puntos porcentuales
    }
unit-children =
    { $n ->
        [one] { $children } niña, niño o adolescente
       *[other] { $children } niñas, niños y adolescentes
    }

# Frases de la ficha. Una cifra entra siempre con su unidad: no se escribe aquí.
sentence-rate = { $outcome }: se estima en { $rate_percent } de las niñas, niños y adolescentes de { $youngest } a { $oldest } años. Con una probabilidad de { $level_chance }, la tasa está { $interval_percent_range }.
sentence-count = Son { $count_children }; probablemente { $interval_children_range }.
sentence-above = La tasa está { $difference_points } por encima de la del país ({ $national_percent }), y la diferencia es clara.
sentence-below = La tasa está { $difference_points } por debajo de la del país ({ $national_percent }), y la diferencia es clara.
sentence-like = No se distingue con claridad de la tasa del país ({ $national_percent }).
sentence-sexes = { $more }: { $more_percent }. { $less }: { $less_percent }.
sentence-sexes-national = { $more }: { $more_percent }. { $less }: { $less_percent }. La diferencia entre ambos es la del país: aquí no se pudo estimar.
sentence-rank = Su lugar: { $range }.
sentence-sure = Es bastante seguro: la probabilidad de que este sea su nivel es de { $class_chance }.
sentence-unsure = No es seguro: la probabilidad de que este sea su nivel es de { $class_chance }; la del nivel «{ $highest }», de { $highest_chance }.
sentence-factor = aquí eleva la tasa { $change_points } respecto del promedio del país.

# Qué hacer
next-high = El riesgo es alto y la estimación lo respalda: prepare con el comité local un plan de prevención y compruebe qué servicios llegan a cuántos niños y niñas.
next-medium = El riesgo es intermedio: refuerce los servicios que ya existen y vigile si empeora.
next-low = El riesgo es bajo frente al resto del país: mantenga los servicios. Que sea bajo no quiere decir que no haya casos.
next-unsure = El nivel no es seguro: antes de decidir, contraste con las escuelas, los centros de salud y la inspección del trabajo.
next-not-reliable = La estimación es poco precisa: no decida por ella; reúna información local.
next-no-figure = No hay cifra para este municipio: reúna información local y consulte la de los municipios vecinos.
next-factor = Empiece por «{ $factor }»: de lo que se puede cambiar, es lo que aquí más va unido al riesgo. Es una asociación, no una causa demostrada.
next-similar = Pregunte qué hizo { $area }, que tiene condiciones parecidas.
next-no-sample = La encuesta no visitó este municipio: confirme las condiciones sobre el terreno.
next-classes = Empiece por los municipios del nivel más alto; dentro de un nivel el orden no dice nada.
next-sure-first = Mire cuáles llevan trama en el mapa: su nivel no es seguro y pide información local antes de invertir.
next-method = Mire la tasa y el número: un municipio grande con tasa media puede tener más casos que uno pequeño con tasa alta.

# Ficha
sheet-level-country = País
sheet-level-region = Región
sheet-level-department = Departamento
sheet-level-municipality = Municipio
sheet-code = código { $code }
sheet-risk = Nivel de riesgo
sheet-groups = Por sexo y edad
sheet-groups-national = * La diferencia con el total es la del país: no se estimó en este municipio.
sheet-factors = Lo que se puede cambiar y más pesa aquí
sheet-similar = Municipios en condiciones parecidas
sheet-classes = Municipios por nivel
sheet-next = Qué hacer ahora
sheet-inputs = Fuentes y su antigüedad
sheet-age = Antigüedad
sheet-map = Mapa
sheet-none = sin cifra
sheet-and-more = { $names } y { $count } más
sheet-years-old =
    { $n ->
        [0] del mismo año
        [one] hace { $count } año
       *[other] hace { $count } años
    }
sheet-map-label = Mapa de { $area }: municipios por nivel de riesgo
sheet-map-label-in = Mapa de { $holder }: municipios por nivel de riesgo, con { $area } señalado
sheet-residence = Las cifras cuentan a niñas, niños y adolescentes donde viven, no donde trabajan.
sheet-not-the-indicator = Es una estimación del riesgo hecha con un modelo. No es el indicador 8.7.1 de los Objetivos de Desarrollo Sostenible.
sheet-definition = Qué se estima: { $definition }
sheet-release = Publicación { $project } { $release }.
sheet-release-signed = Publicación { $project } { $release }, { $date }, firmada por { $name } ({ $office }).
sheet-draft = Borrador de { $project }, sin publicar.

# Columnas de las exportaciones.
column-code = Código del municipio (texto)
column-name = Nombre
column-area = Código del área (texto)
column-level = Nivel: country, region, department, municipality
column-department = Código del departamento
column-department-name = Nombre del departamento
column-region = Código de la región
column-group = Grupo de publicación; all: todos
column-status = Por qué hay o no hay cifra
column-rate = Tasa estimada, proporción de 0 a 1
column-rate-lower = Extremo inferior del intervalo del 95 % de la tasa
column-rate-upper = Extremo superior del intervalo del 95 % de la tasa
column-count = Número estimado de niñas, niños y adolescentes
column-count-lower = Extremo inferior del intervalo del 95 % del número
column-count-upper = Extremo superior del intervalo del 95 % del número
column-population = Niñas, niños y adolescentes del grupo en el censo
column-class = Nivel de riesgo, 1 es el más bajo
column-probability = Probabilidad de pertenecer a ese nivel, de 0 a 1
column-rank = Lugar por su tasa, 1 es la más alta
column-rank-lower = Mejor lugar del intervalo del 95 %
column-rank-upper = Peor lugar del intervalo del 95 %
column-rank-joint-lower = Mejor lugar si los intervalos de todos valen a la vez
column-rank-joint-upper = Peor lugar si los intervalos de todos valen a la vez
column-count-rank = Lugar por el número, 1 es el mayor
column-estimated-locally = Si la diferencia del grupo se estimó aquí; si no, es la nacional
column-factor = Factor: nombre de la variable
column-points = Puntos porcentuales de la tasa
column-points-lower = Extremo inferior del intervalo del 95 %, puntos porcentuales
column-points-upper = Extremo superior del intervalo del 95 %, puntos porcentuales
column-logit = Lo mismo en la escala logit
column-lever = Condición que llegaría a su meta
column-now = Dónde está: proporción, o media de un número
column-target = Meta: proporción, o media de un número
column-children = Cambio en el número de niñas, niños y adolescentes
column-children-lower = Extremo inferior del intervalo del 95 % de ese cambio
column-children-upper = Extremo superior del intervalo del 95 % de ese cambio

export-title = Título
export-country = País
export-notice = Aviso
export-release = Publicación
export-made-by = Hecho con
export-licence = Licencia de los datos
export-note = Nota
export-units = Tasas y probabilidades son proporciones de 0 a 1; una celda vacía es una cifra que no se muestra, nunca un cero.
export-no-licence = La oficina que publica no ha declarado una licencia: pregúntele antes de redistribuir.
export-sheet-notes = Notas
export-sheet-municipalities = Municipios
export-sheet-estimates = Estimaciones
export-sheet-factors = Factores
export-sheet-levers = Condiciones
export-sheet-columns = Columnas

command-sheet-about = Escribe la ficha de un área, o las de todas
command-sheet-long = Escribe la ficha del país, de un departamento o de un municipio de la publicación más reciente, en PDF o HTML. Con --all, las de todas las áreas.
command-arg-sheet-code = Código del área: municipio, departamento o país
command-arg-sheet-all = Las fichas de todas las áreas
command-arg-sheet-index = Las fichas del índice, donde hay índice y estimaciones
command-arg-sheet-format = Formato: pdf (si se omite) o html
command-arg-output = Carpeta de destino; se crea si no existe
command-arg-export-draft = Usa el borrador confidencial
command-arg-export-release = Publicación que se usa; la más reciente si se omite
command-sheet-progress = Fichas: { NUMBER($done) } de { NUMBER($total) }
command-sheet-done = { $total ->
    [1] Una ficha en { $folder }
   *[other] { NUMBER($total) } fichas en { $folder }
}
command-export-about = Escribe una publicación como archivos para otros programas
command-export-long = Escribe las tablas de la publicación más reciente como CSV, CSV para Excel, XLSX y Parquet, los municipios como GeoJSON y GeoPackage, los mapas como SVG, y todo en un ZIP con README y licencia. Lo que no se publica queda como celda vacía.
command-arg-export-format = Formatos, separados por comas: csv, excel, xlsx, parquet, geojson, gpkg, svg, zip; todos si se omite
command-export-done = { $files ->
        [one] Un archivo en { $folder }
       *[other] { NUMBER($files) } archivos en { $folder }
    }

finding-SHEET-001 = No se pudo componer la ficha de { $area }: { $reason }
    .hint = Es un error del programa: avise a quienes lo mantienen, con el código del área y la publicación.
finding-SHEET-002 = La publicación no tiene un área con el código { $code }.
    .hint = Los códigos son texto, con sus ceros iniciales; «clrisk export» los lista todos.
finding-EXPORT-001 = No se pudo hacer el archivo { $file }: { $reason }
    .hint = Vuelva a servir o a generar la publicación; si se repite, avise a quienes mantienen el programa.

figure-pyramid = { $outcome } por sexo y edad
figure-pyramid-description = Cada barra es la tasa de un grupo de edad; un sexo a cada lado.
figure-ranks = Entre qué lugares está cada municipio
figure-ranks-description = Lugar por su tasa entre { $total } municipios, con su intervalo del 95 %. Donde las líneas se cruzan, el orden no se conoce.
figure-ranks-range = Intervalo del 95 % de su lugar
figure-direct = La encuesta sola y el modelo
figure-direct-description = Cada círculo es un área; su tamaño, la muestra. En la diagonal coinciden; los de muestra pequeña se apartan más.
figure-modelled = Modelo
figure-calibration = El modelo antes de ajustarlo a la encuesta
figure-calibration-description = Punto y línea: estimación directa e intervalo del 95 %. Cuadrado: el modelo antes del ajuste.
figure-trajectory = { $area }: la tasa en cada publicación
figure-trajectory-description = Tasa e intervalo del 95 %. Los puntos no se unen: entre ellos no se sabe nada.
sheet-map-departments = Departamentos según la clase en la que cae su tasa

sheet-index-dimensions = Por dimensión
sheet-index-factors = Lo que más lo hace vulnerable
sheet-index-open = La clase depende de las decisiones con que se hace el índice.
sheet-index-firm = La mayoría de las recetas razonables lo ponen en esta clase.
sheet-index-points = { $index }: { $points }.
sheet-index-rank = Con otras recetas razonables ocupa { $range }, contando desde el más vulnerable.
sheet-index-factor = +{ $points } frente al municipio medio
next-index-open = La clase no es firme: mire el margen de lugares y las dimensiones antes de decidir por la clase sola.
next-index-firm = Use la clase para decidir dónde mirar primero, no para repartir por puntos.
next-index-factor = Empiece por lo que más pesa aquí: { $indicator }. Pregunte en el municipio qué hay detrás.
next-index-area = Empiece por los municipios de las clases más altas y mire, en la ficha de cada uno, qué los hace vulnerables.
next-index-children = El índice no dice cuántos niños y niñas trabajan: para eso hace falta una encuesta o una estimación.
