// AssemblyScript: compiled to WebAssembly by search/build.mjs.

/**
 * C += A · B, all of 32-bit floats. Strides are in bytes, `rows` a multiple of 4, `columns` of 8.
 * B lies in panels of eight columns, one after another, each row by row; so the inner loop reads it straight through,
 * and four rows by eight columns of C stay in registers.
 */
export function multiplyAdd(
  a: usize,
  aStride: usize,
  b: usize,
  c: usize,
  cStride: usize,
  rows: usize,
  inner: usize,
  columns: usize,
): void {
  const panel = inner << 5;
  for (let column: usize = 0; column < columns; column += 8) {
    for (let row: usize = 0; row < rows; row += 4) {
      let a0 = a + row * aStride;
      let a1 = a0 + aStride;
      let a2 = a1 + aStride;
      let a3 = a2 + aStride;
      const c0 = c + row * cStride + (column << 2);
      const c1 = c0 + cStride;
      const c2 = c1 + cStride;
      const c3 = c2 + cStride;
      let left0 = v128.load(c0);
      let right0 = v128.load(c0, 16);
      let left1 = v128.load(c1);
      let right1 = v128.load(c1, 16);
      let left2 = v128.load(c2);
      let right2 = v128.load(c2, 16);
      let left3 = v128.load(c3);
      let right3 = v128.load(c3, 16);
      const end = b + panel;
      for (let at = b; at < end; at += 32) {
        const left = v128.load(at);
        const right = v128.load(at, 16);
        let number = v128.load32_splat(a0);
        left0 = f32x4.add(left0, f32x4.mul(number, left));
        right0 = f32x4.add(right0, f32x4.mul(number, right));
        number = v128.load32_splat(a1);
        left1 = f32x4.add(left1, f32x4.mul(number, left));
        right1 = f32x4.add(right1, f32x4.mul(number, right));
        number = v128.load32_splat(a2);
        left2 = f32x4.add(left2, f32x4.mul(number, left));
        right2 = f32x4.add(right2, f32x4.mul(number, right));
        number = v128.load32_splat(a3);
        left3 = f32x4.add(left3, f32x4.mul(number, left));
        right3 = f32x4.add(right3, f32x4.mul(number, right));
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
      }
      v128.store(c0, left0);
      v128.store(c0, right0, 16);
      v128.store(c1, left1);
      v128.store(c1, right1, 16);
      v128.store(c2, left2);
      v128.store(c2, right2, 16);
      v128.store(c3, left3);
      v128.store(c3, right3, 16);
    }
    b += panel;
  }
}
