import type { DefStatement, Identifier, LambdaExpression, Parameter } from "../syntax/ast.ts";
import { positionOf } from "../syntax/ast.ts";
import { startOf } from "./scopes.ts";
import type { Unit } from "./unit.ts";

/** Binds the parameters of a function and checks their order. */
export function declareParameters(node: DefStatement | LambdaExpression, unit: Unit): void {
  new Declaration(unit).declare(node.parameters);
}

class Declaration {
  private star: Parameter | undefined;
  private doubleStar: Parameter | undefined;
  private hasOptional = false;
  private keywordOnly = 0;

  constructor(private readonly unit: Unit) {}

  declare(parameters: readonly Parameter[]): void {
    for (const parameter of parameters) {
      if (parameter.star === "*") this.declareStar(parameter);
      else if (parameter.star === "**") this.declareDoubleStar(parameter);
      else this.declarePlain(parameter);
    }
    const { star, doubleStar } = this;
    if (star?.name) {
      this.bind(star.name, startOf(star.name));
    } else if (star && this.keywordOnly === 0) {
      this.unit.report({
        code: "parameter/bare-star",
        node: star,
        message: "A bare `*` must be followed by parameters that are passed by name",
        reference: "bare * must be followed by keyword-only parameters",
      });
    }
    if (doubleStar?.name) this.bind(doubleStar.name, startOf(doubleStar.name));
  }

  private declarePlain(parameter: Parameter): void {
    const { name } = parameter;
    if (!name) return; // damaged text
    // Of `x=1` the Go implementation reports the `=`, which lies somewhere behind the name; only the line counts.
    const offset = parameter.default ? positionOf(name, name.end) : startOf(name);
    const kind = parameter.default ? "optional" : "required";
    if (this.doubleStar) {
      this.misplaced(parameter, offset, `${kind} parameter may not follow **${this.doubleStar.name?.name ?? ""}`);
    } else if (this.star) {
      this.keywordOnly++;
    } else if (this.hasOptional && !parameter.default) {
      this.misplaced(parameter, offset, "required parameter may not follow optional");
    }
    this.bind(name, offset);
    if (parameter.default) this.hasOptional = true;
  }

  private declareStar(parameter: Parameter): void {
    if (this.doubleStar) {
      const reference = `* parameter may not follow **${this.doubleStar.name?.name ?? ""}`;
      this.misplaced(parameter, startOf(parameter), reference);
    } else if (this.star) {
      this.misplaced(parameter, startOf(parameter), "multiple * parameters not allowed");
    } else {
      this.star = parameter;
    }
  }

  private declareDoubleStar(parameter: Parameter): void {
    if (this.doubleStar) this.misplaced(parameter, startOf(parameter), "multiple ** parameters not allowed");
    this.doubleStar = parameter;
  }

  private misplaced(parameter: Parameter, offset: number, reference: string): void {
    const message = `${reference[0]?.toUpperCase()}${reference.slice(1)}`;
    this.unit.report({ code: "parameter/order", node: parameter, message, reference, offset });
  }

  private bind(name: Identifier, offset: number): void {
    if (!this.unit.bind(name, "parameter")) return;
    const message = `There are two parameters named \`${name.name}\``;
    const reference = `duplicate parameter: ${name.name}`;
    this.unit.report({ code: "name/duplicate-parameter", node: name, message, reference, offset });
  }
}
