/** Abbreviations of Lean's editors, those that a short proof needs. */

export const ABBREVIATIONS: Record<string, string> = {
  N: "ℕ", nat: "ℕ", Z: "ℤ", int: "ℤ", Q: "ℚ", rat: "ℚ", R: "ℝ", real: "ℝ", C: "ℂ", P: "ℙ",
  to: "→", r: "→", l: "←", "<-": "←", "->": "→", imp: "→", iff: "↔", lr: "↔", map: "↦", mapsto: "↦", "|->": "↦",
  forall: "∀", all: "∀", exists: "∃", ex: "∃", nexists: "∄", not: "¬", neg: "¬", and: "∧", an: "∧", or: "∨",
  le: "≤", "<=": "≤", leq: "≤", ge: "≥", ">=": "≥", geq: "≥", ne: "≠", "!=": "≠", neq: "≠", equiv: "≡", "==": "≡", approx: "≈", sim: "∼",
  mid: "∣", dvd: "∣", "|": "∣", nmid: "∤", in: "∈", mem: "∈", notin: "∉", nin: "∉", ni: "∋",
  sub: "⊆", subset: "⊂", subseteq: "⊆", ss: "⊆", supseteq: "⊇", cup: "∪", union: "∪", cap: "∩", inter: "∩", empty: "∅", emptyset: "∅",
  sum: "∑", prod: "∏", times: "×", x: "×", comp: "∘", circ: "∘", cdot: "⬝", ".": "·", centerdot: "·", bullet: "•", smul: "•",
  "<": "⟨", langle: "⟨", ">": "⟩", rangle: "⟩", "<>": "⟨⟩", lfloor: "⌊", rfloor: "⌋", lceil: "⌈", rceil: "⌉",
  vdash: "⊢", goal: "⊢", "|-": "⊢", top: "⊤", bot: "⊥", infty: "∞", inf: "⊓", sup: "⊔", t: "▸", triangleright: "▸",
  inv: "⁻¹", "-1": "⁻¹", "^0": "⁰", "^1": "¹", "^2": "²", "^3": "³", "^n": "ⁿ",
  "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉", n: "ₙ",
  a: "α", alpha: "α", b: "β", beta: "β", g: "γ", gamma: "γ", d: "δ", delta: "δ", e: "ε", epsilon: "ε", eps: "ε", eta: "η",
  th: "θ", theta: "θ", la: "λ", lambda: "λ", lam: "λ", fun: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", s: "σ", sigma: "σ", tau: "τ",
  phi: "φ", chi: "χ", psi: "ψ", omega: "ω", G: "Γ", Gamma: "Γ", D: "Δ", Delta: "Δ", Th: "Θ", Theta: "Θ", La: "Λ", Lambda: "Λ",
  Pi: "Π", S: "Σ", Sigma: "Σ", Phi: "Φ", Psi: "Ψ", Omega: "Ω", sqrt: "√", up: "↑", u: "↑", down: "↓", ast: "∗", oplus: "⊕", otimes: "⊗", setminus: "∖",
};
