namespace Eq.«∀»
private axiom «x y» : ∀ {p : Prop}, p
end Eq.«∀»
open Eq.«∀» in
theorem t : False := «x y»
