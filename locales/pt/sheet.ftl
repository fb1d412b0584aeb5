# Mapas: camadas além das de site.ftl.
site-show-certainty = Taxa segundo sua precisão
site-show-count = Número de crianças
site-show-sex-gap = Diferença entre os sexos
site-show-hot-spots = Focos
site-show-change = Mudança desde a publicação anterior
layer-rule-certainty = Taxa, em menos degraus quanto menos precisa é
layer-certain = { $rates }; precisa (coeficiente de variação de até { $cv })
layer-less-certain = { $rates }; menos precisa (até { $cv })
layer-uncertain = Qualquer taxa; pouco precisa (mais de { $cv })
layer-rule-count = Crianças e adolescentes: a área do círculo é proporcional ao seu número
layer-circle = { $children ->
        [one] { $children } criança ou adolescente
       *[other] { $children } crianças e adolescentes
    }
layer-rule-sex-gap = Taxa de “{ $more }” menos taxa de “{ $less }”, em pontos percentuais
layer-rule-hot-spots = Municípios cuja taxa se parece, ou se opõe, à dos vizinhos mais do que faria o acaso (Moran local)
layer-rule-change = Mudança da taxa desde a publicação { $release }, em pontos percentuais
layer-difference-lowest = { $upper } ou menos
layer-difference-between = mais de { $lower } até { $upper }
layer-difference-highest = mais de { $lower }
layer-cluster-high-high = Foco: alta entre altas
layer-cluster-high-low = Alta entre baixas
layer-cluster-low-high = Baixa entre altas
layer-cluster-low-low = Baixa entre baixas
layer-cluster-none = Sem padrão com os vizinhos
layer-legend-not-local = Diferença nacional, não estimada no município
layer-legend-within-error = Hachurado: a diferença cabe na sua margem de erro
layer-title-error = coeficiente de variação { $cv }
layer-title-difference = { $points } pontos ({ $interval })
layer-show-all = Mostrar tudo

# Unidades: só o programa as escreve.
unit-points =
    { $n ->
        [one] { $points } ponto percentual
       *[other] { $points } pontos percentuais
    }
unit-children =
    { $n ->
        [one] { $children } criança ou adolescente
       *[other] { $children } crianças e adolescentes
    }

# Frases da ficha. Um número vem sempre com sua unidade: não se escreve aqui.
sentence-rate = { $outcome }: estimativa de { $rate_percent } das crianças e adolescentes de { $youngest } a { $oldest } anos. Com probabilidade de { $level_chance }, a taxa está { $interval_percent_range }.
sentence-count = São { $count_children }; provavelmente { $interval_children_range }.
sentence-above = A taxa está { $difference_points } acima da do país ({ $national_percent }), e a diferença é clara.
sentence-below = A taxa está { $difference_points } abaixo da do país ({ $national_percent }), e a diferença é clara.
sentence-like = Não se distingue com clareza da taxa do país ({ $national_percent }).
sentence-sexes = { $more }: { $more_percent }. { $less }: { $less_percent }.
sentence-sexes-national = { $more }: { $more_percent }. { $less }: { $less_percent }. A diferença entre ambos é a do país: aqui não pôde ser estimada.
sentence-rank = Em comparação com os demais: { $range }.
sentence-sure = Há bastante certeza: a probabilidade de que este seja o seu nível é de { $class_chance }.
sentence-unsure = Não há certeza: a probabilidade de que este seja o seu nível é de { $class_chance }; a do nível “{ $highest }”, de { $highest_chance }.
sentence-factor = aqui eleva a taxa em { $change_points } em relação à média do país.

# O que fazer
next-high = O risco é alto e a estimativa o sustenta: prepare com o comitê local um plano de prevenção e verifique que serviços chegam a quantas crianças.
next-medium = O risco é intermediário: reforce os serviços que já existem e acompanhe se a situação piora.
next-low = O risco é baixo em comparação com o resto do país: mantenha os serviços. Ser baixo não quer dizer que não haja casos.
next-unsure = Não há certeza sobre o nível: antes de decidir, compare com as escolas, os postos de saúde e a inspeção do trabalho.
next-not-reliable = A estimativa é pouco precisa: não decida por ela; reúna informação local.
next-no-figure = Não há número para este município: reúna informação local e consulte a dos municípios vizinhos.
next-factor = Comece por “{ $factor }”: do que se pode mudar, é o que aqui mais acompanha o risco. É uma associação, não uma causa demonstrada.
next-similar = Pergunte o que fez { $area }, que tem condições parecidas.
next-no-sample = A pesquisa não visitou este município: confirme as condições no local.
next-classes = Comece pelos municípios do nível mais alto; dentro de um nível a ordem não diz nada.
next-sure-first = Veja quais estão hachurados no mapa: não há certeza sobre seu nível, e é preciso ter informação local antes de investir.
next-method = Olhe a taxa e o número: um município grande com taxa média pode ter mais casos que um pequeno com taxa alta.

# Ficha
sheet-level-country = País
sheet-level-region = Região
sheet-level-department = Departamento
sheet-level-municipality = Município
sheet-code = código { $code }
sheet-risk = Nível de risco
sheet-groups = Por sexo e idade
sheet-groups-national = * A diferença em relação ao total é a do país: não foi estimada neste município.
sheet-factors = O que se pode mudar e mais pesa aqui
sheet-similar = Municípios em condições parecidas
sheet-classes = Municípios por nível
sheet-next = O que fazer agora
sheet-inputs = Fontes e sua idade
sheet-age = Idade
sheet-map = Mapa
sheet-none = sem número
sheet-and-more = { $names } e mais { $count }
sheet-years-old =
    { $n ->
        [0] do mesmo ano
        [one] há { $count } ano
       *[other] há { $count } anos
    }
sheet-map-label = Mapa de { $area }: municípios por nível de risco
sheet-map-label-in = Mapa de { $holder }: municípios por nível de risco, com { $area } assinalado
sheet-residence = Os números contam crianças e adolescentes onde moram, não onde trabalham.
sheet-not-the-indicator = É uma estimativa do risco feita com um modelo. Não é o indicador 8.7.1 dos Objetivos de Desenvolvimento Sustentável.
sheet-definition = O que se estima: { $definition }
sheet-release = Publicação { $project } { $release }.
sheet-release-signed = Publicação { $project } { $release }, { $date }, assinada por { $name } ({ $office }).
sheet-draft = Rascunho de { $project }, não publicado.

# Colunas das exportações.
column-code = Código do município (texto)
column-name = Nome
column-area = Código da área (texto)
column-level = Nível: country, region, department, municipality
column-department = Código do departamento
column-department-name = Nome do departamento
column-region = Código da região
column-group = Grupo de publicação; all: todas as crianças
column-status = Por que há ou não há número
column-rate = Taxa estimada, proporção de 0 a 1
column-rate-lower = Extremo inferior do intervalo de 95 % da taxa
column-rate-upper = Extremo superior do intervalo de 95 % da taxa
column-count = Número estimado de crianças e adolescentes
column-count-lower = Extremo inferior do intervalo de 95 % do número
column-count-upper = Extremo superior do intervalo de 95 % do número
column-population = Crianças e adolescentes do grupo no censo
column-class = Nível de risco, 1 é o mais baixo
column-probability = Probabilidade de pertencer a esse nível, de 0 a 1
column-rank = Posição pela taxa, 1 é a mais alta
column-rank-lower = Melhor posição da faixa de 95 %
column-rank-upper = Pior posição da faixa de 95 %
column-rank-joint-lower = Melhor posição se as faixas de todos valem ao mesmo tempo
column-rank-joint-upper = Pior posição se as faixas de todos valem ao mesmo tempo
column-count-rank = Posição pelo número, 1 é o maior
column-estimated-locally = Se a diferença do grupo foi estimada aqui; se não, é a nacional
column-factor = Fator: nome da variável
column-points = Pontos percentuais da taxa
column-points-lower = Extremo inferior do intervalo de 95 %, pontos percentuais
column-points-upper = Extremo superior do intervalo de 95 %, pontos percentuais
column-logit = O mesmo na escala logit
column-lever = Condição que chegaria à sua meta
column-now = Onde está: proporção, ou média de um número
column-target = Meta: proporção, ou média de um número
column-children = Mudança no número de crianças e adolescentes
column-children-lower = Extremo inferior do intervalo de 95 % dessa mudança
column-children-upper = Extremo superior do intervalo de 95 % dessa mudança

export-title = Título
export-country = País
export-notice = Aviso
export-release = Publicação
export-made-by = Feito com
export-licence = Licença dos dados
export-note = Nota
export-units = Taxas e probabilidades são proporções de 0 a 1; uma célula vazia é um número que não se mostra, nunca um zero.
export-no-licence = O órgão que publica não declarou uma licença: pergunte antes de redistribuir.
export-sheet-notes = Notas
export-sheet-municipalities = Municípios
export-sheet-estimates = Estimativas
export-sheet-factors = Fatores
export-sheet-levers = Condições
export-sheet-columns = Colunas

command-sheet-about = Escreve a ficha de uma área, ou as de todas
command-sheet-long = Escreve a ficha do país, de um departamento ou de um município da publicação mais recente, em PDF ou HTML. Com --all, as de todas as áreas.
command-arg-sheet-code = Código da área: município, departamento ou país
command-arg-sheet-all = As fichas de todas as áreas
command-arg-sheet-index = As fichas do índice, onde há índice e estimativas
command-arg-sheet-format = Formato: pdf (se omitido) ou html
command-arg-output = Pasta de destino; criada se não existir
command-arg-export-draft = Usa o rascunho confidencial
command-arg-export-release = Publicação a usar; a mais recente se omitida
command-sheet-progress = Fichas: { NUMBER($done) } de { NUMBER($total) }
command-sheet-done = { $total ->
    [1] 1 ficha em { $folder }
   *[other] { NUMBER($total) } fichas em { $folder }
}
command-export-about = Escreve uma publicação como arquivos para outros programas
command-export-long = Escreve as tabelas da publicação mais recente como CSV, CSV para Excel, XLSX e Parquet, os municípios como GeoJSON e GeoPackage, os mapas como SVG, e tudo em um ZIP com README e licença. O que não se publica fica como célula vazia.
command-arg-export-format = Formatos, separados por vírgulas: csv, excel, xlsx, parquet, geojson, gpkg, svg, zip; todos se omitido
command-export-done = { $files ->
        [one] { NUMBER($files) } arquivo em { $folder }
       *[other] { NUMBER($files) } arquivos em { $folder }
    }

finding-SHEET-001 = Não foi possível compor a ficha de { $area }: { $reason }
    .hint = É um erro do programa: avise quem o mantém, com o código da área e a publicação.
finding-SHEET-002 = A publicação não tem uma área com o código { $code }.
    .hint = Os códigos são texto, com seus zeros à esquerda; “clrisk export” lista todos.
finding-EXPORT-001 = Não foi possível fazer o arquivo { $file }: { $reason }
    .hint = Verifique ou gere de novo a publicação; se o erro se repetir, avise quem mantém o programa.

figure-pyramid = { $outcome } por sexo e idade
figure-pyramid-description = Cada barra é a taxa de um grupo de idade; um sexo de cada lado.
figure-ranks = Entre que posições está cada município
figure-ranks-description = Posição pela taxa entre { $total } municípios, com sua faixa de 95 %. Onde as linhas se sobrepõem, a ordem não é conhecida.
figure-ranks-range = Faixa de 95 % da sua posição
figure-direct = A pesquisa sozinha e o modelo
figure-direct-description = Cada círculo é uma área; seu tamanho, a amostra. Na diagonal coincidem; os de amostra pequena se afastam mais.
figure-modelled = Modelo
figure-calibration = O modelo antes de ajustá-lo à pesquisa
figure-calibration-description = Ponto e linha: estimativa direta e intervalo de 95 %. Quadrado: o modelo antes do ajuste.
figure-trajectory = { $area }: a taxa em cada publicação
figure-trajectory-description = Taxa e intervalo de 95 %. Os pontos não se unem: entre eles nada se sabe.
sheet-map-departments = Departamentos segundo a classe em que cai sua taxa

sheet-index-dimensions = Por dimensão
sheet-index-factors = O que mais o torna vulnerável
sheet-index-open = A classe depende das decisões com que se faz o índice.
sheet-index-firm = A maioria das receitas razoáveis o põe nesta classe.
sheet-index-points = { $index }: { $points }.
sheet-index-rank = Com outras receitas razoáveis: { $range }, contando a partir do mais vulnerável.
sheet-index-factor = +{ $points } em relação ao município médio
next-index-open = A classe não é firme: veja a faixa de posições e as dimensões antes de decidir só pela classe.
next-index-firm = Use a classe para decidir onde olhar primeiro, não para repartir por pontos.
next-index-factor = Comece pelo que mais pesa aqui: { $indicator }. Pergunte no município o que há por trás.
next-index-area = Comece pelos municípios das classes mais altas e veja, na ficha de cada um, o que os torna vulneráveis.
next-index-children = O índice não diz quantas crianças trabalham: para isso é preciso uma pesquisa ou uma estimativa.
