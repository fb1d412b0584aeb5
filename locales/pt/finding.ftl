# Achados. Cada código tem sua mensagem e, em .hint, o que fazer.

finding-FILE-001 = O arquivo { $file } não existe.
    .hint = Confira o caminho em clrisk.toml: ele parte da pasta do projeto.
finding-FILE-002 = O arquivo { $file } está vazio.
    .hint = Copie-o de novo ou exporte-o outra vez da origem.
finding-FILE-003 = O formato de { $file } não é reconhecido.
    .hint = Dados são lidos de CSV e texto (também em posições fixas, em gzip ou zip), Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase e REDATAM; limites, de GeoJSON, TopoJSON, shapefile, GeoPackage e FlatGeobuf. Exporte o arquivo para um deles.
finding-FILE-004 = O arquivo { $file } está danificado ou incompleto ({ $reason ->
        [parquet] não é um Parquet completo
        [values] um valor não pode ser lido
        [io] não foi possível lê-lo até o fim
        [changed] mudou depois de escrito
        [newer] foi escrito por uma versão mais nova do clrisk
       *[other] não pôde ser interpretado
    }).
    .hint = Compare o tamanho com o original e copie-o de novo. Se for uma publicação do clrisk, produza-a outra vez.
finding-FILE-005 = O arquivo { $file } não está em UTF-8.
    .hint = Salve-o como “CSV UTF-8”, ou diga sua codificação em clrisk.toml (encoding = "windows-1252").
finding-FILE-006 = { $found ->
        [one] Uma linha de { $file } tem { $found } coluna e o cabeçalho tem { $expected }.
       *[other] Uma linha de { $file } tem { $found } colunas e o cabeçalho tem { $expected }.
    }
    .hint = Examine essa linha: quase sempre falta uma aspa ou sobra um separador.
finding-FILE-007 = Não foi possível escrever { $file }.
    .hint = Confira as permissões da pasta e o espaço livre em disco.
finding-READ-001 = O arquivo { $file } é { $format }, que não é lido aqui.
    .hint = Leem-se CSV e texto, Parquet, Excel, OpenDocument, SPSS, Stata, SAS, dBase e REDATAM. Exporte-o para um deles.
finding-READ-002 = O arquivo { $file } ({ $format }) usa algo que não é lido: { $feature }.
    .hint = Abra-o no programa que o fez e salve-o em outra versão ou como CSV.
finding-READ-003 = Não existe a codificação de texto { $encoding }, pedida para { $file }.
    .hint = As mais usadas são windows-1252, utf-8, cp850 e cp437.
finding-READ-004 = O arquivo { $file } está protegido por senha.
    .hint = Abra-o no programa que o fez e salve-o sem senha.
finding-READ-005 = O arquivo { $file } não tem nenhuma tabela { $table }.
    .hint = Escolha uma das tabelas mostradas.
finding-READ-010 = { $file } tem várias tabelas; foi lida “{ $table }”.
    .hint = Se quiser outra, escreva o nome depois de um #: file = "livro.xlsx#Planilha 2".
finding-READ-011 = Falta o arquivo { $part }, que faz parte de { $file }.
    .hint = Copie a base completa: o dicionário e todos os arquivos que o acompanham.
finding-READ-012 = A coluna { $column } de { $file } tem um valor que não é { $type }, como se pede.
    .hint = Olhe essa linha, ou retire a coluna da tabela types.
finding-READ-013 = O dicionário de { $file } não foi entendido na linha { $row }: { $what }.
    .hint = Suas colunas são name, start, width (ou end), type, decimals, label, values e missing; docs/formats.md as explica. Também serve a sintaxe do SPSS (DATA LIST), com um registro por caso.
finding-READ-101 = { $count ->
        [one] Um valor de { $file } é lido como ausente porque o arquivo o declara assim.
       *[other] { NUMBER($count) } valores de { $file } são lidos como ausentes porque o arquivo os declara assim (variáveis: { NUMBER($columns) }).
    }
    .hint = { $count ->
        [one] Se esse código significa algo para você, peça que seja mantido.
       *[other] Se algum desses códigos significa algo para você, peça que sejam mantidos.
    }
finding-READ-102 = O arquivo { $file } não diz em que codificação estão seus textos; são lidos como { $encoding }.
    .hint = Olhe os rótulos: se vir letras estranhas no lugar de acentos e cedilhas, indique a codificação.
finding-READ-103 = { $count ->
        [one] Um texto de { $file } não é válido em { $encoding }; o que não se entende aparece como �.
       *[other] { NUMBER($count) } textos de { $file } não são válidos em { $encoding }; o que não se entende aparece como �.
    }
    .hint = Indique outra codificação, por exemplo windows-1252.
finding-READ-104 = { $count ->
        [one] { $file } contém uma declaração que não é usada: { $what }.
       *[other] { $file } contém { NUMBER($count) } declarações que não são usadas: { $what }.
    }
    .hint = Nada a fazer: os dados e os rótulos são lidos da mesma forma.
finding-READ-105 = { $expected ->
        [one] O arquivo { $file } declara { NUMBER($expected) } linha e tem { NUMBER($count) }; o restante não é lido.
       *[other] O arquivo { $file } declara { NUMBER($expected) } linhas e tem { NUMBER($count) }; o restante não é lido.
    }
    .hint = Se as linhas a mais são boas, salve o arquivo de novo no programa que o fez.
finding-READ-106 = { $count ->
        [one] Uma coluna de { $file } tem o nome de outra ou nenhum; é lida como { $column }.
       *[other] { NUMBER($count) } colunas de { $file } têm o nome de outra ou nenhum; a primeira é lida como { $column }.
    }
    .hint = Dê a cada coluna um nome próprio, para que ninguém as confunda.
finding-READ-120 = O dicionário { $file } não segue a ordem conhecida; procurou-se nele o que parece uma entidade ou uma variável.
    .hint = Compare as variáveis e os rótulos com o REDATAM; se puder, abra-o no REDATAM 7 e salve-o como dicX.
finding-READ-121 = { $count ->
        [one] Uma variável de { $file } não tem dados próprios ou é de um tipo que não se lê; fica de fora.
       *[other] { NUMBER($count) } variáveis de { $file } não têm dados próprios ou são de um tipo que não se lê; ficam de fora.
    }
    .hint = { $count ->
        [one] Se precisar dela, calcule-a no REDATAM e salve-a como variável da base.
       *[other] Se precisar de alguma, calcule-a no REDATAM e salve-a como variável da base.
    }
finding-READ-122 = { $count ->
        [one] Faltam os dados de uma variável da entidade { $entity } de { $file }; fica de fora: { $columns }.
       *[other] Faltam os dados de { NUMBER($count) } variáveis da entidade { $entity } de { $file }; ficam de fora: { $columns }.
    }
    .hint = { $count ->
        [one] Copie o arquivo .rbf que falta para junto do dicionário.
       *[other] Copie os arquivos .rbf que faltam para junto do dicionário.
    }
finding-READ-123 = A variável { $column } da entidade { $entity } de { $file } não tem um valor por linha (valores: { NUMBER($held) }; linhas: { NUMBER($count) }); não se pode ler.
    .hint = Compare o tamanho do seu arquivo .rbf com o original e copie-o de novo.
finding-READ-124 = { $count ->
        [one] Uma coluna de { $file } escreve os decimais com vírgula; assim se lê: { $columns }.
       *[other] { NUMBER($count) } colunas de { $file } escrevem os decimais com vírgula; assim se leem: { $columns }.
    }
    .hint = Nada a fazer, se forem números.
finding-READ-125 = { $count ->
        [one] Em uma coluna de { $file } não se sabe se o sinal separa decimais ou milhares; lê-se “{ $separator }” como decimal: { $columns }.
       *[other] Em { NUMBER($count) } colunas de { $file } não se sabe se o sinal separa decimais ou milhares; lê-se “{ $separator }” como decimal: { $columns }.
    }
    .hint = Olhe um valor conhecido. Se estiver errado, declare a coluna como text na tabela types, ou exporte-a sem separador de milhares.
finding-READ-126 = { $count ->
        [one] Um valor da coluna { $column } de { $file } é apenas um ponto; lê-se como ausente.
       *[other] { NUMBER($count) } valores da coluna { $column } de { $file } são apenas um ponto; leem-se como ausentes.
    }
    .hint = Nada a fazer: assim o SAS e o Stata escrevem os ausentes.
finding-READ-127 = { $count ->
        [one] Uma linha de { $file } termina com um separador a mais, que não conta.
       *[other] { NUMBER($count) } linhas de { $file } terminam com um separador a mais; não conta.
    }
    .hint = Nada a fazer.
finding-READ-132 = { $count ->
        [one] Uma linha de { $file } é mais curta que o dicionário; o que falta no fim lê-se como ausente.
       *[other] { NUMBER($count) } linhas de { $file } são mais curtas que o dicionário; o que falta no fim lê-se como ausente.
    }
    .hint = Nada a fazer se um editor retirou os espaços finais; senão, copie o arquivo de novo.
finding-READ-128 = { $count ->
        [one] Uma célula de { $file } contém um erro de fórmula; lê-se como ausente.
       *[other] { NUMBER($count) } células de { $file } contêm um erro de fórmula; leem-se como ausentes.
    }
    .hint = { $count ->
        [one] Abra a planilha e corrija a fórmula, ou cole-a como valor.
       *[other] Abra a planilha e corrija as fórmulas, ou cole-as como valores.
    }
finding-READ-129 = { $count ->
        [one] O cabeçalho de { $file } é a linha { $header }; a linha acima não contém dados.
       *[other] O cabeçalho de { $file } é a linha { $header }; as { NUMBER($count) } linhas acima não são dados.
    }
    .hint = { $count ->
        [one] Se não for essa a linha dos nomes, apague a linha acima e salve outra cópia.
       *[other] Se não for essa a linha dos nomes, apague as linhas acima e salve outra cópia.
    }
finding-READ-130 = { $count ->
        [one] Uma linha de { $file } está marcada como apagada; não se lê.
       *[other] { NUMBER($count) } linhas de { $file } estão marcadas como apagadas; não se leem.
    }
    .hint = { $count ->
        [one] Nada a fazer. No dBase, RECALL a recupera.
       *[other] Nada a fazer. No dBase, RECALL as recupera.
    }
finding-READ-131 = { $count ->
        [one] Um arquivo de { $file } não é uma tabela e fica de fora.
       *[other] { NUMBER($count) } arquivos de { $file } não são tabelas e ficam de fora.
    }
    .hint = Nada a fazer, se o que procura está entre as tabelas.
finding-READ-133 = { $count ->
        [one] Uma linha no fim de { $file }, abaixo da tabela, é uma nota; não é lida.
       *[other] { NUMBER($count) } linhas no fim de { $file }, abaixo da tabela, são notas; não são lidas.
    }
    .hint = { $count ->
        [one] Nada a fazer, se não contém números.
       *[other] Nada a fazer, se não contêm números.
    }
finding-READ-107 = Ao lado de { $file } há um catálogo de rótulos, { $what }, que não pode ser lido; os valores ficam sem rótulo.
    .hint = Copie o catálogo de novo, ou remova-o se não pertence a este arquivo.
finding-EXPR-001 = A coluna { $column } não existe em { $file }; quem a pede é { $key }.
    .hint = Corrija o nome em clrisk.toml. Maiúsculas e minúsculas contam.
finding-EXPR-002 = A expressão de { $key } não foi entendida: { $reason }
    .hint = É uma expressão SQL sobre as colunas do arquivo, por exemplo CASE sexo WHEN 1 THEN 'boy' ELSE 'girl' END.
finding-EXPR-003 = Um valor não pôde ser convertido para o tipo que uma expressão de { $key } pede.
    .hint = Use TRY_CAST em vez de CAST para que o valor conte como ausente, ou declare a coluna como texto na tabela types.
finding-GEO-001 = { $file } não contém polígonos de municípios.
    .hint = Escolha um arquivo de áreas (polígonos) e confira areas.filter.
finding-GEO-002 = As coordenadas de { $file } não são longitude e latitude, e o arquivo não diz o que são.
    .hint = Diga o sistema em areas.projection (por exemplo "EPSG:31983"), ou exporte os limites em WGS 84 (EPSG:4326).
finding-GEO-003 = Os limites de { $file } foram levados de { $from } para WGS 84.
    .hint = Nada a fazer; veja no mapa se estão no lugar.
finding-GEO-004 = O sistema de coordenadas { $name } de { $file } não é conhecido.
    .hint = Dê outro nome dele em areas.projection ("EPSG:…" ou "+proj=…"), ou exporte os limites em WGS 84 (EPSG:4326).
finding-GEO-005 = O datum { $datum } de { $file } foi levado a WGS 84 por um deslocamento médio, com exatidão de cerca de { NUMBER($metres) } m.
    .hint = Basta para um mapa de municípios. Se tiver parâmetros melhores, ponha-os em areas.projection com +towgs84.
finding-GEO-006 = A geometria de { $file } foi corrigida; a área mudou em { NUMBER($area) } km².
    .hint = Veja as contagens; se a área mudou muito, corrija o arquivo na origem.
finding-GEO-007 = { $count ->
        [one] Um registro de { $file } não tem polígono (ou está marcado como apagado) e fica de fora.
       *[other] { NUMBER($count) } registros de { $file } não têm polígono (ou estão marcados como apagados) e ficam de fora.
    }
    .hint = { $count ->
        [one] Nada a fazer se for um ponto, uma linha ou um resto; se faltar um município, procure-o no arquivo.
       *[other] Nada a fazer se forem pontos, linhas ou restos; se faltar um município, procure-o no arquivo.
    }
finding-GEO-008 = O deslocamento do datum { $datum } de { $file } não é conhecido: o mapa pode estar deslocado algumas centenas de metros.
    .hint = Ponha os parâmetros em areas.projection com +towgs84, ou exporte os limites em WGS 84 (EPSG:4326).
finding-GEO-009 = { $count ->
        [one] { $file } tem { NUMBER($count) } camada de polígonos, e areas.layer nomeia outra.
       *[other] { $file } tem { NUMBER($count) } camadas de polígonos, e areas.layer não nomeia uma delas.
    }
    .hint = Ponha em areas.layer o nome da camada de municípios.
finding-GEO-010 = Os limites de { $file } foram simplificados de { NUMBER($before) } para { NUMBER($after) } pontos; nenhuma área mudou mais de { NUMBER($percent) } %. As fronteiras continuam coincidindo.
    .hint = Aumente areas.max_points se precisar de mais detalhe.
finding-GEO-011 = Os textos de { $file } foram lidos como { $encoding }.
    .hint = Se os acentos saírem errados, diga a codificação em areas.encoding.
finding-AREA-001 = Um município de { $file } não tem código ou não tem departamento.
    .hint = Confira areas.code e areas.department; com areas.filter é possível deixar de fora lagos e zonas sem município.
finding-AREA-002 = { $count ->
        [one] Um código de área de { $file }, de { NUMBER($codes) } no total, não corresponde a nenhum dos { NUMBER($areas) } municípios; com uma sugestão segura: { NUMBER($sure) }.
       *[other] { NUMBER($count) } de { NUMBER($codes) } códigos de área de { $file } não correspondem a nenhum dos { NUMBER($areas) } municípios; com uma sugestão segura: { NUMBER($sure) }.
    }
    .hint = Execute “clrisk check --fix”: anota em match.csv as sugestões seguras e deixa um ? nas demais para você decidir (código do município, ou - para deixá-las de fora).
finding-AREA-003 = O código { $area } aparece mais de uma vez em { $file }.
    .hint = Cada município deve ter um só registro. Una os polígonos repetidos ou corrija o código.
finding-AREA-004 = { $count ->
        [one] Um município do mapa não está em { $file }.
       *[other] { NUMBER($count) } municípios do mapa não estão em { $file }.
    }
    .hint = { $count ->
        [one] Será publicado como “sem dados”. Se deveria estar, confira os códigos ou a data dos limites.
       *[other] Serão publicados como “sem dados”. Se deveriam estar, confira os códigos ou a data dos limites.
    }
finding-AREA-005 = { $count ->
        [one] Uma área de { $file } fica de fora por areas.filter.
       *[other] { NUMBER($count) } áreas de { $file } ficam de fora por areas.filter.
    }
    .hint = { $count ->
        [one] Nada a fazer se for um lago ou uma zona que não é município.
       *[other] Nada a fazer se forem lagos ou zonas que não são municípios.
    }
finding-AREA-006 = { $count ->
        [one] Um departamento não está na tabela areas.departments.
       *[other] { NUMBER($count) } departamentos não estão na tabela areas.departments.
    }
    .hint = { $count ->
        [one] Acrescente-o à tabela; até lá aparece pelo código.
       *[other] Acrescente-os à tabela; até lá aparecem pelo código.
    }
finding-AREA-007 = { $count ->
        [one] Uma linha não tem código de área.
       *[other] { NUMBER($count) } linhas não têm código de área.
    }
    .hint = { $count ->
        [one] Confira a expressão da área ou exclua a linha com filter.
       *[other] Confira a expressão da área ou exclua as linhas com filter.
    }
finding-AREA-008 = Os códigos de { $file } são de “{ $found }” e os do mapa, de “{ $expected }”, e não há tabela de correspondência.
    .hint = Dê uma em crosswalk, mesmo que os códigos se pareçam: entre um ano e outro, municípios são criados, divididos ou renumerados.
finding-AREA-009 = { $count ->
        [one] Um código da tabela de correspondência { $file } vai para vários municípios, e ela não diz que parte vai para cada um.
       *[other] { NUMBER($count) } códigos da tabela de correspondência { $file } vão para vários municípios, e ela não diz que parte vai para cada um.
    }
    .hint = Acrescente uma coluna com a parte da população que vai para cada um e nomeie-a em crosswalk.share.
finding-AREA-010 = { $count ->
        [one] As partes de um código da tabela de correspondência { $file } não somam 1, ou alguma não é um número.
       *[other] As partes de { NUMBER($count) } códigos da tabela de correspondência { $file } não somam 1, ou alguma não é um número.
    }
    .hint = Corrija-as: o que falta ou sobra seria gente perdida ou inventada.
finding-AREA-011 = { $count ->
        [one] Um código de { $file } foi repartido entre { NUMBER($areas) } municípios pela tabela de correspondência (linhas: { NUMBER($rows) }).
       *[other] { NUMBER($count) } códigos de { $file } foram repartidos entre { NUMBER($areas) } municípios pela tabela de correspondência (linhas: { NUMBER($rows) }).
    }
    .hint = Supõe-se que as crianças das partes se pareçam; diga-o ao publicar.
finding-AREA-012 = { $areas ->
        [one] Um município do mapa reúne { NUMBER($count) } códigos de { $file }.
       *[other] { NUMBER($areas) } municípios do mapa reúnem { NUMBER($count) } códigos de { $file }.
    }
    .hint = Nada a fazer se foram fundidos; senão, confira a tabela de correspondência e match.csv.
finding-AREA-013 = { $rows ->
        [one] Uma linha de { $file }, de um código dividido, foi contada no município que recebeu a maior parte.
       *[other] { NUMBER($rows) } linhas de { $file } (códigos divididos: { NUMBER($count) }) foram contadas no município que recebeu a maior parte.
    }
    .hint = Uma pessoa da pesquisa mora em um só lugar; se o arquivo souber melhor, use esse código.
finding-AREA-014 = { $areas ->
        [one] Um município toma a média de várias linhas de { $file }.
       *[other] { NUMBER($areas) } municípios tomam a média de várias linhas de { $file }.
    }
    .hint = Dê em area_covariates.weight a população de cada linha para que a média seja ponderada.
finding-JOIN-001 = Uma linha de match.csv não foi entendida ou repete uma decisão.
    .hint = Cada linha traz file,code,area,note; area é o código do município, - ou ?.
finding-JOIN-002 = { $count ->
        [one] Uma linha de match.csv leva a um código que não está no mapa.
       *[other] { NUMBER($count) } linhas de match.csv levam a um código que não está no mapa.
    }
    .hint = { $count ->
        [one] Corrija o código dessa linha, ou apague-a e execute “clrisk check --fix”.
       *[other] Corrija o código dessas linhas, ou apague-as e execute “clrisk check --fix”.
    }
finding-CLUSTER-001 = Ninguém responde em { $address }.
    .hint = Verifique se “clrisk scheduler” está em execução nesse endereço e se a rede permite alcançá-lo.
finding-CLUSTER-002 = O cluster em { $address } não conseguiu terminar: { $reason }
    .hint = Verifique se todos os processos são desta mesma versão do clrisk e se cada executor lê o censo pelo mesmo caminho.
finding-CLUSTER-003 = { $counted ->
        [one] O cluster em { $address } contou { NUMBER($counted) } linha do censo, que tem { NUMBER($rows) }.
       *[other] O cluster em { $address } contou { NUMBER($counted) } linhas do censo, que tem { NUMBER($rows) }.
    }
    .hint = Nada foi escrito. Execute de novo; se acontecer outra vez, execute sem --cluster e avise quem cuida do cluster.
finding-CODE-001 = O modelo ou os grupos pedem a variável { $variable }, que não está definida.
    .hint = Acrescente [variables.{ $variable }] a clrisk.toml ou corrija o nome.
finding-CODE-002 = Falta uma expressão à variável { $variable }.
    .hint = Dê-lhe survey e census, ou então area com uma tabela [area_covariates].
finding-CODE-003 = A variável { $variable } não serve para grupos de publicação: não tem categorias.
    .hint = Dê-lhe levels ou retire-a de publish.groups.
finding-CONFIG-001 = clrisk.toml não é válido: { $reason }
    .hint = Corrija a linha indicada; todas as chaves estão explicadas em docs/settings.md.
finding-CONFIG-002 = Falta a chave { $key }.
    .hint = Acrescente-a a clrisk.toml; está explicada em docs/settings.md.
finding-CONFIG-003 = Não há clrisk.toml em { $folder }.
    .hint = Crie um com “clrisk init” ou indique a pasta com --project.
finding-CONFIG-004 = Já existe um projeto ou outra coisa em { $folder }.
    .hint = Nada é sobrescrito. Escolha outra pasta.
finding-DATA-000 = Linhas lidas de { $file }: { NUMBER($read) }; usadas: { NUMBER($used) }; excluídas: { NUMBER($excluded) }.
    .hint = Cada exclusão aparece com seu motivo.
finding-DATA-001 = Nenhuma linha de { $file } pertence ao estudo.
    .hint = Confira outcome.ages, a expressão de idade e filter.
finding-DATA-002 = { $count ->
        [one] Uma linha tem em { $key } um valor que não é número.
       *[other] { NUMBER($count) } linhas têm em { $key } um valor que não é número.
    }
    .hint = { $count ->
        [one] Corrija o dado ou use TRY_CAST para que conte como ausente.
       *[other] Corrija os dados ou use TRY_CAST para que contem como ausentes.
    }
finding-DATA-003 = { $count ->
        [one] Uma linha ({ NUMBER($percent) } %) não tem valor em { $variable } e fica de fora.
       *[other] { NUMBER($count) } linhas ({ NUMBER($percent) } %) não têm valor em { $variable } e ficam de fora.
    }
    .hint = Se forem muitas, a estimativa pode ficar enviesada: recodifique os ausentes ou troque de variável.
finding-DATA-004 = { $count ->
        [one] Uma linha tem em { $variable } uma categoria que { $key } não conhece.
       *[other] { NUMBER($count) } linhas têm em { $variable } uma categoria que { $key } não conhece.
    }
    .hint = Acrescente a categoria a levels ou recodifique-a na expressão.
finding-DATA-005 = { $count ->
        [one] Uma linha tem em { $variable } um valor que não é 0 nem 1.
       *[other] { NUMBER($count) } linhas têm em { $variable } um valor que não é 0 nem 1.
    }
    .hint = A expressão outcome.survey deve dar 1, 0 ou nada.
finding-DATA-006 = Nenhuma criança de { $file } pertence ao estudo.
    .hint = Confira census.age ou census.bands, census.filter e census.count.
finding-DATA-007 = { $count ->
        [one] Uma linha tem um número de pessoas negativo ou que não é número.
       *[other] { NUMBER($count) } linhas têm um número de pessoas negativo ou que não é número.
    }
    .hint = Confira census.count.
finding-DESIGN-001 = { $count ->
        [one] Um estrato tem uma só unidade primária: sua variância não pode ser medida.
       *[other] { NUMBER($count) } estratos têm uma só unidade primária: sua variância não pode ser medida.
    }
    .hint = { $count ->
        [one] Escolha survey.lonely_psu: merge o une a outro, centre o compara com a média geral, certainty o toma como certo.
       *[other] Escolha survey.lonely_psu: merge os une a outro, centre os compara com a média geral, certainty os toma como certos.
    }
finding-DESIGN-002 = { $count ->
        [one] Uma linha tem um peso amostral negativo, nulo ou que não é número.
       *[other] { NUMBER($count) } linhas têm um peso amostral negativo, nulo ou que não é número.
    }
    .hint = Confira survey.weight; uma linha sem peso não representa ninguém.
finding-DESIGN-003 = { $count ->
        [one] Uma linha não tem estrato ou unidade primária.
       *[other] { NUMBER($count) } linhas não têm estrato ou unidade primária.
    }
    .hint = Confira survey.stratum e survey.psu.
finding-DESIGN-004 = { $count ->
        [one] O plano amostral se contradiz uma vez: uma unidade primária está em mais de um estrato.
       *[other] O plano amostral se contradiz { NUMBER($count) } vezes: uma unidade primária está em mais de um estrato.
    }
    .hint = Torne a unidade primária única no país, por exemplo estrato * 100000 + upm.
finding-DESIGN-005 = { $count ->
        [one] A população finita de unidades primárias não serve em um lugar: falta, muda dentro de um estrato ou é menor que a amostra.
       *[other] A população finita de unidades primárias não serve em { NUMBER($count) } lugares: falta, muda dentro de um estrato ou é menor que a amostra.
    }
    .hint = Verifique survey.finite_population: o número de unidades primárias de cada estrato, igual em todas as suas linhas.
finding-DESIGN-006 = { $count ->
        [one] Uma linha tem pesos de réplica que faltam ou são negativos.
       *[other] { NUMBER($count) } linhas têm pesos de réplica que faltam ou são negativos.
    }
    .hint = Verifique survey.replicates.columns; os pesos de réplica devem estar completos e já multiplicados pelo peso amostral.
finding-DESIGN-007 = Nenhuma coluna de { $file } corresponde a “{ $pattern }”.
    .hint = Escreva o nome comum dos pesos de réplica com um asterisco, por exemplo "repw*".
finding-COMPARE-001 = A variável { $variable } se distribui de modo diferente na pesquisa e no censo (diferença padronizada { NUMBER($difference) }).
    .hint = Confira se as perguntas e as recodificações dizem o mesmo; se o país mudou entre as duas datas, diga-o ao publicar.
finding-COMPARE-002 = A categoria { $category } de { $variable } não aparece em { $file }.
    .hint = Una-a a outra categoria ou confira a expressão.
finding-COMPARE-003 = O censo só tem o grupo de { $from } a { $to } anos; os de { $wanted_from } a { $wanted_to } são contados como os { NUMBER($percent) } % que são na pesquisa.
    .hint = Obtenha idades simples se puder. A proporção é suposta igual em todos os municípios.
finding-COMPARE-004 = A pesquisa é de { $survey } e o censo de { $census }: { $years } anos de distância.
    .hint = Diga-o ao publicar ou ajuste o censo a projeções mais novas.
finding-BENCH-001 = Não há estimativa direta utilizável para { $area }; seus municípios não são ajustados a ela.
    .hint = Use um nível mais alto em model.benchmark se faltar em muitas áreas.
finding-CELLS-001 = Falta a coluna { $column } em { $file }.
    .hint = Faça o arquivo com o SQL de “clrisk cells --sql”, sem alterá-lo.
finding-CELLS-002 = As células de { $file } foram feitas com expressões diferentes das de clrisk.toml.
    .hint = Execute “clrisk cells --sql” de novo, leve esse SQL ao banco de dados e importe o resultado.
finding-CELLS-003 = { $variable } tem valores demais para células exatas: é cortada em faixas de { NUMBER($width) } e cada célula guarda a média.
    .hint = O custo nas estimativas é muito pequeno. Para células exatas, recodifique a variável em categorias.
finding-CELLS-004 = { $key } usa TRY_CAST, que nem todo banco de dados entende.
    .hint = Escreva a conversão como seu banco a entende, use outro --dialect, ou limpe a coluna antes.
finding-CELLS-005 = { NUMBER($cells) } células para { NUMBER($records) } registros: as células quase não economizam nada.
    .hint = Use o censo diretamente, ou junte categorias das variáveis que têm mais.
finding-CELLS-006 = { $count ->
        [one] Em { $file } há um estado de linha que o SQL do clrisk não escreve.
       *[other] Em { $file } há { NUMBER($count) } estados de linha que o SQL do clrisk não escreve.
    }
    .hint = Faça o arquivo com o SQL de “clrisk cells --sql”, sem alterá-lo.
finding-CLASS-001 = A regra de classes { $rule } não existe ou seus números não fecham.
    .hint = Use jenks, quantile, equal, dalenius_hodges, k_means ou fixed (com breaks crescentes), e de 2 a 7 classes.
finding-LEVER-001 = A alavanca “{ $lever }” move “{ $variable }”, que não está na fórmula do modelo.
    .hint = Acrescente a variável a model.formula ou retire a alavanca.
finding-LEVER-002 = A alavanca “{ $lever }” move “{ $variable }”, que na fórmula interage com outra variável.
    .hint = O efeito dependeria da outra variável. Use uma fórmula sem essa interação, ou retire a alavanca.
finding-LEVER-003 = A alavanca “{ $lever }” está incompleta ou não corresponde a “{ $variable }”.
    .hint = Uma variável com categorias leva category e to ("national" ou uma proporção de 0 a 1); um número leva to e direction ("up" ou "down").
finding-MODEL-001 = A fórmula não foi entendida: { $reason }
    .hint = Escreva-a como no lme4: resultado ~ variável + outra + (1 | municipality).
finding-MODEL-002 = Estas colunas dizem o mesmo que outras: { $columns }.
    .hint = Retire uma das variáveis ou una suas categorias.
finding-MODEL-003 = Estas colunas preveem o resultado sem exceção: { $columns }.
    .hint = Quase sempre a causa é uma categoria com pouquíssimas crianças: una-a a outra.
finding-MODEL-004 = Todas as crianças da pesquisa têm o mesmo resultado: não há o que aprender.
    .hint = Confira outcome.survey.
finding-MODEL-005 = O modelo não pôde ser estimado: { $reason }
    .hint = Simplifique a fórmula; comece por (1 | municipality).
finding-MODEL-006 = A variação de { $term } é quase nula.
    .hint = Você pode retirar esse termo da fórmula; deixá-lo não prejudica.
finding-MODEL-007 = { $count ->
        [one] Só um grupo de { $group } tem amostra: a variação é mal conhecida.
       *[other] Só { NUMBER($count) } grupos de { $group } têm amostra: sua variação é mal conhecida.
    }
    .hint = Retire esse termo ou use um agrupamento com mais grupos.
finding-MODEL-008 = O resumo do censo se afasta até { NUMBER($points) } pontos percentuais do cálculo linha por linha.
    .hint = É pouco diante dos intervalos. Se não for, avise-nos com o número de variáveis e de áreas.
finding-MODEL-009 = O agrupamento { $group } não existe.
    .hint = Os efeitos aleatórios podem ser de municipality, department ou region.
finding-MODEL-010 = A fórmula explica { $found }, mas o resultado do projeto é { $expected }.
    .hint = Torne iguais outcome.name e o lado esquerdo de model.formula.
finding-MODEL-011 = O modelo mal distingue: em municípios que não viu, ordena bem { NUMBER($auc) } dos pares de uma criança com e outra sem o resultado ({ NUMBER("0.50") } é o acaso).
    .hint = Procure variáveis que expliquem mais, na pesquisa e no censo; até lá, os municípios sem amostra se parecerão com a média.
finding-MODEL-012 = Para crianças que o modelo não viu, as predições são extremas ou planas demais (inclinação de calibração { NUMBER($slope) }; o correto é 1).
    .hint = Menor que 1: retire variáveis ou categorias com muito poucos casos. Maior que 1: falta no modelo algo que distingue.
finding-MODEL-013 = { $count ->
        [one] Um município não faz fronteira com nenhum outro; o efeito espacial nada diz sobre ele.
       *[other] { NUMBER($count) } municípios não fazem fronteira com nenhum outro; o efeito espacial nada diz sobre eles.
    }
    .hint = { $count ->
        [one] Se tem vizinhos, os limites do arquivo não coincidem: corrija a topologia.
       *[other] Se têm vizinhos, os limites do arquivo não coincidem: corrija a topologia.
    }
finding-MODEL-014 = Não é possível montar o efeito espacial: { $reason }
    .hint = Verifique os limites e model.spatial_functions, ou retire model.spatial.
finding-MODEL-015 = O modelo de área tem um só efeito, o do município; a fórmula tem outro, de { $group }.
    .hint = Deixe na fórmula (1 | municipality), ou use model.estimator = "multilevel".
finding-MODEL-016 = O modelo de área não estima grupos dentro do município.
    .hint = Retire publish.groups, ou use model.estimator = "multilevel".
finding-MODEL-017 = O modelo de área não tem alavancas: não conhece as crianças uma a uma.
    .hint = Retire [[levers]], ou use model.estimator = "multilevel".
finding-MARGIN-001 = { $file } não serve como margem: { $reason ->
        [missing] o censo tem crianças em áreas ou grupos que ele não tem
        [area] tem uma área que o mapa não conhece
        [category] tem uma categoria que o dicionário não conhece
        [count] tem um número de crianças que falta ou é negativo
       *[twice] tem duas vezes a mesma área e grupo
    }.
    .hint = Complete ou corrija o arquivo, ou mude as expressões de census.margins.
finding-MARGIN-002 = A variável { $variable } de uma margem não está entre as publicadas.
    .hint = Acrescente-a a publish.groups: o censo é ajustado por área e grupo publicado.
finding-MARGIN-003 = As margens não podem ser cumpridas juntas: { $reason }
    .hint = Todas as margens devem somar o mesmo total de crianças das idades de interesse.
finding-MARGIN-004 = O ajuste às margens multiplica o número de crianças por { NUMBER($least) } a { NUMBER($largest) }.
    .hint = Verifique se a margem conta as mesmas crianças (idades, áreas). Se for assim, o censo é antigo e as diferenças são reais.
finding-RELEASE-001 = Não há rascunho.
    .hint = Execute “clrisk run”.
finding-RELEASE-002 = O rascunho contém erros.
    .hint = Execute “clrisk check”, corrija-os e execute “clrisk run” outra vez.
finding-RELEASE-003 = A publicação { $id } já existe ou seu nome não serve.
    .hint = Uma publicação não muda: escolha outro identificador com letras, números, ponto, hífen.
finding-RELEASE-004 = clrisk.toml mudou depois que o rascunho foi feito.
    .hint = Execute “clrisk run” outra vez.
finding-RELEASE-005 = Falta quem assina.
    .hint = Dê --by com um nome e --office com um cargo ou instituição.
finding-RELEASE-006 = Nem todos os números pequenos puderam ser protegidos: as tabelas não fecham.
    .hint = Execute “clrisk run” outra vez; se persistir, retire um cruzamento de publish.groups.
finding-RELEASE-007 = Ainda não há publicação com esse nome.
    .hint = Publique com “clrisk release” ou veja o rascunho com --draft.
finding-EXPLAIN-001 = { $what } não é código de achado nem de município.
    .hint = Os códigos de município são texto, com seus zeros à esquerda.
finding-DEMO-001 = Não é possível inventar esse país: { $reason }
    .hint = Mude --children.

reason-age-unknown = idade desconhecida
reason-age-outside = idade fora do estudo
reason-filter = excluídas por filter
reason-outcome-unknown = resultado desconhecido
reason-area-left-out = área deixada de fora em match.csv
reason-area-unmatched = área sem município
reason-variable-missing = falta uma variável do modelo
reason-match-other_name = o código se parece, o nome não
reason-match-name_near = nome parecido
reason-match-name = mesmo nome
reason-match-name_in_parent = mesmo nome no mesmo departamento
reason-match-prefix_and_name = mesmo começo e mesmo nome
reason-match-prefix = mesmo começo
reason-match-suffix = mesmo final
reason-match-leading_zero = mesmo número, com seus zeros
reason-feature-lost = polígonos que ficaram sem área
reason-feature-crossing = polígonos cujas linhas se cruzavam, cortados nos cruzamentos
reason-ring-empty = anéis sem área, retirados
reason-point-spike = pontas de ida e volta
reason-point-repeated = pontos repetidos
reason-ring-unclosed = anéis sem fechar
