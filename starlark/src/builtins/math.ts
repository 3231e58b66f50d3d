import { Float, intToFloat } from "../values/float.ts";
import { BuiltinFunction, type BuiltinImplementation } from "../values/functions.ts";
import { NativeModule } from "../values/module.ts";
import { Failure, isInt, typeOf, type Value } from "../values/value.ts";
import { numberToInt } from "./interpolate.ts";
import { unpackPositional } from "./unpack.ts";

function toFloat(name: string, index: number, value: Value): number {
  if (isInt(value)) return intToFloat(value);
  if (value instanceof Float) return value.value;
  throw new Failure(`${name}: for parameter ${index}: got ${typeOf(value)}, want float or int`);
}

function unary(name: string, compute: (x: number) => number): BuiltinImplementation {
  return (_thread, args, kwargs) => {
    const [x] = unpackPositional(name, args, kwargs, 1, "value");
    return new Float(compute(toFloat(name, 1, x as Value)));
  };
}

function binary(name: string, compute: (x: number, y: number) => number): BuiltinImplementation {
  return (_thread, args, kwargs) => {
    const [x, y] = unpackPositional(name, args, kwargs, 2, "value", "value");
    return new Float(compute(toFloat(name, 1, x as Value), toFloat(name, 2, y as Value)));
  };
}

function rounding(name: string, compute: (x: number) => number): BuiltinImplementation {
  return (_thread, args, kwargs) => {
    const [x] = unpackPositional(name, args, kwargs, 1, "value");
    if (isInt(x as Value)) return x as Value;
    if (x instanceof Float) return numberToInt(new Float(compute(x.value)));
    throw new Failure(`got ${typeOf(x as Value)}, want float or int`);
  };
}

const log: BuiltinImplementation = (_thread, args, kwargs) => {
  const [x, base] = unpackPositional("log", args, kwargs, 1, "value", "value");
  const value = toFloat("log", 1, x as Value);
  const divisor = base === undefined ? Math.E : toFloat("log", 2, base);
  if (divisor === 1) throw new Failure("division by zero");
  return new Float(Math.log(value) / Math.log(divisor));
};

function copySign(x: number, y: number): number {
  const isNegative = y < 0 || Object.is(y, -0);
  return isNegative ? -Math.abs(x) : Math.abs(x);
}

/** Half away from zero. */
function round(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : copySign(whole, x);
}

/** IEEE 754 remainder: what is left after taking the nearest multiple of y, the even one of two equally near. */
function remainder(x: number, y: number): number {
  if (!Number.isFinite(y) && !Number.isNaN(y) && Number.isFinite(x)) return x;
  const size = Math.abs(y);
  let rest = Math.abs(x % (2 * size));
  if (2 * size === Number.POSITIVE_INFINITY) rest = Math.abs(x % size);
  if (rest > size / 2 && 2 * rest > size) {
    rest -= size;
    if (2 * rest >= size) rest -= size;
  }
  return copySign(1, x) * rest;
}

/** The gamma function, by Lanczos' approximation; exact for small integers. */
function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x === 0) return 1 / x;
    if (x < 0) return Number.NaN;
    if (x <= 171) {
      let product = 1;
      for (let i = 2; i < x; i++) product *= i;
      return product;
    }
    return Number.POSITIVE_INFINITY;
  }
  if (x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (x > 171.7) return Number.POSITIVE_INFINITY;
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const [first = 0, ...coefficients] = lanczos;
  const sum = coefficients.reduce((total, coefficient, i) => total + coefficient / (x + i), first);
  const t = x + 6.5;
  const root = t ** ((x - 0.5) / 2); // The whole power would overflow before the result does.
  return Math.sqrt(2 * Math.PI) * root * Math.exp(-t) * root * sum;
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const unaryFunctions: Record<string, (x: number) => number> = {
  fabs: Math.abs,
  round,
  exp: Math.exp,
  sqrt: Math.sqrt,
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  cos: Math.cos,
  sin: Math.sin,
  tan: Math.tan,
  degrees: (x) => (360 * x) / (2 * Math.PI),
  radians: (x) => (2 * Math.PI * x) / 360,
  acosh: Math.acosh,
  asinh: Math.asinh,
  atanh: Math.atanh,
  cosh: Math.cosh,
  sinh: Math.sinh,
  tanh: Math.tanh,
  gamma,
};

const binaryFunctions: Record<string, (x: number, y: number) => number> = {
  copysign: copySign,
  mod: (x, y) => x % y,
  // Unlike in JavaScript, 1 to any power is 1.
  pow: (x, y) => (x === 1 || (x === -1 && !Number.isFinite(y) && !Number.isNaN(y)) ? 1 : x ** y),
  remainder,
  atan2: Math.atan2,
  hypot: (x, y) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.hypot(x, y)),
};

const members = new Map<string, Value>([
  ["e", new Float(Math.E)],
  ["pi", new Float(Math.PI)],
  ["ceil", new BuiltinFunction("ceil", rounding("ceil", Math.ceil))],
  ["floor", new BuiltinFunction("floor", rounding("floor", Math.floor))],
  ["log", new BuiltinFunction("log", log)],
]);
for (const [name, compute] of Object.entries(unaryFunctions)) {
  members.set(name, new BuiltinFunction(name, unary(name, compute)));
}
for (const [name, compute] of Object.entries(binaryFunctions)) {
  members.set(name, new BuiltinFunction(name, binary(name, compute)));
}

/** The module `math`. */
export const mathModule = new NativeModule("math", members);
