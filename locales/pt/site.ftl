class-low = Baixo
class-medium = Médio
class-high = Alto
