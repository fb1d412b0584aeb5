# Arquivos: o que dizem inspect, convert e init.

inspect-file = { $file }: { $format }
inspect-labels-from = Rótulos tomados de { $file }
inspect-tables = Tabelas: { $tables }
inspect-table = { $table } ({ $format }). Linhas: { $rows }. Variáveis: { $variables }.
inspect-producer = Escrito por: { $producer }
inspect-encoding = Codificação dos textos: { $encoding }, { $by }
inspect-encoding-asked = como foi pedido
inspect-encoding-declared = o arquivo a declara
inspect-encoding-mark = o arquivo começa com sua marca
inspect-encoding-format = o formato é sempre assim
inspect-encoding-plain = tudo é ASCII, qualquer uma serve
inspect-encoding-valid = os textos são UTF-8 válido
inspect-encoding-guessed = suposta pela frequência das letras: confira os acentos
inspect-delimiter = Separador: { $delimiter }
inspect-weighted = O arquivo pondera suas linhas com { $variable }
inspect-kind-integer = número inteiro
inspect-kind-number = número
inspect-kind-text = texto
inspect-kind-date = data
inspect-kind-time = hora
inspect-kind-other = outro tipo
inspect-distinct = valores distintos: { $count }
inspect-more-distinct = valores distintos: mais de { $count }
inspect-missing = ausentes: { $count } ({ $share })
inspect-declared = com código de ausente: { $count }
inspect-likely = → { $role }, por { $reasons }
inspect-possible = → talvez { $role }, por { $reasons }
inspect-reason-name = seu nome
inspect-reason-part_of_name = uma parte de seu nome
inspect-reason-label = seu rótulo (“{ $words }”)
inspect-reason-answers = os rótulos de seus valores
inspect-value-missing = ausente
inspect-rare = valores que não se mostram porque poucas linhas os têm: { $count }
inspect-roles = O que parece ser cada coisa (confirme):
inspect-confidential = Não se mostra nenhum valor de uma pessoa: somente rótulos, contagens, e códigos que pelo menos { $rows } linhas têm.
role-age = idade
role-sex = sexo
role-weight = peso amostral
role-psu = unidade primária de amostragem
role-stratum = estrato
role-area = município
role-area_name = nome do município
role-department = estado ou província
role-zone = zona urbana ou rural
role-attendance = frequência escolar
role-schooling = anos ou nível de estudo
role-hours = horas trabalhadas
role-chores_hours = horas de afazeres domésticos
role-activity_status = condição de atividade
role-employment_category = posição na ocupação
role-ethnicity = etnia, cor ou raça
role-household = identificador do domicílio
role-person = identificador da pessoa
role-count = número de pessoas da linha
role-relationship = parentesco
role-industry = ramo de atividade
role-occupation = ocupação
role-migration = migração
role-disability = deficiência
role-poverty = pobreza ou bem-estar
role-replicate_weight = peso replicado
convert-done = Escrito { $file }. Linhas: { NUMBER($rows) }; colunas: { NUMBER($columns) }. Contém registros de pessoas: é confidencial.
convert-codebook = Seus rótulos e sua procedência estão em { $file }.
finding-CONVERT-001 = Não se escreve o formato de { $file }.
    .hint = Termine o nome do arquivo novo em .parquet ou .csv.
finding-CONVERT-002 = Já existe { $file }; nada é sobrescrito.
    .hint = Escolha outro nome, ou apague o arquivo se já não precisa dele.
finding-CONVERT-003 = O arquivo { $file } não tem a coluna { $column }.
    .hint = Veja os nomes com clrisk inspect. Maiúsculas e minúsculas contam.
init-title = Risco de trabalho infantil por município
init-head = Proposta de “clrisk init”, feita a partir dos nomes, rótulos e códigos de seus arquivos. Leia-a inteira: cada chave diz de onde vem. Todas estão explicadas em docs/settings.md.
init-head-marks = Onde está "{ $undecided }", falta decidir; “clrisk check” lista cada caso.
init-unconfirmed = Chaves com uma proposta que ninguém confirmou. Retire cada uma da lista quando a tiver revisado; enquanto restar alguma, “check” e “run” avisam.
init-country = O nome da pasta; escreva o do país, e seu código ISO para o formato dos números.
init-outcome-title-occupied = crianças ocupadas
init-outcome-title-hours = trabalho infantil
init-outcome-title-none = trabalho infantil
init-outcome-definition-occupied = Crianças e adolescentes ocupados na semana de referência; não equivale ao indicador ODS 8.7.1.
init-outcome-definition-hours = Crianças e adolescentes que na semana trabalharam pelo menos 1 hora (até 11 anos), 14 horas (12 a 14) ou 43 horas (15 a 17). Sem trabalho perigoso nem afazeres domésticos.
init-outcome-definition-none = Escreva aqui o que conta como trabalho infantil
init-ages = Idades do indicador 8.7.1; aumente-as se a pesquisa pergunta sobre trabalho somente a partir de uma idade maior.
init-ages-found = As idades em que a pesquisa pergunta sobre trabalho: abaixo delas falta a resposta.
init-outcome-occupied = Condição de atividade { $variable }: 1 para as categorias de ocupados segundo seus rótulos, 0 para as demais. É emprego, não todo o trabalho infantil: veja [definition] em docs/settings.md.
init-outcome-hours = Horas de { $variable } com os limiares do indicador 8.7.1 por idade; sem horas conta como 0. Falta o trabalho perigoso: veja [definition] em docs/settings.md.
init-outcome-none = Não se encontrou uma condição de atividade com rótulos nem horas trabalhadas. Escreva uma expressão que seja 1 quando há trabalho infantil, 0 quando não e nula quando não se sabe.
init-year-in-name = O ano do nome do arquivo; confira.
init-year = Escreva seu ano: year = 2020
init-not-found = Não se encontrou: { $what }. Escreva a coluna ou uma expressão.
init-because = { $variable }: por { $reasons }.
init-perhaps = Talvez { $variable }: por { $reasons }. Confira com cuidado.
init-no-boundaries = Não se deu um arquivo de limites (--boundaries).
init-no-survey = Não se deu uma pesquisa (--survey).
init-no-census = Não se deu um censo (--census).
init-area-code = { $count ->
        [one] Uma área. A propriedade com a qual coincidem mais códigos dos arquivos; as que há: { $properties }.
       *[other] { NUMBER($count) } áreas. A propriedade com a qual coincidem mais códigos dos arquivos; as que há: { $properties }.
    }
init-area-code-none = Não se encontrou uma propriedade de códigos. As que há: { $properties }.
init-departments = Nomes dos estados ou províncias: departments = { "{" } file = "estados.csv", code = "...", name = "...", region = "..." { "}" }
init-area-none = Nenhum código coincide com o mapa. Colunas de área do arquivo: { $columns }. Se são de outro sistema de códigos, é preciso uma tabela: docs/how-to-join-codes.md.
init-area-all = { $matched ->
        [one] De { $columns }: { NUMBER($matched) } de { NUMBER($all) } códigos está no mapa. Confira, em um município conhecido, se o código é o dele.
       *[other] De { $columns }: { NUMBER($matched) } de { NUMBER($all) } códigos estão no mapa. Confira, em um município conhecido, se o código é o dele.
    }
init-area-some = { $matched ->
        [one] De { $columns }: somente { NUMBER($matched) } de { NUMBER($all) } códigos está no mapa. Veja os demais com “clrisk check”; o sistema de códigos pode ser outro.
       *[other] De { $columns }: somente { NUMBER($matched) } de { NUMBER($all) } códigos estão no mapa. Veja os demais com “clrisk check”; o sistema de códigos pode ser outro.
    }
init-labels-from = Rótulos tomados de { $file }.
init-age-bands = { $variable } não são anos completos: parecem grupos de idade. Procure os anos, ou (no censo) apague esta chave e descreva os grupos em [[census.bands]].
init-stratum-made = O arquivo não tem estratos (ou um só): tomam-se { $department } e { $zone }, como na maioria dos desenhos. Pergunte a quem desenhou a amostra.
init-lonely = Estratos com uma só unidade: fail | merge | centre | certainty
init-count-one = Nenhuma coluna parece um número de pessoas: cada linha conta como uma.
init-variables = Variáveis comuns: cada uma deve medir o mesmo nos dois arquivos. “clrisk check” compara suas distribuições.
init-how-labels = De { $survey } na pesquisa e { $census } no censo, pelos rótulos de seus valores.
init-how-usual = De { $survey } na pesquisa e { $census } no censo. Nem todos os códigos têm rótulo: supõe-se o que costumam significar. CONFIRA nos questionários.
init-how-same_labels = De { $survey } na pesquisa e { $census } no censo: seus valores têm os mesmos rótulos.
init-how-same_codes = De { $survey } na pesquisa e { $census } no censo: têm os mesmos códigos, e supõe-se que significam o mesmo. CONFIRA nos questionários e dê nome às categorias.
init-how-number = De { $survey } na pesquisa e { $census } no censo, como número. Confira se a unidade é a mesma e se não há códigos de “não sabe”.
init-how-ages = De { $survey } na pesquisa e { $census } no censo: os grupos do indicador 8.7.1.
init-left-out-survey = Códigos da pesquisa sem correspondência, que ficam como ausentes: { $codes }.
init-left-out-census = Códigos do censo sem correspondência, que ficam como ausentes: { $codes }.
init-refused-missing = Não se propõe { $name } ({ $survey }, { $census }): em um dos arquivos falta quase sempre.
init-refused-codes = Não se propõe { $name }: os códigos de { $survey } e { $census } não se correspondem. Escreva a variável à mão se medem o mesmo.
init-refused-only_survey = Não se propõe { $name }: somente a pesquisa parece tê-la ({ $survey }). Com --match { $survey }=COLUNA se diz qual é no censo.
init-refused-only_census = Não se propõe { $name }: somente o censo parece tê-la ({ $census }).
init-age-group = grupo de idade
init-formula = Retire as variáveis que não meçam o mesmo nos dois arquivos, ou que sejam consequência do trabalho infantil.
level-boy = meninos
level-girl = meninas
level-urban = urbana
level-rural = rural
level-attends = frequenta
level-out = não frequenta
level-neither = nem indígena nem afrodescendente
level-indigenous = indígena
level-afro_descendant = afrodescendente
level-native = nascido no país
level-migrant = migrante
init-roles = Reconhecido na pesquisa e no censo:
init-done = Escrito { $file }. Propostas a confirmar: { $unconfirmed }; chaves a decidir: { $undecided }. Leia-o e execute “clrisk check”.
finding-CONFIG-005 = { $count ->
        [one] Falta decidir uma chave de clrisk.toml.
       *[other] Falta decidir { NUMBER($count) } chaves de clrisk.toml.
    }
    .hint = { $count ->
        [one] Escreva nela, no lugar de "?", a coluna ou a expressão; o comentário que a precede diz o que se procura.
       *[other] Escreva em cada uma, no lugar de "?", a coluna ou a expressão; o comentário que a precede diz o que se procura.
    }
finding-CONFIG-006 = { $count ->
        [one] Há uma proposta de “clrisk init” que ninguém confirmou.
       *[other] Ninguém confirmou { NUMBER($count) } propostas de “clrisk init”.
    }
    .hint = { $count ->
        [one] Revise a chave com o questionário e retire-a de project.unconfirmed.
       *[other] Revise cada chave com o questionário e retire-a de project.unconfirmed.
    }
comparability-heading = Pesquisa e censo, variável por variável
comparability-verdict = Veredito
comparability-reasons = Por quê
comparability-comparable = comparável
comparability-with-caution = com cautela
comparability-not-comparable = não comparável
comparability-distribution-similar = Distribui-se igual nos dois arquivos (maior diferença padronizada: { $difference }).
comparability-distribution-apart = Distribui-se um pouco diferente (maior diferença padronizada: { $difference }).
comparability-distribution-far = Distribui-se muito diferente (maior diferença padronizada: { $difference }): talvez não meçam o mesmo, ou o país mudou.
comparability-category-only-survey = A categoria { $category } está somente na pesquisa ({ $share } % das crianças).
comparability-category-only-census = A categoria { $category } está somente no censo ({ $share } % das crianças).
comparability-years-apart = A pesquisa é de { $survey } e o censo de { $census }: { $years } anos de distância.
comparability-age-bands = O censo somente tem grupos de idade: a parte das idades de interesse é tomada da pesquisa.
comparability-note = Que as distribuições coincidam não prova que as perguntas sejam as mesmas: as definições de cada variável estão na versão JSON do cartão do modelo.
init-area-filter = { $count ->
        [one] Falta ao censo um código do mapa: se é um lago ou uma zona em disputa, deixe-o de fora com filter; se é um município novo, ficará sem dados.
       *[other] O censo não tem { NUMBER($count) } códigos do mapa: se são lagos ou zonas em disputa, deixe-os de fora com filter; se são municípios novos, ficarão sem dados.
    }
