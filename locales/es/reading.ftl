# Archivos: lo que dicen inspect, convert e init.

inspect-file = { $file }: { $format }
inspect-labels-from = Etiquetas tomadas de { $file }
inspect-tables = Tablas: { $tables }
inspect-table = { $table } ({ $format }). Filas: { $rows }. Variables: { $variables }.
inspect-producer = Escrito por: { $producer }
inspect-encoding = Codificación de los textos: { $encoding }, { $by }
inspect-encoding-asked = como se pidió
inspect-encoding-declared = el archivo la declara
inspect-encoding-mark = el archivo empieza con su marca
inspect-encoding-format = el formato siempre es así
inspect-encoding-plain = todo es ASCII, no importa cuál
inspect-encoding-valid = los textos son UTF-8 válido
inspect-encoding-guessed = supuesta por la frecuencia de las letras: compruebe tildes y eñes
inspect-delimiter = Separador: { $delimiter }
inspect-weighted = El archivo se pondera con { $variable }
inspect-kind-integer = número entero
inspect-kind-number = número
inspect-kind-text = texto
inspect-kind-date = fecha
inspect-kind-time = hora
inspect-kind-other = otro tipo
inspect-distinct = valores distintos: { $count }
inspect-more-distinct = valores distintos: más de { $count }
inspect-missing = faltantes: { $count } ({ $share })
inspect-declared = con código de faltante: { $count }
inspect-likely = → { $role }, por { $reasons }
inspect-possible = → quizá { $role }, por { $reasons }
inspect-reason-name = su nombre
inspect-reason-part_of_name = una parte de su nombre
inspect-reason-label = su etiqueta («{ $words }»)
inspect-reason-answers = las etiquetas de sus valores
inspect-value-missing = faltante
inspect-rare = valores que no se muestran porque los tienen pocas filas: { $count }
inspect-roles = Lo que parece ser cada cosa (confírmelo):
inspect-confidential = No se muestra ningún valor de una persona: solo etiquetas, cuentas, y códigos que tienen al menos { $rows } filas.
role-age = edad
role-sex = sexo
role-weight = factor de expansión
role-psu = unidad primaria de muestreo
role-stratum = estrato
role-area = municipio
role-area_name = nombre del municipio
role-department = departamento o provincia
role-zone = zona urbana o rural
role-attendance = asistencia escolar
role-schooling = años o nivel de estudio
role-hours = horas trabajadas
role-chores_hours = horas de tareas del hogar
role-activity_status = condición de actividad
role-employment_category = categoría en el empleo
role-ethnicity = etnia o pueblo
role-household = identificador del hogar
role-person = identificador de la persona
role-count = número de personas de la fila
role-relationship = parentesco
role-industry = rama de actividad
role-occupation = ocupación
role-migration = migración
role-disability = discapacidad
role-poverty = pobreza o bienestar
role-replicate_weight = factor replicado
convert-done = Escrito { $file }. Filas: { NUMBER($rows) }; columnas: { NUMBER($columns) }. Contiene registros de personas: es confidencial.
convert-codebook = Sus etiquetas y su procedencia están en { $file }.
finding-CONVERT-001 = No se escribe el formato de { $file }.
    .hint = Termine el nombre del archivo nuevo en .parquet o .csv.
finding-CONVERT-002 = Ya existe { $file }; no se sobrescribe nada.
    .hint = Elija otro nombre, o borre el archivo si ya no lo necesita.
finding-CONVERT-003 = El archivo { $file } no tiene la columna { $column }.
    .hint = Mire los nombres con clrisk inspect. Mayúsculas y minúsculas cuentan.
init-title = Riesgo de trabajo infantil por municipio
init-head = Propuesta de «clrisk init», hecha a partir de los nombres, etiquetas y códigos de sus archivos. Léala entera: cada clave dice de dónde sale. Todas se explican en docs/settings.md.
init-head-marks = Lo que dice "{ $undecided }" falta decidirlo; «clrisk check» lo enumera.
init-unconfirmed = Claves con una propuesta que nadie ha confirmado. Quite cada una de la lista cuando la haya revisado; mientras quede alguna, «check» y «run» lo advierten.
init-country = El nombre de la carpeta; escriba el del país, y su código ISO para el formato de los números.
init-outcome-title-occupied = niños y niñas ocupados
init-outcome-title-hours = trabajo infantil
init-outcome-title-none = trabajo infantil
init-outcome-definition-occupied = niños, niñas y adolescentes ocupados en la semana de referencia; no equivale al indicador ODS 8.7.1.
init-outcome-definition-hours = niños, niñas y adolescentes que en la semana trabajaron al menos 1 hora (hasta 11 años), 14 horas (12 a 14) o 43 horas (15 a 17). Sin trabajo peligroso ni tareas del hogar.
init-outcome-definition-none = escriba aquí qué cuenta como trabajo infantil
init-ages = Edades del indicador 8.7.1; súbalas si la encuesta pregunta por el trabajo solo desde una edad mayor.
init-ages-found = Las edades a las que la encuesta pregunta por el trabajo: a menores de ellas falta la respuesta.
init-outcome-occupied = Condición de actividad { $variable }: 1 para las categorías de ocupados según sus etiquetas, 0 para las demás. Es empleo, no todo trabajo infantil: vea [definition] en docs/settings.md.
init-outcome-hours = Horas de { $variable } con los umbrales del indicador 8.7.1 por edad; sin horas cuenta como 0. Falta el trabajo peligroso: vea [definition] en docs/settings.md.
init-outcome-none = No se encontró una condición de actividad con etiquetas ni horas trabajadas. Escriba una expresión que sea 1 cuando hay trabajo infantil, 0 cuando no y nula cuando no se sabe.
init-year-in-name = El año del nombre del archivo; compruébelo.
init-year = Escriba su año: year = 2020
init-not-found = No se encontró: { $what }. Escriba la columna o una expresión.
init-because = { $variable }: por { $reasons }.
init-perhaps = Quizá { $variable }: por { $reasons }. Compruébelo con cuidado.
init-no-boundaries = No se dio un archivo de límites (--boundaries).
init-no-survey = No se dio una encuesta (--survey).
init-no-census = No se dio un censo (--census).
init-area-code = { $count ->
        [one] Un área. La propiedad con la que coinciden más códigos de los archivos; las que hay: { $properties }.
       *[other] { NUMBER($count) } áreas. La propiedad con la que coinciden más códigos de los archivos; las que hay: { $properties }.
    }
init-area-code-none = No se encontró una propiedad de códigos. Las que hay: { $properties }.
init-departments = Nombres de los departamentos: departments = { "{" } file = "departamentos.csv", code = "...", name = "...", region = "..." { "}" }
init-area-none = Ningún código coincide con el mapa. Columnas de área del archivo: { $columns }. Si son de otro sistema de códigos, hace falta una tabla: docs/how-to-join-codes.md.
init-area-all = { $matched ->
        [one] De { $columns }: { NUMBER($matched) } de { NUMBER($all) } códigos está en el mapa. Compruebe en un municipio conocido que el código sea el suyo.
       *[other] De { $columns }: { NUMBER($matched) } de { NUMBER($all) } códigos están en el mapa. Compruebe en un municipio conocido que el código sea el suyo.
    }
init-area-some = { $matched ->
        [one] De { $columns }: solo { NUMBER($matched) } de { NUMBER($all) } códigos está en el mapa. Mire los demás con «clrisk check»; puede que el sistema de códigos sea otro.
       *[other] De { $columns }: solo { NUMBER($matched) } de { NUMBER($all) } códigos están en el mapa. Mire los demás con «clrisk check»; puede que el sistema de códigos sea otro.
    }
init-labels-from = Etiquetas tomadas de { $file }.
init-age-bands = { $variable } no son años cumplidos: parecen grupos de edad. Busque los años, o (en el censo) borre esta clave y describa los grupos en [[census.bands]].
init-stratum-made = El archivo no tiene estratos (o uno solo): se toman { $department } y { $zone }, como en la mayoría de los diseños. Pregunte a quien diseñó la muestra.
init-lonely = Estratos con una sola unidad: fail | merge | centre | certainty
init-count-one = Ninguna columna parece un número de personas: cada fila cuenta como una.
init-variables = Variables comunes: mida lo mismo cada una en los dos archivos. «clrisk check» compara sus distribuciones.
init-how-labels = De { $survey } en la encuesta y { $census } en el censo, por las etiquetas de sus valores.
init-how-usual = De { $survey } en la encuesta y { $census } en el censo. No todos los códigos tienen etiqueta: se supone lo que suelen significar. COMPRUÉBELO en los cuestionarios.
init-how-same_labels = De { $survey } en la encuesta y { $census } en el censo: sus valores tienen las mismas etiquetas.
init-how-same_codes = De { $survey } en la encuesta y { $census } en el censo: tienen los mismos códigos, y se supone que significan lo mismo. COMPRUÉBELO en los cuestionarios y ponga nombre a las categorías.
init-how-number = De { $survey } en la encuesta y { $census } en el censo, como número. Compruebe que la unidad sea la misma y que no haya códigos de «no sabe».
init-how-ages = De { $survey } en la encuesta y { $census } en el censo: los grupos del indicador 8.7.1.
init-left-out-survey = Códigos de la encuesta sin correspondencia, que quedan como faltantes: { $codes }.
init-left-out-census = Códigos del censo sin correspondencia, que quedan como faltantes: { $codes }.
init-refused-missing = No se propone { $name } ({ $survey }, { $census }): en uno de los archivos falta casi siempre.
init-refused-codes = No se propone { $name }: los códigos de { $survey } y { $census } no se corresponden. Escriba la variable a mano si miden lo mismo.
init-refused-only_survey = No se propone { $name }: solo la encuesta parece tenerla ({ $survey }). Con --match { $survey }=COLUMNA se dice cuál es en el censo.
init-refused-only_census = No se propone { $name }: solo el censo parece tenerla ({ $census }).
init-age-group = grupo de edad
init-formula = Quite las variables que no midan lo mismo en los dos archivos, o que sean consecuencia del trabajo infantil.
level-boy = niños
level-girl = niñas
level-urban = urbana
level-rural = rural
level-attends = asiste
level-out = no asiste
level-neither = ni indígena ni afrodescendiente
level-indigenous = indígena
level-afro_descendant = afrodescendiente
level-native = nacido en el país
level-migrant = migrante
init-roles = En la encuesta y en el censo se reconoció:
init-done = Escrito { $file }. Propuestas por confirmar: { $unconfirmed }; claves por decidir: { $undecided }. Léalo y ejecute «clrisk check».
finding-CONFIG-005 = { $count ->
        [one] Falta por decidir una clave de clrisk.toml.
       *[other] Faltan por decidir { NUMBER($count) } claves de clrisk.toml.
    }
    .hint = { $count ->
        [one] Escriba en ella, en lugar de "?", la columna o la expresión; el comentario que la precede dice qué se busca.
       *[other] Escriba en cada una, en lugar de "?", la columna o la expresión; el comentario que la precede dice qué se busca.
    }
finding-CONFIG-006 = { $count ->
        [one] Hay una propuesta de «clrisk init» que nadie ha confirmado.
       *[other] Nadie ha confirmado { NUMBER($count) } propuestas de «clrisk init».
    }
    .hint = { $count ->
        [one] Revise la clave con el cuestionario y quítela de project.unconfirmed.
       *[other] Revise cada clave con el cuestionario y quítela de project.unconfirmed.
    }
comparability-heading = Encuesta y censo, variable por variable
comparability-verdict = Veredicto
comparability-reasons = Por qué
comparability-comparable = comparable
comparability-with-caution = con cautela
comparability-not-comparable = no comparable
comparability-distribution-similar = Se distribuye igual en los dos archivos (mayor diferencia estandarizada: { $difference }).
comparability-distribution-apart = Se distribuye algo distinto (mayor diferencia estandarizada: { $difference }).
comparability-distribution-far = Se distribuye muy distinto (mayor diferencia estandarizada: { $difference }): puede que no midan lo mismo, o que el país haya cambiado.
comparability-category-only-survey = La categoría { $category } está solo en la encuesta ({ $share } % de los niños).
comparability-category-only-census = La categoría { $category } está solo en el censo ({ $share } % de los niños).
comparability-years-apart = La encuesta es de { $survey } y el censo de { $census }: { $years } años de distancia.
comparability-age-bands = El censo solo tiene grupos de edad: la parte de las edades de interés se toma de la encuesta.
comparability-note = Que las distribuciones coincidan no prueba que las preguntas sean las mismas: las definiciones de cada variable están en la versión JSON de la tarjeta del modelo.
init-area-filter = { $count ->
        [one] Al censo le falta un código del mapa: si es un lago o una zona en disputa, déjelo fuera con filter; si es un municipio nuevo, quedará sin datos.
       *[other] El censo no tiene { NUMBER($count) } códigos del mapa: si son lagos o zonas en disputa, déjelos fuera con filter; si son municipios nuevos, quedarán sin datos.
    }
