"""Real sources whose exports are damaged, and false statements that must not be accepted.

Each false source proves its statement `t` by an axiom, so that its export is complete but for that.
"""

from __future__ import annotations

HONEST = "conjunction"
FALSE_SOURCES = {
    "false": "axiom a : False\ntheorem t : False := a",
    "every proposition": "axiom a (p : Prop) : p\ntheorem t (p : Prop) : p := a p",
    "one is two": "axiom a : 1 = 2\ntheorem t : 1 = 2 := a",
    "or is and": "axiom a (p q : Prop) : p ∨ q → p ∧ q\n"
    "theorem t (p q : Prop) (h : p ∨ q) : p ∧ q := a p q h",
    "all types equal": "axiom a.{u} (α β : Type u) : α = β\ntheorem t.{u} (α β : Type u) : α = β := a α β",
    "zero is a successor": "axiom a : ∃ n : Nat, n.succ = 0\ntheorem t : ∃ n : Nat, n.succ = 0 := a",
}
TRUE_SOURCES = {
    HONEST: "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := ⟨h.2, h.1⟩",
    "induction": "theorem t (n : Nat) : 0 + n = n := by induction n with\n"
    "  | zero => rfl\n  | succ n h => rw [← Nat.add_assoc, h]",
    "omega": "theorem t (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega",
    "string": 'theorem t : "a\\nbé".length = 4 := by decide',
    "number": "theorem t : 12345678901234567890 * 3 = 37037036703703703670 := by decide",
    "universes": "theorem t.{u, v} (α : Sort u) (β : α → Sort v) (f g : (x : α) → β x)\n"
    "  (h : ∀ x, f x = g x) : f = g := funext h",
    "definition": "def d (n : Nat) : Nat := n + n\ntheorem t (n : Nat) : d n = 2 * n := by unfold d; omega",
    "choice": "theorem t (p : Prop) : p ∨ ¬ p := Classical.em p",
    "let": "theorem t : let x := 3; x + x = 6 := by intro x; rfl",
    "projection": "theorem t (p : Nat × Nat) : (p.1, p.2) = p := rfl",
}
SOURCES = {**FALSE_SOURCES, **TRUE_SOURCES}
FALSE = tuple(FALSE_SOURCES)


STATEMENTS = {
    name: source[source.index("theorem t") if name in FALSE else 0 :].rsplit(" := ", 1)[0] + " := sorry"
    for name, source in SOURCES.items()
}
