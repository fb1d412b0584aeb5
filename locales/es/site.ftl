class-low = Bajo
class-medium = Medio
class-high = Alto
