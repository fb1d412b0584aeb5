command-about = clrisk estima o risco de trabalho infantil por município e o publica.
command-after-help = Códigos de saída: 0 feito; 1 há achados que interrompem o trabalho; 2 o comando não foi entendido; 3 a máquina não pôde (porta ocupada, disco cheio).
command-heading-usage = Uso:
command-heading-commands = Comandos:
command-heading-options = Opções:
command-init-about = Cria uma pasta de projeto com um clrisk.toml comentado
command-init-long = Cria as pastas data/ e geo/ e um clrisk.toml em que cada chave está explicada. Com --survey, --census e --boundaries o propõe inteiro a partir dos nomes, rótulos e códigos dos arquivos, e diz de cada chave por quê e o que conferir. Não sobrescreve nada.
command-check-about = Lê tudo, informa os achados e não escreve nada
command-check-long = Lê a pesquisa, o censo e os limites como faria “run”, conta cada linha usada e cada linha excluída, compara pesquisa e censo, e informa todos os achados. Com --fix anota em match.csv os códigos de área que não deixam dúvida.
command-run-about = Ajusta o modelo e escreve o rascunho em out/draft
command-run-long = Faz todo o caminho: lê, verifica, ajusta o modelo, percorre o censo, estima cada município com sua incerteza e escreve o rascunho confidencial. Se algo o interromper, o rascunho anterior fica intacto.
command-cells-about = Resume o censo em células exatas, aqui ou em outro banco de dados
command-cells-long = Escreve uma linha para cada combinação de área e variáveis, com quantas pessoas tem: o modelo não precisa de mais do censo. Com --sql imprime a consulta que outro banco de dados pode executar sobre seu censo; com --import toma o resultado (CSV ou Parquet), verifica-o e guarda-o onde “run” o encontra.
command-scheduler-about = Reparte o percurso do censo entre executores
command-scheduler-long = Inicia o escalonador de um cluster; os executores e “run” com --cluster se conectam a ele. Não há senha nem criptografia: use-o somente em uma rede privada. Termina com Ctrl+C.
command-executor-about = Trabalha para um escalonador
command-executor-long = Inicia um executor: lê sua parte do censo, que deve estar no mesmo caminho em todas as máquinas, e soma. Usa a porta dada e a seguinte. Termina com Ctrl+C.
command-arg-sql = Imprime o SQL para outro banco de dados
command-arg-dialect = De qual banco: standard, duckdb, bigquery
command-arg-table = Nome da tabela do censo nesse banco
command-arg-import = Células feitas com esse SQL
command-arg-cluster = Percorre o censo no cluster deste escalonador
command-arg-scheduler = Endereço do escalonador
command-arg-tasks = Partes ao mesmo tempo; tantas quantos processadores se omitido
command-cells-done = { $cells ->
        [one] { NUMBER($cells) } célula em { $file } (pessoas: { NUMBER($persons) }; registros: { NUMBER($records) }).
       *[other] { NUMBER($cells) } células em { $file } (pessoas: { NUMBER($persons) }; registros: { NUMBER($records) }).
    }
command-cells-name = Para usá-las, escreva sob [census] em clrisk.toml: cells = "{ $file }"
command-listening = Escutando em { $address } (Ctrl+C para terminar)
command-explain-about = Explica um código de achado ou a estimativa de um município
command-explain-long = Com um código (por exemplo AREA-002) diz o que significa e o que fazer. Com o código de um município diz de onde vem sua estimativa e que fatores a movem. Com a palavra model, o modelo inteiro.
command-release-about = Passa o rascunho pelo controle de sigilo e o publica com assinatura
command-release-long = Reserva os números pequenos e os que permitiriam deduzi-los, e escreve uma publicação imutável em out/release/ID assinada por uma pessoa. Uma correção é uma publicação nova.
command-serve-about = Serve o site de uma publicação
command-serve-long = Serve o site das publicações: a mais recente no endereço curto e cada uma no seu. Com --release ID, só essa. O rascunho é confidencial e só é servido com --draft.
command-demo-about = Cria um país inventado, faz todo o caminho e serve seu mapa
command-demo-long = Gera um país inventado com verdade conhecida, executa o projeto completo sobre ele, publica-o e serve o mapa. Não precisa de nenhum arquivo.
command-arg-help = Mostra esta ajuda
command-arg-project = Pasta do projeto
command-arg-language = Idioma: es, en, pt, fr
command-arg-json = Escreve os achados como JSON
command-arg-fix = Anota em match.csv as correspondências sugeridas
command-arg-what = Código de achado ou de município
command-arg-release-id = Identificador da publicação, por exemplo 2026-1
command-arg-release-by = Nome da pessoa que assina
command-arg-release-office = Cargo ou instituição de quem assina
command-arg-release-date = Data da assinatura; hoje se for omitida
command-arg-listen = Endereço e porta
command-arg-draft = Serve o rascunho confidencial
command-arg-serve-release = Publicação que é servida
command-arg-demo-folder = Pasta a criar; clrisk-demo se for omitida
command-arg-demo-children = Crianças do censo inventado
command-arg-demo-seed = Semente do país inventado
command-arg-no-serve = Termina sem servir o site
command-findings-summary = { $errors ->
        [one] { $errors } erro
       *[other] { $errors } erros
    }, { $warnings ->
        [one] { $warnings } advertência
       *[other] { $warnings } advertências
    }, { $notes ->
        [one] { $notes } nota
       *[other] { $notes } notas
    }
command-fix-done = match.csv: { $accepted ->
        [one] { NUMBER($accepted) } correspondência aceita
       *[other] { NUMBER($accepted) } correspondências aceitas
    }, { NUMBER($waiting) } a decidir
command-init-done = Criado { $file }. Preencha-o e execute “clrisk check”.
command-step-reading = Lendo arquivos e unindo áreas …
command-step-model = Ajustando o modelo …
command-step-population = { $rows ->
        [one] Percorrendo a população … { NUMBER($rows) } linha
       *[other] Percorrendo a população … { NUMBER($rows) } linhas
    }
command-step-estimates = Estimando municípios …
command-step-writing = Escrevendo o rascunho …
command-run-done = Rascunho pronto em { $folder }. É confidencial.
command-run-stopped = Interrompido. O rascunho anterior não foi tocado.
command-release-done = Publicado em { $folder }. Números visíveis: { NUMBER($shown) }; reservados por serem pequenos: { NUMBER($primary) }; reservados para protegê-los: { NUMBER($complementary) }.
command-release-statement = Revisei os achados, o cartão do modelo e o controle de sigilo, e autorizo a publicação.
command-explain-rate = Taxa estimada: { $rate } (intervalo de 95 %: de { $lower } a { $upper }); crianças da pesquisa que vivem aqui: { $sample }.
command-explain-share = Peso da amostra própria no efeito do município: { $share }; o resto vem do modelo.
command-explain-factor = { $points } pontos percentuais: { $factor }
command-explain-lever = Se… { $lever }: { $points } pontos (entre { $lower } e { $upper }); crianças: { $children }
command-explain-lever-reached = Se… { $lever }: já está na meta
command-explain-observations = Aprendeu com { $children } crianças (unidades amostrais: { $units }; estratos: { $strata }); municípios com amostra: { $sampled } de { $areas }; pesos na escala “{ $scaling }”.
command-explain-area-effect = O que é próprio do município e as variáveis não explicam
command-serving = O site está em { $address } (Ctrl+C para terminar)
command-demo-making = Criando um país inventado com { NUMBER($children) } crianças …
command-port-busy = Não foi possível abrir { $address }: escolha outro endereço com --listen.
status-value = Estimativa com amostra própria
status-modelled_without_sample = Estimativa do modelo, sem amostra no município
status-not_reliable = Estimativa pouco precisa
status-suppressed = Número reservado para proteger a identidade das crianças
status-no_data = Sem dados
command-demo-signer = Demonstração
command-demo-office = País inventado
command-explain-margins = Censo levado a { $file } ({ $year }): de { $before } a { $after } crianças; fatores de { $least } a { $largest }
command-explain-likelihood = O mesmo modelo por máxima verossimilhança ({ $integration }), sem efeito espacial: log-verossimilhança { $log }, critério de Akaike { $akaike }
command-explain-singular = Um desvio padrão é zero: os intervalos por máxima verossimilhança seriam curtos demais.
command-explain-suggestion = Sugestão (o modelo não muda): predizem crianças não vistas { $kept }; nada acrescentam { $out }. Perda { $suggested } contra { $all } com todas (erro { $error }).
command-site-about = Copia o site para uma pasta que funciona sem servidor
command-site-long = Escreve todas as páginas do site da última publicação (ou de --release ID) como arquivos com links relativos, para um pen drive ou um servidor de arquivos. Abre-se com index.html. Substitui uma cópia anterior; não toca em nenhuma outra pasta com conteúdo.
command-arg-site-output = Pasta a escrever
command-arg-site-languages = Idiomas separados por vírgulas (es,en,pt,fr); todos se não for indicado
command-site-progress = { NUMBER($files) } arquivos …
command-site-done = Site copiado em { $folder }: { NUMBER($files) } arquivos, { $size } MB. Abra index.html.
command-inspect-about = Mostra o que há em um arquivo e o que cada variável parece ser
command-inspect-long = Lê um arquivo de qualquer formato e diz suas tabelas, sua codificação e, de cada variável, seu rótulo, seu tipo, os rótulos de seus valores, quantos faltam, quantos valores distintos tem, e o que parece ser e por quê. Não mostra nenhum valor de uma pessoa.
command-convert-about = Escreve um arquivo como Parquet ou CSV com seus rótulos
command-convert-long = Lê um arquivo de qualquer formato e o escreve como Parquet, com rótulos e procedência em seus metadados, ou como CSV em UTF-8 com um livro de códigos ao lado. Não sobrescreve nada. O arquivo novo é tão confidencial quanto o original.
command-arg-file = Arquivo que se lê
command-arg-to = Arquivo que se escreve: .parquet ou .csv
command-arg-file-table = Tabela, planilha ou entidade; se omitida, todas (inspect) ou a primeira (convert)
command-arg-columns = Colunas, separadas por vírgulas; todas se omitido
command-arg-encoding = Codificação dos textos, se o arquivo a diz errado ou não a diz
command-arg-delimiter = Separador de um texto delimitado (tab para o tabulador)
command-arg-dictionary = Arquivo de rótulos, de posições fixas ou formulário XLSForm
command-arg-keep-missing = Conserva os códigos que o arquivo declara como ausentes
command-arg-init-survey = Pesquisa domiciliar: com ela se propõe o clrisk.toml
command-arg-init-census = Censo
command-arg-init-boundaries = Limites municipais
command-arg-survey-dictionary = Arquivo de rótulos da pesquisa, se não está ao lado
command-arg-census-dictionary = Arquivo de rótulos do censo, se não está ao lado
command-arg-match = Variável da pesquisa e a do censo que é a mesma; pode ser repetida
