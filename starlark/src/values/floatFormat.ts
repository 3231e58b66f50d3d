export type FloatVerb = "e" | "f" | "g" | "E" | "F" | "G";

/**
 * A float as text. `g` is the shortest form that reads back as the same float, always with a point or an exponent;
 * the others have six digits after the point.
 */
export function formatFloat(value: number, verb: FloatVerb): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "+inf" : "-inf";
  switch (verb) {
    case "g":
    case "G": {
      const text = shortest(value);
      const full = text.includes("e") || text.includes(".") ? text : `${text}.0`;
      return verb === "G" ? full.toUpperCase() : full;
    }
    case "e":
    case "E": {
      const text = padExponent(sign(value) + exponential(Math.abs(value)));
      return verb === "E" ? text.toUpperCase() : text;
    }
    case "F":
      return "%F"; // as Go answers a verb it does not know
    case "f":
      return sign(value) + fixed(Math.abs(value));
  }
}

function sign(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

/** Shortest digits; exponent form below 1e-4 and from 1e6 on. */
function shortest(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(value); // JavaScript writes these as Go does
  const [digits, exponentText] = Math.abs(value).toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  const mantissa = digits.replace(".", "");
  if (exponent < -4 || exponent >= 6) {
    return padExponent(`${sign(value)}${digits}e${exponentText}`);
  }
  if (exponent < 0) return `${sign(value)}0.${"0".repeat(-exponent - 1)}${mantissa}`;
  if (mantissa.length <= exponent + 1) return sign(value) + mantissa.padEnd(exponent + 1, "0");
  return `${sign(value)}${mantissa.slice(0, exponent + 1)}.${mantissa.slice(exponent + 1)}`;
}

/** `1e+5` becomes `1e+05`: exponents have two digits at least. */
function padExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** Six digits after the point and an exponent. */
function exponential(value: number): string {
  const [digits, exponent] = value.toExponential(25).split("e") as [string, string];
  if (!isTie(digits)) return value.toExponential(6);
  const even = Number(digits[7]) % 2 === 0;
  return even ? `${digits.slice(0, 8)}e${exponent}` : value.toExponential(6);
}

/** Six digits after the point, exact for any size (`toFixed` gives up at 1e21). */
function fixed(value: number): string {
  if (value >= 1e21) return `${BigInt(value)}.000000`;
  const digits = value.toFixed(25);
  const point = digits.indexOf(".");
  const even = Number(digits[point + 6]) % 2 === 0;
  return isTie(digits) && even ? digits.slice(0, point + 7) : value.toFixed(6);
}

/** Whether what follows the sixth digit is exactly one half. JavaScript then rounds up; we round to even, as Go does. */
function isTie(digits: string): boolean {
  return /\.\d{6}50+$/.test(digits);
}
