# Definiciones de trabajo infantil y medición directa.

finding-DEFINE-001 = No se entiende el archivo de definición { $file }: { $reason }
    .hint = Compárelo con una de las definiciones del programa; cada clave se explica en docs/definitions.md.
finding-DEFINE-002 = No hay ninguna definición llamada { $name }.
    .hint = Elija una de la lista, o dé el nombre de un archivo .toml de la carpeta del proyecto.
finding-DEFINE-003 = La definición se contradice entre { $from } y { $to } años: { $kind ->
        [gap] ninguna banda cubre la edad
        [overlap] más de una banda cubre la edad
        [hours] las horas no caben en una semana
        [long_hours] las horas largas se nombran sin umbral, o el umbral sin nombrarlas
        [list] se usan ramas u ocupaciones sin lista de trabajo peligroso
        [counted_as] la actividad que cuenta necesita counted_as, y solo ella
        [permitted] la actividad que no cuenta necesita permitted, y solo ella
        [minimum_age] se llama inferior a la edad mínima a quien la tiene
        [light_work] se llama trabajo ligero al que ya es permitido por la edad
        [hazardous_age] se llama peligroso un trabajo que la edad permite
        [series] una serie del indicador 8.7.1 no nombra child_labour ni child_labour_economic
        [name] faltan nombre, versión o autor
       *[other] las edades no concuerdan
    }.
    .hint = Corrija la banda de esas edades en el archivo de la definición.
finding-DEFINE-004 = { $code } no es un código conocido de { $classification }.
    .hint = Corrija el código; las clasificaciones que se conocen están en definitions/codes.
finding-DEFINE-005 = Falta la fuente de { $what }.
    .hint = Agregue en [[facts]] de dónde sale, con una fuente de [[sources]]; si nadie la ha comparado, con status = "unverified".
finding-DEFINE-006 = { $count ->
        [one] En la definición { $definition } hay un dato que nadie ha comparado con su fuente.
       *[other] En la definición { $definition } hay { NUMBER($count) } datos que nadie ha comparado con su fuente.
    }
    .hint = { $count ->
        [one] Revíselo antes de publicar; copie el archivo al proyecto y anote quién lo revisó.
       *[other] Revíselos antes de publicar; copie el archivo al proyecto y anote quién lo revisó.
    }
finding-DEFINE-007 = La definición usa { $item }, y [definition.items] no dice dónde está en la encuesta.
    .hint = Agregue la pregunta si la encuesta la tiene; sin ella, lo que depende de ella no se cuenta y las cifras son menores.
finding-DEFINE-008 = La definición { $definition } debía revisarse antes del { $date }.
    .hint = Compárela con la ley y las fuentes de hoy; copie el archivo al proyecto, anote quién la revisó y la próxima fecha.
finding-MEASURE-001 = Para medir faltan { $what } en clrisk.toml.
    .hint = Vea las secciones [definition] y [measure] en docs/settings.md.
finding-MEASURE-002 = { $key } nombra { $name }, que no es una variable de la encuesta con categorías.
    .hint = Defínala en [measure.by] o en [variables], o corrija el nombre.
finding-MEASURE-003 = Las cifras no se separan por sexo: lo que hacen las niñas queda oculto en el total.
    .hint = Agregue [measure.by.sex] con las categorías boy y girl.
finding-MEASURE-004 = { $count ->
        [one] De un niño o niña de la encuesta no se sabe: { $measure }. Queda fuera de esa cifra.
       *[other] De { NUMBER($count) } niños y niñas de la encuesta no se sabe: { $measure }. Quedan fuera de esa cifra.
    }
    .hint = Revise las respuestas que faltan; la regla está en [missing] de la definición.
finding-MEASURE-005 = Las dos encuestas pueden no ser comparables: { $kind ->
        [definition] se midieron con definiciones distintas
        [ages] preguntaron a edades distintas
       *[items] hicieron preguntas distintas
    }.
    .hint = Mida ambas con la misma definición y las mismas preguntas, o diga la diferencia junto a cada cambio.
finding-MEASURE-006 = { $key } no es válido: { $reason }
    .hint = Corrija el valor; docs/settings.md dice qué se admite.
finding-MEASURE-007 = Los pesos no suman los niños y niñas del país: cada uno de la encuesta representaría solo a { NUMBER($mean) }. Las proporciones son válidas; los números de niños y niñas no se publican.
    .hint = Dé en survey.children cuántos niños y niñas de esas edades tiene el país, o use los pesos de expansión de la encuesta.
measure-name-child_labour = Trabajo infantil
measure-name-child_labour_economic = Trabajo infantil por actividad económica
measure-name-excessive_chores = Tareas del hogar por muchas horas
measure-name-worst_forms = Peores formas, sin el trabajo peligroso
measure-name-hazardous = Trabajo peligroso según la definición
measure-name-below_minimum_age = Trabajo por debajo de la edad
measure-name-national_rule = Trabajo que cuenta por regla nacional
measure-name-light_work = Trabajo ligero permitido
measure-name-adolescent_work = Trabajo adolescente permitido
measure-name-chores_only = Solo tareas del hogar, dentro del umbral
measure-name-not_working = Ni trabajo ni tareas del hogar
measure-name-working = Actividad económica, cualquiera
measure-name-working_one_hour = Actividad económica de una hora o más
measure-name-chores = Tareas del hogar, cualquiera
measure-name-hazardous_conditions = Condiciones peligrosas declaradas
measure-name-child_labour_or_conditions = Trabajo infantil o condiciones peligrosas
measure-name-condition_heavy_loads = Carga objetos pesados
measure-name-condition_tools = Herramientas o máquinas peligrosas
measure-name-condition_dust = Polvo, humo o gases
measure-name-condition_temperature = Frío, calor o humedad extremos
measure-name-condition_noise = Ruido o vibración
measure-name-condition_heights = Alturas
measure-name-condition_chemicals = Químicos o explosivos
measure-name-condition_confined = Bajo tierra, bajo el agua o en espacios cerrados
measure-name-condition_abuse = Maltrato o abuso
measure-name-condition_other = Otro peligro
measure-name-hazardous_industry = En una rama de la lista de trabajo peligroso
measure-name-hazardous_occupation = En una ocupación de la lista de trabajo peligroso
measure-name-long_hours = Horas largas de trabajo
measure-name-night_work = Trabajo de noche
measure-name-attending = Asiste a la escuela
measure-name-studies_only = Solo estudia
measure-name-works_only = Solo trabaja
measure-name-studies_and_works = Estudia y trabaja
measure-name-neither = Ni estudia ni trabaja
measure-ages = De { $from } a { $to } años
measure-all = Todos y todas
measure-title = Medición del trabajo infantil: { $country }
measure-synthetic = País inventado: ninguna cifra es real.
measure-heading-prevalence = Proporción de los niños y niñas de cada grupo
measure-heading-composition = Distribución de los niños y niñas: { $measure }
measure-heading-changes = Cambio desde la encuesta anterior
measure-heading-metadata = Ficha
measure-heading-measure = Medida
measure-heading-group = Grupo
measure-heading-age = Edad
measure-heading-hours = Horas semanales de actividad económica
measure-heading-rate = Proporción
measure-heading-standard_error = Error estándar
measure-heading-lower = Límite inferior
measure-heading-upper = Límite superior
measure-heading-count = Niños y niñas
measure-heading-sample = Casos de la muestra
measure-heading-effective_sample = Muestra efectiva
measure-heading-cv = Coeficiente de variación
measure-heading-quality = Calidad
measure-heading-earlier = Antes
measure-heading-later = Ahora
measure-heading-difference = Diferencia (puntos porcentuales)
measure-heading-p_value = Valor p
measure-heading-definition = Definición
measure-heading-description = Qué cuenta
measure-heading-survey = Encuesta
measure-heading-previous = Encuesta anterior
measure-heading-rule = Regla de calidad
measure-heading-interval = Nivel de confianza de los intervalos
measure-heading-reviewer = Revisada por
measure-heading-nobody = nadie todavía
measure-heading-next_review = Próxima revisión
measure-heading-unverified = Sin verificar
measure-heading-sources = Fuentes
measure-heading-program = Programa
measure-heading-children = Niños y niñas de la encuesta
measure-heading-comparability = Comparabilidad
measure-quality-publish = publicable
measure-quality-publish_with_warning = con advertencia: poco precisa
measure-quality-suppress = retenida
measure-note-withheld = «…»: la cifra se retiene porque la muestra no la sostiene, según la regla de calidad. No significa cero.
measure-note-hours = Las horas de actividad económica y las de tareas del hogar nunca se suman.
measure-note-national = Las cifras del país en la base mundial del indicador 8.7.1 pueden diferir: la OIT y UNICEF vuelven a analizar los datos.
measure-note-normalised = Los pesos de esta encuesta no suman los niños y niñas del país. Las proporciones y sus intervalos son válidos; el número de niños y niñas no sale de ellos y no se muestra.
measure-unit-children = { $number ->
        [one] { $text } niño o niña
       *[other] { $text } niños y niñas
    }
measure-unit-points = { $number ->
        [one] { $text } punto porcentual
       *[other] { $text } puntos porcentuales
    }
measure-unit-years = { $number ->
        [one] { $text } año
       *[other] { $text } años
    }
measure-sentence-level = { $measure }: { $rate } de los niños y niñas de { $ages }, es decir { $children } (intervalo: de { $lower } a { $upper }).
measure-sentence-group = { $group }: { $rate } (intervalo: de { $lower } a { $upper }), { $children }.
measure-sentence-level-share = { $measure }: { $rate } de los niños y niñas de { $ages } (intervalo: de { $lower } a { $upper }).
measure-sentence-group-share = { $group }: { $rate } (intervalo: de { $lower } a { $upper }).
measure-sentence-withheld = { $group }: la muestra no alcanza para publicar la cifra.
measure-sentence-warning = Cifra poco precisa: úsese con cuidado.
measure-sentence-up = { $measure } ({ $group }): subió { $points } entre las dos encuestas.
measure-sentence-down = { $measure } ({ $group }): bajó { $points } entre las dos encuestas.
measure-sentence-same = { $measure } ({ $group }): las dos encuestas no muestran un cambio mayor que el azar de la muestra.
measure-sentence-ages = { $from } a { $to } años
measure-compare-definition = Definiciones distintas
measure-compare-ages = Edades distintas
measure-compare-items = Preguntas distintas
command-measure-about = Mide el trabajo infantil directamente de la encuesta
command-measure-long = Clasifica a cada niño y niña de la encuesta según la definición de [definition] y escribe en out/measure las cifras por grupo con su intervalo, número, muestra y calidad: CSV, Excel, HTML, un resumen y, para el indicador 8.7.1, SDMX. Necesita solo la encuesta. Con --definitions muestra las definiciones que trae el programa; con --show ID, el archivo de una.
command-arg-definitions = Lista las definiciones que trae el programa
command-arg-show = Muestra el archivo de una definición
command-measure-done = Medición lista en { $folder } según { $definition }.
