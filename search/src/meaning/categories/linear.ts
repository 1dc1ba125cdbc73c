/** Where row and column (column ≤ row) of a symmetric matrix stand when only its lower half is kept, row by row. */
export const at = (row: number, column: number) => (row * (row + 1)) / 2 + column;
export const packedLength = (size: number) => (size * (size + 1)) / 2;

/**
 * The lower triangle L of a symmetric positive definite matrix, L Lᵀ being the matrix (Cholesky); both packed.
 * A ridge of a share of the mean of the diagonal is put on it first. Throws where the matrix is not positive even so.
 */
export function cholesky(matrix: Float64Array, size: number, ridgeShare: number): Float64Array {
  let trace = 0;
  for (let row = 0; row < size; row++) trace += matrix[at(row, row)]!;
  const ridge = (ridgeShare * trace) / size;
  const lower = matrix.slice();
  for (let row = 0; row < size; row++) {
    const rowStart = at(row, 0);
    lower[rowStart + row]! += ridge;
    for (let column = 0; column <= row; column++) {
      const columnStart = at(column, 0);
      let sum = lower[rowStart + column]!;
      for (let inner = 0; inner < column; inner++) sum -= lower[rowStart + inner]! * lower[columnStart + inner]!;
      if (column < row) lower[rowStart + column] = sum / lower[columnStart + column]!;
      else if (sum > 0) lower[rowStart + row] = Math.sqrt(sum);
      else throw new Error('The matrix is not positive definite; give it more examples or a larger ridge.');
    }
  }
  return lower;
}

/** Solves L y = right side, in place. */
export function forward(lower: Float64Array, values: Float64Array): Float64Array {
  for (let row = 0; row < values.length; row++) {
    const start = at(row, 0);
    let sum = values[row]!;
    for (let column = 0; column < row; column++) sum -= lower[start + column]! * values[column]!;
    values[row] = sum / lower[start + row]!;
  }
  return values;
}

/** Solves Lᵀ x = right side, in place. */
export function backward(lower: Float64Array, values: Float64Array): Float64Array {
  for (let row = values.length - 1; row >= 0; row--) {
    const start = at(row, 0);
    const value = (values[row] = values[row]! / lower[start + row]!);
    for (let column = 0; column < row; column++) values[column]! -= lower[start + column]! * value;
  }
  return values;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

/** The vector at unit length; one without a direction stays as it is. */
export function unit(values: ArrayLike<number>): Float32Array {
  const length = Math.sqrt(dot(values, values));
  return Float32Array.from(values, (value) => (length > 0 ? value / length : value));
}
