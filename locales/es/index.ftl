# El índice de vulnerabilidad y el tamizaje rápido.

index-nav = Índice
index-map = Mapa
index-list = Municipios
index-how = Cómo se hizo el índice
index-points = { $value } puntos
index-value = Puntos (0 a 100)
index-class = Clase
index-in-class = clase: { $class }
index-rank = Lugar (1.º: el más vulnerable)
index-rank-exact = { $rank } lugar de { $total }
index-rank-range = entre el { $best } y el { $worst } lugar de { $total }
index-people = Habitantes
index-label-worse = Índice de 0 a 100 puntos: más puntos, más vulnerable. No es una tasa ni un número de niños.
index-label-better = Índice de 0 a 100 puntos: más puntos, menos vulnerable. No es una tasa ni un número de niños.
index-preset = Receta «{ $name }».
index-legend-rule = Clases del índice; regla: { $rule }
index-interval = más de { $lower } hasta { $upper } puntos
index-open = La clase depende de las decisiones: ninguna reúne seis de cada diez recetas
index-open-long = La clase de este municipio depende de las decisiones con que se hace el índice. Parte de las recetas razonables que lo ponen en cada clase:
index-firm = Parte de las recetas razonables que ponen al municipio en cada clase:
index-uncertainty = Con { $draws } recetas razonables distintas, la mitad de los municipios tiene un margen de lugares de { $width } o menos ({ $level } % de las recetas). Municipios cuya clase queda abierta: { $open }.
index-most = Los diez más vulnerables según el índice
index-compensation = ¿Cuánto tapa la media?
index-compensation-text = El índice es { $points } puntos. Si las dimensiones buenas compensaran solo en parte a las malas sería { $partial }; la peor dimensión, sola, { $worst }.
index-parts = Qué lo acerca y qué lo aleja del municipio medio
index-parts-note = Diferencia en puntos de vulnerabilidad con la media de los municipios: a la derecha, más vulnerable. Exacta cuando las medias son aritméticas; aproximada si no.
index-indicator = Indicador
index-measured = Valor
index-country-mean = Media de los municipios
index-score = Nota (100: la peor)
index-difference = Diferencia, puntos
index-years = En otros años, con la misma vara
index-to-estimate = La estimación de trabajo infantil de este municipio
index-choices = Decisiones y razones
index-step = Paso
index-rule = Regla
index-reason = Razón
index-step-missing = Datos faltantes
index-step-outliers = Valores extremos
index-step-normalisation = Escala común
index-step-weights = Pesos
index-step-aggregation = Agregación
index-step-classes = Clases
index-rule-refuse = No se admiten
index-rule-leave-out = Se toma lo que hay
index-rule-department-mean = Media del departamento
index-rule-none = Sin tratamiento
index-rule-winsorise = Acercados al siguiente
index-rule-winsorise-or-logarithm = Acercados al siguiente o logaritmo
index-rule-min-max = Mínimo 0, máximo 100
index-rule-z-score = Desviaciones típicas
index-rule-rank = Lugares
index-rule-goalposts = Metas fijas
index-rule-distance-p2 = Distancia DP2
index-rule-equal = Iguales por dimensión
index-rule-equal-indicators = Iguales por indicador
index-rule-expert = De personas expertas
index-rule-comparisons = Comparaciones por pares (AHP)
index-rule-principal-components = Componentes principales
index-rule-entropy = Entropía
index-rule-new-information = Lo que cada uno añade (1 − R²)
index-rule-arithmetic = Media aritmética
index-rule-geometric = Media geométrica
index-rule-harmonic = Media armónica
index-rule-arithmetic-geometric = Aritmética dentro, geométrica entre dimensiones
index-rule-geometric-arithmetic = Geométrica dentro, aritmética entre dimensiones
rule-equal = Intervalos iguales
index-indicators = Indicadores
index-balance-note = El peso es lo que se decidió; la influencia, lo que el indicador hace de verdad en el índice. Si se apartan mucho, el índice no dice lo que sus pesos prometen.
index-dimension = Dimensión
index-source = Fuente
index-reviewed = revisó: { $by }
index-weight = Peso
index-influence = Influencia
index-correlation = Correlación con el índice
index-without = Municipios que cambian de clase sin él
index-distance = 100 puntos son una distancia DP2 de { $hundred }. Los indicadores entraron en este orden: { $order }.
index-consistency = Razón de consistencia de las comparaciones: { $ratio } (hasta 0,10 es aceptable).
index-belong = ¿Van juntos los indicadores?
index-adequacy = Adecuación muestral (KMO): { $value }.
index-alpha = Alfa de Cronbach: { $value }.
index-no-redundant = Ningún par de indicadores dice casi lo mismo (correlación de 0,9 o más).
index-correlations = Correlaciones entre indicadores
index-sensitivity = ¿Qué decisión importa?
index-sensitivity-note = Parte de la variación de los lugares que explica cada decisión: sola y con sus interacciones. Estimada por simulación: puede pasar un poco de sus límites.
index-first = Sola
index-total = Con interacciones
index-alternatives = Qué habría dicho otra decisión
index-rank-correlation = Correlación de lugares
index-shift = Cambio medio de lugar
index-agreement = El índice y la estimación de trabajo infantil
index-agreement-text = En { $areas } municipios con ambos, la correlación de lugares es { $correlation }. El índice describe condiciones; la estimación, cuántos niños. Donde se apartan conviene preguntar por qué.
index-agreement-corner = Clase del índice ↓, de la tasa →
index-furthest = Donde más se apartan
index-by-index = Lugar por el índice
index-by-rate = Lugar por la tasa

screen-lead = Doce preguntas de sí o no para una persona informada o una reunión de la comunidad. Sin nombres de personas.
screen-community = Comunidad
screen-area = Código del municipio
screen-date = Fecha
screen-yes = Sí
screen-no = No
screen-class-none = Sin clase: faltan respuestas
screen-class-1 = Señal baja
screen-class-2 = Señal media
screen-class-3 = Señal alta
screen-points = Puntos (0 a 100):
screen-range = Entre lo menos y lo más que pueden dar las preguntas sin responder:
screen-keep = Guardar y empezar otra
screen-download = Descargar CSV
screen-print = Imprimir
screen-note = Esto ordena respuestas; no mide trabajo infantil ni dice nada de una familia. Los pesos son un punto de partida que nadie ha validado todavía, y nunca se mezcla con las estimaciones.
screen-classes = Los puntos en que empiezan la señal media y la alta:

command-index-about = Calcula el índice de vulnerabilidad (IVTI) a partir de indicadores
command-index-long = Lee la tabla de indicadores y sus valores, calcula el índice con las decisiones de [index], lo repite con otras decisiones razonables y lo escribe en el borrador: solo, o junto a las estimaciones del mismo proyecto. Con --preset empieza un proyecto a partir de una receta.
command-screen-about = Tamizaje rápido: formulario de doce preguntas y lectura de respuestas
command-screen-long = Con --form escribe una página que funciona sin red, se imprime y exporta CSV. Con --import lee un CSV de respuestas y da a cada comunidad una de tres clases con su error. No toca el borrador ni se mezcla con estimaciones.
command-arg-preset = Receta: chile, costa-rica o mexico-2020
command-arg-form = Escribe el formulario (también si no se pide nada)
command-arg-screen-import = CSV de respuestas
command-arg-rules = Otra lista de preguntas, pesos y umbrales
command-step-index = Calculando el índice y sus alternativas …
command-explain-index = { $index } (un índice, no una tasa): { $points } puntos, clase «{ $class }»; lugar { $rank } de { $total }, 1 el más vulnerable; entre { $lower } y { $upper } con otras recetas.
command-explain-index-open = La clase depende de las decisiones con que se hace el índice.
command-explain-index-part = { $points } puntos de vulnerabilidad frente al municipio medio: { $dimension }
command-index-done = { $areas ->
        [one] Índice de { NUMBER($areas) } municipio.
       *[other] Índice de { NUMBER($areas) } municipios.
    }
command-screen-form = { $community }: { $class }; entre { $lowest } y { $highest } puntos; { $share } % de las repeticiones con otros pesos dan la misma clase
command-screen-done = Escrito { $file }.

finding-INDEX-001 = No se entiende la tabla de indicadores { $file }: { $reason }
    .hint = Cada indicador necesita code, name, more (worse o better) y dimension; best y worst van juntos.
finding-INDEX-002 = Indicadores sin fuente, año o persona que los revisó: { NUMBER($count) }.
    .hint = Complete source, year y reviewed_by: sin ellos el índice no se puede publicar.
finding-INDEX-003 = clrisk.toml no tiene la sección [index].
    .hint = Añádala (docs/how-to-index.md) o empiece con clrisk index --preset.
finding-INDEX-004 = El municipio { $area } tiene más de una fila en { $file }.
    .hint = Deje una fila por municipio (y año); si el archivo tiene años, dé la columna en index.year.
finding-INDEX-005 = { $count ->
        [one] Falta un valor de un indicador y la regla es no admitirlo.
       *[other] Faltan { NUMBER($count) } valores de indicadores y la regla es no admitirlos.
    }
    .hint = Complete los datos o elija otra regla en index.missing y diga por qué.
finding-INDEX-006 = { $count ->
        [one] Falta un valor de un indicador
       *[other] Faltan { NUMBER($count) } valores de indicadores
    }; regla: { $rule ->
        [leave_out] se toma lo que hay
       *[department_mean] media del departamento
    }.
    .hint = { $count ->
        [one] Mire si falta al azar: un indicador que falta donde peor se está engaña.
       *[other] Mire si faltan al azar: un indicador que falta donde peor se está engaña.
    }
finding-INDEX-007 = La receta del índice no se puede calcular: { $reason }
    .hint = Revise las decisiones de [index]: un indicador constante, una media geométrica sobre ceros o una distancia con otros pesos no tienen solución.
finding-INDEX-008 = A «{ $indicator }» le falta { $column }, que la regla elegida necesita.
    .hint = Complete la columna en la tabla de indicadores o elija otra regla.
finding-INDEX-009 = Las comparaciones de pesos se contradicen: razón de consistencia { NUMBER($ratio) }.
    .hint = Revise los juicios con quienes los hicieron hasta bajar de { NUMBER("0.10") }.
finding-INDEX-010 = «{ $indicator }» va en contra del índice: donde está peor, el índice es mejor.
    .hint = Compruebe su dirección (more) y si pertenece a este índice.
finding-INDEX-011 = { $count ->
        [one] Una de { NUMBER($draws) } recetas alternativas no se pudo calcular.
       *[other] { NUMBER($count) } de { NUMBER($draws) } recetas alternativas no se pudieron calcular.
    }
    .hint = Suele ser una media geométrica sobre notas que llegan a cero: quite esa combinación de index.uncertainty.
finding-INDEX-012 = Municipios sin índice por falta de datos: { NUMBER($count) }.
    .hint = Aparecen en gris; no tienen clase ni lugar.
finding-INDEX-013 = Pares de indicadores que dicen casi lo mismo: { NUMBER($count) }.
    .hint = Deje uno de cada par, o use pesos que no cuenten dos veces lo mismo (new_information).
finding-INDEX-014 = No hay un borrador de estas decisiones al que añadir el índice.
    .hint = Ejecute clrisk run: calcula las estimaciones y el índice juntos.
finding-INDEX-015 = La receta partió de «{ $name }».
    .hint = Qué se sabe del original y qué no está en index.preset_note y en cada página.
finding-INDEX-016 = { $count ->
        [one] El índice no se puede publicar: un indicador no tiene fuente, año o quién lo revisó.
       *[other] El índice no se puede publicar: { NUMBER($count) } indicadores no tienen fuente, año o quién los revisó.
    }
    .hint = { $count ->
        [one] Complételo en la tabla de indicadores y calcule el índice de nuevo.
       *[other] Complételos en la tabla de indicadores y calcule el índice de nuevo.
    }
finding-SCREEN-001 = No se entiende la lista de preguntas { $file }: { $reason }
    .hint = Parta de rules/screen/community-2026.toml y cambie textos, pesos y umbrales.
finding-SCREEN-002 = A { $file } le falta la columna { $column }.
    .hint = Use el CSV que exporta el formulario: una columna por pregunta.
finding-SCREEN-003 = Formularios con respuestas que no son sí ni no: { NUMBER($count) }.
    .hint = Esas respuestas cuentan como no respondidas. Se entienden sí/no en los cuatro idiomas, 1/0 y 1/2.
finding-SCREEN-004 = Formularios sin clase por falta de respuestas: { NUMBER($count) }.
    .hint = Vuelva a preguntar: hace falta responder tres cuartas partes del peso.
finding-SCREEN-005 = Nadie ha revisado todavía las preguntas y los pesos de { $name }.
    .hint = Revíselos con personas que conozcan las comunidades y firme en reviewer.
index-sort = Ordenar por
