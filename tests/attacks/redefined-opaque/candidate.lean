opaque secret : Nat
axiom secret_big : 40 < secret
theorem t : secret = secret ∧ 40 < secret := ⟨rfl, secret_big⟩
