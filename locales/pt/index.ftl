# O índice de vulnerabilidade e a triagem rápida.

index-nav = Índice
index-map = Mapa
index-list = Municípios
index-how = Como o índice foi feito
index-points = { $value } pontos
index-value = Pontos (0 a 100)
index-class = Classe
index-in-class = classe: { $class }
index-rank = Posição (1ª: o município mais vulnerável)
index-rank-exact = { $rank } posição de { $total }
index-rank-range = entre a { $best } e a { $worst } posição de { $total }
index-people = Habitantes
index-label-worse = Índice de 0 a 100 pontos: mais pontos, mais vulnerável. Não é uma taxa nem um número de crianças.
index-label-better = Índice de 0 a 100 pontos: mais pontos, menos vulnerável. Não é uma taxa nem um número de crianças.
index-preset = Receita “{ $name }”.
index-legend-rule = Classes do índice; regra: { $rule }
index-interval = mais de { $lower } até { $upper } pontos
index-open = A classe depende das decisões: nenhuma reúne seis de cada dez receitas
index-open-long = A classe deste município depende das decisões com que se faz o índice. Parte das receitas razoáveis que o colocam em cada classe:
index-firm = Parte das receitas razoáveis que colocam o município em cada classe:
index-uncertainty = Com { $draws } receitas razoáveis diferentes, metade dos municípios tem uma faixa de posições de { $width } ou menos ({ $level } % das receitas). Municípios cuja classe fica em aberto: { $open }.
index-most = Os dez mais vulneráveis segundo o índice
index-compensation = Quanto a média encobre?
index-compensation-text = O índice é de { $points } pontos. Se as dimensões boas compensassem só em parte as ruins, seria de { $partial }; a pior dimensão, sozinha, { $worst }.
index-parts = O que o aproxima e o que o afasta do município médio
index-parts-note = Diferença em pontos de vulnerabilidade em relação à média dos municípios: à direita, mais vulnerável. Exata para médias aritméticas; aproximada nos outros casos.
index-indicator = Indicador
index-measured = Valor
index-country-mean = Média dos municípios
index-score = Nota (100: a pior)
index-difference = Diferença, pontos
index-years = Em outros anos, com a mesma régua
index-to-estimate = A estimativa de trabalho infantil deste município
index-choices = Decisões e razões
index-step = Passo
index-rule = Regra
index-reason = Razão
index-step-missing = Dados ausentes
index-step-outliers = Valores extremos
index-step-normalisation = Escala comum
index-step-weights = Pesos
index-step-aggregation = Agregação
index-step-classes = Classes
index-rule-refuse = Não se admitem
index-rule-leave-out = Toma-se o que existe
index-rule-department-mean = Média do departamento
index-rule-none = Sem tratamento
index-rule-winsorise = Trazidos ao valor seguinte
index-rule-winsorise-or-logarithm = Trazidos ao valor seguinte ou logaritmo
index-rule-min-max = Mínimo 0, máximo 100
index-rule-z-score = Desvios padrão
index-rule-rank = Posições
index-rule-goalposts = Metas fixas
index-rule-distance-p2 = Distância DP2
index-rule-equal = Iguais por dimensão
index-rule-equal-indicators = Iguais por indicador
index-rule-expert = De especialistas
index-rule-comparisons = Comparações por pares (AHP)
index-rule-principal-components = Componentes principais
index-rule-entropy = Entropia
index-rule-new-information = O que cada um acrescenta (1 − R²)
index-rule-arithmetic = Média aritmética
index-rule-geometric = Média geométrica
index-rule-harmonic = Média harmônica
index-rule-arithmetic-geometric = Aritmética dentro, geométrica entre dimensões
index-rule-geometric-arithmetic = Geométrica dentro, aritmética entre dimensões
rule-equal = Intervalos iguais
index-indicators = Indicadores
index-balance-note = O peso é o que se decidiu; a influência, o que o indicador faz de verdade no índice. Se se afastam muito, o índice não diz o que seus pesos prometem.
index-dimension = Dimensão
index-source = Fonte
index-reviewed = revisou: { $by }
index-weight = Peso
index-influence = Influência
index-correlation = Correlação com o índice
index-without = Municípios que mudam de classe sem ele
index-distance = 100 pontos são uma distância DP2 de { $hundred }. Os indicadores entraram nesta ordem: { $order }.
index-consistency = Razão de consistência das comparações: { $ratio } (até 0,10 é aceitável).
index-belong = Os indicadores andam juntos?
index-adequacy = Adequação amostral (KMO): { $value }.
index-alpha = Alfa de Cronbach: { $value }.
index-no-redundant = Nenhum par de indicadores diz quase o mesmo (correlação de 0,9 ou mais).
index-correlations = Correlações entre indicadores
index-sensitivity = Que decisão importa?
index-sensitivity-note = Parte da variação das posições que cada decisão explica: sozinha e com suas interações. Estimada por simulação: pode passar um pouco de seus limites.
index-first = Sozinha
index-total = Com interações
index-alternatives = O que outra decisão teria dito
index-rank-correlation = Correlação de posições
index-shift = Mudança média de posição
index-agreement = O índice e a estimativa de trabalho infantil
index-agreement-text = Em { $areas } municípios com ambos, a correlação de posições é { $correlation }. O índice descreve condições; a estimativa, quantas crianças. Onde se afastam, convém perguntar por quê.
index-agreement-corner = Classe do índice ↓, da taxa →
index-furthest = Onde mais se afastam
index-by-index = Posição pelo índice
index-by-rate = Posição pela taxa

screen-lead = Doze perguntas de sim ou não para uma pessoa informada ou uma reunião da comunidade. Sem nomes de pessoas.
screen-community = Comunidade
screen-area = Código do município
screen-date = Data
screen-yes = Sim
screen-no = Não
screen-class-none = Sem classe: faltam respostas
screen-class-1 = Sinal baixo
screen-class-2 = Sinal médio
screen-class-3 = Sinal alto
screen-points = Pontos (0 a 100):
screen-range = Entre o mínimo e o máximo que as perguntas sem resposta permitem:
screen-keep = Guardar e começar outra
screen-download = Baixar CSV
screen-print = Imprimir
screen-note = Isto ordena respostas; não mede trabalho infantil nem diz nada sobre nenhuma família. Os pesos são um ponto de partida que ninguém validou ainda, e o resultado nunca se mistura com as estimativas.
screen-classes = Pontos em que começam o sinal médio e o alto:

command-index-about = Calcula o índice de vulnerabilidade (IVTI) a partir de indicadores
command-index-long = Lê a tabela de indicadores e seus valores, calcula o índice com as decisões de [index], repete-o com outras decisões razoáveis e o escreve no rascunho: sozinho, ou junto às estimativas do mesmo projeto. Com --preset começa um projeto a partir de uma receita.
command-screen-about = Triagem rápida: formulário de doze perguntas e leitura de respostas
command-screen-long = Com --form escreve uma página que funciona sem rede, pode ser impressa e exporta CSV. Com --import lê um CSV de respostas e dá a cada comunidade uma de três classes com seu erro. Não toca no rascunho nem se mistura com estimativas.
command-arg-preset = Receita: chile, costa-rica ou mexico-2020
command-arg-form = Escreve o formulário (também se nada for pedido)
command-arg-screen-import = CSV de respostas
command-arg-rules = Outra lista de perguntas, pesos e limiares
command-step-index = Calculando o índice e suas alternativas …
command-explain-index = { $index } (um índice, não uma taxa): { $points } pontos, classe “{ $class }”; posição { $rank } de { $total }, 1 o mais vulnerável; entre { $lower } e { $upper } com outras receitas.
command-explain-index-open = A classe depende das decisões com que se faz o índice.
command-explain-index-part = { $points } pontos de vulnerabilidade em relação ao município médio: { $dimension }
command-index-done = { $areas ->
        [one] Índice de { NUMBER($areas) } município.
       *[other] Índice de { NUMBER($areas) } municípios.
    }
command-screen-form = { $community }: { $class }; entre { $lowest } e { $highest } pontos; { $share } % das repetições com outros pesos dão a mesma classe
command-screen-done = Escrito { $file }.

finding-INDEX-001 = A tabela de indicadores { $file } não foi entendida: { $reason }
    .hint = Cada indicador precisa de code, name, more (worse ou better) e dimension; best e worst andam juntos.
finding-INDEX-002 = Indicadores sem fonte, ano ou pessoa que os revisou: { NUMBER($count) }.
    .hint = Complete source, year e reviewed_by: sem eles o índice não pode ser publicado.
finding-INDEX-003 = clrisk.toml não tem a seção [index].
    .hint = Acrescente-a (docs/how-to-index.md) ou comece com clrisk index --preset.
finding-INDEX-004 = O município { $area } tem mais de uma linha em { $file }.
    .hint = Deixe uma linha por município (e ano); se o arquivo tem anos, indique a coluna em index.year.
finding-INDEX-005 = { $count ->
        [one] Falta um valor de um indicador e a regra é não o admitir.
       *[other] Faltam { NUMBER($count) } valores de indicadores e a regra é não os admitir.
    }
    .hint = Complete os dados ou escolha outra regra em index.missing e diga por quê.
finding-INDEX-006 = { $count ->
        [one] Falta um valor de um indicador
       *[other] Faltam { NUMBER($count) } valores de indicadores
    }; regra: { $rule ->
        [leave_out] toma-se o que existe
       *[department_mean] média do departamento
    }.
    .hint = { $count ->
        [one] Veja se falta ao acaso: um indicador que falta onde se está pior engana.
       *[other] Veja se faltam ao acaso: um indicador que falta onde se está pior engana.
    }
finding-INDEX-007 = A receita do índice não pode ser calculada: { $reason }
    .hint = Reveja as decisões de [index]: um indicador constante, uma média geométrica sobre zeros ou uma distância com outros pesos não têm solução.
finding-INDEX-008 = “{ $indicator }” não tem { $column }, de que a regra escolhida precisa.
    .hint = Complete a coluna na tabela de indicadores ou escolha outra regra.
finding-INDEX-009 = As comparações de pesos se contradizem: razão de consistência { NUMBER($ratio) }.
    .hint = Reveja os juízos com quem os fez até ficar abaixo de { NUMBER("0.10") }.
finding-INDEX-010 = “{ $indicator }” vai contra o índice: onde está pior, o índice é melhor.
    .hint = Verifique sua direção (more) e se pertence a este índice.
finding-INDEX-011 = { $count ->
        [one] Uma de { NUMBER($draws) } receitas alternativas não pôde ser calculada.
       *[other] { NUMBER($count) } de { NUMBER($draws) } receitas alternativas não puderam ser calculadas.
    }
    .hint = Costuma ser uma média geométrica sobre notas que chegam a zero: tire essa combinação de index.uncertainty.
finding-INDEX-012 = Municípios sem índice por falta de dados: { NUMBER($count) }.
    .hint = Aparecem em cinza; não têm classe nem posição.
finding-INDEX-013 = Pares de indicadores que dizem quase o mesmo: { NUMBER($count) }.
    .hint = Deixe um de cada par, ou use pesos que não contem duas vezes o mesmo (new_information).
finding-INDEX-014 = Não há rascunho feito com estas decisões ao qual acrescentar o índice.
    .hint = Execute clrisk run: calcula as estimativas e o índice juntos.
finding-INDEX-015 = A receita partiu de “{ $name }”.
    .hint = O que se sabe do original e o que não está em index.preset_note e em cada página.
finding-INDEX-016 = { $count ->
        [one] O índice não pode ser publicado: um indicador não tem fonte, ano ou quem o revisou.
       *[other] O índice não pode ser publicado: { NUMBER($count) } indicadores não têm fonte, ano ou quem os revisou.
    }
    .hint = { $count ->
        [one] Complete-o na tabela de indicadores e calcule o índice de novo.
       *[other] Complete-os na tabela de indicadores e calcule o índice de novo.
    }
finding-SCREEN-001 = A lista de perguntas { $file } não foi entendida: { $reason }
    .hint = Parta de rules/screen/community-2026.toml e mude textos, pesos e limiares.
finding-SCREEN-002 = Falta a coluna { $column } em { $file }.
    .hint = Use o CSV que o formulário exporta: uma coluna por pergunta.
finding-SCREEN-003 = Formulários com respostas que não são sim nem não: { NUMBER($count) }.
    .hint = Essas respostas contam como não respondidas. Entendem-se sim/não nos quatro idiomas, 1/0 e 1/2.
finding-SCREEN-004 = Formulários sem classe por falta de respostas: { NUMBER($count) }.
    .hint = Pergunte de novo: é preciso responder três quartos do peso.
finding-SCREEN-005 = Ninguém revisou ainda as perguntas e os pesos de { $name }.
    .hint = Revise-os com pessoas que conheçam as comunidades e assine em reviewer.
index-sort = Ordenar por
