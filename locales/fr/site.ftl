class-low = Faible
class-medium = Moyen
class-high = Élevé
