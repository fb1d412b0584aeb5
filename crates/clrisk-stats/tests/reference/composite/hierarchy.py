"""Weights by comparisons and balance, by numpy alone. Writes hierarchy.json beside it."""
import json
import numpy as np

ratios = [(0, 1, 3), (0, 2, 5), (0, 3, 1 / 2), (1, 2, 2), (1, 3, 1 / 4), (2, 3, 1 / 7)]
order = 4
matrix = np.eye(order)
for i, j, times in ratios:
    matrix[i, j], matrix[j, i] = times, 1 / times
values, vectors = np.linalg.eig(matrix)
top = int(np.argmax(values.real))
weights = np.abs(vectors[:, top].real)
weights /= weights.sum()
eigenvalue = float(values[top].real)
random_index = 0.90  # Saaty 1980, order 4

columns = np.array([[1.0, 4, 2, 8, 5, 7], [2.0, 1, 3, 5, 4, 9], [9.0, 7, 8, 1, 2, 3]])
nominal = np.array([2.0, 1.0, 1.0])
index = nominal @ columns / nominal.sum()
r = np.array([np.corrcoef(column, index)[0, 1] for column in columns])

json.dump(
    {
        "comparisons": ratios,
        "weights": weights.tolist(),
        "eigenvalue": eigenvalue,
        "consistency_ratio": (eigenvalue - order) / (order - 1) / random_index,
        "columns": columns.tolist(),
        "nominal": nominal.tolist(),
        "index": index.tolist(),
        "correlation": r.tolist(),
        "influence": (r**2 / (r**2).sum()).tolist(),
    },
    open("hierarchy.json", "w"),
    indent=1,
)
