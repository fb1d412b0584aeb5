class-low = Low
class-medium = Medium
class-high = High
