const VIEW = new DataView(new ArrayBuffer(8));

/** 2^e for -1074 <= e <= 1023. */
function powerOfTwo(e: number): number {
  if (e >= -1022) VIEW.setUint32(0, (e + 1023) << 20);
  else return powerOfTwo(e + 60) * 8.673617379884035e-19; // 2^-60, exact down to the smallest subnormal
  VIEW.setUint32(4, 0);
  return VIEW.getFloat64(0);
}

/** floor(log2 |x|) of a finite x that is not zero. */
export function exponentOf(x: number): number {
  VIEW.setFloat64(0, x);
  const exponent = (VIEW.getUint32(0) >>> 20) & 0x7ff;
  if (exponent !== 0) return exponent - 1023;
  return exponentOf(x * 18_014_398_509_481_984) - 54; // subnormal, scaled by 2^54
}

/** x · 2^e, with at most one rounding when x is normal and the result is too. */
export function scale(x: number, e: number): number {
  if (e > 1023) return x * powerOfTwo(1023) * powerOfTwo(Math.min(e - 1023, 1023));
  if (e < -1022) return x * powerOfTwo(-1022) * powerOfTwo(Math.max(e + 1022, -1074));
  return x * powerOfTwo(e);
}

/** (high + low) · 2^e for high > 0, rounded once, also where the result is subnormal. */
export function scaleSum(high: number, low: number, e: number): number {
  const resultExponent = exponentOf(high) + e;
  if (resultExponent >= -1022) return scale(high, e);
  if (resultExponent < -1080) return 0;
  // 2^52 of the result's last places: adding it rounds the sum to whole ones.
  const rounder = scale(1, 52 - 1074 - e);
  const sum = rounder + high;
  const error = high - (sum - rounder);
  return scale(sum + (error + low) - rounder, e);
}
