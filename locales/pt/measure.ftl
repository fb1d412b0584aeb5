# Definições de trabalho infantil e medição direta.

finding-DEFINE-001 = O arquivo de definição { $file } não foi entendido: { $reason }
    .hint = Compare-o com uma das definições do programa; cada chave é explicada em docs/definitions.md.
finding-DEFINE-002 = Não há nenhuma definição chamada { $name }.
    .hint = Escolha uma da lista, ou dê o nome de um arquivo .toml da pasta do projeto.
finding-DEFINE-003 = A definição se contradiz entre { $from } e { $to } anos: { $kind ->
        [gap] nenhuma faixa cobre a idade
        [overlap] mais de uma faixa cobre a idade
        [hours] as horas não cabem em uma semana
        [long_hours] as horas longas são citadas sem limiar, ou o limiar sem citá-las
        [list] usam-se ramos ou ocupações sem lista de trabalho perigoso
        [counted_as] a atividade que conta precisa de counted_as, e só ela
        [permitted] a atividade que não conta precisa de permitted, e só ela
        [minimum_age] chama-se abaixo da idade mínima quem já a tem
        [light_work] chama-se de trabalho leve o que já é permitido pela idade
        [hazardous_age] chama-se de perigoso um trabalho que a idade permite
        [series] uma série do indicador 8.7.1 não cita child_labour nem child_labour_economic
        [name] faltam nome, versão ou autor
       *[other] as idades não concordam
    }.
    .hint = Corrija a faixa dessas idades no arquivo da definição.
finding-DEFINE-004 = { $code } não é um código conhecido de { $classification }.
    .hint = Corrija o código; as classificações conhecidas estão em definitions/codes.
finding-DEFINE-005 = Falta a fonte de { $what }.
    .hint = Acrescente em [[facts]] de onde vem, com uma fonte de [[sources]]; se ninguém a comparou, com status = "unverified".
finding-DEFINE-006 = { $count ->
        [one] Na definição { $definition } há um dado que ninguém comparou com a fonte.
       *[other] Na definição { $definition } há { NUMBER($count) } dados que ninguém comparou com a fonte.
    }
    .hint = { $count ->
        [one] Revise-o antes de publicar; copie o arquivo para o projeto e anote quem revisou.
       *[other] Revise-os antes de publicar; copie o arquivo para o projeto e anote quem revisou.
    }
finding-DEFINE-007 = A definição usa { $item }, e [definition.items] não diz onde está na pesquisa.
    .hint = Acrescente a pergunta se a pesquisa a tiver; sem ela, o que depende dela não é contado e os números são menores.
finding-DEFINE-008 = A definição { $definition } devia ser revisada até { $date }.
    .hint = Compare-a com a lei e as fontes de hoje; copie o arquivo para o projeto, anote quem a revisou e a próxima data.
finding-MEASURE-001 = Para medir, faltam { $what } em clrisk.toml.
    .hint = Veja as seções [definition] e [measure] em docs/settings.md.
finding-MEASURE-002 = { $key } cita { $name }, que não é uma variável da pesquisa com categorias.
    .hint = Defina-a em [measure.by] ou em [variables], ou corrija o nome.
finding-MEASURE-003 = Os números não são separados por sexo: o que as meninas fazem fica oculto no total.
    .hint = Acrescente [measure.by.sex] com as categorias boy e girl.
finding-MEASURE-004 = { $count ->
        [one] De uma criança da pesquisa não se sabe: { $measure }. Fica fora desse número.
       *[other] De { NUMBER($count) } crianças da pesquisa não se sabe: { $measure }. Ficam fora desse número.
    }
    .hint = Revise as respostas que faltam; a regra está em [missing] da definição.
finding-MEASURE-005 = As duas pesquisas podem não ser comparáveis: { $kind ->
        [definition] foram medidas com definições diferentes
        [ages] perguntaram em idades diferentes
       *[items] fizeram perguntas diferentes
    }.
    .hint = Meça ambas com a mesma definição e as mesmas perguntas, ou diga a diferença junto de cada mudança.
finding-MEASURE-006 = { $key } não é válido: { $reason }
    .hint = Corrija o valor; docs/settings.md diz o que se admite.
finding-MEASURE-007 = Os pesos não somam as crianças do país: cada uma da pesquisa representaria apenas { NUMBER($mean) }. As proporções são válidas; os números de crianças não são publicados.
    .hint = Informe em survey.children quantas crianças dessas idades o país tem, ou use os pesos de expansão da pesquisa.
measure-name-child_labour = Trabalho infantil
measure-name-child_labour_economic = Trabalho infantil por atividade econômica
measure-name-excessive_chores = Afazeres domésticos por muitas horas
measure-name-worst_forms = Piores formas, sem o trabalho perigoso
measure-name-hazardous = Trabalho perigoso segundo a definição
measure-name-below_minimum_age = Trabalho abaixo da idade permitida
measure-name-national_rule = Trabalho que conta por regra nacional
measure-name-light_work = Trabalho leve permitido
measure-name-adolescent_work = Trabalho adolescente permitido
measure-name-chores_only = Só afazeres domésticos, dentro do limiar
measure-name-not_working = Nem trabalho nem afazeres
measure-name-working = Qualquer atividade econômica
measure-name-working_one_hour = Atividade econômica de uma hora ou mais
measure-name-chores = Quaisquer afazeres domésticos
measure-name-hazardous_conditions = Condições perigosas declaradas
measure-name-child_labour_or_conditions = Trabalho infantil ou condições perigosas
measure-name-condition_heavy_loads = Carrega objetos pesados
measure-name-condition_tools = Ferramentas ou máquinas perigosas
measure-name-condition_dust = Poeira, fumaça ou gases
measure-name-condition_temperature = Frio, calor ou umidade extremos
measure-name-condition_noise = Ruído ou vibração
measure-name-condition_heights = Alturas
measure-name-condition_chemicals = Produtos químicos ou explosivos
measure-name-condition_confined = Sob a terra, sob a água ou em espaços confinados
measure-name-condition_abuse = Maus-tratos ou abuso
measure-name-condition_other = Outro perigo
measure-name-hazardous_industry = Em um ramo da lista de trabalho perigoso
measure-name-hazardous_occupation = Em uma ocupação da lista de trabalho perigoso
measure-name-long_hours = Longas horas de trabalho
measure-name-night_work = Trabalho noturno
measure-name-attending = Frequenta a escola
measure-name-studies_only = Só estuda
measure-name-works_only = Só trabalha
measure-name-studies_and_works = Estuda e trabalha
measure-name-neither = Nem estuda nem trabalha
measure-ages = De { $from } a { $to } anos
measure-all = Todas as crianças
measure-title = Medição do trabalho infantil: { $country }
measure-synthetic = País inventado: nenhum número é real.
measure-heading-prevalence = Proporção das crianças de cada grupo
measure-heading-composition = Distribuição das crianças: { $measure }
measure-heading-changes = Mudança desde a pesquisa anterior
measure-heading-metadata = Notas
measure-heading-measure = Medida
measure-heading-group = Grupo
measure-heading-age = Idade
measure-heading-hours = Horas semanais de atividade econômica
measure-heading-rate = Proporção
measure-heading-standard_error = Erro padrão
measure-heading-lower = Limite inferior
measure-heading-upper = Limite superior
measure-heading-count = Crianças
measure-heading-sample = Casos da amostra
measure-heading-effective_sample = Amostra efetiva
measure-heading-cv = Coeficiente de variação
measure-heading-quality = Qualidade
measure-heading-earlier = Antes
measure-heading-later = Agora
measure-heading-difference = Diferença (pontos percentuais)
measure-heading-p_value = Valor p
measure-heading-definition = Definição
measure-heading-description = O que conta
measure-heading-survey = Pesquisa
measure-heading-previous = Pesquisa anterior
measure-heading-rule = Regra de qualidade
measure-heading-interval = Nível de confiança dos intervalos
measure-heading-reviewer = Revisada por
measure-heading-nobody = ninguém ainda
measure-heading-next_review = Próxima revisão
measure-heading-unverified = Não verificado
measure-heading-sources = Fontes
measure-heading-program = Programa
measure-heading-children = Crianças da pesquisa
measure-heading-comparability = Comparabilidade
measure-quality-publish = publicável
measure-quality-publish_with_warning = com advertência: pouco preciso
measure-quality-suppress = reservado
measure-note-withheld = “…”: o número fica reservado porque a amostra não o sustenta, segundo a regra de qualidade. Não significa zero.
measure-note-hours = As horas de atividade econômica e as de afazeres domésticos nunca se somam.
measure-note-national = Os números do país na base mundial do indicador 8.7.1 podem diferir: a OIT e o UNICEF voltam a analisar os dados.
measure-note-normalised = Os pesos desta pesquisa não somam as crianças do país. As proporções e seus intervalos são válidos; o número de crianças não decorre deles e não é mostrado.
measure-unit-children = { $number ->
        [one] { $text } criança
       *[other] { $text } crianças
    }
measure-unit-points = { $number ->
        [one] { $text } ponto percentual
       *[other] { $text } pontos percentuais
    }
measure-unit-years = { $number ->
        [one] { $text } ano
       *[other] { $text } anos
    }
measure-sentence-level = { $measure }: { $rate } das crianças de { $ages }, ou seja, { $children } (intervalo: de { $lower } a { $upper }).
measure-sentence-group = { $group }: { $rate } (intervalo: de { $lower } a { $upper }), { $children }.
measure-sentence-level-share = { $measure }: { $rate } das crianças de { $ages } (intervalo: de { $lower } a { $upper }).
measure-sentence-group-share = { $group }: { $rate } (intervalo: de { $lower } a { $upper }).
measure-sentence-withheld = { $group }: a amostra não basta para publicar o número.
measure-sentence-warning = Número pouco preciso: use com cuidado.
measure-sentence-up = { $measure } ({ $group }): subiu { $points } entre as duas pesquisas.
measure-sentence-down = { $measure } ({ $group }): caiu { $points } entre as duas pesquisas.
measure-sentence-same = { $measure } ({ $group }): as duas pesquisas não mostram mudança maior que o acaso da amostra.
measure-sentence-ages = { $from } a { $to } anos
measure-compare-definition = Definições diferentes
measure-compare-ages = Idades diferentes
measure-compare-items = Perguntas diferentes
command-measure-about = Mede o trabalho infantil diretamente da pesquisa
command-measure-long = Classifica cada criança da pesquisa segundo a definição de [definition] e escreve em out/measure os números por grupo com intervalo, quantidade, amostra e qualidade: CSV, Excel, HTML, um resumo e, para o indicador 8.7.1, SDMX. Precisa só da pesquisa. Com --definitions lista as definições do programa; com --show ID mostra o arquivo de uma.
command-arg-definitions = Lista as definições do programa
command-arg-show = Mostra o arquivo de uma definição
command-measure-done = Medição pronta em { $folder } segundo { $definition }.
